"""`svhn`: house numbers, the cropped 32 x 32 images, by torchvision's reader of the published .mat files."""

from __future__ import annotations

from hypercuboid.data.absent import absent, reading
from hypercuboid.data.base import DATA_SETS, DataSet
from hypercuboid.data.cifar import checked
from hypercuboid.data.cutting import Arrays, Part, data_set
from hypercuboid.data.request import DataRequest
from hypercuboid.data.vision import vision

_SITE = "http://ufldl.stanford.edu/housenumbers"


def svhn(request: DataRequest) -> DataSet:
    """Training (73,257 images) and test (26,032); what the site calls extra is not used."""
    training, test = (_part(request, split) for split in ("train", "test"))
    names = tuple(str(digit) for digit in range(10))
    return data_set(request, Arrays(training, {"test": test}, names, policy="svhn"))


def _part(request: DataRequest, split: str) -> Part:
    published = vision("datasets").SVHN
    path = request.folder / f"{split}_32x32.mat"
    if not path.is_file():
        raise absent(request, path, f"download {path.name} from {_SITE}")
    # The hash of a run says what was read: a file is not refused for not being the published one.
    files = {name: [url, file, None] for name, (url, file, _) in published.split_list.items()}
    with reading(request, path):
        read = type("Unchecked", (published,), {"split_list": files})(request.folder, split)
        return checked(read.data, read.labels, 10)


DATA_SETS.add("svhn", svhn)
