"""What the README promises of its space, loops and commands; that they run as they stand is in test_documents.py."""

from __future__ import annotations

import re
from pathlib import Path

import hypercuboid as hc
from hypercuboid.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_space_compiles() -> None:
    (text,) = fences("hypercuboid")
    counts = hc.load_from_text(text).counts()
    assert counts.weights == 2 * 2 * 2 * 2
    assert counts.architectures == 2 * (2 * 2) ** 2


def test_the_loop_has_at_most_twenty_lines() -> None:
    loop = fences("python")[-1]
    assert len([line for line in loop.splitlines() if line.strip()]) <= 20


def test_the_loop_for_a_generated_file_has_ten_lines() -> None:
    (loop,) = [one for one in fences("python") if "from handmade" in one]
    assert len([line for line in loop.splitlines() if line.strip()]) <= 10


def test_every_command_is_in_the_table() -> None:
    assert all(f"| `hypercuboid {name}" in README for name in COMMANDS)


def test_the_two_commands_are_targets_of_make() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"demo", "test"} <= set(targets)


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README)
    assert len(links) > 20
    assert [link for link in links if not (ROOT / link).exists()] == []
