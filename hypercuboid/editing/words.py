"""The words of the language by what they do, for colours and completion; a test holds them to the grammar."""

from __future__ import annotations

DECLARATIONS = ("arch", "block", "cell", "cuboid", "let", "node", "param", "search", "share", "space")
"""Words before a name that they declare."""

STATEMENTS = (
    "aux",
    "choice",
    "choose",
    "compete",
    "depth",
    "hypercuboid",
    "keep",
    "out",
    "pick",
    "require",
    "scan",
    "state",
    "use",
)
"""Words that begin a statement, an axis or an expression with a body."""

CLAUSES = ("as", "else", "for", "from", "if", "in", "of", "on", "over", "partial", "per", "top", "where")
"""Words inside a statement."""

FOLDS = ("chain", "concat", "mean", "sum")
OPERATORS = ("and", "not", "or")
CONSTANTS = ("false", "true")

KEYWORDS = frozenset((*DECLARATIONS, *STATEMENTS, *CLAUSES, *FOLDS, *OPERATORS, *CONSTANTS))
"""Every reserved word. One that stands before `:` or `=`, or after a dot, is an ordinary name."""

TYPES = ("any", "bool", "float", "image", "int", "list", "sequence", "string", "tokens", "tuple", "vector")
"""Names of types, which are ordinary names elsewhere."""

FUNCTIONS = ("abs", "ceil", "enumerate", "floor", "has", "len", "max", "min", "round", "unused", "zip")
"""Functions that need no `use`."""
