"""The notation of DARTS: `Genotype(normal=[('sep_conv_3x3', 0), ...], normal_concat=[2, 3, 4, 5], reduce=..., ...)`.

Each cell of the space is a field of its name in small letters: the pairs (primitive, source) of its nodes, one node
after the other, and beside it `CELL_concat`, the nodes that the cell concatenates. A source is the number of a node, 0
and 1 the inputs of the cell. `layout = 'cell'` may stand beside them, as in the genotypes of sharpDARTS.

The recurrent cell of DARTS is `Genotype(recurrent=[('sigmoid', 0), ...], concat=range(1, 9))`: source 0 is its state
after the input, and `concat` are the nodes whose mean it gives.
"""

from __future__ import annotations

from hypercuboid.diagnostics import Source, Span, error
from hypercuboid.frontend.elaborated import Decided, Elaborated, Kept, KeptPath, Label, label_text
from hypercuboid.frontend.points import Point
from hypercuboid.graph.notations.base import Decide, Notation, Reading
from hypercuboid.graph.notations.cells import CellNode, cell_fields, cell_nodes, concatenated
from hypercuboid.graph.notations.literals import Literal, read_literal
from hypercuboid.registry import suggestion

EXAMPLE = "Genotype(normal=[('sep_conv_3x3', 0), ...], normal_concat=[2, 3, 4, 5], reduce=[...], reduce_concat=[...])"
PUBLISHED = ("normal", "normal_concat", "reduce", "reduce_concat", "layout")
"""The fields in the order of the published tuple, for values without a name."""
RECURRENT = ("recurrent", "concat")


def read(source: Source, points: tuple[Point, ...], decide: Decide) -> Reading:
    """The decisions of a genotype; HC1040 and HC5031 at their place."""
    name, genotype = read_literal(source, "genotype")
    nodes = cell_nodes(points)
    cells = cell_fields(nodes)
    fields = _fields(genotype, RECURRENT if "recurrent" in cells else PUBLISHED)
    _same_fields(fields, cells, genotype.span)
    decided = tuple(one for field, cell in cells.items() for one in _cell(fields[field], field, cell, nodes))
    open_names = {point.name for point in points} - {one.name for one in decided}
    if open_names:
        raise error("HC5031", f"a genotype does not decide `{min(open_names)}`", help="write an `arch` for this space")
    architecture = decide(decided)
    for field, cell in cells.items():
        if _concat(field) in fields:
            _same_concat(fields[_concat(field)], cell or field, concatenated(architecture, cell))
    return Reading(decided, name.rpartition(".")[2])


def _concat(field: str) -> str:
    """The field that says what the cell of a field concatenates."""
    return "concat" if field == "recurrent" else f"{field}_concat"


def _fields(genotype: Literal, published: tuple[str, ...]) -> dict[str, Literal]:
    """The fields by name."""
    if genotype.name.rpartition(".")[2] != "Genotype" or genotype.items is None:
        raise error("HC1040", "this is no genotype", genotype.span, help=f"write {EXAMPLE}")
    if len(genotype.items) > len(published):
        raise error(
            "HC1040",
            f"a genotype has at most {len(published)} fields",
            genotype.items[-1].span,
            help=f"write {EXAMPLE}",
        )
    fields = dict(zip(published, genotype.items, strict=False))
    for name, value in genotype.fields:
        if name in fields:
            raise error("HC1040", f"the field `{name}` stands twice in this genotype", value.span, help="leave one out")
        fields[name] = value
    layout = fields.pop("layout", None)
    if layout is not None and layout.value != "cell":
        raise error("HC1040", "only genotypes of cells are read", layout.span, help="`layout` must be 'cell'")
    return fields


def _same_fields(fields: dict[str, Literal], cells: dict[str, str], span: Span) -> None:
    if not cells:
        help = "write an `arch` for this space"
        raise error("HC5031", "this space has no cells that a genotype describes", span, help=help)
    known = [*cells, *map(_concat, cells)]
    for name, value in fields.items():
        if name not in known:
            message = f"this space has no cell for the field `{name}`"
            raise error("HC5031", message, value.span, help=suggestion(name, known))
    for field, cell in cells.items():
        if field not in fields:
            help = f"add `{field}=[...]`"
            raise error(
                "HC5031", f"the genotype has no field `{field}` for the cell `{cell or field}`", span, help=help
            )


# ---------------------------------------------------------------- pairs


def _cell(value: Literal, field: str, cell: str, nodes: tuple[CellNode, ...]) -> list[Decided]:
    """The decisions of one cell."""
    own = [node for node in nodes if node.cell == cell]
    pairs = [_pair(one) for one in _list(value)]
    wanted = sum(node.pairs for node in own)
    if len(pairs) != wanted:
        message = f"`{field}` has {len(pairs)} pairs; the {len(own)} nodes of `{cell}` take {wanted}"
        raise error("HC5031", message, value.span, help=f"write {wanted} pairs, those of one node after the other")
    decided = []
    for node in own:
        decided.append(_decided(node, pairs[: node.pairs]))
        pairs = pairs[node.pairs :]
    return decided


def _list(value: Literal) -> tuple[Literal, ...]:
    if value.items is None or value.name:
        raise error("HC1040", "a list is due here", value.span, help=f"write {EXAMPLE}")
    return value.items


