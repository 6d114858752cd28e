"""The settings of a `search`: checked, and used by the command, whose options win over them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.registry import Registry
from hypercuboid.search.known import KNOWN
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import settings_of

PROGRAM = """hypercuboid 1
use std.ops { conv, gap, linear, relu, tanh }

let few = 2
space Other() on x: image(1, 8, 8) { out x -> gap -> linear(10) }
space S() on x: image(1, 8, 8) { out x -> conv(2) -> choose act { relu, tanh } -> gap -> linear(10) }
search Quick of S { epochs = few - 1 batch = 359 weighting = "max_w" clip = 3 alpha_betas = (0.4, 0.9) }
search Wrong of S { epochs = 0 }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.hc"
    path.write_text(PROGRAM, encoding="utf-8")
    return path


def test_the_settings_are_fields_of_a_recipe(file: Path) -> None:
    space, settings = settings_of(str(file), "Quick")
    assert space == "S"
    recipe = Recipe(**settings)
    assert (recipe.epochs, recipe.batch, recipe.weighting, recipe.clip) == (1, 359, "max_w", 3.0)
    assert recipe.alpha_betas == (0.4, 0.9)
    assert settings_of(str(file), "S") == ("S", {})
    assert settings_of(str(file), None) == (None, {})
    with pytest.raises(HypercuboidError, match="`epochs` of a search must be at least 1, not 0"):
        settings_of(str(file), "Wrong")


def test_a_search_is_run_with_its_settings_and_options_win(file: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    given = ["search", f"{file}:Quick", "--data", "digits", "--run", str(run), "--batch", "240", "--quiet"]
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code in (0, None)
    recipe = json.loads((run / "config.json").read_text(encoding="utf-8"))["recipe"]
    assert (recipe["epochs"], recipe["weighting"], recipe["batch"]) == (1, "max_w", 240)
    assert (recipe["lr"], recipe["lr_min"]) == (0.025, 1e-4)
    assert "of S()" in (run / "arch.hc").read_text(encoding="utf-8")


def test_the_names_that_check_knows_are_those_of_the_registries() -> None:
    from hypercuboid.network.plans import PLANS
    from hypercuboid.network.weightings import WEIGHTINGS
    from hypercuboid.search.penalties import PENALTIES
    from hypercuboid.search.perturbation import PERTURBATIONS
    from hypercuboid.search.strategies import STRATEGIES

    registries: dict[str, Registry[Any]] = {
        "weighting": WEIGHTINGS,
        "strategy": STRATEGIES,
        "penalty": PENALTIES,
        "perturb": PERTURBATIONS,
        "plan": PLANS,
    }
    assert {name: list(known.names) for name, known in KNOWN.items()} == {
        name: sorted(registry) for name, registry in registries.items()
    }
