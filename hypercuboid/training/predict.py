"""What a trained network says of images in files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from hypercuboid.data.card import Card
from hypercuboid.data.fit import FITS
from hypercuboid.data.image_file import decode_image
from hypercuboid.diagnostics import Diagnostic, HypercuboidError, error
from hypercuboid.training.model_file import check_network
from hypercuboid.training.trained import Trained


@dataclass(frozen=True)
class Prediction:
    """The likeliest classes of one image with their probabilities, best first; or why it could not be read."""

    path: Path
    classes: tuple[tuple[str, float], ...] = ()
    problem: Diagnostic | None = None


def predict(
    trained: Trained, card: Card, paths: Sequence[Path], device: torch.device, top: int = 5, batch: int = 64
) -> Iterator[Prediction]:
    """One prediction for each path, in order.

    HC7706 where the network reads no images, HC7023 where it does not fit its card.
    """
    _require_images(card)
    check_network(trained.network, card, device)
    for start in range(0, len(paths), batch):
        yield from _predict(trained, card, paths[start : start + batch], device, top)


def _require_images(card: Card) -> None:
    if card.kind != "image":
        message = f"`predict` reads images, and the network takes {card.input_type} of `{card.data}`"
        way = "`hypercuboid evaluate` scores such a network on data; from Python, call it with a tensor"
        raise error("HC7706", message, help=way)
    if card.target != "class":
        message = f"`predict` names classes of images, and the network of `{card.data}` gives a {card.target} instead"
        way = "`hypercuboid evaluate` scores such a network on data; from Python, call it with a tensor"
        raise error("HC7706", message, help=way)
    if card.white is None:
        message = f"what black and white are in `{card.data}` is not known, so an image file cannot be read as it"
        raise error("HC7706", message, help='say it in `model.json`: "white": 255.0 where pixels went from 0 to 255')


def _predict(
    trained: Trained, card: Card, paths: Sequence[Path], device: torch.device, top: int
) -> Iterator[Prediction]:
    read = [_read(path, card) for path in paths]
    images = [one for one in read if isinstance(one, torch.Tensor)]
    best = iter(_best(trained, card, torch.stack(images).to(device), top) if images else ())
    for path, one in zip(paths, read, strict=True):
        yield Prediction(path, problem=one) if isinstance(one, Diagnostic) else Prediction(path, next(best))


def _best(trained: Trained, card: Card, x_nchw: torch.Tensor, top: int) -> list[tuple[tuple[str, float], ...]]:
    with torch.no_grad():
        probabilities = trained.network(x_nchw).double().softmax(-1)
    found = probabilities.topk(min(top, card.classes))
    pairs = zip(found.indices.tolist(), found.values.tolist(), strict=True)
    return [tuple((card.class_names[at], value) for at, value in zip(*one, strict=True)) for one in pairs]


def _read(path: Path, card: Card) -> torch.Tensor | Diagnostic:
    """The image as the network reads it, float32 (C, H, W)."""
    try:
        return read_as(path, card)
    except HypercuboidError as problem:
        return problem.diagnostics[0]


def read_as(path: Path, card: Card) -> torch.Tensor:
    """An image file as the network of a card reads it, float32 (C, H, W). HC7707 where it is none that can be read."""
    channels, height, width = card.shape
    assert card.white is not None
    try:
        image = FITS[card.fit](decode_image(path, channels), height, width)
    except (OSError, ValueError) as problem:
        told = (problem.strerror or str(problem)).lower() if isinstance(problem, OSError) else str(problem)
        way = "give an image of 8 bits per channel, such as PNG or JPEG"
        raise error("HC7707", f"`{path}` cannot be read as an image", notes=(told[:300],), help=way) from None
    mean, std = (torch.tensor(one)[:, None, None] for one in (card.mean, card.std))
    return image.to(torch.float32).mul_(card.white).div_(255).sub_(mean).div_(std)
