"""Partial channels: the plan by hand, what runs on how many channels, and which spaces do not allow it."""

from __future__ import annotations

import pytest
import torch
from counted import batch
from shipped import SPACES, Shipped
from supernets import inputs, space_of
from torch.nn import functional as F

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import WEIGHTINGS, Draw
from hypercuboid.pipeline import Space, load_from_text

SPACE = """hypercuboid 1
use std.ops {{ conv, dwconv, gap, max_pool, relu }}
space S() on x: image(8, 6, 6) {{
  out x -> choose op {{
    a: conv(8, 3, stride = {0}), b: max_pool(3, stride = {0}),
    c: relu -> dwconv(5, stride = {0})
  }} -> gap
}}
"""

REASONS = {
    "amoebanet.hc": "read 2 tensors",
    "attention.hc": "not images",
    "darts.hc": "",
    "fabric.hc": "several states",
    "mobilenetv2.hc": "channels",
    "multichannelnet.hc": "several states",
    "nas_bench_macro.hc": "channels",
    "nasnet.hc": "read 2 tensors",
    "new/cell.hc": "",
    "new/chain.hc": "channels",
    "new/cuboid.hc": "several states",
    "new/fabric.hc": "several states",
    "proxyless.hc": "channels",
    "regression.hc": "not images",
    "resolution.hc": "several states",
    "rnn_language_model.hc": "vectors",
    "segmentation.hc": "channels",
    "sharpdarts.hc": "",
    "sharpsepconv_darts.hc": "",
    "sharpsepconv_net.hc": "`groups = 8` does not divide 4 channels",
    "tabular.hc": "not images",
}
"""What is in the way of it on each shipped space; empty where nothing is."""


@pytest.mark.parametrize("stride", [1, 2])
def test_a_choice_is_the_mix_of_a_quarter_beside_the_rest_shuffled(stride: int) -> None:
    torch.set_num_threads(1)
    supernet = Supernet(load_from_text(SPACE.format(stride)).graph, seed=2, channels=4).double()
    x = torch.sin(torch.arange(2 * 8 * 36, dtype=torch.float64)).view(2, 8, 6, 6)
    state = supernet.state_dict()
    wide, deep = (next(v for k, v in state.items() if name in k) for name in (".conv", "dwconv"))
    assert (tuple(wide.shape), tuple(deep.shape)) == ((2, 2, 3, 3), (2, 1, 5, 5))
    part, rest = x[:, :2], x[:, 2:]
    values = [
        F.conv2d(part, wide, stride=stride, padding=1),
        F.max_pool2d(part, 3, stride, 1),
        F.conv2d(F.relu(part), deep, stride=stride, padding=2, groups=2),
    ]
    (w,) = (weight for weight in supernet.coefficients().values())
    mixed = torch.stack([weight * value for weight, value in zip(w.unbind(), values, strict=True)]).sum(0)
    passed = rest if stride == 1 else F.max_pool2d(rest, 2, 2)
    whole = torch.cat([mixed, passed], 1)
    shuffled = whole.view(2, 4, 2, *whole.shape[2:]).transpose(1, 2).reshape(whole.shape)
    assert torch.allclose(supernet(x), shuffled.mean((2, 3)), rtol=0, atol=1e-12)


QUICK_WEIGHTINGS = ("max_w", "gdas")
"""One that keeps everything and one that keeps a path."""


@pytest.fixture(scope="module")
def darts() -> tuple[Space, int]:
    """A small DARTS, and how many weights it has with all its channels."""
    space = space_of("darts")
    return space, sum(weight.numel() for weight in space.supernet().weights())


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=() if one in QUICK_WEIGHTINGS else pytest.mark.long) for one in WEIGHTINGS]
)
def test_every_weighting_goes_with_it(name: str, darts: tuple[Space, int]) -> None:
    torch.set_num_threads(1)
    space, whole = darts
    supernet = Supernet(space.graph, name, seed=1, channels=2).double()
    assert sum(weight.numel() for weight in supernet.weights()) < 0.7 * whole
    weighed = supernet.weigh(Draw(1, 2))
    output = supernet(*inputs(space), coefficients=weighed.coefficients, kept=weighed.kept)
    gradients = torch.autograd.grad(output.square().sum(), supernet.weights(), allow_unused=True)
    assert output.shape == (4, 10)
    assert (weighed.kept is None) == all(gradient is not None for gradient in gradients)


LONG = ("sharpdarts.hc", "sharpsepconv_darts.hc", "imagenet=true")
"""Large networks of the kind of DARTS, which is run too."""


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(one, id=str(one), marks=[pytest.mark.long] * any(part in str(one) for part in LONG))
        for one in SPACES
    ],
)
def test_which_spaces_allow_it_and_what_is_in_the_way(case: Shipped) -> None:
    space = case.load()
    reason = REASONS[str(case).split(":")[0]]
    if not reason:
        assert Supernet(space.graph, channels=2)(*batch(space, 2, "cpu")).shape == (2, 10)
        return
    with pytest.raises(HypercuboidError, match="partial channels do not fit here") as caught:
        Supernet(space.graph, channels=2)
    (found,) = caught.value.diagnostics
    assert found.code == "HC7065" and found.span is not None
    assert reason in found.message


BODIES = {
    "a: conv(8), b: conv(8) -> conv(6) -> conv(8)": "4 does not divide the 6 channels of this `conv`",
    "a: conv(8), b: conv(8, 3, groups = 4)": "with 1/4 of its channels, `groups = 4` must divide",
    "a: conv(8, stride = 4), b: conv(8, 3, stride = 4)": "neither its resolution nor half of it",
    "a: conv(16), b: conv(16, 3)": "it takes 8 channels and gives 16",
}


@pytest.mark.parametrize("body", BODIES)
def test_what_does_not_divide_is_refused_at_its_place(body: str) -> None:
    text = (
        "hypercuboid 1\nuse std.ops { conv, gap }\n"
        f"space S() on x: image(8, 8, 8) {{ out x -> choose op {{ {body} }} -> gap }}\n"
    )
    with pytest.raises(HypercuboidError) as caught:
        Supernet(load_from_text(text).graph, channels=4)
    (found,) = caught.value.diagnostics
    assert BODIES[body] in found.message
    assert found.span is not None and found.span.line == 3
    even = load_from_text(text.replace(body, "a: conv(8), b: conv(8, 3)"))
    assert sum(weight.numel() for weight in Supernet(even.graph, channels=4).weights()) == 2 * 2 * (1 + 9)
