"""Options of `search` and `train` come from the fields of their recipes."""

from __future__ import annotations

import click
import pytest
from pydantic import BaseModel

from hypercuboid.cli.main import main
from hypercuboid.cli.search import search
from hypercuboid.cli.train import train
from hypercuboid.search.recipe import Recipe as SearchRecipe
from hypercuboid.training.recipe import Recipe as TrainingRecipe


@pytest.mark.parametrize(("command", "recipe"), [(search, SearchRecipe), (train, TrainingRecipe)])
def test_every_field_is_an_option_with_its_default_and_its_words(
    command: click.Command, recipe: type[BaseModel]
) -> None:
    options = {one.name: one for one in command.params if isinstance(one, click.Option)}
    for name, field in recipe.model_fields.items():
        assert options[name].opts == [f"--{name.replace('_', '-')}"]
        assert options[name].default == field.default
        assert field.description and options[name].help == field.description


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--momentum", "1"], "'--momentum': 1.0 is not in the range 0<=x<1"),
        (["--temperature", "0", "1"], "'--temperature': input should be greater than 0"),
        (["--narrow-by", "size"], "'--narrow-by': 'size' is not one of 'margin', 'entropy'"),
        (["--epochs", "many"], "'--epochs': 'many' is not a valid integer range"),
    ],
)
def test_what_is_out_of_range_names_the_option(
    given: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    space = "spaces/multichannelnet.hc"
    with pytest.raises(SystemExit) as left:
        main(["search", space, "--data", "digits", "--run", f"{tmp_path}/run", "-p", "reductions=1", *given])
    assert left.value.code == 2
    assert message in capsys.readouterr().err
