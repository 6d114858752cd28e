"""The compiler in one screen: source -> tree -> space -> graph -> supernet -> weights -> architecture -> source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import HypercuboidError, Source, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arguments import read_inputs, read_parameters, read_target, resolved_text
from hypercuboid.frontend.elaborate import Request, elaborate, elaborate_costs, spaces_and_architectures
from hypercuboid.frontend.elaborated import Decided, Elaborated
from hypercuboid.frontend.made import by_name
from hypercuboid.frontend.modules import BoundItem, LoadedModule, load_module, load_text
from hypercuboid.frontend.names import check_names
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.points import points_of
from hypercuboid.frontend.request import Memory
from hypercuboid.frontend.written import written_arguments
from hypercuboid.registry import suggestion

if TYPE_CHECKING:
    import numpy as np
    from torch import nn

    from hypercuboid.containment import Containment
    from hypercuboid.data.card import Card
    from hypercuboid.differences import Difference
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.counts import Counts
    from hypercuboid.graph.drawn_costs import Drawn
    from hypercuboid.graph.selection import Selection
    from hypercuboid.network.supernet import Supernet
    from hypercuboid.targets.source import GeneratedSource


@dataclass(frozen=True)
class Space:
    """A space, a partly decided one, or an architecture: source text with what was given from outside.

    `elaborated` is the form a supernet is made of (`searching` true while decisions are open), `costs` the form
    that costs of architectures are read from (`searching` false). Both are made once, on demand.
    """

    request: Request

    @property
    def name(self) -> str:
        return self.request.name

    @cached_property
    def elaborated(self) -> Elaborated:
        return elaborate(self.request)

    @cached_property
    def costs(self) -> Elaborated:
        return elaborate_costs(self.request, self.elaborated)

    @cached_property
    def graph(self) -> Graph:
        """The graph with its decisions; `.to_networkx()` is its flat form."""
        from hypercuboid.graph.build import build_graph

        return build_graph(self.elaborated, self.costs)

    @property
    def is_open(self) -> bool:
        """Whether decisions are left."""
        return bool(points_of(self.elaborated.definition))

    def counts(self) -> Counts:
        """Weights, groups, architectures, parameters and costs, exact (see `graph.counts`)."""
        return self.graph.counts()

    def supernet(
        self, weighting: str = "scalar", seed: int = 0, max_ops: int = 100_000, max_weights: int = 1_000_000
    ) -> Supernet:
        """The differentiable network of all alternatives; HC4001 where it is too large to build."""
        from hypercuboid.network.supernet import Supernet

        return Supernet(self.graph, weighting, seed, max_ops, max_weights)

    def select(
        self, weights: Mapping[str, np.ndarray], rule: str = "max-score", keep_zero: bool = False, seed: int = 0
    ) -> Architecture:
        """The best architecture under `weights` (decision -> array in the order of its axes)."""
        return self.select_best(weights, rule, 1, keep_zero, seed)[0]

    def select_best(
        self,
        weights: Mapping[str, np.ndarray],
        rule: str = "max-score",
        top: int = 1,
        keep_zero: bool = False,
        seed: int = 0,
        budgets: Mapping[str, float] = MappingProxyType({}),
        limits: Mapping[str, int] = MappingProxyType({}),
        latencies: Path | None = None,
    ) -> list[Architecture]:
        """The `top` best architectures, best first; `keep_zero` lets a `sum top` keep alternatives that are zero.

        `seed` is that of a rule that draws. The exact rules keep within `budgets` of costs (params, macs, add_mult,
        activations, and latency in ms by `latencies`, a file of measured times) and within `limits` of how many
        alternatives with a label are kept.
        """
        from hypercuboid.graph.selection import Bounded, select

        bounded = Bounded(budgets, limits, latencies)
        return [self.decide(found) for found in select(self.graph, weights, rule, top, keep_zero, seed, bounded)]

    def front(
        self, weights: Mapping[str, np.ndarray], cost: str = "macs", latencies: Path | None = None
    ) -> list[tuple[float, float, Architecture]]:
        """Cost, score and architecture of all that no other beats in score at the same cost or less, cheapest first.

        The cost `latency`, in ms, is read from the file `latencies` of `profile`.
        """
        from hypercuboid.graph.selection.front import front
        from hypercuboid.graph.selection.result import record

        root, name = self.graph.forest.root, f"{self.elaborated.space}Front"
        found = enumerate(front(self.graph, weights, cost, latencies=latencies))
        return [(one.cost, one.score, self._decided(record(root, one.picks).decided, f"{name}{i}")) for i, one in found]

    def keep_paths(
        self,
        weights: Mapping[str, np.ndarray],
        paths: int,
        budgets: Mapping[str, float] = MappingProxyType({}),
        limits: Mapping[str, int] = MappingProxyType({}),
        latencies: Path | None = None,
    ) -> tuple[float, Architecture]:
        """At most `paths` paths through each cuboid whose kept weights have the highest sum, and that sum."""
        from hypercuboid.graph.selection import Bounded
        from hypercuboid.graph.selection.several import decided, several_paths

        score, kept = several_paths(self.graph, weights, paths, Bounded(budgets, limits, latencies))
        return score, self._decided(decided(self.graph, kept), f"{self.elaborated.space}Paths")

    def sample(self, count: int, seed: int = 0) -> list[Architecture]:
        """`count` architectures, each drawn uniformly from all of them."""
        from random import Random

        from hypercuboid.graph.selection import draw

        drawn = enumerate(draw(self.graph, count, Random(seed)))
        return [self._decided(decided, f"{self.elaborated.space}Sample{number}") for number, decided in drawn]

    def draw(self, count: int, seed: int = 0) -> Drawn:
        """`count` architectures as arrays, each drawn uniformly from all of them; a million take about a second.

        Costs are params, macs, add_mult and activations; where `counts().additive` is false they are bounds.
        """
        import numpy as np

        from hypercuboid.graph.drawn_costs import draw_arrays
        from hypercuboid.graph.staging import laid_out
        from hypercuboid.graph.statistics import COSTS

        root = laid_out(self.graph.model_forest.settled, self.graph.decisions, COSTS)
        return draw_arrays(root, count, np.random.default_rng(seed))

    def decide(self, selection: Selection, name: str = "") -> Architecture:
        """The architecture that a selection decides: the same source elaborated again, nothing taken away."""
        return self._decided(selection.decided, name or f"{self.elaborated.space}Found", selection)

    def _decided(self, decided: tuple[Decided, ...], name: str, selection: Selection | None = None) -> Architecture:
        binding = (*self.request.binding, *decided)
        return Architecture(replace(self.request, binding=binding), selection, name)

    def architecture(self, text: str, path: str = "<arch>") -> Architecture:
        """The architecture that an `arch` item describes; it may name any space of the file."""
        arch = _only_arch(text, path)
        names = {**self.request.module.names, arch.name: BoundItem(self.request.module, arch)}
        module = replace(self.request.module, names=names)
        whole = replace(self._whole_request(), texts={}, parameters=self._file_parameters())
        return Architecture(replace(whole, module=module, name=arch.name, arguments=()))

    def read_notation(self, notation: str, text: str, path: str = "<text>") -> Architecture:
        """The architecture of this space that a text in another notation describes (see `graph.notations`)."""
        from hypercuboid.graph import notations

        source, points = Source(path, text), points_of(self.elaborated.definition)
        read = notations.notation(notation).read(source, points, lambda made: self._decided(made, "").elaborated)
        return self._decided(read.decided, read.name or f"{self.elaborated.space}Read")

    def contains(self, other: Space) -> Containment:
        """Whether this space contains an architecture, or all of another space, and if not, why."""
        from hypercuboid.containment import containment

        return containment(self, other)

    def difference(self, other: Space) -> Difference:
        """In what another space or architecture differs from this one."""
        from hypercuboid.differences import difference

        return difference(self, other)

    def _file_parameters(self) -> dict[str, Any]:
        params = self.request.module.params
        return {name: value for name, value in self.request.parameters.items() if name in params}

    @property
    def text(self) -> str:
        """What is decided, as an `arch` item. Names of a file differ: that of its space is not taken."""
        return self.item(written_arguments(self.request))

    def item(self, written: Mapping[str, str]) -> str:
        """`text` with these texts of the arguments that are blocks; the others of them stay at their defaults."""
        from hypercuboid.graph.selection import arch_text

        made, partial = self._described()
        name = self.name if self.name != made.space else f"{made.space}Found"
        points = points_of(self.whole().definition)
        return arch_text(name, made, made.decided, points, written, partial)

    def _described(self) -> tuple[Elaborated, bool]:
        """The arguments and decisions that its text says, and whether others are left."""
        return self.elaborated, self.is_open

    def whole(self) -> Elaborated:
        """The space with nothing decided."""
        item = getattr(self.request.module.names[self.request.name], "item", None)
        whole = self._whole_request()
        if not isinstance(item, ast.Arch):
            return elaborate(whole)
        return elaborate(replace(whole, name=item.space, arguments=item.arguments))

    def _whole_request(self) -> Request:
        """The request with nothing decided and nothing left out; what is left out is remembered apart."""
        whole = replace(self.request, binding=())
        return replace(whole, without=frozenset(), memory=Memory()) if self.request.without else whole

    def resolved(self) -> str:
        """The file's text with parameters and input shapes as they were given."""
        item = self._definition()
        shapes = {
            name: f"{type.kind}({', '.join(map(str, type.shape))})"
            for name, type in zip(self.elaborated.input_names, self.elaborated.input_types, strict=True)
            if type.known and type.kind != "tokens"
        }
        written = written_arguments(self.request)
        return resolved_text(self.request.module, item, self.elaborated.arguments, written, shapes)

    def companions(self) -> dict[str, str]:
        """The other files that this one uses, by their path from its folder, with their text; the library left out."""
        from hypercuboid.frontend.modules import reachable

        sources = [one.module.source for one in reachable(self.request.module)[1:]]
        return {one.path: one.text for one in sources if one.path.endswith(".hc") and not one.is_library}

    def without(self, labels: Iterable[str]) -> Space:
        """The space with all alternatives of these labels left out of every choice; HC7064 for an unknown label.

        It is elaborated anew. A choice of which one alternative is left is decided.
        """
        from hypercuboid.frontend.left_out import forced, known_labels

        names, points = frozenset(labels), points_of(self.elaborated.definition)
        known = known_labels(points)
        for name in sorted(names - set(known)):
            message = f"no alternative of `{self.name}` is called `{name}`"
            raise error("HC7064", message, help=suggestion(name, known))
        binding = (*self.request.binding, *forced(points, names))
        return Space(replace(self.request, binding=binding, without=self.request.without | names, memory=Memory()))

    def _definition(self) -> ast.BlockDefinition:
        bound = self.request.module.names[self.elaborated.space]
        item = getattr(bound, "item", None)
        assert isinstance(item, ast.BlockDefinition)
        return item


