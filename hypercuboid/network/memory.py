"""How much memory torch holds at most while something runs, without running it: on tensors of the device `meta`.

A tensor there has a shape and no numbers, and lives as long as on any other device: what backward keeps is kept, and
let go when backward has passed. So counting the bytes of all storages from their birth to their end gives what an
allocator would hold. What a kernel takes for itself while it runs is seen where `workspaces` knows it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from hypercuboid.network.outlines import Outlines
from hypercuboid.network.workspaces import Workspace, none


class Held(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts bytes of storages while it is entered: `now`; `peak`, the most there ever was; `moments`, what was held in
    each op."""

    def __init__(
        self, tensors: Iterable[Tensor] = (), workspace: Workspace = none, outlines: Outlines | None = None
    ) -> None:
        """`tensors` are there from the start; `workspace` says what kernels hold beside tensors."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._outlines = outlines or Outlines()
        self.now = self.peak = 0
        self.moments: list[int] = []
        self._workspace = workspace
        self._known: set[int] = set()
        for tensor in tensors:
            self._add(tensor)

    def __torch_dispatch__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        made = self._outlines.call(func, args, kwargs or {})
        for one in tree_leaves(made):
            if isinstance(one, Tensor):
                self._add(one)
        self.moments.append(self.now + self._workspace(func, args))
        self.peak = max(self.peak, self.moments[-1])
        return made

    def _add(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self._known:
            return
        size = storage.nbytes()
        self._known.add(key)
        self.now += size
        self.peak = max(self.peak, self.now)
        weakref.finalize(storage, self._gone, key, size).atexit = False

    def _gone(self, key: int, size: int) -> None:
        self._known.discard(key)
        self.now -= size
