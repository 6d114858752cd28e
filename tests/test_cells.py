"""The cells that the released architecture weights hold, extracted with `none` skipped and with nothing skipped."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hypercuboid.cli.main import main
from hypercuboid.graph.weights import read_weights
from hypercuboid.pipeline import Space, load

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
RAW: dict[str, Any] = json.loads((GOLDEN / "cell_raw_weights.json").read_text(encoding="utf-8"))
CELLS: dict[str, Any] = json.loads((GOLDEN / "cell_genotypes.json").read_text(encoding="utf-8"))
SPACES: dict[str, tuple[str, dict[str, Any]]] = {
    "DARTS_PRIMITIVES": ("sharpsepconv_darts.hc", {}),
    "PRIMITIVES": ("sharpdarts.hc", {}),
    "SHARPER_PRIMITIVES": ("sharpdarts.hc", {"sharper": True}),
}
PUBLISHED = {
    ("SHARPER_SCALAR_WEIGHTS", False): "SHARPER_SCALAR",
    ("SHARPER_SCALAR_WEIGHTS", True): "SHARPER_SCALAR_genotype_no_hack",
    ("SHARPER_MAX_W_WEIGHTS", False): "SHARPER_MAX_W",
    ("SHARPER_MAX_W_WEIGHTS", True): "SHARPER_MAX_W_genotype_no_hack",
    ("comment_2019_01_15_18_59_41", False): "CHOKE_FLOOD_DIL_IS_SEP_CONV",
    ("comment_2019_01_15_02_35_16", False): "DARTS_PRIMITIVES_DIL_IS_SEPCONV",
    ("comment_2019_03_22_20_40_54", False): "SHARPSEPCONV_DARTS_MAX_W",
    ("comment_2019_03_26_22_47_45", False): "SHARP_DARTS_MAX_W",
    ("comment_2019_03_26_22_47_45", True): "SHARP_DARTS_MAX_W",
    ("comment_2019_04_19_14_33_25", False): "SHARPER_SCALAR",
    ("comment_2019_04_19_14_33_25", True): "SHARPER_SCALAR_genotype_no_hack",
    ("comment_2019_04_19_20_07_25", False): "SHARPER_MAX_W",
    ("comment_2019_04_19_20_07_25", True): "SHARPER_MAX_W_genotype_no_hack",
}
"""Which released cell an entry gives, with nothing skipped where True."""


@cache
def space_of(primitives: str) -> Space:
    file, options = SPACES[primitives]
    return load(ROOT / "spaces" / file, c=4, layers=3, **options)


def weights_file(entry: dict[str, Any], path: Path) -> Path:
    """The raw rows, edges by target and then by source, as a weights file with names; uniform where none were kept."""
    primitives = entry["primitives"]
    decisions = {}
    for cell in ("normal", "reduce"):
        rows = iter(entry.get(cell) or [[1 / len(primitives)] * len(primitives)] * 14)
        for node in range(2, 6):
            sources = list(range(node))
            decisions[f"{cell.capitalize()}.n[{node}]"] = {
                "axes": {"j": sources, "op": primitives},
                "values": [next(rows) for _ in sources],
            }
    space = space_of(entry["primitives_name"]).elaborated.space
    path.write_text(json.dumps({"space": space, "kind": "weights", "decisions": decisions}), encoding="utf-8")
    return path


def pairs(picks: dict[str, list[str]], cell: str) -> list[list[Any]]:
    """[primitive, source] per kept edge, as the reference code lists them: by node, the strongest first."""
    kept = [term.split(": ") for node in range(2, 6) for term in picks[f"{cell.capitalize()}.n[{node}]"]]
    return [[primitive, int(source)] for source, primitive in kept]


@pytest.mark.parametrize("keep_zero", [False, True])
@pytest.mark.parametrize("name", RAW)
def test_the_cell_is_the_one_that_the_reference_extracts(name: str, keep_zero: bool, tmp_path: Path) -> None:
    entry = RAW[name]
    space = space_of(entry["primitives_name"])
    read = read_weights(space.graph, weights_file(entry, tmp_path / "weights.json"))
    selection = space.select(read.values, keep_zero=keep_zero).selection
    assert selection is not None
    found = {cell: pairs(dict(selection.picks), cell) for cell in ("normal", "reduce")}
    wanted = entry.get("parse_skip_nothing" if keep_zero else "parse_skip_none")
    cell = CELLS[PUBLISHED[name, keep_zero]] if (name, keep_zero) in PUBLISHED else wanted
    for one in (wanted, cell):
        if one is not None:
            assert {key: found[key] for key in found if key in one} == {key: one[key] for key in found if key in one}
    assert keep_zero or not any(primitive == "none" for listed in found.values() for primitive, _ in listed)


def test_the_comparison_is_of_twenty_extractions_and_all_released_cells() -> None:
    parsed = sum(f"parse_skip_{what}" in entry for entry in RAW.values() for what in ("none", "nothing"))
    assert len({(name, zero) for name, zero in PUBLISHED} | {(n, z) for n in RAW for z in (False, True)}) == 20
    assert parsed == 12
    assert set(PUBLISHED.values()) == set(CELLS) - {"NASNet", "AmoebaNet", "DARTS_V1", "DARTS_V2"}


@pytest.mark.parametrize(("options", "skip"), [([], "none"), (["--keep-zero"], "nothing")])
def test_the_command_extracts_it(
    options: list[str], skip: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = RAW["comment_2019_01_15_18_59_41"]
    file = weights_file(entry, tmp_path / "weights.json")
    target = [str(ROOT / "spaces" / "sharpdarts.hc"), "-p", "c=4", "-p", "layers=3"]
    with pytest.raises(SystemExit) as ended:
        main(["select", *target, "--weights", str(file), "--json", *options])
    assert ended.value.code in (0, None)
    printed = json.loads(capsys.readouterr().out)
    wanted = entry[f"parse_skip_{skip}"]
    assert {cell: pairs(printed["picks"], cell) for cell in ("normal", "reduce")} == {
        cell: wanted[cell] for cell in ("normal", "reduce")
    }
    architecture = space_of("PRIMITIVES").architecture(printed["arch"])
    assert ("none" in printed["arch"]) == bool(options)
    assert architecture.text == printed["arch"]
