"""Every generated file: of each shipped space and architecture and of a thousand random ones.

It compiles, holds allowed nodes only, is clean by ruff and its formatter, and is imported where hypercuboid is
forbidden. An architecture's text gives the same source again, byte by byte. After ten steps of training the file's
network equals the specialised graph with the kept weights, bit for bit in float64, and has as many parameters as
predicted.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from generated import assert_same_bits
from hostile.allowed import forbidden
from hostile.files import imported, wrong_in
from shipped import ARCHITECTURES, SPACES, Shipped
from supernets import inputs, trained

from hypercuboid.network.model import Model
from hypercuboid.pipeline import Architecture, Space
from hypercuboid.training.model_file import load_network

OPEN = [one for one in SPACES if one.path.name != "rnn.hc"]
RANDOM = 1_000
QUICK = 1
"""Architectures of each space in the quick part."""


@cache
def space_of(shipped: Shipped) -> Space:
    return shipped.load()


def samples(shipped: Shipped, count: int, seed: int) -> list[Architecture]:
    space = space_of(shipped)
    assert space.is_open
    return space.sample(count, seed)


def write(architectures: list[Architecture], folder: Path, stem: str = "m") -> int:
    """Writes the sources, and returns how many."""
    folder.mkdir(exist_ok=True)
    for number, one in enumerate(architectures):
        (folder / f"{stem}{number}.py").write_text(one.source(seed=number), encoding="utf-8")
    return len(architectures)


def check_round_trip(space: Space, one: Architecture) -> None:
    """architecture -> text -> architecture -> source."""
    again = space.architecture(one.text)
    assert again.text == one.text
    assert again.source(seed=0) == one.source(seed=0), one.text


# ---------------------------------------------------------------- files


def test_generated_files_are_clean(tmp_path: Path) -> None:
    for number, shipped in enumerate(SPACES):
        write(samples(shipped, QUICK, seed=1), tmp_path / "files", f"s{number}_")
    assert wrong_in(tmp_path / "files") == []


@pytest.mark.long
@pytest.mark.timeout(600)
def test_many_generated_files_are_clean(tmp_path: Path) -> None:
    """All shipped architectures, and a thousand random ones over the spaces."""
    each, count = -(-RANDOM // len(SPACES)), 0
    for number, shipped in enumerate(SPACES):
        count += write(samples(shipped, each, seed=2), tmp_path / "files", f"s{number}_")
    assert count >= RANDOM
    made = [space_of(shipped) for shipped in ARCHITECTURES]
    write([one for one in made if isinstance(one, Architecture)], tmp_path / "files", "a")
    assert wrong_in(tmp_path / "files") == []


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "import torch.utils",
        "open('canary', 'w')",
        "A = nn.Linear(1, 1)",
        "class B(nn.Linear, metaclass=type): pass",
        "@print\nclass B(nn.Linear):\n    def forward(self): return self",
        "class B(nn.Module):\n    def forward(self, x=print(1)): return x",
        "class B(nn.Module):\n    def forward(self, x): return x.__class__",
        "class B(nn.Module):\n    def forward(self, x): return open('a')",
        "class B(nn.Module):\n    def forward(self, x): return torch.load(x)",
        "class B(nn.Module):\n    def forward(self, x): return 'text'",
        "class B(nn.Module):\n    def forward(self, x): return lambda: x",
        "class B(nn.Module):\n    def forward(self, x): return f'{x}'",
        "class B(nn.Module):\n    x = 1",
        "class B(nn.Module):\n    def __del__(self): return 1",
    ],
)
def test_what_no_generated_file_may_hold_is_seen(line: str) -> None:
    """The check of trees can fail."""
    fine = "import torch\nfrom torch import nn\n\n\nclass A(nn.Module):\n    pass\n"
    assert forbidden(f"import torch\nfrom torch import nn\n{line}\n")
    assert forbidden(fine.replace("    pass", '    """A."""\n\n    def forward(self, x):\n        return x')) == []


def test_what_a_file_does_when_it_is_imported_is_seen(tmp_path: Path) -> None:
    """The check of imports can fail: a file that writes, one that imports, one that needs hypercuboid."""
    head, tail = "from torch import nn\n", "\n\nclass A(nn.Module):\n    pass\n"
    for number, line in enumerate(("open('canary', 'w').close()", "import hypercuboid", "import antigravity", "")):
        (tmp_path / f"a{number}.py").write_text(f"{head}{line}{tail}", encoding="utf-8")
    found = imported(tmp_path)
    assert [what.partition(":")[0] for what in found] == ["a0.py", "a1.py", "a2.py"]


# ---------------------------------------------------------------- text and back


@pytest.mark.parametrize("shipped", SPACES, ids=str)
def test_text_gives_the_same_source(shipped: Shipped) -> None:
    for one in samples(shipped, QUICK, seed=3):
        check_round_trip(space_of(shipped), one)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("shipped", SPACES, ids=str)
def test_text_gives_the_same_source_many_times(shipped: Shipped) -> None:
    found = samples(shipped, -(-RANDOM // len(SPACES)), seed=4)
    assert len(found) * len(SPACES) >= RANDOM
    for one in found:
        check_round_trip(space_of(shipped), one)


# ---------------------------------------------------------------- the proof

PROVEN = (
    "attention.hc:VisionTransformer",
    "darts.hc:DARTS -p c",
    "fabric.hc:Fabric",
    "multichannelnet.hc:MultiChannelNet",
    "nas_bench_macro.hc:NASBenchMacro",
    "resolution.hc:ResolutionNet",
    "rnn_language_model.hc:RnnLanguageModel",
    "sharpsepconv_net.hc:SharpSepConvNet",
)
"""Eight spaces: choices in a row, cells, cuboids, attention, recurrence, value choices, a trellis of resolutions."""


def proven(start: str) -> Shipped:
    (found,) = [one for one in SPACES if str(one).startswith(start)]
    return found


def check_proof(shipped: Shipped, count: int, seed: int, folder: Path) -> None:
    space = space_of(shipped)
    supernet = trained(space)
    state, xs = supernet.state_dict(), inputs(space, count=2, shift=0.5)
    for number, one in enumerate(samples(shipped, count, seed)):
        generated = one.generate(seed=1)
        path = folder / f"model{number}.py"
        path.write_text(generated.text, encoding="utf-8")
        network, model = load_network(path).double(), Model(one.elaborated).double()
        model.inherit(state)
        network.load_state_dict({generated.names[key]: value for key, value in model.state_dict().items()})
        counted = sum(value.numel() for name, value in network.named_parameters() if "aux" not in name)
        assert counted == one.counts().params, one.text
        assert_same_bits(network, model, xs, generated.names)


@pytest.mark.parametrize("start", [PROVEN[0], PROVEN[2], PROVEN[3], PROVEN[4]])
def test_a_file_equals_the_graph_after_training(start: str, tmp_path: Path) -> None:
    check_proof(proven(start), QUICK, 5, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("start", PROVEN)
def test_many_files_equal_the_graph_after_training(start: str, tmp_path: Path) -> None:
    check_proof(proven(start), RANDOM // len(PROVEN), 6, tmp_path)
