"""Programs and files that are defined by themselves, in every way that the language has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

HEAD = "hypercuboid 1\nuse std.ops { conv, relu, identity, gap, linear }\n"
SPACE = "space S() on x: image(4, 8, 8) { out x -> conv(4, 1) }\n"


@dataclass(frozen=True)
class Circle:
    """A program, the codes of which one must be found, and how many places the message shows at least."""

    name: str
    text: str
    codes: tuple[str, ...] = ("HC2006",)
    places: int = 1
    files: dict[str, str] = field(default_factory=dict)


def circles() -> Iterator[Circle]:
    """All of them, in one order."""
    yield from _blocks()
    yield from _values()
    yield from _defaults()
    yield from _cells()
    yield from _nodes()
    yield from _items()
    yield from _imports()


def _block(name: str, body: str, head: str = "() on x") -> str:
    return f"block {name}{head} {{ out {body} }}\n"


def _ring(count: int) -> str:
    return "".join(_block(f"B{i}", f"x -> B{(i + 1) % count}") for i in range(count))


def _blocks() -> Iterator[Circle]:
    yield Circle("a block in itself", HEAD + _block("A", "x -> A") + SPACE)
    yield Circle("a space in itself", HEAD + "space S() on x: image(4, 8, 8) { out x -> S }\n")
    for count in (2, 3, 10, 100, 1000):
        yield Circle(f"a ring of {count} blocks", HEAD + _ring(count) + SPACE, places=2)
    for name, body in (
        ("a choice", "x -> choose c { a: A, b: relu }"),
        ("a choice of tensors", "choose c { a: x -> A, b: x }"),
        ("a listed choice", "choose o in [A, relu] { x -> o }"),
        ("a sum", "sum i in 0..2 { x -> A }"),
        ("a chain", "x -> chain i in 0..2 { A }"),
        ("a list", "x -> [relu, A][0]"),
        ("a conditional", "x -> (relu if 1 < 2 else A)"),
        ("a call", "A(x)"),
        ("an argument", "x -> (chain(A, relu))"),
        ("a comprehension", "x -> chain([A for i in 0..2])"),
    ):
        yield Circle(f"a block in itself by {name}", HEAD + _block("A", body) + SPACE)
    two = _block("A", "x -> B") + "block B() on x { let y = x -> relu\nnode n[i in 0..2] = y -> A\nout n[1] }\n"
    yield Circle("two blocks by a node", HEAD + two + SPACE, places=2)
    cuboid = "node s[c in 0..2] = x\ncuboid h from s { state (a, b) in 0..2\ndepth d in 0..2\nout h[a] -> A }\nout h[0]"
    yield Circle("a block in its cuboid", f"{HEAD}block A() on x {{ {cuboid} }}\n{SPACE}")


def _values() -> Iterator[Circle]:
    for name, value in (
        ("a constant", "k"),
        ("a constant by a sum", "1 + k"),
        ("a constant by a list", "[1, k]"),
        ("a constant by a branch that is not taken", "1 if true else k"),
        ("a constant by a comprehension", "[k for a in [1]]"),
        ("a constant by a condition", "[a for a in [1] if a < k]"),
        ("a constant by a fold", "sum a in [1] { k }"),
        ("a constant by a function", "max(1, k)"),
        ("a constant by an index", "[1, 2][k]"),
        ("a constant by a range", "len(0..k)"),
    ):
        yield Circle(name, f"{HEAD}let k = {value}\n{SPACE}")
    for count in (2, 3, 100, 1000):
        ring = "".join(f"let v{i} = v{(i + 1) % count} + 1\n" for i in range(count))
        yield Circle(f"a ring of {count} constants", HEAD + ring + SPACE, places=2)
    yield Circle(
        "a constant that only a body reads", f"{HEAD}let k = j\nlet j = k\n" + _block("A", "x -> conv(k)") + SPACE
    )
    yield Circle("a constant and a block", f"{HEAD}let k = [A]\n" + _block("A", "x -> k[0]") + SPACE, places=2)


def _defaults() -> Iterator[Circle]:
    yield Circle("a default that is its parameter", HEAD + "block A(c = c) on x { out x }\n" + SPACE, ("HC2001",), 1)
    later = "block A(c = d, d = c) on x { out x }\n"
    yield Circle("a default that is a later parameter", HEAD + later + SPACE, ("HC2001",), 1)
    yield Circle("a default that is its block", HEAD + "block A(b: block = A) on x { out x -> b }\n" + SPACE)
    two = "block A(b: block = B) on x { out x -> b }\nblock B(b: block = A) on x { out x -> b }\n"
    yield Circle("two blocks that are their defaults", HEAD + two + SPACE, places=2)
    yield Circle("a param of itself", f"{HEAD}param k: int = k\n{SPACE}")
    yield Circle("a param in its range", f"{HEAD}param k: int = 1 in 0..k\n{SPACE}")
    yield Circle("two params", f"{HEAD}param j: int = k\nparam k: int = j\n{SPACE}", places=2)
    yield Circle("a param and a constant", f"{HEAD}param j: int = k\nlet k = j + 1\n{SPACE}", places=2)
    sized = "space T(c: int = len([T])) on x: image(c, 8, 8) { out x }\n"
    yield Circle("an input sized by its space", HEAD + sized)


def _cells() -> Iterator[Circle]:
    yield Circle("a cell of itself", f"{HEAD}cell C = C\n{SPACE}")
    yield Circle("two cells", f"{HEAD}cell C = D\ncell D = C\n{SPACE}", places=2)
    yield Circle("a cell and its block", f"{HEAD}cell C = A()\n" + _block("A", "x -> C") + SPACE, places=2)
    yield Circle("a cell of a body", HEAD + "block A() on x { cell C = C()\nout x -> C }\n" + SPACE, ("HC2001",))
    yield Circle("a share of itself", HEAD + "block A() on x { share w = w\nout x -> w }\n" + SPACE, ("HC2001",))


def _nodes() -> Iterator[Circle]:
    def body(statements: str, out: str = "n") -> str:
        return f"{HEAD}space S() on x: image(4, 8, 8) {{ {statements}\nout {out} }}\n"

    yield Circle("a node of itself", body("node n = n -> relu"), ("HC2001",))
    yield Circle("a let of itself", body("let n = n -> relu"), ("HC2001",))
    yield Circle("two nodes", body("node n = m -> relu\nnode m = n -> relu"), ("HC2001",))
    yield Circle("a member of itself", body("node n[i in 0..3] = n[i] -> relu", "n[0]"), ("HC2004",))
    yield Circle("a member of the next", body("node n[i in 0..3] = n[i + 1] -> relu", "n[0]"), ("HC2004",))
    yield Circle("a family of the whole", body("node n[i in 0..3] = sum(n)", "n[0]"), ("HC3110", "HC3018"))
    cuboid = "cuboid n from n { state (a, b) in 0..2\ndepth d in 0..2\nout n[a] -> relu }"
    yield Circle("a cuboid of itself", body(cuboid, "n[0]"), ("HC2001",))
    yield Circle(
        "an axis of itself",
        body(
            f"node s[c in 0..2] = x\n{cuboid.replace('from n', 'from s').replace('depth d in 0..2', 'depth d in d')}",
            "n[0]",
        ),
        ("HC2001",),
    )
    yield Circle("a scan of itself", body("node n = scan s from s over t in x { s }"), ("HC2001",))


def _items() -> Iterator[Circle]:
    yield Circle("an arch of itself", f"{HEAD}{SPACE}arch A of A() {{ }}\n", ("HC2005", "HC2006"))
    yield Circle("two archs", f"{HEAD}{SPACE}arch A of B() {{ }}\narch B of A() {{ }}\n", ("HC2005", "HC2006"))
    yield Circle("an arch as a block", f"{HEAD}{SPACE}arch A of S() {{ }}\n" + _block("B", "x -> A"), ("HC2005",))


def _imports() -> Iterator[Circle]:
    def using(name: str, item: str = "k") -> str:
        return f'hypercuboid 1\nuse "./{name}.hc" {{ {item} }}\nlet j = 1\n'

    yield Circle("a file of itself", using("program"), ("HC6005",))
    yield Circle("a file of itself by a longer way", using("program").replace("./", "./a/../"), ("HC6005",))
    for count in (2, 3, 10, 60):
        files = {f"f{i}.hc": using(f"f{i + 1}") for i in range(1, count)}
        files[f"f{count}.hc"] = using("program")
        yield Circle(f"a ring of {count} files", using("f1"), ("HC6005",), 2, files)
    files = {f"f{i}.hc": using(f"f{i + 1}") for i in range(1, 70)}
    yield Circle("a row of 70 files", using("f1"), ("HC6006",), 1, files)
    both = {"f1.hc": using("f2"), "f2.hc": using("f1")}
    yield Circle("two files that the first only uses", using("f1"), ("HC6005",), 2, both)
