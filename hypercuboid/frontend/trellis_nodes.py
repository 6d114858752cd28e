"""A cuboid, elaborated: one folded node, its steps and their candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.label_names import Coordinates, Label
from hypercuboid.ops.base import TensorType
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    from hypercuboid.frontend.elaborated import Body


@dataclass(frozen=True, eq=False)
class Candidate:
    """One alternative of a trellis step: from state `source` to state `target` (positions) by a choice."""

    source: int
    target: int
    label: tuple[Label, ...]
    """The choice label, one element per choice axis; empty where the cuboid has no choice axis."""
    body: Body
    inputs: tuple[int, ...]
    """One per input of the body: below the number of states a state, else the trellis' captured tensor."""
    zero: bool


@dataclass(frozen=True, eq=False)
class Step:
    """One depth coordinate. Equal steps share one `candidates` tuple, so passes memoise by its identity.

    `decided` steps have no weights any more: exactly their candidates are kept.
    `types[s]` is the type of state s after the step, None where no candidate leads there. `dead` are alternatives that
    are declared and start where nothing leads: from state, to state, label of choices. They have weights and no body.
    """

    coordinates: tuple[Label, ...]
    candidates: tuple[Candidate, ...]
    types: tuple[TensorType | None, ...]
    decided: bool
    dead: tuple[tuple[int, int, tuple[Label, ...]], ...] = ()


@dataclass(frozen=True, eq=False)
class TrellisNode:
    """A cuboid, folded: states, and one step per depth coordinate in order (last depth fastest).

    `inputs` are the initial states, one per state (-1 where it is missing), then the captured tensors.
    Its architecture weights are the labelled array `decision` with the axes `coordinates`, then `depth`, then
    `states` (source, target), then `choices`. `compete` names the axes that index the softmax groups.
    """

    decision: str
    coordinates: Coordinates
    depth: tuple[str, ...]
    states: tuple[str, str]
    choices: tuple[str, ...]
    depth_labels: tuple[tuple[Label, ...], ...]
    state_labels: tuple[Label, ...]
    choice_labels: tuple[tuple[Label, ...], ...]
    compete: tuple[str, ...]
    steps: tuple[Step, ...]
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span
    axis_order: tuple[str, ...] = ()
    """The axes as the source declares them, each state axis once by both names: ("c_in", "c_out", "reduction", ...)."""

    def owns(self, decision: str) -> bool:
        """Whether a decision inside a step is one at each step; if not, all steps share it, as that of a cell."""
        return decision.startswith(f"{self.decision}.")
