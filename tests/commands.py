"""What tests of commands share: a file of small spaces and architectures, and a few images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hypercuboid.cli.main import main
from hypercuboid.data.base import DataSet, Split, load_data

TEXT = """hypercuboid 1
use std.ops { conv, gap, linear, relu, tanh, identity }

param classes: int = 10 in 2..1001

space S(up: bool = false, acts: list(block) = [relu, tanh], layers: int = 2) on x: image(3, 16, 16) {
  let widths = [8, 16]
  node stem[c in widths] = x -> conv(c, 3)
  cuboid h from stem {
    state (a, b) in widths where b >= a or not up
    depth layer in 0..layers
    choice k in [1, 3]
    out h[a] -> conv(b, k)
  }
  let y = sum c in widths { h[c] -> conv(16) }
  out y -> choose act in acts { act } -> gap -> linear(classes)
}

arch A of S() {
  pick h[layer = 0] = 16 -> 8: 3
  pick h[layer = 1] = 8 -> 8: 1
  pick out.act = tanh
}

arch Up of S(acts = [tanh], up = true) {
  pick h[layer = 0] = 8 -> 8: 3
  pick h[layer = 1] = 8 -> 8: 1
}

arch Half of S() partial { pick h[layer = 0] = 8 -> 8: 3 }

block Wide(c: int, k: int) on x { out x -> conv(c, k) -> identity }

## As S, with other ops under the same names.
space T(up: bool = false, acts: list(block) = [relu, tanh], layers: int = 2) on x: image(3, 16, 16) {
  let widths = [8, 16]
  node stem[c in widths] = x -> conv(c, 3)
  cuboid h from stem {
    state (a, b) in widths
    depth layer in 0..layers
    choice k in [1, 3]
    out h[a] -> Wide(b, k)
  }
  let y = sum c in widths { h[c] -> conv(16) }
  out y -> choose act in acts { act } -> gap -> linear(classes)
}

## S once more, in other words.
space Same(up: bool = false, acts: list(block) = [relu, tanh], layers: int = 2) on image: image(3, 16, 16) {
  node stem[c in [8, 16]] = conv(image, c, k = 3)
  cuboid h from stem {
    state (a, b) in [8, 16] where not up or a <= b
    depth layer in 0..layers
    choice k in [1, 3]
    out conv(h[a], b, k)
  }
  out sum c in [8, 16] { h[c] -> conv(16, 1) } -> choose act in acts { act } -> gap -> linear(classes)
}

space Twice() on x: image(4, 8, 8) {
  out x -> conv(4, 3) -> choose act { relu, tanh } -> conv(4, 3) -> gap
}

## As Twice, with one convolution in both places.
space Shared() on x: image(4, 8, 8) {
  share w = conv(4, 3)
  out x -> w -> choose act { relu, tanh } -> w -> gap
}

arch Tanh of Twice() { pick out.act = tanh }

space Nodes() on x: image(4, 8, 8) {
  node n[0] = x
  node n[i in 1..4] = sum top 2 j in 0..i { choose op in [relu, tanh, identity] { n[j] -> op } }
  out n[3] -> gap -> linear(10)
}

arch One of Nodes() {
  pick n[1] = [0: relu]
  pick n[2] = [0: relu, 1: tanh]
  pick n[3] = [0: relu, 2: identity]
}

arch Other of Nodes() {
  pick n[1] = [0: relu]
  pick n[2] = [1: tanh, 0: relu]
  pick n[3] = [1: relu, 2: identity]
}
"""


def write(folder: Path) -> str:
    """The file's path."""
    path = folder / "a.hc"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def run(*arguments: str) -> int:
    """The exit code of a command line."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    code = left.value.code
    return 0 if code is None else int(code)


def few_digits() -> DataSet:
    """Images for two steps."""
    whole = load_data("digits")
    splits = {name: Split(split.x[:64], split.y[:64]) for name, split in whole.splits.items()}
    return replace(whole, splits=splits)
