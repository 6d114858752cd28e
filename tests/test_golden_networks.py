"""Mixed ops, search networks and final networks against the reference's numbers, in float64, filled by formula."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from generated import generated, network
from supernets import cosine, fill
from torch import Tensor
from torch.nn import functional as F

from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Architecture, Space, load, load_from_text

torch.set_num_threads(1)
ROOT = Path(__file__).resolve().parent.parent
GOLDEN: dict[str, Any] = json.loads((ROOT / "tests" / "golden" / "numeric_golden.json").read_text(encoding="utf-8"))
LISTS = {
    ("DARTS_PRIMITIVES", "OPS"): ("sharpdarts", "sharpsepconv_primitives"),
    ("DARTS_PRIMITIVES", "DARTS_OPS"): ("darts", "darts_primitives"),
    ("PRIMITIVES", "OPS"): ("sharpdarts", "sharpdarts_primitives"),
}
TARGETS = torch.tensor([3, 7])
CELLS = [("Normal", torch.sin), ("Reduce", torch.cos)]
"""The cells of a network with the function that their alphas come from."""


def close(ours: Any, theirs: Any, relative: float = 1e-8) -> bool:
    """Equal to 1e-8, relative to the largest number where several are compared."""
    wanted = torch.tensor(theirs, dtype=torch.float64)
    scale = max(1.0, float(wanted.abs().max()))
    return torch.allclose(torch.as_tensor(ours).double(), wanted, rtol=0, atol=relative * scale)


# ---------------------------------------------------------------- mixed ops


def mixed_op(case: str, weighting: str) -> Supernet:
    """A space of one decision, its supernet filled, its alphas 0.5 * sin(1 + k). `case` is PRIMITIVES|OPS|STRIDE."""
    primitives, ops, stride = case.split("|")
    library, name = LISTS[primitives, ops]
    space = load_from_text(
        f"hypercuboid 1 use std.{library} {{ {name} }} space Mixed() on x: image(8, 8, 8) "
        f"{{ out choose op in {name} {{ x -> op(8, stride = {stride.removeprefix('stride')}) }} }}"
    )
    supernet = space.supernet(weighting).double()
    fill(supernet)
    (alpha,) = supernet.alphas()
    with torch.no_grad():
        alpha.copy_(0.5 * torch.sin(1.0 + torch.arange(len(alpha), dtype=torch.float64)))
    return supernet


def probed(output: Tensor) -> Tensor:
    flat = output.flatten()
    return (flat * torch.sin(0.11 * torch.arange(len(flat), dtype=torch.float64))).sum()


@pytest.mark.parametrize("case", GOLDEN["mixed_op"])
def test_a_mixed_op_has_the_output_and_the_alpha_gradient_of_the_reference(case: str) -> None:
    golden = GOLDEN["mixed_op"][case]
    mixed, _, weighting = case.rpartition("|")
    supernet = mixed_op(mixed, weighting)
    (alpha,) = supernet.alphas()
    assert close(alpha.detach(), golden["alpha"])
    (weights,) = supernet.architecture_weights().values()
    assert close(torch.from_numpy(weights), golden["weights"])
    output = supernet(cosine((2, 8, 8, 8), 0.37))
    loss = probed(output)
    torch.autograd.backward(loss)
    out, flat = golden["out"], output.detach().flatten()
    assert list(output.shape) == out["shape"]
    listed = torch.stack([flat.sum(), flat.abs().sum(), flat.square().sum(), *flat[:4], flat[-1]])
    for ours, theirs in zip(
        listed, [out["sum"], out["abs_sum"], out["sq_sum"], *out["first4"], out["last"]], strict=True
    ):
        assert close(ours, theirs)
    assert close(loss.detach(), golden["probe_loss"])
    assert alpha.grad is not None and close(alpha.grad, golden["grad_alpha"])


@pytest.mark.parametrize("case", GOLDEN["max_w_gradient_check"])
def test_the_gradient_of_max_w_is_that_of_the_reference_and_of_the_formula(case: str) -> None:
    golden = GOLDEN["max_w_gradient_check"][case]
    supernet = mixed_op(case, "max_w")
    x = cosine((2, 8, 8, 8), 0.37)
    ((name, weights),) = supernet.architecture_weights().items()
    w = torch.from_numpy(weights).double()
    coefficients = (1 - w.max() + w).requires_grad_()
    torch.autograd.backward(probed(supernet(x, coefficients={name: coefficients})))
    g = coefficients.grad
    assert g is not None and close(g, golden["G_i=<dL/dout,op_i(x)>"])
    best = int(w.argmax())
    assert best == golden["argmax_w"]
    by_w = g.clone()
    by_w[best] = g[best] - g.sum()
    reference = golden["grad_alpha_max_w_reference(gradient flows through max)"]
    assert close(w * (by_w - (w * by_w).sum()), reference)
    detached = golden["grad_alpha_if_max_were_detached(equals scalar weighting gradient)"]
    for weighting, wanted in (("max_w", reference), ("max_w_detached", detached), ("scalar", detached)):
        again = mixed_op(case, weighting)
        (alpha,) = again.alphas()
        torch.autograd.backward(probed(again(x)))
        assert alpha.grad is not None and close(alpha.grad, wanted), weighting


# ---------------------------------------------------------------- search networks


def alphas_of(supernet: Supernet) -> dict[str, list[Tensor]]:
    """The alphas of each cell, edges in the order of the reference: by target, then by source."""
    named = dict(zip((one.name for one in supernet.graph.decisions), supernet.alphas(), strict=True))
    return {cell: [named[f"{cell}.n[{node}]"] for node in range(2, 6)] for cell, _ in CELLS}


@pytest.mark.parametrize("case", GOLDEN["search_network"])
def test_the_search_network_is_that_of_the_reference(case: str) -> None:
    golden, weighting = GOLDEN["search_network"][case], case.rpartition("|")[2]
    supernet = load(ROOT / "spaces" / "darts.hc", c=4, layers=5, size=16).supernet(weighting).double()
    assert sum(weight.numel() for weight in supernet.weights()) == golden["params"]
    fill(supernet)
    alphas = alphas_of(supernet)
    with torch.no_grad():
        for cell, function in CELLS:
            rows = 0.5 * function(1 + 0.9 * torch.arange(14 * 8, dtype=torch.float64)).view(14, 8)
            for alpha, part in zip(alphas[cell], torch.split(rows, [2, 3, 4, 5]), strict=True):
                alpha.copy_(part)
    logits = supernet(cosine((2, 3, 16, 16), 0.37))
    loss = F.cross_entropy(logits, TARGETS)
    torch.autograd.backward(loss)
    assert close(logits.detach(), golden["logits"])
    assert close(loss.detach(), golden["loss"])
    for (cell, _), wanted in zip(CELLS, golden["grad_alpha"], strict=True):
        gradients = [alpha.grad for alpha in alphas[cell] if alpha.grad is not None]
        assert close(torch.cat(gradients), wanted)
    squares = [weight.grad.square().sum() for weight in supernet.weights() if weight.grad is not None]
    assert len(supernet.weights()) - len(squares) == golden["weights_without_gradient"]
    assert close(torch.stack(squares).sum(), golden["grad_weights_sq_sum"])


# ---------------------------------------------------------------- final networks


FINAL = {
    "DARTS_V2|DARTS_OPS|C_mid=None|CIFAR C4 L5|in2x3x32x32": "darts.hc:DARTS_V2",
    "SHARPSEPCONV_DARTS|OPS|C_mid=None|CIFAR C4 L5|in2x3x32x32": "sharpsepconv_darts.hc:SHARPSEPCONV_DARTS",
}


def small(target: str) -> Architecture:
    """A published architecture in a network of four filters and five cells."""
    file, name = target.split(":")
    published = load(ROOT / "spaces" / file, name)
    space: Space = load(ROOT / "spaces" / file, c=4, layers=5)
    assert isinstance(published, Architecture)
    return space.read_notation("genotype", published.notation("genotype"))


@pytest.mark.parametrize("case", GOLDEN["final_network"])
def test_the_generated_network_is_the_final_network_of_the_reference(case: str, tmp_path: Path) -> None:
    golden = GOLDEN["final_network"][case]
    made = network(generated(small(FINAL[case])), tmp_path).double()
    assert sum(weight.numel() for weight in made.parameters()) == golden["params_with_aux"]
    fill(made)
    x = cosine((2, 3, 32, 32), 0.37)
    assert close(made.eval()(x).detach(), golden["eval_logits"])
    logits, auxiliary = made.train()(x)
    assert close(logits.detach(), golden["train_logits"])
    assert close(auxiliary.detach(), golden["train_aux_logits"])


# ---------------------------------------------------------------- MultiChannelNet


STEP = re.compile(r"layer_(\d)_stride_(\d)_c_in_(\d+)_c_out_(\d+)_op_type_(\w+)_opid_\d")


def test_the_longest_path_of_multichannelnet_is_that_of_the_reference() -> None:
    """Its weights are [stride, layer, c_in, c_out, (pool, conv)]; the other numbers are in `test_supernet.py`."""
    (golden,) = GOLDEN["multichannel"].values()
    space = load(ROOT / "spaces" / "multichannelnet.hc", filters=[4, 8], reductions=2, layers=2, head=16)
    weights = np.array(golden["weights"]).swapaxes(0, 1)[..., ::-1]
    selection = space.select({"h": weights}).selection
    assert selection is not None
    steps = [found.groups() for one in golden["longest_path"] if (found := STEP.fullmatch(one))]
    wanted = {
        f"h[reduction = {layer}, layer = {int(stride) - 1}]": [f"{source} -> {target}: {op}"]
        for layer, stride, source, target, op in steps
    }
    assert len(wanted) == 4
    assert dict(selection.picks) == wanted
