"""Imports that try to leave the root: nothing outside of it is opened, and each is an error with its place.

The audit hook of the worker sees every file that is opened once the modules of the commands are loaded.
"""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest
from hostile.batches import Limits, run_jobs, wrong_with

LIMITS = Limits(seconds=5.0, memory=200)
SECRET = "hypercuboid 1\nlet k = 1\n"

TARGETS = (
    "../secret.hc",
    "./../secret.hc",
    "..",
    "../",
    "../..",
    "./inner/../../secret.hc",
    "inner/../../secret.hc",
    "./inner/deep/../../../secret.hc",
    ".././secret.hc",
    "..//secret.hc",
    "....//secret.hc",
    "./..hc/../../secret.hc",
    "../root/../secret.hc",
    "/etc/passwd",
    "//etc/passwd",
    "/dev/zero",
    "/dev/stdin",
    "/proc/self/environ",
    "/proc/self/fd/0",
    "ABSOLUTE/secret.hc",
    "file:///etc/passwd",
    "http://127.0.0.1:1/x.hc",
    "%2e%2e/secret.hc",
    "..\\\\secret.hc",
    "~/secret.hc",
    "$HOME/secret.hc",
    "./link.hc",
    "./absolute_link.hc",
    "./chain.hc",
    "./dangling.hc",
    "./circle.hc",
    "./outside/secret.hc",
    "./outside_absolute/secret.hc",
    "./up/secret.hc",
    "./inner/back/../../secret.hc",
    "./pipe.hc",
    "./folder.hc",
    "./socket.hc",
    "./zero.hc",
    "./tty.hc",
    "./unreadable.hc",
    ".",
    "./",
    "./program.hc/../../secret.hc",
    "./" + "a" * 300 + ".hc",
    "./" + "a/" * 3000 + "b.hc",
)
"""What stands in `use "..."`; names of links and of files that are none are made by `trap`."""


def trap(folder: Path) -> None:
    """A root with links, pipes and devices in it, and a file beside it that no program may read."""
    root = folder / "root"
    (root / "inner" / "deep").mkdir(parents=True)
    (root / "folder.hc").mkdir()
    (folder / "secret.hc").write_text(SECRET, encoding="utf-8")
    for name, target in (
        ("link.hc", "../secret.hc"),
        ("absolute_link.hc", str(folder / "secret.hc")),
        ("chain.hc", "link.hc"),
        ("dangling.hc", "../nothing.hc"),
        ("circle.hc", "circle.hc"),
        ("outside", ".."),
        ("outside_absolute", str(folder)),
        ("up", "inner/../.."),
        ("inner/back", "../.."),
        ("zero.hc", "/dev/zero"),
        ("tty.hc", "/dev/tty"),
    ):
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe.hc")
    (root / "unreadable.hc").write_bytes(b"\xff\xfe\x00")


@pytest.fixture
def listening(tmp_path: Path) -> object:
    """A socket in the file system, where its path is short enough."""
    one = socket.socket(socket.AF_UNIX)
    before = Path.cwd()
    (tmp_path / "root").mkdir()
    os.chdir(tmp_path / "root")
    one.bind("socket.hc")
    os.chdir(before)
    yield one
    one.close()


@pytest.mark.usefixtures("listening")
def test_no_import_leaves_the_root(tmp_path: Path) -> None:
    trap(tmp_path)
    assert len(TARGETS) >= 40
    jobs = []
    for number, target in enumerate(TARGETS):
        path = target.replace("ABSOLUTE", str(tmp_path))
        jobs.append({"id": target, "file": f"program{number}.hc", "text": f'hypercuboid 1\nuse "{path}" {{ k }}\n'})
    for result in run_jobs(jobs, tmp_path):
        assert list(wrong_with(result, LIMITS)) == [], result["id"]
        found = json.loads(result["check"]["out"])
        assert {one["code"] for one in found} <= {"HC6001", "HC6002", "HC6003", "HC6004", "HC1007"}, result["id"]
        assert found and all(one["severity"] == "error" for one in found)


def test_an_import_inside_of_the_root_is_read(tmp_path: Path) -> None:
    """The audit hook does not see everything: a file of the root, also by a link that stays, is no mistake."""
    (tmp_path / "root" / "inner").mkdir(parents=True)
    (tmp_path / "root" / "inner" / "b.hc").write_text(SECRET, encoding="utf-8")
    (tmp_path / "root" / "link.hc").symlink_to("inner/b.hc")
    text = 'hypercuboid 1\nuse "./inner/../inner/b.hc" { k }\nuse "link.hc" as other\nlet j = k + other.k\n'
    (result,) = run_jobs([{"id": 0, "text": text}], tmp_path)
    assert list(wrong_with(result, LIMITS)) == []
    assert json.loads(result["check"]["out"]) == []


def test_the_audit_hook_sees_what_is_opened_outside(tmp_path: Path) -> None:
    """The check above can fail: the same program with a wider root reads the file beside it."""
    (tmp_path / "root").mkdir()
    (tmp_path / "secret.hc").write_text(SECRET, encoding="utf-8")
    text = "hypercuboid 1\nlet k = 1\n"
    (result,) = run_jobs([{"id": 0, "text": text, "file": "../secret.hc", "absolute": True}], tmp_path)
    assert any(event.startswith("open ") and event.endswith("secret.hc") for event in result["audit"])
