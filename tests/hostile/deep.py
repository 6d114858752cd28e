"""Nesting of every bracket and construct to 100,000, and flat chains of 10,000 of everything that can be repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

HEAD = """hypercuboid 1
use std.ops { conv, relu, identity, gap, linear, bn }
"""
SPACE = "space S() on x: image(4, 8, 8) { out x -> conv(4, 1) }\n"
DEEP = 100_000
LONG = 10_000


@dataclass(frozen=True)
class Deep:
    """A program; `works` where it is a flat chain, which must be accepted and counted."""

    name: str
    text: str
    works: bool = False


def _value(expression: str) -> str:
    return f"{HEAD}let k = {expression}\nspace S() on x: image(4, 8, 8) {{ let j = k\nout x -> conv(4, 1) }}\n"


def _tensor(expression: str, before: str = "") -> str:
    return f"{HEAD}space S() on x: image(4, 8, 8) {{\n{before}  out {expression}\n}}\n"


def nested(depth: int = DEEP) -> Iterator[Deep]:
    """Every construct in itself, closed and left open."""
    for name, open, close in (("parentheses", "(", ")"), ("brackets", "[", "]"), ("tuples", "(1, ", ")")):
        yield Deep(name, _value(open * depth + "1" + close * depth))
        yield Deep(f"open {name}", _value(open * depth))
    yield Deep("open braces", f"{HEAD}space S() on x {{ " + "{" * depth)
    yield Deep("closing parentheses", _value("1" + ")" * depth))
    yield Deep("closing braces", _tensor("x" + "}" * depth))
    for name, before, after in (
        ("minus", "-", ""),
        ("not", "not ", ""),
        ("powers", "2 ** ", ""),
        ("conditionals", "1 if true else ", ""),
        ("conditions", "1 if 1 < ", " else 2"),
        ("calls in calls", "abs(", ")"),
        ("comprehensions", "[a for a in ", "]"),
        ("elements", "[", " for a in [1]]"),
        ("folds", "sum a in [1] { ", " }"),
        ("bodies", "sum a in [1] { let b = a\nout ", " }"),
        ("arguments", "sum(", ")"),
        ("choices", "choose { a: ", ", b: 1 }"),
        ("choices in lists", "choose v in [1] { ", " }"),
        ("sums", "1 + (", ")"),
        ("ranges", "0..(", ")"),
        ("and", "true and (", ")"),
        ("indices", "[1][", "]"),
        ("tops", "sum top 1 a in [1] { ", " }"),
        ("chains", "chain a in [1] { ", " }"),
        ("scans", "scan s from x over t in ", " { s }"),
    ):
        text = before * depth + "1" + after * depth
        yield Deep(name, (_tensor if name in ("tops", "chains", "scans") else _value)(text))
    yield Deep("calls of calls", _tensor("conv" + "(1)" * depth))
    yield Deep("indices of indices", _value("k" + "[1]" * depth))
    yield Deep("attributes", _tensor("x" + ".c" * depth))
    yield Deep("types", f"{HEAD}param k: {'list(' * depth}int{')' * depth} = 1\n{SPACE}")
    yield Deep("pipes in pipes", _tensor("x -> (relu -> " * depth + "relu" + ")" * depth))
    yield Deep("picks", f"{HEAD}{SPACE}arch A of S() {{ pick a = {'(' * depth}b{')' * depth} }}\n")
    yield Deep("settings", f"{HEAD}search q of S {{ a = {'[' * depth}{']' * depth} }}\n{SPACE}")


def flat(count: int = LONG) -> Iterator[Deep]:
    """Everything that can be repeated, `count` times."""
    yield from _values(count)
    yield from _tensors(count)
    yield from _files(count)
    yield from _headers(count)
    yield Deep("an arch", _arch(count), works=True)
    yield Deep("picks of steps", _steps(count), works=True)
    yield Deep("clauses", _value(f"[1 {_rows(count, 'for a{i} in [1]', ' ')}]"))
    yield Deep("binders", _value(f"sum {_rows(count, 'a{i} in [1]', ', ')} {{ 1 }}"))
    depths = _rows(count, "depth d{i} in 0..1")
    cuboid = f"node s[a in 0..1] = x\ncuboid h from s {{ state (a, b) in 0..1\n{depths}\nout h[a] -> relu }}\n"
    yield Deep("depths", _tensor("h[0]", cuboid), works=True)


def _rows(count: int, form: str, separator: str = "\n") -> str:
    """The form with `i` from 1 on, and `j` the number before it."""
    return separator.join(form.format(i=i, j=i - 1) for i in range(1, count + 1))


def _values(count: int) -> Iterator[Deep]:
    for name, sign in (("terms", " + "), ("factors", " * "), ("differences", " - "), ("quotients", " // ")):
        yield Deep(name, _value(sign.join(["1"] * count)), works=True)
    for name, sign, value in (("and", " and ", "true"), ("or", " or ", "false")):
        yield Deep(f"a row of {name}", _value(sign.join([value] * count)), works=True)
    numbers = _rows(count, "{i}", ", ")
    yield Deep("a list", _value(f"[{numbers}]"), works=True)
    yield Deep("a tuple", _value(f"({numbers})"), works=True)
    yield Deep("arguments", _value(f"max({numbers})"), works=True)
    yield Deep("numbers of a fold", _value(f"sum({numbers})"), works=True)


def _tensors(count: int) -> Iterator[Deep]:
    xs, relus = _rows(count, "x", ", "), _rows(count, "relu", " -> ")
    yield Deep("stages", _tensor(f"x -> {relus}"), works=True)
    yield Deep("terms of tensors", _tensor(_rows(count, "x", " + ")), works=True)
    yield Deep("a fold of tensors", _tensor(f"sum({xs})"), works=True)
    yield Deep("a chain", _tensor(f"x -> chain i in 0..{count} {{ relu }}"), works=True)
    yield Deep("steps of a chain", _tensor(f"x -> chain({_rows(count, 'relu', ', ')})"), works=True)
    yield Deep("a sum over a range", _tensor(f"sum i in 0..{count} {{ x }}"), works=True)
    nodes = "node n0 = x\n" + _rows(count, "node n{i} = n{j} -> relu") + "\n"
    yield Deep("nodes", _tensor(f"n{count}", nodes), works=True)
    family = f"node n[0] = x\nnode n[i in 1..{count}] = n[i - 1] -> relu\n"
    yield Deep("a family", _tensor(f"n[{count - 1}]", family), works=True)
    members = "node n[0] = x\n" + _rows(count, "node n[{i}] = n[{j}] -> relu") + "\n"
    yield Deep("members", _tensor(f"n[{count}]", members), works=True)
    lets = "let v0 = 4\n" + _rows(count, "let v{i} = v{j}") + "\n"
    yield Deep("lets of a body", _tensor(f"x -> conv(v{count}, 1)", lets), works=True)
    yield Deep("requirements", _tensor("x", _rows(count, "require {i} > 0") + "\n"), works=True)
    yield Deep("alternatives", _tensor(f"x -> choose c {{ {_rows(count, 'a{i}: relu', ', ')} }}"), works=True)
    choices = f"x -> chain i in 0..{count // 2} {{ choose c {{ a: relu, b: identity }} }}"
    yield Deep("choices in a row", _tensor(choices), works=True)
    cuboid = f"state (a, b) in 0..2\ndepth d in 0..{count}\nout h[a] -> relu }}\n"
    yield Deep("steps of a cuboid", _tensor("h[0]", f"node s[a in 0..2] = x\ncuboid h from s {{ {cuboid}"), works=True)


def _files(count: int) -> Iterator[Deep]:
    last = SPACE.replace("(4, 1", f"(v{count}, 1")
    yield Deep("lets of a file", HEAD + "let v0 = 4\n" + _rows(count, "let v{i} = v{j}") + f"\n{last}", works=True)
    backwards = "\n".join(f"let v{i} = v{i + 1}" for i in range(count)) + f"\nlet v{count} = 4\n"
    yield Deep("lets from the last on", HEAD + backwards + SPACE.replace("(4, 1", "(v0, 1"), works=True)
    params = "param v0: int = 4\n" + _rows(count, "param v{i}: int = v{j}")
    yield Deep("params of a file", HEAD + params + f"\n{SPACE}", works=True)
    yield Deep("blocks", HEAD + _rows(count, "block B{i}() on x {{ out x -> relu }}") + f"\n{SPACE}", works=True)
    yield Deep("spaces", HEAD + _rows(count, "space S{i}() on x {{ out x -> relu }}") + f"\n{SPACE}", works=True)
    uses = "".join(f"use std.ops as o{i}\n" for i in range(count))
    yield Deep("names of a use", HEAD + uses + SPACE, works=True)
    yield Deep("comments", HEAD + _rows(count, "# {i}") + f"\n{SPACE}", works=True)
    yield Deep("documentation", HEAD + _rows(count, "## {i}") + f"\n{SPACE}", works=True)


def _headers(count: int) -> Iterator[Deep]:
    one = "block B() on x { out x -> relu }\n"
    space = "space S() on x: image(4, 8, 8) { out "
    yield Deep("uses of a block", f"{HEAD}{one}{space}x -> {_rows(count, 'B', ' -> ')} }}\n", works=True)
    formals = f"block B({_rows(count, 'p{i}: int = {i}', ', ')}) on x {{ out x -> conv(p1) }}\n"
    yield Deep("parameters of a block", f"{HEAD}{formals}{space}x -> B }}\n", works=True)
    inputs = f"block B() on {_rows(count, 'i{i}', ', ')} {{ out i1 + i2 }}\n"
    yield Deep("inputs of a block", f"{HEAD}{inputs}{space}({_rows(count, 'x', ', ')}) -> B }}\n", works=True)


def _arch(count: int) -> str:
    body = "node n[0] = x\n" + f"node n[i in 1..{count // 2}] = n[i - 1] -> choose c {{ a: relu, b: identity }}\n"
    picks = "\n".join(f"pick n[{i}].c = a" for i in range(1, count // 2))
    return _tensor(f"n[{count // 2 - 1}]", body) + f"arch A of S() {{\n{picks}\n}}\n"


def _steps(count: int) -> str:
    axes = f"state (a, b) in 0..2\ndepth d in 0..{count // 2}"
    body = f"node s[a in 0..2] = x\ncuboid h from s {{ {axes}\nout h[a] -> relu }}\n"
    picks = "\n".join(f"pick h[d = {i}] = 0 -> 0" for i in range(count // 2))
    return _tensor("h[0]", body) + f"arch A of S() {{\n{picks}\n}}\n"
