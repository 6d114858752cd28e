"""What an atomic op is: its arguments, its shape rule, its cost rule, its torch layer and its line of source.

Shapes never hold the batch axis. Nothing here imports torch at import time.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from hypercuboid.records import cached_property, dataclass, replace

if TYPE_CHECKING:
    from torch import nn

Value: TypeAlias = int | float | bool | str | tuple["Value", ...]


@dataclass(frozen=True)
class TensorType:
    """The kind and shape of a tensor without its batch axis.

    `image` (c, h, w); `vector` (d,); `sequence` (t, d); `tokens` (t,) with `vocab`; `several` is a tuple of tensors
    (what `split` gives, in `parts`); `unknown` where no input shape was given.

    `least` is the smallest number of channels that an architecture may have where `unused` lets decisions settle it;
    0: `shape` holds in all of them.
    """

    kind: str
    shape: tuple[int, ...] = ()
    vocab: int = 0
    parts: tuple[TensorType, ...] = ()
    least: int = field(default=0, repr=False)

    @property
    def known(self) -> bool:
        return self.kind != "unknown"

    @property
    def channels(self) -> int:
        """The channel or feature axis: c of an image, d of a vector or a sequence."""
        return self.shape[0] if self.kind == "image" else self.shape[-1]

    @property
    def elements(self) -> int:
        count = 1
        for size in self.shape:
            count *= size
        return count

    @property
    def settled(self) -> bool:
        """Whether the shape is the same in every architecture."""
        return not self.least and (not self.parts or all(part.settled for part in self.parts))

    @property
    def widest(self) -> TensorType:
        """The type with as many channels as an architecture may have, as if that were settled."""
        if self.settled:
            return self
        return replace(self, least=0, parts=tuple(part.widest for part in self.parts))

    @property
    def narrowest(self) -> TensorType:
        """The type with as few channels as an architecture may have."""
        if self.settled:
            return self
        return replace(self._with_channels(self.least), parts=tuple(part.narrowest for part in self.parts))

    def down_to(self, narrow: TensorType) -> TensorType | None:
        """This type, settled, with the channels of `narrow` as the least; None where they differ in more."""
        if len(self.parts) != len(narrow.parts) or self.kind != narrow.kind:
            return None
        parts = [wide.down_to(one) for wide, one in zip(self.parts, narrow.parts, strict=True)]
        if any(part is None for part in parts) or (self.shape and self._with_channels(1) != narrow._with_channels(1)):
            return None
        least = narrow.channels if self.shape and narrow.channels < self.channels else 0
        return replace(self, least=least, parts=tuple(part for part in parts if part is not None))

    def _with_channels(self, channels: int) -> TensorType:
        shape = (channels, *self.shape[1:]) if self.kind == "image" else (*self.shape[:-1], channels)
        return replace(self, shape=shape if self.shape else (), least=0, parts=())

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.shape))})" if self.known else "(unknown)"


UNKNOWN = TensorType("unknown")


@dataclass(frozen=True)
class Cost:
    """Trainable parameters; multiply-accumulates of conv and linear; the paper's add_mult; bytes of activations; and
    time, where it was measured. Batch 1; the first three are those of inference.

    `activations` are the bytes that ops write in float32 (see `AtomicOp.writes`).
    """

    params: int = 0
    macs: int = 0
    add_mult: int = 0
    activations: int = 0
    nanoseconds: int = 0

    @property
    def numbers(self) -> tuple[int, ...]:
        """All of them, in the order of `MEASURES`."""
        return self.params, self.macs, self.add_mult, self.activations, self.nanoseconds

    def __add__(self, other: Cost) -> Cost:
        if other is FREE:
            return self
        return other if self is FREE else Cost(*map(operator.add, self.numbers, other.numbers))

    def __sub__(self, other: Cost) -> Cost:
        return Cost(*map(operator.sub, self.numbers, other.numbers))

    def times(self, count: int) -> Cost:
        """The cost of what runs several times with the same parameters."""
        return Cost(self.params, *(count * number for number in self.numbers[1:]))


FREE = Cost()
"""What costs nothing: most parts of a graph, so adding it is quick."""

MEASURES = ("params", "macs", "add_mult", "activations", "nanoseconds")
"""The names of what `Cost` holds."""


@dataclass(frozen=True)
class Parameter:
    """An argument of an op. `kind`: int, float, bool, pair (int or (int, int)), padding (int or "same").

    `default` None means required.
    """

    name: str
    kind: str
    default: Value | None = None


@dataclass(frozen=True)
class Constructor:
    """A module in generated source: `text` builds it (`nn.Conv2d(c_in, c, 3, bias=False)`).

    `call` is how it is applied: `{layer}` is the module, `{0}`, `{1}`, ... its inputs; empty: `layer(inputs)`.
    `layer` names a class of `hypercuboid.ops.layers` whose text the generated file needs.
    """

    text: str
    call: str = ""
    layer: str = ""


@dataclass(frozen=True)
class Expression:
    """An expression in generated source: `{0}`, `{1}`, ... stand for the inputs (`{0} + {1}`), names or calls."""

    text: str


OpSource: TypeAlias = Constructor | Expression
"""The line of generated source of an op."""


FLOAT_BYTES = 4


class ShapeError(Exception):
    """An op that does not fit its inputs. The front end turns it into a diagnostic at the place of the use."""

    def __init__(self, message: str, help: str = "", code: str = "HC3201") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code


class AtomicOp(ABC):
    """One atomic op. Stateless; one instance is registered under `name`."""

    name: ClassVar[str]
    doc: ClassVar[str]
    """One line: what it does, with its equation or source where it has one."""
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    arity: ClassVar[int | None] = 1
    """Number of tensor inputs, None for any number."""
    callable: ClassVar[bool] = True
    """False for ops that stand for operators and folds of the language and cannot be imported from `std.ops`."""
    keeps_zero: ClassVar[bool] = False
    """Zero comes out where zero goes in (ruling 12). `is_zero` refines it by arguments."""
    writes: ClassVar[bool] = True
    """Whether its output counts as an activation. It does not where the op hands on, takes apart or adds up what
    others wrote: its output is a view, or backward does not ask what it was made of."""
    pure: ClassVar[bool] = False
    """Its output follows from inputs and arguments alone: it has no weights, no statistics, no chance and no state, so
    plans may run it once for all who ask the same of it."""
    literal: ClassVar[tuple[str, ...]] = ()
    """Arguments that decide the form of the source: `source` gets them as literals, never as names."""

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of its arguments, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    @abstractmethod
    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        """The type of the output for known input types; raises ShapeError."""

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        """What one use costs at batch 1, activations left out. Params are those of `build`'s module."""
        return Cost()

    def price(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        """What one use costs at batch 1, with activations."""
        written = FLOAT_BYTES * output.elements if self.writes else 0
        return replace(self.cost(arguments, inputs, output), activations=written)

    def is_zero(self, arguments: Mapping[str, Value], zero_inputs: tuple[bool, ...]) -> bool:
        """Whether the output is zero, given which inputs are."""
        return self.keeps_zero and all(zero_inputs)

    @abstractmethod
    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        """The torch layer; called with the input tensors as positional arguments. Imports torch inside."""

    @abstractmethod
    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor | Expression:
        """The line of generated source for this op.

        `arguments` are Python expressions (constants already as `repr`), `channels` the expression of the channel
        count of each input. The source computes bit for bit what `build` computes.
        """
