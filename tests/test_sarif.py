"""SARIF: held against the required properties of the standard, and against what was found."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from sarif_schema import inconsistencies, problems

from hypercuboid.cli.check import examine
from hypercuboid.cli.main import main
from hypercuboid.diagnostics import Diagnostic, Label, Source, Span
from hypercuboid.sarif import to_sarif

FOLDER = Path(__file__).parent / "errors"
PROGRAMS = sorted(FOLDER.glob("*.hc"))


def test_every_mistake_we_have_is_valid_sarif() -> None:
    found = [one for path in PROGRAMS for one in examine(path)]
    log = json.loads(json.dumps(to_sarif(found)))
    assert problems(log) == [] and inconsistencies(log) == []
    (run,) = log["runs"]
    assert [one["ruleId"] for one in run["results"]] == [one.code for one in found]
    assert [one["level"] for one in run["results"]] == [one.severity for one in found]
    assert len({rule["id"] for rule in run["tool"]["driver"]["rules"]}) == len({one.code for one in found})


def test_places_are_those_of_the_diagnostic() -> None:
    source = Source("nets/a b.hc", "hypercuboid 1\nlet a = é1\n")
    first, second = Span(source, 22, 24), Span(source, 18, 19)
    one = Diagnostic("HC2001", "odd", first, "here", (Label(second, "there"),), ("a note",), "a way out")
    one = Diagnostic(**{**vars(one), "trail": (Label(second, "in the use of `B`"),)})
    (result,) = to_sarif([one])["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "nets/a%20b.hc"}
    region = {"startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 11, "snippet": {"text": "é1"}}
    assert place["region"] == region
    assert result["message"] == {"text": "odd: here\na note\nhelp: a way out"}
    (related,) = result["relatedLocations"]
    assert (related["id"], related["message"]) == (0, {"text": "there"})
    assert result["stacks"][0]["frames"][0]["location"]["message"] == {"text": "in the use of `B`"}


def test_a_mistake_of_the_command_line_has_no_place() -> None:
    log = to_sarif([Diagnostic("HC7050", "unknown data set `d`")])
    assert problems(log) == []
    assert log["runs"][0]["results"][0]["locations"] == []


def test_nothing_found_is_a_log_without_results() -> None:
    log = to_sarif([])
    assert problems(log) == []
    assert log["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "2.0.0"),
        (("runs", 0, "results", 0, "level"), "fatal"),
        (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"), 0),
        (("runs", 0, "tool", "driver"), {}),
        (("runs", 0, "results", 0, "ruleid"), "HC2001"),
    ],
)
def test_the_schema_refuses_what_the_standard_refuses(path: tuple[Any, ...], value: Any) -> None:
    log: Any = copy.deepcopy(to_sarif(examine(FOLDER / "undefined_name.hc")))
    assert problems(log) == []
    target = log
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert problems(log) != []


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "--format", "sarif", str(FOLDER / "undefined_name.hc"), str(FOLDER / "nameless_choice.hc")])
    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    log = json.loads(printed.out)
    assert problems(log) == []
    assert [one["level"] for one in log["runs"][0]["results"]] == ["error", "warning"]
