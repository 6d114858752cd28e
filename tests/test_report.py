"""Reports: all of a run on one page that fetches nothing, whatever its files hold."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from run_folders import ALONE, BILEVEL, searched

from hypercuboid.cli.main import main
from hypercuboid.reporting import page as pages
from hypercuboid.reporting import standing
from hypercuboid.reporting.curves import improved, mean_times
from hypercuboid.reporting.facts import read_reported
from hypercuboid.reporting.page import report
from hypercuboid.runs.listing import read_metrics
from hypercuboid.runs.scored import read_scored
from hypercuboid.runs.weights_history import MOST, append_now, read_history
from hypercuboid.targets.charts.grid import strips
from hypercuboid.targets.charts.page import prose
from hypercuboid.targets.charts.scales import tick_texts

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;\u202e"


class Reader(HTMLParser):
    """Tags with attributes, headings, and the text of the page outside of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._skipped = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._skipped = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._skipped = False

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bilevel search of a cuboid over three epochs, and a search by trainings of a cell."""
    folder = tmp_path_factory.mktemp("runs")
    searched(folder / "cuboid", "cuboid", BILEVEL)
    searched(folder / "cell", "cell", ALONE)
    return folder


@pytest.fixture(scope="module")
def page(runs: Path) -> Reader:
    return Reader(report([runs / "cuboid"]))


SECTIONS = {
    "cuboid": "Architecture, Picture, Curves, Best path over epochs, Weights by axis, Entropy and margin, Capacity over"
    " epochs, Time between improvements, Best architectures, Front of score against cost, Source, Provenance",
    "cell": "Architecture, Curves, Best path over epochs, Weights by axis, Entropy and margin, Capacity over epochs,"
    " Architectures that were scored, Time between improvements, Best architectures, Source, Provenance",
}


@pytest.mark.parametrize("name", SECTIONS)
def test_the_page_has_all_parts(runs: Path, name: str) -> None:
    titles = re.findall(r"<h3>([^<]*)</h3>", report([runs / name]))
    assert [one for one in titles if one in SECTIONS[name].split(", ")] == SECTIONS[name].split(", ")


def test_numbers_are_those_of_the_run(runs: Path, page: Reader) -> None:
    run = runs / "cuboid"
    for line in read_metrics(run):
        for name in ("loss", "validation_accuracy", "entropy", "lr"):
            assert f"{line[name]:.4g}" in page.text
    for pick in re.findall(r"pick (.*)", (run / "arch.hc").read_text(encoding="utf-8")):
        site, _, kept = pick.rpartition(" = ")
        assert site in page.text and kept in page.text
    assert json.loads((run / "config.json").read_text(encoding="utf-8"))["hash"] in page.text


def test_every_chart_has_a_text_alternative_and_its_numbers(page: Reader) -> None:
    charts = [one for one in page.of("svg") if re.match(r"p-\d+-\d+-\d+-t ", str(one.get("aria-labelledby")))]
    ids = {one["id"] for _, one in page.tags if "id" in one}
    assert len(charts) >= 12
    assert all(one["role"] == "img" and set(str(one["aria-labelledby"]).split()) <= ids for one in charts)
    assert len(page.of("details")) == len(charts)
    assert len([one for _, one in page.tags if one.get("class") == "summary"]) == len(charts)


def test_nothing_is_fetched(page: Reader) -> None:
    asked = [(tag, name) for tag, one in page.tags for name in one if name in ("src", "srcset", "action", "poster")]
    links = [one["href"] for tag, one in page.tags if "href" in one]
    assert asked == []
    assert all(str(link).startswith(("#", "data:")) for link in links)
    policy = next(one["content"] for one in page.of("meta") if "http-equiv" in one)
    assert str(policy).startswith("default-src 'none'")


def test_a_page_is_the_same_twice(runs: Path) -> None:
    assert report([runs / "cuboid"]) == report([runs / "cuboid"])


def test_several_runs_are_compared(runs: Path) -> None:
    both = report([runs])
    read = Reader(both)
    assert "2 runs compared" in read.text
    assert both.count("<article") == 3
    assert len({one["id"] for _, one in read.tags if "id" in one}) == len([1 for _, one in read.tags if "id" in one])


def test_names_from_files_are_text(runs: Path, tmp_path: Path) -> None:
    """Names of sites, settings, scores and files that would be markup or hide other text."""
    run = tmp_path / "run"
    shutil.copytree(runs / "cuboid", run)
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    config |= {"command": HOSTILE, "data": HOSTILE, HOSTILE: HOSTILE}
    config["recipe"] |= {"strategy": HOSTILE, "weighting": HOSTILE}
    (run / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (run / "arch.hc").write_text(HOSTILE, encoding="utf-8")
    history = [json.loads(line) for line in (run / "weights-history.jsonl").read_text(encoding="utf-8").splitlines()]
    for line in history:
        line["picks"] = {HOSTILE: [HOSTILE]}
    (run / "weights-history.jsonl").write_text("".join(json.dumps(one) + "\n" for one in history), encoding="utf-8")
    rows = [{"name": HOSTILE, "accuracy": 0.5, "percentile": 50.0, "params": 1, "macs": 1}]
    (run / "baselines.json").write_text(json.dumps({"architectures": rows}), encoding="utf-8")
    for text in (report([run]), report([run, runs / "cuboid"])):
        assert "<script>alert" not in text and "<img" not in text and "\u202e" not in text
        assert len(Reader(text).of("script")) == 1
        assert "<script>alert(1)</script>" in Reader(text).text, "it is shown as it is"


def test_a_run_that_has_not_ended_is_shown_as_it_stands(runs: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs / "cuboid", run)
    (run / "state.json").write_text('{"state": "interrupted"}', encoding="utf-8")
    lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (run / "metrics.jsonl").write_text(lines[0] + lines[1][:20], encoding="utf-8")
    assert "This run has not ended" in Reader(report([run])).text
    for name in ("weights.json", "arch.hc", "metrics.jsonl", "weights-history.jsonl", "space.hc", "state.json"):
        (run / name).unlink()
        assert "Provenance" in Reader(report([run])).text, f"without {name}"


@pytest.mark.parametrize("name", ["weights.json", "space.hc", "arch.hc", "scored.json", "weights-history.jsonl"])
def test_damaged_files_are_said_or_left_out(runs: Path, tmp_path: Path, name: str) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs / "cuboid", run)
    for content in (b"", b"\xff\xfe{", b'{"epoch": "x"}', b"[" * 5000):
        (run / name).write_bytes(content)
        assert "Curves" in Reader(report([run])).text


def test_the_command_writes_the_page_and_refuses_what_is_no_run(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return int(ended.value.code or 0)

    target = tmp_path / "page.html"
    assert run("report", str(runs / "cell"), "-o", str(target)) == 0
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert run("report", str(tmp_path / "none"), "-o", str(target)) == 1
    assert run("report", str(tmp_path), "-o", str(target)) == 1
    assert capsys.readouterr().err.count("error[HC8200]") == 2
    assert run("report", str(runs / "cell"), "-o", "page.txt") == 2


# ---------------------------------------------------------------- what a search keeps of its epochs


def test_the_history_has_each_epoch_and_its_last_is_what_was_found(runs: Path) -> None:
    run = runs / "cuboid"
    history = read_history(run)
    assert [one.epoch for one in history] == [1, 2, 3]
    held = json.loads((run / "weights.json").read_text(encoding="utf-8"))["decisions"]["h"]["values"]
    flat = [held]
    while isinstance(flat[0], list):
        flat = [one for part in flat for one in part]
    assert history[-1].weights["h"] == pytest.approx(flat, rel=1e-5)
    text = (run / "arch.hc").read_text(encoding="utf-8")
    assert all(f"pick {site} = {kept}" in text for site, (kept,) in history[-1].picks.items())


def test_of_a_large_space_the_history_has_what_was_best_alone(tmp_path: Path) -> None:
    weights = {"decisions": {"h": {"values": [0.5] * (MOST + 1)}}}
    (tmp_path / "weights.json").write_text(json.dumps(weights), encoding="utf-8")
    append_now(tmp_path, 1, {"h": ["a"]})
    (kept,) = read_history(tmp_path)
    assert (kept.weights, kept.alphas, kept.picks) == ({}, {}, {"h": ["a"]})


def test_scores_of_trainings_are_kept(runs: Path) -> None:
    scored = read_scored(runs / "cell")
    assert 1 <= len(scored) <= 3
    assert all(0 < score <= 1 for _, score in scored)
    assert read_scored(runs / "cuboid") == []


def test_mean_time_between_improvements() -> None:
    points = [(1.0, 0.5), (2.0, 0.4), (3.0, 0.6), (4.0, 0.6), (5.0, 0.7)]
    assert improved(points) == [1.0, 3.0, 5.0]
    assert mean_times(points) == ((1.0, 1.0), (2.0, 2.0), (3.0, 1.5), (4.0, 2.0), (5.0, 5 / 3))


def test_the_baselines_of_seeds_stand_where_these_are_compared(runs: Path, tmp_path: Path) -> None:
    rows = [{"name": "found by seed-0", "accuracy": 0.5, "percentile": 50.0, "params": 1234, "macs": 5}]
    for seed in ("seed-0", "seed-1"):
        shutil.copytree(runs / "cuboid", tmp_path / "seeds" / seed)
    (tmp_path / "seeds" / "baselines.json").write_text(json.dumps({"architectures": rows}), encoding="utf-8")
    page = report([tmp_path / "seeds"])
    assert page.count("<h3>Baselines</h3>") == 1 and page.index("found by seed-0") < page.index("<h3>Architecture</h3>")
    assert "found by seed-0" in report([tmp_path / "seeds" / "seed-1"])
    assert "<h3>Baselines</h3>" not in report([runs / "cuboid"])


def test_numbers_beside_an_axis_differ() -> None:
    assert tick_texts([0.99994, 0.99996, 0.99998, 1.0]) == ["0.99994", "0.99996", "0.99998", "1"]
    assert tick_texts([1_234_567.0, 1_234_568.0]) == ["1.234567M", "1.234568M"]
    assert tick_texts([0.0, 20_000.0]) == ["0", "20k"]


def test_sentences_have_code_and_nothing_else() -> None:
    assert prose("`a<b>` is 5 % of <i>") == "<code>a&lt;b&gt;</code> is 5\u00a0% of &lt;i&gt;"
    assert prose("one ` alone") == "one ` alone"


def test_a_long_run_fits_on_a_page(runs: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs / "cuboid", run)
    for name in ("metrics.jsonl", "weights-history.jsonl"):
        lines = [json.loads(line) for line in (run / name).read_text(encoding="utf-8").splitlines()]
        many = (json.dumps({**lines[epoch % len(lines)], "epoch": epoch}) + "\n" for epoch in range(1, 1001))
        (run / name).write_text("".join(many), encoding="utf-8")
    page = report([run])
    assert len(page) < 3_000_000
    widths = re.findall(r'<svg role="img" aria-labelledby="p-[^>]* width="([\d.]+)"', page)
    assert max(map(float, widths)) < 1000


def test_one_choice_has_one_hue_in_all_rows() -> None:
    rows = [("a", ["8 -> 8: Conv", "8 -> 16: Pool"]), ("b", ["8 -> 16: Pool", "16 -> 8: Conv"])]
    marks = strips("kept", [1, 2], rows, "").marks
    hues = [mark.attributes["class"] for mark in marks if mark.tag == "rect"]
    assert hues == ["strip s0", "strip s1", "strip s1", "strip s0"]


def test_what_is_too_large_is_said_in_place_of_it(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = report([runs / "cuboid"])
    assert "takes a while" not in whole and "MB:" not in whole
    monkeypatch.setattr(standing, "GROUPS", 2)
    monkeypatch.setattr(pages, "LARGEST", 1000)
    page = report([runs / "cuboid"])
    assert "24 weights in 3 groups: its front takes a while" in page and "Score by weights against" not in page
    assert "0.0 MB: <code>hypercuboid render RUN" in page and len(page) < len(whole) - 10_000


def test_a_picture_names_how_it_was_searched(runs: Path) -> None:
    assert "strategy predictor" in report([runs / "cell"]) and "strategy scalar" not in report([runs / "cell"])
    assert "strategy scalar" in report([runs / "cuboid"])


def test_nothing_is_said_of_validation_before_an_architecture_is_scored(tmp_path: Path, runs: Path) -> None:
    """A search that trains architectures alone begins by training shared weights; a loss of 0 would be the best."""
    copy = shutil.copytree(runs / "cell", tmp_path / "cell")
    unscored = {"validation_loss": 0.0, "validation_accuracy": 0.0, "score": 0.0, "scored": 0}
    lines = [json.loads(line) for line in (copy / "metrics.jsonl").read_text().splitlines()]
    before = [{**lines[0], **unscored, "epoch": epoch} for epoch in (1, 2)]
    after = [{**one, "epoch": one["epoch"] + 2} for one in lines]
    (copy / "metrics.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in (*before, *after)))
    one = read_reported(copy, "cell")
    assert len(one.series("loss")) == len(lines) + 2
    for name in ("validation_loss", "validation_accuracy", "score"):
        assert [epoch for epoch, _ in one.series(name)] == [entry["epoch"] for entry in after if entry["scored"]], name
