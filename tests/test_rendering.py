"""Diagnostics as text and as data."""

from __future__ import annotations

import re
import unicodedata

from hypercuboid.diagnostics import Diagnostic, Label, Source, Span
from hypercuboid.rendering import render, to_json

TEXT = "\n".join(["hypercuboid 1", *([""] * 7), "  let b = x -> conv(c, 3, stride = 2)", "", "", "", ""])
SOURCE = Source("nets/cell.hc", f"{TEXT}\n  out sum p in [a, b] {{ p }}\n")


def span(text: str, source: Source = SOURCE) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


CLASH = Diagnostic(
    "HC3101",
    "the two branches of this `sum` have different shapes",
    span("sum p in [a, b] { p }"),
    "cannot add (16, 32, 32) and (16, 16, 16)",
    (Label(span("x -> conv(c, 3, stride = 2)"), "`b` is (16, 16, 16): stride 2 halves 32 x 32"),),
    ("with c = 16 (default of `c`, line 3), x = (3, 32, 32)",),
    "give both branches one stride, or write `b -> resize(2)`",
)


def test_anatomy() -> None:
    assert render([CLASH]) == (
        "error[HC3101]: the two branches of this `sum` have different shapes\n"
        "  --> nets/cell.hc:14:7\n"
        "   |\n"
        "14 |   out sum p in [a, b] { p }\n"
        "   |       ^^^^^^^^^^^^^^^^^^^^^ cannot add (16, 32, 32) and (16, 16, 16)\n"
        "   |\n"
        " 9 |   let b = x -> conv(c, 3, stride = 2)\n"
        "   |           --------------------------- `b` is (16, 16, 16): stride 2 halves 32 x 32\n"
        "   = with c = 16 (default of `c`, line 3), x = (3, 32, 32)\n"
        "   help: give both branches one stride, or write `b -> resize(2)`"
    )


def test_colour_only_adds_colour() -> None:
    colored = render([CLASH], color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render([CLASH])


def test_a_label_in_another_file() -> None:
    other = Source("b.hc", "block B() on x { out x }")
    text = render([Diagnostic("HC2011", "twice", span("sum"), secondary=(Label(span("B", other), "first"),))])
    assert text.endswith(" --> b.hc:1:7\n   |\n 1 | block B() on x { out x }\n   |       - first")


def test_a_place_over_several_lines_shows_the_first_and_the_last() -> None:
    source = Source("a.hc", "let a = [\n  1,\n  2\n]\n")
    assert render([Diagnostic("HC3001", "odd", Span(source, 8, 19), "here")]) == (
        "error[HC3001]: odd\n --> a.hc:1:9\n  |\n1 | let a = [\n  |         ^ ...\n4 | ]\n  | ^ here"
    )


def test_long_lines_are_clipped_around_the_place() -> None:
    source = Source("a.hc", f"{'x' * 500} here {'y' * 500}")
    lines = render([Diagnostic("HC1002", "odd", span("here", source))]).split("\n")
    assert max(map(len, lines)) <= 130
    column = lines[4].index("^")
    assert lines[3][column : column + 4] == "here"


def test_wide_characters_take_two_columns() -> None:
    source = Source("a.hc", f"{'漢' * 100}x here{'字' * 100}")
    lines = render([Diagnostic("HC1002", "odd", span("here", source))]).split("\n")
    assert max(columns(line) for line in lines) <= 130
    assert columns(lines[3][: lines[3].index("here")]) == lines[4].index("^")
    short = Source("a.hc", "let 漢字\t= here\u0301!")
    lines = render([Diagnostic("HC1002", "odd", span("here", short))]).split("\n")
    assert columns(lines[3][: lines[3].index("here")]) == lines[4].index("^")


def columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(one) == "W" for one in text)
    return len(text) + wide - text.count("\u0301")


def test_the_uses_that_led_there_are_listed_without_the_middle() -> None:
    uses = [Label(span("sum"), f"in the use of `B{i}`") for i in range(9)]
    one = Diagnostic("HC3009", "division by zero", span("let"), trail=tuple(uses[:2]))
    assert render([one]).split("\n")[-2:] == [
        "  = in the use of `B0` at nets/cell.hc:14:7",
        "  = in the use of `B1` at nets/cell.hc:14:7",
    ]
    one = Diagnostic("HC3009", "division by zero", span("let"), trail=tuple(uses))
    shown = [line.partition("= ")[2].partition(" at")[0] for line in render([one]).split("\n")[-5:]]
    assert shown == [
        "in the use of `B0`",
        "in the use of `B1`",
        "in the use of `B2`",
        "... 5 more ...",
        "in the use of `B8`",
    ]
    assert len(to_json([one])[0]["trail"]) == 9


def test_what_a_terminal_obeys_is_shown_escaped() -> None:
    source = Source("a\x1b[31m.hc", "let\ta = \u202e\x1b]0;x\x07 here")
    text = render([Diagnostic("HC1001", "name `\x1b`", span("here", source), "\u200b", (), ("\x9b",), "\x00")])
    assert text.replace("\n", "").isprintable()
    assert "let    a = \\u{202e}\\u{1b}]0;x\\u{7} here" in text
    lines = text.split("\n")
    assert lines[3].index("here") == lines[4].index("^")


def test_a_mistake_without_a_place() -> None:
    assert render([Diagnostic("HC7001", "no data", help="name one")]) == "error[HC7001]: no data\n help: name one"


def test_a_place_at_the_end_of_the_file() -> None:
    source = Source("a.hc", "let a")
    assert render([Diagnostic("HC1002", "end", Span(source, 5, 5))]).endswith("1 | let a\n  |      ^")


def test_several_stand_apart() -> None:
    one = Diagnostic("HC7001", "a")
    assert render([one, one]) == "error[HC7001]: a\n\nerror[HC7001]: a"


def test_data() -> None:
    (data,) = to_json([CLASH])
    assert data["place"] == {"file": "nets/cell.hc", "line": 14, "column": 7, "end_line": 14, "end_column": 28}
    assert data["secondary"][0]["place"]["line"] == 9
    assert (data["code"], data["severity"], len(data["notes"])) == ("HC3101", "error", 1)
    assert to_json([Diagnostic("HC7001", "a")])[0]["place"] is None