def _pair(value: Literal) -> tuple[Literal, Literal]:
    parts = value.items if value.items is not None and not value.name else ()
    if len(parts) == 2 and isinstance(parts[0].value, str) and isinstance(parts[1].value, int):
        return parts[0], parts[1]
    raise error("HC1040", "a pair is a primitive and a source", value.span, help="write ('sep_conv_3x3', 0)")


def _decided(node: CellNode, pairs: list[tuple[Literal, Literal]]) -> Decided:
    """The decision of one node; the order of the pairs stays."""
    read = [(*_checked(node, primitive, source), source) for primitive, source in pairs]
    if not node.is_top:
        keys = [point.key for point in node.points]
        return Decided(node.decision, {key: ((j, op),) for key, (op, j, _) in zip(keys, read, strict=True)})
    kept: dict[tuple[Label, ...], tuple[Kept, ...]] = {}
    for primitive, number, source in read:
        if (number,) in kept:
            message = f"node {node.index} of `{node.cell}` takes source {number} twice; it adds different ones"
            raise error("HC5031", message, source.span, help="name another source")
        kept[number,] = ((primitive,),)
    return Decided(node.decision, {**kept, **{p.key: () for p in node.points if p.key not in kept}})


def _checked(node: CellNode, primitive: Literal, source: Literal) -> tuple[str, int]:
    """The primitive and the source of a pair, which the node has."""
    assert isinstance(primitive.value, str)
    assert isinstance(source.value, int)
    if source.value not in node.sources:
        known = ", ".join(map(label_text, node.sources))
        message = f"node {node.index} of `{node.cell}` has no source {source.value}"
        raise error("HC5031", message, source.span, notes=(f"its sources: {known}",), help="name one of these")
    known_here = [label_text(label) for label in node.primitives(source.value)]
    if primitive.value not in known_here:
        message = f"`{primitive.value}` is no primitive of this space"
        raise error("HC5031", message, primitive.span, help=suggestion(primitive.value, known_here))
    return primitive.value, source.value


# ---------------------------------------------------------------- what is concatenated


def _same_concat(value: Literal, cell: str, ours: tuple[int, ...] | None) -> None:
    theirs = _numbers(value)
    if ours is not None and sorted(theirs) != sorted(ours):
        message = f"`{cell}` concatenates the nodes {_listed(ours)} with these pairs, not {_listed(theirs)}"
        raise error("HC5031", message, value.span, help=f"write [{', '.join(map(str, ours))}]")


def _numbers(value: Literal) -> tuple[int, ...]:
    """The numbers of `[2, 3, 4, 5]` or `range(2, 6)`."""
    numbers = [item.value for item in value.items or () if isinstance(item.value, int)]
    complete = value.items is not None and len(numbers) == len(value.items) and not value.fields
    if complete and not value.name:
        return tuple(numbers)
    if complete and value.name == "range" and len(numbers) == 2 and max(numbers) < 1000:
        return tuple(range(*numbers))
    raise error("HC1040", "the numbers of nodes are due here", value.span, help="write [2, 3, 4, 5] or range(2, 6)")


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "none"


# ---------------------------------------------------------------- writing


def write(architecture: Elaborated, points: tuple[Point, ...], name: str) -> str:
    """The genotype of an architecture; HC8003 where it keeps what no genotype can say."""
    nodes, decided = cell_nodes(points), {one.name: one for one in architecture.decided}
    fields = {cell: field for field, cell in cell_fields(nodes).items()}
    strange = {point.name for point in points} - {node.decision for node in nodes if node.cell in fields}
    if strange or not nodes:
        what = f"decides `{min(strange)}`" if strange else "decides nothing"
        raise error("HC8003", f"`{name}` {what}, which no genotype says", help="its `arch` text says all of it")
    pairs: dict[str, list[str]] = {}
    for node in nodes:
        pairs.setdefault(node.cell, []).extend(_written(node, decided.get(node.decision), name))
    texts = []
    for cell, listed in pairs.items():
        texts.append(f"{fields[cell]}=[{', '.join(listed)}]")
        texts.append(f"{_concat(fields[cell])}={list(concatenated(architecture, cell) or ())}")
    return f"{name} = Genotype({', '.join(texts)})"


def _written(node: CellNode, decided: Decided | None, name: str) -> list[str]:
    """The pairs of one node, in the order in which they are kept."""
    kept = {} if decided is None else decided.kept
    keys = [key for key in kept if kept[key]] if node.is_top else [point.key for point in node.points]
    if len(keys) != node.pairs or any(len(kept.get(key, ())) != 1 for key in keys):
        message = f"`{name}` does not keep {node.pairs} pairs in `{node.decision}`, as a genotype does"
        raise error("HC8003", message, help="its `arch` text says what it keeps")
    return [_pair_text(node, key, kept[key][0]) for key in keys]


def _pair_text(node: CellNode, key: tuple[Label, ...], kept: Kept) -> str:
    assert not isinstance(kept, KeptPath)
    source, primitive = (key[-1], kept[0]) if node.is_top else kept
    return f"({primitive!r}, {source!r})"


GENOTYPE = Notation("the `Genotype(...)` of DARTS", read, write)
