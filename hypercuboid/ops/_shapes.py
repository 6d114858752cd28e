"""Shape rules that several ops share."""

from __future__ import annotations

from collections.abc import Mapping

from hypercuboid.ops.base import ShapeError, TensorType, Value
from hypercuboid.records import dataclass

_ARTICLES = {"image": "an image (c, h, w)", "vector": "a vector (d)", "sequence": "a sequence (t, d)"}
_ARTICLES |= {"tokens": "tokens (t)", "several": "several tensors"}


def need_kind(op: str, type: TensorType, *kinds: str, help: str = "") -> None:
    """ShapeError unless `type` is of one of the kinds."""
    if type.kind not in kinds:
        wanted = " or ".join(_ARTICLES[kind] for kind in kinds)
        raise ShapeError(
            f"`{op}` needs {wanted}, not {_ARTICLES[type.kind]}", help or _ways(type.kind, kinds), "HC3202"
        )


def _ways(kind: str, wanted: tuple[str, ...]) -> str:
    """How to make a tensor of one of the kinds that are wanted."""
    if kind == "tokens":
        return "turn tokens into vectors: `embed(vocab, d)`"
    if kind == "image" and "vector" in wanted:
        return "make a vector of it: `gap` or `flatten`"
    if kind == "several":
        return "take one of them: `x[0]`"
    return "use it further up, where the tensor still has these axes"


def need_tensor(op: str, type: TensorType) -> None:
    """ShapeError for tokens and for several tensors, which have no numbers of their own."""
    hint = "take one of them: `x[0]`" if type.kind == "several" else "turn tokens into vectors: `embed(vocab, d)`"
    need_kind(op, type, "image", "vector", "sequence", help=hint)


def whole(op: str, name: str, value: Value, least: int = 1) -> int:
    """The argument as an integer of at least `least`; ShapeError otherwise."""
    if not isinstance(value, int) or value < least:
        raise ShapeError(
            f"`{name}` of `{op}` must be at least {least}, not {value}", f"write `{name} = {least}` or more"
        )
    return value


def pair(op: str, name: str, value: Value) -> tuple[int, int]:
    """The argument for height and width."""
    first, second = value if isinstance(value, tuple) else (value, value)
    return whole(op, name, first), whole(op, name, second)


@dataclass(frozen=True)
class Window:
    """A sliding window: kernel, stride and padding for height and width, one dilation."""

    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: int

    def size(self, op: str, height: int, width: int) -> tuple[int, int]:
        """The number of places of the window; ShapeError where it does not fit once."""
        sides = zip((height, width), self.kernel, self.stride, self.padding, strict=True)
        rows, columns = ((n + 2 * p - self.dilation * (k - 1) - 1) // s + 1 for n, k, s, p in sides)
        if rows < 1 or columns < 1:
            message = f"the kernel of `{op}` is larger than its padded input {height} x {width}"
            raise ShapeError(message, "use a smaller `k` or `dilation`, or more `padding`")
        return rows, columns


def window(op: str, arguments: Mapping[str, Value]) -> Window:
    """The window of a convolution or pool; padding `dilation * (k - 1) // 2` for `same` (odd kernels only)."""
    kernel, stride = pair(op, "k", arguments["k"]), pair(op, "stride", arguments["stride"])
    dilation = whole(op, "dilation", arguments.get("dilation", 1))
    given = arguments["padding"]
    if given != "same":
        if isinstance(given, str):
            raise ShapeError(f'`padding` of `{op}` must be an integer or "same", not "{given}"', "write `padding = 0`")
        padding = whole(op, "padding", given, 0)
        return Window(kernel, stride, (padding, padding), dilation)
    if any(k % 2 == 0 for k in kernel):
        raise ShapeError(f"`{op}` with an even kernel needs a `padding`", "write `padding = 0`, or use an odd `k`")
    rows, columns = (dilation * (k - 1) // 2 for k in kernel)
    return Window(kernel, stride, (rows, columns), dilation)


def square(sides: tuple[int, int]) -> int | tuple[int, int]:
    """One number where height and width agree."""
    return sides[0] if sides[0] == sides[1] else sides


def channel_axis(type: TensorType) -> int:
    """The axis of channels or features in a batch: 1 of an image, the last of a vector or sequence."""
    return 1 if type.kind == "image" else -1


def with_channels(type: TensorType, channels: int) -> TensorType:
    """The same kind and size with another number of channels."""
    rest = type.shape
    shape = (channels, *rest[1:]) if type.kind == "image" else (*rest[:-1], channels)
    return TensorType(type.kind, shape)


def same_type(op: str, inputs: tuple[TensorType, ...]) -> TensorType:
    """The one type of all inputs; ShapeError where two differ."""
    for type in inputs:
        need_tensor(op, type)
        if type != inputs[0]:
            raise ShapeError(
                f"`{op}` needs equal shapes, not {inputs[0]} and {type}", "give all of them one shape", "HC3101"
            )
    return inputs[0]
