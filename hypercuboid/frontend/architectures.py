"""Architectures: what they pick, resolved against the open decisions of their space, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.assured import decides_all, is_uniform
from hypercuboid.frontend.elaborated import Decided, Elaborated, Label, label_text
from hypercuboid.frontend.finished import finished, require_output, setting_of
from hypercuboid.frontend.given import Given
from hypercuboid.frontend.globals import module_context
from hypercuboid.frontend.made import by_name
from hypercuboid.frontend.modules import BoundBroken, BoundItem, LoadedModule, place_after_of
from hypercuboid.frontend.picks import resolve
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.frontend.recovery import silence
from hypercuboid.frontend.request import Request, argument_name, begin, entry, given_of, refuse_strangers
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.statements import elaborate_block
from hypercuboid.frontend.values import UserBlock
from hypercuboid.ops.base import TensorType
from hypercuboid.records import dataclass
from hypercuboid.registry import suggestion


@dataclass(frozen=True)
class Picked:
    """An architecture before it is elaborated: its space with arguments, and what is decided in it."""

    request: Request
    arch: ast.Arch
    session: Session
    block: UserBlock
    types: tuple[TensorType, ...]
    decided: tuple[Decided, ...]

    @property
    def is_assured(self) -> bool:
        """Whether it is sound and complete because its space is sound (see `assured`)."""
        key = setting_of(self.block, self.types, self.session)
        memory = self.request.memory
        return key in memory.uniform and decides_all(memory.points[key], self.decided)


def picked(request: Request, arch: ast.Arch, searching: bool) -> Picked:
    """What an architecture decides; raises the mistakes of its head and of its picks."""
    item = _space_of(request.module, arch)
    if not isinstance(item, ast.BlockDefinition):
        place = place_after_of(arch.span, arch.space)
        raise error("HC2005", f"`{arch.space}` is no space", place, help="name a space or a block after `of`")
    formals = [formal.name for formal in item.formals]
    session = begin(request, searching)
    context = module_context(session, request.module)
    fixed: dict[str, Given] = {}
    for argument in arch.arguments:
        fixed[argument_name(argument, formals, fixed, item)] = given_of(argument, context)
    block, types = entry(request, item, session, fixed)
    refuse_strangers(request, block, fixed)
    decided = (*resolve(arch.picks, _open_points(request, block, types, session, arch.span)), *request.binding)
    return Picked(request, arch, session, block, types, tuple(by_name(decided).values()))


def elaborate_picked(made: Picked) -> Elaborated:
    """The architecture, or what it leaves open."""
    request, arch, session = made.request, made.arch, made.session
    binding = {one.name: one for one in made.decided}
    definition = elaborate_block(session, made.block, made.types, binding, arch.span, root=True)
    require_output(definition, arch.name, arch.span)
    left = points_of(definition)
    if left and not arch.partial and not request.binding:
        raise error(
            "HC5008",
            f"`{arch.name}` leaves {len(left)} decision{'s' * (len(left) != 1)} open",
            arch.span.first_line,
            notes=(f"open: {_listed(left)}",),
            help="pick them, or write `partial` after the arguments",
        )
    kind = "space" if left else "architecture"
    whole = finished(request, arch.name, kind, arch.space, definition, made.types, made.block, made.decided, session)
    known = request.memory.points[setting_of(made.block, made.types, session)]
    return replace(whole, offered=tuple(dict.fromkeys(one for point in known for one in _offered(point))))


def _offered(point: Point) -> Iterator[tuple[tuple[str, ...], tuple[Label, ...]]]:
    """The alternatives of a decision, each with the names of its axes; of a cuboid without the states."""
    yield from ((point.axes, label) for label in point.labels)
    yield from ((point.axes, label) for _, _, label in point.moves)


def _space_of(module: LoadedModule, arch: ast.Arch) -> ast.Item:
    """What stands after `of`; HC2001 where the file has no such name."""
    bound = module.names.get(arch.space)
    if isinstance(bound, BoundBroken):
        raise silence()
    if isinstance(bound, BoundItem):
        return bound.item
    known = [name for name, one in module.names.items() if isinstance(getattr(one, "item", None), ast.BlockDefinition)]
    place = place_after_of(arch.span, arch.space)
    raise error("HC2001", f"`{arch.space}` is not defined", place, help=suggestion(arch.space, known))


def _open_points(
    request: Request, block: UserBlock, types: tuple[TensorType, ...], session: Session, span: Span
) -> tuple[Point, ...]:
    """What the picks of an architecture choose among: the same whatever `searching` is (ruling 17)."""
    known = request.memory.points
    key = setting_of(block, types, session)
    if key not in known:
        whole = elaborate_block(session, block, types, {}, span, root=True)
        known[key] = points_of(whole)
        if not session.warnings and is_uniform(whole, session):
            request.memory.uniform.add(key)
    return known[key]


def _listed(points: tuple[Point, ...]) -> str:
    texts = []
    for point in points[:12]:
        where = ", ".join(f"{name} = {label_text(label)}" for name, label in point.coordinates)
        texts.append(f"{point.name}[{where}]" if where else point.name)
    return ", ".join(texts) + (", ..." if len(points) > 12 else "")
