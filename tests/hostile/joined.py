"""Programs that are sound: several cuboids whose states everything reads, made by a seed. Tensors have one shape."""

from __future__ import annotations

import random

HEAD = """hypercuboid 1
use std.ops { conv, relu, identity, gap, linear, dwconv }

block Either() on y, z { out sum(y, z -> conv(4)) }
block Needs() on y, z { out sum(y + z, z) -> choose op { a: relu, b: conv(4) } }
block Apart() on y, z { out choose op { first: y -> conv(4), second: z } }
block Some() on y, z { out choose op { none: z, both: (choose in_it { a: y, b: y + z }) } }
"""


BLOCKS = ("Either", "Needs", "Apart", "Some")


class _Writer:
    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)
        self.lines: list[str] = []
        self.cuboids: list[str] = []
        self.tensors = ["x"]
        self.count = 0

    def name(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def state(self) -> str:
        """A state of a cuboid, which may be missing."""
        return f"{self.source.choice(self.cuboids)}[{self.source.randrange(2)}]"

    def tensor(self) -> str:
        return self.source.choice(self.tensors)

    def value(self, depth: int = 1) -> str:
        """What may be missing, if it reads a state."""
        forms = [
            lambda: self.state(),
            lambda: f"({self.state()} -> conv(4))",
            lambda: f"({self.state()} + {self.state()})",
            lambda: f"sum({self.state()}, {self.state()})",
            lambda: (
                f"(({self.state()}, {self.tensor()}) -> {self.source.choice(('Either', 'Needs', 'Apart', 'Some'))})"
            ),
            lambda: f"(choose {self.name('w')} {{ p: {self.state()} -> conv(4), q: {self.tensor()} }})",
            lambda: f"(choose {self.name('w')} {{ p: {self.state()}, q: {self.state()} -> relu }})",
            lambda: f"({self.tensor()} -> choose {self.name('w')} {{ p: relu, q: conv(4) }})",
        ]
        if depth:
            forms.append(lambda: f"sum({self.value(depth - 1)}, {self.value(depth - 1)})")
            forms.append(lambda: f"({self.value(depth - 1)} + {self.value(depth - 1)})")
        return self.source.choice(forms)()


def joined(seed: int) -> str:
    """A file with the space `S` on images of 4 x 4 x 4."""
    writer = _Writer(seed)
    writer.lines.append("node s0[i in 0..2] = x -> conv(4)")
    for _ in range(writer.source.randrange(1, 4)):
        _cuboid(writer)
        if writer.source.random() < 0.4:
            _tensor(writer)
    if writer.source.random() < 0.3:
        _top(writer)
    ends = [f"sum i in 0..2 {{ {name}[i] }}" for name in writer.cuboids if writer.source.random() < 0.7]
    parts = [writer.value() for _ in range(writer.source.randrange(1, 3))]
    body = "\n".join(f"  {line}" for line in writer.lines)
    out = f"  out sum({', '.join([*ends, *parts, writer.tensor()])}) -> gap -> linear(2)"
    return f"{HEAD}\nspace S() on x: image(4, 4, 4) {{\n{body}\n{out}\n}}\n"


def _cuboid(writer: _Writer) -> None:
    name, start = writer.name("h"), "s0"
    if writer.cuboids and writer.source.random() < 0.7:
        start = writer.name("s")
        form = writer.source.randrange(4)
        other = writer.source.choice(writer.cuboids)
        if form == 0:
            start = other
        elif form == 1:
            writer.lines.append(f"node {start}[i in 0..2] = {other}[i] -> conv(4)")
        elif form == 2:
            writer.lines.append(f"node {start}[i in 0..2] = sum({other}[i], {writer.source.choice(writer.cuboids)}[i])")
        else:
            writer.lines.append(f"node {start}[i in 0..2] = {writer.value(0)} if i == 0 else {writer.state()}")
    step = f"{name}[a] -> conv(4)"
    if writer.cuboids and writer.source.random() < 0.3:
        forms = (f"sum({step}, {writer.state()})", f"({step}) + {writer.tensor()}")
        step = writer.source.choice(forms)
    if writer.source.random() < 0.2:
        step = f"({step}) -> choose {writer.name('c')} {{ p: relu, q: conv(4) }}"
    depth = writer.source.choice((1, 1, 2))
    axes = f"state (a, b) in 0..2 depth d in 0..{depth}"
    writer.lines.append(f"cuboid {name} from {start} {{ {axes} out {step} }}")
    writer.cuboids.append(name)


def _tensor(writer: _Writer) -> None:
    name = writer.name("t")
    fold = f"sum i in 0..2 {{ {writer.source.choice(writer.cuboids)}[i] -> conv(4) }}"
    choice = f"x -> choose {writer.name('o')} {{ p: relu, q: conv(4) }}"
    writer.lines.append(f"let {name} = {writer.source.choice((fold, choice))}")
    writer.tensors.append(name)


def _top(writer: _Writer) -> None:
    name = writer.name("n")
    for i in range(2):
        writer.lines.append(f"node {name}[{i}] = {writer.value(0)}")
    writer.lines.append(
        f"node {name}[2] = sum top 1 j in 0..2 {{ {name}[j] -> choose op in [relu, conv(4)] {{ op }} }}"
    )
    writer.tensors.append(f"{name}[2]")
