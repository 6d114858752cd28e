"""Reductions of the grammar to statements and items."""

from __future__ import annotations

from hypercuboid.diagnostics import Diagnostic, Label
from hypercuboid.frontend import ast
from hypercuboid.frontend.tokens import Token
from hypercuboid.frontend.tree import Children, Piece, Reduction
from hypercuboid.frontend.tree_expressions import integer

EDITION = 1


def _module(c: Children) -> ast.Module:
    edition, *rest = c.nodes
    uses = tuple(one for one in rest if isinstance(one, ast.Use))
    items = tuple(one for one in rest if not isinstance(one, ast.Use))
    first = c.parts[0]
    assert isinstance(first, Piece)
    number, doc = edition
    return ast.Module(c.source, number, uses, items, doc)


def _pragma(c: Children) -> tuple[int, str]:
    return integer(c, c.tokens("INT")[0]), c.doc


def _use(c: Children) -> ast.Use:
    library, path = c.nodes[0]
    names = c.tokens("NAME")
    alias = c.after("AS")
    if alias is not None:
        names = names[1:]
    used = tuple(ast.UsedName(c.at(name), name.text) for name in names)
    return ast.Use(c.span, library, path, alias.text if alias is not None else None, used, c.doc)


def _path(c: Children) -> tuple[tuple[str, ...], str | None]:
    texts = c.tokens("STRING")
    return ((), texts[0].text[1:-1]) if texts else (tuple(c.names()), None)


def _param(c: Children) -> ast.Param:
    return ast.Param(c.span, c.names()[0], c.after("COLON"), c.after("EQUAL"), c.after("IN"), c.doc)


def _let(c: Children) -> ast.Let:
    return ast.Let(c.span, c.names()[0], c.nodes[0], c.doc)


def _cell(c: Children) -> ast.Cell:
    return ast.Cell(c.span, c.names()[0], c.nodes[0], c.doc)


def _definition(is_space: bool) -> Reduction:
    def reduce(c: Children) -> ast.BlockDefinition:
        *formals, inputs, (statements, result) = c.nodes
        given = formals[0] if formals else ()
        return ast.BlockDefinition(c.span, c.names()[0], is_space, given, inputs, statements, result, c.doc)

    return reduce


def _formal(c: Children) -> ast.Formal:
    name = c.tokens("NAME")[0]
    if name.word:
        message = f"`{name.text}` is a word of the language and cannot name a parameter"
        c.report("HC1003", message, c.at(name), help="choose another name")
    return ast.Formal(c.span, name.text, c.after("COLON"), c.after("EQUAL"))


def _input(c: Children) -> ast.Input:
    return ast.Input(c.span, c.names()[0], c.after("COLON"))


def _type(c: Children) -> ast.TypeRef:
    return ast.TypeRef(c.span, c.tokens("NAME", "BLOCK")[0].text, c.nodes)


def _body(c: Children) -> tuple[tuple[ast.Statement, ...], ast.Expr]:
    *statements, result = c.nodes
    return tuple(statements), result


def _share(c: Children) -> ast.Share:
    *indices, value = c.nodes
    return ast.Share(c.span, c.names()[0], tuple(indices), value, c.doc)


def _node(c: Children) -> ast.Node:
    *indices, value = c.nodes
    return ast.Node(c.span, c.names()[0], tuple(indices), value, c.doc)


def _require(c: Children) -> ast.Require:
    texts = c.tokens("STRING")
    return ast.Require(c.span, c.nodes[0], texts[0].text[1:-1] if texts else None, c.doc)


def _cuboid(c: Children) -> ast.Cuboid:
    source, *rest, result = c.nodes
    axes = tuple(one for one in rest if isinstance(one, ast.StateAxis | ast.DepthAxis | ast.ChoiceAxis))
    lets = tuple(one for one in rest if isinstance(one, ast.Let))
    compete = next((one.value for one in rest if isinstance(one, _Compete)), None)
    return ast.Cuboid(c.span, c.names()[0], source, axes, compete, lets, result, c.doc)


class _Compete:
    def __init__(self, value: ast.Expr) -> None:
        self.value = value


def _state(c: Children) -> ast.StateAxis:
    first, second = c.names()
    return ast.StateAxis(c.span, first, second, c.nodes[0], c.after("WHERE"))


