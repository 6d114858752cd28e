"""Layers that torch.nn lacks, one class per file. A generated file takes over the text of those it needs.

Only `build` of an op imports the files here, as they import torch; their text is kept within 88 columns.
"""

from __future__ import annotations

import ast
from pathlib import Path


def layer_text(name: str) -> str:
    """The source of the class `name`, without the imports of its file."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
    raise KeyError(name)