@dataclass(frozen=True)
class Architecture(Space):
    """A space in which every decision is made; `selection` says how it was found, where it was found by one."""

    selection: Selection | None = None
    found_name: str = ""

    @property
    def name(self) -> str:
        return self.found_name or self.request.name

    def _described(self) -> tuple[Elaborated, bool]:
        """A selection decides everything, so its text needs no elaboration of what it decided."""
        bound = self.request.module.names.get(self.request.name)
        if self.selection is None or isinstance(getattr(bound, "item", None), ast.Arch):
            return super()._described()
        whole = self.whole()
        decided = tuple(by_name(self.request.binding).values())
        return replace(elaborate_costs(self._whole_request(), whole), decided=decided), False

    def notation(self, name: str) -> str:
        """This architecture in another notation; HC8003 where that cannot say it."""
        from hypercuboid.graph import notations

        points = points_of(self.whole().definition)
        return notations.notation(name).write(self.elaborated, points, self.name)

    def source(self, *, seed: int | None = None, command: str = "", card: Card | None = None) -> str:
        """Standalone PyTorch source that imports nothing but torch."""
        return self.generate(seed=seed, command=command, card=card).text

    def generate(self, *, seed: int | None = None, command: str = "", card: Card | None = None) -> GeneratedSource:
        """The generated source with the map from graph names to state_dict keys (`targets.source`).

        `card` is what is known of its data; the header says it.
        """
        from hypercuboid import __version__
        from hypercuboid.targets.source import Provenance, generate_source

        provenance = Provenance(
            space=self.elaborated.space,
            architecture=self.name,
            parameters=_shown(self.elaborated.arguments),
            seed=seed,
            hash=self.graph.hash,
            command=command,
            version=__version__,
            card=card,
        )
        return generate_source(replace(self.elaborated, name=self.name), provenance)

    def model(self) -> nn.Module:
        """The network of this architecture, run by the plain plan; equal to the generated source."""
        from hypercuboid.network.model import Model

        return Model(self.elaborated)


