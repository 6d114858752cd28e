"""The benchmark of known accuracies: the table itself, regrets and rankings by hand, the command and its page."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from hypercuboid.benchmarking.effects import effects, predicted
from hypercuboid.benchmarking.ranking import rankings
from hypercuboid.benchmarking.regret import BY_RULE, Regrets, compare, measure, merged, methods
from hypercuboid.benchmarking.table import Table, nas_bench_macro
from hypercuboid.cli.main import main
from hypercuboid.graph.selection import RULES
from hypercuboid.pipeline import load
from hypercuboid.resources import resource
from hypercuboid.runs.comparisons import sign_flip_test
from hypercuboid.search.blackbox import BLACK_BOX, black_box
from hypercuboid.search.blackbox.random_search import RandomSearch

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def table() -> Table:
    return nas_bench_macro()


def published() -> dict[str, tuple[int, int, float]]:
    with (ROOT / "tests" / "golden" / "nas_bench_macro.csv").open(encoding="utf-8", newline="") as file:
        return {r["arch"]: (int(r["params"]), int(r["flops"]), float(r["mean_acc"])) for r in csv.DictReader(file)}


def test_the_table_is_the_published_one(table: Table) -> None:
    """Digits of a number, the first decision lowest, are the published string."""
    rows = published()
    assert len(rows) == len(table.accuracies) == table.graph.numbering.count == 6561
    for number in range(6561):
        string = "".join(str(number // 3**i % 3) for i in range(8))
        assert table.score(number) == pytest.approx(rows[string][2], abs=1e-9)
    assert table.best == 93.1267
    assert table.regret(93.0) == pytest.approx(0.1267, abs=1e-9)


def test_numbers_are_those_of_the_notation(table: Table) -> None:
    space = load(resource("spaces", "nas_bench_macro.hc"), "NASBenchMacro")
    for string in ("22212202", "00000001", "10000000", "21020112"):
        decided = space.read_notation("nas-bench-macro", string).request.binding
        assert table.score(table.number(decided)) == pytest.approx(published()[string][2], abs=1e-9)


def test_random_search_has_the_regret_that_it_must_have(table: Table) -> None:
    """The expected best of n without replacement, exact from the sorted table, is in the interval of 40 seeds."""
    rows = {one.evaluations: one.values for one in measure(table, ["random"], [10, 50], 40)}
    losses = np.sort(table.best - table.accuracies)
    for count, values in rows.items():
        tail = np.exp(np.cumsum(np.log([(6561 - count - i) / (6561 - i) for i in range(6561 - count)])))
        expected = float(np.sum(np.diff(losses, prepend=0.0)[1 : len(tail) + 1] * tail) + losses[0])
        error = np.std(values, ddof=1) / np.sqrt(len(values))
        assert abs(np.mean(values) - expected) < 4.5 * error


def test_methods_are_compared_by_seed(table: Table) -> None:
    names = ["random", "evolution", f"{BY_RULE}max-score"]
    found = list(measure(table, names, [30, 60], 5))
    assert [(one.method, one.evaluations) for one in found] == [(n, c) for n in names for c in (30, 60)]
    assert all(len(one.values) == 5 and min(one.values) >= 0 for one in found)
    by_name = {(one.method, one.evaluations): one for one in found}
    assert all(a >= b for a, b in zip(by_name["evolution", 30].values, by_name["evolution", 60].values, strict=True))
    optimiser = black_box("random", table.graph, 4)
    looked_up = [table.score(optimiser.ask()) for _ in range(60)]
    assert by_name["random", 60].values[4] == pytest.approx(table.best - max(looked_up), abs=1e-9)
    raw = {
        (one.method, one.evaluations): sign_flip_test(
            [a - b for a, b in zip(one.values, by_name["random", one.evaluations].values, strict=True)]
        )
        for one in found
        if one.method != "random"
    }
    for one in compare(found):
        assert one.low <= one.mean <= one.high
        assert (one.p is None) == (one.method == "random")
        assert one.p is None or raw[one.method, one.evaluations] <= one.p <= 1
    assert min(one.p for one in compare(found) if one.p is not None) == pytest.approx(min(1.0, 4 * min(raw.values())))


def test_a_comparison_by_hand() -> None:
    rows = [Regrets("random", 5, (0.3, 0.2, 0.4)), Regrets("better", 5, (0.1, 0.0, 0.1))]
    random, better = compare(rows)
    assert (random.difference, random.p, random.found) == (0.0, None, 0)
    assert better.difference == pytest.approx(-0.7 / 3)
    assert (better.p, better.found, better.seeds) == (2 / 8, 1, 3)


def test_rules_that_select_alike_are_one_method() -> None:
    rows = [Regrets("random", n, (n, 2.0)) for n in (3, 5)] + [Regrets("evolution", n, (n, 2.0)) for n in (3, 5)]
    rows += [Regrets(f"{BY_RULE}{name}", n, (n, 1.0)) for name in ("a", "b") for n in (3, 5)]
    rows += [Regrets(f"{BY_RULE}c", 3, (3, 1.0)), Regrets(f"{BY_RULE}c", 5, (0.5, 1.0))]
    found = [(one.method, one.evaluations, one.values) for one in merged(rows)]
    assert [one[:2] for one in found] == [
        (name, n) for name in ("random", "evolution", "rule a, b", "rule c") for n in (3, 5)
    ]
    assert [one[2] for one in found][4:] == [(3, 1.0), (5, 1.0), (3, 1.0), (0.5, 1.0)]


def test_all_strategies_and_rules_are_compared() -> None:
    names = methods(list(BLACK_BOX))
    assert names[0] == "random" and len(names) == len(set(names))
    assert set(names) == {*BLACK_BOX, *(f"{BY_RULE}{rule}" for rule in RULES)}


def test_effects_of_an_additive_table_are_exact(table: Table) -> None:
    """Of scores that are sums over decisions, effects from 60 architectures predict all others."""
    generator = np.random.default_rng(1)
    values = {one.name: generator.random(one.shape) for one in table.graph.decisions}
    scores = predicted(table.graph, values, table.kept)
    drawn = RandomSearch(table.graph, 3)
    some = {number: float(scores[number]) for number in (drawn.ask() for _ in range(60))}
    found = effects(table.graph, some)
    assert all((weights >= 0).all() for weights in found.values())
    others = predicted(table.graph, found, table.kept)
    assert np.ptp(scores - others) < 1e-9


def test_rankings_are_kendalls(table: Table) -> None:
    rows = published()
    strings = list(rows)
    found = {(one.order, one.evaluations): one for one in rankings(table, [40, 120], 3)}
    for what, place in (("params", 0), ("macs", 1)):
        tau = stats.kendalltau([rows[s][place] for s in strings], [rows[s][2] for s in strings]).statistic
        assert found[f"more {what}", None].tau == pytest.approx(float(tau), abs=1e-9)
    for order in ("effects", "reinforce"):
        few, many = found[order, 40], found[order, 120]
        assert few.low is not None and few.high is not None
        assert few.low <= few.tau <= few.high
        assert few.tau < many.tau


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["benchmark", *arguments])
    return int(ended.value.code or 0)


SHORT = ("nas-bench-macro", "--strategy", "evolution", "--evaluations", "20", "--seeds", "2")


def test_the_command_prints_tables_json_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*SHORT, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    named = [one["method"] for one in found["regret"]]
    assert named[:2] == ["random", "evolution"]
    assert sorted(name for one in named[2:] for name in one.removeprefix(BY_RULE).split(", ")) == sorted(RULES)
    assert run(*SHORT, "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["mean"]) for row in rows if row["table"] == "regret"] == [one["mean"] for one in found["regret"]]
    assert [float(row["tau"]) for row in rows if row["table"] == "ranking"] == [one["tau"] for one in found["ranking"]]
    assert run(*SHORT, "--quiet") == 0
    out, remarks = capsys.readouterr()
    assert "evolution" in out and f"{found['regret'][0]['mean']:.3f}" in out and not remarks


def test_an_unknown_benchmark_or_strategy_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("nas-bench-micro") == 2
    assert run("nas-bench-macro", "--strategy", "evolve", "--seeds", "2") == 1
    assert "error[HC7071]: unknown strategy `evolve`" in capsys.readouterr().err


@pytest.mark.long
def test_the_page_shows_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """All regrets in docs/benchmark.md, found again."""
    page = (ROOT / "docs" / "benchmark.md").read_text(encoding="utf-8")
    assert run("nas-bench-macro", "--json") == 0
    for one in json.loads(capsys.readouterr().out)["regret"]:
        row = re.search(rf"^\| {re.escape(one['method'])} \|.*$", page, re.MULTILINE)
        assert row is not None and f"{one['mean']:.3f} ({one['low']:.3f} to {one['high']:.3f})" in row.group()


def test_sharing_is_ranked_against_training_alone() -> None:
    """Three architectures, an epoch each: what is measured is what was trained, and taus are Kendall's."""
    from hypercuboid.benchmarking.sharing import Sharing, agreements
    from hypercuboid.data.base import DataSet, Split, load_data

    whole = load_data("digits")
    splits = {name: Split(split.x[:128], split.y[:128]) for name, split in whole.splits.items()}
    few = DataSet(whole.name, whole.input_type, whole.class_names, whole.mean, whole.std, splits)
    sharing = Sharing(few, sample=3, search_epochs=1, train_epochs=1)
    tried = sharing.run()
    assert [one.number for one in tried] == [RandomSearch(sharing.space().graph, 0)._order[i] for i in range(3)]
    assert all(one.shared.count == one.alone[0].count == 128 and one.alone[0] != one.alone[1] for one in tried)
    found = {(one.what, one.by): one for one in agreements(tried)}
    tau = stats.kendalltau([one.alone[0].loss for one in tried], [one.alone[1].loss for one in tried]).statistic
    assert found["another seed", "loss"].tau == pytest.approx(float(tau), abs=1e-12)
    assert all(-1 <= one.low <= one.tau <= one.high <= 1 for one in found.values())
