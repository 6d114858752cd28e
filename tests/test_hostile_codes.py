"""Codes of what goes wrong outside of a program's text, or only with a large one: each is really met, and printed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from commands import few_digits
from hostile.commands import command

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.model import Model
from hypercuboid.pipeline import load_from_text, load_target
from hypercuboid.rendering import render
from hypercuboid.runs.checkpoints import Checkpoints
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.lock import take_lock
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data, run_search
from hypercuboid.targets.pdf import to_pdf
from hypercuboid.targets.raster import to_png

SPACES = Path(__file__).parent.parent / "spaces"
HEAD = "hypercuboid 1\nuse std.ops { conv, gap, linear, identity, resize }\n"
SPACE = f"""{HEAD}space S() on x: image(1, 8, 8) {{
  out x -> choose op {{ a: identity, b: conv(1, 3) }} -> gap -> linear(10)
}}
"""


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.chdir(tmp_path)


def checked(text: str | bytes) -> str:
    """What `check` says of a file, which is refused."""
    Path("a.hc").write_bytes(text.encode() if isinstance(text, str) else text)
    ended = command("check", "a.hc")
    assert ended.code == 1
    return ended.out + ended.err


def printed(caught: pytest.ExceptionInfo[HypercuboidError]) -> str:
    return render(caught.value.diagnostics)


def test_hc1012() -> None:
    assert "error[HC1012]: `a.hc` is longer than 1 MiB" in checked(HEAD + "#" * (1 << 20))


def test_hc4003() -> None:
    body = "out x -> conv(sum a in 0..380, b in 0..380 { 1 })"
    assert "error[HC4003]: this program takes too long to elaborate" in checked(
        f"{HEAD}space S() on x: image(1, 8, 8) {{ {body} }}\n"
    )


@pytest.mark.parametrize("fuel", range(500, 6000, 500))
def test_hc4003_wherever_the_work_runs_out(fuel: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where steps of a cuboid are made again for other sizes, which is tried and given up where it fails."""
    monkeypatch.setattr("hypercuboid.frontend.session.FUEL", fuel)
    with pytest.raises(HypercuboidError) as caught:
        load_target(str(SPACES / "multichannelnet.hc"), None, ["filters=[i for i in 1..9]"], ()).counts()
    assert [one.code for one in caught.value.diagnostics] == ["HC4003"]
    assert caught.value.diagnostics[0].span is not None


def test_what_is_not_counted_is_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hypercuboid.frontend.session.FUEL", 500)
    ended = command("compile", str(SPACES / "multichannelnet.hc"), "--count")
    assert ended.code == 1
    assert "error[HC4003]" in ended.err


def test_hc4005() -> None:
    blocks = "".join(f"block B{i + 1}() on x {{ out x -> B{i} }}\n" for i in range(120))
    text = f"{HEAD}block B0() on x {{ out x }}\n{blocks}space S() on x: image(1, 8, 8) {{ out x -> B120 }}\n"
    assert "error[HC4005]: blocks stand more than 100 deep in each other" in checked(text)


def test_hc5009() -> None:
    space = load_from_text(SPACE, "S")
    for text, count in (("", 0), ("arch A of S() { pick out.op = a }\narch B of S() { pick out.op = b }", 2)):
        with pytest.raises(HypercuboidError) as caught:
            space.architecture(text)
        assert f"error[HC5009]: the text holds {count} architectures, not one" in printed(caught)


def test_hc6002() -> None:
    assert "error[HC6002]: `a.hc` is no UTF-8 text" in checked(HEAD.encode() + b"# \xff\n")


def test_hc6006() -> None:
    for number in range(300):
        Path(f"f{number}.hc").write_text(f'hypercuboid 1\nuse "./f{number + 1}.hc" as next\n', encoding="utf-8")
    assert "error[HC6006]: this program uses more than" in checked('hypercuboid 1\nuse "./f0.hc" as next\n')


