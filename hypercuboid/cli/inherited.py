"""What `--inherit` gives, for the commands that have it, with what is to be said of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.cli.common import open_target, remark, warn

if TYPE_CHECKING:
    import torch

    from hypercuboid.pipeline import Architecture


def inherited_weights(architecture: Architecture, run: Path, quiet: bool) -> dict[str, torch.Tensor]:
    """What an architecture inherits from the supernet of a run; says what stays fresh, warns of what is left out."""
    from hypercuboid.inheriting import inherit
    from hypercuboid.runs.reading import read_run

    seed = read_run(run).config.get("seed", 0)
    found = inherit(architecture, open_target(str(run), (), ()), run, seed)
    if found.fresh and not quiet:
        kinds = ", ".join(sorted({name.rsplit(".", 1)[-1] for name in found.fresh}))
        remark(f"{len(found.fresh)} of {len(found.tensors)} tensors are not in the supernet and stay fresh: {kinds}")
    if found.dropped:
        layers = list(dict.fromkeys(name.rpartition(".")[0] for name in found.dropped))
        left_out = f"{len(layers)} layers that the space has only while it is searched are not in the file"
        warn(f"{left_out}, such as `{layers[0]}`: it computes something else than the supernet did")
    return found.tensors
