"""Selection: from architecture weights to the decisions that an architecture keeps, by a rule of the registry."""

from hypercuboid.graph.selection.arch_text import arch_text
from hypercuboid.graph.selection.asked import Asked, Bounded, Rule
from hypercuboid.graph.selection.chosen import select
from hypercuboid.graph.selection.result import Selection
from hypercuboid.graph.selection.rules import RULES
from hypercuboid.graph.selection.uniform import draw

__all__ = ["RULES", "Asked", "Bounded", "Rule", "Selection", "arch_text", "draw", "select"]
