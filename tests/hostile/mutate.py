"""Programs made from others: tokens, lines and bytes deleted, doubled, moved and replaced. Everything by a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?|\"[^\"\n]*\"|->|\.\.|\*\*|//|[<>=!]=|##?[^\n]*|\s+|.")

NUMBERS = """0 1 2 3 7 64 200 1000 99999 100000 1000000000 9007199254740992 9007199254740993 0.5 1e308 1e-320 0.0 1.0
2**53 2**30 10**16 -1 (-3) 123456789012345678901234567890""".split()  # noqa: SIM905

WORDS = """use param let block space cell share arch partial pick keep search node cuboid aux out require else state
depth choice compete per where from if and or not true false choose sum mean concat chain top scan over in for on of
as hypercuboid searching unused""".split()  # noqa: SIM905

PIECES = [
    "choose { a: 1, b: 2 }",
    "choose op in [conv(4), identity] { x -> op }",
    "let k = choose { k3: 3, k5: 5 }",
    "sum top 2 j in 0..i { n[j] }",
    "chain i in 0..3 { relu }",
    "[a for a in 0..9 for b in 0..a if a % 2 == b]",
    "concat(a, b)",
    "x -> split(2)",
    "x.c",
    "n[1..]",
    "unused(n)",
    "(x, x) -> B(1)",
    "x -> conv(8) -> relu",
    "let a = a",
    "require x.c > 3 else \"no\"",
    "aux x -> gap -> linear(2)",
    "scan s from x over t in x { s }",
    "pick out = a",
    "keep h[layer = 0] = [8 -> 8: (3, 1), 8 -> 16: (5, 2)]",
    "1..", "..1", "-> ", "{ ", " }", "( ", " )", "[ ", " ]", ", ", ": ", "= ", "# ", "## ", "\"", "\n", ".", " not ",
]  # fmt: skip


def programs_in(folders: list[Path]) -> list[str]:
    """The texts that mutants start from, sorted by path."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*.hc")) if path.is_file()]
    return [path.read_text(encoding="utf-8", errors="replace") for path in paths]


def mutant(texts: list[str], seed: int) -> str:
    """One program with one to eight changes; of every three, two have changes that mostly leave it readable."""
    source = random.Random(seed)
    text = source.choice(texts)
    changes = _ROUGH if seed % 3 == 0 else _GENTLE
    for _ in range(source.choice((1, 1, 2, 3, 8))):
        text = source.choice(changes)(text, texts, source)
    return text[: 1 << 18]


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(text)


def _delete(text: str, texts: list[str], source: random.Random) -> str:
    tokens = _tokens(text)
    at = source.randrange(len(tokens) + 1)
    return "".join(tokens[:at] + tokens[at + source.choice((1, 1, 1, 2, 5, 20)) :])


def _double(text: str, texts: list[str], source: random.Random) -> str:
    tokens = _tokens(text)
    at, size = source.randrange(len(tokens) + 1), source.choice((1, 2, 5, 20))
    part = tokens[at : at + size]
    return "".join(tokens[:at] + part * source.choice((2, 2, 3, 30)) + tokens[at + size :])


def _swap(text: str, texts: list[str], source: random.Random) -> str:
    tokens = _tokens(text)
    if len(tokens) < 2:
        return text
    one, other = source.randrange(len(tokens)), source.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]
    return "".join(tokens)


def _insert(text: str, texts: list[str], source: random.Random) -> str:
    tokens = _tokens(text)
    at = source.randrange(len(tokens) + 1)
    piece = source.choice((source.choice(PIECES), source.choice(WORDS), source.choice(NUMBERS)))
    return "".join([*tokens[:at], f" {piece} ", *tokens[at:]])


def _replace(text: str, texts: list[str], source: random.Random) -> str:
    """A number by an odd one, a name by another of the text or a keyword, anything else by another token."""
    tokens = _tokens(text)
    solid = [i for i, one in enumerate(tokens) if not one.isspace()]
    if not solid:
        return text
    at = source.choice(solid)
    if tokens[at][0].isdigit():
        tokens[at] = source.choice(NUMBERS)
    elif tokens[at][0].isalpha() and source.random() < 0.8:
        tokens[at] = source.choice([one for one in tokens if one[0].isalpha()])
    else:
        tokens[at] = source.choice((source.choice(WORDS), tokens[source.choice(solid)]))
    return "".join(tokens)


