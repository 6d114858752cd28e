"""Measured times: what is measured, the file that holds them, and the latency of architectures as a sum over ops."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from graph_spaces import SMALL, all_architectures
from supernets import space_of
from test_cost_statistics import space_called

from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.grow import grow
from hypercuboid.graph.latencies import (
    Latencies,
    Row,
    Setting,
    candidate_latencies,
    latency_forest,
    ops_of,
    read_latencies,
    table_text,
)
from hypercuboid.network.expected_cost import ExpectedCost
from hypercuboid.network.kept import kept_masks
from hypercuboid.pipeline import Space
from hypercuboid.profiling import profile_ops

SETTING = Setting("cpu", torch.__version__, 1, 2, "both")
CPU = torch.device("cpu")


def numbered(space: Space, path: Path) -> Latencies:
    """A file of times that are all different, so that a sum says what was added."""
    rows = {}
    for number, op in enumerate(ops_of(space.graph)):
        text = op.key
        rows[text] = Row(
            device="cpu",
            torch="2",
            threads=1,
            batch=1,
            passes="forward",
            op=text.op,
            arguments=text.arguments,
            inputs=text.inputs,
            median=2.0**number,
            spread=0.5,
            repeats=3,
        )
    made = Latencies(str(path), rows)
    path.write_text(table_text(made), encoding="utf-8")
    return made


@pytest.mark.parametrize("name", ["Uneven", "States", "Kept", "Two", "SharedCell", "FlexSepConv"])
def test_an_architecture_takes_as_long_as_all_of_its_ops(name: str, tmp_path: Path) -> None:
    space, path = space_called(name), tmp_path / "ops.csv"
    times = numbered(space, path)
    costs = candidate_latencies(space.graph, path)
    assert costs is not None
    fixed, arrays = costs.of("nanoseconds")
    every = []
    for architecture in all_architectures(space):
        kept = kept_masks(space.graph.decisions, architecture.request.binding[len(space.request.binding) :])
        every.append(fixed + sum(int(arrays[decision][mask].sum()) for decision, mask in kept.items()))
        assert every[-1] == grow(architecture.graph.costs, times.price).settled.cost.nanoseconds
    expected = ExpectedCost(space.graph, "nanoseconds", latency_forest(space.graph, path)).uniform()
    assert min(every) <= expected <= max(every)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ops.csv"
    times = numbered(SMALL["States"](), path)
    assert read_latencies(path) == times


def test_only_what_is_missing_is_measured(tmp_path: Path) -> None:
    path, ops = tmp_path / "ops.csv", ops_of(SMALL["Uneven"]().graph)
    assert profile_ops(ops, path, SETTING, CPU, repeats=2) == len(ops)
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == len(ops) + 1
    assert profile_ops(ops, path, SETTING, CPU, repeats=2) == 0
    assert path.read_text("utf-8").splitlines() == lines
    path.write_text("\n".join([*lines[:3], *lines[5:]]) + "\n", encoding="utf-8")
    assert profile_ops(ops, path, SETTING, CPU, repeats=2) == 2
    after = path.read_text("utf-8").splitlines()
    assert [*after[:3], *after[5:]] == [*lines[:3], *lines[5:]]
    assert [line.split(",image")[0] for line in after] == [line.split(",image")[0] for line in lines]


@pytest.mark.parametrize(("name", "value"), [("threads", 2), ("batch", 4), ("passes", "forward"), ("torch", "1.0")])
def test_times_of_another_setting_are_not_added_to(name: str, value: object, tmp_path: Path) -> None:
    path, ops = tmp_path / "ops.csv", ops_of(SMALL["Uneven"]().graph)[:1]
    profile_ops(ops, path, SETTING, CPU, repeats=2)
    before = path.read_bytes()
    other = Setting(**{**SETTING.__dict__, name: value})
    with pytest.raises(HypercuboidError) as refused:
        profile_ops(ops, path, other, CPU, repeats=2)
    assert refused.value.diagnostics[0].code == "HC7103" and name in str(refused.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["recurrent language model", "nested", "multichannel"])
@pytest.mark.parametrize("passes", ["forward", "both"])
def test_every_op_of_a_space_can_be_measured(name: str, passes: str, tmp_path: Path) -> None:
    space, path = space_of(name), tmp_path / "ops.csv"
    ops = ops_of(space.graph)
    profile_ops(ops, path, Setting("cpu", torch.__version__, 1, 2, passes), CPU, repeats=2)
    rows = read_latencies(path).rows
    assert rows.keys() == {op.key for op in ops}
    assert all(row.median > 0 for row in rows.values())


def test_a_search_may_be_held_to_a_latency(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.hc").write_text(
        "hypercuboid 1\nuse std.ops { conv, gap, linear }\nspace S() on x: image(1, 8, 8) {\n"
        "  out x -> choose op { k1: conv(8), k3: conv(8, 3) } -> gap -> linear(10)\n}\n",
        encoding="utf-8",
    )
    commands = (
        "profile s.hc -o ops.csv --repeats 2 --quiet",
        "search s.hc --data digits --run run --quiet --epochs 1 --batch 256 --cost latency --latencies ops.csv",
    )
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main(command.split())
        assert ended.value.code == 0, capsys.readouterr().err
    recipe = json.loads(Path("run/config.json").read_text("utf-8"))["recipe"]
    assert (recipe["cost"], recipe["latencies"]) == ("latency", "ops.csv")
    assert "latency over all architectures" in capsys.readouterr().out
