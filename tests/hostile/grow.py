"""Programs derived from the grammar itself, so that every construct of the language is met, sensible or not."""

from __future__ import annotations

import random
import re
from functools import cache

from hypercuboid.frontend.tables import load_tables
from hypercuboid.resources import resource

_NAMES = "x y a b c i j n h s op k conv bn relu identity zero gap linear B C S A widths".split()  # noqa: SIM905
_TEXT: dict[str, list[str]] = {
    "INT": [*"001122334488", "16", "100"],
    "FLOAT": ["0.5", "1.0", "2e3"],
    "STRING": ['"text"', '"./other.hc"', '""'],
    "NAME": _NAMES,
    "PLUS": ["+"],
    "MULOP": ["*", "/", "//", "%"],
    "CMP": ["==", "!=", "<", "<=", ">", ">="],
    "ARROW": ["->"],
    "DOTDOT": [".."],
    "POWER": ["**"],
    "MINUS": ["-"],
    "BINDER_OPEN": ["("],
    "COUNT": ["1", "2", "3"],
    "TYPE": ["int", "float", "bool", "block", "list", "any", "image"],
}
HEAD = """hypercuboid 1
use std.ops { conv, bn, relu, identity, zero, gap, linear }
let widths = [4, 8]
block B(c: int = 4) on x { out x -> conv(c) }
"""


@cache
def rules() -> dict[str, list[list[str]]]:
    """Every rule of the grammar as plain alternatives of symbols; terminals are written in capitals."""
    from lark import Lark

    grammar = Lark(resource("grammars", "hypercuboid.lark").read_text(encoding="utf-8"), parser="lalr", start="start")
    found: dict[str, list[list[str]]] = {}
    for rule in grammar.rules:
        found.setdefault(str(rule.origin.name), []).append([symbol.name for symbol in rule.expansion])
    return found


@cache
def _depths() -> dict[str, int]:
    """The least height of a derivation from each rule."""
    known: dict[str, int] = {}
    while True:
        before = dict(known)
        for name, alternatives in rules().items():
            heights = [max((known.get(s, 99) if s in rules() else 0) for s in one) for one in alternatives if one]
            known[name] = 1 + min(heights, default=0)
        if known == before:
            return known


def _least(alternative: list[str]) -> int:
    return max((_depths()[symbol] for symbol in alternative if symbol in rules()), default=0)


@cache
def _shortest(name: str) -> list[list[str]]:
    """The alternatives of a rule that end soonest."""
    least = min(map(_least, rules()[name]))
    return [one for one in rules()[name] if _least(one) == least]


def derived(seed: int) -> str:
    """One text that the grammar derives."""
    source = random.Random(seed)
    start = source.choice(("space", "block", "item", "item", "start"))
    text = " ".join(_derive(start, source, source.choice((12, 18, 25, 40))))
    if start == "start":
        return (
            text.replace("hypercuboid", "hypercuboid 1 #", 1).replace("#", "\n", 1) if source.random() < 0.9 else text
        )
    rest = [" ".join(_derive(start, source, 25)) for _ in range(source.randrange(1, 4))]
    return HEAD + "".join(_renamed(one, number) + "\n" for number, one in enumerate([*rest, text]))


def _renamed(item: str, number: int) -> str:
    """An item under a name of its own."""
    return re.sub(r"^(block|space|arch|search|param|cell|let) (\w+)", rf"\g<1> \g<2>{number}", item)


def _derive(symbol: str, source: random.Random, room: int) -> list[str]:
    words: list[str] = []
    waiting: list[tuple[str, int]] = [(symbol, room)]
    while waiting:
        name, left = waiting.pop()
        if name not in rules():
            words.append(_terminal(name, source))
            continue
        chosen = source.choice(_shortest(name) if left <= 0 or len(words) > 1500 else rules()[name])
        chosen = _sensible(name, chosen, source)
        waiting.extend((one, left - 1) for one in reversed(chosen))
    return words


def _sensible(rule: str, chosen: list[str], source: random.Random) -> list[str]:
    """The alternative without what the parser would refuse at once: else little more than the parser is tried."""
    if source.random() < 0.01:
        return chosen
    if "ARROW" in chosen:  # a sum cannot be a stage of a pipeline
        return [chosen[0], *("postfix" if symbol == "or_" else symbol for symbol in chosen[1:])]
    if "TOP" in chosen:
        return ["SUM" if symbol == "fold" else "COUNT" if symbol == "INT" else symbol for symbol in chosen]
    if rule == "type":
        return ["TYPE" if symbol == "NAME" else symbol for symbol in chosen]
    if rule == "input":
        return ["NAME"]
    return chosen


def _terminal(name: str, source: random.Random) -> str:
    if name in _TEXT:
        return source.choice(_TEXT[name])
    return _words().get(name) or _SIGNS.get(name) or name.lower()


@cache
def _words() -> dict[str, str]:
    return {type: word for word, type in load_tables().keywords.items()}


_SIGNS: dict[str, str] = {
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "LBRACE": "{",
    "RBRACE": "}",
    "COMMA": ",",
    "COLON": ":",
    "EQUAL": "=",
    "DOT": ".",
}
