"""`python -m hypercuboid` is the command `hypercuboid`."""

from hypercuboid.cli.main import main

main()
