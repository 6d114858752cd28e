"""NaN and infinity wherever they come in: seen in that step, and named with its place in the source."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import load_from_text
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.bilevel import Bilevel

TEXT = """hypercuboid 1
use std.ops { conv, bn, gap, linear, relu }
space S() on x: image(1, 8, 8) {
  node a = x -> conv(4, 3) -> bn
  out a -> choose { one: conv(4, 1) -> relu, three: conv(4, 3) -> relu } -> gap -> linear(10)
}
"""
PARAMETER, BUFFER = "a.conv.weight", "a.bn.running_mean"


def searched() -> Bilevel:
    torch.manual_seed(0)
    return Bilevel(load_from_text(TEXT).supernet(), Recipe())


def batch() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(8, 1, 8, 8, generator=generator), torch.arange(8)


def poison(tensor: Tensor, value: float) -> None:
    tensor.detach().reshape(-1)[0] = value


def an_input(bilevel: Bilevel, value: float) -> None:
    x, y = batch()
    poison(x, value)
    bilevel.weight_step((x, y), "step 1")


def an_op(bilevel: Bilevel, value: float) -> None:
    """A convolution whose output overflows, from weights and inputs that are finite."""
    with torch.no_grad():
        bilevel.supernet.get_parameter(PARAMETER).fill_(3e38 if value > 0 else -3e38)
    bilevel.weight_step(batch(), "step 1")


def a_gradient(bilevel: Bilevel, value: float) -> None:
    hooked = bilevel.supernet.get_parameter(PARAMETER)
    hooked.register_hook(lambda gradient: torch.full_like(gradient, value))  # type: ignore[no-untyped-call]
    bilevel.weight_step(batch(), "step 1")


def an_alpha(bilevel: Bilevel, value: float) -> None:
    poison(bilevel.architecture.alphas[0], value)
    bilevel.alpha_step(batch(), "step 1")


def a_statistic(bilevel: Bilevel, value: float) -> None:
    poison(bilevel.supernet.get_buffer(BUFFER), value)
    bilevel.weight_step(batch(), "step 1")


def an_optimizer(bilevel: Bilevel, value: float) -> None:
    bilevel.weight_step(batch(), "step 0")
    poison(bilevel.weight_optimizer.state[bilevel.supernet.get_parameter(PARAMETER)]["momentum_buffer"], value)
    bilevel.weight_step(batch(), "step 1")


CASES = [
    (an_input, "`the input`", None),
    (an_op, "the output of `a.conv`", "conv(4, 3)"),
    (a_gradient, f"the gradient of `{PARAMETER}`", "conv(4, 3)"),
    (an_alpha, "`alpha:out/choice`", None),
    (a_statistic, f"`{BUFFER}`", "bn"),
    (an_optimizer, f"`{PARAMETER}`", "conv(4, 3)"),
]


@pytest.mark.parametrize("value", [float("nan"), float("inf")], ids=str)
@pytest.mark.parametrize(("act", "first", "place"), CASES, ids=[case[0].__name__ for case in CASES])
def test_it_is_seen_in_that_step_with_its_place(
    act: Callable[[Bilevel, float], None], first: str, place: str | None, value: float
) -> None:
    with pytest.raises(HypercuboidError, match="step 1") as caught:
        act(searched(), value)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "HC7041"
    assert diagnostic.notes == (f"not finite first: {first}",)
    assert (None if diagnostic.span is None else diagnostic.span.text) == place


def test_a_whole_step_is_let_through() -> None:
    bilevel = searched()
    assert bilevel.alpha_step(batch(), "step 1").count == bilevel.weight_step(batch(), "step 1").count == 8
    assert isinstance(bilevel.supernet, Supernet)
