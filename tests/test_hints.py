"""What people write who come from Python, torch or another language: each slip gets the way out that is meant."""

from __future__ import annotations

import pytest

from hypercuboid.diagnostics import HypercuboidError, Source
from hypercuboid.frontend.hints import RULES
from hypercuboid.frontend.meant import meant, meant_argument
from hypercuboid.frontend.parse import parse
from hypercuboid.ops import OPS

SLIPS = {
    "def f(x):": "a function from tensors to a tensor is a block",
    "class Net(Module):": "a network is a `space`, a part of one is a `block`",
    "import torch": "names of files come first",
    "block B() on x { return x }": "the result of a body is its `out`",
    "block B() on x { assert x.c == 3 out x }": "write `require condition",
    "block B() on x { if x.c == 3 { out x } out x }": "a condition is an expression with both sides",
    "block B() on x { for i in 0..3 { x } out x }": "repeat with a fold",
    "block B() on x { var a = 3 out x }": "write `let`",
    "let f = lambda x: x": "a pipeline is a function already",
    "// a comment": "a comment begins with `#`",
    "block B() on x { out conv(*args) }": "arguments are written one by one",
    "block B() on x { y = x out y }": "bind a name with `let`; it is bound once",
    "block B() on x { out x => relu }": "tensors flow with `->`",
    "let a = [i for i in 0..=3]": "ranges are half open",
    "let a: int = 3": "only parameters and inputs have types",
    "param classes = 10": "a parameter has a type",
    "block B() on x { out choose a { r = relu } }": "a label stands before `:`",
    "let a = v[1:3]": "a slice is a range",
    "arch A of B() { pick op: relu }": "write `pick SITE = LABEL`",
    "let a = 1 if 2 = 3 else 4": "compare with `==`",
    "let a = 0 < 1 < 2": "join two comparisons with `and`",
    "block B() on x { node n -> relu out n }": "a node is bound with `=`",
    "block B() on x { out x -> -> relu }": "a block is due between two arrows",
    "let a = [i for i in 0...3]": "a range has two dots",
    "let a = [i for i in 0..9..3]": "a range has no step",
    "block B() on x { out x -> choose [relu, tanh] }": "write `choose NAME",
    "block B() on x { out x -> choose op in ops }": "what is done for each comes in braces",
    "block B() on x { let act = choose a in [relu, tanh] out x -> act }": "what is done for each comes in braces",
    "block B() on x { let act = choose a in acts node n = x out n }": "what is done for each comes in braces",
    "block B() on x { out sum [x, x] }": "fold tensors in parentheses",
    "block B() on x { out x -> choose op { } }": "a choice has alternatives",
    "block B() { out x }": "name the tensors that come in",
    "block B() on { out x }": "name the tensors that come in",
    "block B() on (x, y) { out x }": "inputs need no parentheses",
    "block B() on x -> image { out x }": "what a block gives has no type of its own",
    "block B on x { out x }": "parentheses are written also around nothing",
    "block B((a, b)) on x { out x }": "a parameter takes no tuple apart",
    "block B() on x { cuboid h from s { state a, b in 0..2 depth i in 0..1 out h[a] } out x }": "two names in parenth",
    "block B() on x { node n[] = x out x }": "an index is due",
    "arch A of B() { pick a = b, pick c = d }": "picks need no commas",
    "arch A of B() { let k = 3 }": "an architecture holds `pick` and `keep` only",
    "block B() on x { cuboid h { state (a, b) in 0..2 } out x }": "a cuboid starts from a family of states",
    "block B() on x { cuboid h from s { depth i in v let c = 1 depth j in v out x } out x }": "the axes of a",
    "block B() on x { cuboid h from s { depth i in v compete per i compete per j out x } out x }": "all axes",
    "block B() on x { cuboid h from s { depth i in v where i > 1 out x } out x }": "`where` belongs to",
    "block B() on x { out let y = x }": "`out` needs the tensor that the block gives",
    "block B() on x { param k: int = 3 out x }": "`param` stands outside of blocks",
    "let a = 1 use std.ops { conv }": "`use` comes before everything else",
    "use std.ops { * }": "name what you use",
    "node n = x": "statements stand in a block or a space",
    "block B() on x { out chain i in v { require i > 0 out relu } }": "this body holds `let`s and an `out` only",
    "let a = [8 16]": "put `,` between",
    "block B() on x { out x -> conv(4) relu }": "join the stages of a pipeline with `->`",
    "block B() on x { x }": "write `out` before the result",
}


@pytest.mark.parametrize("text", SLIPS)
def test_the_way_out_is_said(text: str) -> None:
    with pytest.raises(HypercuboidError) as caught:
        parse(Source("a.hc", f"hypercuboid 1\n{text}\n"))
    assert SLIPS[text] in caught.value.diagnostics[0].help


def test_every_rule_is_tried() -> None:
    assert [rule.help for rule in RULES if not any(said in rule.help for said in SLIPS.values())] == []


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("conv", "write `use std.ops { conv }`"),
        ("MBConv", "write `use std.blocks { MBConv }`"),
        ("darts_primitives", "write `use std.darts { darts_primitives }`"),
        ("Conv2d", "it is called `conv`: `use std.ops { conv }`"),
        ("nn", "ops are used by their names: `use std.ops { conv, bn, relu }`"),
        ("True", "write `true`"),
        ("range", "a range is written `0..n`"),
        ("rel", "did you mean `relu`?"),
        ("xyz", "known: `relu`"),
    ],
)
def test_what_an_undefined_name_means(name: str, help: str) -> None:
    assert meant(name, ["relu"]) == help


def test_what_is_said_of_torch_names_is_there() -> None:
    from hypercuboid.frontend.meant import _TORCH

    assert all(op in OPS for op in _TORCH.values())


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("kernel_size", "it is called `k`"),
        ("in_channels", "leave it out: it follows from what flows in"),
        ("strid", "did you mean `stride`?"),
        ("scale_factor", "known: `c`, `k`, `stride`"),
    ],
)
def test_what_an_unknown_argument_means(name: str, help: str) -> None:
    assert meant_argument(name, ["c", "k", "stride"]) == help
