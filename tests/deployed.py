"""A small network and its training, for tests of what is done with trained networks."""

from __future__ import annotations

from pathlib import Path

import torch

from hypercuboid.data.base import DataSet
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.run import TrainingRequest, train_file

CPU = torch.device("cpu")

MODEL = """from torch import nn


class Network(nn.Sequential):
    def __init__(self):
        layers = nn.Conv2d({channels}, 8, 3), nn.BatchNorm2d(8), nn.AdaptiveAvgPool2d(2), nn.Flatten()
        super().__init__(*layers, nn.Linear(32, {classes}))
"""


def model_file(folder: Path, data: DataSet) -> Path:
    path = folder / "model.py"
    path.write_text(MODEL.format(channels=data.input_type.shape[0], classes=data.classes), encoding="utf-8")
    return path


def trained(folder: Path, data: DataSet) -> Path:
    """A run folder of a training of one epoch."""
    train_file(
        TrainingRequest(model_file(folder, data), data, folder / "run", Recipe(epochs=1, batch=32), 0, CPU), print_not
    )
    return folder / "run"


def print_not(step: object) -> None:
    """Watches a training without a word."""
