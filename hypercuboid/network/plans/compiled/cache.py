"""Where the compiled kernel lies: a folder per source, torch, Python and processor, whole or not there at all."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import sysconfig
from functools import cache
from pathlib import Path

import torch

KERNEL = Path(__file__).resolve().parent / "kernel"
LIBRARY = "hypercuboid_native"
"""The name of the extension module."""


def cache_folder() -> Path:
    """`$XDG_CACHE_HOME/hypercuboid`, by default in `~/.cache`."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(given) if given else Path.home() / ".cache") / "hypercuboid"


@cache
def key() -> str:
    """What a compiled kernel fits: it is compiled again when one of these changes."""
    digest = hashlib.sha256()
    for path in sorted(KERNEL.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for part in (torch.__version__, sys.version, str(sysconfig.get_config_var("EXT_SUFFIX")), processor()):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:20]


def processor() -> str:
    """The instructions of this processor, as far as the system says."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    found = [line for line in lines if line.startswith(("flags", "Features", "model name"))]
    return f"{platform.machine()} {' '.join(dict.fromkeys(found))}"


def library_path() -> Path:
    """The compiled kernel for this machine, whether it is there or not."""
    return cache_folder() / "native" / key() / f"{LIBRARY}.so"


def digest_path(library: Path) -> Path:
    """The file beside it that says what its bytes are."""
    return library.with_suffix(".sha256")


def is_whole(library: Path) -> bool:
    """Whether the file is what was compiled: one that was cut off would end the process when it is loaded."""
    try:
        wanted = digest_path(library).read_text(encoding="ascii").strip()
        return hashlib.sha256(library.read_bytes()).hexdigest() == wanted
    except (OSError, UnicodeDecodeError):
        return False
