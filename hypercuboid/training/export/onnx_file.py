"""`onnx`: input `input`, output `scores`, the card among the metadata; through the extra `hypercuboid[onnx]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from hypercuboid.data.card import CARD
from hypercuboid.training.export.base import EXPORTS, Format, Runner

INPUT, OUTPUT = "input", "scores"


def _write(network: nn.Module, x: Tensor, card: str, path: Path) -> None:
    import onnx  # noqa: F401 - torch tells of a missing one late, and as a defect
    import onnxscript  # noqa: F401

    shapes = ({0: torch.export.Dim("batch")},)
    names: dict[str, Any] = {"input_names": [INPUT], "output_names": [OUTPUT]}
    program = torch.onnx.export(network, (x,), dynamo=True, dynamic_shapes=shapes, verbose=False, **names)
    assert program is not None
    program.model.metadata_props[CARD] = card
    program.save(path, external_data=False)


def _open(path: Path) -> tuple[Runner, str]:
    """By onnxruntime where it is installed, else by the interpreter that comes with onnx."""
    try:
        import onnxruntime
    except ModuleNotFoundError:
        return _interpreter(path)
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    return _runner(session), f"onnxruntime {onnxruntime.__version__}"


def _interpreter(path: Path) -> tuple[Runner, str]:
    import onnx
    from onnx.reference import ReferenceEvaluator

    return _runner(ReferenceEvaluator(path.read_bytes())), f"the interpreter of onnx {onnx.__version__}"


def _runner(session: Any) -> Runner:
    return lambda x: torch.from_numpy(session.run([OUTPUT], {INPUT: x.numpy()})[0])


EXPORTS.add("onnx", Format(_write, _open))
