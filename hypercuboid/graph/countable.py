"""Whether a space can be counted: what a graph would refuse, found without making one."""

from __future__ import annotations

from collections.abc import Mapping

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.frontend.elaborated import Elaborated
from hypercuboid.frontend.opened import is_open
from hypercuboid.graph.decisions import require_equal_axes
from hypercuboid.graph.dynamic import evaluate
from hypercuboid.graph.forest import NOTHING
from hypercuboid.graph.grow import Grower
from hypercuboid.graph.lifted import lifted
from hypercuboid.graph.possible import Possible
from hypercuboid.ops.base import Cost, TensorType, Value


class Countable:
    """Looks at the spaces of one file; blocks that several of them use are looked at once."""

    def __init__(self) -> None:
        self._grower = Grower(_free, free=True)
        self._seen: list[Elaborated] = []

    def require(self, space: Elaborated) -> None:
        """Raises HC3095, HC5021 or HC5022 where decisions cannot be counted, HC5004 where nothing has an output."""
        body = space.definition.body
        if not is_open(body):
            return
        self._seen.append(space)  # the grower remembers bodies by their id, which is one only while they live
        root = self._grower.root(body)
        require_equal_axes(root)
        if not evaluate(lifted(root), Possible()):
            raise no_architecture(space)


def _free(op: str, values: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
    """Costs do not matter here."""
    return NOTHING


def no_architecture(space: Elaborated) -> HypercuboidError:
    body = space.definition.body
    return error(
        "HC5004",
        f"no architecture of `{space.name}` has an output",
        body.nodes[body.output].span,
        "a path visits some of the states that this needs, never all",
        help="fold states with `sum`, `mean` or `concat`, which leave out what is not visited; `+` and ops need each",
    )
