"""The command line: finds the command, imports its module alone, turns what goes wrong into messages and exit codes.

Exit codes: 0 success, 1 a user's mistake (with diagnostics), 2 wrong usage, 70 a defect of ours, 75 a run that was
stopped and can be continued, 130 Ctrl-C.
"""

from __future__ import annotations

import errno
import gc
import importlib
import io
import os
import sys
import traceback
from collections.abc import Sequence

import click

from hypercuboid import __version__
from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.registry import suggestion
from hypercuboid.runs.advice import memory_reserve, too_little_memory
from hypercuboid.runs.signals import Stopped
from hypercuboid.terminal import escape

COMMANDS = {
    "new": "Write a commented file to start from.",
    "check": "Parse and analyse files; report mistakes with their places.",
    "fmt": "Format files in one style, comments kept.",
    "lsp": "Serve an editor: mistakes, hover, completion, rename.",
    "explain": "Explain a code that a message shows, with examples.",
    "compile": "Compile a space and print what it is, counted exactly.",
    "render": "Draw a space, an architecture or a finished run as SVG.",
    "report": "Write runs as one page that opens from disk.",
    "plan": "Say what a search would take: costs, memory, time.",
    "profile": "Measure how long each op of a space takes on this machine.",
    "search": "Search a space on data and write a run folder.",
    "watch": "Serve the report of a running search on this machine.",
    "select": "Select the best architectures under given weights.",
    "perturb": "Weigh alternatives by what the supernet loses without them.",
    "diff": "Compare two spaces or architectures.",
    "contains": "Say whether a space contains an architecture, and if not, why.",
    "generate": "Write an architecture as one plain PyTorch file.",
    "convert": "Read or write an architecture in another notation.",
    "benchmark": "Hold searches against networks whose accuracy is known.",
    "baselines": "Say where what searches found stands among random architectures.",
    "audit": "Test whether weightings prefer small alternatives.",
    "train": "Train a generated file from scratch and score it.",
    "evaluate": "Score a trained network on test sets.",
    "predict": "Say what a trained network sees in images.",
    "export": "Write a trained network as torch.export or ONNX.",
    "recipes": "List the recipes of the paper's searches and trainings.",
    "sweep": "Run a fleet of searches over spaces, settings and seeds.",
    "runs": "List runs with their states and best results.",
    "show": "Show one run: settings, progress, results.",
    "ops": "List the standard library: ops, blocks and lists.",
    "doctor": "Show what this installation has and lacks.",
}
"""Each command lives in the module of its name beside this file, as a function of its name."""

DEFECT = 70
STOPPED = 75
INTERRUPTED = 130

_LARGE = frozenset(("check", "compile", "diff", "contains", "select"))
"""Commands that make many small objects, nearly all of which they keep, and hold no memory of a device."""

_HELP = """A compiler for differentiable architecture search: a space in a few lines of text becomes a supernet,
a search, a picture and a plain PyTorch file.

The whole way, on real images:

  hypercuboid search spaces/multichannelnet.hc --data digits --run runs/first

  hypercuboid train runs/first --data digits --run runs/first-trained
"""


_OF_PATHS = (errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP)
"""Why a path that somebody gave leads nowhere, wherever it was asked about."""


class _Commands(click.Group):
    """Commands by name, of which only the one that is run is imported: `--help` reads the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"hypercuboid.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"No command `{args[0]}`: {suggestion(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    "hypercuboid",
    cls=_Commands,
    help=_HELP,
    no_args_is_help=True,
    context_settings={"max_content_width": 100, "show_default": True},
)
@click.version_option(__version__, message="hypercuboid %(version)s", help="Print the version and exit.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of a defect.")
def application() -> None:
    """The program; `--debug` is read in `main`, which also sees defects before it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command line and leaves through SystemExit with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    reserve = memory_reserve()
    if arguments is None and not _LARGE.isdisjoint(given[:1]):
        gc.set_threshold(1_000_000)  # a fifth of a large selection would be looking through what is kept anyway
    try:
        code = application.main(given, prog_name="hypercuboid", standalone_mode=False)
    except click.Abort:
        raise SystemExit(INTERRUPTED) from None
    except click.ClickException as usage:
        shown = io.StringIO()
        usage.show(shown)
        print(escape(shown.getvalue()), end="", file=sys.stderr)
        raise SystemExit(usage.exit_code) from None
    except HypercuboidError as problem:
        _show(problem)
        raise SystemExit(1) from None
    except Stopped as stopped:
        print(f"{stopped}; the same command goes on", file=sys.stderr)
        raise SystemExit(STOPPED) from None
    except Exception as defect:
        reserve.clear()
        if isinstance(defect, OSError) and defect.filename is not None and defect.errno in _OF_PATHS:
            _show(_no_place(defect))
            raise SystemExit(1) from None
        lack = too_little_memory(defect)
        if lack is not None:
            defect.__traceback__ = None  # frees what the frames of the command hold
            _show(lack)
            raise SystemExit(1) from None
        _show_defect(defect, "--debug" in given or bool(os.environ.get("HYPERCUBOID_DEBUG")))
        raise SystemExit(DEFECT) from None
    if arguments is None and given[:1] == ["check"]:
        _leave(code or 0)
    raise SystemExit(code or 0)


def _leave(code: int) -> None:
    """Ends the process at once, as mypy does: to take apart all that a check has made is a sixth of its time."""
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):  # None where it is closed
            stream.flush()
    except OSError:  # of a pipe that is closed the interpreter speaks on its way out
        return
    os._exit(code)


def _no_place(refused: OSError) -> HypercuboidError:
    reason = (refused.strerror or "").lower()
    message = f"cannot open `{escape(str(refused.filename))}`: {reason}"
    return error("HC6001", message, help="name another place, or give it the rights")


def _show(problem: HypercuboidError) -> None:
    from hypercuboid.cli.common import show_diagnostics

    show_diagnostics(problem.diagnostics)


def _show_defect(defect: Exception, with_traceback: bool) -> None:
    if with_traceback:
        traceback.print_exception(defect)
    text = escape(" ".join(str(defect).split())[:400])
    print(
        f"hypercuboid {__version__} met a defect of its own: {type(defect).__name__}: {text}\n"
        "Please report it with the command, the file and the output of `hypercuboid --debug COMMAND ...` and"
        " `hypercuboid doctor`.",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
