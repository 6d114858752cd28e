"""`plan`: memory predicted without running anything, against torch's own account; the largest batch; the command."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
import torch
from native_kernel import need_kernel
from torch import nn

from hypercuboid.cli.main import main
from hypercuboid.network.memory import Held
from hypercuboid.network.outlines import Outlines
from hypercuboid.network.workspaces import none, of_cpu
from hypercuboid.search.footprint import StepOnMeta, largest_batch
from hypercuboid.search.recipe import Recipe

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("memory_benchmark", ROOT / "benchmarks" / "memory.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.set_num_threads(1)
    return module


def test_bytes_are_counted_from_birth_to_end() -> None:
    """A batch of 10 through two layers by hand, 4 bytes a number; what relu gives is kept for backward."""
    network = nn.Sequential(nn.Linear(3, 5, bias=False), nn.ReLU(), nn.Linear(5, 2, bias=False)).to("meta")
    x = torch.empty(10, 3, device="meta")
    with Held([*network.parameters(), x]) as held:
        assert held.now == 4 * (15 + 10 + 30)
        y = network(x)
        assert held.now == 4 * (15 + 10 + 30) + 4 * (50 + 20)
        assert held.peak == 4 * (15 + 10 + 30) + 4 * (50 + 50)
        del y
        assert held.now == 4 * (15 + 10 + 30)


@pytest.mark.parametrize("file", ["fabric.hc", "attention.hc"])
def test_the_peak_of_a_step_is_what_torch_holds(benchmark: ModuleType, file: str) -> None:
    space = benchmark.space_of(file)
    assert benchmark.predicted(space, 4) == pytest.approx(benchmark.real(space, 4), rel=0.2)


@pytest.mark.long
@pytest.mark.parametrize("plan", ["fused", "native"])
def test_the_peak_of_a_step_on_ten_spaces(benchmark: ModuleType, plan: str) -> None:
    """Under the native plan with what its kernel takes for itself."""
    need_kernel() if plan == "native" else None
    ratios = {}
    for file in benchmark.TEN:
        space = benchmark.space_of(file)
        ratios[file] = benchmark.predicted(space, 4, plan) / benchmark.real(space, 4, plan)
    assert sum(abs(ratio - 1) <= 0.2 for ratio in ratios.values()) >= 8, ratios


def test_the_peak_of_a_step_in_the_kernel(benchmark: ModuleType) -> None:
    """DARTS, whose step op by op holds three times as much. The account of torch is of the thread that asks for it."""
    need_kernel()
    space = benchmark.space_of("darts.hc")
    assert benchmark.predicted(space, 4, "native") == pytest.approx(benchmark.real(space, 4, "native"), rel=0.05)


def test_the_parts_of_a_footprint(benchmark: ModuleType) -> None:
    """SGD remembers a number for each weight, Adam two for each alpha and its step."""
    supernet = benchmark.space_of("fabric.hc").supernet()
    weights, alphas = (sum(one.numel() for one in some) for some in (supernet.weights(), supernet.alphas()))
    buffers = sum(one.untyped_storage().nbytes() for one in supernet.buffers())
    step = StepOnMeta(supernet, Recipe(), torch.device("cpu"))
    small, large = step.footprint(4), step.footprint(8)
    assert small.weights == 4 * (weights + alphas) + buffers
    assert small.gradients == 4 * (weights + alphas)
    assert small.optimizers == 4 * (weights + 2 * alphas + len(supernet.alphas()))
    assert small.peak >= small.weights + small.gradients + small.optimizers + small.activations
    assert (small.gradients, small.optimizers) == (large.gradients, large.optimizers)
    assert large.activations == pytest.approx(2 * small.activations, rel=0.05)
    peak = step.peaks({4: small, 8: large})
    assert [peak(batch) for batch in (2, 8, 13)] == [step.footprint(batch).peak for batch in (2, 8, 13)]


def test_ops_are_known_by_the_outlines_of_what_they_are_given() -> None:
    """What was found once is given again for other tensors: as new ones, or as the one that was changed in place."""
    outlines, ops = Outlines(), torch.ops.aten
    for _ in range(2):
        x, weight = torch.empty(2, 6, 5, 5, device="meta"), torch.empty(6, device="meta")
        normed = outlines.call(ops.native_batch_norm.default, (x, weight, weight, None, None, True, 0.1, 1e-5), {})
        assert [tuple(one.shape) for one in normed] == [(2, 6, 5, 5), (6,), (6,)]
        assert outlines.call(ops.add_.Tensor, (x, normed[0]), {}) is x
        view = outlines.call(ops.view.default, (x, [2, 150]), {})
        assert view.untyped_storage()._cdata == x.untyped_storage()._cdata
        fresh = outlines.call(ops.relu.default, (x,), {})
        assert fresh.untyped_storage()._cdata != x.untyped_storage()._cdata


def test_what_a_depthwise_convolution_takes_for_the_gradient_of_its_weights() -> None:
    """A block of channels in and out for each group, with the channels that torch's kernels are made for."""
    convolution = nn.Conv2d(24, 24, 5, padding=2, groups=24, bias=False).to("meta")
    x = torch.empty(4, 24, 8, 8, device="meta")
    peaks = []
    for workspace in (none, of_cpu):
        with Held([*convolution.parameters(), x], workspace) as held:
            torch.autograd.grad(convolution(x).sum(), list(convolution.parameters()))
        peaks.append(held.peak)
    block = {"AVX512": 16, "AVX2": 8}.get(torch.backends.cpu.get_cpu_capability(), 1)
    assert 0 <= 4 * 24 * 25 * block**2 - (peaks[1] - peaks[0]) <= peaks[0]


