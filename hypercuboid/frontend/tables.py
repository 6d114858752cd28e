"""The grammar compiled to LALR(1) tables. lark makes them, at build time: `python -m hypercuboid.frontend.tables`.

Compiling takes half a second, so `tables.json` holds the result; a test compiles again and compares.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from hypercuboid.records import dataclass
from hypercuboid.resources import resource

PATH = Path(__file__).with_name("tables.json")


@dataclass(frozen=True)
class Rule:
    """`origin: symbols`; `reduction` names what makes its value, "" where one child is handed on as it is."""

    origin: str
    reduction: str
    size: int
    is_helper: bool


@dataclass(frozen=True)
class Tables:
    """`actions[state][symbol]` is the state to shift to, or `-1 - rule` to reduce by."""

    pattern: re.Pattern[str]
    keywords: dict[str, str]
    rules: tuple[Rule, ...]
    actions: tuple[dict[str, int], ...]
    start: int
    end: int


@cache
def load_tables() -> Tables:
    """The tables of the installed grammar."""
    data = json.loads(PATH.read_text(encoding="utf-8"))
    rules = tuple(Rule(*fields) for fields in data["rules"])
    return Tables(
        re.compile(data["pattern"]), data["keywords"], rules, tuple(data["actions"]), data["start"], data["end"]
    )


def compile_grammar(text: str) -> dict[str, Any]:
    """The tables of a grammar as plain data; raises lark's GrammarError for a conflict."""
    from lark import Lark
    from lark.lexer import Lexer, PatternStr

    class NoLexer(Lexer):
        """Tokens come from `frontend/tokens.py`."""

        def __init__(self, configuration: object) -> None: ...

        def lex(self, *_: object) -> Any:
            raise NotImplementedError

    lark = Lark(text, parser="lalr", lexer=NoLexer, strict=True)
    terminals = sorted(lark.terminals, key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
    words = {
        t.pattern.value: t.name for t in terminals if isinstance(t.pattern, PatternStr) and t.pattern.value.isalpha()
    }
    groups = [f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in terminals if t.name not in words.values()]
    table = lark.parser.parser._parse_table  # lark has no public name for it
    rules = list(lark.rules)
    numbers = _numbers(table)
    actions = [_actions(table.states[state], rules, numbers) for state in numbers]
    return {
        "pattern": "|".join(groups),
        "keywords": dict(sorted(words.items())),
        "rules": [_rule(rule) for rule in rules],
        "actions": actions,
        "start": numbers[table.start_states["start"]],
        "end": numbers[table.end_states["start"]],
    }


def _numbers(table: Any) -> dict[int, int]:
    """The states numbered breadth first: lark's own numbers change from one process to the next."""
    from lark.parsers.lalr_analysis import Shift

    order = [table.start_states["start"]]
    seen = set(order)
    for state in order:
        for _, (action, target) in sorted(table.states[state].items(), key=lambda entry: entry[0]):
            if action is Shift and target not in seen:
                seen.add(target)
                order.append(target)
    return {state: number for number, state in enumerate(order)}


def _actions(row: dict[str, Any], rules: list[Any], numbers: dict[int, int]) -> dict[str, int]:
    from lark.parsers.lalr_analysis import Shift

    found = {n: numbers[to] if action is Shift else -1 - rules.index(to) for n, (action, to) in row.items()}
    return dict(sorted(found.items()))


def _rule(rule: Any) -> list[Any]:
    origin, size = rule.origin.name, len(rule.expansion)
    handed_on = rule.options.expand1 and not rule.alias and size == 1
    return [origin, "" if handed_on else rule.alias or origin, size, origin.startswith("_")]


def compiled() -> str:
    """The text that `tables.json` must hold."""
    grammar = resource("grammars", "hypercuboid.lark").read_text(encoding="utf-8")
    return json.dumps(compile_grammar(grammar), separators=(",", ":")) + "\n"


if __name__ == "__main__":
    PATH.write_text(compiled(), encoding="utf-8")
