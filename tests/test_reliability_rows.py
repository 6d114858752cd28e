"""Where each promise of reliability is tested, and with how many cases: one row for each promise.

The quick part of a row runs in `make test`, the full one in `make test-full`; `pytest FILE::TEST -m ""` runs one row.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import test_hostile_characters
import test_hostile_fuzz
import test_hostile_generated
import test_hostile_imports
import test_survival
from hostile.bombs import bombs
from hostile.circles import circles
from hostile.deep import flat, nested
from hostile.offered import TENSORS, WEIGHTS
from hostile.payloads import payloads
from hostile.places import PLACES

TESTS = Path(__file__).parent
BROKEN = "test_survival::test_broken_at_any_time_a_search_ends_as_if_nothing_had_happened"
FULL: dict[str, Any] = test_survival.FULL


@dataclass(frozen=True)
class Row:
    """A promise: how many cases it asks for, how many there are, and the tests that hold them, the full ones last.

    `there` is None where the test itself says how many and holds itself to it.
    """

    name: str
    promised: int
    there: int | None
    tests: tuple[str, ...]


ROWS = (
    # A run survives
    Row("killed at random times", 200, FULL["kill"]["kills"], (BROKEN,)),
    Row("killed at points of the writer, first and later save", 100, FULL["points"]["most"], (BROKEN,)),
    Row("a plain writer fails", 1, 1, ("test_survival::test_a_plain_writer_fails_the_same_test",)),
    Row(
        "the newest checkpoint damaged",
        1_150,
        None,
        ("test_survival::test_a_damaged_checkpoint_is_seen_and_the_one_before_it_taken",),
    ),
    Row(
        "disk full",
        61,
        60 + 1,
        (
            "test_survival::test_a_full_disk_leaves_the_last_checkpoint",
            "test_survival::test_a_disk_that_is_full_indeed",
        ),
    ),
    Row("signals", 100, FULL["signals"]["count"], (BROKEN,)),
    Row(
        "resume at every step",
        30,
        FULL["resume"]["searched"] * len(FULL["resume"]["workers"]) * len(FULL["resume"]["stops"]),
        (BROKEN,),
    ),
    Row("two starts on one folder", 100, FULL["races"]["count"], (BROKEN,)),
    Row("NaN or Inf", 12, None, ("test_finite::test_it_is_seen_in_that_step_with_its_place",)),
    Row("drift", 12, None, ("test_survival::test_a_run_of_something_else_is_refused_with_what_differs",)),
    Row("soak", 10_000, FULL["soak"]["steps"], (BROKEN,)),
    # Untrusted source
    Row(
        "fuzz",
        22_000,
        test_hostile_fuzz.PARTS * test_hostile_fuzz.PART,
        (
            "test_hostile_fuzz::test_fuzzed_programs_do_no_harm",
            "test_hostile_fuzz::test_a_program_that_hangs_is_seen",
            "test_hostile_fuzz::test_many_fuzzed_programs_do_no_harm",
        ),
    ),
    Row(
        "nesting, and chains of 10,000",
        60,
        len([*nested(), *flat()]),
        (
            "test_hostile_size::test_some_nesting_is_refused",
            "test_hostile_size::test_chains_work",
            "test_hostile_size::test_nesting_is_refused",
            "test_hostile_size::test_chains_of_ten_thousand_work",
        ),
    ),
    Row(
        "bombs",
        40,
        len(list(bombs())),
        ("test_hostile_size::test_some_bombs_are_refused", "test_hostile_size::test_bombs_are_refused"),
    ),
    Row("circles", 60, len(list(circles())), ("test_hostile_circles::test_circles_are_found_with_their_places",)),
    Row(
        "imports that try to leave the root",
        40,
        len(test_hostile_imports.TARGETS),
        (
            "test_hostile_imports::test_no_import_leaves_the_root",
            "test_hostile_imports::test_the_audit_hook_sees_what_is_opened_outside",
        ),
    ),
    Row(
        "bidi and zero-width characters, terminal escapes",
        84,
        6 * len(test_hostile_characters.CHARACTERS),
        (
            "test_hostile_characters::test_in_source",
            "test_hostile_characters::test_in_the_name_of_a_file",
            "test_hostile_characters::test_in_the_name_of_a_used_file",
            "test_hostile_characters::test_on_the_command_line",
            "test_hostile_characters::test_in_weights_and_runs",
        ),
    ),
    # Generated code, pictures, checkpoints
    Row(
        "injection",
        200 * 8,
        len(payloads()) * len(PLACES),
        (
            "test_hostile_injection::test_some_payloads",
            "test_hostile_injection::test_a_payload_that_is_obeyed_is_seen",
            "test_hostile_injection::test_all_payloads",
        ),
    ),
    Row(
        "each generated file",
        1_000,
        test_hostile_generated.RANDOM,
        (
            "test_hostile_generated::test_generated_files_are_clean",
            "test_hostile_generated::test_many_generated_files_are_clean",
        ),
    ),
    Row(
        "equals the graph after training",
        1_000,
        test_hostile_generated.RANDOM // len(test_hostile_generated.PROVEN) * len(test_hostile_generated.PROVEN),
        (
            "test_hostile_generated::test_a_file_equals_the_graph_after_training",
            "test_hostile_generated::test_many_files_equal_the_graph_after_training",
        ),
    ),
    Row(
        "text and back",
        1_000,
        test_hostile_generated.RANDOM,
        (
            "test_hostile_generated::test_text_gives_the_same_source",
            "test_hostile_generated::test_text_gives_the_same_source_many_times",
        ),
    ),
    Row(
        "malicious files as checkpoints or weights",
        25,
        len(WEIGHTS) + len(TENSORS),
        (
            "test_hostile_files::test_no_weights",
            "test_hostile_files::test_no_run",
            "test_hostile_files::test_no_tensors",
            "test_hostile_files::test_a_search_refuses_what_it_did_not_write",
        ),
    ),
)


@cache
def functions(file: str) -> frozenset[str]:
    """The tests of a file."""
    tree = ast.parse((TESTS / f"{file}.py").read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}: {row.there or row.promised}")
def test_each_promise_has_its_tests_and_as_many_cases_as_it_says(row: Row) -> None:
    for one in row.tests:
        file, _, name = one.partition("::")
        assert name in functions(file), one
    assert row.there is None or row.there >= row.promised