def _numbers(text: str, texts: list[str], source: random.Random) -> str:
    """Every number of the text with a chance of a quarter."""
    tokens = _tokens(text)
    return "".join(source.choice(NUMBERS) if t[0].isdigit() and source.random() < 0.25 else t for t in tokens)


def _splice(text: str, texts: list[str], source: random.Random) -> str:
    """The head of this text and the tail of another."""
    mine, other = _tokens(text), _tokens(source.choice(texts))
    return "".join(mine[: source.randrange(len(mine) + 1)] + other[source.randrange(len(other) + 1) :])


def _lines(text: str, texts: list[str], source: random.Random) -> str:
    """Two lines change places, or one is doubled, or one is dropped."""
    lines = text.split("\n")
    one, other = source.randrange(len(lines)), source.randrange(len(lines))
    way = source.randrange(3)
    if way == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif way == 1:
        lines.insert(other, lines[one])
    else:
        del lines[one]
    return "\n".join(lines)


def _graft(text: str, texts: list[str], source: random.Random) -> str:
    """Some lines of another program in the midst of this one."""
    mine, other = text.split("\n"), source.choice(texts).split("\n")
    start = source.randrange(len(other))
    mine[source.randrange(len(mine) + 1) : 0] = other[start : start + source.choice((1, 3, 10))]
    return "\n".join(mine)


def _flip(text: str, texts: list[str], source: random.Random) -> str:
    """One character by another, printable or not."""
    if not text:
        return text
    at = source.randrange(len(text))
    new = chr(source.choice((source.randrange(128), source.randrange(0x3000), source.randrange(0xD800))))
    return text[:at] + new + text[at + 1 :]


def _truncate(text: str, texts: list[str], source: random.Random) -> str:
    return text[: source.randrange(len(text) + 1)]


def _other_name(text: str, texts: list[str], source: random.Random) -> str:
    """A name by another name of the text, keywords left alone."""
    tokens = _tokens(text)
    names = [i for i, one in enumerate(tokens) if one[0].isalpha() and one not in WORDS]
    if names:
        tokens[source.choice(names)] = tokens[source.choice(names)]
    return "".join(tokens)


def _number(text: str, texts: list[str], source: random.Random) -> str:
    """One number by an odd one, or by what a small step away is."""
    tokens = _tokens(text)
    numbers = [i for i, one in enumerate(tokens) if one[0].isdigit()]
    if numbers:
        at = source.choice(numbers)
        small = str(source.randrange(10)) if "." not in tokens[at] else "0.25"
        tokens[at] = source.choice((source.choice(NUMBERS), small, small))
    return "".join(tokens)


def _operator(text: str, texts: list[str], source: random.Random) -> str:
    tokens = _tokens(text)
    signs = [i for i, one in enumerate(tokens) if one in _OPERATORS]
    if signs:
        tokens[source.choice(signs)] = source.choice(_OPERATORS)
    return "".join(tokens)


_OPERATORS = "+ - * / // % ** == != < <= > >= -> ..".split()  # noqa: SIM905


def _part(text: str, texts: list[str], source: random.Random) -> str:
    """What stands in one pair of brackets by what stands in another of the same kind."""
    kind = source.choice(("()", "[]", "{}"))
    spans = [(m.start(), m.end()) for m in re.finditer(rf"\{kind[0]}[^(){{}}\[\]]*\{kind[1]}", text)]
    if len(spans) < 2:
        return text
    (start, end), (first, last) = source.choice(spans), source.choice(spans)
    return text[:start] + text[first:last] + text[end:]


def _item(text: str, texts: list[str], source: random.Random) -> str:
    """The items of another program behind this one's, which then may clash, or an item of this one twice."""
    other = re.sub(r"^hypercuboid 1\n|^use [^\n]*\n", "", source.choice(texts), flags=re.M)
    if source.random() < 0.5:
        other = re.sub(r"(space|block) ([A-Z])", r"\1 Z\2", other)
    return f"{text}\n{other}"


_GENTLE: tuple[Callable[[str, list[str], random.Random], str], ...] = (
    _other_name,
    _other_name,
    _other_name,
    _number,
    _number,
    _operator,
    _part,
    _lines,
    _item,
)
_ROUGH: tuple[Callable[[str, list[str], random.Random], str], ...] = (
    _delete,
    _double,
    _swap,
    _insert,
    _insert,
    _replace,
    _replace,
    _replace,
    _numbers,
    _splice,
    _lines,
    _graft,
    _flip,
    _truncate,
)
