"""How long an editor waits: from the keystroke to the message, over stdio, in a file of some 500 lines.

`python benchmarks/language_server.py [FILE...]`; without a file, in those of `long_files`: everything, cells, cuboids.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from language_client import Client, editor
from long_files import FILES

_ITEM = re.compile(r"^(?:arch|block|space|cell|let) (\w+).*\n", re.MULTILINE)


def edited(text: str) -> Iterator[tuple[str, str, str]]:
    """Per definition of a text its name, and two texts in which it ends otherwise: one as good, one that is wrong.

    A comment changes nothing; the wrong one is found by elaborating alone.
    """
    for found in _ITEM.finditer(text):
        line, name = found.group(0), found.group(1)
        is_open = line.startswith(("block", "space")) and line.endswith("{\n")
        wrong = line.rstrip("\n") + "\n  let wrong = [1][7]\n" if is_open else line
        yield name, text.replace(line, line.rstrip("\n") + "  # edited\n", 1), text.replace(line, wrong, 1)


def waited(client: Client, uri: str, text: str) -> tuple[float, list[dict[str, Any]]]:
    """Milliseconds from a change to the first messages about it; of a text without mistakes they are all."""
    start = time.perf_counter()
    found = client.diagnostics(uri, lambda found: True, client.change(uri, text))
    return 1000 * (time.perf_counter() - start), found


def measure(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    times = dict[str, list[tuple[float, str]]]()
    with editor(path.parent) as client:
        start = time.perf_counter()
        uri = client.open(path)
        client.diagnostics(uri, lambda found: True)
        first = 1000 * (time.perf_counter() - start)
        for name, good, wrong in edited(text):
            times.setdefault("a definition edited", []).append((waited(client, uri, good)[0], name))
            if wrong != text:
                took, found = waited(client, uri, wrong)
                assert found, name
                times.setdefault("made wrong", []).append((took, name))
                took, found = waited(client, uri, f"{text}# {name}\n")
                times.setdefault("mended", []).append((took, name))
                assert not found, (name, found)
        name = text.replace(" -> gap", " -> gpa", 1)
        for _ in range(5):
            times.setdefault("a wrong name, at once", []).append((waited(client, uri, name)[0], ""))
            waited(client, uri, text)
    sys.stdout.write(f"{path.name}, {text.count(chr(10))} lines: opened {first:.0f} ms\n")
    for what, each in times.items():
        worst = max(each)
        median = statistics.median(one for one, _ in each)
        late = sum(one > 200 for one, _ in each)
        of_worst = f"worst {worst[0]:.0f} {worst[1]}, {late} of {len(each)} over 200"
        sys.stdout.write(f"  {what}: median {median:.0f} ms, {of_worst}\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for path in [Path(one).resolve() for one in sys.argv[1:]]:
            measure(path)
        for name, make in FILES.items() if not sys.argv[1:] else ():
            made = Path(folder).resolve() / f"{name}.hc"
            made.write_text(make(), encoding="utf-8")
            measure(made)
