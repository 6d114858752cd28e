"""Names, types and circles found without elaborating."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from hypercuboid.editing.occurrences import occurrences
from hypercuboid.frontend import ast
from hypercuboid.frontend.modules import load_module, load_text
from hypercuboid.frontend.names import check_names

ROOT = Path(__file__).parent.parent
PROGRAMS = sorted([*(ROOT / "spaces").rglob("*.hc"), *(ROOT / "tests" / "programs").glob("*.hc")])

CUBOID = """cuboid h from x {
  state (a, b) in [c] where a < b
  depth e in 0..c
  choice k in [1] where k < c
  compete per (e, a)
  out h[a] -> conv(b, k)
}
out h[c]"""


def found(text: str) -> list[tuple[str, str]]:
    problems = check_names(load_text(f"hypercuboid 1\nuse std.ops {{ conv, relu }}\n{text}"))
    return [(one.code, one.span.text if one.span else "") for one in problems]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_programs_have_no_such_mistake(path: Path) -> None:
    assert check_names(load_module(path)) == ()


@pytest.mark.parametrize(
    "body",
    [
        "out x -> conv(c) -> relu",
        "let k = c + 1 out x -> conv(k)",
        "node n[0] = x node n[i in 1..3] = n[i - 1] -> conv(i) out n[2]",
        CUBOID,
        "out sum i in 0..c, j in 0..i where j < i { let k = i + j out x -> conv(k) }",
        "let l = [i + j for i in [1, 2] for j in 0..i if j < i] out x -> conv(len(l))",
        "let l = [i + j for (i, j) in zip([1], [2])] out x -> conv(max(l))",
        "out scan s from x over t in x { s + t }",
        "out x -> conv(c, affine = not searching)",
        "let c = c + 1 out x -> conv(c)",
        "cell C = D(c = c) share W = conv(c) out x -> C -> W",
    ],
)
def test_what_is_bound(body: str) -> None:
    rest = "block D(c) on x { out x }\nlet later = 3"
    assert found(f"block B(c: int, d: int = c) on x: image(3, c, later) {{ {body} }}\n{rest}") == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("out x -> cnv(c)", "cnv"),
        ("let k = k out x", "k"),
        ("node n = n out x", "n"),
        ("let a = b let b = 1 out x", "b"),
        ("out sum i in 0..i { x }", "i"),
        ("out (sum i in 0..3 { x }) -> conv(i)", "i"),
        ("let a = [i for j in 0..3] out x", "i"),
        ("out x -> len", "len"),
        ("out choose s { a: y }", "y"),
        ("require z out x", "z"),
        ("aux z out x", "z"),
        ("cuboid h from x { state (a, b) in q depth d in 0..3 out h[a] } out x", "q"),
        ("out scan s from x over t in t { s }", "t"),
    ],
)
def test_what_is_not_bound(body: str, name: str) -> None:
    assert found(f"block B(c: int) on x {{ {body} }}") == [("HC2001", name)]


def test_a_name_that_is_bound_further_down_is_told_so() -> None:
    (problem,) = check_names(load_text("hypercuboid 1\nblock B() on x { let a = b let b = 1 out x }"))
    assert problem.help == "it is bound further down; move that up"


def test_types() -> None:
    assert found(
        "block B(c: itn, d: list(blok)) on x: img(3, 4, 4), y: image(q, 4, 4) { out x }\nparam p: nit = 3"
    ) == [
        ("HC2003", "itn"),
        ("HC2003", "blok"),
        ("HC2003", "img(3, 4, 4)"),
        ("HC2001", "q"),
        ("HC2003", "nit"),
    ]


def test_members_of_a_namespace() -> None:
    problems = check_names(
        load_text("hypercuboid 1\nuse std.blocks as b\nblock B() on x { out x -> b.Fti(3) -> b.Fit(x.c) }")
    )
    assert [(one.code, one.help) for one in problems] == [("HC2001", "did you mean `Fit`?")]


def test_spaces_of_architectures_and_searches() -> None:
    assert found("arch A of Foo(c = z) { }\nsearch S of Bar { epochs = 3 }") == [
        ("HC2001", "Foo"),
        ("HC2001", "z"),
        ("HC2001", "Bar"),
    ]


def test_parameters_are_declared_once() -> None:
    assert found("block B(c, c) on x { out x }") == [("HC2017", "c")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("block A() on x { out x -> A }", ["A"]),
        (
            "block A() on x { out x -> B }\nblock B() on x { out x -> C }\nblock C() on x { out x -> A }",
            ["B", "C", "A"],
        ),
        ("let a = b\nlet b = a", ["b", "a"]),
        ("block A(c = B) on x { out x }\nblock B(c = A) on x { out x }", ["B", "A"]),
        ("cell C = D(k = C)\nblock D(k) on x { out x }", ["C"]),
        ("block A() on x { let B = 3 out x -> conv(B) }\nblock B() on x { out x -> A }", []),
        ("block A() on x { out x -> A -> A }", ["A"]),
    ],
)
def test_circles(text: str, names: list[str]) -> None:
    problems = check_names(load_text(f"hypercuboid 1\nuse std.ops {{ conv }}\n{text}"))
    assert [one.code for one in problems] == ["HC2006"] * bool(names)
    places = [s.text for one in problems for s in (one.span, *(label.span for label in one.secondary)) if s]
    assert places == names


def test_long_chains_of_items_are_walked_without_recursion() -> None:
    text = "\n".join(f"let a{i} = a{i + 1}" for i in range(5_000)) + "\nlet a5000 = 1"
    assert found(text) == []


def test_nameless_choices_are_warned_of() -> None:
    text = "block B() on x { let k = choose { a: 1, b: 2 } out x -> conv(k) -> choose { r: relu, c: conv(3) } }"
    problems = check_names(load_text(f"hypercuboid 1\nuse std.ops {{ conv, relu }}\n{text}"))
    assert [(one.code, one.severity) for one in problems] == [("HC2020", "warning")]


# ---------------------------------------------------------------- every part of every kind of expression

PARTS = {
    "TupleOf.items": ("(nope, 1)", "(1, nope)"),
    "ListOf.items": ("[nope, 1]", "[1, nope]"),
    "Comprehension.element": ("[nope for i in [1]]",),
    "Comprehension.clauses.iterable": ("[i for i in nope]", "[i for i in [1] for j in nope]"),
    "Comprehension.clauses.condition": ("[i for i in [1] if nope]", "[i for i in [1] if nope for j in [1]]"),
    "Operation.operands": ("nope + 1", "1 * nope", "1 + 2 + nope", "2 ** nope", "true and nope", "nope == 1"),
    "Unary.operand": ("-nope", "not nope"),
    "Conditional.then": ("nope if true else 1",),
    "Conditional.condition": ("1 if nope else 2",),
    "Conditional.otherwise": ("1 if true else nope",),
    "Range.start": ("nope..3", "[1, 2][nope..]"),
    "Range.stop": ("0..nope", "[1, 2][..nope]"),
    "Pipe.stages": ("nope -> relu", "x -> nope -> relu", "x -> relu -> nope"),
    "Call.function": ("nope(3)",),
    "Call.arguments.value": ("conv(nope)", "conv(3, nope)", "conv(3, k = nope)", "len(nope)", "max(1, nope)"),
    "Index.value": ("nope[0]",),
    "Index.items": ("[1][nope]", "h[1, nope]"),
    "Attribute.value": ("nope.c",),
    "Choose.alternatives.value": ("choose s { a: nope, b: 1 }", "choose s { a: 1, b: nope }"),
    "ChooseIn.binders.iterable": ("choose i in nope { i }", "choose i in [1], j in nope { i }"),
    "ChooseIn.where": ("choose i in [1] where nope { i }",),
    "ChooseIn.body.lets.value": ("choose i in [1] { let k = nope out k }",),
    "ChooseIn.body.result": ("choose i in [1] { nope }", "choose i in [1] { let k = i out nope }"),
    "Fold.binders.iterable": ("sum i in nope { x }", "concat i in [1], j in nope { x }"),
    "Fold.where": ("chain i in [1] where nope { relu }",),
    "Fold.body.lets.value": ("mean i in [1] { let k = nope out x }",),
    "Fold.body.result": ("sum i in [1] { nope }", "sum top 1 i in [1] { nope }"),
    "FoldOf.arguments.value": ("sum(nope)", "concat(x, nope)", "mean([x for i in nope])"),
    "Scan.start": ("scan s from nope over t in x { s }",),
    "Scan.sequence": ("scan s from x over t in nope { s }",),
    "Scan.body.lets.value": ("scan s from x over t in x { let k = nope out s }",),
    "Scan.body.result": ("scan s from x over t in x { nope }",),
}
"""Expressions with a name in each part that an expression can have."""

CASES = [(part, text) for part, texts in PARTS.items() for text in texts]


def in_block(text: str) -> str:
    head = "hypercuboid 1\nuse std.ops { conv, relu }\nblock B() on x, h { out "
    return f"{head}{text} }}"


def paths(kind: type) -> Iterator[str]:
    """The ways from a class of the tree to the expressions in it."""
    for field in fields(kind):
        names = re.findall(r"[A-Z]\w+", str(field.type))
        if "Expr" in names:
            yield field.name
        for name in {*names} & {"Clause", "Argument", "Alternative", "Binder", "Block", "Let"}:
            yield from (f"{field.name}.{one}" for one in paths(getattr(ast, name)))


def test_there_is_a_case_for_each_part_of_each_kind_of_expression() -> None:
    kinds: tuple[type, ...] = get_args(ast.Expr)
    assert {f"{kind.__name__}.{one}" for kind in kinds for one in paths(kind)} == set(PARTS)


@pytest.mark.parametrize(("part", "text"), CASES)
def test_a_name_that_is_not_defined_is_found_in_each_part(part: str, text: str) -> None:
    program = in_block(text)
    (problem,) = (one for one in check_names(load_text(program)) if one.severity == "error")
    assert problem.span is not None
    assert (problem.code, problem.span.start, problem.span.text) == ("HC2001", program.index("nope"), "nope"), part


@pytest.mark.parametrize(("part", "text"), CASES)
def test_an_editor_knows_a_name_in_each_part(part: str, text: str) -> None:
    program = f"{in_block(text)}\nlet nope = 1"
    names: Any = [(one.start, one.declaration.start) for one in occurrences(load_text(program)).found]
    assert (program.index("nope"), program.rindex("nope")) in names, part
