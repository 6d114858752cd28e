"""A file in one style: its tokens and comments laid out anew. Where people broke lines and grouped them is kept.

Line ends that are kept: before operators and `->`, and between the elements of a bracket whose first element began a
line. A pipeline whose arrows stood in columns keeps them there. Nothing is added or taken away but blanks, line ends
and the comma before a closing bracket.
"""

from __future__ import annotations

from collections.abc import Mapping

from hypercuboid.diagnostics import Source
from hypercuboid.frontend.equality import same_tree
from hypercuboid.frontend.files import BYTE_ORDER_MARK
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.printer import deep_recursion
from hypercuboid.frontend.style import bodies, brackets, expressions
from hypercuboid.frontend.style.concrete import concrete_tree, surroundings
from hypercuboid.frontend.style.lines import in_lines
from hypercuboid.frontend.style.remarks import Remarks
from hypercuboid.frontend.style.writer import WIDTH, Rule, Writer
from hypercuboid.frontend.tokens import Token

_ROUNDS = 4


class ChangedProgramError(RuntimeError):
    """A defect of the formatter: what it made is another program, or lacks a comment."""


def format_text(text: str, path: str = "<text>") -> str:
    """The text in one style; raises HypercuboidError where it does not parse, ChangedProgramError where we are wrong.

    Lines end in CRLF if the first does, else in LF. A byte order mark is left out.
    """
    before = Source(path, text.removeprefix(BYTE_ORDER_MARK))
    tree = parse(before)
    after = _settled(before)
    if not same_tree(tree, parse(after)) or _comments(before) != _comments(after):
        raise ChangedProgramError(f"formatting would change what `{path}` says; it is left as it is")
    return after.text.replace("\n", "\r\n") if _ends_in_crlf(text) else after.text


def _settled(source: Source) -> Source:
    """The text laid out until it stays: a comment that had to move to a line's end is indented by where it came to."""
    for _ in range(_ROUNDS):
        after = Source(source.path, _laid_out(source))
        if after.text == source.text:
            break
        source = after
    return source


def _laid_out(source: Source) -> str:
    writer = Writer(Remarks(source, surroundings(source)), _RULES)
    end = Token("$END", "", len(source.text), len(source.text))
    with deep_recursion():
        return in_lines(bodies.file(writer, concrete_tree(source), end), WIDTH)


def _comments(source: Source) -> list[str]:
    found: list[str] = []
    for one in surroundings(source).values():
        remarks = [*one.before, *([one.behind] if one.behind else [])]
        found += [remark.text for remark in remarks]
    return found


def _ends_in_crlf(text: str) -> bool:
    return text.partition("\n")[0].endswith("\r")


_RULES: Mapping[str, Rule] = {
    "use": brackets.braced_list,
    "block": bodies.definition,
    "space": bodies.definition,
    "body": bodies.body,
    "cuboid": bodies.headed,
    "arch": bodies.headed,
    "search": bodies.headed,
    "require": expressions.require,
    "inner": bodies.inner,
    "call": brackets.call,
    "fold_of": brackets.call,
    "item_of": brackets.index,
    "tuple": brackets.listed,
    "list": brackets.listed,
    "kept_many": brackets.listed,
    "group": brackets.grouped,
    "choose": brackets.braced_list,
    "comprehension": brackets.comprehension,
    "pipe": expressions.pipe,
    "or_": expressions.chain,
    "and_": expressions.chain,
    "add": expressions.chain,
    "mul": expressions.chain,
    "ternary": expressions.ternary,
    "neg": expressions.negative,
    "binders": expressions.binders,
}
"""By the names of reductions; every other one is words in a row."""
