"""The process in which programs are tried: `python -m hostile.worker JOBS` reads jobs and prints one result per line.

A job is a file to write and the names to compile in it. Each program goes through `check` (text and JSON) and
`compile --count`, with an audit hook armed after their modules are loaded; what takes longer than `limit` seconds of
the processor, or waits ten times as long, ends the process with the stacks of its threads on stderr.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import json
import os
import re
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hostile.guard import Guard

LIMIT = 30.0
"""Seconds of the processor after which a program hangs."""

WAIT = 10
"""So many times longer a program may wait: a machine that does other things too may halt it for minutes."""

WARM = """hypercuboid 1
use std.ops { conv, gap, linear, identity, relu }
use std.blocks { SharpSepConv }
block Flex(c: int) on x {
  let k = choose { k3: 3, k5: 5 }
  out x -> SharpSepConv(c, k)
}
space S() on x: image(3, 8, 8) {
  node stem[c in [4, 8]] = x -> conv(c, 3)
  cuboid h from stem {
    state (a, b) in [4, 8]
    depth layer in 0..2
    choice op in [Flex, SharpSepConv]
    out h[a] -> op(b)
  }
  node n[i in 0..2] = sum top 1 j in 0..2 { h[4 * j + 4] -> conv(4) -> choose op { identity: identity, relu: relu } }
  out sum c in 0..2 { n[c] } -> gap -> linear(2)
}
search Q of S { epochs = 3 lr = "much" }
arch A of S() partial { pick h[layer = 0] = 4 -> 8: SharpSepConv }
"""


def main(jobs_file: str) -> None:
    jobs = json.loads(Path(jobs_file).read_text(encoding="utf-8"))
    folder = Path(jobs["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    guard = Guard()
    _warm(folder)
    library = _library()
    before, limit = _memory(), jobs.get("limit", LIMIT)
    faulthandler.register(signal.SIGPROF, chain=True)
    for job in jobs["jobs"]:
        path = folder / job.get("file", "program.hc")
        _write(path, job)
        _forget_peak()
        signal.setitimer(signal.ITIMER_PROF, limit)
        faulthandler.dump_traceback_later(WAIT * limit, exit=True)
        guard.arm(folder, library)
        result: dict[str, Any] = {"id": job["id"], **_tried(path, job)}
        result["audit"] = guard.disarm()
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_PROF, 0)
        result["memory"], result["base"] = _memory(), before
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


def _write(path: Path, job: dict[str, Any]) -> None:
    if "hex" in job:
        path.write_bytes(bytes.fromhex(job["hex"]))
    elif "text" in job:
        path.write_bytes(job["text"].encode("utf-8", "surrogatepass"))
    for name, text in job.get("files", {}).items():
        (path.parent / name).write_text(text, encoding="utf-8")


def _library() -> Path:
    from hypercuboid.resources import resource as shipped

    return shipped("spaces", "std")


def _warm(folder: Path) -> None:
    """Loads every module that the two commands need, by running them on programs right and wrong."""
    import numpy  # noqa: F401, ICN001 - counting a cuboid imports it

    import hypercuboid.rendering  # noqa: F401

    good, bad = folder / "warm.hc", folder / "warm_bad.hc"
    good.write_text(WARM, encoding="utf-8")
    bad.write_text("hypercuboid 1\nlet k = nothing\nlet = (\n", encoding="utf-8")
    for path in (good, bad):
        for name in ("S", "A"):
            _tried(path, {"names": [name]})
    good.unlink()
    bad.unlink()


def _forget_peak() -> None:
    """Begins to measure the most memory anew, where the system can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _memory() -> float:
    """The most memory that this process has held, in MiB: since `_forget_peak` where the system can tell."""
    with contextlib.suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _tried(path: Path, job: dict[str, Any]) -> dict[str, Any]:
    from hypercuboid.cli.check import check
    from hypercuboid.cli.compile import compile

    file = str(path if job.get("absolute") else Path(path.name))
    result: dict[str, Any] = {}
    result["check"] = _timed(lambda: check.main(["--json", "--", file], standalone_mode=False))
    if not job.get("lean"):
        result["text"] = _timed(lambda: check.main(["--", file], standalone_mode=False))
    for name in job.get("names", ()):
        target = f"{file}:{name}" if name else str(file)
        given = [part for one in job.get("parameters") or () for part in ("-p", one)]
        given += [part for one in job.get("inputs") or () for part in ("--input", one)]
        arguments = ["--json", "--count", *given, "--", target]
        result[f"compile {name}"] = _timed(lambda: compile.main(arguments, standalone_mode=False))  # noqa: B023
    return result


def _timed(command: Callable[[], Any]) -> dict[str, Any]:
    """Runs a command as `main` would: its exit code, what it wrote, and the seconds of the processor it took."""
    from hypercuboid.diagnostics import HypercuboidError
    from hypercuboid.rendering import render, to_json

    out, err = io.StringIO(), io.StringIO()
    started, code, places, defect = time.process_time(), 0, None, ""
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = command() or 0
        except HypercuboidError as problem:
            code = 1
            err.write(render(problem.diagnostics))
            places = to_json(problem.diagnostics)
        except BaseException:
            code = 70
            defect = traceback.format_exc()
    spent = time.process_time() - started
    text = out.getvalue()
    if len(defect) > 6000:
        defect = defect[:2000] + "\n...\n" + defect[-4000:]
    return {"code": code, "out": text, "err": err.getvalue(), "seconds": spent, "defect": defect, "found": places}


if __name__ == "__main__":
    main(sys.argv[1])
