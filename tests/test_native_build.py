"""The cache of the native plan: compiled once and announced, whole or not there, and what is said when it fails.

The compiler of most tests is a script that writes what it was given, so that they take no quarter of a minute.
"""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path

import pytest
import torch
from supernets import space_of

from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.plans import Circumstances, choose_plan, native
from hypercuboid.network.plans.compiled.build import build, compiler
from hypercuboid.network.plans.compiled.cache import KERNEL, is_whole, library_path
from hypercuboid.search.planned import planned
from hypercuboid.search.recipe import Recipe

SCRIPT = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
for last; do :; done
case "$last" in *.so) echo "library" > "$last";; esac
"""
TESTS = Path(__file__).parent


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def compile_by(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = folder / "compiler"
    script.write_text(text, encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("CXX", str(script))


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text(encoding="utf-8").splitlines()


def test_it_is_compiled_once_and_announced(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_by(cache, SCRIPT, monkeypatch)
    said: list[str] = []
    assert build(said.append) == library_path() == build(said.append)
    assert is_whole(library_path()) and library_path().is_relative_to(cache)
    (text,) = said
    assert "compiling the native plan" in text
    (call,) = calls(cache)
    assert "-march=native" in call and call.endswith(".so")


def test_a_damaged_library_is_compiled_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_by(cache, SCRIPT, monkeypatch)
    library = build(print)
    library.write_bytes(library.read_bytes()[:3])
    assert not is_whole(library)
    build(print)
    assert is_whole(library) and len(calls(cache)) == 2
    library.with_suffix(".sha256").write_bytes(b"\xff")
    assert not is_whole(library) and is_whole(build(print))


def test_who_comes_second_waits_and_takes_what_is_there(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_by(cache, SCRIPT.replace("for last", "sleep 0.3\nfor last"), monkeypatch)
    builders = [threading.Thread(target=build, args=(print,)) for _ in range(3)]
    for one in builders:
        one.start()
    for one in builders:
        one.join()
    assert len(calls(cache)) == 1 and is_whole(library_path())


def test_an_old_compiler_gives_the_portable_form(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuses = SCRIPT.replace("for last", 'case "$*" in *=native*) exit 1;; esac\nfor last')
    compile_by(cache, refuses, monkeypatch)
    assert is_whole(build(print))
    assert ["=native" in call for call in calls(cache)] == [True, True, False]


def test_what_the_compiler_says(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_by(cache, "#!/bin/sh\nfor i in 1 2 3 4 5 6 7 8 9; do echo line $i >&2; done; exit 1\n", monkeypatch)
    with pytest.raises(HypercuboidError, match="HC7421") as caught:
        build(print)
    (found,) = caught.value.diagnostics
    assert found.notes == tuple(f"line {i}" for i in range(2, 10)) and str(cache / "compiler") in found.message
    assert not library_path().exists()


def test_no_compiler(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", str(cache))
    assert compiler() is None
    with pytest.raises(HypercuboidError, match="HC7420"):
        build(print)


def test_a_cache_that_cannot_be_written(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_by(cache, SCRIPT, monkeypatch)
    (cache / "cache").write_text("a file", encoding="utf-8")
    with pytest.raises(HypercuboidError, match="HC7422"):
        build(print)


def test_doctor_builds_and_says_where_it_is(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    compile_by(cache, SCRIPT, monkeypatch)
    for given, wanted in ((["doctor", "--json"], None), (["doctor", "--build", "--json"], str(library_path()))):
        with pytest.raises(SystemExit):
            main(given)
        printed = capsys.readouterr()
        assert json.loads(printed.out)["native"] == wanted
        assert ("compiling the native plan" in printed.err) == ("--build" in given)


def test_a_search_says_how_to_get_it(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is there another plan runs; asked for by name it is refused."""
    supernet = space_of("multichannel").supernet()
    monkeypatch.setattr(native, "loaded", lambda: None)
    cpu = torch.device("cpu")
    name, why = choose_plan(Circumstances(supernet.plan, cpu))
    assert name != "native"
    assert ("once `hypercuboid doctor --build` has compiled it" in why) == (compiler() is not None)
    assert "native" not in choose_plan(Circumstances(supernet.plan, cpu, "bf16"))[1]
    monkeypatch.setattr(native, "compiler", lambda: None)
    assert "needs a C++ compiler, and there is none" in choose_plan(Circumstances(supernet.plan, cpu))[1]
    with pytest.raises(HypercuboidError, match="HC7423"):
        planned(supernet, Recipe(plan="native"), cpu)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("flags", [["-march=native"], []], ids=["native", "portable"])
def test_the_kernel_under_sanitizers(flags: list[str], cache: Path) -> None:
    """Addresses, undefined behaviour; numbers against plain loops and central differences, by one and two threads."""
    found = compiler()
    if found is None:
        pytest.skip("the native plan needs a C++ compiler, and there is none")
    program = cache / "group_test"
    checks = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-Wall", "-Wextra", "-Werror"]
    options = [*flags, *checks, "-std=c++20", "-O1", "-g", "-ffp-contract=fast", "-pthread"]
    source = str(TESTS / "native" / "group_test.cpp")
    subprocess.run([found, *options, f"-I{KERNEL}", source, "-o", str(program)], check=True)
    ran = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
