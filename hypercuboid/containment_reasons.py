"""Why a space does not contain an architecture, as diagnostics with places in the files of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hypercuboid.diagnostics import Diagnostic, Span
from hypercuboid.diagnostics import Label as Place
from hypercuboid.frontend import ast
from hypercuboid.frontend.depths import names_in, parts_of
from hypercuboid.frontend.elaborated import Kept, KeptPath, Label
from hypercuboid.frontend.modules import reachable
from hypercuboid.frontend.picks import resolve
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.frontend.shown import show
from hypercuboid.graph.identity import Tensor
from hypercuboid.graph.notation import kept_text, path_text, site_text
from hypercuboid.ops.base import TensorType
from hypercuboid.pipeline import Space
from hypercuboid.registry import suggestion

NETWORK = "HC5047"
"""The code of networks that differ although the decisions are the same."""


_WIDEN = "pick one of these, or widen the space"


@dataclass(frozen=True)
class Pair:
    """A space and what it may contain."""

    space: Space
    other: Space

    @property
    def _space(self) -> str:
        return f"`{self.space.name}`" if self.space.name != self.other.name else f"the first `{self.space.name}`"

    @property
    def _other(self) -> str:
        return f"`{self.other.name}`" if self.space.name != self.other.name else f"the second `{self.other.name}`"

    @cached_property
    def _places(self) -> Mapping[tuple[str, tuple[Label, ...]], Span]:
        """Where the architecture's file picks what it decides."""
        item = getattr(self.other.request.module.names.get(self.other.request.name), "item", None)
        found: dict[tuple[str, tuple[Label, ...]], Span] = {}
        points = points_of(self.other.whole().definition)
        for pick in item.picks if isinstance(item, ast.Arch) else ():
            for one in resolve((pick,), points):
                found.update(((one.name, key), pick.span) for key in one.kept)
        return found

    def stranger(self, name: str, key: tuple[Label, ...], points: Mapping[Any, Point]) -> Diagnostic:
        """HC5041: a decision that the space has not, or not at this coordinate."""
        known = list(dict.fromkeys(point.name for point in points.values()))
        site, span = self._site(name, key), self._places.get((name, key))
        if name not in known:
            message = f"{self._space} has no open decision `{name}`"
            help = suggestion(name, known) if known else "nothing is open in it"
            return Diagnostic("HC5041", message, span, f"{self._other} decides it", help=help)
        there = [site_text("", point.coordinates) for point in points.values() if point.name == name]
        note = f"`{name}` is open at {', '.join(there[:4])}{', ...' if len(there) > 4 else ''}"
        message = f"{self._space} has no open decision `{site}`"
        return Diagnostic("HC5041", message, span, notes=(note,), help="pick it where it is open")

    def settled(self, name: str, key: tuple[Label, ...], own: tuple[Kept, ...]) -> Diagnostic:
        """HC5042: a decision that the space has made in another way."""
        message = f"{self._space} has decided `{self._site(name, key)}` in another way"
        note = f"it keeps {', '.join(f'`{_text(one)}`' for one in own) or 'nothing'} there"
        help = "pick the same there, or open it in the space"
        return Diagnostic("HC5042", message, self._places.get((name, key)), notes=(note,), help=help)

    def alternative(self, point: Point, kept: Kept) -> Diagnostic:
        """HC5043: an alternative that the space has not, and what leaves it out."""
        site = site_text(point.name, point.coordinates)
        span = self._places.get((point.name, point.key))
        axes = self._axes_without(point, kept)
        written = self._written(point)
        secondary, notes = self._domains(written, axes) if axes else ([], ())
        if not axes or isinstance(written, ast.ChooseIn):  # axes of a choice are made after its condition
            secondary += _conditions(written)
        notes = notes or (_alternatives(point),)
        message = f"{self._space} has no alternative `{_text(kept)}` at `{site}`"
        if span is None and secondary:
            first, *secondary = secondary
            return Diagnostic("HC5043", message, first.span, first.message, tuple(secondary), notes, _WIDEN)
        return Diagnostic("HC5043", message, span, secondary=tuple(secondary), notes=notes, help=_WIDEN)

    def undecided(self, points: Sequence[Point]) -> Diagnostic:
        """HC5044: decisions that the architecture does not make."""
        sites = [f"`{site_text(point.name, point.coordinates)}`" for point in points]
        count = f"{len(points)} decision{'s' * (len(points) != 1)}"
        notes = (f"open: {', '.join(sites[:12])}{', ...' if len(sites) > 12 else ''}",)
        message = f"{self._other} leaves {count} of {self._space} open"
        help = "pick them, or compare with the whole space"
        return Diagnostic("HC5044", message, points[0].span, "the first of them", notes=notes, help=help)

    def arguments(self) -> Iterator[Diagnostic]:
        """HC5045: arguments and parameters that both have, with other values."""
        mine = self.space.elaborated.arguments
        for name, value in self.other.elaborated.arguments.items():
            if name in mine and show(value) != show(mine[name]):
                message = f"`{name}` is {show(value)} in {self._other} and {show(mine[name])} in {self._space}"
                yield Diagnostic("HC5045", message, self._argument(name), help=f"give both one value: `-p {name}=...`")

    def inputs(self) -> Iterator[Diagnostic]:
        """HC5046: inputs of another shape."""
        mine = dict(zip(self.space.elaborated.input_names, self.space.elaborated.input_types, strict=True))
        theirs = zip(self.other.elaborated.input_names, self.other.elaborated.input_types, strict=True)
        for name, type in theirs:
            if mine.get(name) != type:
                there = _type_text(mine.get(name))
                message = f"the input `{name}` is {_type_text(type)} in {self._other} and {there} in {self._space}"
                yield Diagnostic("HC5046", message, help="give both one shape: `--input ...`")

    def network(self, mine: tuple[Tensor, ...], theirs: tuple[Tensor, ...]) -> Diagnostic:
        """The same decisions, and still another network."""
        pairs = zip([*mine, None], [*theirs, None], strict=False)
        here, there = next((a, b) for a, b in pairs if a != b)
        notes = (
            f"the first tensor that differs is {_tensor_text(here)} in {self._space}",
            f"and {_tensor_text(there)} in {self._other}",
        )
        return Diagnostic(
            "HC5047",
            f"the decisions of {self._other} give another network in {self._space}",
            notes=notes,
            help="compare what the two give to their blocks",
        )

    # ------------------------------------------------------------ places and texts

    def _site(self, name: str, key: tuple[Label, ...]) -> str:
        return self._sites.get((name, key), name)

    @cached_property
    def _sites(self) -> Mapping[tuple[str, tuple[Label, ...]], str]:
        """Decisions of the architecture as picks write them."""
        points = points_of(self.other.whole().definition)
        return {(one.name, one.key): site_text(one.name, one.coordinates) for one in points}

    def _axes_without(self, point: Point, kept: Kept) -> list[str]:
        """The axes of the space's decision that lack a label of what is kept."""
        label = (kept.source, kept.target, *kept.label) if isinstance(kept, KeptPath) else kept
        decision = next((one for one in self.space.graph.decisions if one.name == point.name), None)
        own = decision.axes[-len(label) :] if decision is not None and label else ()
        if len(own) != len(label):
            return []
        return [axis.name for axis, one in zip(own, label, strict=True) if one is not None and one not in axis.labels]

    def _written(self, point: Point) -> ast.Cuboid | ast.ChooseIn | None:
        """The cuboid or choice in the text that has this decision."""
        items = [item for module in reachable(self.space.request.module) for item in module.module.items]
        waiting: list[Any] = [item for item in items if item.span.source is point.span.source]
        while waiting:
            part = waiting.pop()
            span = getattr(part, "span", None)
            is_inside = span is not None and _inside(span, point.span)
            if is_inside and isinstance(part, ast.Cuboid):
                return part
            if is_inside and isinstance(part, ast.ChooseIn) and tuple(one.name for one in part.binders) == point.axes:
                return part
            waiting += parts_of(part)
        return None

    def _domains(
        self, written: ast.Cuboid | ast.ChooseIn | None, axes: list[str]
    ) -> tuple[list[Place], tuple[str, ...]]:
        """Where the labels of these axes come from, with the arguments that decide them."""
        domains = [(names, domain) for names, domain in _axes(written) if not set(names).isdisjoint(axes)]
        values = self.space.elaborated.arguments
        names = sorted({name for _, domain in domains for name in names_in(domain)} & set(values))
        notes = tuple(f"with `{name}` = {show(values[name])}" for name in names)
        return [Place(domain.span, f"`{', '.join(names)}` takes these") for names, domain in domains], notes

    def _argument(self, name: str) -> Span | None:
        """Where the architecture's file sets an argument."""
        item = getattr(self.other.request.module.names.get(self.other.request.name), "item", None)
        given = item.arguments if isinstance(item, ast.Arch) else ()
        return next((one.span for one in given if one.name == name), None)


