"""Strategies: second order against a case solved by hand and against real steps; every strategy everywhere."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch
from shipped import SPACES as SHIPPED
from shipped import Shipped
from supernets import images, space_of
from torch import Tensor
from torch.nn import functional as F

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import Draw
from hypercuboid.pipeline import Space, load_from_text
from hypercuboid.search.blackbox import BLACK_BOX
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies import STRATEGIES, Batch, Moment, Setting, Strategy, make_strategy
from hypercuboid.search.strategies.bilevel import Bilevel
from hypercuboid.search.strategies.second_order import FiniteDifference, SecondOrder
from hypercuboid.search.strategies.single_level import SingleLevel

LINEAR = """hypercuboid 1
use std.ops { linear }
space S() on x: vector(4) {
  out x -> choose op { one: linear(3), other: linear(3) }
}
"""
RECIPE = Recipe(epochs=2, batch=8, lr=0.3, lr_min=0.3, alpha_lr=0.01)
KINDS = ["multichannel", "nested", "shared cell", "block of chains", "fabric", "recurrent language model"]


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def halves(space: Space, count: int = 4) -> tuple[Batch, Batch]:
    """A batch for each half, float64, with the classes that the output has."""
    x = images(space, count)
    output = space.elaborated.definition.body.type
    *places, classes = output.shape if output.kind != "image" else (*output.shape[1:], output.shape[0])
    y = torch.arange(count * math.prod(places)).view(count, *places) % classes
    return (x, y), (x.flip(0) if x.dtype == torch.int64 else x.flip(0) * 0.7 + 0.1, (y + 1) % classes)


def double(space: Space, weighting: str = "scalar") -> Supernet:
    supernet = space.supernet(weighting, seed=5).double()
    with torch.no_grad():
        for number, alpha in enumerate(supernet.alphas()):
            alpha.copy_(torch.arange(alpha.numel(), dtype=torch.float64).add(number).cos().view(alpha.shape))
    return supernet


def alpha_gradients(strategy: Bilevel, training: Batch, validation: Batch) -> list[Tensor]:
    weighed = strategy.supernet.weigh(Draw())
    return [one.detach() for one in strategy.alpha_gradients(validation, training, weighed, "here")[0]]


def test_second_order_is_the_case_solved_by_hand() -> None:
    """A sum of two linear layers under softmax weights c: every derivative written out.

    w' = w - r (dL/dw + d w), logits' of validation = sum_i c_i (W'_i v + b'_i), and through W'_i the logits depend on
    c once more: dW'_i/dc_k = -r [i = k] g x^T - r c_i dp/dc_k x^T with g = p - e and dp/dc_k = (diag p - p p^T) z_k.
    """
    supernet = double(load_from_text(LINEAR))
    x, v = np.array([0.5, -1.0, 2.0, 0.3]), np.array([1.5, 0.2, -0.7, 1.0])
    strategy = SecondOrder(supernet, RECIPE)
    training = (torch.from_numpy(x)[None], torch.tensor([1]))
    validation = (torch.from_numpy(v)[None], torch.tensor([2]))
    (found,) = alpha_gradients(strategy, training, validation)

    modules = list(supernet.instances.values())
    layers = [[getattr(module, name).detach().numpy() for name in ("weight", "bias")] for module in modules]
    rate, decay = 0.3, RECIPE.weight_decay
    alpha = supernet.alphas()[0].detach().numpy()
    c = np.exp(alpha) / np.exp(alpha).sum()
    z = [weight @ x + bias for weight, bias in layers]
    p = _softmax(c[0] * z[0] + c[1] * z[1])
    g = p - np.eye(3)[1]
    ahead = [
        ((1 - rate * decay) * w - rate * ci * np.outer(g, x), (1 - rate * decay) * b - rate * ci * g)
        for ci, (w, b) in zip(c, layers, strict=True)
    ]
    outputs = [weight @ v + bias for weight, bias in ahead]
    p_ahead = _softmax(c[0] * outputs[0] + c[1] * outputs[1])
    both = x @ v + 1
    by_c = []
    for k in range(2):
        dp = (np.diag(p) - np.outer(p, p)) @ z[k]
        through = -rate * both * np.sum([c[i] * ((i == k) * g + c[i] * dp) for i in range(2)], axis=0)
        by_c.append((p_ahead - np.eye(3)[2]) @ (outputs[k] + through))
    wanted = c * (np.array(by_c) - c @ np.array(by_c))
    assert np.allclose(found.numpy(), wanted, rtol=0, atol=1e-13)


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers: np.ndarray = np.exp(logits - logits.max())
    powers /= powers.sum()
    return powers


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("name", ["multichannel", "nested", "darts"])
def test_second_order_is_the_derivative_of_a_step_taken_for_real(name: str, momentum: float) -> None:
    """Along one direction of alphas: central differences of the validation loss after SGD has taken its step.

    The reach is small, so that no activation crosses a kink between the two.
    """
    space, recipe = space_of(name), RECIPE.model_copy(update={"lr": 0.01, "lr_min": 0.01, "momentum": momentum})
    training, validation = halves(space)
    strategy = SecondOrder(double(space), recipe)
    strategy.weight_step(validation, "before")  # momentum to look ahead with
    gradients = alpha_gradients(strategy, training, validation)
    directions = [torch.arange(one.numel(), dtype=torch.float64).sin().view(one.shape) for one in gradients]
    wanted = float(sum((one * way).sum() for one, way in zip(gradients, directions, strict=True)))
    reach = 1e-8
    up, down = (_loss_after_a_step(strategy, training, validation, directions, s * reach) for s in (1, -1))
    assert (up - down) / (2 * reach) == pytest.approx(wanted, rel=1e-5)


def _loss_after_a_step(
    strategy: SecondOrder, training: Batch, validation: Batch, directions: list[Tensor], by: float
) -> float:
    moved = copy.deepcopy(strategy)
    with torch.no_grad():
        for alpha, way in zip(moved.supernet.alphas(), directions, strict=True):
            alpha.add_(way, alpha=by)
    with torch.no_grad():
        coefficients = moved.supernet.coefficients()
    loss = F.cross_entropy(moved.supernet(training[0], coefficients=coefficients), training[1])
    for weight, gradient in zip(
        moved.weights, torch.autograd.grad(loss, moved.weights, materialize_grads=True), strict=True
    ):
        weight.grad = gradient
    moved.weight_optimizer.step()
    with torch.no_grad():
        return float(F.cross_entropy(moved.supernet(validation[0], coefficients=coefficients), validation[1]))


def test_finite_differences_as_darts_takes_them_agree_where_nothing_has_kinks() -> None:
    assert _apart(load_from_text(LINEAR), FiniteDifference.reach) < 1e-5


@pytest.mark.parametrize("name", ["multichannel", "nested", "shared cell"])
def test_finite_differences_of_a_small_reach_agree_with_the_exact_product(name: str) -> None:
    assert _apart(space_of(name), 1e-8) < 1e-4


def _apart(space: Space, reach: float) -> float:
    """The distance of the two gradients over the part of them that second order adds."""
    training, validation = halves(space)
    recipe = RECIPE.model_copy(update={"lr": 0.03, "lr_min": 0.03})
    exact, near, first = (made(double(space), recipe) for made in (SecondOrder, FiniteDifference, Bilevel))
    assert isinstance(near, FiniteDifference)
    near.reach = reach
    one, other, without = (
        torch.cat([g.reshape(-1) for g in alpha_gradients(strategy, training, validation)])
        for strategy in (exact, near, first)
    )
    return float((one - other).norm() / (one - without).norm())


@pytest.mark.parametrize("made", [SecondOrder, FiniteDifference])
def test_an_architecture_step_of_second_order_moves_alphas_alone(made: type[SecondOrder]) -> None:
    space = space_of("multichannel")
    training, validation = halves(space)
    strategy = made(double(space), RECIPE)
    before = {name: value.clone() for name, value in strategy.supernet.state_dict().items()}
    strategy.alpha_step(validation, "here", training=training)
    moved = [name for name, value in strategy.supernet.state_dict().items() if not torch.equal(value, before[name])]
    assert moved == ["alpha:h"]


def test_single_level_steps_both_on_one_gradient_of_the_training_batch() -> None:
    space = space_of("multichannel")
    training, validation = halves(space)
    one, other = SingleLevel(double(space), RECIPE), double(space)
    pair = one.step(training, validation, Moment())
    loss = F.cross_entropy(other(training[0]), training[1])
    assert pair.weights.loss == pytest.approx(loss.item(), abs=1e-12)
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(other.weights(), RECIPE.clip)
    torch.optim.SGD(other.weights(), lr=0.3, momentum=0.9, weight_decay=3e-4).step()
    torch.optim.Adam(other.alphas(), lr=0.01, betas=(0.5, 0.999), weight_decay=1e-3).step()
    theirs = other.state_dict()
    for name, value in one.supernet.state_dict().items():
        assert torch.allclose(value, theirs[name], rtol=0, atol=1e-12), name


def test_an_unknown_strategy_is_refused_with_a_suggestion() -> None:
    with pytest.raises(HypercuboidError, match="unknown strategy `second-order`") as caught:
        make_strategy("second-order", setting(space_of("nested")))
    assert caught.value.diagnostics[0].help == "did you mean `second_order`?"


# ---------------------------------------------------------------- every strategy on every kind of space


GRADIENTS = [name for name in STRATEGIES if name not in BLACK_BOX]
"""Black-box strategies need data to score on: tests/test_shared_weights.py has them."""


def setting(space: Space, recipe: Recipe = RECIPE) -> Setting:
    supernet = double(space)
    return Setting(space.graph, recipe, None, torch.device("cpu"), lambda decided: space.graph, lambda graph: supernet)  # type: ignore[arg-type]


def two_steps(strategy: Strategy, space: Space) -> None:
    training, validation = halves(space)
    strategy.begin_epoch(1)
    for step in (1, 2):
        torch.manual_seed(step)
        pair = strategy.step(training, validation, Moment(1, step, RECIPE.draw(step, 2)))
        assert all(np.isfinite(one.loss) and one.count > 0 for one in (pair.weights, pair.alphas))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", GRADIENTS)
def test_two_steps_move_the_alphas_and_go_on_from_a_checkpoint(name: str, kind: str) -> None:
    space = space_of(kind)
    one, other = (make_strategy(name, setting(space)) for _ in range(2))
    supernet = one.supernet
    assert supernet is not None
    start = [alpha.clone() for alpha in supernet.alphas()]
    two_steps(one, space)
    assert any(not torch.equal(a, b) for a, b in zip(start, supernet.alphas(), strict=True))
    other.restore({name: value.clone() for name, value in one.tensors().items()}, one.state())
    for strategy in (one, other):
        two_steps(strategy, space)
    mine, theirs = one.tensors(), other.tensors()
    assert mine.keys() == theirs.keys()
    assert all(torch.equal(mine[key], theirs[key]) for key in mine)
    assert one.found().selection.decided == other.found().selection.decided


@pytest.mark.long
@pytest.mark.parametrize("shipped", SHIPPED, ids=str)
@pytest.mark.parametrize("name", GRADIENTS)
def test_every_strategy_on_every_shipped_space(name: str, shipped: Shipped) -> None:
    space = shipped.load()
    strategy = make_strategy(name, setting(space))
    two_steps(strategy, space)
    assert strategy.found().selection.decided
