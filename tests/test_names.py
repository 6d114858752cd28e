"""Names, types and circles found without elaborating."""

from __future__ import annotations

from pathlib import Path

import pytest

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
