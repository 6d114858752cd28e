"""The published numbers, to the digit: by `compile --json`, and by torch from the generated networks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from counted import batch, costs

from hypercuboid.cli.compile import describe
from hypercuboid.cli.main import main
from hypercuboid.pipeline import Architecture, Space, load, load_target
from hypercuboid.training.model_file import load_network

SPACES = Path(__file__).resolve().parent.parent / "spaces"

ARCHITECTURES = {
    "nasnet.hc:NASNet_A": (3830950, 624234528, 603452448),
    "darts.hc:DARTS_V1": (3169414, 518940288, 500987520),
    "darts.hc:DARTS_V2": (3349342, 547473024, 528359040),
    "sharpsepconv_darts.hc:DARTS_SSC": (3529270, 576005760, 555730560),
    "sharpsepconv_darts.hc:SHARPSEPCONV_DARTS": (3555622, 578604672, 558384768),
    "sharpdarts.hc:SHARP_DARTS -p choke=32": (1974934, 356729472, 344140416),
    "sharpsepconv_darts.hc:SHARPSEPCONV_DARTS_IMAGENET": (4973728, 572981376, 557571072),
    "sharpdarts.hc:SHARP_DARTS_IMAGENET -p choke=32": (3173440, 370417728, 360426432),
    "multichannelnet.hc:Handmade": (1035882, 15714816, 15142400),
    "multichannelnet.hc:ScalarPath": (862890, 18248192, 17575424),
}
"""Parameters without the auxiliary head, add_mult (the paper's "+x" columns) and macs."""

SUPERNETS = {
    "darts.hc:DARTS": 1930618,
    "sharpsepconv_darts.hc:SharpSepConvDARTS": 2527354,
    "sharpdarts.hc:SharpDARTS": 5867642,
    "sharpdarts.hc:SharpDARTS -p sharper=true": 9707002,
    "multichannelnet.hc -p reductions=3 -p layers=2": 7396042,
    "multichannelnet.hc -p reductions=4 -p layers=2": 8930122,
    "multichannelnet.hc -p filters=[32,64] -p reductions=2 -p layers=2": 1396554,
}
"""Network weights, those of the architecture left out."""

AUXILIARY = {
    "nasnet.hc:NASNet_A": 457994,  # behind three nodes, not four
    "sharpsepconv_darts.hc:SHARPSEPCONV_DARTS_IMAGENET": 1262312,
    "sharpdarts.hc:SHARP_DARTS_IMAGENET": 1262312,
    "multichannelnet.hc:Handmade": 0,
    "multichannelnet.hc:ScalarPath": 0,
}
"""Parameters of the auxiliary head where they are not those of DARTS on CIFAR-10."""


def split(key: str) -> tuple[str, str | None, list[str]]:
    target, *parameters = key.split(" -p ")
    file, _, name = target.partition(":")
    return str(SPACES / file), name or None, parameters


def opened(key: str) -> Space:
    file, name, parameters = split(key)
    return load_target(file, name, parameters, ())


@pytest.mark.parametrize("key", ARCHITECTURES)
def test_an_architecture_has_its_counts_compiled_and_generated(key: str, tmp_path: Path) -> None:
    architecture = opened(key)
    assert isinstance(architecture, Architecture)
    printed = describe(architecture, architecture.counts())
    assert (printed["params"], printed["add_mult"], printed["macs"]) == ARCHITECTURES[key]
    assert (printed["kind"], printed["architectures"]) == ("architecture", 1)
    path = tmp_path / "model.py"
    path.write_text(architecture.source(), encoding="utf-8")
    with torch.device("meta"):
        network = load_network(path)
    params, macs, add_mult = costs(network, *batch(architecture))
    assert (params, add_mult, macs) == ARCHITECTURES[key]
    assert sum(weight.numel() for weight in network.parameters()) - params == AUXILIARY.get(key.split(" ")[0], 476426)


@pytest.mark.parametrize("key", SUPERNETS)
def test_a_supernet_has_its_parameters_compiled(key: str) -> None:
    space = opened(key)
    assert describe(space, space.counts())["params"] == SUPERNETS[key]


@pytest.mark.long
@pytest.mark.parametrize("key", SUPERNETS)
def test_a_supernet_has_its_parameters_built(key: str) -> None:
    with torch.device("meta"):
        supernet = opened(key).supernet()
    assert sum(weight.numel() for weight in supernet.weights()) == SUPERNETS[key]


def test_the_command_prints_what_these_tests_compare(capsys: pytest.CaptureFixture[str]) -> None:
    key = "sharpdarts.hc:SHARP_DARTS -p choke=32"
    with pytest.raises(SystemExit) as ended:
        main(["compile", *f"{SPACES}/{key}".split(), "--json"])
    assert ended.value.code in (0, None)
    architecture = opened(key)
    assert json.loads(capsys.readouterr().out) == describe(architecture, architecture.counts())


@pytest.mark.parametrize(("file", "space"), [("darts.hc", "DARTS"), ("nasnet.hc", "NASNet")])
def test_a_shipped_space_is_the_one_of_the_specification(file: str, space: str) -> None:
    """ImageNet and shared cells changed how it is written, not what it is."""
    specified = Path(__file__).resolve().parent / "programs" / file
    ours, theirs = (load(path, space, c=4, layers=4) for path in (SPACES / file, specified))
    assert ours.graph.hash == theirs.graph.hash
