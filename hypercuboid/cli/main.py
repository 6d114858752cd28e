"""The command line: finds the command, imports its module alone, turns what goes wrong into messages and exit codes.

Exit codes: 0 success, 1 a user's mistake (with diagnostics), 2 wrong usage, 70 a defect of ours, 75 a run that was
stopped and can be continued, 130 Ctrl-C.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from hypercuboid import __version__
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.runs.signals import Stopped

COMMANDS = {
    "new": "Write a commented file to start from.",
    "check": "Parse and analyse files; report mistakes with their places.",
    "fmt": "Format files in one style, comments kept.",
    "explain": "Explain a code that a message shows, with examples.",
    "compile": "Compile a space and print what it is, counted exactly.",
    "render": "Draw a space, an architecture or a finished run as SVG.",
    "search": "Search a space on data and write a run folder.",
    "select": "Select the best architectures under given weights.",
    "generate": "Write an architecture as one plain PyTorch file.",
    "convert": "Read or write an architecture in another notation.",
    "train": "Train a generated file from scratch and score it.",
    "runs": "List runs with their states and best results.",
    "show": "Show one run: settings, progress, results.",
    "ops": "List the standard library: ops, blocks and lists.",
    "doctor": "Show what this installation has and lacks.",
}
"""Each command lives in the module of its name beside this file, as a function of its name."""

DEFECT = 70
STOPPED = 75

_HELP = """A compiler for differentiable architecture search: a space in a few lines of text becomes a supernet,
a search, a picture and a plain PyTorch file.

The whole way, on real images:

  hypercuboid search spaces/multichannelnet.hc --data digits --run runs/first

  hypercuboid train runs/first --data digits --run runs/first-trained
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command line and leaves through SystemExit with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        application(given)(args=given, prog_name="hypercuboid")
    except HypercuboidError as problem:
        _show(problem)
        raise SystemExit(1) from None
    except Stopped as stopped:
        print(f"{stopped}; the same command goes on", file=sys.stderr)
        raise SystemExit(STOPPED) from None
    except Exception as defect:
        _show_defect(defect, "--debug" in given or bool(os.environ.get("HYPERCUBOID_DEBUG")))
        raise SystemExit(DEFECT) from None


def application(arguments: Sequence[str]) -> typer.Typer:
    """The typer application in which the command that `arguments` names is real and the others only have a summary."""
    settings = {"max_content_width": 100}
    app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, context_settings=settings)
    app.callback(help=_HELP)(_globals)
    wanted = next((one for one in arguments if not one.startswith("-")), "")
    for name, summary in COMMANDS.items():
        app.command(name, short_help=summary)(_command(name) if name == wanted else _placeholder)
    return app


def _command(name: str) -> Callable[..., Any]:
    module = importlib.import_module(f"hypercuboid.cli.{name}")
    function: Callable[..., Any] = getattr(module, name)
    return function


def _placeholder() -> None:
    """Stands for a command that this command line does not run."""
    raise AssertionError("a placeholder was called")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"hypercuboid {__version__}")
        raise typer.Exit


def _globals(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a defect.")] = False,
) -> None:
    """Options before the command; `--debug` is read in `main`."""


def _show(problem: HypercuboidError) -> None:
    from hypercuboid.cli.common import show_diagnostics

    show_diagnostics(problem.diagnostics)


def _show_defect(defect: Exception, with_traceback: bool) -> None:
    if with_traceback:
        traceback.print_exception(defect)
    text = " ".join(str(defect).split())[:400]
    print(
        f"hypercuboid {__version__} met a defect of its own: {type(defect).__name__}: {text}\n"
        "Please report it with the command, the file and the output of `hypercuboid --debug COMMAND ...` and"
        " `hypercuboid doctor`.",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
