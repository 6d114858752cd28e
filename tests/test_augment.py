"""Augmentation against its definitions, and that batches, workers and stops cannot change it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch
from data_files import labels, pixels, write_images
from torch.nn import functional as F

from hypercuboid.data.augment.base import AUGMENTATIONS, Augmentation, read_augmentation
from hypercuboid.data.augment.crop import Crop
from hypercuboid.data.augment.cutout import Cutout
from hypercuboid.data.augment.flip import Flip
from hypercuboid.data.augment.seeded import drawing_from
from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.data.batches import Loader, batches, epoch_order
from hypercuboid.data.scale import Scale
from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.ops.base import TensorType

CPU = torch.device("cpu")

needs_vision = pytest.mark.skipif(
    importlib.util.find_spec("torchvision") is None, reason="torchvision is not installed"
)


def images(count: int = 23, size: int = 32, channels: int = 3) -> DataSet:
    """A data set of noise in uint8."""
    scale = Scale((0.4,) * channels, (0.25,) * channels)
    split = Split(pixels(count, channels, size, size), labels(count, 10), scale)
    splits = dict.fromkeys(("search-train", "search-validation", "train", "test"), split)
    names = tuple(map(str, range(10)))
    return DataSet("noise", TensorType("image", (channels, size, size)), names, scale.mean, scale.std, splits)


def mistake(text: str, data: DataSet) -> Diagnostic:
    with pytest.raises(HypercuboidError) as raised:
        read_augmentation(text, data)
    (found,) = raised.value.diagnostics
    return found


def test_crop_moves_whole_images_and_fills_with_zeros() -> None:
    x = torch.from_numpy(pixels(25, 2, 5, 7))
    grid = np.stack(np.meshgrid(np.arange(5), np.arange(5), indexing="ij"), -1).reshape(25, 2)
    moved = Crop(2).kept(x, (grid + 0.5) / 5)
    for image, (top, left) in enumerate(grid.tolist()):
        assert torch.equal(moved[image], F.pad(x[image], [2] * 4)[:, top : top + 5, left : left + 7])
    assert torch.equal(moved[12], x[12]), "the middle of the grid moves nothing"
    ends = Crop(2).kept(x[:2], np.array([[0.0, 0.0], [np.nextafter(1, 0)] * 2]))
    assert torch.equal(ends[0][:, 2:, 2:], x[0][:, :-2, :-2]) and torch.equal(ends[1][:, :-2, :-2], x[1][:, 2:, 2:])


def test_flip_exchanges_left_and_right_below_one_half() -> None:
    x = torch.from_numpy(pixels(3, 2, 4, 5))
    turned = Flip().kept(x, np.array([[0.0], [0.4999], [0.5]]))
    assert torch.equal(turned[:2], x[:2].flip(-1)) and torch.equal(turned[2], x[2])


@pytest.mark.parametrize("side", [1, 4, 5, 16])
def test_cutout_is_the_square_around_every_centre_clipped_at_borders(side: int) -> None:
    height, width = 12, 9
    centres = np.stack(np.meshgrid(np.arange(height), np.arange(width), indexing="ij"), -1).reshape(-1, 2)
    x = torch.from_numpy(np.random.default_rng(0).normal(size=(len(centres), 2, height, width))).float() + 9
    got = Cutout(side).scaled(x, (centres + 0.5) / (height, width))
    for image, (row, column) in enumerate(centres.tolist()):
        wanted = x[image].clone()
        top, left = row - side // 2, column - side // 2
        wanted[:, max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)] = 0
        assert torch.equal(got[image], wanted)


def test_cutout_of_the_paper_covers_a_quarter_in_the_middle_and_less_at_a_corner() -> None:
    x = torch.ones(2, 3, 32, 32)
    got = Cutout(16).scaled(x, np.array([[0.5, 0.5], [0.0, 0.0]]))
    assert [int((one[0] == 0).sum()) for one in got] == [16 * 16, 8 * 8]


def test_cutout_comes_after_normalisation_and_crop_before() -> None:
    data = images(4)
    both = read_augmentation("cutout=16,crop=4", data)
    draws = np.array([[0.5, 0.5, 0.0, 0.0]] * 4)
    got = both.read(data.splits["train"], range(4), draws)
    assert (got[:, :, 8:24, 8:24] == 0).all()
    assert torch.allclose(got[:, :, :4, :4], torch.tensor(-0.4 / 0.25)), "black, normalised"


def loaded(data: DataSet, augment: str, batch: int, workers: int = 0, first: int = 0, epochs: int = 2) -> torch.Tensor:
    """All epochs of a loader, one after the other."""
    loader = Loader(data.splits["train"], batch, CPU, 5, workers, read_augmentation(augment, data))
    return torch.cat([x for epoch in range(1, epochs + 1) for x, _ in loader.epoch(epoch, first)])


def test_an_image_is_the_same_in_any_batch_and_from_any_worker() -> None:
    data = images()
    plain = loaded(data, "crop,flip,cutout=8", batch=23)
    assert torch.equal(plain, loaded(data, "crop,flip,cutout=8", batch=4))
    assert torch.equal(plain, loaded(data, "crop,flip,cutout=8", batch=5, workers=2))
    assert torch.equal(plain[8:23], loaded(data, "crop,flip,cutout=8", batch=4, first=2, epochs=1))
    assert not torch.equal(plain[:23], loaded(data, "", batch=23)[:23])


def test_a_loader_gives_the_batches_of_an_epoch_that_are_asked_for() -> None:
    data = images()
    loader = Loader(data.splits["train"], 4, CPU, 3)
    whole, part = list(loader.epoch(2)), list(loader.epoch(2, 1, 5))
    assert [len(y) for _, y in whole] == [4, 4, 4, 4, 4, 3] and len(part) == 4
    assert all(torch.equal(x, other) for (x, _), (other, _) in zip(part, whole[1:5], strict=True))
    order = epoch_order(23, 3, 2)
    assert torch.cat([y for _, y in whole]).tolist() == data.splits["train"].y[order].tolist()
    plain = torch.cat([x for x, _ in batches(data.splits["train"], 7, order, CPU)])
    assert torch.equal(torch.cat([x for x, _ in whole]), plain)


def test_workers_live_as_long_as_the_loader() -> None:
    loader = Loader(images().splits["train"], 4, CPU, 3, workers=1)
    pids = []
    for epoch in (1, 2):
        list(loader.epoch(epoch))
        pids.append([worker.pid for worker in loader._reader._iterator._workers])  # type: ignore[attr-defined]
    assert pids[0] == pids[1] and len(pids[0]) == 1


def test_epochs_seeds_and_steps_draw_apart() -> None:
    data = images()
    one, two = read_augmentation("crop,flip", data), read_augmentation("flip,crop", data)
    assert np.array_equal(one.draws(9, 1, 1)[:, :2], two.draws(9, 1, 1)[:, 1:])
    drawn = [one.draws(9, *at) for at in ((1, 1), (1, 2), (2, 1))]
    assert not any(np.array_equal(drawn[a], drawn[b]) for a, b in ((0, 1), (0, 2), (1, 2)))
    assert Augmentation().draws(9, 1, 1).shape == (9, 0)


def test_torchs_generator_does_not_move() -> None:
    torch.manual_seed(3)
    before = torch.get_rng_state()
    with drawing_from(0.25):
        drawn = torch.rand(3)
    loaded(images(), "crop,flip", 4, workers=1)
    assert torch.equal(torch.get_rng_state(), before)
    with drawing_from(0.25):
        assert torch.equal(torch.rand(3), drawn)


@needs_vision
@pytest.mark.parametrize(("policy", "channels"), [("cifar10", 3), ("imagenet", 1), ("svhn", 3)])
def test_autoaugment_has_a_policy_for_each_image(policy: str, channels: int) -> None:
    from torchvision.transforms import AutoAugmentPolicy
    from torchvision.transforms.v2 import AutoAugment

    data = images(6, channels=channels)
    got = read_augmentation(f"autoaugment={policy}", data)
    u = np.random.default_rng(0).random((6, 1))
    x = got.read(data.splits["train"], range(6), u)
    transform = AutoAugment(AutoAugmentPolicy(policy), fill=128)
    for image in range(6):
        torch.manual_seed(int(u[image, 0] * 2**53))
        wanted = transform(torch.from_numpy(data.splits["train"].x[image]))
        assert torch.equal(x[image], Scale(data.mean, data.std)(wanted[None])[0])
    alone = got.read(data.splits["train"], [2], u[2:3])
    assert torch.equal(alone[0], x[2])


@needs_vision
def test_resized_crop_is_that_of_torchvision_on_the_image_of_the_file(tmp_path: Path) -> None:
    from torchvision.transforms.v2 import RandomResizedCrop

    write_images(tmp_path / "train", 4)
    write_images(tmp_path / "val", 2)
    data = load_data(f"folder@16:{tmp_path}")
    split = data.splits["test"]
    u = np.random.default_rng(0).random((2, 1))
    got = read_augmentation("resized-crop=0.3", data).read(split, [0, 3], u)
    for place, (position, kind, number) in enumerate([(0, 0, 0), (3, 1, 1)]):
        assert split.y[position] == kind
        whole = torch.from_numpy(pixels(1, 20 + number, 16, 3, seed=10 * kind + number)[0].transpose(2, 0, 1).copy())
        torch.manual_seed(int(u[place, 0] * 2**53))
        wanted = RandomResizedCrop((16, 16), scale=(0.3, 1.0), antialias=True)(whole)
        assert torch.equal(got[place], Scale(data.mean, data.std)(wanted[None])[0])
    small = images(3)
    in_memory = read_augmentation("resized-crop,flip", small).read(small.splits["train"], range(3), np.zeros((3, 2)))
    assert in_memory.shape == (3, 3, 32, 32)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("crop,flop", "HC7305", "did you mean `flip`?"),
        ("flip,flip", "HC7305", "leave one of them out"),
        ("crop=0", "HC7305", "write a whole number of pixels from 1 to 32 behind `=`"),
        ("crop=33", "HC7305", "from 1 to 32"),
        ("cutout=-1", "HC7305", "from 1 to 32"),
        ("cutout=\u00b2", "HC7305", "from 1 to 32"),
        ("flip=1", "HC7305", "write `flip` alone"),
        ("resized-crop=2", "HC7305", "the least share of the area"),
        ("autoaugment=mnist", "HC7305", "the policies are cifar10, imagenet, svhn"),
    ],
)
def test_mistakes_in_augmentations(text: str, code: str, told: str) -> None:
    found = mistake(text, images(2))
    assert found.code == code and told in found.help


def test_augmentations_that_do_not_fit_the_data() -> None:
    assert mistake("autoaugment", load_data("digits")).code == "HC7306"
    assert mistake("autoaugment", images(2, channels=2)).code == "HC7306"
    assert mistake("crop", load_data("characters@35/20+20")).code == "HC7306"
    assert sorted(AUGMENTATIONS) == ["autoaugment", "crop", "cutout", "flip", "resized-crop"]


def test_defaults_are_those_of_the_paper() -> None:
    steps = read_augmentation("crop,cutout", images(2)).steps
    assert steps == (Crop(4), Cutout(16))
    assert read_augmentation("cutout", images(2, size=224)).steps == (Cutout(112),)
