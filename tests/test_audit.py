"""The audit of weightings: planted spaces that are truly equal, tests by hand, and the command on digits."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from supernets import ROOT

from hypercuboid.auditing.baselines import drawn, found, handmade, largest, number_of, smallest
from hypercuboid.auditing.design import PLANTED, PLANTED_FILE, Given
from hypercuboid.auditing.effects import comparisons, described, preferences, ranks, trained
from hypercuboid.auditing.numbers import Arm, Number, read_numbers, write_numbers
from hypercuboid.auditing.outcomes import ACCURACY, COMPARED, FOUND, measured
from hypercuboid.cli.audit import _work
from hypercuboid.cli.main import main
from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.pipeline import Architecture, Space, load, load_from_text, load_target
from hypercuboid.runs.comparisons import detectable
from hypercuboid.runs.intervals import bootstrap_interval
from hypercuboid.search.guards.capacity import capacity

FILE = str(ROOT / "spaces" / "multichannelnet.hc")
SMALL = ("-p", "filters=[2,4]", "-p", "reductions=1", "-p", "layers=2", "-p", "head=4")


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def test_a_quiet_audit_still_warns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a damaged checkpoint, say; that a weighting collapses is a result of an audit, no warning."""

    class Piece:
        """A piece of work that does nothing but warn."""

        steps, seed, arm = 1, 0, Arm("space", "condition", "name")

        def run(self, watch: Any, warn: Any) -> None:
            for code in ("HC7021", "HC7090"):
                warn(Diagnostic(code, "said", severity="warning"))

    monkeypatch.setattr("hypercuboid.auditing.work.share", lambda pieces, part, parts: pieces)
    _work([Piece()], (1, 1), quiet=True)  # type: ignore[list-item]
    assert capsys.readouterr().err == "warning[HC7021]: said\n"


def small_space() -> Space:
    return load(FILE, filters=[2, 4], reductions=1, layers=2, head=4, inputs=(1, 8, 8))


def architectures(space: Space) -> Iterator[Architecture]:
    for number in range(space.counts().architectures or 0):
        yield space._decided(architecture(space.graph, number), "A")


# Planted spaces


@pytest.mark.parametrize("weighting", ["scalar", "max_w", "sigmoid"])
def test_idle_alternatives_are_the_same_function(weighting: str) -> None:
    """Only the sum of a group's coefficients counts, and under scalar weights, whose sum is 1, nothing moves alphas."""
    supernet = load(PLANTED_FILE, "IdleParameters", inputs=(1, 6, 6)).supernet(weighting).double()
    x_nchw = torch.randn(3, 1, 6, 6, dtype=torch.float64)
    coefficients = {name: one.detach() for name, one in supernet.weigh().coefficients.items()}
    swapped = {name: one.flip(-1) for name, one in coefficients.items()}
    plain = supernet(x_nchw, coefficients=coefficients)
    torch.testing.assert_close(supernet(x_nchw, coefficients=swapped), plain, rtol=0, atol=1e-12)
    gradients = torch.autograd.grad(supernet(x_nchw).square().sum(), supernet.alphas())
    assert all((one.abs().max() < 1e-12) == (weighting == "scalar") for one in gradients)


@pytest.mark.parametrize("norm", [False, True])
def test_all_networks_of_linear_maps_can_be_every_affine_function(norm: bool) -> None:
    """They are affine, and what reaches the last layer determines every pixel: its rank is the number of pixels."""
    space, pixels = load(PLANTED_FILE, "LinearMaps", inputs=(1, 5, 5), norm=norm), 25
    base_nchw = torch.eye(pixels, dtype=torch.float64).reshape(pixels, 1, 5, 5)
    sizes = set()
    for one in architectures(space):
        network = one.model().double()
        network(torch.randn(8, 1, 5, 5, dtype=torch.float64))  # running statistics of batch norm
        network.eval()
        zero, there = network(0 * base_nchw[:1]), network(base_nchw)
        both = network(base_nchw[:-1] + 3 * base_nchw[1:])
        torch.testing.assert_close(both - zero, there[:-1] - zero + 3 * (there[1:] - zero), rtol=0, atol=1e-9)
        seen: list[torch.Tensor] = []
        (last,) = (module for module in network.modules() if isinstance(module, torch.nn.Linear))
        last.register_forward_pre_hook(lambda module, given, seen=seen: seen.append(given[0]))
        network(base_nchw), network(0 * base_nchw[:1])
        assert int(torch.linalg.matrix_rank(seen[0] - seen[1])) == pixels
        sizes.add(one.counts().params)
    assert len(sizes) == 5  # 0 to 4 convolutions


