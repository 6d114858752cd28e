"""Printing and parsing again gives the same tree; mutated programs give diagnostics and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import bare

from hypercuboid.diagnostics import HypercuboidError, Source
from hypercuboid.frontend import ast
from hypercuboid.frontend.modules import load_text
from hypercuboid.frontend.names import check_names
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.printer import print_expression
from hypercuboid.rendering import render

ROOT = Path(__file__).parent.parent
PROGRAMS = sorted([*(ROOT / "spaces").rglob("*.hc"), *(ROOT / "tests" / "programs").glob("*.hc")])


def value(text: str) -> ast.Expr:
    item = parse(Source("a.hc", f"hypercuboid 1\nlet v = {text}")).items[0]
    assert isinstance(item, ast.Let)
    return item.value


@pytest.mark.parametrize(
    "text",
    [
        "(a + b) * c",
        "a + b * c",
        "a - (b - c)",
        "a - b - c",
        "-a ** 2",
        "(-a) ** 2",
        "2 ** -1",
        "(2 ** 3) ** 2",
        "2 ** 3 ** 2",
        "not (a and b)",
        "not a and b",
        "(a or b) and c",
        "(a < b) == c",
        "(x -> f) + y",
        "x -> (f + y)",
        "x -> (f if c else g)",
        "x -> f if c else g",
        "(a if b else c) if d else e if f else g",
        "(a, b) -> f(c, k = 3)",
        "(x -> f).c",
        "(a..b)[1]",
        "h[..3]",
        "h[2..]",
        "h[i - 2, j]",
        "[(a, b) for (a, b) in zip(x, y) if a > b for c in b]",
        "[a for a in (x if y else z)]",
        "choose { a, b: 2 }",
        "choose n { a: x -> f }",
        "choose a in x, b in y where a < b { f(a) }",
        "sum top 2 j in 0..i { choose op in ops { n[j] -> op(c) } }",
        "chain i in 0..3 { let s = i out f(s) }",
        "scan s from x over t in xs { s + t }",
        "concat(a, b[1..])",
        "1e-05 + 0.5 + true",
        '"text"',
        "[]",
    ],
)
def test_expressions_print_as_they_are_written(text: str) -> None:
    assert print_expression(value(text)) == text


def test_deep_trees_print() -> None:
    tree = value("(1 + 2 * " * 90 + "1" + ")" * 90)
    assert bare(value(print_expression(tree))) == bare(tree)


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "1", "2.5", "true", '"s"', "[]"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "**", "==", "and", "or", ".."]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        inner.map(lambda one: f"-({one})"),
        inner.map(lambda one: f"not ({one})"),
        inner.map(lambda one: f"({one}).c"),
        st.lists(inner, min_size=1, max_size=3).map(lambda many: f"[{', '.join(many)}]"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]})({two[1]}, k = {two[1]})"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]}) if ({three[1]}) else ({three[2]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) -> ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"choose i in ({two[0]}) {{ {two[1]} }}"),
    ),
    max_leaves=12,
)


@given(EXPRESSIONS)
@settings(max_examples=200, deadline=None)
def test_any_expression_round_trips(text: str) -> None:
    tree = value(text)
    printed = print_expression(tree)
    assert bare(value(printed)) == bare(tree)
    assert print_expression(value(printed)) == printed


def _mutated(text: str, generator: random.Random) -> str:
    """The program with a few pieces dropped, doubled, swapped or replaced."""
    pieces = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "let ",
        "out ",
        "->",
        "..",
        "=",
        ":",
        ",",
        '"',
        "9",
        "if ",
        "\u202e",
        "$",
        "sum ",
    ]
    for _ in range(generator.randint(1, 5)):
        at = generator.randrange(len(text))
        end = min(len(text), at + generator.randint(0, 12))
        kind = generator.randrange(3)
        middle = "" if kind == 0 else generator.choice(pieces) if kind == 1 else text[at:end] * 2
        text = text[:at] + middle + text[end:]
    return text


@pytest.mark.parametrize("seed", range(30))
def test_mutated_programs_give_diagnostics_only(seed: int) -> None:
    generator = random.Random(seed)
    for _ in range(10):
        text = _mutated(generator.choice(PROGRAMS).read_text(encoding="utf-8"), generator)
        try:
            found = check_names(load_text(text))
        except HypercuboidError as problem:
            found = problem.diagnostics
            assert found
        for one in found:
            assert one.span is not None
            assert f":{one.span.line}:{one.span.column}" in render([one])
