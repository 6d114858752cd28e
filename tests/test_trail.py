"""The uses that led to a mistake: listed where it stands in a block, not where it stands in the arguments."""

from __future__ import annotations

from pathlib import Path

from hypercuboid.checking import examine

HEAD = "hypercuboid 1\nuse std.ops { conv }\n"


def found(tmp_path: Path, text: str) -> list[tuple[str, int, list[tuple[str, int]], list[tuple[str, int]]]]:
    """Code, line, secondary labels and uses of each mistake."""
    path = tmp_path / "a.hc"
    path.write_text(HEAD + text, encoding="utf-8")
    return [
        (
            one.code,
            one.span.line if one.span else 0,
            [(label.message, label.span.line) for label in one.secondary],
            [(use.message, use.span.line) for use in one.trail],
        )
        for one in examine(path)
    ]


def test_uses_are_listed_innermost_first(tmp_path: Path) -> None:
    text = """block A(c: int) on x { out x -> conv(c // 0) }
block B(c: int) on x { out x -> A(c) }
space S() on x: image(3, 8, 8) { out x -> B(8) }
"""
    uses = [("in the use of `A`", 4), ("in the use of `B`", 5)]
    assert found(tmp_path, text) == [("HC3009", 3, [], uses)]


def test_a_mistake_in_the_arguments_of_a_use_needs_no_trail(tmp_path: Path) -> None:
    text = """block A(c: int) on x { out x -> conv(c) }
space S() on x: image(3, 8, 8) { out x -> A(true) }
space T() on x: image(3, 8, 8) { out x -> A() }
"""
    assert found(tmp_path, text) == [
        ("HC3012", 4, [], []),
        ("HC3014", 5, [("declared here without a default", 3)], []),
    ]


def test_a_mistake_is_said_once_however_often_its_block_is_used(tmp_path: Path) -> None:
    text = """block A(c: int) on x { out x -> conv(c // 0) }
space S() on x: image(3, 8, 8) { out sum i in 0..9 { x -> A(i) -> A(i + 1) } }
space T() on x: image(3, 8, 8) { out x -> A(3) -> A(4) }
"""
    assert [(code, line) for code, line, _, _ in found(tmp_path, text)] == [("HC3009", 3)]
