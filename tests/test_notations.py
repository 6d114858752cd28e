"""Other notations: every published cell from its file to `Genotype(...)` and back, and mistakes at their place."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

import hypercuboid as hc
from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend import ast
from hypercuboid.frontend.modules import load_module
from hypercuboid.graph.notations import NOTATIONS
from hypercuboid.pipeline import Architecture, Space, load, load_from_text

ROOT = Path(__file__).resolve().parent.parent
SPACES = ROOT / "spaces"
CELLS: dict[str, Any] = json.loads((ROOT / "tests" / "golden" / "cell_genotypes.json").read_text(encoding="utf-8"))
ARCHITECTURES = {
    "NASNet": "nasnet.hc:NASNet_A",
    "AmoebaNet": "amoebanet.hc:AmoebaNet_A",
    "DARTS_V1": "darts.hc:DARTS_V1",
    "DARTS_V2": "darts.hc:DARTS_V2",
    "DARTS_PRIMITIVES_DIL_IS_SEPCONV": "sharpsepconv_darts.hc:SHARPSEPCONV_DARTS",
    "SHARPSEPCONV_DARTS_MAX_W": "sharpsepconv_darts.hc:SHARPSEPCONV_DARTS_MAX_W",
    "CHOKE_FLOOD_DIL_IS_SEP_CONV": "sharpdarts.hc:SHARP_DARTS",
    "SHARP_DARTS_MAX_W": "sharpdarts.hc:SHARP_DARTS_MAX_W",
    "SHARPER_SCALAR": "sharpdarts.hc:SHARPER_SCALAR",
    "SHARPER_SCALAR_genotype_no_hack": "sharpdarts.hc:SHARPER_SCALAR_genotype_no_hack",
    "SHARPER_MAX_W": "sharpdarts.hc:SHARPER_MAX_W",
    "SHARPER_MAX_W_genotype_no_hack": "sharpdarts.hc:SHARPER_MAX_W_genotype_no_hack",
}
OTHERS = {
    "darts.hc:DARTS_V2_IMAGENET": "DARTS_V2",
    "sharpsepconv_darts.hc:DARTS_SSC": "DARTS_V2",
    "sharpsepconv_darts.hc:SHARPSEPCONV_DARTS_IMAGENET": "DARTS_PRIMITIVES_DIL_IS_SEPCONV",
    "sharpdarts.hc:SHARP_DARTS_IMAGENET": "CHOKE_FLOOD_DIL_IS_SEP_CONV",
}
"""Architectures that repeat a cell in another network."""


@cache
def small(file: str, sharper: bool = False) -> Space:
    """The space of a file in a size for tests."""
    options: dict[str, Any] = {"sharper": True} if sharper else {}
    return load(SPACES / file, c=4, layers=3, **options)


def item_of(target: str) -> ast.Arch:
    file, name = target.split(":")
    module = load_module(SPACES / file).module
    (item,) = (item for item in module.items if isinstance(item, ast.Arch) and item.name == name)
    return item


def opened(target: str) -> Architecture:
    """An architecture of a file, its picks in a network of a size for tests."""
    text = re.sub(r"of (\w+)\(.*?\)", r"of \1(c = 4, layers = 3)", item_of(target).span.text, count=1)
    if "SHARPER" in target:
        text = text.replace("layers = 3", "layers = 3, sharper = true")
    return small(target.split(":")[0]).architecture(text)


def published(name: str, cell: str) -> str:
    """The cell as its paper's code writes it, under `name`."""
    fields = []
    for field in ("normal", "reduce"):
        pairs = ", ".join(f"({primitive!r}, {source})" for primitive, source in CELLS[cell][field])
        fields += [f"{field}=[{pairs}]", f"{field}_concat={CELLS[cell][f'{field}_concat']}"]
    return f"{name} = Genotype({', '.join(fields)})"


def test_every_published_cell_has_a_file() -> None:
    assert set(ARCHITECTURES) == set(CELLS)


@pytest.mark.parametrize("cell", CELLS)
def test_a_published_cell_is_written_as_published_and_read_back(cell: str) -> None:
    target = ARCHITECTURES[cell]
    architecture, item = opened(target), item_of(target)
    text = published(item.name, cell)
    assert architecture.notation("genotype") == text
    assert all(f"`{alias}`" in item.doc or alias == item.name for alias in CELLS[cell]["aliases"])
    read = small(target.split(":")[0], "SHARPER" in cell).read_notation("genotype", text)
    assert read.name == architecture.name == item.name
    assert read.notation("genotype") == text
    assert read.text == architecture.text
    assert {one.name: dict(one.kept) for one in read.elaborated.decided} == {
        one.name: dict(one.kept) for one in architecture.elaborated.decided
    }


