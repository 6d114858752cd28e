"""A page for each command, made from the command itself: its text, its examples and its options."""

from __future__ import annotations

import inspect
import textwrap
from html import escape

import click

from hypercuboid.cli.main import COMMANDS, application

_CODES = """## Exit codes

| code | means |
|---|---|
| 0 | success |
| 1 | a mistake in what was given; a message says where |
| 2 | wrong usage of the command |
| 70 | a defect of hypercuboid |
| 75 | a run was stopped, is saved, and goes on with the same command |
| 130 | Ctrl-C |
"""


def command_pages() -> dict[str, str]:
    listed = "".join(f"| [`{name}`]({name}.md) | {about} |\n" for name, about in COMMANDS.items())
    index = f"# Commands\n\n| command | does |\n|---|---|\n{listed}\n{_CODES}"
    return {
        "reference/commands/index.md": index,
        **{f"reference/commands/{name}.md": _page(name) for name in COMMANDS},
    }


def _page(name: str) -> str:
    with click.Context(application, info_name="hypercuboid") as group:
        command = application.get_command(group, name)
        assert command is not None, name
        context = click.Context(command, info_name=name, parent=group, show_default=True)
        usage = " ".join(["hypercuboid", name, *command.collect_usage_pieces(context)])
        records = [(one, one.get_help_record(context)) for one in command.get_params(context)]
    arguments = [
        (str(one.make_metavar(context)), str(getattr(one, "help", "") or ""))
        for one, _ in records
        if isinstance(one, click.Argument)
    ]
    options = [record for one, record in records if record is not None and isinstance(one, click.Option)]
    parts = [f"# {name}", f"```text\n{usage}\n```", _prose(command.help or "")]
    return "\n\n".join([*parts, *_table("Arguments", arguments), *_table("Options", options)]) + "\n"


def _prose(text: str) -> str:
    """The help of a command; lines that are indented are commands."""
    parts: list[str] = []
    for part in inspect.cleandoc(text).split("\n\n"):
        if part.startswith("  "):
            line = textwrap.dedent(part).replace("\b\n", "")
            before = parts.pop().removesuffix("\n```") + "\n" if parts[-1].startswith("```") else "```sh\n"
            parts.append(f"{before}{line}\n```")
        else:
            parts.append(escape(part.replace("\b\n", ""), quote=False))
    return "\n\n".join(parts)


def _table(title: str, rows: list[tuple[str, str]]) -> list[str]:
    """The pipe would end a cell, so it is written as an entity."""
    cells = [(escape(names).replace("|", "&#124;"), escape(about).replace("|", "&#124;")) for names, about in rows]
    listed = "\n".join(f"| <code>{names}</code> | {_backquoted(about)} |" for names, about in cells if about)
    return [f"## {title}\n\n| {title.lower().rstrip('s')} | |\n|---|---|\n{listed}"] if listed else []


def _backquoted(text: str) -> str:
    return text.replace("*", "\\*").replace("_", "\\_")
