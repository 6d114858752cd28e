"""Arguments as they were written, for texts that repeat them: a value that is a block has no other text."""

from __future__ import annotations

from hypercuboid.frontend import ast
from hypercuboid.frontend.printer import print_expression
from hypercuboid.frontend.request import Request, item_of


def written_arguments(request: Request) -> dict[str, str]:
    """The text of each argument of a space that was given: by an `arch`, by a call, or from outside."""
    item, arguments = item_of(request.module, request.name), request.arguments
    if isinstance(item, ast.Arch):
        arguments, item = item.arguments, item_of(request.module, item.space)
    assert isinstance(item, ast.BlockDefinition)
    formals = [formal.name for formal in item.formals]
    found = {name: text for name, text in request.texts.items() if name in formals}
    for argument in arguments:
        free = [name for name in formals if name not in found]
        found[argument.name or free[0]] = print_expression(argument.value)
    return found
