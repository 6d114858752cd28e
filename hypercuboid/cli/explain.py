"""`hypercuboid explain`: what a code means, an example that is wrong and one that is right."""

from __future__ import annotations

import click

from hypercuboid.cli.common import say
from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.registry import near_miss


@click.command()
@click.argument("code", required=False, metavar="[CODE]", help="HC3101, hc3101 or 3101; without one, all are listed.")
def explain(code: str | None) -> None:
    """Explain a code that a message shows: what it means, an example that is wrong and the same put right.

    Examples:

      hypercuboid explain HC3101

      hypercuboid explain
    """
    from hypercuboid.pages import code_of, page

    if code is None:
        _print_list()
        return
    found = page(code_of(code))
    if found is None:
        raise _unknown(code)
    say(found.text.rstrip("\n"))


def _print_list() -> None:
    from hypercuboid.pages import FAMILIES, codes, page

    for number, (family, name) in enumerate(FAMILIES.items()):
        say(f"{chr(10) * (number > 0)}{family} {name}")
        for code in codes():
            found = page(code)
            if found is not None and code.startswith(family):
                say(f"  {code}  {found.title}")


def _unknown(text: str) -> HypercuboidError:
    """HC7070, with the nearest code; of a code that was shortened, those of its family."""
    from hypercuboid.pages import code_of, codes

    wanted = code_of(text)
    same = [one for one in codes() if len(wanted) > 2 and one.startswith(wanted)]
    help = f"there are {', '.join(same)};" if same else _nearest(wanted, codes())
    return error("HC7070", f"there is no code `{text}`", help=f"{help} `hypercuboid explain` lists them all".strip())


def _nearest(wanted: str, known: list[str]) -> str:
    """Digits are no spelling: of numbers the next one, of anything else what looks alike."""
    if not wanted[2:].isdigit():
        return near_miss(wanted, known)
    return f"did you mean `{min(known, key=lambda one: abs(int(one[2:]) - int(wanted[2:])))}`?"
