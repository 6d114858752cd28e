"""Source to syntax tree: exact nodes and places, limits, and syntax errors."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from hypercuboid.diagnostics import HypercuboidError, Source
from hypercuboid.frontend import ast
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.tables import PATH, compile_grammar, compiled

ROOT = Path(__file__).parent.parent
PROGRAMS = sorted([*(ROOT / "spaces").rglob("*.hc"), *(ROOT / "tests" / "programs").glob("*.hc")])


def module(text: str) -> ast.Module:
    return parse(Source("a.hc", f"hypercuboid 1\n{text}"))


def value(text: str) -> ast.Expr:
    item = module(f"let v = {text}").items[0]
    assert isinstance(item, ast.Let)
    return item.value


def codes(text: str, head: str = "hypercuboid 1\n") -> list[str]:
    with pytest.raises(HypercuboidError) as caught:
        parse(Source("a.hc", head + text))
    assert all(one.span is not None for one in caught.value.diagnostics)
    return [one.code for one in caught.value.diagnostics]


def test_tables_are_those_of_the_grammar() -> None:
    assert PATH.read_text(encoding="utf-8") == compiled()


def test_a_grammar_with_a_conflict_is_refused() -> None:
    from lark.exceptions import GrammarError

    with pytest.raises(GrammarError, match="conflict"):
        compile_grammar('start: e\ne: e "+" e | NAME\nNAME: /[a-z]+/')


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_programs_parse(path: Path) -> None:
    assert parse(Source(str(path), path.read_text(encoding="utf-8"))).items


def test_levels_bind_as_the_rulings_say() -> None:
    tree = value("a -> b if x or not y and z == 1 + 2 * -3 ** 2 else c")
    assert isinstance(tree, ast.Conditional)
    assert isinstance(tree.then, ast.Pipe)
    either = tree.condition
    assert isinstance(either, ast.Operation) and either.operators == ("or",)
    both = either.operands[1]
    assert isinstance(both, ast.Operation) and both.operators == ("and",)
    assert isinstance(both.operands[0], ast.Unary) and both.operands[0].operator == "not"
    compared = both.operands[1]
    assert isinstance(compared, ast.Operation) and compared.operators == ("==",)
    added = compared.operands[1]
    assert isinstance(added, ast.Operation) and added.operators == ("+",)
    multiplied = added.operands[1]
    assert isinstance(multiplied, ast.Operation) and multiplied.operators == ("*",)
    negative = multiplied.operands[1]
    assert isinstance(negative, ast.Unary) and isinstance(negative.operand, ast.Operation)


def test_parentheses_break_chains() -> None:
    flat, nested = value("1 - 2 + 3"), value("1 - (2 + 3)")
    assert isinstance(flat, ast.Operation) and flat.operators == ("-", "+") and len(flat.operands) == 3
    assert isinstance(nested, ast.Operation) and nested.operators == ("-",)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("(a + b) * c", "(a + b) * c"),
        ("f(1, k = 2)[3].c", "f(1, k = 2)[3].c"),
        ("[i for i in xs if i]", "[i for i in xs if i]"),
        ("choose n { a: 1, b: 2 }", "choose n { a: 1, b: 2 }"),
        ("sum top 2 j in 0..i { j }", "sum top 2 j in 0..i { j }"),
    ],
)
def test_places_are_exact(text: str, inner: str) -> None:
    tree = value(f"{text}   # comment")
    assert tree.span.text == inner


def test_places_of_parts() -> None:
    tree = value("(a + b) * f(c)")
    assert isinstance(tree, ast.Operation)
    assert [operand.span.text for operand in tree.operands] == ["a + b", "f(c)"]
    call = tree.operands[1]
    assert isinstance(call, ast.Call)
    assert (call.span.line, call.span.column) == (2, 19)
    assert call.arguments[0].span.text == "c"


def test_documentation_belongs_to_what_follows() -> None:
    text = "## one\n##two\nblock B() on x {\n  ## the k\n  let k = 3 # no\n  out x\n}\n## last"
    block = module(text).items[0]
    assert isinstance(block, ast.BlockDefinition)
    assert block.doc == "one\ntwo"
    let = block.statements[0]
    assert isinstance(let, ast.Let) and let.doc == "the k"


def test_documentation_of_the_file_and_of_a_use() -> None:
    tree = parse(Source("a.hc", "## file\nhypercuboid 1\n## ops\nuse std.ops { conv }"))
    assert (tree.doc, tree.uses[0].doc) == ("file", "ops")


def test_keywords_are_names_before_colon_and_equals() -> None:
    call = value("f(sum = 1, top = 2)")
    assert isinstance(call, ast.Call) and [one.name for one in call.arguments] == ["sum", "top"]
    choice = value("choose { mean: 1, concat: 2 }")
    assert isinstance(choice, ast.Choose) and [one.label for one in choice.alternatives] == ["mean", "concat"]


def test_keywords_are_labels_in_picks() -> None:
    arch = module("arch A of B() { pick out.sum = mean keep n[2] = [0: sum, 1: concat] pick c = (3, sum) }").items[0]
    assert isinstance(arch, ast.Arch)
    mean, several, pair = (pick.kept for pick in arch.picks)
    assert isinstance(mean[0].value, ast.Name) and mean[0].value.id == "mean"
    assert [one.value.id for one in several if isinstance(one.value, ast.Name)] == ["sum", "concat"]
    assert isinstance(pair[0].value, ast.TupleOf)


def test_picks() -> None:
    text = (
        "arch A of B(c = 3) partial { keep h[layer = 0, 1] = [8 -> 16: (3, 1), 8 -> 8: x] pick k = [3, 5] pick j = 3 }"
    )
    arch = module(text).items[0]
    assert isinstance(arch, ast.Arch) and arch.partial and arch.space == "B"
    first, second, third = arch.picks
    assert (first.keeps, first.is_list, len(first.kept)) == (True, True, 2)
    assert isinstance(first.kept[0].key, ast.Pipe)
    index = first.site.steps[0]
    assert isinstance(index, ast.SiteIndex) and [one.name for one in index.coordinates] == ["layer", None]
    assert (second.is_list, len(second.kept), third.is_list) == (True, 2, False)


def test_tuples_as_binders() -> None:
    fold = value("sum (a, b) in zip(x, y), c in z { a }")
    assert isinstance(fold, ast.Fold)
    assert [one.names for one in fold.binders] == [("a", "b"), ()]
    listed = value("[a for (a, b) in zip(x, y)]")
    assert isinstance(listed, ast.Comprehension) and listed.clauses[0].names == ("a", "b")
    assert isinstance(value("sum(a, b)"), ast.FoldOf)
    param = module("param p: int = sum(a, b) in 0..3").items[0]
    assert isinstance(param, ast.Param) and isinstance(param.default, ast.FoldOf) and param.range is not None


@pytest.mark.parametrize(
    ("text", "kind", "length"),
    [
        ("1" + " + 1" * 10_000, ast.Operation, "operands"),
        ("a" + " -> b" * 10_000, ast.Pipe, "stages"),
        ("a" + " and b" * 10_000, ast.Operation, "operands"),
        ("[1" + ", 1" * 10_000 + "]", ast.ListOf, "items"),
    ],
)
def test_flat_chains_of_ten_thousand(text: str, kind: type, length: str) -> None:
    tree = value(text)
    assert isinstance(tree, kind)
    assert len(getattr(tree, length)) == 10_001


OPENINGS = ["(", "[", "f(", "- ", "not ", "x[", "2 ** ", "a if b else ", "choose { a: ", "sum(", "sum i in x { "]


@pytest.mark.parametrize("opening", OPENINGS)
def test_deep_nesting_is_refused_quickly(opening: str) -> None:
    started = time.monotonic()
    assert codes("let v = " + opening * 70_000 + "x") == ["HC1011"]
    assert time.monotonic() - started < 10


def test_nesting_up_to_the_limit() -> None:
    assert isinstance(value("(" * 200 + "1" + ")" * 200), ast.Literal)
    assert codes("let v = " + "(" * 201 + "1" + ")" * 201) == ["HC1011"]


def test_integers_stay_within_two_to_the_53() -> None:
    tree = value(str(2**53))
    assert isinstance(tree, ast.Literal) and tree.value == 2**53
    assert codes(f"let v = {2**53 + 1}") == ["HC1009"]
    assert codes("let v = " + "9" * 10_000) == ["HC1009"]
    assert codes("let v = 1e999") == ["HC1009"]


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x1b", "\x00", "\ufeff", "\u2066", "\U000e0041", "\ud800"])
@pytest.mark.parametrize("where", ["let v{} = 1", "# {}", 'let v = "{}"'])
def test_hidden_characters_are_refused(hidden: str, where: str) -> None:
    assert codes(where.format(hidden)) == ["HC1001"]


def test_size_limit() -> None:
    assert codes("#" * (1 << 20)) == ["HC1012"]


def test_edition_and_first_line() -> None:
    assert codes("let a = 1", "hypercuboid 2\n") == ["HC1013"]
    assert codes("let a = 1", "") == ["HC1014"]
    assert codes("", "") == ["HC1014"]


def test_several_independent_errors() -> None:
    text = """let a = )
