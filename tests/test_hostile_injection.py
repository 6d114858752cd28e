"""Payloads in every name, label, string, comment and file name: shown or refused, and never obeyed.

A program that is accepted is checked, counted, drawn, selected from and generated; its pictures hold shapes and text
alone, JSON and SARIF hold the words as words, its generated files hold allowed nodes only, and importing them leaves
no canary.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile.allowed import forbidden
from hostile.commands import Ended, command, wrong_with
from hostile.files import imported, wrong_in
from hostile.payloads import RUN, payloads
from hostile.pictures import wrong_with_dot, wrong_with_svg
from hostile.places import PLACES, Case

PAYLOADS = payloads()
QUICK = 40
"""Every so many-eth payload is tried in the quick part, others in each kind of place."""

CANARY = "canary"


def written(case: Case, folder: Path) -> Path:
    path = folder / case.file
    path.write_bytes(case.text.encode("utf-8", "surrogatepass"))
    return path


def tried(case: Case, folder: Path, models: Path, number: int) -> Iterator[str]:
    """What is wrong with everything that is made of one program; its generated files are left in `models`."""
    path = written(case, folder)
    sarif, refused = command("check", "--format", "sarif", "--", str(path)), command("check", "--", str(path))
    yield from (*wrong_with(refused), *_wrong_with_sarif(sarif, refused))
    if refused.code:
        return
    for item, kind in zip(case.items, ("space", "space", "arch", "arch"), strict=True):
        yield from _item(f"{path}:{item}", case, folder)
        if kind == "arch":
            yield from _generated(f"{path}:{item}", case, models / f"m{number}_{len(list(models.iterdir()))}.py")
    yield from _run_folder(case, folder)


def _wrong_with_sarif(sarif: Ended, plain: Ended) -> Iterator[str]:
    (run,) = json.loads(sarif.out)["runs"]
    errors = [one for one in run["results"] if one["level"] == "error"]
    if bool(errors) != bool(plain.code) or plain.code != sarif.code:
        yield f"exit {plain.code} with {len(errors)} errors"
    if not all(one["locations"] for one in errors):
        yield "an error without a place"


def _item(target: str, case: Case, folder: Path) -> Iterator[str]:
    compiled = command("compile", "--json", *case.settings, "--", target)
    yield from wrong_with(compiled)
    if compiled.code:
        if not case.settings:
            yield f"`check` takes it, `compile` does not: {compiled.err[:500]}"
        return
    json.loads(compiled.out)
    for name, check in (("a.svg", wrong_with_svg), ("a.dot", wrong_with_dot)):
        picture = folder / name
        drawn = command("render", "-o", str(picture), *case.settings, "--", target)
        yield from wrong_with(drawn)
        if drawn.code == 0:
            yield from (f"{name}: {what}" for what in check(picture.read_text(encoding="utf-8")))
            picture.unlink()


def _generated(target: str, case: Case, output: Path) -> Iterator[str]:
    generated = command("generate", "-o", str(output), *case.settings, "--", target)
    yield from wrong_with(generated)


def _run_folder(case: Case, folder: Path) -> Iterator[str]:
    """A run folder of that name, with a search of the first space."""
    run = folder / case.folder
    if case.folder in ("run", "", "."):
        return
    run.mkdir()
    (run / "config.json").write_text(json.dumps({"space": case.items[0], "seed": 0, "command": case.folder}), "utf-8")
    (run / "state.json").write_text(json.dumps({"state": "finished"}), "utf-8")
    (run / "space.hc").write_text(case.text, "utf-8")
    arch = case.text[case.text.index(f"arch {case.items[2]} ") : case.text.index(f"arch {case.items[3]} ")]
    (run / "arch.hc").write_text(f'hypercuboid 1\nuse "./space.hc" {{ {case.items[0]} }}\n{arch}', "utf-8")
    for call in (("generate",), ("render",), ("compile", "--json"), ("show",), ("runs",)):
        yield from wrong_with(command(*call, "--", str(run)))


def check(tries: Iterator[tuple[str, str]], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each payload in a place of a kind, in a folder of its own, and then all files that were generated."""
    models, wrong = folder / "models", []
    models.mkdir()
    for number, (kind, payload) in enumerate(tries):
        place = folder / str(number)
        place.mkdir()
        monkeypatch.chdir(place)
        found = list(tried(PLACES[kind](payload), place, models, number))
        wrong += [f"{kind}: {payload[:200]!r}: {what}" for what in found]
    wrong += wrong_in(models)
    assert wrong == []
    assert any(models.iterdir())
    assert [path for path in folder.rglob(CANARY) if path.is_file()] == []


def test_there_are_two_hundred_payloads_and_eight_kinds_of_places() -> None:
    assert len(PAYLOADS) >= 200
    assert len(PLACES) == 8


def test_some_payloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = ((kind, one) for number, kind in enumerate(PLACES) for one in PAYLOADS[5 * number :: QUICK])
    check(some, tmp_path, monkeypatch)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", PLACES)
def test_all_payloads(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(((kind, one) for one in PAYLOADS), tmp_path, monkeypatch)


def test_a_payload_that_is_obeyed_is_seen(tmp_path: Path) -> None:
    """The checks can fail: a file that runs a payload leaves its canary, and its tree is refused."""
    (tmp_path / "a.py").write_text(f"from torch import nn\n\n\nclass A(nn.Module):\n    pass\n\n\n{RUN}\n", "utf-8")
    assert any("os." in what or "open" in what for what in imported(tmp_path))
    assert list(tmp_path.rglob(CANARY))
    assert forbidden((tmp_path / "a.py").read_text("utf-8"))


@pytest.mark.parametrize(
    "inner",
    [
        "<script/>",
        "<foreignObject/>",
        "<image href='a'/>",
        "<rect onload='a'/>",
        "<rect fill='url(#a)'/>",
        "<a xlink:href='a'/>",
        "<style/>",
        "<style>@import 'a';</style>",
        '<style>@media (prefers-color-scheme: dark) { .hypercuboid rect[fill="#000000"]{fill:url(a)} }</style>',
        "<text>&x;</text>",
        "<text>",
        "<?a b?>",
    ],
)
def test_what_no_picture_may_hold_is_seen(inner: str) -> None:
    opening = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    assert list(wrong_with_svg(f"{opening}<text>a</text></svg>")) == []
    assert list(wrong_with_svg(f"{opening}{inner}</svg>")) != []


@pytest.mark.parametrize("inner", ['a [label="a"]; <b>', 'a [URL="b"]', "a [label=<b>]", 'a [label="\\"]; b [URL="c"]'])
def test_what_no_graph_may_hold_is_seen(inner: str) -> None:
    assert list(wrong_with_dot('digraph g {\n a [label="b\\"c<&" color="#ffffff"]\n a -> b\n}')) == []
    assert list(wrong_with_dot(f"digraph g {{\n {inner}\n}}")) != []
