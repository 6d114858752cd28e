"""`hypercuboid doctor`: what this installation has, what it lacks, and whether the commands can work."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

import click

from hypercuboid import __version__
from hypercuboid.cli.common import json_option, print_json, remark, say


@click.command()
@click.option("--build", "builds", is_flag=True, help="Compile the native plan, which makes searches on a CPU faster.")
@json_option
def doctor(builds: bool, as_json: bool) -> None:
    """Show Python, package versions, torch with its devices and threads, the compiler, the native plan and `dot`.

    Exit code 0 where every command can work, 1 where something is missing. Attach the output to a report.

    Examples:

      hypercuboid doctor

      hypercuboid doctor --json

      hypercuboid doctor --build
    """
    if builds:
        _build()
    found = examine()
    if as_json:
        print_json(found)
    else:
        _print(found)
    if found["missing"]:
        raise click.exceptions.Exit(1)


def examine() -> dict[str, Any]:
    """What there is; `missing` says in words what the commands need and is not there."""
    packages, missing = _packages()
    torch = _torch()
    if "error" in torch:
        missing = [*missing, "torch: search and train cannot run; pip install torch"]
    return {
        "hypercuboid": __version__,
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "packages": packages,
        "torch": torch,
        "compiler": _compiler(),
        "native": None if "error" in torch else _native(),
        "pdf": _pdf(),
        "missing": list(dict.fromkeys(missing)),
    }


def _packages() -> tuple[dict[str, str], list[str]]:
    """Versions of the packages that the installed hypercuboid requires, and those that are not there."""
    versions: dict[str, str] = {}
    missing = []
    try:
        required = requires("hypercuboid") or []
    except PackageNotFoundError:
        return {}, ["hypercuboid is not installed; run from a checkout: pip install -e ."]
    for line in required:
        if "extra ==" in line:
            continue
        name = line.split(";")[0].split(">=")[0].strip()
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            if name != "torch":
                missing.append(f"{name}: pip install {name}")
    return versions, missing


def _torch() -> dict[str, Any]:
    try:
        import torch
    except ImportError as problem:
        return {"error": str(problem)}
    devices = [f"cuda:{i} {torch.cuda.get_device_name(i)}" for i in range(torch.cuda.device_count())]
    return {
        "version": torch.__version__,
        "cuda": torch.version.cuda,
        "devices": ["cpu", *devices],
        "threads": torch.get_num_threads(),
        "cpu": torch.backends.cpu.get_cpu_capability(),
    }


def _build() -> None:
    """HC7420 to HC7422 where it does not work."""
    from hypercuboid.network.plans.compiled.build import build

    build(announce=remark)


def _native() -> str | None:
    """Where the compiled kernel of the native plan lies; None where it has not been compiled for this machine."""
    from hypercuboid.network.plans.compiled.cache import is_whole, library_path

    library = library_path()
    return str(library) if is_whole(library) else None


def _compiler() -> str | None:
    """The C++ compiler, which the native plan needs."""
    names = (os.environ.get("CXX", ""), "c++", "g++", "clang++")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return _first_line(found, "--version") if found else None


def _pdf() -> str | None:
    """The program that writes PDF; only `render -o NAME.pdf` needs one."""
    from hypercuboid.targets.pdf import find_printer

    found = find_printer()
    return None if found is None else found[0]


def _first_line(*command: str) -> str | None:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return next(iter((ran.stdout or ran.stderr).splitlines()), None)


def _print(found: dict[str, Any]) -> None:
    torch = found["torch"]
    rows = [
        ("hypercuboid", found["hypercuboid"]),
        ("python", f"{found['python']} ({found['executable']})"),
        ("platform", f"{found['platform']}, {found['processors']} processors"),
        ("torch", torch.get("version") or f"cannot be imported: {torch['error']}"),
    ]
    if "version" in torch:
        rows += [("devices", ", ".join(torch["devices"])), ("threads", f"{torch['threads']} ({torch['cpu']})")]
    rows += [
        ("compiler", found["compiler"] or "none; only the native plan needs one"),
        ("native plan", found["native"] or "not compiled; `hypercuboid doctor --build` makes searches on a CPU faster"),
        ("pdf", found["pdf"] or "none: pictures cannot be written as PDF"),
        ("packages", ", ".join(f"{name} {number}" for name, number in sorted(found["packages"].items()))),
    ]
    for name, text in rows:
        say(f"{name:<12} {text}")
    for text in found["missing"]:
        say(f"missing: {text}")
