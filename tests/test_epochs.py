"""A run over time: one layout for all epochs, frames that are the pictures of their epochs, and how it stands live."""

from __future__ import annotations

import functools
import http.client
import io
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from commands import run
from PIL import Image
from run_folders import ALONE, BILEVEL, searched

from hypercuboid.cli.decisions import Decisions
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.reporting.frames import frames_of, thinned
from hypercuboid.reporting.serving import Served
from hypercuboid.runs.listing import read_metrics
from hypercuboid.runs.weights_history import Recorded, read_history
from hypercuboid.targets.animation import animated
from hypercuboid.targets.diagram_marks import to_svg
from hypercuboid.targets.theme import Theme

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def bilevel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return searched(tmp_path_factory.mktemp("epochs") / "cuboid", "cuboid", BILEVEL)


def frame(moving: str, place: int, dark: bool = False) -> str:
    """What an animated picture shows in one frame on a light or dark page: each animation set to its value there, rules
    of the style sheet followed, what is hidden taken away."""
    root = ET.fromstring(moving)
    rules = re.findall(r'\.hypercuboid (\w*)\[(\w+)="(#\w+)"\]\{\w+:(#\w+)\}', "".join(root.itertext())) if dark else []
    hidden = "on-light" if dark else "on-dark"

    def settle(element: ET.Element) -> None:
        moved = {one.attrib["attributeName"] for one in element if one.tag == f"{SVG}animate"}
        for tag, name, light, darker in rules:
            if element.get(name) == light and name not in moved and tag in ("", element.tag.removeprefix(SVG)):
                element.set(name, darker)
                moved.add(name)
        for one in list(element):
            if one.tag == f"{SVG}animate":
                element.set(one.attrib["attributeName"], one.attrib["values"].split(";")[place])
                element.remove(one)
        for one in list(element):
            settle(one)
            gone = one.tag in (f"{SVG}script", f"{SVG}style") or one.get("class") == hidden
            if one.get("visibility") == "hidden" or gone or one.get("id") == "control":
                element.remove(one)
            elif one.get("class", "").startswith("on-"):
                del one.attrib["class"]
        if element.get("visibility") == "visible":
            del element.attrib["visibility"]

    settle(root)
    return shown(root)


def shown(root: ET.Element) -> str:
    """The marks of a picture without tooltips, styles and size."""
    marks = [
        (one.tag, sorted(one.attrib.items()), (one.text or "").strip())
        for one in root.iter()
        if one.tag.removeprefix(SVG) in ("rect", "path", "text", "circle")
    ]
    return "\n".join(sorted(map(str, marks)))


def test_each_frame_is_the_picture_of_its_epoch(bilevel: Path) -> None:
    frames = frames_of(bilevel)
    names = [f"epoch {one.epoch}" for one in frames]
    auto, light, dark = (animated([one.page for one in frames], names, theme) for theme in Theme)
    assert [one.epoch for one in frames] == [1, 2, 3]
    for place, one in enumerate(frames):
        is_light, is_dark = (shown(ET.fromstring(to_svg(one.page, theme))) for theme in (Theme.LIGHT, Theme.DARK))
        assert frame(auto, place) == frame(light, place) == is_light != is_dark
        assert frame(auto, place, dark=True) == frame(dark, place) == is_dark
    assert len(light) < sum(len(to_svg(one.page)) for one in frames), "what is equal stands once"
    assert len(auto) < 2 * len(light), "what does not change its colour stands once in both themes"


def test_epochs_differ_in_colour_width_path_and_words_alone(bilevel: Path) -> None:
    """Positions and sizes of boxes are the same in all epochs."""
    places = [
        sorted(re.findall(r'<rect x="[^"]*" y="[^"]*" width="[^"]*" height="[^"]*"', to_svg(one.page)))
        for one in frames_of(bilevel)
    ]
    assert places[0] == places[1] == places[2]
    assert len({to_svg(one.page) for one in frames_of(bilevel)}) == 3


def test_the_last_frame_has_the_path_that_was_found(bilevel: Path) -> None:
    last = to_svg(frames_of(bilevel)[-1].page)
    for kept in read_history(bilevel)[-1].picks.values():
        move, _, label = kept[0].partition(": ")
        assert f"{label} {move.replace(' -> ', '→')}" in last.replace("\N{RIGHTWARDS ARROW}", "→")


def test_a_cell_is_drawn_over_time_too(tmp_path: Path) -> None:
    """Picks of a `sum top` are read back."""
    frames = frames_of(searched(tmp_path / "cell", "cell", ALONE))
    assert [one.epoch for one in frames] == [1, 2]


def test_long_runs_are_thinned_and_end_with_their_last_epoch() -> None:
    kept = [Recorded(epoch, {"h": [1.0]}, {}) for epoch in range(1, 301)]
    epochs = [one.epoch for one in thinned(kept, 120)]
    assert len(epochs) == 100 and epochs[-1] == 300 and epochs[:2] == [3, 6]
    assert thinned(kept[:7], 120) == kept[:7]


@pytest.mark.parametrize(
    ("suffix", "kind", "options", "width"),
    [(".gif", "GIF", ["--theme", "dark"], 1000), (".webp", "WEBP", ["--width", "600"], 600)],
)
def test_pixels_move(bilevel: Path, tmp_path: Path, suffix: str, kind: str, options: list[str], width: int) -> None:
    target = tmp_path / f"run{suffix}"
    assert run("render", str(bilevel), "--epochs", "-o", str(target), *options) == 0
    with Image.open(io.BytesIO(target.read_bytes())) as image:
        assert (image.format, image.n_frames, image.width) == (kind, 3, width)  # type: ignore[attr-defined]
        for place in range(3):
            image.seek(place)
            corner = image.convert("RGB").getpixel((2, 2))
            assert isinstance(corner, tuple) and (max(corner) < 40) == ("dark" in options)