def test_hc7006_and_hc7008(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with RunFolder.create(run, {"seed": 1}), pytest.raises(HypercuboidError) as caught:
        RunFolder.enter(run, {"seed": 1})
    assert f"error[HC7006]: the run folder `{run}` is in use by process {os.getpid()}" in printed(caught)
    (run / "state.json").write_text('{"state": "interrupted"}', encoding="utf-8")
    with pytest.raises(HypercuboidError) as caught:
        RunFolder.enter(run, {"seed": 2})
    assert "error[HC7008]" in printed(caught) and "seed: 1 there, 2 asked for" in printed(caught)
    take_lock(run).close()


def test_hc7009(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path / "checkpoints")
    kept.save(1, {}, {}, {"a": torch.zeros(1)})
    (kept.paths()[0] / "state.json").write_text("{}", encoding="utf-8")
    assert "warning[HC7009]: the checkpoint" in render(kept.newest()[1])


def test_hc7017() -> None:
    """`unused` makes the width of what a cell of NASNet concatenates depend on what is kept."""
    small = ["c=4", "layers=3", "size=8", "primitives=nasnet_primitives[7..10]"]
    space = load_target(str(SPACES / "nasnet.hc"), "NASNet", small, [])
    state = space.supernet(seed=1).state_dict()
    models = [Model(one.elaborated) for one in space.sample(8, seed=0)]
    with pytest.raises(HypercuboidError) as caught:
        [model.inherit(state) for model in models]
    assert "error[HC7017]" in printed(caught) and "in the supernet" in printed(caught)


def searched(text: str, run: Path, watch: Any, **changes: Any) -> str:
    """What is printed of a search that fails."""
    Path("a.hc").write_text(text, encoding="utf-8")
    data = few_digits()
    space = load_for_data("a.hc", None, (), (), data)
    recipe = Recipe(epochs=3, strategy="first_order", batch=changes.pop("batch", 16))
    with pytest.raises(HypercuboidError) as caught:
        run_search(SearchRequest(space, data, run, recipe, torch.device("cpu"), **changes), watch)
    return printed(caught)


def test_hc7041(tmp_path: Path) -> None:
    """Numbers that grow beyond what floats hold."""
    body = "x -> choose op { a: identity, b: conv(1, 3) } -> gap"
    text = f"{HEAD}space S() on x: image(1, 8, 8) {{ out ({body}) * 1e38 * 1e38 -> linear(10) }}\n"
    assert "error[HC7041]" in searched(text, tmp_path / "run", lambda step: None)


def test_hc7044(tmp_path: Path) -> None:
    """A layer that needs more memory than a process can address; none of it is touched."""
    text = SPACE.replace("-> gap", "-> resize(200000) -> gap")
    said = searched(text, tmp_path / "run", lambda step: None)
    assert "error[HC7044]: memory does not suffice for batches of 16" in said
    assert "try --batch 8" in said


def test_hc7051(monkeypatch: pytest.MonkeyPatch) -> None:
    from hypercuboid.data.base import load_data

    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(HypercuboidError) as caught:
        load_data("digits#77")
    assert "error[HC7051]: the data set `digits` needs the package" in printed(caught)


def program(folder: Path, name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that does what `text` says, and no other on the path."""
    file = folder / name
    file.write_text(f"#!{sys.executable}\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_hc8103(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.hc").write_text(SPACE, encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = command("render", "a.hc", "-o", "a.pdf")
    assert ended.code == 1 and "error[HC8103]: PDF needs Chromium or Cairo, and there is neither" in ended.err
    assert "`rsvg-convert`" in ended.err and not Path("a.pdf").exists()


def test_hc8104(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.hc").write_text(SPACE, encoding="utf-8")
    program(tmp_path, "rsvg-convert", "import sys; sys.exit('out of ink')", monkeypatch)
    ended = command("render", "a.hc", "-o", "a.pdf")
    assert ended.code == 1 and "error[HC8104]" in ended.err and "wrote no PDF" in ended.err
    assert "out of ink" in ended.err and not Path("a.pdf").exists()


def test_hc8104_of_a_program_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "chromium", "import time; time.sleep(60)", monkeypatch)
    with pytest.raises(HypercuboidError) as caught:
        to_pdf("<svg/>", 10, 10, timeout=0.3)
    assert "error[HC8104]" in printed(caught) and "it took longer than 0.3 s" in printed(caught)


def test_hc8105() -> None:
    with pytest.raises(HypercuboidError) as caught:
        to_png('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 9, system_fonts=False)
    assert "error[HC8105]: this machine has no font to draw texts with" in printed(caught)
