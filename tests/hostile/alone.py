"""`python -I alone.py FOLDER`: imports every file of a folder and makes its network, with no hypercuboid in the world.

An import of hypercuboid is refused, and an audit hook sees whatever else than being loaded a file does when it is
imported. Writes one line of JSON: the number of files, and what went wrong with which.
"""

import importlib.abc
import importlib.util
import json
import sys
from pathlib import Path

import torch
from torch import nn

EVENTS = ("os.", "subprocess.", "socket.", "shutil.", "ctypes.", "pty.", "urllib.", "pickle.", "marshal.", "import")
"""Events that no file may cause; `import` is that of a module that is not loaded yet."""


class Refusing(importlib.abc.MetaPathFinder):
    """Finds no hypercuboid."""

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        if name.partition(".")[0] == "hypercuboid":
            raise ImportError(f"{name} is forbidden")


seen: list[str] = []
armed = False


def hook(event, arguments):  # type: ignore[no-untyped-def]
    if not armed:
        return
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event.startswith(EVENTS):
        seen.append(f"{event} {arguments[:1]!r:.200}")


def load(path: Path) -> None:
    """Imports a file, and makes its last class."""
    global armed
    spec = importlib.util.spec_from_file_location("generated", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    code = compile(path.read_bytes(), str(path), "exec")
    armed = True
    try:
        exec(code, module.__dict__)  # noqa: S102 - what an import does, without bytecode beside the file
    finally:
        armed = False
    classes = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == "generated"]
    assert issubclass(classes[-1], nn.Module)
    classes[-1]()


def main(folder: Path) -> None:
    files, wrong = sorted(folder.glob("*.py")), {}
    torch.set_num_threads(1)
    sys.meta_path.insert(0, Refusing())
    sys.addaudithook(hook)
    for path in files:
        seen.clear()
        try:
            load(path)
        except BaseException as problem:
            wrong[path.name] = f"{type(problem).__name__}: {problem}"
        if seen:
            wrong[path.name] = f"{wrong.get(path.name, '')} {seen}"
    assert not any(name.partition(".")[0] == "hypercuboid" for name in sys.modules)
    sys.stdout.write(json.dumps({"files": len(files), "wrong": wrong}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
