"""The hash of a space: SHA-256 over a canonical text of its structure and decisions."""

from __future__ import annotations

import hashlib
import re

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Elaborated,
    InputNode,
    Node,
    OpNode,
    ScanNode,
    StateNode,
    TopNode,
    TrellisNode,
    UseNode,
)


def digest(elaborated: Elaborated) -> str:
    """Hex digest. Names of decisions, labels, ops with their arguments and shapes count; spans, spelling and the
    order of alternatives do not."""
    return _Digest().body(elaborated.definition.body)


_FRAME = re.compile(r"\^(\d+)/")


class _Digest:
    def __init__(self) -> None:
        self._bodies: dict[int, str] = {}
        self._steps: dict[int, str] = {}
        self._frames: dict[str, int] = {}

    def body(self, body: Body) -> str:
        if id(body) not in self._bodies:
            lines = [f"{body.arity} {body.output}"]
            lines += [f"{self._node(node)} {node.inputs} {node.type!r}" for node in body.nodes]
            self._bodies[id(body)] = _hashed(lines)
        return self._bodies[id(body)]

    def _node(self, node: Node) -> str:
        if isinstance(node, InputNode):
            return "input"
        if isinstance(node, OpNode):
            values = sorted((name, repr(argument.value)) for name, argument in node.arguments.items())
            return f"op {node.op} {values}"
        if isinstance(node, UseNode):
            inner = self.body(node.definition.body)
            names = sorted(node.decisions.items())
            shared = f" {node.instance} {sorted(node.instances.items())}" if node.instance or node.instances else ""
            return self._numbered(f"use {inner} {names} {node.coordinates}{shared}")
        if isinstance(node, ChoiceNode):
            options = sorted(f"{a.label!r} {a.inputs} {self.body(a.body)}" for a in node.alternatives)
            return self._numbered(f"choice {node.decision} {node.coordinates} {node.axes} {options}")
        if isinstance(node, TopNode):
            return f"top {node.count} {node.axes} {node.terms}"
        if isinstance(node, StateNode):
            return f"state {node.state}"
        if isinstance(node, ScanNode):
            return f"scan {self.body(node.body)}"
        return self._trellis(node)

    def _numbered(self, text: str) -> str:
        """The text with the frames that names say (`^7/W`) numbered as they are met: elaborations number on."""
        return _FRAME.sub(lambda found: f"^{self._frames.setdefault(found[1], len(self._frames))}/", text)

    def _trellis(self, node: TrellisNode) -> str:
        steps = []
        for step in node.steps:
            key = id(step.candidates)
            if key not in self._steps:
                moves = (f"{c.source} {c.target} {c.label!r} {c.inputs} {self.body(c.body)}" for c in step.candidates)
                self._steps[key] = _hashed(sorted(moves))
            steps.append(f"{step.coordinates!r} {step.decided} {self._steps[key]}")
        axes = (node.depth, node.states, node.choices, node.state_labels, node.compete)
        return f"trellis {node.decision} {node.coordinates} {axes} {_hashed(steps)}"


def _hashed(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
