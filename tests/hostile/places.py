"""The places where a payload may stand: eight kinds, each a program of two spaces and two architectures around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

PROGRAM = """hypercuboid 1
use std.ops {{ conv, relu, identity, gap, linear }}
# {comment}
param {param}: int = 3
param word: string = "{string}"
## {doc}
block {block}({formal}: int, {other}: int = 1) on {input} {{
  ## {doc}
  let {let} = {input} -> conv({formal}, {other})
  out {let} -> relu
}}
## {doc}
space {space}({argument}: string = "{string}") on {input}: image(3, 8, 8) {{ # {comment}
  ## {doc}
  node {node}[c in [4, 8]] = {input} -> conv(c, {param})
  cuboid {cuboid} from {node} {{
    state (a, b) in [4, 8]
    depth {depth} in 0..2
    choice {axis} in ["{label}", "other"]
    out {cuboid}[a] -> {block}(b, 3 if {axis} == "{label}" else 1)
  }}
  require word == word else "{string}"
  out sum c in [4, 8] {{ {cuboid}[c] -> conv(4) }} -> gap -> linear(2)
}}
## {doc}
space {cells}() on {input}: image(3, 8, 8) {{
  cell {cell} = {block}({other} = 3)
  node {node} = {input} -> {cell}(4)
  node {family}[0] = {node}
  node {family}[i in 1..3] = sum top 1 j in 0..i {{
    {family}[j] -> choose {choice} {{ {alternative}: {block}(4), other: relu }}
  }}
  node {last} = {family}[2] -> choose {decision} in ["{label}", "none"] {{
    conv(4, 3 if {decision} == "{label}" else 1)
  }}
  out {last} -> gap -> linear(2)
}}
arch {arch} of {space}() {{ # {comment}
  pick {cuboid}[{depth} = 0] = 4 -> 8: "{label}"
  pick {cuboid}[{depth} = 1] = 8 -> 8: "other"
}}
arch {arch_of_cells} of {cells}() {{
  pick {family}[1].{choice} = [0: {alternative}]
  pick {family}[2].{choice} = [1: {alternative}]
  pick {last}.{decision} = "{label}"
}}
"""

PLAIN = {
    "comment": "plain",
    "param": "kernel",
    "string": "plain",
    "doc": "plain",
    "block": "Plain",
    "formal": "c",
    "other": "k",
    "input": "x",
    "let": "y",
    "space": "Cube",
    "argument": "text",
    "node": "stem",
    "cuboid": "h",
    "depth": "layer",
    "axis": "op",
    "label": "plain",
    "cells": "Cells",
    "cell": "Cell",
    "family": "n",
    "choice": "primitive",
    "alternative": "plain",
    "last": "tail",
    "decision": "kind",
    "arch": "Found",
    "arch_of_cells": "FoundCells",
}


@dataclass(frozen=True)
class Case:
    """A program in a file of that name, in a folder of that name, with settings of the command line."""

    text: str
    items: tuple[str, str, str, str]
    file: str = "a.hc"
    folder: str = "run"
    settings: tuple[str, ...] = field(default=())


def _filled(**places: str) -> Case:
    words = {**PLAIN, **places}
    items = (words["space"], words["cells"], words["arch"], words["arch_of_cells"])
    return Case(PROGRAM.format(**words), items)


def _in_names_of_spaces(payload: str) -> Case:
    return _filled(space=payload, cells=f"{payload}_")


def _in_names_of_architectures(payload: str) -> Case:
    return _filled(arch=payload, arch_of_cells=f"{payload}_")


def _in_names_of_blocks(payload: str) -> Case:
    return _filled(block=payload, cell=f"{payload}_")


def _in_parameters(payload: str) -> Case:
    """Parameters of the file, of blocks and of spaces, their arguments, and inputs."""
    return _filled(
        param=f"{payload}_", formal=payload, other=f"{payload}2", input=f"{payload}3", argument=f"{payload}4"
    )


def _in_names_of_nodes(payload: str) -> Case:
    """Nodes, lets, cuboids, their axes, and decisions."""
    names = ("node", "let", "family", "last", "cuboid", "depth", "axis", "choice", "decision")
    return _filled(**{name: f"{payload}{number or ''}" for number, name in enumerate(names)})


def _in_labels_and_strings(payload: str) -> Case:
    return _filled(label=payload, string=payload, alternative=payload if payload.isidentifier() else "plain")


def _in_comments(payload: str) -> Case:
    return _filled(comment=payload, doc=payload)


def _in_names_of_files(payload: str) -> Case:
    """The file, the folder of a run, and what a command line gives."""
    name = payload.replace("/", "\u2215").replace("\x00", "\u2400").encode("utf-8", "replace").decode()
    plain = _filled()
    return Case(plain.text, plain.items, f"{name[:60]}.hc", f"{name[:60]}", ("-p", f'word="{payload}"'))


PLACES: dict[str, Callable[[str], Case]] = {
    "names of spaces": _in_names_of_spaces,
    "names of architectures": _in_names_of_architectures,
    "names of blocks": _in_names_of_blocks,
    "parameters and inputs": _in_parameters,
    "names of nodes, axes and decisions": _in_names_of_nodes,
    "labels and strings": _in_labels_and_strings,
    "comments and documentation": _in_comments,
    "files, runs and settings": _in_names_of_files,
}
