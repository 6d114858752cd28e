"""A search as a command runs it: space and data together, searched, selected, generated and drawn in one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid import __version__
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.frontend.arguments import value_text
from hypercuboid.frontend.style import format_text
from hypercuboid.pipeline import Architecture, Space
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.ranks.folder import enter
from hypercuboid.regimen import with_sources
from hypercuboid.runs.advice import advised
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.follower import Follower, require_loggers
from hypercuboid.runs.listing import read_metrics
from hypercuboid.runs.signals import Stopped, StopRequest
from hypercuboid.searched_space import leave_out, load_for_data, settings_of

if TYPE_CHECKING:
    import torch

    from hypercuboid.data.base import DataSet
    from hypercuboid.frontend.elaborated import Decided
    from hypercuboid.graph.build import Graph
    from hypercuboid.network.supernet import Supernet
    from hypercuboid.search.planned import Planned
    from hypercuboid.search.progress import Step
    from hypercuboid.search.recipe import Recipe
    from hypercuboid.search.strategies import Found, Strategy


@dataclass(frozen=True)
class SearchRequest:
    """What `hypercuboid search` was asked for."""

    space: Space
    data: DataSet
    run: Path
    recipe: Recipe
    device: torch.device
    workers: int = 0
    command: str = ""
    max_ops: int = 100_000
    max_weights: int = 1_000_000
    checkpoint_seconds: float = 60.0
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where the value of each setting is from."""
    ranks: Ranks = ALONE
    logs: tuple[str, ...] = ()
    """The loggers that follow it (see `runs.loggers`)."""
    sync_batch_norm: bool = False
    """Whether batch norm has the statistics of all ranks together."""


def run_search(
    request: SearchRequest,
    watch: Callable[[Step], None],
    warn: Callable[[Diagnostic], None] = lambda one: None,
    tell: Callable[[str], None] = lambda text: None,
) -> Architecture:
    """Searches, and writes all that a run folder holds; what was found. `tell` is told the plan of the supernet.

    The folder is made after the supernet. Where it holds a run of the same search that did not end, that one goes on,
    bit for bit. Asked to stop by a signal, it writes a checkpoint and the results so far, and raises Stopped. HC7044:
    memory did not suffice; HC7045: a loader worker died.
    """
    from hypercuboid.data.augment.base import read_augmentation
    from hypercuboid.data.card import CARD, card_of
    from hypercuboid.data.splits_file import splits_of
    from hypercuboid.search.loop import Search
    from hypercuboid.search.objective import check_objective, objective_of
    from hypercuboid.search.planned import FILE
    from hypercuboid.search.scaling import slow_format

    recipe = request.recipe
    require_loggers(request.logs)
    request = replace(request, space=leave_out(request.space, recipe.without))
    strategy, plan = _strategy(request)
    check_objective(objective_of(recipe), request.data, request.device)
    read_augmentation(recipe.augment, request.data)
    for one in slow_format(recipe.precision, request.device):
        warn(one)
    logs = request.logs if request.ranks.is_writer else ()
    followed = Follower(request.run, logs, warn)
    with advised(recipe.batch), StopRequest() as stop, _enter(request) as run, followed:
        for name, text in request.space.companions().items():
            run.write_text(name, text)
        run.write_text("space.hc", request.space.resolved())
        run.write_json("splits.json", splits_of(request.data))
        run.write_json("recipe.json", with_sources(recipe, request.sources))
        if plan is not None:
            run.write_json(FILE, {"plan": plan.name, "why": plan.why})
            tell(str(plan))
        run.write_json(CARD, card_of(request.data).model_dump(mode="json"))
        every = request.checkpoint_seconds
        parts = (request.space.graph, strategy, request.data, recipe, run, request.device, request.workers)
        search = Search(*parts, followed.after(watch), stop, every, warn, request.ranks)
        try:
            found = search()
        except Stopped:
            _write_found(request, run, search.save())
            raise
        return _write_found(request, run, found)


def _enter(request: SearchRequest) -> RunFolder:
    return enter(request.ranks, request.run, lambda: run_config(request))


