"""What expressions evaluate to while a program is elaborated: numbers, tensors to come, families and blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeAlias

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.ast import BlockDefinition
from hypercuboid.frontend.elaborated import Coordinates, Label
from hypercuboid.frontend.given import Given, Home
from hypercuboid.ops.base import AtomicOp, TensorType
from hypercuboid.records import cached_property, dataclass, replace

if TYPE_CHECKING:
    from hypercuboid.frontend.builder import Builder
    from hypercuboid.frontend.modules import LoadedModule


class ListValue(tuple[Any, ...]):
    """A list of the language; a plain Python tuple is a tuple of the language. `size` counts what it holds, deep."""

    size: int

    def __new__(cls, items: Iterable[Any] = ()) -> ListValue:
        self = super().__new__(cls, items)
        self.size = 1 + sum(map(size_of, self))
        return self

    @cached_property
    def key(self) -> object:
        """See `memo_key`."""
        return "list", tuple(map(memo_key, self))


_SINGLE = frozenset((bool, int, float, str))


def size_of(value: object) -> int:
    """How many values it takes to write a value out: a list or block that stands in another twice counts twice."""
    if type(value) in _SINGLE:
        return 1
    if isinstance(value, tuple) and not isinstance(value, ListValue):
        return 1 + sum(map(size_of, value))
    return getattr(value, "size", 1)


class LeftOver(ListValue):
    """What `unused` gives while decisions are open: all that may be left over, so positions mean nothing yet."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Tensor:
    """Node number `index` of a body that is being built."""

    builder: Builder
    index: int
    type: TensorType


@dataclass(frozen=True)
class Missing:
    """A tensor that the kept path of a cuboid does not provide (ruling 14)."""

    type: TensorType


@dataclass(frozen=True, eq=False)
class Family:
    """An indexed family of named tensors, the states of a cuboid or shared blocks, in declared order."""

    name: str
    members: Mapping[tuple[Label, ...], Any]

    @property
    def holds_blocks(self) -> bool:
        """Whether its members are shared blocks: all are of one kind, so the first tells."""
        return isinstance(next(iter(self.members.values()), None), BLOCKS)


@dataclass(frozen=True)
class Namespace:
    """`use ... as NAME`: the names of another module."""

    name: str
    module: LoadedModule


@dataclass(frozen=True)
class OpBlock:
    """An atomic op that waits for tensors."""

    op: AtomicOp
    given: tuple[tuple[str, Given], ...] = ()
    label: str = ""

    @cached_property
    def size(self) -> int:
        """See `size_of`."""
        return 1 + sum([size_of(one.value) for _, one in self.given])

    @cached_property
    def key(self) -> object:
        """See `memo_key`."""
        return "block", self.op, _given_keys(self.given), self.label


@dataclass(frozen=True)
class UserBlock:
    """A block of the language that waits for tensors."""

    definition: BlockDefinition
    module: LoadedModule
    given: tuple[tuple[str, Given], ...] = ()
    label: str = ""
    home: Home | None = None

    @cached_property
    def size(self) -> int:
        """See `size_of`."""
        return 1 + sum([size_of(one.value) for _, one in self.given])

    @cached_property
    def key(self) -> object:
        """See `memo_key`."""
        return "block", (id(self.definition), self.home), _given_keys(self.given), self.label


@dataclass(frozen=True)
class Pipeline:
    """Blocks in a row, itself a block."""

    parts: tuple[BlockValue, ...]
    label: str = ""

    @cached_property
    def size(self) -> int:
        """See `size_of`."""
        return 1 + sum(map(size_of, self.parts))

    @cached_property
    def key(self) -> object:
        """See `memo_key`."""
        return "pipeline", tuple(map(memo_key, self.parts))


@dataclass(frozen=True)
class ChoiceBlock:
    """One of several blocks: a decision that is declared where it was written, however often it is used.

    The alternatives are those that are left; those that agree on the `open` axes (their positions) stay side by side.
    """

    decision: str
    coordinates: Coordinates
    axes: tuple[str, ...]
    labels: tuple[tuple[Label, ...], ...]
    alternatives: tuple[BlockValue, ...]
    own: str
    open: tuple[int, ...]
    frame: int
    span: Span = field(compare=False)
    label: str = ""

    @cached_property
    def size(self) -> int:
        """See `size_of`."""
        return 1 + sum(map(size_of, self.alternatives))

    @cached_property
    def key(self) -> object:
        """See `memo_key`."""
        inner = tuple(map(memo_key, self.alternatives))
        return "choice", self.frame, self.decision, self.coordinates, self.labels, self.open, inner


@dataclass(frozen=True)
class PlacedBlock:
    """A block that a fold made at a coordinate: its names carry the coordinate wherever it is used."""

    block: BlockValue
    coordinates: Coordinates
    label: str = ""

    @cached_property
    def size(self) -> int:
        """See `size_of`."""
        return 1 + size_of(self.block)

    @cached_property
    def key(self) -> object:
        """See `memo_key`."""
        return "placed", self.coordinates, memo_key(self.block)


@dataclass(frozen=True)
class SharedBlock:
    """A block whose uses all read the weights of one instance, called `instance` in the frame of `home`.

    They share their decisions as well: `home` is that of a cell. `title` is the declared name without indices.
    """

    block: BlockValue
    home: Home
    instance: str
    title: str
    label: str = ""

    @cached_property
    def size(self) -> int:
        """See `size_of`."""
        return 1 + size_of(self.block)

    @cached_property
    def key(self) -> object:
        """See `memo_key`."""
        return "shared", self.home, self.instance, self.label, memo_key(self.block)


def _given_keys(given: tuple[tuple[str, Given], ...]) -> object:
    return tuple((name, memo_key(one.value)) for name, one in given)


BlockValue: TypeAlias = OpBlock | UserBlock | Pipeline | ChoiceBlock | PlacedBlock | SharedBlock
BLOCKS = (OpBlock, UserBlock, Pipeline, ChoiceBlock, PlacedBlock, SharedBlock)
_HOLDING = (ListValue, *BLOCKS)


def relabelled(value: object, name: str) -> object:
    """A block takes the name that a file or a `let` gives it; everything else is unchanged."""
    return replace(value, label=name) if isinstance(value, BLOCKS) else value


def memo_key(value: object) -> object:
    """A hashable key that tells 1, 1.0 and true apart."""
    if isinstance(value, _HOLDING):
        return value.key
    if isinstance(value, tuple):
        return "tuple", tuple(map(memo_key, value))
    return type(value).__name__, value