def _choice(c: Children) -> ast.ChoiceAxis:
    return ast.ChoiceAxis(c.span, c.names()[0], c.nodes[0], c.after("WHERE"))


def _arch(c: Children) -> ast.Arch:
    name, space = c.names()
    arguments = next((piece.node for piece in c.pieces if isinstance(piece.node, tuple)), ())
    picks = c.of(ast.Pick)
    return ast.Arch(c.span, name, space, arguments, bool(c.tokens("PARTIAL")), picks, c.doc)


def _pick(keeps: bool) -> Reduction:
    def reduce(c: Children) -> ast.Pick:
        site, (kept, is_list) = c.nodes
        return ast.Pick(c.span, keeps, site, kept, is_list, c.doc)

    return reduce


def _site(c: Children) -> ast.Site:
    return ast.Site(c.span, c.names()[0], c.nodes)


def _coordinate(c: Children) -> ast.Coordinate:
    names = c.names()
    return ast.Coordinate(c.span, names[0] if names else None, c.nodes[0])


def _kept(c: Children) -> tuple[tuple[ast.Kept, ...], bool]:
    piece = c.pieces[0]
    if isinstance(piece.node, ast.ListOf) and not piece.grouped:
        return tuple(ast.Kept(item.span, None, item) for item in piece.node.items), True
    return (ast.Kept(c.span, None, piece.node),), False


def _pair(c: Children) -> tuple[tuple[ast.Kept, ...], bool]:
    key, value = c.nodes
    return (ast.Kept(c.span, key, value),), False


def _kept_many(c: Children) -> tuple[tuple[ast.Kept, ...], bool]:
    return tuple(kept for pair, _ in c.nodes for kept in pair), True


def _search(c: Children) -> ast.Search:
    names = c.names()
    return ast.Search(c.span, names[0], names[1] if len(names) > 1 else None, _once(c), c.doc)


def _once(c: Children) -> tuple[ast.Setting, ...]:
    """The settings; one that stands twice is reported."""
    first: dict[str, ast.Setting] = {}
    for setting in c.nodes:
        if setting.name in first:
            label = Label(first[setting.name].span, "first set here")
            message = f"`{setting.name}` is set twice"
            c.problems.append(
                Diagnostic("HC2015", message, setting.span, secondary=(label,), help="leave one of them out")
            )
        first.setdefault(setting.name, setting)
    return c.nodes


def _index(c: Children) -> ast.FamilyIndex:
    names = c.names()
    return ast.FamilyIndex(c.span, names[0] if names else None, c.nodes[0])


def _size(c: Children) -> int:
    token = c.parts[0]
    assert isinstance(token, Token)
    return integer(c, token)


ITEMS: dict[str, Reduction] = {
    "start": _module,
    "pragma": _pragma,
    "use": _use,
    "path": _path,
    "param": _param,
    "let": _let,
    "cell": _cell,
    "block": _definition(False),
    "space": _definition(True),
    "formals": lambda c: c.nodes,
    "formal": _formal,
    "inputs": lambda c: c.nodes,
    "input": _input,
    "type": _type,
    "size": _size,
    "body": _body,
    "share": _share,
    "node": _node,
    "bind": _index,
    "at": _index,
    "aux": lambda c: ast.Aux(c.span, c.nodes[0], c.doc),
    "out": lambda c: c.nodes[0],
    "require": _require,
    "cuboid": _cuboid,
    "state": _state,
    "depth": lambda c: ast.DepthAxis(c.span, c.names()[0], c.nodes[0]),
    "choice": _choice,
    "compete": lambda c: _Compete(c.nodes[0]),
    "arch": _arch,
    "pick": _pick(False),
    "keep": _pick(True),
    "site": _site,
    "part": lambda c: ast.SitePart(c.span, c.names()[0]),
    "part_beside": lambda c: ast.SitePart(c.span, c.names()[0], ", "),
    "part_count": lambda c: ast.SitePart(c.span, c.tokens("COUNT")[0].text, ""),
    "index_at": lambda c: ast.SiteIndex(c.span, c.nodes),
    "coordinate": _coordinate,
    "kept": _kept,
    "pair": _pair,
    "kept_many": _kept_many,
    "search": _search,
    "setting": lambda c: ast.Setting(c.span, c.names()[0], c.nodes[0]),
}
