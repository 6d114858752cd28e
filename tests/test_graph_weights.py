"""Weights files: read by label in any order, and every way in which one is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from graph_spaces import SMALL, shipped, some_weights

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.weights import read_weights, softmax, weights_data, write_weights


@pytest.mark.parametrize("name", SMALL)
def test_what_is_written_is_read_again_bit_for_bit(name: str, tmp_path: Path) -> None:
    space = SMALL[name]()
    weights = some_weights(space)
    write_weights(tmp_path / "w.json", space.graph, weights)
    read = read_weights(space.graph, tmp_path / "w.json")
    assert read.warnings == ()
    assert list(read.values) == [decision.name for decision in space.graph.decisions]
    for decision in space.graph.decisions:
        declared = decision.declared()
        assert np.array_equal(read.values[decision.name][declared], weights[decision.name][declared])


def base() -> dict[str, Any]:
    space = SMALL["TwoAxes"]()
    return weights_data(space.graph, some_weights(space))


def test_axes_and_labels_come_in_any_order(tmp_path: Path) -> None:
    space, data = SMALL["TwoAxes"](), base()
    axes = data["decisions"]["h"]["axes"]
    values = np.array(data["decisions"]["h"]["values"])
    turned = values.transpose(3, 0, 4, 2, 1)[::-1, ::-1, :, ::-1, :]
    names = [list(axes)[i] for i in (3, 0, 4, 2, 1)]
    flips = [-1, -1, 1, -1, 1]
    data["decisions"]["h"] = {
        "axes": {name: axes[name][::flip] for name, flip in zip(names, flips, strict=True)},
        "values": turned.tolist(),
    }
    (tmp_path / "w.json").write_text(json.dumps(data), encoding="utf-8")
    assert np.array_equal(read_weights(space.graph, tmp_path / "w.json").values["h"], values)


def change(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def edit(data: Any) -> None:
        *front, last = path.split("/")
        for key in front:
            data = data[int(key)] if isinstance(data, list) else data[key]
        if isinstance(data, list):
            data[int(last)] = value
        elif value is ...:
            del data[last]
        else:
            data[last] = value

    return edit


H = "decisions/h"
REFUSED = {
    "unknown label": (change(f"{H}/axes/k", [3, 7]), "HC7012", "axis `k` of `h` has no label `7`"),
    "missing label": (change(f"{H}/axes/k", [3]), "HC7012", "axis `k` of `h` lacks the label `5`"),
    "doubled label": (change(f"{H}/axes/k", [3, 3]), "HC7012", "label `3` stands twice on axis `k` of `h`"),
    "label of another type": (change(f"{H}/axes/k", ["3", 5]), "HC7012", "has no label `3`"),
    "true is not 1": (change(f"{H}/axes/dilation", [True, 2]), "HC7012", "has no label `true`"),
    "unknown axis": (change(f"{H}/axes/width", [1]), "HC7011", "the decision `h` has no axis `width`"),
    "missing axis": (change(f"{H}/axes/k", ...), "HC7011", "the axis `k` of `h` is missing"),
    "wrong shape": (change(f"{H}/values", [[1.0]]), "HC7011", "the values of `h` do not have shape (2, 2, 2, 2, 2)"),
    "ragged": (change(f"{H}/values/0/0/0/0", [1.0]), "HC7011", "the values of `h` do not have shape"),
    "not a number": (change(f"{H}/values/0/0/0/0/0", float("nan")), "HC7013", "holds NaN, which is no finite number"),
    "infinite": (change(f"{H}/values/0/0/0/0/0", float("inf")), "HC7013", "holds Infinity"),
    "huge": (change(f"{H}/values/0/0/0/0/0", 10**400), "HC7013", "a value of `h` is no finite number"),
    "null": (change(f"{H}/values/0/0/0/0/0", None), "HC7013", "`h` at layer = 0, a = 8, b = 8, k = 3, dilation = 1"),
    "text": (change(f"{H}/values/0/0/0/0/0", "0.5"), "HC7013", "a value of `h` is no number"),
    "true": (change(f"{H}/values/0/0/0/0/0", True), "HC7013", "a value of `h` is no number"),
    "negative": (change(f"{H}/values/0/0/0/0/0", -0.5), "HC7013", "has a negative weight in `h`"),
    "another hash": (change("hash", "0" * 64), "HC7014", "weights of another space: its hash is 000000000000"),
    "another space": (change("space", "Nested"), "HC7014", "holds weights of the space `Nested`, not of `TwoAxes`"),
    "unknown decision": (change("decisions/g", {"axes": {}, "values": 1.0}), "HC7010", "weights for `g`"),
    "missing decision": (change(H, ...), "HC7010", "has no weights for the decision `h`"),
    "unknown kind": (change("kind", "logits"), "HC7015", "is no weights file: `kind`"),
    "unknown field": (change("extra", 1), "HC7015", "is no weights file: `extra`"),
    "axes are a list": (change(f"{H}/axes", ["k"]), "HC7015", "is no weights file: `decisions.h.axes`"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_does_not_fit_is_refused_by_name(case: str, tmp_path: Path) -> None:
    edit, code, message = REFUSED[case]
    data = copy.deepcopy(base())
    edit(data)
    (tmp_path / "w.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(HypercuboidError) as refused:
        read_weights(SMALL["TwoAxes"]().graph, tmp_path / "w.json")
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == code
    assert message in diagnostic.message


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ('{"space": "A", "space": "B"}', "HC7015", "has `space` twice in one object"),
        ("{", "HC7015", "is no JSON"),
        ("[" * 100_000, "HC7015", "is no JSON"),
        ("[]", "HC7015", "is no weights file: `the file`"),
        (
            '{"space": "TwoAxes", "decisions": {"h": {"axes": {}, "values": ' + "9" * 5000 + "}}}",
            "HC7015",
            "is no JSON",
        ),
    ],
)
def test_text_that_is_no_weights_file_is_refused(text: str, code: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(text, encoding="utf-8")
    with pytest.raises(HypercuboidError) as refused:
        read_weights(SMALL["TwoAxes"]().graph, tmp_path / "w.json")
    assert refused.value.diagnostics[0].code == code
    assert message in refused.value.diagnostics[0].message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HypercuboidError, match=r"HC7001\]: cannot read `.*gone.json`: no such file"):
        read_weights(SMALL["TwoAxes"]().graph, tmp_path / "gone.json")


def test_a_group_that_does_not_sum_to_one_is_a_warning(tmp_path: Path) -> None:
    data = base()
    data["decisions"]["h"]["values"][1][0][0][0][0] += 0.25
    (tmp_path / "w.json").write_text(json.dumps(data), encoding="utf-8")
    read = read_weights(SMALL["TwoAxes"]().graph, tmp_path / "w.json")
    (doubt,) = read.warnings
    assert (doubt.code, doubt.severity) == ("HC7018", "warning")
    assert doubt.message.endswith("the weights of `h[layer = 1]` sum to 1.25, not 1")
    assert read.values["h"][1, 0, 0, 0, 0] == data["decisions"]["h"]["values"][1][0][0][0][0]


def test_alphas_become_weights_by_a_softmax_over_live_entries(tmp_path: Path) -> None:
    space = shipped("fabric.hc", "Fabric", "scales=3", "layers=2")
    (decision,) = space.graph.decisions
    alphas = np.where(decision.declared(), np.arange(18.0).reshape(2, 3, 3) / 8, 0.0)
    write_weights(tmp_path / "a.json", space.graph, {"f": alphas}, kind="alphas")
    weights = read_weights(space.graph, tmp_path / "a.json").values["f"]
    assert np.array_equal(weights, softmax(decision, alphas))
    assert not weights[~decision.reaching()].any()
    sums, live = weights.sum(axis=1), decision.reaching().any(axis=1)  # `compete per (layer, t)`: over s
    assert sums[live] == pytest.approx(np.ones(live.sum()), abs=1e-15)
    two = np.exp(alphas[0, :2, 0]) / np.exp(alphas[0, :2, 0]).sum()
    assert decision.reaching()[0, :, 1].tolist() == [True, True, True]
    assert not decision.declared()[0, 2, 0]
    assert not decision.reaching()[0, :, 0].any() or weights[0, :2, 0] == pytest.approx(two)


def test_reordered_primitives_keep_hash_and_meaning(tmp_path: Path) -> None:
    from hypercuboid.pipeline import load_from_text
    from hypercuboid.resources import resource

    text = resource("spaces", "multichannelnet.hc").read_text(encoding="utf-8")
    first, second = "SharpSepConv(affine = true)", "(NormedPool if pool_norm else ResizablePool)(affine = true)"
    assert f"{first}, {second}," in text
    swapped = text.replace(f"{first}, {second},", f"{second}, {first},")
    space = load_from_text(text, "MultiChannelNet", filters=[8, 16])
    other = load_from_text(swapped, "MultiChannelNet", filters=[8, 16])
    assert other.graph.decisions[0].axis("op").labels == ("ResizablePool", "SharpSepConv")
    write_weights(tmp_path / "w.json", space.graph, some_weights(space))
    read = read_weights(other.graph, tmp_path / "w.json").values["h"]
    assert np.array_equal(read[..., ::-1], some_weights(space)["h"])


def test_another_size_of_a_space_has_another_hash() -> None:
    hashes = {
        shipped("multichannelnet.hc", "MultiChannelNet", *parameters).graph.hash
        for parameters in ((), ("layers=2",), ("filters=[32,64]",), ("head=512",), ("classes=100",))
    }
    assert len(hashes) == 5
