"""The contract of every op: shapes, costs, source text and zeros against the torch layer that it builds."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from hypercuboid.ops import OPS, layers
from hypercuboid.ops.base import Constructor, Expression, ShapeError, TensorType, Value

torch.set_num_threads(1)
IMAGE = TensorType("image", (8, 6, 10))
VECTOR = TensorType("vector", (8,))
SEQUENCE = TensorType("sequence", (5, 8))
TOKENS = TensorType("tokens", (5,), 11)
PARTS = TensorType("several", parts=(TensorType("vector", (4,)),) * 2)


@dataclass(frozen=True)
class Case:
    """A use of an op: arguments beside the defaults, types of inputs, and the shape that must come out."""

    op: str
    inputs: tuple[TensorType, ...]
    shape: tuple[int, ...]
    arguments: dict[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.op}-{'-'.join(type.kind for type in self.inputs)}-{self.arguments}"

    @property
    def values(self) -> dict[str, Value]:
        known = {p.name: p.default for p in OPS[self.op].parameters if p.default is not None}
        return known | self.arguments


CASES = [
    Case("conv", (IMAGE,), (4, 6, 10), {"c": 4}),
    Case("conv", (IMAGE,), (4, 3, 5), {"c": 4, "k": 3, "stride": 2, "bias": True}),
    Case("conv", (IMAGE,), (4, 6, 10), {"c": 4, "k": 5, "dilation": 2, "groups": 2}),
    Case("conv", (IMAGE,), (4, 6, 5), {"c": 4, "k": (1, 7), "stride": (1, 2)}),
    Case("conv", (IMAGE,), (4, 5, 9), {"c": 4, "k": 2, "padding": 0}),
    Case("dwconv", (IMAGE,), (8, 6, 10)),
    Case("dwconv", (IMAGE,), (8, 3, 5), {"k": 5, "stride": 2, "dilation": 2, "bias": True}),
    Case("linear", (VECTOR,), (3,), {"c": 3}),
    Case("linear", (SEQUENCE,), (5, 3), {"c": 3, "bias": False}),
    Case("linear", (VECTOR, TensorType("vector", (2,))), (3,), {"c": 3}),
    Case("bn", (IMAGE,), IMAGE.shape),
    Case("bn", (VECTOR,), VECTOR.shape, {"affine": False, "eps": 1e-3, "momentum": 0.2}),
    Case("zeros", (SEQUENCE,), (3,), {"d": 3}),
    Case("zeros", (IMAGE,), (3,), {"d": 3}),
    Case("element", (SEQUENCE,), (8,), {"index": -2}),
    Case("group_norm", (IMAGE,), IMAGE.shape, {"groups": 4}),
    Case("group_norm", (VECTOR,), VECTOR.shape, {"groups": 2, "affine": False, "eps": 1e-3}),
    Case("layer_norm", (IMAGE,), IMAGE.shape),
    Case("layer_norm", (SEQUENCE,), SEQUENCE.shape, {"eps": 1e-3}),
    Case("layer_norm", (VECTOR,), VECTOR.shape, {"affine": False}),
    *[
        Case(name, (type,), type.shape)
        for name in ("relu", "relu6", "silu", "gelu", "tanh", "sigmoid", "hswish", "softmax", "identity", "drop_path")
        for type in (IMAGE, SEQUENCE)
    ],
    Case("dropout", (VECTOR,), VECTOR.shape, {"p": 0.2}),
    Case("flatten", (IMAGE,), (480,)),
    Case("max_pool", (IMAGE,), (8, 3, 5), {"stride": 2}),
    Case("max_pool", (IMAGE,), (8, 3, 5), {"k": 2, "stride": 2, "padding": 0}),
    Case("avg_pool", (IMAGE,), (8, 6, 10)),
    Case("avg_pool", (IMAGE,), (8, 3, 5), {"stride": 2, "count_padding": True}),
    Case("avg_pool", (IMAGE,), (8, 1, 3), {"k": 5, "stride": 2, "padding": 0}),
    Case("gap", (IMAGE,), (8,)),
    Case("gap", (SEQUENCE,), (8,)),
    Case("patches", (IMAGE,), (15, 32), {"k": 2}),
    Case("patches", (IMAGE,), (60, 8), {"k": 1}),
    Case("zero", (IMAGE,), IMAGE.shape),
    Case("zero", (TensorType("image", (8, 5, 7)),), (8, 3, 4), {"stride": 2}),
    Case("zero", (VECTOR,), (8,)),
    Case("resize", (IMAGE,), (8, 12, 20), {"factor": 2}),
    Case("resize", (IMAGE,), (8, 3, 5), {"factor": 0.5}),
    Case("resize", (IMAGE,), (8, 9, 15), {"factor": 1.5}),
    Case("resize", (IMAGE,), IMAGE.shape, {"factor": 1}),
    Case("split", (IMAGE,), (), {"n": 2}),
    Case("split", (SEQUENCE,), (), {"n": 4}),
    Case("part", (PARTS,), (4,), {"index": 1}),
    Case("channel_shuffle", (IMAGE,), IMAGE.shape, {"groups": 4}),
    Case("shift", (IMAGE,), IMAGE.shape),
    Case("shift", (IMAGE,), IMAGE.shape, {"n": 2}),
    Case("embed", (TOKENS,), (5, 3), {"vocab": 11, "d": 3}),
    Case("position", (SEQUENCE,), (5, 8), {"t": 7}),
    Case("attention", (SEQUENCE,) * 3, (5, 8), {"heads": 2}),
    Case("attention", (SEQUENCE,) * 3, (5, 8), {"heads": 4, "causal": True}),
    *[
        Case(name, types, IMAGE.shape)
        for name in ("add", "subtract", "multiply")
        for types in ((IMAGE, IMAGE), (TensorType("vector", (8,)), IMAGE), (IMAGE, VECTOR))
    ],
    *[
        Case(name, (VECTOR,), (8,), {"number": 2.5, "reverse": side})
        for name in ("add", "subtract", "multiply")
        for side in (False, True)
    ],
    Case("negate", (VECTOR,), (8,)),
    Case("sum", (IMAGE,) * 3, IMAGE.shape),
    Case("mean", (IMAGE,) * 3, IMAGE.shape),
    Case("concat", (IMAGE, TensorType("image", (3, 6, 10))), (11, 6, 10)),
    Case("concat", (SEQUENCE, SEQUENCE), (5, 16)),
    Case("beside", (IMAGE, TensorType("image", (3, 6, 10))), (11, 6, 10)),
]


def tensor(type: TensorType, seed: int) -> Any:
    """Two samples of a type, in float64."""
    if type.kind == "several":
        return tuple(tensor(part, seed + 1 + i) for i, part in enumerate(type.parts))
    generator = torch.Generator().manual_seed(seed)
    if type.kind == "tokens":
        return torch.randint(type.vocab, (2, *type.shape), generator=generator)
    return torch.randn((2, *type.shape), generator=generator, dtype=torch.float64)


def tensors(case: Case) -> list[Any]:
    return [tensor(type, seed) for seed, type in enumerate(case.inputs)]


def built(case: Case) -> nn.Module:
    op = OPS[case.op]
    torch.manual_seed(0)
    return op.build(case.values, case.inputs, op.infer(case.values, case.inputs)).double()


def shapes(output: Any) -> Any:
    return tuple(map(shapes, output)) if isinstance(output, tuple) else tuple(output.shape[1:])


def wanted_shapes(type: TensorType) -> Any:
    return tuple(map(wanted_shapes, type.parts)) if type.kind == "several" else type.shape


def test_every_op_has_a_case() -> None:
    assert {case.op for case in CASES} == set(OPS)


def test_registry_leaves_torch_out() -> None:
    code = "import sys, hypercuboid.ops; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("case", CASES, ids=str)
def test_shape_and_params_are_those_of_the_layer(case: Case) -> None:
    op, layer = OPS[case.op], built(case)
    output = op.infer(case.values, case.inputs)
    assert output.shape == case.shape
    assert shapes(layer(*tensors(case))) == wanted_shapes(output)
    params = sum(p.numel() for p in layer.parameters())
    assert op.cost(case.values, case.inputs, output).params == params


@pytest.mark.parametrize("case", CASES, ids=str)
def test_macs_are_half_of_the_flops_that_torch_counts(case: Case) -> None:
    op, layer = OPS[case.op], built(case)
    with FlopCounterMode(display=False) as counter:
        layer(*tensors(case))
    counted = 0 if case.op == "attention" else counter.get_total_flops()
    macs = op.cost(case.values, case.inputs, op.infer(case.values, case.inputs)).macs
    assert 2 * 2 * macs == counted  # two samples


def run_source(case: Case, layer: nn.Module, inputs: list[Any]) -> Any:
    """What the source text computes, with the weights of `layer`."""
    literals = {name: json.dumps(v) if isinstance(v, str) else repr(v) for name, v in case.values.items()}
    literals = {name: text.replace('"', "'") for name, text in literals.items()}
    channels = tuple(str(type.channels) if type.shape else "0" for type in case.inputs)
    code = OPS[case.op].source(literals, case.inputs, channels)
    names: dict[str, Any] = {"torch": torch, "nn": nn, "F": functional}
    names |= {f"x{i}": one for i, one in enumerate(inputs)}
    places = [f"x{i}" for i in range(len(inputs))]
    text = code.text
    if isinstance(code, Constructor):
        if code.layer:
            exec(layers.layer_text(code.layer), names)  # noqa: S102 - the text under test
        made = eval(text, names).double()  # noqa: S307 - the text under test
        made.load_state_dict(layer.state_dict())
        names["made"] = made.train(layer.training)
        text = (code.call or f"{{layer}}({', '.join(f'{{{i}}}' for i in range(len(inputs)))})").replace(
            "{layer}", "made"
        )
    filled = re.sub(r"\{(\d)\}", lambda match: places[int(match[1])], text)
    return eval(filled, names)  # noqa: S307 - the text under test


def equal(left: Any, right: Any) -> bool:
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    return torch.equal(left, right)


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_source_computes_what_the_layer_computes(case: Case, training: bool) -> None:
    layer, inputs = built(case).train(training), tensors(case)
    torch.manual_seed(1)
    from_source = run_source(case, layer, inputs)
    torch.manual_seed(1)
    assert equal(from_source, layer(*inputs))


def promises_zero(case: Case) -> bool:
    return OPS[case.op].is_zero(case.values, (True,) * len(case.inputs)) and case.inputs != (PARTS,)


@pytest.mark.parametrize("case", [case for case in CASES if promises_zero(case)], ids=str)
def test_zero_stays_zero_where_an_op_says_so(case: Case) -> None:
    out = built(case)(*[torch.zeros_like(one) for one in tensors(case)])
    assert not any(part.any() for part in (out if isinstance(out, tuple) else (out,)))


def test_layers_work_under_functional_call() -> None:
    for case in CASES:
        layer = built(case)
        state = {**dict(layer.named_parameters()), **dict(layer.named_buffers())}
        torch.manual_seed(1)
        out = torch.func.functional_call(layer, {k: v.clone() for k, v in state.items()}, tuple(tensors(case)))
        torch.manual_seed(1)
        assert equal(out, layer(*tensors(case))), str(case)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (Case("conv", (VECTOR,), (), {"c": 4}), "`conv` needs an image (c, h, w), not a vector (d)"),
        (Case("conv", (IMAGE,), (), {"c": 4, "k": 2}), "`conv` with an even kernel needs a `padding`"),
        (Case("conv", (IMAGE,), (), {"c": 0}), "`c` of `conv` must be at least 1, not 0"),
        (
            Case("conv", (IMAGE,), (), {"c": 9, "groups": 2}),
            "`groups = 2` must divide both 8 input channels and 9 filters",
        ),
        (
            Case("conv", (IMAGE,), (), {"c": 4, "k": 9, "padding": 0}),
            "the kernel of `conv` is larger than its padded input 6 x 10",
        ),
        (Case("group_norm", (IMAGE,), (), {"groups": 3}), "`groups = 3` does not divide 8 channels"),
        (Case("patches", (IMAGE,), (), {"k": 4}), "`patches(4)` does not divide 6 x 10 pixels"),
        (Case("bn", (SEQUENCE,), ()), "`bn` needs an image (c, h, w) or a vector (d), not a sequence (t, d)"),
        (
            Case("linear", (IMAGE,), (), {"c": 4}),
            "`linear` needs a vector (d) or a sequence (t, d), not an image (c, h, w)",
        ),
        (Case("resize", (IMAGE,), (), {"factor": 0.25}), "`resize` by 0.25 does not give whole sizes of 6 x 10"),
        (Case("split", (IMAGE,), (), {"n": 3}), "`split(3)` does not divide 8 channels"),
        (
            Case("add", (IMAGE, TensorType("image", (8, 6, 9))), ()),
            "`+` needs equal shapes, not (8, 6, 10) and (8, 6, 9)",
        ),
        (Case("dropout", (VECTOR,), (), {"p": 1.0}), "`p` of `dropout` must be at least 0 and less than 1, not 1.0"),
    ],
    ids=str,
)
def test_messages(case: Case, message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        OPS[case.op].infer(case.values, case.inputs)
    assert caught.value.message == message


def test_add_mult_follows_the_paper() -> None:
    def add_mult(name: str, arguments: dict[str, Value], shape: TensorType = IMAGE) -> int:
        case = Case(name, (shape,), (), arguments)
        output = OPS[name].infer(case.values, case.inputs)
        return OPS[name].cost(case.values, case.inputs, output).add_mult

    assert add_mult("bn", {}) == 2 * 480
    assert add_mult("bn", {"affine": False}) == 0
    assert add_mult("relu", {}) == add_mult("relu6", {}) == 480
    assert add_mult("silu", {}) == 0
    assert add_mult("max_pool", {"stride": 2}) == add_mult("gap", {}) == 480
    assert add_mult("conv", {"c": 4}) == 480 * 4


def test_patches_are_the_pixels_of_a_square_in_reading_order() -> None:
    x = torch.arange(2 * 4 * 6).view(1, 2, 4, 6).double()
    out = built(Case("patches", (TensorType("image", (2, 4, 6)),), (6, 8), {"k": 2}))(x)
    assert torch.equal(out[0, 4], x[0, :, 2:4, 2:4].flatten())


def test_drop_path_drops_whole_samples() -> None:
    layer: Any = built(Case("drop_path", (IMAGE,), IMAGE.shape))
    x = torch.ones(64, 2, 2, 2, dtype=torch.float64)
    layer.probability = 0.75
    out = layer(x).flatten(1)
    assert {float(v) for v in out.flatten()} == {0.0, 4.0}
    assert all(len(set(row.tolist())) == 1 for row in out)
    assert torch.equal(layer.eval()(x), x)


def test_source_is_one_of_two_kinds() -> None:
    for case in CASES:
        literals = {name: repr(value) for name, value in case.values.items()}
        code = OPS[case.op].source(literals, case.inputs, tuple("c_in" for _ in case.inputs))
        assert isinstance(code, Constructor | Expression)
        assert "\n" not in code.text