def _shown(arguments: Mapping[str, Any]) -> dict[str, str]:
    from hypercuboid.frontend.shown import show

    return {name: show(value) for name, value in arguments.items()}


def load(
    path: str | Path,
    name: str | None = None,
    *,
    inputs: Mapping[str, tuple[int, ...]] | tuple[int, ...] | None = None,
    **parameters: Any,
) -> Space:
    """A space, architecture or block of a file. `name` may hold arguments; without it, the file's only space.

    `inputs` is a shape without the batch axis, (3, 32, 32), or a mapping from input names to shapes; `parameters`
    set a `param` of the file or an argument of the space. Raises HypercuboidError.
    """
    module = load_module(path)
    shapes = {"": tuple(inputs)} if isinstance(inputs, tuple) else dict(inputs or {})
    return _space(module, name, {key: _plain(value) for key, value in parameters.items()}, shapes)


def load_from_text(text: str, name: str | None = None, path: str = "<text>", **parameters: Any) -> Space:
    """Like `load`, for a program in a string; it can use the standard library but no other file."""
    return _space(load_text(text, path), name, {key: _plain(value) for key, value in parameters.items()}, {})


def load_target(path: str, name: str | None, parameters: Iterable[str], inputs: Iterable[str]) -> Space:
    """Like `load`, for what a command line gives: `-p NAME=VALUE` and `--input SHAPE` settings."""
    return space_of(load_module(path), name, parameters, inputs)


