"""How long an editor waits: from the keystroke to the message, over stdio, in a file of some 500 lines.

`python benchmarks/language_server.py [FILE...]`; without a file, one is written of blocks, cells and spaces.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from language_client import Client, editor

LINES = 500
ROUNDS = 10

PART = """
## Cell {n}: two inputs, three nodes.
block Cell{n}(c: int, stride: int = 1) on a, b {{
  let x = a -> SharpSepConv(c, stride = stride)
  let y = b -> SharpSepConv(c, stride = stride)
  node n[0] = x
  node n[1] = y
  node n[i in 2..5] = sum top 2 j in 0..i {{
    choose op in darts_primitives {{ n[j] -> op(c) }}
  }}
  out concat(n[2], n[3], n[4]) -> conv(c) -> bn
}}

## A network of two cells.
space Net{n}(c: int = 16, classes: int = 10) on x: image(3, 32, 32) {{
  let stem = x -> conv(c, 3) -> bn
  cell Normal = Cell{n}(c)
  let p = (stem, stem) -> Normal
  let q = (stem, p) -> Normal
  out q -> gap -> linear(classes)
}}
"""
HEAD = """hypercuboid 1
use std.ops { conv, bn, gap, linear }
use std.blocks { SharpSepConv }
use std.darts { darts_primitives }
"""


def written() -> str:
    text, number = HEAD, 0
    while text.count("\n") < LINES:
        number += 1
        text += PART.format(n=number)
    return text


def waited(client: Client, uri: str, text: str, code: str) -> float:
    """Milliseconds from a change to the first messages of that kind; "" for none."""
    start = time.perf_counter()
    client.change(uri, text)
    client.diagnostics(uri, lambda found: any(one["code"].startswith(code) for one in found) if code else not found)
    return 1000 * (time.perf_counter() - start)


def measure(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    with editor(path.parent) as client:
        start = time.perf_counter()
        uri = client.open(path)
        client.diagnostics(uri, lambda found: True)
        first = 1000 * (time.perf_counter() - start)
        name, shape, good = [], [], []
        for _ in range(ROUNDS):
            name.append(waited(client, uri, text.replace("conv(c)", "cnov(c)", 1), "HC2001"))
            good.append(waited(client, uri, text, ""))
            shape.append(waited(client, uri, text.replace("-> gap ->", "-> gap -> gap ->", 1), "HC3"))
            good.append(waited(client, uri, text, ""))
    lines = text.count("\n")
    sys.stdout.write(f"{path.name}, {lines} lines: opened {first:.0f} ms\n")
    for what, times in (("a wrong name", name), ("a wrong shape", shape), ("mended, all of it checked", good)):
        sys.stdout.write(f"  {what}: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder).resolve() / "made.hc"
        made.write_text(written(), encoding="utf-8")
        for path in [Path(one).resolve() for one in sys.argv[1:]] or [made]:
            measure(path)
