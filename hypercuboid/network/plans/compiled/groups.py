"""The pass that makes groups: for a mix one per source that its chains begin at, and one for each chain by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hypercuboid.network.plans.base import PASSES
from hypercuboid.network.plans.compiled.build import loaded
from hypercuboid.network.plans.compiled.chains import Chain, Finder, Unit
from hypercuboid.network.plans.rewriting import in_bodies, renamed, with_steps
from hypercuboid.network.plans.zeros import without_zeros
from hypercuboid.network.steps import Fused, Mix, Plan, RunOp, Slot, Step


@dataclass(frozen=True)
class Group:
    """Chains over one source, which are weighted by the coefficients at `positions` (none: by 1) and added."""

    source: Slot
    chains: tuple[Chain, ...]
    positions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Native(Fused):
    """Chains and the mix that they end in, or one chain by itself; what the groups are is read from the parts."""

    @cached_property
    def mix(self) -> Mix | None:
        last = self.parts[-1]
        return last if isinstance(last, Mix) else None

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """One per source."""
        finder = Finder(Plan(self.parts, 0, self.outputs[0]))
        if self.mix is None:
            chain = finder.chain(self.outputs[0])
            return (Group(chain.source, (chain,)),)
        return groups_of(self.mix, finder)

    @cached_property
    def specs(self) -> tuple[Any, ...]:
        """The shapes of each group, as the compiled kernel keeps them."""
        kernel = loaded()
        assert kernel is not None
        return tuple(kernel.Spec(*spec_of(group)) for group in self.groups)

    @cached_property
    def others(self) -> tuple[tuple[int, Slot], ...]:
        """The entries of the mix that no group takes."""
        taken = {position for group in self.groups for position in group.positions}
        return tuple(entry for entry in self.mix.entries if entry[0] not in taken) if self.mix else ()


def spec_of(group: Group) -> tuple[list[list[tuple[list[int], float]]], list[int], list[int]]:
    """Numbers and eps of each unit of each chain, and the shapes of the source and of what is made (channels, h, w)."""
    made = next(chain.units[-1].made for chain in group.chains if chain.units)
    source = next(chain.units[0].given for chain in group.chains if chain.units)
    return [[numbers(unit) for unit in chain.units] for chain in group.chains], list(source.shape), list(made.shape)


def numbers(unit: Unit) -> tuple[list[int], float]:
    """What the kernel is told of a unit, in its order, and the eps of its batch norm."""
    view, given, made = unit.window, unit.given, unit.made
    padding_counts = unit.moved is not None and bool(unit.moved.arguments.get("count_padding"))
    flags = (unit.relu is not None, unit.product is not None, unit.norm is not None, padding_counts)
    shape = (*view.kernel, *view.stride, view.dilation, *view.padding)
    sizes = (given.channels, made.channels, *given.shape[1:], *made.shape[1:])
    eps = 0.0 if unit.norm is None else unit.norm.arguments["eps"]
    assert isinstance(eps, int | float)
    return [unit.kind, *shape, *map(int, flags), *sizes], float(eps)


def groups_of(mix: Mix, finder: Finder) -> tuple[Group, ...]:
    """The chains of a mix by the source they begin at; sources that are only passed on are left out."""
    often = Counter(slot for _, slot in mix.entries)
    single = [slot for slot in often if often[slot] == finder.read[slot] == 1]
    chains = {slot: finder.chain(slot) if slot in single else Chain(slot) for slot in often}
    sources = dict.fromkeys(chain.source for chain in chains.values() if chain.units)
    made = []
    for source in sources:
        inside = [(position, chains[slot]) for position, slot in mix.entries if chains[slot].source == source]
        made.append(Group(source, tuple(chain for _, chain in inside), tuple(position for position, _ in inside)))
    return tuple(made)


ALIASES = ("identity", "drop_path")
"""Ops whose output is their input while a supernet is searched."""


@PASSES.entry("native")
def native_groups(plan: Plan) -> Plan:
    """The plan in which chains run in the compiled kernel; the plan itself where that has not been built."""
    return plan if loaded() is None else grouped(plan)


def grouped(plan: Plan) -> Plan:
    """The plan in which chains run in groups."""
    plan = without_zeros(_without_aliases(plan))
    finder = Finder(plan)
    mixes = {step.output: made for step in plan.steps if isinstance(step, Mix) and (made := _mix(step, finder))}
    taken = {op.output for made in mixes.values() for op in made.parts}
    chains = _chains(plan, finder, taken)
    taken |= {op.output for made in chains.values() for op in made.parts}
    fused: dict[Slot, Step] = {**mixes, **chains}
    left = [step for step in plan.steps if step.outputs[0] in fused or step.outputs[0] not in taken]
    return with_steps(plan, [fused.get(step.outputs[0], step) for step in left], {})


def _without_aliases(plan: Plan) -> Plan:
    plan = in_bodies(_without_aliases, plan)
    names: dict[Slot, Slot] = {}
    steps: list[Step] = []
    for step in plan.steps:
        step = renamed(step, names)
        if isinstance(step, RunOp) and step.op in ALIASES:
            names[step.output] = step.inputs[0]
        else:
            steps.append(step)
    return with_steps(plan, steps, names)


def _mix(step: Mix, finder: Finder) -> Native | None:
    """The mix with its chains; None where none of its alternatives is one."""
    groups = groups_of(step, finder)
    parts = tuple(op for group in groups for chain in group.chains for op in chain.ops)
    return Native((*parts, step), (step.output,)) if parts else None


def _chains(plan: Plan, finder: Finder, taken: Iterable[Slot]) -> dict[Slot, Native]:
    """What is left of chains that end in batch norm, the longest first."""
    found: dict[Slot, Native] = {}
    gone = set(taken)
    for step in reversed(plan.steps):
        if not isinstance(step, RunOp) or step.op != "bn" or step.output in gone:
            continue
        chain = finder.chain(step.output)
        if chain.units and all(unit.weighs for unit in chain.units):
            gone |= {op.output for op in chain.ops}
            found[step.output] = Native(chain.ops, (step.output,))
    return found
