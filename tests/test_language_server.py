"""The language server through its protocol: a real process over stdio, as an editor starts it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from language_client import Client, editor

from hypercuboid.editing.positions import Position, Positions
from hypercuboid.resources import resource

BLOCKS = """hypercuboid 1
use std.ops { conv, relu }

## A layer.
block Layer(c: int, k: int = 3) on x { out x -> conv(c, k) -> relu }
"""
SPACE = """hypercuboid 1
use std.ops { gap, linear }
use "./blocks.hc" { Layer }

## Two layers.
space Net(c: int = 8) on x: image(3, 8, 8) {
  # 😀 a comment
  let a = x -> Layer(c)
  let b = a -> choose k { small: Layer(c, k = 1), large: Layer(c, k = 5) }
  out b -> gap -> linear(10)
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace").resolve()
    (folder / "blocks.hc").write_text(BLOCKS, encoding="utf-8")
    (folder / "net.hc").write_text(SPACE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Client]:
    with editor(folder) as client:
        yield client


@pytest.fixture
def net(client: Client, folder: Path) -> Iterator[str]:
    uri = client.open(folder / "net.hc")
    client.diagnostics(uri, lambda found: not found)
    yield uri
    client.notify("textDocument/didClose", textDocument={"uri": uri})


def at(text: str, part: str, shift: int = 0) -> dict[str, int]:
    place = Positions(text).position(text.index(part) + shift)
    return {"line": place.line, "character": place.character}


def asked(client: Client, method: str, uri: str, part: str, shift: int = 0, text: str = SPACE, **more: Any) -> Any:
    position = at(text, part, shift)
    return client.ask(f"textDocument/{method}", textDocument={"uri": uri}, position=position, **more)


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    positions = Positions(text)
    for one in sorted(edits, key=lambda edit: tuple(edit["range"]["start"].values()), reverse=True):
        start, end = (positions.offset(Position(**one["range"][side])) for side in ("start", "end"))
        text = text[:start] + one["newText"] + text[end:]
    return text


def test_mistakes_come_while_one_types_and_go(client: Client, net: str) -> None:
    client.change(net, SPACE.replace("gap ->", "gp ->"))
    (found,) = client.diagnostics(net, bool)
    assert found["code"] == "HC2001" and "`gp` is not defined" in found["message"]
    assert found["range"]["start"] == at(SPACE, "gap ->")
    client.change(net, SPACE.replace("linear(10)", "linear(10) -> gap"))
    (found,) = client.diagnostics(net, lambda found: found != [] and found[0]["code"] != "HC2001")
    assert found["code"].startswith("HC3"), "what elaboration finds"
    version = client.change(net, SPACE)
    assert client.diagnostics(net, lambda found: not found, version) == [], "of the version that was sent"


def test_an_unsaved_import_is_read(client: Client, net: str, folder: Path) -> None:
    text = BLOCKS.replace("k: int = 3", "kernel: int = 3").replace("c, k)", "c, kernel)")
    blocks = client.open(folder / "blocks.hc", text)
    found = client.diagnostics(net, bool)
    assert {one["code"] for one in found} == {"HC3013"}
    client.notify("textDocument/didClose", textDocument={"uri": blocks})
    client.change(net, SPACE)
    assert client.diagnostics(net, lambda found: not found) == []


def test_hover_has_shapes_weights_and_documentation(client: Client, net: str) -> None:
    layer = asked(client, "hover", net, "Layer(c)")["contents"]["value"]
    assert "block Layer(c: int, k: int = 3) on x" in layer and "A layer." in layer
    assert "(3, 8, 8) -> (8, 8, 8), 216 parameters" in layer
    choice = asked(client, "hover", net, "choose k")["contents"]["value"]
    assert "= 2 weights" in choice
    space = asked(client, "hover", net, "Net(c")["contents"]["value"]
    assert "2 weights in 1 group, 2 architectures" in space
    assert asked(client, "hover", net, "# 😀 a comment", 4) is None


def test_definition_goes_through_imports(client: Client, net: str, folder: Path) -> None:
    found = asked(client, "definition", net, "Layer(c)")
    assert found["uri"] == (folder / "blocks.hc").as_uri()
    assert found["range"]["start"] == at(BLOCKS, "Layer(c: int")
    found = asked(client, "definition", net, "b -> gap")
    assert found["uri"] == net and found["range"]["start"] == at(SPACE, "b = a")


def test_definition_goes_into_the_standard_library(client: Client) -> None:
    path = resource("spaces", "darts.hc").resolve()
    text = path.read_text(encoding="utf-8")
    uri = client.open(path)
    found = asked(client, "definition", uri, "darts_primitives", text=text)
    assert found["uri"] == resource("spaces", "std", "darts.hc").resolve().as_uri()
    client.notify("textDocument/didClose", textDocument={"uri": uri})


def test_rename_goes_through_imports(client: Client, net: str, folder: Path) -> None:
    assert asked(client, "prepareRename", net, "Layer(c)") is not None
    changes = asked(client, "rename", net, "Layer(c)", newName="Unit")["changes"]
    assert applied(SPACE, changes[net]) == SPACE.replace("Layer", "Unit")
    assert applied(BLOCKS, changes[(folder / "blocks.hc").as_uri()]) == BLOCKS.replace("Layer", "Unit")
    position = at(SPACE, "c: int")
    refused = client.answer("textDocument/rename", textDocument={"uri": net}, position=position, newName="a")
    assert "`a`" in refused["error"]["message"]


def test_completion_proposes_what_may_stand_there(client: Client, net: str) -> None:
    text = SPACE.replace("out b", "out b -> li")
    client.change(net, text)
    found = {one["label"]: one for one in asked(client, "completion", net, "-> li", 5, text)}
    assert {"linear", "a", "b", "c", "x", "Layer", "choose"} <= set(found)
    edit = found["conv"]["additionalTextEdits"]
    assert "use std.ops { gap, linear, conv }" in applied(text, edit)
    client.change(net, SPACE)


def test_formatting_is_that_of_fmt(client: Client, net: str) -> None:
    untidy = SPACE.replace("let a = x", "let   a=x")
    client.change(net, untidy)
    options = {"tabSize": 2, "insertSpaces": True}
    edits = client.ask("textDocument/formatting", textDocument={"uri": net}, options=options)
    assert applied(untidy, edits) == SPACE
    client.change(net, SPACE)
    assert client.ask("textDocument/formatting", textDocument={"uri": net}, options=options) == []


def test_symbols_are_the_outline(client: Client, net: str) -> None:
    (found,) = client.ask("textDocument/documentSymbol", textDocument={"uri": net})
    assert found["name"] == "Net" and [one["name"] for one in found["children"]] == ["a", "b"]


def test_a_fix_writes_what_was_meant(client: Client, net: str) -> None:
    wrong = SPACE.replace("-> gap ->", "-> gpa ->")
    client.change(net, wrong)
    (found,) = client.diagnostics(net, lambda found: bool(found) and "gpa" in found[0]["message"])
    context = {"diagnostics": [found]}
    (action,) = client.ask("textDocument/codeAction", textDocument={"uri": net}, range=found["range"], context=context)
    assert action["title"] == "change `gpa` to `gap`"
    assert applied(wrong, action["edit"]["changes"][net]) == SPACE


def test_nothing_that_is_sent_kills_the_server(client: Client, net: str, folder: Path) -> None:
    hostile = [
        "",
        "\0",
        "hypercuboid 1\n" + "(" * 5000,
        'hypercuboid 1\nuse "/etc/passwd" { a }\nblock B( on',
        SPACE[:-30],
        "x" * 2_000_000,
        SPACE.replace("\n", "\r\n"),
        SPACE.replace("\n", "\u2028"),
    ]
    for text in hostile:
        client.change(net, text)
        for part in ("hover", "definition", "completion", "prepareRename"):
            client.answer(f"textDocument/{part}", textDocument={"uri": net}, position={"line": 1, "character": 7})
        client.ask("textDocument/documentSymbol", textDocument={"uri": net})
    client.send(b"{no json")
    client.send(b'{"jsonrpc": "2.0", "id": 5000, "method": "textDocument/hover", "params": {"textDocument": 3}}')
    client.answer(
        "textDocument/hover", textDocument={"uri": (folder / "none.hc").as_uri()}, position={"line": 9, "character": 9}
    )
    client.change(net, SPACE.replace("gap ->", "gp ->"))
    client.diagnostics(net, lambda found: len(found) == 1 and found[0]["code"] == "HC2001")


def test_positions_are_counted_as_agreed(folder: Path) -> None:
    text = SPACE.replace("  let a = x", '  require c > 0 else "😀" let a = y')
    for encoding, units in (("utf-8", 4), ("utf-16", 2), ("utf-32", 1)):
        with editor(folder, (encoding,)) as client:
            uri = client.open(folder / "net.hc", text)
            (found,) = client.diagnostics(uri, bool)
            assert found["range"]["start"]["character"] == len('  require c > 0 else "" let a = ') + units


PICKED = (
    SPACE
    + """
## What is kept.
arch Small of Net() { pick b.k = small }
"""
)


def test_rename_goes_into_picks(client: Client, net: str) -> None:
    client.change(net, PICKED)
    changes = asked(client, "rename", net, "b = a", text=PICKED, newName="body")["changes"]
    renamed = PICKED.replace("let b =", "let body =").replace("out b", "out body").replace("pick b.k", "pick body.k")
    assert applied(PICKED, changes[net]) == renamed
    changes = asked(client, "rename", net, "Net(c: int", text=PICKED, newName="Whole")["changes"]
    assert applied(PICKED, changes[net]) == PICKED.replace("Net(", "Whole(")
    client.change(net, SPACE)


def test_completion_of_what_is_imported(client: Client, net: str, folder: Path) -> None:
    (folder / "more").mkdir(exist_ok=True)
    (folder / "more" / "deep.hc").write_text(BLOCKS, encoding="utf-8")
    (folder / "notes.txt").write_text("no space", encoding="utf-8")

    def proposed(use: str) -> dict[str, str]:
        text = SPACE.replace('use "./blocks.hc" { Layer }', use)
        client.change(net, text)
        found = asked(client, "completion", net, use, len(use), text)
        return {one["label"]: one.get("detail", "") for one in found}

    assert set(proposed('use "./')) == {"blocks.hc", "more/"}
    assert set(proposed('use "./more/')) == {"deep.hc"}
    assert set(proposed('use "../')) == set(), "imports stay below the file"
    assert {"std.ops", "std.blocks", "std.darts"} <= set(proposed("use s"))
    assert {"conv", "bn"} <= set(proposed("use std.ops { gap, "))
    assert "Layer" in proposed('use "./blocks.hc" { L')
    client.change(net, SPACE)
