"""The selection rules by name."""

from __future__ import annotations

from hypercuboid.graph.selection.asked import Rule
from hypercuboid.graph.selection.darts import darts
from hypercuboid.graph.selection.drawn import random, sampled
from hypercuboid.graph.selection.greedy import bottom_up, top_down
from hypercuboid.graph.selection.max_product import max_product
from hypercuboid.graph.selection.max_score import max_score
from hypercuboid.registry import Registry

RULES: Registry[Rule] = Registry("selection rule")
RULES.add("max-score", Rule(max_score, "highest sum of kept weights, exact", ranks=True))
RULES.add("max-product", Rule(max_product, "highest product of kept weights, exact", ranks=True, logs=True))
RULES.add("greedy-top-down", Rule(top_down, "strongest alternative first, from the input and the outside"))
RULES.add("greedy-bottom-up", Rule(bottom_up, "strongest alternative first, from the output and the inside"))
RULES.add("darts", Rule(darts, "strongest edges of each node, each with its best primitive"))
RULES.add("sampled", Rule(sampled, "drawn, each as likely as the product of its weights"))
RULES.add("random", Rule(random, "drawn, all equally likely"))
