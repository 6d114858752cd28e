"""One definition per block, arguments, input types and decisions inside, however often the block is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend.elaborated import Decided, Definition
from hypercuboid.frontend.recovery import silence
from hypercuboid.frontend.resized import pattern_of, resized
from hypercuboid.frontend.session import Session, Watch
from hypercuboid.frontend.trail import used_at
from hypercuboid.frontend.values import UserBlock, memo_key
from hypercuboid.ops.base import TensorType

DEPTH_LIMIT = 100
"""Blocks inside blocks inside blocks."""

Types: TypeAlias = tuple[TensorType | None, ...]
"""Types of inputs, None where a tensor is missing."""

Binding: TypeAlias = Mapping[str, Decided]


def instantiate(session: Session, block: UserBlock, types: Types, binding: Binding, span: Span) -> Definition:
    """The definition of a block for these arguments, input types (None: missing) and decisions, made once."""
    session.reached.add(id(block.definition))
    given = (id(block.definition), tuple([(name, memo_key(one.value)) for name, one in block.given]))

    def make() -> Definition:
        return (
            _made(session, given, block, types, span)
            if not binding
            else _elaborated(session, block, types, binding, span)
        )

    try:
        return remembered(session, (given, types), binding, span, make)
    except HypercuboidError as problem:
        raise used_at(problem, block, span) from None


def _made(session: Session, given: object, block: UserBlock, types: Types, span: Span) -> Definition:
    """A block without decisions: as it was made for another size, or from the start."""
    patterns = session.patterns.setdefault(given, [])
    pattern = next((one for one in patterns if one.fits(types, session.searching)), None)
    made = None if pattern is None else resized(pattern, block, types, session, partial(use_again, session))
    if made is None:
        outer, session.watch = session.watch, Watch(session.spent)
        try:
            made = _elaborated(session, block, types, {}, span)
            found = pattern_of(made, block, types, session.watch, session)
        finally:
            session.watch = outer
        if found is not None:
            patterns.append(found)
    session.blocks[id(made)] = block
    return made


def use_again(session: Session, definition: Definition, types: Types, span: Span) -> Definition:
    """A use that stands in a block which is made for another size."""
    return instantiate(session, session.blocks[id(definition)], types, {}, span)


def _elaborated(session: Session, block: UserBlock, types: Types, binding: Binding, span: Span) -> Definition:
    from hypercuboid.frontend.statements import elaborate_block  # statements hold uses of blocks

    return elaborate_block(session, block, types, binding, span)


def remembered(
    session: Session, key: object, binding: Binding, span: Span, make: Callable[[], Definition]
) -> Definition:
    """The definition that `make` gives, made once per key and decisions; HC4005 where blocks stand too deep."""
    decided = _decided_key(session, binding)
    memo, whole = session.decided if decided else session.definitions, (key, decided)
    if whole in session.failed:
        raise silence()
    if whole in session.alike:
        return session.alike[whole]
    if whole not in memo:
        if session.depth >= DEPTH_LIMIT:
            help = "repeat a block with `chain` instead of wrapping it again"
            raise error("HC4005", f"blocks stand more than {DEPTH_LIMIT} deep in each other", span, help=help)
        asked, session.asked = session.asked, False
        session.depth += 1
        try:
            made = make()
        except HypercuboidError:
            session.failed.add(whole)
            raise
        finally:
            session.depth -= 1
            same, session.asked = not session.asked, session.asked or asked
        (session.alike if same and not decided else memo)[whole] = made
        return made
    session.asked = session.asked or not decided  # else it would stand in `alike`
    return memo[whole]


def _decided_key(session: Session, binding: Binding) -> tuple[object, ...]:
    """Equal for equal decisions."""
    if not binding:
        return ()
    if id(binding) not in session.bindings:
        kept = ((name, tuple(sorted(one.kept.items(), key=repr))) for name, one in binding.items())
        session.bindings[id(binding)] = binding, tuple(sorted(kept))
    return session.bindings[id(binding)][1]
