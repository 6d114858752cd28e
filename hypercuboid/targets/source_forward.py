"""The lines of `forward`: one assignment per step, values that are used once and at once written into their use."""

from __future__ import annotations

import ast
import re

from hypercuboid.ops.base import Constructor, TensorType
from hypercuboid.targets.source_steps import Order, Step, module_names
from hypercuboid.targets.source_text import WIDTH, identifier, laid_out

_SHORT = 60
_INDENT = 8
_OF_SCANS = frozenset(("sequence", "states"))
"""What the forward of a scan calls its sequence and the list of states."""


def shape_comment(type: TensorType) -> str:
    """`# (N, 32, 16, 16)`; empty for several tensors."""
    return f"# (N, {', '.join(map(str, type.shape))})" if type.known and type.shape else ""


class Forward:
    """Writes the steps of one class. `pending` holds expressions not written yet, in order: (step, output, text)."""

    def __init__(self, order: Order, shapes: bool) -> None:
        self.order = order
        self.shapes = shapes
        self.indent = _INDENT + 4 * order.unit.is_scan
        self.reserved = _OF_SCANS if order.unit.is_scan else frozenset[str]()
        self.reserved |= set(module_names(order.unit).values())
        self.lines: list[str] = []
        self.pending: list[tuple[int, int, str]] = []
        self.names: dict[int, str] = {}
        for position, (name, _) in enumerate(order.unit.inputs):
            self.names[position] = identifier(name, self.reserved | set(self.names.values()))
        self.arguments = [self.names[i] for i in range(len(order.unit.inputs))]
        if order.unit.is_scan:
            self.arguments[0] = "sequence"
        self.last_use = self._last_uses()

    def _last_uses(self) -> dict[int, int]:
        """The number of the step that reads a tensor last; outputs are read after all."""
        found: dict[int, int] = {}
        for number, step in enumerate(self.order.steps):
            for position in self.order.inputs(step):
                found[position] = number
        end = len(self.order.steps)
        found[self.order.unit.output] = end
        if self.order.unit.is_scan:  # what is no element and no state is read at the next position again
            found |= dict.fromkeys(range(2, len(self.order.unit.inputs)), end)
        if self.order.unit.aux is not None:
            found[self.order.unit.aux] = end
            for step in self.order.steps:
                if step.output in self.order.training_only:
                    found |= dict.fromkeys(self.order.inputs(step), end)
        return found

    def write(self) -> list[str]:
        """The lines of the body of `forward`."""
        unit, steps = self.order.unit, self.order.steps
        head = [step for step in steps if step.output in self.order.training_only]
        for number, step in enumerate(steps):
            if step not in head:
                self._step(number, step)
        if unit.is_scan:
            return self._looped()
        if unit.aux is None:
            self._return(unit.output, "{0}")
            return self.lines
        self._flush()
        self.lines.append(" " * _INDENT + "if self.training:")
        self.indent = _INDENT + 4
        for step in head:
            self._step(len(steps), step)
        self._return(unit.aux, f"{self.names[unit.output]}, {{0}}")
        self.lines.append(" " * _INDENT + f"return {self.names[unit.output]}")
        return self.lines

    def _looped(self) -> list[str]:
        """The steps at each position of the sequence, and the states stacked."""
        text, state = self._last(self.order.unit.output), self.names[1]
        if text != state:
            self.lines += laid_out(text, self.indent, f"{state} = ")
        pad = " " * _INDENT
        head = [f"{pad}states = []", f"{pad}for {self.names[0]} in sequence.unbind(dim=1):"]
        return [
            *head,
            *self.lines,
            f"{pad}    states.append({state})",
            f"{pad}return torch.stack(states, dim=1)",
        ]

    def _last(self, position: int) -> str:
        """The tensor at a position: its expression where it is the one that waits; everything else is written."""
        text = ""
        if self.pending and self.pending[-1][1] == position and self.order.uses[position] == 1:
            _, _, text = self.pending.pop()
        self._flush()
        return text or self.names[position]

    def _return(self, position: int, form: str) -> None:
        """Returns the tensor at a position."""
        code = form.replace("{0}", self._last(position))
        line = " " * self.indent + f"return {code}"
        pair = form != "{0}"
        self.lines += [line] if len(line) <= WIDTH else laid_out(f"({code})" if pair else code, self.indent, "return ")

    def _step(self, number: int, step: Step) -> None:
        inputs = self.order.inputs(step)
        code = step.codes[0]
        form = code.text
        if isinstance(code, Constructor):
            item, names = self.order.item(step.positions[0]), self.order.attributes
            places = ", ".join([*(f"{{{i}}}" for i in range(len(inputs))), *(names[one] for one in item.modules)])
            layer = names[item.instance] if item.instance else f"self.{step.attribute}"
            form = (code.call or f"{{layer}}({places})").replace("{layer}", layer)
        texts = self._texts(step, form, inputs)
        filled = re.sub(r"\{(\d+)\}", lambda match: texts[int(match[1])], form)
        self.pending.append((number, step.output, filled))

    def _texts(self, step: Step, form: str, inputs: tuple[int, ...]) -> list[str]:
        """The text of each input: its expression where that may be written in, else its variable."""
        texts: dict[int, str] = {}
        room = WIDTH - self.indent - len(form) - max(len("return "), len(f"{step.variable or 'x'} = ")) - len("()")
        for i in reversed(range(len(inputs))):
            if not self.pending or self.pending[-1][1] != inputs[i] or form.count(f"{{{i}}}") != 1:
                break
            if not self._may_inline(step, inputs[i], room):
                break
            _, _, text = self.pending.pop()
            room -= len(text)
            texts[i] = f"({text})" if _needs_parentheses(text, form, i) else text
        waiting = {position for _, position, _ in self.pending}
        if any(i not in texts and position in waiting for i, position in enumerate(inputs)):
            self._flush()
        return [texts.get(i, "") or self.names[position] for i, position in enumerate(inputs)]

    def _may_inline(self, step: Step, position: int, room: int) -> bool:
        if self.order.uses[position] != 1:
            return False
        producer = next(one for one in self.order.steps if one.output == position)
        text = self.pending[-1][2]
        if len(text) > min(room, _SHORT):
            return False
        if step.is_layer or producer.variable not in ("", step.variable):
            return not producer.is_layer and not producer.variable and "self." not in text
        return True

    def _flush(self) -> None:
        """Writes what waits as assignments."""
        for number, position, text in self.pending:
            name = self._free_name(number, position)
            self.names[position] = name
            lines = laid_out(text, self.indent, f"{name} = ")
            note = f"  {shape_comment(self.order.unit.type_at(position))}" if self.shapes else ""
            if len(lines) == 1 and note.strip() and len(lines[0] + note) <= WIDTH:
                lines[0] += note
            self.lines += lines
        self.pending = []

    def _free_name(self, number: int, position: int) -> str:
        """The variable of the step, or a letter; not one whose tensor is still to be read."""
        step = next(one for one in self.order.steps if one.output == position)
        live = {name for at, name in self.names.items() if at != position and self.last_use.get(at, -1) > number}
        live |= self.reserved
        wanted = [step.variable] if step.variable else [self.names.get(0, "x"), "y", "z"]
        for name in wanted:
            if name not in live:
                return name
        return identifier(wanted[-1], live)


def _needs_parentheses(text: str, form: str, place: int) -> bool:
    """Whether an operation must be set apart where it stands in a form: `a + {1}` takes `b * c` but not `b + c`."""
    tree = ast.parse(text, mode="eval").body
    if not isinstance(tree, ast.BinOp | ast.UnaryOp) or form == f"{{{place}}}":
        return False
    if not re.fullmatch(r"\{0\}( [+-] \{\d+\})+", form):
        return True
    product = isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult | ast.Div)
    return place > 0 and not product
