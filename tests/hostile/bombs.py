"""Small programs that ask for very much: each with its name, and the exact count that the refusal must give, if any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

HEAD = """hypercuboid 1
use std.ops { conv, relu, identity, gap, linear, split }
"""


@dataclass(frozen=True)
class Bomb:
    """`count` must stand in what `check` or `compile --count` prints; None where nothing can be counted.

    `works` marks what is no mistake: it must be counted, fast and small.
    """

    name: str
    text: str
    count: str | None = None
    works: bool = False


def _space(body: str, before: str = "", input: str = "image(4, 8, 8)") -> str:
    return f"{HEAD}{before}space S() on x: {input} {{\n{body}\n}}\n"


def _cuboid(states: str, depth: str, choice: str = "") -> str:
    return _space(
        f"""  node stem[c in {states}] = x -> conv(4)
  cuboid h from stem {{
    state (a, b) in {states}
    depth d in {depth}
{choice}    out h[a] -> conv(4, 3)
  }}
  out sum c in {states} {{ h[c] }} -> gap -> linear(2)"""
    )


def _axis(states: str, depth: str, choice: str = "") -> str:
    """A cuboid whose stem is small, so that the axis alone is what is too large."""
    return _space(
        f"""  node stem[c in 0..2] = x -> conv(4)
  cuboid h from stem {{
    state (a, b) in {states}
    depth d in {depth}
{choice}    out h[a] -> conv(4, 3)
  }}
  out h[0] -> gap -> linear(2)"""
    )


def _doubling(count: int, start: str, step: str) -> str:
    lets = "\n".join(f"let v{i + 1} = {step.replace('V', f'v{i}')}" for i in range(count))
    return f"{HEAD}let v0 = {start}\n{lets}\nspace S() on x: image(4, 8, 8) {{ out x -> conv(len(v{count}), 1) }}\n"


def _blocks(count: int, leaf: str, use: str) -> str:
    """Blocks that use the one before in `use`, `count` deep."""
    rest = "".join(f"block B{i + 1}() on x {{ out {use.replace('B', f'B{i}')} }}\n" for i in range(count))
    return f"{HEAD}block B0() on x {{ out {leaf} }}\n{rest}space S() on x: image(4, 8, 8) {{ out x -> B{count} }}\n"


def _lets(count: int, first: str, step: str) -> str:
    """`let`s that use the one before, as it is done in the body of a space."""
    rest = "".join(f"  let v{i + 1} = {step.replace('V', f'v{i}')}\n" for i in range(count))
    return f"  let v0 = {first}\n{rest}"


def _nodes(count: int, step: str) -> str:
    return "  node v0 = x\n" + "".join(f"  node v{i + 1} = {step.replace('V', f'v{i}')}\n" for i in range(count))


_TWO = "block Two(a: block, b: block) on x { out x -> a -> b }\n"


def _constant(expression: str) -> str:
    return f"{HEAD}let k = {expression}\nspace S() on x: image(4, 8, 8) {{ out x -> conv(k, 1) }}\n"


BIG = "1000000000"


def bombs() -> Iterator[Bomb]:
    """All of them, in one order."""
    yield from _axes()
    yield from _nested()
    yield from _numbers()
    yield from _lists()
    yield from _choices()
    yield from _folds()
    yield from _texts()


def _axes() -> Iterator[Bomb]:
    yield Bomb("a depth of 1e9", _axis("0..2", f"0..{BIG}"), str(4 * 10**9))
    yield Bomb("a state axis of 1e9", _axis(f"0..{BIG}", "0..2"), str(2 * 10**18))
    yield Bomb("a choice axis of 1e9", _axis("0..2", "0..2", f"    choice k in 0..{BIG}\n"), str(8 * 10**9))
    yield Bomb("the square of 1e9", _axis(f"0..{BIG}", f"0..{BIG}"), str(10**27))
    yield Bomb("all axes of 1e9", _axis(f"0..{BIG}", f"0..{BIG}", f"    choice k in 0..{BIG}\n"), str(10**36))
    yield Bomb("a depth of depths", _axis("0..2", f"0..{BIG}\n    depth e in 0..{BIG}"), str(4 * 10**18))
    yield Bomb("a depth of 100,000", _cuboid("0..2", "0..100000"), "400000")
    yield Bomb("1,000 states", _cuboid("0..1000", "0..2"), "2000000")
    yield Bomb("a family of 1e9", _space(f"  node n[i in 0..{BIG}] = x\n  out n[0]"), BIG)
    yield Bomb("a family of a square", _space("  node n[i in 0..10000, j in 0..10000] = x\n  out n[0, 0]"), str(10**8))


def _nested() -> Iterator[Bomb]:
    yield Bomb("30 doubling blocks", _blocks(30, "x -> conv(4, 1)", "x -> B -> B"), works=True)
    yield Bomb("99 doubling blocks", _blocks(98, "x -> conv(4, 1)", "x -> B -> B"), works=True)
    yield Bomb("30 doubling blocks with choices", _blocks(30, "x -> choose { a: relu, b: identity }", "x -> B -> B"))
    yield Bomb("30 doubling sums", _blocks(30, "x -> conv(4, 1)", "sum(x -> B, x -> B)"), works=True)
    yield Bomb("30 doubling concats", _blocks(30, "x -> conv(4, 1)", "concat(x -> B, x -> B)"), works=True)
    yield Bomb("60 doubling concats", _blocks(60, "x -> conv(4, 1)", "concat(x -> B, x -> B)"))
    yield Bomb("101 blocks deep", _blocks(120, "x -> conv(4, 1)", "x -> B"))
    yield Bomb("1,000 blocks deep", _blocks(1000, "x -> conv(4, 1)", "x -> B"))
    nested = "relu"
    for i in range(60):
        nested = f"choose c{i} {{ a: {nested}, b: identity }}"
    yield Bomb("choices 60 deep", _space(f"  out x -> {nested}"), works=True)
    branching = "x -> relu"
    for i in range(10):
        branching = f"choose c{i} {{ a: {branching}, b: {branching} }}"
    yield Bomb("a tree of 1,024 choices", _space(f"  out {branching}"), works=True)
    yield Bomb("30 doubling pipelines", _space(_lets(30, "relu", "V -> V") + "  out x -> v30"))
    yield Bomb("12 doubling pipelines", _space(_lets(12, "relu", "V -> V") + "  out x -> v12"), works=True)
    doubling = _lets(30, "relu", "choose { a: V, b: (V -> V) }")
    yield Bomb("30 doubling choices of blocks", _space(f"{doubling}  out x -> v30"))
    yield Bomb("30 doubling arguments", _space(_lets(30, "relu", "Two(V, V)") + "  out x -> v30", _TWO))
    yield Bomb("12 doubling arguments", _space(_lets(12, "relu", "Two(V, V)") + "  out x -> v12", _TWO), works=True)
    yield Bomb("30 doubling chains", _space(_lets(30, "relu", "chain i in 0..2 { V }") + "  out x -> v30"))
    yield Bomb("30 doubling tensors", _space(_nodes(30, "V + V") + "  out v30"), works=True)


def _numbers() -> Iterator[Bomb]:
    yield Bomb("2**2**30", _constant("2**2**30"))
    yield Bomb("2**2**2**2**2**2", _constant("2**2**2**2**2**2"))
    yield Bomb("9**1000", _constant("9**1000"))
    yield Bomb("a product", _constant(" * ".join(["1000000000"] * 10)))
    yield Bomb("2.0**1024", _constant("2.0**1024"))
    yield Bomb("10,000 digits", _constant("9" * 10_000))
    yield Bomb("a million digits", _constant("9" * 1_000_000))
    yield Bomb("a shape of 10,000 digits", f"{HEAD}space S() on x: image({'9' * 10_000}, 8, 8) {{ out x }}\n")
    yield Bomb("a float of 10,000 digits", _constant(f"1.{'9' * 10_000}"))
    yield Bomb("a float exponent", _constant("1e" + "9" * 10_000))
    yield Bomb("has in a range", _constant(f"1 if has(0..{BIG}00, 0.5) else 2"), works=True)
    yield Bomb(
        "a range of floats", f"{HEAD}param k: float = 0.5 in 0..{BIG}\nlet j = k\n" + _SMALL.replace("4, 1", "len([j])")
    )
    yield Bomb(
        "images of 2**53",
        _space("  out x -> conv(9007199254740992)", input="image(9007199254740992, 9, 9)"),
        works=True,
    )


_SMALL = "space S() on x: image(4, 8, 8) { out x -> conv(4, 1) }\n"


def _lists() -> Iterator[Bomb]:
    yield Bomb("a list of 1e9", _constant(f"len([a for a in 0..{BIG}])"), BIG)
    yield Bomb("a list of a square", _constant("len([a for a in 0..20000 for b in 0..20000])"), str(4 * 10**8))
    yield Bomb("lists in a list", _constant("len([[b for b in 0..20000] for a in 0..20000])"))
    yield Bomb("30 doubling lists", _doubling(30, "[1]", "V + V"))
    yield Bomb("30 lists in lists", _doubling(30, "[1]", "[V, V]"))
    yield Bomb("30 tuples in tuples", _doubling(30, "(1, 2)", "(V, V)"))
    yield Bomb("30 zips", _doubling(30, "[1, 2]", "zip(V, V)"))
    yield Bomb("a long sum", _constant(f"sum a in 0..{BIG} {{ a }}"), BIG)
    yield Bomb("a sum of sums", _constant("sum a in 0..10000, b in 0..10000 { a }"), str(10**8))
    yield Bomb("min of a range", _constant(f"min(0..{BIG}) + 1"), works=True)
    yield Bomb("labels of 20,000", _space("  out x -> choose k in 0..20000 { conv(4, 1) }"))
    yield Bomb(
        "labels of blocks",
        _space("  let ops = [conv(4, k) for k in 1..2000 if k % 2 == 1]\n  out x -> choose o in ops { o }"),
        works=True,
    )


def _choices() -> Iterator[Bomb]:
    lets = "\n".join(f"  let k{i} = choose {{ a: 1, b: 3 }}" for i in range(30))
    yield Bomb(
        "30 values of two", _space(f"{lets}\n  out x -> conv({' + '.join(f'k{i}' for i in range(30))})"), str(2**30)
    )
    lets = "\n".join(f"  let k{i} = choose v in 0..10000 {{ v }}" for i in range(2))
    yield Bomb("two values of 10,000", _space(f"{lets}\n  out x -> conv(4, 1 + k0 * 0 + k1 * 0)"), str(10**8))
    lets = "\n".join(f"  let k{i} = choose v in [1, 3, 5, 7] {{ v }}" for i in range(5))
    yield Bomb("1,024 copies of a space", _space(f"{lets}\n  out x -> conv(4, max(k0, k1, k2, k3, k4))"), works=True)
    yield Bomb("binders of a choice", _space("  out x -> choose a in 0..1000, b in 0..1000, c in 0..1000 { relu }"))
    yield Bomb(
        "a top of a top",
        _space(
            "  node n[0] = x\n"
            "  node n[i in 1..400] = sum top 2 j in 0..i { n[j] -> choose o { a: relu, b: identity } }\n"
            "  out n[399]"
        ),
    )


def _folds() -> Iterator[Bomb]:
    yield Bomb("a chain of 1e9", _space(f"  out x -> chain i in 0..{BIG} {{ relu }}"), BIG)
    yield Bomb("a chain of chains", _space("  out x -> chain i in 0..5000 { chain j in 0..5000 { relu } }"))
    yield Bomb("a concat of 1e9", _space(f"  out concat i in 0..{BIG} {{ x }}"), BIG)
    yield Bomb("a sum of tensors", _space("  out sum i in 0..2000, j in 0..2000 { x -> relu }"), str(4 * 10**6))
    yield Bomb("a split of 1e9", _space(f"  let g = x -> split({BIG})\n  out g[0]"))
    yield Bomb(
        "picks of many brackets",
        _space("  out x -> choose o { a: relu, b: identity }") + f"arch A of S() {{ pick out.o{'[1]' * 100} = a }}\n",
    )


def _texts() -> Iterator[Bomb]:
    name = "a" * 500_000
    yield Bomb("a name of 500,000 letters", f"{HEAD}let {name} = 1\n" + _SMALL.replace("4, 1", f"{name}b"))
    yield Bomb("5,000 unknown names", HEAD + "".join(f"let v{i} = w{i}\n" for i in range(5_000)))
    yield Bomb("100,000 unknown characters", HEAD + "@ " * 100_000)
    yield Bomb("a million characters of noise", HEAD + "\u00b0" * 500_000)
    yield Bomb("a million hidden characters", HEAD + "\u202e" * 300_000)
    yield Bomb("100,000 broken numbers", HEAD + "1a " * 100_000)
    yield Bomb("unknown names of a library", f"{HEAD}use std.ops {{ {', '.join(f'q{i}' for i in range(50_000))} }}")
    yield Bomb("names declared twice", HEAD + "let k = 1\n" * 10_000)
    yield Bomb("a circle of 5,000", HEAD + "".join(f"let v{i} = v{(i + 1) % 5_000}\n" for i in range(5_000)))
    yield Bomb(
        "circles everywhere",
        HEAD + "".join(f"let v{i} = [{', '.join(f'v{j}' for j in range(200))}]\n" for i in range(200)),
    )
    yield Bomb("a file over 1 MiB", HEAD + "# " + "x" * (1 << 20))
