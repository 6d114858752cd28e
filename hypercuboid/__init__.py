"""hypercuboid."""