def test_areas_of_a_gif_have_the_colours_of_the_picture(bilevel: Path, tmp_path: Path) -> None:
    target = tmp_path / "run.gif"
    assert run("render", str(bilevel), "--epochs", "-o", str(target)) == 0
    svg = to_svg(frames_of(bilevel)[0].page, Theme.LIGHT)
    wanted = {fill for fill in re.findall(r'<rect [^>]*fill="(#[0-9a-f]{6})"', svg) if svg.count(f'fill="{fill}"') > 2}
    with Image.open(target) as image:
        found = {"#" + bytes(colour).hex() for _, colour in image.convert("RGB").getcolors(10**6) or ()}  # type: ignore[arg-type]
    assert len(wanted) >= 4 and wanted <= found


def test_a_run_is_drawn_with_the_path_that_it_found(bilevel: Path, tmp_path: Path) -> None:
    """What a search writes into `arch.hc`, which need not be what is heaviest."""
    other = tmp_path / "other"
    shutil.copytree(bilevel, other)
    arch = (other / "arch.hc").read_text(encoding="utf-8")
    kept, label = re.findall(r"= (\d+ -> \d+): (\w+)", arch)[-1]
    swapped = {"SharpSepConv": "ResizablePool", "ResizablePool": "SharpSepConv"}[label]
    before, _, after = arch.rpartition(f"{kept}: {label}")
    (other / "arch.hc").write_text(f"{before}{kept}: {swapped}{after}", encoding="utf-8")
    for folder, op in ((bilevel, label), (other, swapped)):
        assert run("render", str(folder), "-o", str(tmp_path / "run.svg")) == 0
        titles = [one.text or "" for one in ET.parse(tmp_path / "run.svg").iter(f"{SVG}title")]
        last = [title.split("\n")[0] for title in titles if "on the best path" in title][-1]
        assert last.endswith(f"{kept.replace('->', '→')}, {op}")


def test_what_has_no_epochs_is_refused(bilevel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "old"
    shutil.copytree(bilevel, old)
    (old / "weights-history.jsonl").unlink()
    assert run("render", str(old), "--epochs", "-o", str(tmp_path / "run.svg")) == 1
    assert run("render", "spaces/new/cuboid.hc", "--epochs", "-o", str(tmp_path / "run.svg")) == 1
    assert capsys.readouterr().err.count("error[HC8201]") == 2
    assert run("render", str(bilevel), "--epochs", "-o", str(tmp_path / "run.dot")) == 2
    assert run("render", str(bilevel), "--epochs", "-o", str(tmp_path / "run.svg"), "--width", "900") == 2


# ---------------------------------------------------------------- live


def test_decisions_are_told_when_an_epoch_has_ended(bilevel: Path, tmp_path: Path) -> None:
    from rich.console import Console

    folder = tmp_path / "run"
    folder.mkdir()
    decisions = Decisions(folder)
    assert not decisions.changed() and decisions.table() is None
    for name in ("metrics.jsonl", "weights-history.jsonl"):
        shutil.copy(bilevel / name, folder)
    assert decisions.changed() and not decisions.changed()
    last = read_metrics(bilevel)[-1]
    assert f"epoch 3: margin {100 * last['margin']:.3f} %, entropy {last['entropy']:.4f}" in decisions.words()
    console = Console(width=120, file=io.StringIO())
    console.print(decisions.table())
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for site, (kept,) in read_history(bilevel)[-1].picks.items():
        assert site in text and kept in text


@pytest.fixture
def server(bilevel: Path) -> Iterator[Served]:
    with Served([bilevel]) as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        served.shutdown()
        thread.join()


def ask(server: Served, path: str, host: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request("GET", path, headers={} if host is None else {"Host": host})
    answer = connection.getresponse()
    status, text = answer.status, answer.read().decode()
    connection.close()
    return status, text


def test_the_server_gives_the_report_and_its_state_and_nothing_else(server: Served, bilevel: Path) -> None:
    assert server.server_address[0] == "127.0.0.1"
    status, page = ask(server, "/")
    assert status == 200 and "data-live" in page and "connect-src &#39;self&#39;" in page
    before = ask(server, "/state")
    assert before == ask(server, "/state")
    with (bilevel / "state.json").open("a", encoding="utf-8") as file:
        file.write(" ")
    assert ask(server, "/state") != before
    for path in ("/config.json", "/../config.json", "/%2e%2e/config.json"):
        assert ask(server, path)[0] == 404
    assert ask(server, "/", host="evil.example")[0] == 403


def test_a_port_that_is_taken_is_said(server: Served, bilevel: Path) -> None:
    with pytest.raises(HypercuboidError, match="cannot be had"):
        Served([bilevel], server.server_port)


def test_watch_ends_by_ctrl_c_with_0_and_refuses_what_is_no_run(
    bilevel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "hypercuboid.cli.main", "watch", str(bilevel)]
    # a shell starts what runs in the background with SIGINT ignored, which children inherit
    heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heard
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert re.search(r"at http://127\.0\.0\.1:\d+/ ", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""
    assert run("watch", str(tmp_path / "none")) == 1
    assert "error[HC8200]" in capsys.readouterr().err