@pytest.mark.parametrize("target", OTHERS)
def test_an_architecture_that_repeats_a_cell_has_it(target: str) -> None:
    architecture = opened(target)
    assert architecture.notation("genotype") == published(architecture.name, OTHERS[target])


RIGHT = published("", "DARTS_V2").removeprefix(" = ")


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        RIGHT.replace("[2, 3, 4, 5]", "range(2, 6)"),
        RIGHT.replace("[2, 3, 4, 5]", "(5, 4, 3, 2)"),
        RIGHT.replace("'", '"').replace(")]", "),]"),
        RIGHT.replace("Genotype(", "genotypes.Genotype(  # released\n  ").replace(")", ")\n"),
        RIGHT.removesuffix(")") + ", layout='cell')",
        re.sub(r"\w+=", "", RIGHT),
        re.sub(r", \w+_concat=\[.*?\]", "", RIGHT),
        "  DARTS = " + RIGHT,
    ],
)
def test_what_people_write_is_read(text: str) -> None:
    read = small("darts.hc").read_notation("genotype", text)
    assert read.notation("genotype").partition(" = ")[2] == RIGHT
    assert read.name == ("DARTS" if "DARTS" in text else "DARTSRead")


def changed(old: str, new: str) -> str:
    assert old in RIGHT
    return RIGHT.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "code", "message", "place"),
    [
        ("", "HC1040", "a value is missing in this genotype", ""),
        ("Genotype(", "HC1040", "a value is missing in this genotype", ""),
        ("Genotype(normal=[1 2])", "HC1040", "`]` or `,` is missing in this genotype", "2"),
        ("Genotype(normal=[}])", "HC1040", "a value is missing in this genotype", "}"),
        (RIGHT + " 1", "HC1040", "there is more than one value in this genotype", "1"),
        ("[" * 30, "HC1040", "brackets are nested too deep in this genotype", "["),
        ("#" * 60_000, "HC1040", "a value is missing in this genotype", ""),
        (" # a # b\n" * 5_000 + "!", "HC1040", "a value is missing in this genotype", "!"),
        ("\u0661", "HC1040", "a value is missing in this genotype", "\u0661"),
        ("(a = 1)", "HC1040", "`=` stands in brackets that call nothing in this genotype", "(a = 1)"),
        ("'" + "x" * 70_000 + "'", "HC1040", "a text of 70002 characters is no genotype", None),
        ("[1, 2]", "HC1040", "this is no genotype", "[1, 2]"),
        ("Genotype", "HC1040", "this is no genotype", "Genotype"),
        ("Genotype(1, 2, 3, 4, 'cell', 6)", "HC1040", "a genotype has at most 5 fields", "6"),
        ("Genotype(1, normal=2)", "HC1040", "the field `normal` stands twice in this genotype", "2"),
        ("Genotype(layout='raw')", "HC1040", "only genotypes of cells are read", "'raw'"),
        ("Genotype(normal=3, reduce=4)", "HC1040", "a list is due here", "3"),
        (changed("('sep_conv_3x3', 0)", "('sep_conv_3x3', x)"), "HC1040", "a pair is a primitive and a source", None),
        (changed("[2, 3, 4, 5]", "range(2)"), "HC1040", "the numbers of nodes are due here", "range(2)"),
        ("Genotype(recurrent=[])", "HC5031", "this space has no cell for the field `recurrent`", "[]"),
        ("Genotype(normal=[])", "HC5031", "the genotype has no field `reduce` for the cell `Reduce`", None),
        (
            changed("('dil_conv_3x3', 2)", "('dil_conv_3x3', 2), ('dil_conv_3x3', 2)"),
            "HC5031",
            "`normal` has 9 pairs; the 4 nodes of `Normal` take 8",
            None,
        ),
        (changed("skip_connect', 0", "skip_conect', 0"), "HC5031", "`skip_conect` is no primitive of this space", None),
        (changed("dil_conv_3x3', 2", "dil_conv_3x3', 5"), "HC5031", "node 5 of `Normal` has no source 5", "5"),
        (
            changed("dil_conv_3x3', 2", "dil_conv_3x3', 0"),
            "HC5031",
            "node 5 of `Normal` takes source 0 twice; it adds different ones",
            "0",
        ),
        (
            changed("[2, 3, 4, 5]", "[2, 3]"),
            "HC5031",
            "`Normal` concatenates the nodes 2, 3, 4, 5 with these pairs, not 2, 3",
            "[2, 3]",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_mistake_is_said_at_its_place(text: str, code: str, message: str, place: str | None) -> None:
    with pytest.raises(hc.HypercuboidError) as caught:
        small("darts.hc").read_notation("genotype", text)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == (code, message)
    assert place is None or (found.span is not None and found.span.text == place)


def test_no_text_is_more_than_a_mistake() -> None:
    """Characters taken out, put in and doubled: read, or refused by a diagnostic."""
    draw, read, codes = Random(0), 0, set()
    for _ in range(300):
        text = RIGHT
        for _ in range(draw.randint(1, 3)):
            place = draw.randrange(len(text))
            text = (
                text[:place]
                + draw.choice(["", "[", "]", "(", "'", ",", "=", "9", "\0", "\n", "x", text[:40]])
                + text[place:]
            )
            cut = draw.randrange(len(text))
            text = text[:cut] + text[cut + draw.randint(0, 4) :]
        try:
            small("darts.hc").read_notation("genotype", text)
            read += 1
        except hc.HypercuboidError as problem:
            codes |= {one.code for one in problem.diagnostics}
    assert codes == {"HC1040", "HC5031"}
    assert 0 < read < 300


def test_a_space_without_cells_has_no_genotype() -> None:
    handmade = load(SPACES / "multichannelnet.hc", "Handmade")
    assert isinstance(handmade, Architecture)
    with pytest.raises(hc.HypercuboidError, match=re.escape("decides `h`, which no genotype says")):
        handmade.notation("genotype")
    with pytest.raises(hc.HypercuboidError, match="has no cells that a genotype describes"):
        load(SPACES / "multichannelnet.hc").read_notation("genotype", RIGHT)
    plain = "hypercuboid 1 use std.ops { conv } space S() on x: image(3, 8, 8) { out x -> conv(3) }"
    fixed = load_from_text(plain)
    assert isinstance(fixed, Architecture)
    with pytest.raises(hc.HypercuboidError, match="decides nothing, which no genotype says"):
        fixed.notation("genotype")


def test_a_space_with_another_decision_beside_its_cells_is_refused() -> None:
    text = (SPACES / "darts.hc").read_text(encoding="utf-8")
    text = text.replace("h[layers + 1] -> gap", "h[layers + 1] -> choose head { plain: identity, relu: relu } -> gap")
    space = load_from_text(text.replace("{ bn,", "{ bn, identity, relu,"), c=4, layers=3)
    with pytest.raises(hc.HypercuboidError, match=re.escape("a genotype does not decide `out.head`")):
        space.read_notation("genotype", RIGHT)


def test_what_keeps_more_than_a_genotype_is_refused() -> None:
    text = small("darts.hc").read_notation("genotype", RIGHT).text
    changed = text.replace("pick Normal.n[4] = [1: sep_conv_3x3, 0:", "keep Normal.n[4] = [0:")
    assert changed != text
    with pytest.raises(hc.HypercuboidError, match=re.escape("does not keep 2 pairs in `Normal.n[4]`")):
        small("darts.hc").architecture(changed).notation("genotype")


def test_an_unknown_notation_is_refused() -> None:
    with pytest.raises(hc.HypercuboidError, match="there is no notation `genotyp`") as caught:
        small("darts.hc").read_notation("genotyp", RIGHT)
    assert caught.value.diagnostics[0].help == "did you mean `genotype`?"
    assert "genotype" in NOTATIONS


def run(arguments: list[str]) -> object:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def test_the_command_writes_and_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(SPACES / "darts.hc")
    assert run(["convert", f"{file}:DARTS_V2", "--to", "genotype"]) in (0, None)
    text = capsys.readouterr().out
    assert text == published("DARTS_V2", "DARTS_V2") + "\n"
    read = ["convert", file, "-p", "c=4", "-p", "layers=3", "--from", "genotype"]
    assert run([*read, text, "-o", str(tmp_path / "arch.hc")]) in (0, None)
    written = (tmp_path / "arch.hc").read_text(encoding="utf-8")
    assert written.startswith("arch DARTS_V2 of DARTS(c = 4, layers = 3, ")
    printed = capsys.readouterr()
    assert printed.out == f"wrote {tmp_path / 'arch.hc'}\n"
    assert "paste what it holds into that file" in printed.err
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert run([*read, "-"]) in (0, None)
    assert capsys.readouterr().out == written
    assert run([*read, "Genotype("]) == 1
    assert "--> <genotype>:1:10" in capsys.readouterr().err
    assert run(["convert", file, text]) == 2
    assert run(["convert", file, "--from", "genotype"]) == 2
    assert run(["convert", file, text, "--to", "genotype"]) == 2


def test_what_is_written_beside_its_space_is_a_file_of_its_own(tmp_path: Path) -> None:
    below = tmp_path / "spaces"
    below.mkdir()
    (below / "darts.hc").write_text((SPACES / "darts.hc").read_text(encoding="utf-8"), encoding="utf-8")
    text = published("DARTS_V2", "DARTS_V2")
    read = ["convert", str(below / "darts.hc"), "-p", "c=4", "-p", "layers=3", text, "--from", "genotype"]
    for place in (below / "found.hc", tmp_path / "found.hc"):
        assert run([*read, "-o", str(place)]) in (0, None)
        found = load(place, "DARTS_V2")
        assert isinstance(found, Architecture)
        assert found.notation("genotype") == text


RECURRENT = {
    "DARTS_V1_RNN": "('relu', 0), ('relu', 1), ('tanh', 2), ('relu', 3), "
    "('relu', 4), ('identity', 1), ('relu', 5), ('relu', 1)",
    "DARTS_V2_RNN": "('sigmoid', 0), ('relu', 1), ('relu', 1), ('identity', 1), "
    "('tanh', 2), ('sigmoid', 5), ('tanh', 3), ('relu', 5)",
}
"""The published recurrent cells of DARTS (its code, `rnn/genotypes.py`)."""


@pytest.mark.parametrize("name", RECURRENT)
def test_recurrent_cells(name: str) -> None:
    """From the file to the notation and back, as published: with `range`, and with values that have no name."""
    shipped = load(SPACES / "rnn_language_model.hc", name, vocab=11, length=4, width=6)
    written = f"{name} = Genotype(recurrent=[{RECURRENT[name]}], concat=[1, 2, 3, 4, 5, 6, 7, 8])"
    assert isinstance(shipped, Architecture)
    assert shipped.notation("genotype") == written
    space = load(SPACES / "rnn_language_model.hc", vocab=11, length=4, width=6)
    for fields in (f"recurrent=[{RECURRENT[name]}], concat=range(1, 9)", f"[{RECURRENT[name]}], range(1, 9)"):
        read = space.read_notation("genotype", f"{name} = Genotype({fields})")
        assert read.graph.hash == shipped.graph.hash
        assert read.notation("genotype") == written


def test_a_recurrent_cell_by_itself() -> None:
    cell = load(SPACES / "rnn.hc", "RnnCell", d=4)
    read = cell.read_notation("genotype", f"Genotype(recurrent=[{RECURRENT['DARTS_V1_RNN']}], concat=range(1, 9))")
    assert RECURRENT["DARTS_V1_RNN"] in read.notation("genotype")


@pytest.mark.parametrize(
    ("genotype", "code", "message"),
    [
        ("Genotype(recurrent=[('relu', 0)], concat=range(1, 9))", "HC5031", "`recurrent` has 1 pairs"),
        ("Genotype(recurrent=[{}], concat=range(2, 9))", "HC5031", "concatenates the nodes 1, 2,"),
        ("Genotype(normal=[{}], normal_concat=range(2, 6))", "HC5031", "no cell for the field `normal`"),
        ("Genotype(concat=range(1, 9))", "HC5031", "no field `recurrent`"),
        ("Genotype([{}], range(1, 9), [])", "HC1040", "at most 2 fields"),
    ],
)
def test_mistakes_in_recurrent_cells(genotype: str, code: str, message: str) -> None:
    space = load(SPACES / "rnn_language_model.hc", vocab=11, length=4, width=6)
    with pytest.raises(HypercuboidError, match=message) as refused:
        space.read_notation("genotype", genotype.format(RECURRENT["DARTS_V1_RNN"]))
    assert refused.value.diagnostics[0].code == code