@pytest.mark.parametrize("memory", [10_000, 123_456, 7_654_321])
@pytest.mark.parametrize("batch", [2, 64, 5_000])
def test_the_largest_batch_fits_and_little_more_does(memory: int, batch: int) -> None:
    def peak(size: int) -> int:
        return max(5_000 + 10 * size, 2_000 + 37 * size, 11 * size + 3)

    found = largest_batch(peak, memory, batch)
    assert found is not None
    assert peak(found) <= memory < peak(round(1.02 * found) + 1)


def test_a_batch_that_cannot_fit_and_one_without_end() -> None:
    assert largest_batch(lambda size: 1_000 * size, 1_999) is None
    assert largest_batch(lambda size: 1_000 + size // 1_000, 10**9) == 1_000_000


SETTINGS = ["-p", "filters=[4,8]", "-p", "reductions=1", "-p", "layers=1", "-p", "head=8"]
SPACE = "spaces/multichannelnet.hc"
COMMAND = ["plan", SPACE, "--data", "digits", *SETTINGS, "--batch", "4", "--samples", "1000"]


def test_a_plan_is_counted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        main([*COMMAND, "--no-probe", "--json"])
    assert ended.value.code == 0
    made = json.loads(capsys.readouterr().out)
    with pytest.raises(SystemExit):
        main(["compile", SPACE, *SETTINGS, "--input", "1x8x8", "--json"])
    counted = json.loads(capsys.readouterr().out)
    for measure in ("params", "macs"):
        cost = made["costs"][measure]
        assert [cost["least"], cost["greatest"]] == counted[f"{measure}_range"]
        assert sum(cost["histogram"]["counts"]) == 1000
    assert made["architectures"] == counted["architectures"] and made["weights"] == counted["weights"]
    assert made["seconds_per_epoch"] is None and made["steps_per_epoch"] == 718 // 4
    assert made["memory"]["peak"] > made["memory"]["activations"] > 0


def test_a_plan_as_text_with_the_time_of_an_epoch(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        main([*COMMAND, "--threads", "1"])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    for text in ("peak memory of a step", "179 pairs of steps", "params over all architectures", "macs over", "█"):
        assert text in out