def space_of(module: LoadedModule, name: str | None, parameters: Iterable[str], inputs: Iterable[str]) -> Space:
    """`load_target` of a file that was read."""
    values, texts = read_parameters(parameters, module)
    return _space(module, name, values, read_inputs(inputs), texts)


def _plain(value: Any) -> Any:
    from hypercuboid.frontend.values import ListValue

    return ListValue(_plain(item) for item in value) if isinstance(value, list) else value


def _space(
    module: LoadedModule,
    name: str | None,
    parameters: dict[str, Any],
    inputs: dict[str, Any],
    texts: Mapping[str, str] | None = None,
) -> Space:
    arguments: tuple[ast.Argument, ...] = ()
    _require_names(module)
    if name is None:
        name = _only_space(module)
    else:
        name, arguments = read_target(name)
    request = Request(module, name, arguments, parameters, inputs, texts=texts or {})
    space = Space(request)
    return space if space.is_open else Architecture(request)


def _require_names(module: LoadedModule) -> None:
    """Raises all undefined names, unknown types and circles of a file and of what it uses."""
    wrong = [one for one in check_names(module) if one.severity == "error"]
    if wrong:
        raise HypercuboidError(*wrong)


def _only_space(module: LoadedModule) -> str:
    spaces = [i.name for i in module.module.items if isinstance(i, ast.BlockDefinition) and i.is_space]
    if len(spaces) == 1:
        return spaces[0]
    path = module.module.source.path
    names = [*spaces, *(n for n in spaces_and_architectures(module) if n not in spaces)]
    if not spaces:
        names = [i.name for i in module.module.items if isinstance(i, ast.BlockDefinition | ast.Arch)]
    listed = ", ".join(f"`{one}`" for one in names[:20])
    message = f"`{path}` has {len(spaces) or 'no'} spaces; say which" if spaces else f"`{path}` has no space"
    raise error("HC2007", message, notes=(f"it has {listed}",) if names else (), help=f"write {path}:NAME")


def _only_arch(text: str, path: str) -> ast.Arch:
    """The one `arch` of a text, with or without the first line of a file."""
    whole = text if "hypercuboid" in text.split("arch", 1)[0] else f"hypercuboid 1\n{text}"
    module = parse(Source(path, whole))
    found = [item for item in module.items if isinstance(item, ast.Arch)]
    if len(found) != 1:
        raise error("HC5009", f"the text holds {len(found)} architectures, not one", help="write one `arch` item")
    return found[0]


__all__ = ["Architecture", "Decided", "Space", "load", "load_from_text", "load_target", "space_of"]
