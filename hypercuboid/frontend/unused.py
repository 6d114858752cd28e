"""`unused(n)`: the members of a family whose definition reads the family and that no member reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.depths import parts_of
from hypercuboid.frontend.reads import Reads
from hypercuboid.frontend.recovery import Poisoned, silence
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.shown import type_name
from hypercuboid.frontend.values import Family, LeftOver, ListValue, Missing, Tensor
from hypercuboid.records import dataclass, replace

NAME = "unused"


@dataclass(frozen=True)
class Unread:
    """The members that are unread in some architecture and those that are in every one, in declared order."""

    perhaps: tuple[Tensor | Missing, ...]
    surely: tuple[Tensor | Missing, ...]


def is_unused(call: ast.Call, context: Context) -> bool:
    """Whether a call is one of the built-in `unused`."""
    return isinstance(call.function, ast.Name) and call.function.id == NAME and context.scope.find(NAME) is None


def unused(call: ast.Call, values: list[Any], context: Context) -> ListValue:
    """The built-in function: while decisions are open all members that may be left over."""
    found = unread(call, context)
    if len(found.surely) == len(found.perhaps):
        return ListValue(found.perhaps)
    context.frame.bounded = False  # anything may be made of this list
    return LeftOver(found.perhaps)


def unread(call: ast.Call, context: Context) -> Unread:
    """What `unused(NAME)` means here; HC3010 for another argument, HC3112 where nothing can be left over."""
    family = _family(call, context)
    there = {key: value for key, value in family.members.items() if isinstance(value, Tensor)}
    perhaps, surely = _unread(list(there.values()))
    if perhaps:
        return Unread(tuple(perhaps), tuple(surely))
    missing = tuple(value for value in family.members.values() if isinstance(value, Missing))
    if missing:
        return Unread(missing, missing)
    raise error(
        "HC3112",
        f"no member of `{family.name}` reads another one, so none can be left over",
        call.span,
        help=f"`unused` is for `node {family.name}[i in ...] = ...` whose members read `{family.name}[...]`",
    )


def _family(call: ast.Call, context: Context) -> Family:
    argument = call.arguments[0].value if len(call.arguments) == 1 else None
    entry = context.scope.find(argument.id) if isinstance(argument, ast.Name) else None
    if entry is not None and isinstance(entry.value, Family):
        return entry.value
    if entry is not None and isinstance(entry.value, Poisoned):
        raise silence()
    given = "nothing" if not call.arguments else "this" if entry is None else type_name(entry.value)
    raise error("HC3010", f"`unused` takes the name of a family, not {given}", call.span, help="write `unused(n)`")


def _unread(members: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """What is zero reads nothing, as nothing of what it is made of is left in it; it stays a member itself."""
    if not members:
        return [], []
    nodes = members[0].builder.nodes
    indices = [member.index for member in members]
    targets = set(indices)
    sure_readers = Reads(sure=True, values=False).readers(nodes, targets)
    some_readers = Reads(sure=False, values=False).readers(nodes, targets)
    always_read = Reads(sure=True, values=True).behind(nodes, indices)
    sometimes_read = Reads(sure=False, values=True).behind(nodes, indices)
    perhaps = [m for m in members if m.index in some_readers and m.index not in always_read]
    surely = [m for m in perhaps if m.index in sure_readers and m.index not in sometimes_read]
    return perhaps, surely


def concat_down_to(values: list[Any], least: list[Any], context: Context, span: Span) -> Any:
    """`concat` of all that may be left over; its type says how narrow an architecture may make it."""
    from hypercuboid.frontend.folds import fold_values  # folds call this

    whole = fold_values("concat", values, context, span)
    if isinstance(whole, Missing) or not whole.type.known:
        return whole
    channels = sum(one.type.narrowest.channels for one in least if isinstance(one, Tensor))
    narrow = replace(whole.type, least=max(1, channels))
    node = whole.builder.nodes[whole.index]
    whole.builder.nodes[whole.index] = replace(node, type=narrow)
    return replace(whole, type=narrow)


# ---------------------------------------------------------------- members that are told apart


def families_asked(definition: ast.BlockDefinition, session: Session) -> frozenset[str]:
    """The families that `unused` asks about in a block."""
    key = id(definition)
    if key not in session.apart:
        is_named = NAME in definition.span.text  # few files name it, and a look at the text is quick
        session.apart[key] = frozenset(_asked((definition.statements, definition.result)) if is_named else ())
    return session.apart[key]


def _asked(part: Any) -> Iterator[str]:
    waiting = [part]
    while waiting:
        current = waiting.pop()
        waiting.extend(parts_of(current))
        if isinstance(current, ast.Call) and isinstance(current.function, ast.Name) and current.function.id == NAME:
            yield from (a.value.id for a in current.arguments if isinstance(a.value, ast.Name))


def told_apart(member: Tensor | Missing, before: int, context: Context, span: Span) -> Tensor | Missing:
    """A member that is no node of its own (`node n[2] = n[0]`) becomes one: an identity."""
    from hypercuboid.frontend.calls import run_op  # calls meet `unused`

    own = isinstance(member, Missing) or (member.builder is context.builder and member.index >= before)
    return member if own else run_op("identity", {}, [member], context, span)