block B(c: int) on x {
  let y = x -> conv(c, 3
  node n[i in 0..4] = sum j in { n[j] }
  out y
}
space S() on x { out x -> f + y }
let sum = 3
"""
    with pytest.raises(HypercuboidError) as caught:
        module(text)
    places = [(one.code, one.span.line) for one in caught.value.diagnostics if one.span]
    assert places == [("HC1002", 2), ("HC1005", 4), ("HC1002", 5), ("HC1010", 8), ("HC1003", 9)]


def test_an_arrow_into_a_sum_shows_the_way_out() -> None:
    with pytest.raises(HypercuboidError) as caught:
        module("let v = x -> f + y")
    assert caught.value.diagnostics[0].help == "write `(x -> f) + y`"
    assert isinstance(value("(x -> f) + y"), ast.Operation)
    assert isinstance(value("a + b -> f"), ast.Pipe)
    assert isinstance(value("x -> (f + y)"), ast.Pipe)


def test_parsing_starts_quickly_and_without_lark() -> None:
    code = (
        "import sys; from pathlib import Path; from hypercuboid.diagnostics import Source\n"
        "from hypercuboid.frontend.parse import parse\n"
        "parse(Source('a', Path(sys.argv[1]).read_text()))\n"
        "assert not {'lark', 'torch', 'networkx'} & set(sys.modules)"
    )
    path = ROOT / "spaces" / "multichannelnet.hc"
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=30)
    assert time.monotonic() - started < 1.5
