"""Compiles the kernel into the cache, and loads it from there."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import logging
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.machinery import ExtensionFileLoader
from pathlib import Path
from typing import Any

import torch

from hypercuboid.diagnostics import error
from hypercuboid.network.plans.compiled.cache import KERNEL, LIBRARY, digest_path, is_whole, library_path

SECONDS = 600
"""How long a compiler may take."""

OPTIMISED = ("-O3", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast")
NATIVE = ("-march=native", "-mcpu=native", "")
"""What asks for the instructions of this machine, tried in this order; the last is the portable form."""


def compiler() -> str | None:
    """The C++ compiler: `$CXX`, else the first of c++, g++, clang++ on the path."""
    names = (os.environ.get("CXX", ""), "c++", "g++", "clang++")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def build(announce: Callable[[str], None]) -> Path:
    """The compiled kernel; compiled now unless it is there and whole. `announce` is told before the wait.

    HC7420 where there is no compiler, HC7421 where it fails, HC7422 where the cache cannot be written.
    """
    library = library_path()
    if is_whole(library):
        return library
    found = compiler()
    if found is None:
        raise error("HC7420", "the native plan needs a C++ compiler, and there is none", help=NO_COMPILER)
    try:
        library.parent.mkdir(parents=True, exist_ok=True)
        with (library.parent / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_whole(library):
                announce(f"compiling the native plan with {found}, about a quarter of a minute, once for this machine")
                _compile(found, library)
    except OSError as problem:
        message = f"the native plan cannot be kept in `{library.parent}`: {problem.strerror}"
        raise error("HC7422", message, help="set XDG_CACHE_HOME to a folder that can be written") from None
    return library


NO_COMPILER = "install g++ or clang++, or set CXX; without, searches run by a plan of torch's own ops"


def _compile(found: str, library: Path) -> None:
    """Beside its place first, so that the library is whole or not there."""
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        made = Path(folder) / library.name
        problems: list[str] = []
        for native in NATIVE:
            problem = _run(command(found, native, made))
            if problem is None:
                break
            problems.append(problem)
        else:
            lines = problems[-1].strip().splitlines()[-8:]
            raise error("HC7421", f"the native plan does not compile with `{found}`", help=UNCOMPILED, notes=lines)
        digest = hashlib.sha256(made.read_bytes()).hexdigest()
        digest_path(library).unlink(missing_ok=True)
        made.replace(library)
        digest_path(library).write_text(digest, encoding="ascii")


def _run(line: list[str]) -> str | None:
    """What a compiler says where it fails."""
    try:
        ran = subprocess.run(line, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    return None if ran.returncode == 0 else ran.stderr or ran.stdout


UNCOMPILED = "set CXX to another compiler (g++ 10 or clang++ 14 and later); without, searches run by torch's own ops"


def command(found: str, native: str, made: Path) -> list[str]:
    """What compiles the kernel and its binding."""
    logging.getLogger("torch.utils.cpp_extension").setLevel(logging.ERROR)  # it misses CUDA, which is not needed
    from torch.utils.cpp_extension import include_paths, library_paths

    flags = [*OPTIMISED, *([native] if native else []), "-std=c++20", "-fPIC", "-shared"]
    flags += [] if sys.platform == "darwin" else ["-fopenmp"]
    defined = [f"-DTORCH_EXTENSION_NAME={LIBRARY}", f"-D_GLIBCXX_USE_CXX11_ABI={int(torch.compiled_with_cxx11_abi())}"]
    headers = [KERNEL, *include_paths(), sysconfig.get_path("include")]
    linked = [f"-L{path}" for path in library_paths()]
    linked += ["-lc10", "-ltorch_cpu", "-ltorch", "-ltorch_python"]
    linked += ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []
    wanted = [*flags, *defined, *(f"-I{path}" for path in headers), str(KERNEL / "binding.cpp"), *linked]
    return [found, *wanted, *shlex.split(os.environ.get("CXXFLAGS", "")), "-o", str(made)]


@cache
def loaded() -> Any | None:
    """The compiled kernel as a module; None where it has not been built, or what was built is damaged."""
    library = library_path()
    return _load(library) if is_whole(library) else None


def _load(library: Path) -> Any:
    loader = ExtensionFileLoader(LIBRARY, str(library))
    spec = importlib.util.spec_from_file_location(LIBRARY, library, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
