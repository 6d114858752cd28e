"""Statements, items and files to text; see `printer.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypercuboid.frontend import ast
from hypercuboid.frontend.layout import HARD, Doc, Nest, joined, listed
from hypercuboid.frontend.printer import arguments_doc, documented, expression_doc, let_doc


def module_doc(module: ast.Module) -> Doc:
    docs: list[Doc] = [documented(module.doc), f"hypercuboid {module.edition}", HARD]
    for use in module.uses:
        docs += [_use(use), HARD]
    before: ast.Item | None = None
    for item in module.items:
        together = isinstance(item, ast.Param | ast.Let) and type(item) is type(before) and not item.doc
        docs += [[] if together else HARD, item_doc(item), HARD]
        before = item
    return docs


def item_doc(item: ast.Item | ast.Statement) -> Doc:
    return [documented(item.doc), _RULES[type(item)](item)]


def _use(use: ast.Use) -> Doc:
    what = f'"{use.path}"' if use.path is not None else ".".join(use.library)
    alias = f" as {use.alias}" if use.alias is not None else ""
    names = f" {{ {', '.join(one.name for one in use.names)} }}" if use.names else ""
    return [documented(use.doc), f"use {what}{alias}{names}"]


def _param(item: ast.Param) -> Doc:
    ends = [] if item.range is None else [" in ", expression_doc(item.range)]
    return [f"param {item.name}: {_type(item.type)} = ", expression_doc(item.default), ends]


def _type(type: ast.TypeRef) -> str:
    if not type.arguments:
        return type.name
    inner = [str(one) if isinstance(one, int) else _type(one) for one in type.arguments]
    return f"{type.name}({', '.join(inner)})"


def _definition(item: ast.BlockDefinition) -> Doc:
    formals = listed("(", [_formal(one) for one in item.formals], ")")
    inputs = ", ".join(one.name if one.type is None else f"{one.name}: {_type(one.type)}" for one in item.inputs)
    word = "space" if item.is_space else "block"
    body: list[Doc] = []
    for statement in item.statements:
        body += [HARD, item_doc(statement)]
    return [f"{word} {item.name}", formals, f" on {inputs} {{", Nest([body, HARD, _out(item.result)]), HARD, "}"]


def _formal(formal: ast.Formal) -> Doc:
    type = "" if formal.type is None else f": {_type(formal.type)}"
    return [formal.name, type, [] if formal.default is None else [" = ", expression_doc(formal.default)]]


def _out(result: ast.Expr) -> Doc:
    return ["out ", expression_doc(result)]


def _cell(item: ast.Cell) -> Doc:
    return [f"cell {item.name} = ", expression_doc(item.value)]


def _family(word: str) -> Callable[[Any], Doc]:
    def doc(item: ast.Node | ast.Share) -> Doc:
        indices = [[[] if one.name is None else f"{one.name} in ", expression_doc(one.value)] for one in item.indices]
        brackets = ["[", joined(", ", indices), "]"] if indices else []
        return [f"{word} {item.name}", brackets, " = ", expression_doc(item.value)]

    return doc


def _aux(item: ast.Aux) -> Doc:
    return ["aux ", expression_doc(item.value)]


def _require(item: ast.Require) -> Doc:
    return ["require ", expression_doc(item.condition), "" if item.message is None else f' else "{item.message}"']


def _cuboid(item: ast.Cuboid) -> Doc:
    docs: list[Doc] = []
    for axis in item.axes:
        docs += [HARD, _axis(axis)]
    if item.compete is not None:
        docs += [HARD, "compete per ", expression_doc(item.compete)]
    for let in item.lets:
        docs += [HARD, let_doc(let)]
    source = expression_doc(item.source)
    return [f"cuboid {item.name} from ", source, " {", Nest([docs, HARD, _out(item.result)]), HARD, "}"]


def _axis(axis: ast.StateAxis | ast.DepthAxis | ast.ChoiceAxis) -> Doc:
    domain = [" in ", expression_doc(axis.domain)]
    if isinstance(axis, ast.DepthAxis):
        return [f"depth {axis.name}", domain]
    head = f"state ({axis.first}, {axis.second})" if isinstance(axis, ast.StateAxis) else f"choice {axis.name}"
    return [head, domain, [] if axis.where is None else [" where ", expression_doc(axis.where)]]


def _arch(item: ast.Arch) -> Doc:
    partial = " partial" if item.partial else ""
    head = [f"arch {item.name} of {item.space}", arguments_doc(item.arguments), f"{partial} {{"]
    docs: list[Doc] = []
    for pick in item.picks:
        docs += [HARD, documented(pick.doc), pick_doc(pick)]
    return [head, Nest(docs), HARD, "}"]


def pick_doc(pick: ast.Pick) -> Doc:
    kept = [_kept(one, pick.is_list) for one in pick.kept]
    shown = ["[", joined(", ", kept), "]"] if pick.is_list else kept
    return ["keep " if pick.keeps else "pick ", pick.site.name, [_step(one) for one in pick.site.steps], " = ", shown]


def _kept(kept: ast.Kept, in_list: bool) -> Doc:
    value = expression_doc(kept.value)
    if kept.key is not None:
        return [expression_doc(kept.key), ": ", value]
    return ["(", value, ")"] if isinstance(kept.value, ast.ListOf) and not in_list else value


def _step(step: ast.SitePart | ast.SiteIndex) -> Doc:
    if isinstance(step, ast.SitePart):
        return f".{step.name}"
    inner = [[[] if c.name is None else f"{c.name} = ", expression_doc(c.value)] for c in step.coordinates]
    return ["[", joined(", ", inner), "]"]


def _search(item: ast.Search) -> Doc:
    of = "" if item.space is None else f" of {item.space}"
    docs: list[Doc] = [[HARD, f"{one.name} = ", expression_doc(one.value)] for one in item.settings]
    return [f"search {item.name}{of} {{", Nest(docs), HARD, "}"]


_RULES: dict[type, Callable[[Any], Doc]] = {
    ast.Param: _param,
    ast.Let: lambda item: [f"let {item.name} = ", expression_doc(item.value)],
    ast.BlockDefinition: _definition,
    ast.Cell: _cell,
    ast.Share: _family("share"),
    ast.Node: _family("node"),
    ast.Aux: _aux,
    ast.Require: _require,
    ast.Cuboid: _cuboid,
    ast.Arch: _arch,
    ast.Search: _search,
}
