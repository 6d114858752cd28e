"""Files and what they use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.frontend.modules import BoundItem, BoundNamespace, BoundOp, LoadedModule, load_module, load_text
from hypercuboid.ops import OPS

HEAD = "hypercuboid 1\n"


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.hc").write_text(HEAD + text, encoding="utf-8")
    return folder


def problems(path: Path, root: Path | None = None) -> tuple[Diagnostic, ...]:
    with pytest.raises(HypercuboidError) as caught:
        load_module(path, root)
    return caught.value.diagnostics


def codes(path: Path, root: Path | None = None) -> list[str]:
    return [one.code for one in problems(path, root)]


def test_names_come_from_items_ops_libraries_and_files(tmp_path: Path) -> None:
    write(tmp_path, b="block B() on x { out x }\nlet k = 3")
    write(tmp_path, a='use std.ops { conv }\nuse std.blocks { Fit }\nuse "./b.hc" as mine { B }\nlet k = 4')
    loaded = load_module(tmp_path / "a.hc")
    assert list(loaded.names) == ["conv", "Fit", "mine", "B", "k"]
    assert loaded.names["conv"] == BoundOp("conv")
    block, mine, own = loaded.names["B"], loaded.names["mine"], loaded.names["k"]
    assert isinstance(mine, BoundNamespace) and isinstance(block, BoundItem) and isinstance(own, BoundItem)
    assert block.module is mine.module and "k" in mine.module.names
    assert own.module is loaded
    assert loaded.places["conv"].text == "conv" and loaded.places["k"].text == "k"


def test_every_callable_op_can_be_used() -> None:
    names = [name for name in OPS if OPS[name].callable]
    loaded = load_text(f"{HEAD}use std.ops {{ {', '.join(names)} }}")
    assert list(loaded.names) == names


def test_a_file_is_loaded_once(tmp_path: Path) -> None:
    write(tmp_path, c="let k = 3", b='use "./c.hc" { k }\nlet j = k', a='use "./b.hc" { j }\nuse "./c.hc" { k }')
    loaded = load_module(tmp_path / "a.hc")
    j, k = loaded.names["j"], loaded.names["k"]
    assert isinstance(j, BoundItem) and isinstance(k, BoundItem)
    assert j.module.names["k"] == k


def test_doubles_are_errors_with_both_places(tmp_path: Path) -> None:
    write(tmp_path, a="use std.ops { conv, conv }\nlet k = 3\nblock k() on x { out x }")
    found = problems(tmp_path / "a.hc")
    assert [(one.code, one.span.line, one.secondary[0].span.line) for one in found if one.span] == [
        ("HC2017", 2, 2),
        ("HC2017", 4, 3),
    ]


def test_unknown_names_are_suggested(tmp_path: Path) -> None:
    write(tmp_path, a="use std.ops { cnv }\nuse std.blocks { SharpSepCon }\nuse std.blcks { Fit }\nuse std.ops")
    found = problems(tmp_path / "a.hc")
    assert {(one.code, one.help) for one in found[:3]} == {
        ("HC2002", "did you mean `conv`?"),
        ("HC2002", "did you mean `SharpSepConv`?"),
        ("HC6007", "did you mean `std.blocks`?"),
    }
    assert found[3].code == "HC2016"


def test_used_names_are_not_handed_on(tmp_path: Path) -> None:
    write(tmp_path, b="use std.ops { conv }", a='use "./b.hc" { conv }')
    assert codes(tmp_path / "a.hc") == ["HC2002"]


def test_circles_are_printed_with_places(tmp_path: Path) -> None:
    write(tmp_path, a='use "./b.hc" { B }', b='use "./c.hc" { C }', c='use "./a.hc" { A }')
    (found,) = problems(tmp_path / "a.hc")
    assert found.code == "HC6005" and found.span is not None
    assert [found.span.source.path, *(one.span.source.path for one in found.secondary)] == [
        "c.hc",
        str(tmp_path / "a.hc"),
        "b.hc",
    ]
    write(tmp_path, d='use "./d.hc" as d')
    assert codes(tmp_path / "d.hc") == ["HC6005"]


@pytest.mark.parametrize("target", ["../b.hc", "./x/../../b.hc", "/etc/passwd", "x\\b.hc", "../a/../b.hc"])
def test_no_import_leaves_the_root(tmp_path: Path, target: str) -> None:
    write(tmp_path, b="let k = 3")
    write(tmp_path / "a", a=f'use "{target}" {{ k }}'.replace("\\\\", "\\"))
    expected = ["HC1007"] if "\\" in target else ["HC6004"]
    assert codes(tmp_path / "a" / "a.hc")[:1] == expected


def test_a_wider_root_lets_imports_go_up(tmp_path: Path) -> None:
    write(tmp_path, b="let k = 3")
    write(tmp_path / "a", a='use "../b.hc" { k }')
    assert isinstance(load_module(tmp_path / "a" / "a.hc", tmp_path), LoadedModule)


def test_links_that_leave_the_root_are_refused(tmp_path: Path) -> None:
    write(tmp_path, b="let k = 3")
    write(
        tmp_path / "a",
        a='use "./link.hc" { k }',
        c='use "./folder/b.hc" { k }',
        inside="let k = 3",
        d='use "./in.hc" { k }',
    )
    (tmp_path / "a" / "link.hc").symlink_to(tmp_path / "b.hc")
    (tmp_path / "a" / "folder").symlink_to(tmp_path)
    (tmp_path / "a" / "in.hc").symlink_to("inside.hc")
    assert codes(tmp_path / "a" / "a.hc") == ["HC6004"]
    assert codes(tmp_path / "a" / "c.hc") == ["HC6004"]
    assert "k" in load_module(tmp_path / "a" / "d.hc").names


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.hc")
    (tmp_path / "folder.hc").mkdir()
    (tmp_path / "circle.hc").symlink_to("circle.hc")
    assert codes(tmp_path / "pipe.hc") == ["HC6003"]
    assert codes(tmp_path / "folder.hc") == ["HC6003"]
    assert codes(tmp_path / "circle.hc") == ["HC6001"]
    assert codes(Path("/dev/zero")) == ["HC6003"]
    assert codes(tmp_path / "missing.hc") == ["HC6001"]
    write(tmp_path, a='use "./pipe.hc" { k }')
    assert codes(tmp_path / "a.hc") == ["HC6003"]


def test_what_is_no_text_or_too_long(tmp_path: Path) -> None:
    (tmp_path / "a.hc").write_bytes(b"hypercuboid 1\n\xff")
    (tmp_path / "b.hc").write_bytes(b"#" * (1 << 20) + b"#")
    assert codes(tmp_path / "a.hc") == ["HC6002"]
    assert codes(tmp_path / "b.hc") == ["HC1012"]


def test_at_most_64_files_are_used(tmp_path: Path) -> None:
    uses = "\n".join(f'use "./b{i}.hc" {{ k{i} }}' for i in range(65))
    write(tmp_path, a=uses, **{f"b{i}": f"let k{i} = 1" for i in range(65)})
    assert codes(tmp_path / "a.hc") == ["HC6006"]
    write(tmp_path, a=uses.rpartition("\n")[0])
    assert len(load_module(tmp_path / "a.hc").names) == 64


def test_a_text_uses_no_file() -> None:
    with pytest.raises(HypercuboidError, match="no file"):
        load_text(f'{HEAD}use "./b.hc" {{ k }}')


def test_mistakes_of_used_files_come_together(tmp_path: Path) -> None:
    write(tmp_path, b="let = 3", c="let k = )", a='use "./b.hc" { k }\nuse "./c.hc" { k }')
    assert codes(tmp_path / "a.hc") == ["HC1002", "HC1002"]
