"""Generated files: golden text, clean by ruff, alone in the world, safe against what programs are called."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from counted import batch
from generated import PROVENANCE, generated, network
from torch import nn

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.elaborated import InputNode, Node, OpArgument, OpNode, UseNode
from hypercuboid.pipeline import Space, load, load_from_text
from hypercuboid.targets.source import GeneratedSource, generate_source
from hypercuboid.targets.source_text import (
    MODULE_NAMES,
    comment,
    identifier,
    laid_out,
    pascal,
    prose,
    snake,
    substituted,
)

torch.set_num_threads(1)
HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "source"
SPACES = HERE.parent / "spaces"

TOUR = """hypercuboid 1
use std.ops { conv, bn, relu, gap, linear, split, sigmoid, resize, shift, zero, layer_norm, dropout }
use std.blocks { MBConv, FactorizedReduce }

## One block per trap: `train`, `type` and `class` are names here, and MBConv is used with and without its skip.
block Gate(c: int) on x {
  let g = x -> conv(2 * c, 1) -> split(2)
  out g[0] * sigmoid(g[1]) + 0.5 * x
}

space Tour() on x: image(3, 16, 16) {
  node train = x -> conv(8, 3) -> bn -> relu
  node type[i in 0..2] = train -> MBConv(8 * (i + 1), expansion = 2)
  node class_ = sum(type[0] -> resize(2) -> resize(0.5), train -> shift -> shift, train -> Gate(8))
  node mean_ = mean(class_, train -> zero, class_ -> layer_norm)
  out concat(mean_, type[1]) -> FactorizedReduce(12) -> gap -> dropout(0.1) -> linear(10)
}
"""


def handmade() -> Space:
    return load(SPACES / "multichannelnet.hc", "Handmade")


def darts() -> Space:
    return load(HERE / "programs" / "darts.hc", "DARTS_V2")


def two_paths() -> Space:
    return load(HERE / "programs" / "hard.hc", "TwoPaths")


def tour() -> Space:
    return load_from_text(TOUR, "Tour")


def recurrent() -> Space:
    return load(SPACES / "rnn_language_model.hc", "DARTS_V2_RNN", vocab=100, length=5, width=32)


CASES = {"recurrent": recurrent, "handmade": handmade, "darts_v2": darts, "two_paths": two_paths, "tour": tour}


def source_of(name: str) -> GeneratedSource:
    space = CASES[name]()
    elaborated = space.costs
    about = replace(PROVENANCE, space=elaborated.space, architecture=elaborated.name)
    return generate_source(elaborated, about)


def ruff(*arguments: str, text: str) -> str:
    """What ruff has to say of a file, under its own defaults; empty for nothing."""
    command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--stdin-filename", "model.py", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("name", CASES)
def test_golden_text(name: str) -> None:
    """To renew after a change that was looked at: write `source_of(name).text` over the golden file."""
    golden = GOLDEN / f"{name}.py"
    assert source_of(name).text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_ruff_has_nothing_to_say(name: str) -> None:
    text = source_of(name).text
    assert ruff("format", "--diff", text=text) == ""
    assert ruff("check", text=text) == ""


@pytest.mark.parametrize("name", CASES)
def test_imports_only_torch(name: str) -> None:
    tree = ast.parse(source_of(name).text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert [alias.name for alias in node.names] == ["torch"]
        elif isinstance(node, ast.ImportFrom):
            assert node.module in ("torch", "torch.nn")
    assert isinstance(tree.body[-1], ast.ClassDef)
    assert tree.body[-1].name == source_of(name).class_name


@pytest.mark.parametrize("name", CASES)
def test_names_cover_the_weights(name: str, tmp_path: Path) -> None:
    source = source_of(name)
    made = network(source, tmp_path)
    assert set(source.names.values()) == set(made.state_dict())
    assert len(set(source.names.values())) == len(source.names)
    space = CASES[name]()
    out = made.eval()(*batch(space, 2, "cpu"))
    assert out.shape == (2, *space.costs.definition.body.type.shape)


def test_network_returns_its_auxiliary_output_in_training_only(tmp_path: Path) -> None:
    made = network(source_of("darts_v2"), tmp_path)
    x = torch.randn(2, 3, 32, 32)
    logits, aux = made.train()(x)
    assert logits.shape == aux.shape == (2, 10)
    assert isinstance(made.eval()(x), torch.Tensor)
    params = {name: p.numel() for name, p in made.named_parameters()}
    assert sum(count for name, count in params.items() if "aux" in name) == 476426
    assert sum(count for name, count in params.items() if "aux" not in name) == 3349342


def test_no_trace_of_what_lost() -> None:
    text = source_of("darts_v2").text
    for lost in ("sep_conv_5x5", "avg_pool_3x3", "zero", "primitives", "stride: int"):
        assert lost not in text.partition("import torch")[2]


def test_runs_isolated_from_hypercuboid(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(source_of("handmade").text, encoding="utf-8")
    hook = (
        "import sys, runpy\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        assert not name.startswith('hypercuboid'), name\n"
        "sys.meta_path.insert(0, Refuse())\n"
        f"names = runpy.run_path({str(tmp_path / 'model.py')!r})\n"
        "import torch\n"
        "print(tuple(names['Handmade']()(torch.zeros(2, 3, 32, 32)).shape))\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", hook], capture_output=True, text=True, check=False)
    assert done.stdout == "(2, 10)\n", done.stderr


def test_same_bytes_under_two_hash_seeds() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from test_source import source_of\n"
        "import hashlib\n"
        "print(*(hashlib.sha256(source_of(n).text.encode()).hexdigest() for n in ('darts_v2', 'tour')))\n"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": str(HERE.parent)},
            cwd=HERE.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    assert len(seen.pop().split()) == 2


def test_open_decisions_are_refused() -> None:
    space = load(SPACES / "multichannelnet.hc", "MultiChannelNet")
    with pytest.raises(HypercuboidError) as caught:
        generated(space)
    diagnostic = caught.value.diagnostics[0]
    assert diagnostic.code == "HC8001"
    assert diagnostic.message == "`MultiChannelNet` has open decisions, and source is made of decided networks only"
    assert diagnostic.notes == ("open: `h`",)


def test_unknown_input_is_refused() -> None:
    space = load(SPACES / "sharpsepconv.hc", "SharpSepConv", c=8)
    with pytest.raises(HypercuboidError) as caught:
        generated(space)
    assert caught.value.diagnostics[0].message == "the shape of input `x` is not known, and source needs it"


def test_long_names_and_long_sums_are_laid_out(tmp_path: Path) -> None:
    long = "a_very_long_name_of_a_node_that_goes_on_and_on_and_on_until_no_line_can_hold_it"
    text = (
        "hypercuboid 1\nuse std.ops { conv, gap, linear, relu }\n"
        f"space Long() on x: image(3, 8, 8) {{\n  node {long}[i in 0..12] = x -> conv(4, 3) -> relu\n"
        f"  node m = mean({long}[0..12])\n  node {long}_2 = m -> conv(4)\n"
        f"  out sum({long}[0..12]) + {long}_2 -> gap -> linear(10)\n}}\n"
    ).replace(f"sum({long}[0..12]) + {long}_2 ->", f"(sum({long}[0..12]) + {long}_2) ->")
    source = generated(load_from_text(text, "Long"))
    assert ruff("format", "--diff", text=source.text) == ""
    assert ruff("check", text=source.text) == ""
    assert network(source, tmp_path)(torch.zeros(2, 3, 8, 8)).shape == (2, 10)


PAYLOADS = [
    'x"""\nimport os\nos.system("touch canary")\n"""',
    "x\nraise SystemExit(9)",
    "');import os;os.system('touch canary')#",
    "{{ 7 * 7 }}{% raise %}",
    "x\u2028import os",
    "\u202ex\x1b[2J",
    "a\\",
    'a"',
    "__import__('os')",
    "class",
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_name_reaches_the_code(payload: str, tmp_path: Path) -> None:
    """Names, labels, docs, texts of arguments and provenance of every kind hold the payload at once."""
    elaborated = handmade().costs
    body = elaborated.definition.body
    nodes: list[Node] = []
    for node in body.nodes:
        if isinstance(node, OpNode):
            arguments = {k: OpArgument(a.value, payload) for k, a in node.arguments.items()}
            nodes.append(replace(node, name=f"{payload}.{node.name}{payload}", arguments=arguments))
        elif isinstance(node, UseNode):
            inner = replace(node.definition, name=payload, doc=payload)
            nodes.append(replace(node, name=f"{node.name}[{payload}]", definition=inner))
        else:
            assert isinstance(node, InputNode)
            nodes.append(replace(node, name=payload))
    definition = replace(elaborated.definition, name=payload, doc=payload, body=replace(body, nodes=tuple(nodes)))
    evil = replace(elaborated, name=payload, space=payload, definition=definition)
    about = replace(
        PROVENANCE, space=payload, architecture=payload, parameters={payload: payload}, hash=payload, command=payload
    )
    source = generate_source(evil, about)
    tree = ast.parse(source.text)
    assert all(isinstance(part, ast.Import | ast.ImportFrom | ast.ClassDef) for part in tree.body)
    for part in ast.walk(tree):
        assert not isinstance(part, ast.Global | ast.Raise | ast.Lambda)
        if isinstance(part, ast.Import | ast.ImportFrom):
            assert [alias.name for alias in part.names] in (["torch"], ["nn"], ["functional"])
    assert source.text.isascii() or all(line.isprintable() for line in source.text.splitlines())
    made = network(source, tmp_path)
    assert isinstance(made, nn.Module)
    assert not list(tmp_path.glob("canary"))
    assert made.eval()(torch.zeros(1, 3, 32, 32)).shape == (1, 10)


# ---------------------------------------------------------------- pieces of text


def test_no_layer_is_called_like_an_attribute_of_a_module() -> None:
    public = {name for name in dir(nn.Module) if not name.startswith("_")} | {"training"}
    assert public <= MODULE_NAMES


def test_identifiers() -> None:
    assert identifier("h[0,1]") == "h_0_1"
    assert [identifier(word) for word in ("class", "train", "self", "match", "F")] == [
        "class_",
        "train_",
        "self_",
        "match_",
        "F_",
    ]
    assert identifier("a", {"a", "a_2"}) == "a_3"
    assert identifier("3x3") == "n3x3"
    assert [snake(name) for name in ("SharpSepConv", "ReLUConvBN", "MBConv")] == [
        "sharp_sep_conv",
        "relu_conv_bn",
        "mb_conv",
    ]
    assert [pascal(name) for name in ("sep_conv_3x3", "ReLUConvBN", "3d")] == ["SepConv3x3", "ReLUConvBN", "N3d"]


def test_escapes() -> None:
    assert comment("a\nb\u202e") == "a\\nb\\u202e"
    assert prose('a"""\\') == "a'''\\\\"


def test_expressions() -> None:
    assert substituted("4 * c", {"c": "c_in + 1"}) == "4 * (c_in + 1)"
    assert substituted("x.c // 2", {"x.c": "c_in"}) == "c_in // 2"
    assert substituted("f(c)", {"c": "1", "f": "g"}) is None
    assert substituted("c + d", {"c": "1"}) is None


def test_layout_is_that_of_ruff() -> None:
    call = "nn.Conv2d(c_in_of_the_first, c_out_of_the_last, 3, padding=dilation * (k // 2), bias=False)"
    total = " + ".join(f"self.layer_number_{i}(x)" for i in range(5))
    nested = f"torch.cat((self.first({total}), self.second(x)), dim=1)"
    lines = ["def f(self):", *laid_out(call, 4, "self.conv = "), *laid_out(total, 4, "x = ")]
    lines += [*laid_out(nested, 4, "x = "), *laid_out(f"({total}) / 5", 4, "return ")]
    assert ruff("format", "--diff", text="\n".join(lines) + "\n") == ""