def test_planted_alternatives_differ_in_parameters_alone() -> None:
    for name, parameters in PLANTED.values():
        graph = load_target(PLANTED_FILE, name, parameters, ("1x14x14",)).graph
        assert graph.candidate_costs is not None
        own = graph.candidate_costs.of_own("params")
        assert [sorted(own[one.name].reshape(-1).tolist()) for one in graph.decisions] == [[0, 144]] * 4


# What is measured


def test_what_candidates_cost_by_themselves() -> None:
    """In a cuboid, by the formulas of the two ops; states bring stem and head, which are not theirs."""
    costs = small_space().graph.candidate_costs
    assert costs is not None
    own = costs.of_own("params")["h"][0]
    for layer, (i, c_in), (j, c_out) in itertools.product(range(2), enumerate((2, 4)), enumerate((2, 4))):
        separable = 9 * c_in + c_in * c_out + 2 * c_out + 9 * c_out + c_out * c_out + 2 * c_out
        pool = 0 if c_in == c_out else c_in * c_out + 2 * c_out
        assert own[layer, i, j].tolist() == [separable, pool]
    assert (costs.of("params")[1]["h"][0] > own).all()  # the first layer pays for the stem, the last one for the head


def test_the_lean_of_weights() -> None:
    """By hand: sizes 0 and 9 of one group; 10, 30 and 20 of the next; where all are equal nothing is said."""
    space = load_from_text(
        """hypercuboid 1
use std.ops { conv, gap, identity, linear, relu }
space S() on x: image(1, 4, 4) {
  node a = x -> choose first { wide: conv(1, 3), free: identity }
  node b = a -> choose second { relu: relu, same: identity }
  out b -> choose third { one: conv(10, 1), three: conv(10, 3) } -> gap -> linear(3)
}
"""
    )
    names = [one.name for one in space.graph.decisions]
    given = dict(zip(names, map(np.array, ([0.8, 0.2], [1.0, 0.0], [0.25, 0.75])), strict=True))
    decided = architecture(space.graph, 0)
    assert capacity(space.graph, decided, given)["params_lean"] == pytest.approx((0.6 + 0.5) / 2, abs=1e-15)
    uniform = {name: np.array([0.5, 0.5]) for name in names}
    assert capacity(space.graph, decided, uniform)["params_lean"] == 0.0


def test_windows_of_the_outcomes() -> None:
    """Of five epochs the first two are early; a mean is over what is early, and what is missing is left out."""
    lines: list[dict[str, Any]] = [
        {"free_mass": 0.1 * epoch, "params_lean": epoch, "entropy": None, "params": 10 * epoch} for epoch in range(1, 6)
    ]
    found = measured(lines)
    assert found["parameterised mass, early"] == pytest.approx(0.85)
    assert found["parameterised mass, last"] == pytest.approx(0.5)
    assert (found["lean, early"], found["lean, last"]) == (1.5, 5)
    assert (found["params of the best, early"], found["params of the best, last"]) == (15, 50)
    assert "entropy, last" not in found and "macs of the best, last" not in found


# Tests


