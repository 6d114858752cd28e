"""Deciding only part gives a smaller space, keeping several a multi-path model: counted, searched, drawn, selected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from graph_spaces import all_architectures, program

from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.model import Model
from hypercuboid.pipeline import Space, load_from_text

FILE = Path(__file__).parent / "programs" / "partial.hc"

ARCHITECTURES = {
    # state 4 after two steps, the first with Flex; then 1 + 1 ways to each of 2 states, as `half` is decided, and 2 + 1
    "FirstSteps": 2 * (1 + 1) * (2 * 3) * 2,
    # from 4: one way into the middle; from 8: two ways of Flex; into state 8 of both kept steps
    "SeveralInTheMiddle": 2 * 3 * 1 * 6 + 2 * 3 * 2 * 2 * 6,
    # from 8 two open steps; the last one is kept: one way from state 4, from 8 two of which Flex has the choice
    "SeveralAtTheEnds": 6 * (3 + 3 * 2),
    # from 8: two kernels to each of 2 states, then two into state 8, the only one that is read
    "FirstOfTrellis": 4 * 2,
    "HalfACell": 2 * 2,
    "ShortChain": 2 * 3 * 2,
    "BothLengths": 2 * 3**3 * 2 * 2,
    "TwoRoads": 2 + 2 * 2 + 2 * 3,
    "OneKernel": 3 * 2,
    "BothKernels": 3,
    "TwoNets": 2 * 2,
}


def partial(name: str) -> Space:
    return program("partial.hc", name)


def whole(name: str) -> Space:
    return partial(partial(name).elaborated.space)


def some_weights(space: Space, seed: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {d.name: np.where(d.declared(), generator.random(d.shape), 0.0) for d in space.graph.decisions}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_what_is_left_is_counted_exactly(name: str) -> None:
    space = partial(name)
    counts = space.counts()
    found = [one.counts().params or 0 for one in all_architectures(space)]
    assert counts.architectures == len(found) == ARCHITECTURES[name]
    assert counts.additive
    assert counts.params_range == (min(found), max(found))
    assert space.elaborated.kind == "space"


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_smaller_supernet_is_a_part_of_the_whole_one(name: str) -> None:
    ours, theirs = partial(name).supernet(), whole(name).supernet()
    assert sum(weight.numel() for weight in ours.weights()) == partial(name).counts().params
    own = {key: value.shape for key, value in ours.state_dict().items() if not key.startswith("alpha:")}
    known = {key: value.shape for key, value in theirs.state_dict().items()}
    assert own and own.items() <= known.items()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_what_is_found_in_it_is_an_architecture_of_the_whole(name: str) -> None:
    space, larger = partial(name), whole(name)
    assert larger.architecture(space.text).graph.hash == space.graph.hash
    for seed in range(4):
        found = space.select(some_weights(space, seed))
        again = larger.architecture(found.text)
        assert again.elaborated.kind == "architecture"
        assert again.graph.hash == found.graph.hash
        assert again.counts() == found.counts()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_it_contains_what_it_holds_and_nothing_else_of_the_whole(name: str) -> None:
    space, larger = partial(name), whole(name)
    for seed in range(2):
        found = larger.architecture(space.select(some_weights(space, seed)).text)
        assert space.contains(found).contained
    outside = [one for one in larger.sample(12, seed=0) if not space.contains(one).contained]
    alike = name == "TwoRoads"  # one op everywhere: other picks may give the same network
    inside = {one.graph.hash for one in all_architectures(space)} if not alike else set()
    assert outside
    assert not any(one.graph.hash in inside for one in outside)


@pytest.mark.parametrize("name", ["ThreePaths", "WholeCell", "AllNets"])
def test_several_kept_side_by_side_are_their_sum(name: str) -> None:
    """Kept alternatives have coefficient 1: the model equals the supernet with ones where something is kept."""
    from hypercuboid.network.kept import kept_masks

    space, larger = partial(name), whole(name)
    supernet = larger.supernet(seed=3).double().train()
    searching = larger.architecture(space.text)
    model = Model(_searching(searching)).double().train()
    assert model.inherit(supernet.state_dict()) == ()
    kept = kept_masks(larger.graph.decisions, space.elaborated.decided)
    ones = {key: torch.from_numpy(mask).double() for key, mask in kept.items()}
    x = torch.cos(0.37 * torch.arange(2 * 64, dtype=torch.float64)).reshape(2, 1, 8, 8)
    output: Any = model(x)
    assert torch.allclose(output, supernet(x, coefficients=ones, kept=kept), rtol=0, atol=1e-12)
    assert float(output.detach().abs().max()) > 1e-3


def _searching(space: Space) -> Any:
    from hypercuboid.frontend.elaborate import elaborate

    return elaborate(space.request, searching=True)


@pytest.mark.parametrize(
    "name", ["SeveralInTheMiddle", "FirstOfTrellis", "HalfACell", "ShortChain", "TwoRoads", "OneKernel", "TwoNets"]
)
def test_the_commands_search_select_and_draw_it(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str(tmp_path / "run")
    given = ["--data", "digits", "--epochs", "1", "--batch", "300", "--quiet", "--threads", "1", "--device", "cpu"]
    _command("search", f"{FILE}:{name}", *given, "--run", run)
    _command("select", run)
    shown = capsys.readouterr().out
    text = (tmp_path / "run" / "arch.hc").read_text(encoding="utf-8")
    assert text.strip().splitlines()[-1] in shown
    found = whole(name).architecture(text)
    assert found.elaborated.kind == "architecture"
    _command("render", f"{FILE}:{name}", "-o", str(tmp_path / "space.svg"))
    _command("render", run, "-o", str(tmp_path / "run.svg"))
    _command("report", run, "-o", str(tmp_path / "report.html"))
    _command("generate", run, "-o", str(tmp_path / "model.py"))
    assert (tmp_path / "space.svg").read_text(encoding="utf-8").startswith("<")
    assert f"class {found.name}" in (tmp_path / "model.py").read_text(encoding="utf-8")


def _command(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code in (0, None)


TERMS = """hypercuboid 1
use std.ops { conv, gap, linear, relu, tanh }
space S() on x: image(3, 8, 8) {
  node y[i in 0..3] = x -> conv(4)
  node n = sum top 2 j in 0..3 { y[j] -> choose op { a: relu, b: tanh, c: conv(4) } -> tanh }
  out n -> gap -> linear(2)
}
"""


def test_alternatives_of_one_term_kept_together_are_added_inside_the_term() -> None:
    """As written by hand: the term goes on with the sum of what it keeps; what no term reads is not built."""
    found = load_from_text(TERMS).architecture("arch A of S() { keep n.op = [1: c, 1: a, 2: b] }")
    model = Model(found.elaborated).double().eval()
    weights = {name: tensor.double() for name, tensor in model.state_dict().items()}
    x = torch.linspace(-2, 2, 3 * 64, dtype=torch.float64).reshape(1, 3, 8, 8)
    first, second = (torch.nn.functional.conv2d(x, weights[f"y[{i}].conv.weight"]) for i in (1, 2))
    inner = next(tensor for name, tensor in weights.items() if name.startswith("n[1]") and name.endswith("weight"))
    both = torch.tanh(torch.nn.functional.conv2d(first, inner) + torch.relu(first)) + torch.tanh(torch.tanh(second))
    wanted = both.mean((2, 3)) @ weights["linear.weight"].T + weights["linear.bias"]
    assert torch.allclose(model(x), wanted, rtol=0, atol=1e-12)
    assert "keep n.op = [1: c, 1: a, 2: b]" in found.text
    assert load_from_text(TERMS).architecture(found.text).graph.hash == found.graph.hash


@pytest.mark.parametrize("kept", ["pick n.op = [1: a, 1: b]", "keep n.op = [1: a, 2: c, 1: a]"])
def test_an_alternative_of_a_term_is_kept_once(kept: str) -> None:
    with pytest.raises(HypercuboidError, match="term 1 is picked twice"):
        load_from_text(TERMS).architecture(f"arch A of S() {{ {kept} }}").counts()
