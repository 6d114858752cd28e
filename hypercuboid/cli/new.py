"""`hypercuboid new`: a file to start from."""

from __future__ import annotations

from pathlib import Path

import click

from hypercuboid.cli.common import quiet_option, say


@click.command()
@click.argument("name", metavar="NAME", help="The name of the space; the file is NAME.hc.")
@click.option("--like", default="cuboid", metavar="KIND", help="cuboid, cell, chain or fabric.")
@quiet_option
def new(name: str, like: str, quiet: bool) -> None:
    """Write a commented file to start from: NAME.hc with a small space and an architecture of it.

    cuboid: a path through layers, filter counts and primitives. cell: small graphs of nodes, shared along the network.
    chain: layer after layer, each chosen. fabric: a path through layers and scales. As it stands, the file checks,
    compiles, and is searched on images of digits. An existing file is never overwritten.

    Examples:

      hypercuboid new MySpace --like cell
    """
    from hypercuboid.beginnings import beginning, kinds
    from hypercuboid.registry import suggestion
    from hypercuboid.runs.files import create_text

    if like not in kinds():
        raise click.BadParameter(f"there is no `{like}`; {suggestion(like, kinds())}", param_hint="--like")
    path = Path(f"{name}.hc")
    text = beginning(name, like)
    create_text(path, text)
    if not quiet:
        say(_next_steps(name))


def _next_steps(name: str) -> str:
    steps = [
        (f"hypercuboid check {name}.hc", "find mistakes"),
        (f"hypercuboid compile {name}.hc", "count what the space holds"),
        (f"hypercuboid render {name}.hc -o {name}.svg", "draw it"),
        (f"hypercuboid search {name}.hc --data digits --run runs/{name}", "search it"),
        (f"hypercuboid generate runs/{name} -o {name.lower()}_model.py", "take what was found"),
    ]
    width = max(len(command) for command, _ in steps)
    lines = [f"  {command:<{width}}  # {purpose}" for command, purpose in steps]
    return "\n".join([f"wrote {name}.hc; next:", *lines])