def _strategy(request: SearchRequest) -> tuple[Strategy, Planned | None]:
    """The strategy, and the plan of its supernet where it has one."""
    from hypercuboid.ranks.synchronised import check_synchronised
    from hypercuboid.search.architecture import check_recipe
    from hypercuboid.search.strategies import Setting, make_strategy

    recipe, space = request.recipe, request.space

    def specialise(decided: tuple[Decided, ...]) -> Graph:
        return Space(replace(space.request, binding=(*space.request.binding, *decided))).graph

    if request.sync_batch_norm:
        check_synchronised(request.ranks, request.device, _differentiates_twice(recipe))
    check_recipe(space.graph, recipe)
    build = _Supernets(request)
    setting = Setting(space.graph, recipe, request.data, request.device, specialise, build, request.ranks)
    return make_strategy(recipe.strategy, setting), build.plan


@dataclass
class _Supernets:
    """Builds the supernets of a search, all by the plan that suits the first."""

    request: SearchRequest
    plan: Planned | None = None

    def __call__(self, graph: Graph) -> Supernet:
        from hypercuboid.network.supernet import Supernet
        from hypercuboid.ranks.synchronised import synchronised
        from hypercuboid.search.layout import lay_out
        from hypercuboid.search.planned import planned

        request, recipe = self.request, self.request.recipe
        limits, channels = (request.max_ops, request.max_weights), recipe.partial_channels
        supernet = Supernet(
            graph, recipe.weighting, recipe.seed, *limits, channels=channels, precision=recipe.precision
        )
        lay_out(supernet.to(request.device))
        if request.sync_batch_norm:
            supernet.replace(synchronised)
        if self.plan is None:
            self.plan = planned(supernet, recipe, request.device, request.run, request.sync_batch_norm)
        supernet.run_by(self.plan.name)
        return supernet


def _differentiates_twice(recipe: Recipe) -> str:
    """What takes second derivatives of a network, in words; empty where nothing does."""
    if recipe.strategy == "second_order":
        return "the strategy `second_order`"
    return "`--curvature`" if recipe.curvature else ""


def _write_found(request: SearchRequest, run: RunFolder, result: Found) -> Architecture:
    """Writes the architecture, its source and the picture."""
    from hypercuboid.data.card import card_of

    space, recipe = request.space, request.recipe
    found = space.decide(result.selection)
    if not request.ranks.is_writer:
        return found
    run.write_text("arch.hc", arch_file(found))
    card = card_of(request.data)
    run.write_text("model.py", found.source(seed=recipe.seed, command=request.command, card=card))
    run.write_text("supernet.svg", _picture(request, result.weights, found, run))
    return found


def arch_file(found: Architecture) -> str:
    """The text of `arch.hc`: it reads the space from the `space.hc` beside it, whose defaults are what was given."""
    text = f'hypercuboid 1\nuse "./space.hc" {{ {found.elaborated.space} }}\n\n{found.item({}).rstrip()}\n'
    return format_text(text, "arch.hc")


def _picture(request: SearchRequest, weights: Any, found: Architecture, run: RunFolder) -> str:
    """The searched space with its weights and the best path."""
    from hypercuboid.search.blackbox import BLACK_BOX
    from hypercuboid.targets.picture import picture

    space, recipe = request.space, request.recipe
    epoch = f"{len(read_metrics(run.path))} / {recipe.epochs}"
    method = recipe.strategy if recipe.strategy in BLACK_BOX else recipe.weighting
    return picture(space.graph, space.name, weights, found.selection, epoch=epoch, strategy=method)


def run_config(request: SearchRequest) -> dict[str, Any]:
    """What `config.json` of the run says: by it a run is known as that of the same search."""
    import torch

    space = request.space
    arguments = {name: value_text(value) for name, value in space.elaborated.arguments.items()}
    return {
        "kind": "search",
        "command": request.command,
        "space": space.request.name,
        "parameters": {name: text for name, text in arguments.items() if text is not None},
        "hash": space.graph.hash,
        "data": request.data.name,
        "data_hash": request.data.fingerprint(),
        "seed": request.recipe.seed,
        "recipe": request.recipe.model_dump(),
        "device": str(request.device),
        "threads": torch.get_num_threads(),
        "ranks": request.ranks.size,
        "sync_batch_norm": request.sync_batch_norm,
        "workers": request.workers,
        "torch": torch.__version__,
        "version": __version__,
    }


__all__ = ["SearchRequest", "arch_file", "load_for_data", "run_config", "run_search", "settings_of"]