def _inside(inner: Span, outer: Span) -> bool:
    return inner.source is outer.source and outer.start <= inner.start and inner.end <= outer.end


def _axes(written: ast.Cuboid | ast.ChooseIn | None) -> Iterator[tuple[tuple[str, ...], ast.Expr]]:
    """The names of axes and what they range over."""
    if isinstance(written, ast.ChooseIn):
        yield from (((one.name,), one.iterable) for one in written.binders)
    elif written is not None:
        for axis in written.axes:
            names = (axis.first, axis.second) if isinstance(axis, ast.StateAxis) else (axis.name,)
            yield names, axis.domain


def _conditions(written: ast.Cuboid | ast.ChooseIn | None) -> list[Place]:
    """The conditions that leave combinations out."""
    axes = written.axes if isinstance(written, ast.Cuboid) else ()
    conditions = [written.where] if isinstance(written, ast.ChooseIn) else [getattr(one, "where", None) for one in axes]
    return [Place(one.span, "this condition leaves some out") for one in conditions if one is not None]


def _alternatives(point: Point) -> str:
    texts = [path_text(KeptPath(*move)) for move in point.moves] or [kept_text(label) for label in point.labels]
    return f"alternatives: {'; '.join(texts[:12])}{'; ...' if len(texts) > 12 else ''}"


def _text(kept: Kept) -> str:
    return path_text(kept) if isinstance(kept, KeptPath) else kept_text(tuple(one for one in kept if one is not None))


def _type_text(type: TensorType | None) -> str:
    return "missing" if type is None else str(type)


def _tensor_text(tensor: Tensor | None) -> str:
    if tensor is None:
        return "missing"
    place = f" ({tensor.place})" if tensor.place else ""
    return f"`{tensor.name}`, {tensor.what}{place}"
