"""What is said of a data set whose files are not there, or cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypercuboid.data.request import DataRequest
from hypercuboid.diagnostics import HypercuboidError, error


def absent(request: DataRequest, wanted: Path, source: str, kind: str = "folder") -> HypercuboidError:
    """HC7310. `source` says what to download and where from, `kind` what the path of such data names."""
    way = (
        f"{source}, so that `{wanted}` is there; or name the {kind} where it is: --data {request.title}:{kind.upper()}"
    )
    return error("HC7310", f"the data set `{request.name}` is not there: no `{wanted}`", help=way)


@contextmanager
def reading(request: DataRequest, path: Path) -> Iterator[None]:
    """HC7302 for whatever goes wrong in reading a file: of a damaged one, readers raise all there is."""
    try:
        yield
    except (HypercuboidError, ModuleNotFoundError):
        raise
    except Exception as problem:
        told = f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"
        message = f"`{path}` cannot be read as `{request.name}`"
        raise error("HC7302", message, notes=(told,), help="download it again, or name the right folder") from problem


def first_there(*paths: Path) -> Path | None:
    """The first of some paths that exists."""
    return next((path for path in paths if path.exists()), None)
