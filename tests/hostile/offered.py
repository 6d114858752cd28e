"""Files and texts that are offered as weights, as run folders and as checkpoints, and hold something else."""

from __future__ import annotations

import json
import os
import pickle
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

DEEP = 100_000
GOOD = {"axes": {"op": ["a", "b"]}, "values": [0.75, 0.25]}
"""The weights of the one decision of `test_hostile_files.SPACE`."""


def weights(**changes: Any) -> str:
    return json.dumps({"space": "S", "decisions": {"out.op": {**GOOD, **changes}}})


def written(content: str | bytes) -> Callable[[Path], object]:
    data = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(data)


class Canary:
    """Leaves a file where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("canary",)


def _sparse(path: Path) -> None:
    """A terabyte of nothing."""
    with path.open("wb") as file:
        file.truncate(1 << 40)


WEIGHTS: dict[str, Callable[[Path], object]] = {
    "nothing": lambda path: None,
    "an empty file": written(""),
    "a pickle": written(pickle.dumps(Canary())),
    "lists, deep": written("[" * DEEP),
    "objects, deep": written('{"space":' * DEEP),
    "values, deep": written(weights().replace("[0.75, 0.25]", "[" * DEEP + "]" * DEEP)),
    "values, as deep as JSON is read": written(weights().replace("[0.75, 0.25]", "[" * 900 + "]" * 900)),
    "a value, as deep as JSON is read": written(weights().replace("0.75", "[" * 900 + "]" * 900)),
    "a label, as deep as JSON is read": written(weights().replace('"a"', "[" * 900 + "]" * 900)),
    "NaN": written(weights().replace("0.75", "NaN")),
    "Infinity": written(weights().replace("0.75", "-Infinity")),
    "1e999": written(weights().replace("0.75", "1e999")),
    "a number of 100,000 digits": written(weights().replace("0.75", "9" * 100_000)),
    "an integer of 400 digits": written(weights().replace("0.75", "9" * 400)),
    "negative": written(weights(values=[-1.0, 2.0])),
    "texts": written(weights(values=["0.75", "0.25"])),
    "one value": written(weights(values=0.5)),
    "200,000 values": written(weights(values=[0.5] * 200_000)),
    "200,000 labels": written(weights(axes={"op": list(range(200_000))})),
    "a name twice": written(weights().replace('"axes"', '"values": [1, 0], "axes"')),
    "another shape": written(weights(values=[[0.5, 0.5]])),
    "no object": written("[]"),
    "bytes": written(b"\xff\xfe\x00"),
    "a terabyte": _sparse,
    "a folder": lambda path: path.mkdir(),
    "a pipe": lambda path: os.mkfifo(path),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}

GENOTYPES = {
    "nothing": "",
    "brackets, deep": "Genotype(" * DEEP,
    "lists, deep": "Genotype(normal=" + "[" * DEEP,
    "a call": "__import__('os').mkdir('canary')",
    "a call inside": "Genotype(normal=[(__import__('os').mkdir('canary'), 0)], normal_concat=[2])",
    "a comprehension": "Genotype(normal=[x for x in range(10**9)])",
    "a power": "Genotype(normal=[('a', 9**9**9)])",
    "a range": "Genotype(normal=[], normal_concat=range(0, 999999999))",
    "a number of 100,000 digits": f"Genotype(normal=[('a', {'9' * 60_000})])",
    "a million letters": "Genotype(" + "a" * 1_000_000,
    "a million pairs": "Genotype(normal=[" + "('a', 0), " * 100_000,
    "attributes": "Genotype.__class__.__mro__(normal=[])",
    "fields twice": "Genotype(normal=[], normal=[])",
    "bytes of zero": "Genotype(\x00)",
    "a lambda": "lambda: Genotype()",
    "comments without end": "#" * 60_000,
    "blanks": " " * 60_000,
}
DIGITS = {
    "nothing": "",
    "a million": "0" * 1_000_000,
    "other digits": "\u0660\u0661",
    "superscripts": "\u00b2",
    "a sign": "-1",
    "too large": "9",
    "code": "__import__('os').mkdir('canary')",
    "zero bytes": "0\x00",
}


# ---------------------------------------------------------------- tensors


def header(entries: Mapping[str, Any], data: bytes = b"", size: int | None = None) -> bytes:
    """A safetensors file with that header; `size` is what it says of the header's length."""
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text) if size is None else size) + text + data


def entry(dtype: str, shape: list[Any], *offsets: int) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": list(offsets)}


TENSORS: dict[str, bytes] = {
    "a pickle": pickle.dumps(Canary()),
    "a zip, as torch writes": b"PK\x03\x04" + bytes(200),
    "nothing": b"",
    "a header of 2**63 bytes": header({}, size=2**63),
    "a header of 1e9 bytes": header({}, size=10**9),
    "a header longer than the file": header({"a": entry("F32", [1], 0, 4)}, bytes(4), size=500),
    "a shape of 1e9": header({"a": entry("F32", [10**9], 0, 4 * 10**9)}, bytes(4)),
    "a shape whose size overflows": header({"a": entry("F32", [2**40, 2**40], 0, 4)}, bytes(4)),
    "a negative size": header({"a": entry("F32", [-1], 0, 4)}, bytes(4)),
    "a negative place": header({"a": entry("F32", [1], -4, 0)}, bytes(4)),
    "places that overlap": header({"a": entry("F32", [2], 0, 8), "b": entry("F32", [2], 4, 12)}, bytes(12)),
    "a place behind the end": header({"a": entry("F32", [1], 100, 104)}, bytes(4)),
    "places backwards": header({"a": entry("F32", [1], 4, 0)}, bytes(4)),
    "data of nobody": header({"a": entry("F32", [1], 0, 4)}, bytes(4000)),
    "a type that is none": header({"a": entry("PICKLE", [1], 0, 4)}, bytes(4)),
    "a shape that is none": header({"a": entry("F32", ["1"], 0, 4)}, bytes(4)),
    "a header, deep": struct.pack("<Q", DEEP) + b"[" * DEEP,
    "a header that is no JSON": header({}, size=1) + b"x",
}


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def link(path: Path) -> None:
    """To the same bytes elsewhere."""
    elsewhere = path.with_name("elsewhere")
    path.rename(elsewhere)
    path.symlink_to(elsewhere.name)


def device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


REPLACED = {"a pipe": fifo, "a folder": folder, "a link": link, "a device": device}
"""What may lie where a file of a checkpoint should."""
