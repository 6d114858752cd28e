"""`model.json`: what a network reads and what its numbers mean, for whoever uses it without the data set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hypercuboid.data.base import Target, output_shape
from hypercuboid.data.fit import FITS
from hypercuboid.diagnostics import error
from hypercuboid.ops.base import TensorType
from hypercuboid.runs.files import read_regular, reason

if TYPE_CHECKING:
    from hypercuboid.data.base import DataSet

CARD = "model.json"
_LARGEST = 64 * 2**20


class Card(BaseModel):
    """One schema for all networks; it says no more than what the data set knew."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    version: Literal[1] = 1
    """Of this schema."""
    data: str
    """The data set that it was made for, as `--data` calls it."""
    kind: Literal["image", "vector", "tokens"]
    """What one input is: an image (channels, height, width), a vector (numbers,), or tokens (places,)."""
    shape: tuple[Annotated[int, Field(ge=1)], ...]
    """Of one input, without the batch axis."""
    vocab: int = Field(default=0, ge=0)
    """How many different tokens there are."""
    mean: tuple[float, ...] = ()
    """Per channel; a network reads `(x - mean) / std`."""
    std: tuple[Annotated[float, Field(gt=0)], ...] = ()
    """Per channel."""
    white: float | None = Field(default=None, gt=0)
    """The x of the brightest pixel, where black is 0; null where the data do not say."""
    fit: str = "whole"
    """How an image of another size is made to fit."""
    target: Target = "class"
    """What the network says of an input: a class, a class of each pixel, or numbers."""
    class_names: tuple[str, ...]
    """In the order of the scores; of tokens the vocabulary, of numbers what they are called."""

    @model_validator(mode="after")
    def _agree(self) -> Card:
        if len(self.shape) != (3 if self.kind == "image" else 1):
            raise ValueError(f"`shape` {self.shape} is not that of {self.kind}")
        statistics = 0 if self.kind == "tokens" else self.shape[0]
        if len(self.mean) != statistics or len(self.std) != statistics:
            raise ValueError(f"`mean` and `std` must have {statistics} numbers")
        if (self.kind == "tokens") != (self.vocab > 0):
            raise ValueError("`vocab` is for tokens, and they need one")
        if self.fit not in FITS:
            raise ValueError(f"unknown `fit` {self.fit}; {FITS.suggest(self.fit)}")
        return self

    @property
    def name(self) -> str:
        return self.data

    @property
    def input_type(self) -> TensorType:
        return TensorType(self.kind, self.shape, self.vocab)

    @property
    def classes(self) -> int:
        return len(self.class_names)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """What the network gives for one input."""
        return output_shape(self.input_type, self.classes, self.target)


def card_of(data: DataSet) -> Card:
    """The card of a network for a data set."""
    kind = data.input_type
    return Card.model_validate(
        {
            "data": data.name,
            "kind": kind.kind,
            "shape": kind.shape,
            "vocab": kind.vocab,
            "mean": data.mean,
            "std": data.std,
            "white": data.white_pixel,
            "fit": data.fit,
            "target": data.target,
            "class_names": data.class_names,
        }
    )


def read_card(path: Path) -> Card:
    """What `model.json` of a run says; HC7701 where it is missing, damaged or contradicts itself."""
    way = "give a run folder that `hypercuboid train` wrote"
    try:
        return Card.model_validate_json(read_regular(path, _LARGEST))
    except OSError as problem:
        raise error("HC7701", f"cannot read `{path}`", notes=(reason(problem),), help=way) from None
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(map(str, first["loc"]))
        told = f"{place}: {first['msg']}" if place else str(first["msg"])
        raise error("HC7701", f"`{path}` does not describe a network", notes=(told,), help=way) from None
