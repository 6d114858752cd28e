"""Programs that are sound: spaces of every construct, made by a seed. All tensors of a space have one shape."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

HEAD = """hypercuboid 1
use std.ops { conv, dwconv, bn, relu, silu, identity, zero, max_pool, avg_pool, gap, linear, drop_path }
use std.blocks { SharpSepConv, ReLUConvBN, ResizablePool }

let few = [1, 3]

## Keeps the shape of its input.
block Wide(c: int, k: int = 3) on x {
  let y = x -> conv(c, k) -> bn
  out y -> relu
}

block Flexible(c: int) on x {
  let k = choose { k1: 1, k3: 3 }
  out x -> conv(c, k) -> choose act { relu: relu, silu: silu }
}

block Pair(c: int) on x, y {
  out x -> conv(c) -> choose op in [relu, identity] { op } -> chain i in 0..2 { conv(c, 3) }
}
"""


@dataclass
class _Writer:
    """A space in the making: `tensors` are the names that can be read, `count` makes new ones."""

    source: random.Random
    tensors: list[str] = field(default_factory=lambda: ["x"])
    count: int = 0
    lines: list[str] = field(default_factory=list)

    def name(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def pick(self, *options: str) -> str:
        return self.source.choice(options)


def sound(seed: int, statements: int = 4) -> str:
    """A file with the space `S` on images of 4 x 6 x 6."""
    source = random.Random(seed)
    writer = _Writer(source)
    for _ in range(source.randrange(1, statements + 1)):
        source.choice(_STATEMENTS)(writer)
    body = "\n".join(f"  {line}" for line in writer.lines)
    out = f"  out {_tensor(writer, 1)} -> gap -> linear(3)"
    return f"{HEAD}\nspace S() on x: image(4, 6, 6) {{\n{body}\n{out}\n}}\n"


# ---------------------------------------------------------------- blocks and tensors


def _block(writer: _Writer, depth: int) -> str:
    """A block that keeps 4 x 6 x 6."""
    plain = ("relu", "identity", "conv(4)", "conv(4, 3)", "dwconv(3)", "max_pool(3)", "bn", "Wide(4)", "Wide(4, k = 1)")
    more = ("SharpSepConv(4)", "ReLUConvBN(4)", "ResizablePool(4)", "drop_path", "avg_pool(3)", "silu")
    if depth <= 0 or writer.source.random() < 0.4:
        return writer.pick(*plain, *more)
    kind = writer.source.randrange(6)
    if kind == 0:
        return f"({_block(writer, depth - 1)} -> {_block(writer, depth - 1)})"
    if kind == 1:
        return f"chain v in few {{ conv(4, v) -> {_block(writer, depth - 1)} }}"
    if kind == 2:
        return "Flexible(4)"
    if kind == 3:
        return f"({_block(writer, 0)} if {writer.pick('true', '1 < 2', 'not searching')} else relu)"
    return f"choose {writer.name('op')} {{ {_alternatives(writer, depth - 1, writer.source.randrange(2, 4))} }}"


def _alternatives(writer: _Writer, depth: int, count: int) -> str:
    return ", ".join(f"a{i}: {_block(writer, depth)}" for i in range(count))


def _tensor(writer: _Writer, depth: int) -> str:
    """A tensor of 4 x 6 x 6; a pipeline stands in parentheses."""
    name = writer.source.choice(writer.tensors)
    if depth <= 0 or writer.source.random() < 0.2:
        return name
    kind = writer.source.randrange(7)
    if kind == 0:
        return f"({name} -> {_block(writer, depth)} -> {_block(writer, depth - 1)})"
    if kind == 1:
        return f"sum({_tensor(writer, depth - 1)}, {_tensor(writer, depth - 1)})"
    if kind == 2:
        return f"({_tensor(writer, depth - 1)} {writer.pick('+', '-', '*')} {_tensor(writer, depth - 1)})"
    if kind == 3:
        return f"(concat({_tensor(writer, depth - 1)}, {name}) -> conv(4))"
    if kind == 4:
        inner = ", ".join(f"t{i}: {_tensor(writer, depth - 1)} -> conv(4)" for i in range(2))
        return f"(choose {writer.name('way')} {{ {inner} }} -> bn)"
    if kind == 5:
        return f"(({name}, {_tensor(writer, depth - 1)}) -> Pair(4))"
    return f"mean({name} -> {_block(writer, depth)}, {_tensor(writer, depth - 1)})"


# ---------------------------------------------------------------- statements


def _let(writer: _Writer) -> None:
    value, name = _tensor(writer, 2), writer.name("t")
    writer.lines.append(f"let {name} = {value}")
    writer.tensors.append(name)


def _node(writer: _Writer) -> None:
    value, name = _tensor(writer, 2), writer.name("n")
    writer.lines.append(f"node {name} = {value}")
    writer.tensors.append(name)


def _family(writer: _Writer) -> None:
    name, count = writer.name("f"), writer.source.randrange(2, 4)
    writer.lines.append(f"node {name}[0] = {_tensor(writer, 1)}")
    form = writer.source.randrange(3)
    if form == 0:
        step = f"{name}[i - 1] -> {_block(writer, 1)}"
    elif form == 1:
        step = f"sum j in 0..i {{ {name}[j] -> {_block(writer, 1)} }}"
    else:
        listed = writer.pick("relu, conv(4), zero", "identity, conv(4, 3)", "max_pool(3), Wide(4), zero")
        step = f"sum top {writer.pick('1', '2')} j in 0..i {{ {name}[j] -> choose op in [{listed}] {{ op }} }}"
    writer.lines.append(f"node {name}[i in 1..{count}] = {step}")
    writer.tensors.append(f"{name}[{count - 1}]")


def _cell(writer: _Writer) -> None:
    name, result = writer.name("C"), writer.name("t")
    writer.lines.append(f"cell {name} = Flexible()")
    value = f"{writer.source.choice(writer.tensors)} -> {name}(4) -> {_block(writer, 1)} -> {name}(4)"
    writer.lines.append(f"let {result} = {value}")
    writer.tensors.append(result)


def _cuboid(writer: _Writer) -> None:
    start, name, result = writer.name("s"), writer.name("h"), writer.name("t")
    states = writer.pick("0..2", "[4, 8]", "0..3")
    writer.lines.append(f"node {start}[s in {states}] = {_tensor(writer, 1)}")
    axes = [f"state (a, b) in {states}{writer.pick('', '', ' where a <= b')}"]
    axes.append(f"depth d in 0..{writer.pick('1', '2', '3')}")
    step = f"{name}[a] -> {_block(writer, 1)}"
    if writer.source.random() < 0.5:
        axes.append(f"choice op in [{writer.pick('relu, conv(4)', 'Flexible(4), Wide(4)', 'identity, max_pool(3)')}]")
        step = f"{name}[a] -> op"
    if writer.source.random() < 0.3:
        axes.append(writer.pick("compete per (d, b)", "compete per (d, a)"))
    writer.lines.append(f"cuboid {name} from {start} {{ {' '.join(axes)} out {step} }}")
    fold = writer.pick("sum", "mean")
    writer.lines.append(f"let {result} = {fold} s in {states} {{ {name}[s] -> conv(4) }}")
    writer.tensors.append(result)


def _values(writer: _Writer) -> None:
    name, inner = writer.name("t"), writer.name("k")
    value = writer.pick("choose { one: 1, three: 3 }", "choose v in few { v }")
    read = writer.source.choice(writer.tensors)
    writer.lines.append(f"let {name} = sum j in 0..1 {{ let {inner} = {value} out {read} -> conv(4, {inner}) }}")
    writer.tensors.append(name)


def _requirement(writer: _Writer) -> None:
    writer.lines.append(f'require {writer.pick("x.c == 4", "len(few) > 1 and x.h % 2 == 0", "not false")} else "no"')


_STATEMENTS = (_let, _node, _node, _family, _family, _cell, _cuboid, _cuboid, _values, _requirement)
