"""The tree is the pipeline: which package may import which, and which library, read from the source of every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "hypercuboid"
STAGES = ["frontend", "graph", "network", "search", "targets", "training"]
BASE = ["data", "ops", "ranks", "runs"]
LIBRARIES = {
    "lark": {"frontend"},
    "networkx": {"graph"},
    "jinja2": {"targets"},
    "graphviz": {"targets"},
    "sklearn": {"data", "search"},
    "torchvision": {"data"},
    "PIL": {"data", "runs", "targets"},
    "resvg_py": {"runs", "targets"},
    "tensorboardX": {"runs"},
    "wandb": {"runs"},
    "click": {"cli"},
    "rich": {"cli"},
    "pygments": {"editing"},
    "pygls": {"editing"},
    "lsprotocol": {"editing"},
    "safetensors": {"runs"},
    "optuna": {"search"},
    "onnx": {"training"},
    "onnxruntime": {"training"},
    "onnxscript": {"training"},
    "lightning_fabric": {"ranks"},
    "submitit": {"fleets"},
    "distributed": {"fleets"},
}
LAZY_TORCH = {"", "cli", "data", "editing", "frontend", "graph", "ops", "runs", "targets"}
"""Packages (and the top level) in which torch is imported inside functions only."""

PICKLES = ROOT / "data" / "cifar_pickle.py"
"""The one reader of pickles: those of CIFAR, restricted to arrays, lists and strings."""

TOP = ("pipeline", "requested", "space", "architecture")
"""Modules above all stages: what users hold."""

MODULES = sorted(ROOT.rglob("*.py"))


def package_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 else ""


def imported(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def for_types_only(tree: ast.AST) -> set[ast.AST]:
    """Every node under `if TYPE_CHECKING:`."""
    guards = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    return {inside for guard in guards for statement in guard.body for inside in ast.walk(statement)}


def inside_functions(tree: ast.AST) -> set[ast.AST]:
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {inside for function in functions for inside in ast.walk(function)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_keeps_the_order_of_imports(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package, types = package_of(path), for_types_only(tree)
    for name, node in imported(tree):
        if node in types or not name.startswith("hypercuboid."):
            continue
        target = name.split(".")[1]
        where = f"{path.name}:{node.lineno} imports {name}"
        assert target != "cli" or package == "cli" or path.name == "__main__.py", where
        if package in STAGES and target in STAGES:
            assert STAGES.index(target) <= STAGES.index(package), where
        if package in BASE:
            assert target not in (*STAGES, *TOP), where
        if package in STAGES:
            assert target not in TOP, where


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_imports_only_its_libraries(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package, types, functions = package_of(path), for_types_only(tree), inside_functions(tree)
    for name, node in imported(tree):
        library = name.split(".")[0]
        where = f"{path.name}:{node.lineno} imports {name}"
        if library in LIBRARIES and node not in types:
            assert package in LIBRARIES[library], where
        if library == "torch" and node not in types and package in LAZY_TORCH and path.parent.name != "layers":
            assert node in functions, f"{where} at import time"
        assert library not in ("pickle", "marshal", "shelve") or path == PICKLES, where


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_starts_with_what_it_does(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_commands_without_torch_do_not_import_it(tmp_path: Path) -> None:
    """One process runs what needs no torch: import, help, and the commands below."""
    program = """
import sys
import hypercuboid
from hypercuboid.cli.main import COMMANDS, application, main

def run(*arguments):
    try:
        main(arguments)
    except SystemExit as ended:
        assert ended.code in (0, None), (arguments, ended.code)

run("--help")
small = ("-p", "filters=[4, 8]", "-p", "reductions=1", "-p", "layers=2", "-p", "head=16", "--input", "1x8x8")
run("check", "spaces/multichannelnet.hc", "spaces/fabric.hc", "spaces/darts.hc")
assert "numpy" not in sys.modules, "`check` imports numpy"
run("fmt", "--check", "spaces")
run("compile", "spaces/multichannelnet.hc", *small)
run("ops", "SharpSepConv")
run("diff", "spaces/multichannelnet.hc", "spaces/multichannelnet.hc", *small)
run("contains", "spaces/darts.hc:DARTS_V2", "spaces/darts.hc:DARTS_V2")
run("render", "spaces/multichannelnet.hc", *small, "-o", sys.argv[1] + "/space.svg")
space = hypercuboid.load("spaces/multichannelnet.hc", filters=[4, 8], reductions=1, layers=2, head=16, inputs=(1, 8, 8))
from hypercuboid.graph.weights import write_weights
import numpy
weights = {one.name: numpy.full(one.shape, 1 / 8) for one in space.graph.decisions}
write_weights(sys.argv[1] + "/weights.json", space.graph, weights)
run("select", "spaces/multichannelnet.hc", *small, "--weights", sys.argv[1] + "/weights.json")
import json
from pathlib import Path
folder = Path(sys.argv[1])
(folder / "config.json").write_text(json.dumps({"kind": "search", "space": "MultiChannelNet"}))
(folder / "space.hc").write_text(space.resolved())
run("report", str(folder), "-o", str(folder / "report.html"))
assert "Weights by axis" in (folder / "report.html").read_text(), "the weights are in it"
run("convert", "spaces/darts.hc:DARTS_V2", "--to", "genotype")
genotype = hypercuboid.load("spaces/darts.hc", "DARTS_V2").notation("genotype")
run("convert", "spaces/darts.hc", genotype, "--from", "genotype", "-p", "c=4", "-p", "layers=3")
found = sorted(name for name in sys.modules if name.split(".")[0] in ("torch", "sklearn"))
assert not found, found[:5]
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True, timeout=100, check=False)
    assert ran.returncode == 0, ran.stderr