@pytest.mark.parametrize(("effect", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_the_effect_that_can_be_detected(effect: float, pairs: int) -> None:
    """Published sample sizes of the paired t-test for small, medium and large effects at 5 % and a power of 80 %."""
    few, enough = detectable(2.0, pairs - 1, 0.05), detectable(2.0, pairs, 0.05)
    assert few is not None and enough is not None
    assert enough <= 2 * effect < few


def test_so_few_pairs_can_detect_nothing() -> None:
    """Of 8 pairs the least p is 1/128."""
    assert detectable(1.0, 8, 1 / 128) is not None
    assert detectable(1.0, 8, 1 / 129) is None
    assert detectable(1.0, 1, 1.0) is None
    assert detectable(0.0, 9, 0.05) == 0.0


NATURAL = ("natural", "as given")


def invented() -> list[Number]:
    """Two weightings under one condition, three seeds: the second leans to the large by 1, 2 and 3 more."""
    found = []
    for name, values in {"scalar": (-1.0, -2.0, -3.0), "max_w": (0.0, 0.0, 0.0)}.items():
        arm = Arm(*NATURAL, name)
        for seed, value in enumerate(values):
            found += [Number(arm, seed, "lean, early", value), Number(arm, seed, FOUND, 7.0)]
            found.append(Number(arm, seed, ACCURACY, 0.5 + 0.1 * seed))
    found += [Number(Arm(*NATURAL, "random"), seed, ACCURACY, value) for seed, value in enumerate((0.5, 0.65))]
    return found


def test_effects_by_hand() -> None:
    numbers = invented()
    first, second = preferences(numbers)
    assert (first.arm, first.mean, first.p, first.adjusted) == ("scalar", -2.0, 0.25, 0.5)
    assert (second.mean, second.p, second.adjusted) == (0.0, 1.0, 1.0)
    lean, accuracy = comparisons(numbers)
    assert (lean.arm, lean.against, lean.first, lean.second, lean.mean) == ("max_w", "scalar", 0.0, -2.0, 2.0)
    assert (lean.p, lean.adjusted, lean.seeds) == (0.25, 0.5, 3)
    assert (lean.low, lean.high) == bootstrap_interval([1.0, 2.0, 3.0])
    assert lean.detectable is None  # the least p of three pairs is 1/4
    assert (accuracy.mean, accuracy.p) == (0.0, 1.0)
    for one in ranks(numbers):  # 0.5 is as good as one of two random ones and better than none, 0.6 and 0.7 than one
        assert (one.seeds, one.against, one.second) == (3, "random", 0.5)
        assert one.first == pytest.approx((0.25 + 0.5 + 1) / 3)
        assert one.mean == pytest.approx(one.first - 0.5)
    first_trained = trained(numbers)[0]
    assert (first_trained.arm, first_trained.seeds, first_trained.least, first_trained.median) == (
        "scalar",
        3,
        0.5,
        0.6,
    )
    assert [(one.arm, one.seeds, one.architectures) for one in described(numbers)] == [
        ("scalar", 3, 1),
        ("max_w", 3, 1),
    ]


def test_the_family_is_as_large_as_what_is_compared() -> None:
    """All eleven outcomes: p is multiplied by 11, and 9 pairs reach 0.05 / 11 but 8 do not."""
    names = [*(one.name for one in COMPARED), ACCURACY]
    for seeds in (8, 9):
        numbers = []
        for name, outcome, seed in itertools.product(("scalar", "max_w"), (*names, FOUND), range(seeds)):
            value = float((name == "max_w") * (seed + 1)) if outcome == names[0] else 0.0
            numbers.append(Number(Arm(*NATURAL, name), seed, outcome, value))
        found = comparisons(numbers)
        assert len(found) == len(names) == 11
        assert found[0].p == 2 ** (1 - seeds) and found[0].adjusted == pytest.approx(11 * found[0].p)
        assert (found[0].detectable is None) == (seeds == 8)


def test_numbers_are_read_as_they_were_written(tmp_path: Path) -> None:
    numbers = [*invented(), Number(Arm("a, b", 'x="1"', "c"), 3, "lean, last", 0.1 + 0.2)]
    (tmp_path / "numbers.csv").write_text(write_numbers(numbers), encoding="utf-8")
    assert read_numbers(tmp_path / "numbers.csv") == numbers


def test_numbers_of_architectures_by_brute_force(tmp_path: Path) -> None:
    space = small_space()
    sizes = [one.counts().params or 0 for one in architectures(space)]
    most, least = largest(space), smallest(space)
    assert most is not None and least is not None
    assert (sizes[most], sizes[least]) == (max(sizes), min(sizes))
    for number, one in enumerate(architectures(space)):
        assert number_of(space, one.elaborated.decided) == number
    (tmp_path / "arch.hc").write_text(space._decided(architecture(space.graph, 11), "A").text, encoding="utf-8")
    assert found(space, tmp_path) == 11
    assert sorted(drawn(space, 1000)) == list(range(len(sizes)))


def test_the_handmade_architecture_is_one_of_the_space() -> None:
    whole = load(FILE, filters=[8, 16, 32], reductions=2, layers=2, head=64, inputs=(1, 14, 14))
    number = handmade(whole, Given(FILE, None), "SmallHandmade")
    assert whole._decided(architecture(whole.graph, number), "A").counts().params == 9906
    with pytest.raises(HypercuboidError):
        handmade(small_space(), Given(FILE, None), "SmallHandmade")


# The command


ASKED = ("--data", "digits", "--epochs", "1", "--batch", "300", "--weightings", "scalar,max_w", "--seeds", "2")
MORE = ("--only", "natural", "--train-epochs", "1", "--random", "3", "--threads", "1", "--quiet")


def audit(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["audit", *arguments])
    return int(ended.value.code or 0)


def test_an_audit_goes_on_and_its_numbers_are_those_of_an_unbroken_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One half of the work, then all of it; the tables again from the numbers; nothing is run twice."""
    given = (FILE, *SMALL, *ASKED, *MORE, "--device", "cpu")
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    assert audit(*given, "--run", str(broken), "--share", "2/2") == 0
    assert not (broken / "numbers.csv").exists()
    capsys.readouterr()
    assert audit(*given, "--run", str(broken), "--json") == 0
    tables = capsys.readouterr().out
    assert audit(*given, "--run", str(whole)) == 0
    assert "natural, as given: max_w against scalar, paired by seed" in capsys.readouterr().out
    numbers = read_numbers(whole / "numbers.csv")
    assert read_numbers(broken / "numbers.csv") == numbers
    assert audit(str(broken / "numbers.csv"), "--json") == 0
    assert capsys.readouterr().out == tables
    about = {one.arm.name for one in numbers if one.outcome == ACCURACY}
    assert about == {"scalar", "max_w", "random", "largest", "smallest"}
    before = {path: path.stat().st_mtime_ns for pattern in ("*.jsonl", "*.csv") for path in whole.rglob(pattern)}
    before.pop(whole / "numbers.csv")
    assert len(before) == 4 * 2 + 1  # metrics and weights of each search, trainings
    assert audit(*given, "--run", str(whole), "--csv") == 0
    assert capsys.readouterr().out == (whole / "numbers.csv").read_text(encoding="utf-8")
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_arms_are_paired(tmp_path: Path) -> None:
    """Two arms that differ in nothing but a name give the same numbers: one start, one order of the data."""
    given = (
        FILE,
        *SMALL,
        *ASKED,
        "--only",
        "natural",
        "--vary",
        "alpha_weight_decay=1e-3",
        "--threads",
        "1",
        "--quiet",
    )
    assert audit(*given, "--device", "cpu", "--run", str(tmp_path)) == 0
    found = read_numbers(tmp_path / "numbers.csv")
    values = {(one.arm.condition, one.arm.name, one.seed, one.outcome): one.value for one in found}
    for (condition, name, seed, outcome), value in values.items():
        assert values["as given", name, seed, outcome] == value, (condition, name, seed, outcome)
    configs = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("natural/as-given/*/seed-1/config.json"))]
    first, second = ({**one["recipe"], "weighting": ""} for one in configs)
    assert first == second and len({one["recipe"]["weighting"] for one in configs}) == 2


@pytest.mark.long
def test_jobs_make_the_same_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [FILE, *SMALL, *ASKED, "--only", "planted", "--threads", "1", "--quiet", "--device", "cpu"]
    given[given.index("--seeds") + 1] = "1"
    for name, jobs in {"one": "1", "two": "2"}.items():
        arguments = ["audit", *given, "--run", str(tmp_path / name), "--jobs", jobs]
        monkeypatch.setattr("sys.argv", ["hypercuboid", *arguments])
        assert audit(*arguments[1:]) == 0
    assert read_numbers(tmp_path / "one" / "numbers.csv") == read_numbers(tmp_path / "two" / "numbers.csv")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--vary", "batch=many"), "HC7111"),
        (("--vary", "batch"), "HC7111"),
        (("--weightings", "scaler"), "did you mean `scalar`"),
    ],
)
def test_what_cannot_be_audited(
    more: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(FILE, *SMALL, "--data", "digits", "--run", str(tmp_path), *more) == 1
    assert said in capsys.readouterr().err
