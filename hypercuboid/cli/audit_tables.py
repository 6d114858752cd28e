"""What `hypercuboid audit` prints: its tests as tables for people, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from hypercuboid.cli.common import print_json, say, say_table

if TYPE_CHECKING:
    from hypercuboid.auditing.effects import Described, Effect, Trained
    from hypercuboid.auditing.numbers import Number

_SMALL = 1e-4


def print_audit_json(numbers: Sequence[Number]) -> None:
    from hypercuboid.auditing import effects

    print_json(
        {
            "preferences": [asdict(one) for one in effects.preferences(numbers)],
            "comparisons": [asdict(one) for one in effects.comparisons(numbers)],
            "trained": [asdict(one) for one in effects.trained(numbers)],
            "ranks": [asdict(one) for one in effects.ranks(numbers)],
            "searches": [asdict(one) for one in effects.described(numbers)],
        }
    )


def print_tables(numbers: Sequence[Number]) -> None:
    """All tables that have a row."""
    from hypercuboid.auditing import effects

    _print_preferences(effects.preferences(numbers))
    _print_comparisons(effects.comparisons(numbers))
    _print_trained(effects.trained(numbers), effects.ranks(numbers))
    _print_described(effects.described(numbers))


def _print_preferences(found: Sequence[Effect]) -> None:
    if found:
        say(
            "lean: mean params under the weights above those under uniform ones, in standard deviations of a group;"
            " below 0: small alternatives are preferred"
        )
    head = ("weighting", "outcome", "seeds", "mean", "95 %", "p", "p, Holm", "detectable")
    for title, effects in _by_place(found):
        say(title)
        _table(head, ((one.arm, one.outcome, one.seeds, _number(one.mean), *_tested(one)) for one in effects))


def _print_comparisons(found: Sequence[Effect]) -> None:
    head = ("outcome", "seeds", "{first}", "{second}", "difference", "95 %", "p", "p, Holm", "detectable")
    for title, effects in _by_place(found):
        for (arm, against), rows in groupby(effects, key=lambda one: (one.arm, one.against)):
            say(f"{title}: {arm} against {against}, paired by seed")
            named = [text.format(first=arm, second=against) for text in head]
            _table(named, (_compared(one) for one in rows))


def _compared(one: Effect) -> tuple[object, ...]:
    second = "" if one.second is None else _number(one.second)
    return (one.outcome, one.seeds, _number(one.first), second, _number(one.mean), *_tested(one))


def _print_trained(found: Sequence[Trained], ranks: Sequence[Effect]) -> None:
    if not found:
        return
    say(
        "test accuracy in percent, trained alike; rank: mean share in percent of the random ones that are less accurate"
    )
    tests = {(one.space, one.condition, one.arm): one for one in ranks}
    head = ("architectures", "number", "median", "least", "most", "rank", "95 %", "p", "p, Holm", "detectable")
    rows = []
    for one in found:
        name = one.arm if one.condition == "as given" else f"{one.arm}, {one.condition}"
        test = tests.get((one.space, one.condition, one.arm))
        rows.append((name, one.seeds, *map(_percent, (one.median, one.least, one.most)), *_ranked(test)))
    _table(head, rows)


def _ranked(one: Effect | None) -> tuple[str, ...]:
    """The interval is that of the rank, as it is shown, and not of what it is above one half."""
    if one is None or one.second is None:
        return ()
    middle = one.second
    interval = (
        "" if one.low is None or one.high is None else f"{_percent(middle + one.low)} to {_percent(middle + one.high)}"
    )
    _, *more = _tested(one, _percent)
    return _percent(one.first), interval, *more


def _print_described(found: Sequence[Described]) -> None:
    names = list(dict.fromkeys(name for one in found for name in one.means))
    head = ("space", "condition", "weighting", "seeds", "architectures found", *names)
    rows = []
    for one in found:
        means = (_number(one.means[name]) if name in one.means else "" for name in names)
        rows.append((one.space, one.condition, one.arm, one.seeds, one.architectures, *means))
    if rows:
        say("means over seeds, not tested")
        _table(head, rows)


def _by_place(found: Iterable[Effect]) -> Iterable[tuple[str, list[Effect]]]:
    for (space, condition), effects in groupby(found, key=lambda one: (one.space, one.condition)):
        yield f"{space}, {condition}", list(effects)


def _tested(one: Effect, shown: Callable[[float], str] | None = None) -> tuple[str, ...]:
    show = shown or _number
    interval = "" if one.low is None or one.high is None else f"{show(one.low)} to {show(one.high)}"
    detectable = "nothing" if one.detectable is None else show(one.detectable)
    return interval, f"{one.p:.2g}", f"{one.adjusted:.2g}", detectable


def _number(value: float) -> str:
    if value and abs(value) < _SMALL:
        return f"{value:.2e}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _percent(value: float) -> str:
    return f"{100 * value:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.table import Table

    shown = Table(*head, box=None, pad_edge=False)
    for row in rows:
        shown.add_row(*map(str, row))
    say_table(shown)
