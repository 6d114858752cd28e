"""Where else metrics go, while a run goes on: one file per program that shows them."""

from hypercuboid.runs.loggers import tensorboard, wandb
from hypercuboid.runs.loggers.base import LOGGERS, Logger

__all__ = ["LOGGERS", "Logger", "tensorboard", "wandb"]
