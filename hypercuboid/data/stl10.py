"""`stl10`: 96 x 96 images of ten classes, by torchvision's reader of the published binary files."""

from __future__ import annotations

from hypercuboid.data.absent import absent, reading
from hypercuboid.data.base import DATA_SETS, DataSet
from hypercuboid.data.cifar import checked
from hypercuboid.data.cutting import Arrays, data_set
from hypercuboid.data.request import DataRequest
from hypercuboid.data.vision import vision


def stl10(request: DataRequest) -> DataSet:
    """Training (5,000 images) and test (8,000); the images without a class are not used."""
    published = vision("datasets").STL10
    folder = request.folder / published.base_folder
    files = {f"{split}_list": [[f"{split}_{one}.bin", None] for one in "Xy"] for split in ("train", "test")}
    for name in (one for group in files.values() for one, _ in group):
        if not (folder / str(name)).is_file():
            source = f"download {published.url} and unpack it"
            raise absent(request, folder / str(name), source)
    with reading(request, folder):
        reader = type("Unchecked", (published,), files)
        training, test = (reader(request.folder, split) for split in ("train", "test"))
        parts = [checked(one.data, one.labels, 10) for one in (training, test)]
        names = tuple(getattr(training, "classes", ()) or map(str, range(10)))
    return data_set(request, Arrays(parts[0], {"test": parts[1]}, names))


DATA_SETS.add("stl10", stl10)
