"""Trained networks in the formats of other programs, each held against the network before it is written."""

from hypercuboid.training.export import onnx_file, torch_export
from hypercuboid.training.export.base import EXPORTS, Exported, Format, export

__all__ = ["EXPORTS", "Exported", "Format", "export", "onnx_file", "torch_export"]
