"""What SARIF 2.1.0 asks of what we write: required properties, types and allowed values, from the standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    """A string; one of `values` where there are any."""

    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    least: int


@dataclass(frozen=True)
class Many:
    """An array of at least `least` elements."""

    element: Any
    least: int = 0
    unique: bool = False


@dataclass(frozen=True)
class Thing:
    """An object: properties that it must have, and those that it may have; others are refused."""

    required: dict[str, Any]
    optional: dict[str, Any]


MESSAGE = Thing({"text": Text()}, {"markdown": Text()})  # section 3.11: `text` or `id`
MULTIFORMAT = Thing({"text": Text()}, {"markdown": Text()})  # 3.12
ARTIFACT = Thing({}, {"uri": Text()})  # 3.4
REGION = Thing(  # 3.30
    {},
    {
        "startLine": Number(1),
        "startColumn": Number(1),
        "endLine": Number(1),
        "endColumn": Number(1),
        "snippet": Thing({"text": Text()}, {}),
    },
)
PHYSICAL = Thing({"artifactLocation": ARTIFACT}, {"region": REGION})  # 3.29: this or `address`
LOCATION = Thing({}, {"id": Number(0), "physicalLocation": PHYSICAL, "message": MESSAGE})  # 3.28
STACK = Thing({"frames": Many(Thing({}, {"location": LOCATION}))}, {"message": MESSAGE})  # 3.44, 3.45
RESULT = Thing(  # 3.27
    {"message": MESSAGE},
    {
        "ruleId": Text(),
        "ruleIndex": Number(0),
        "level": Text(("none", "note", "warning", "error")),
        "locations": Many(LOCATION),
        "relatedLocations": Many(LOCATION, unique=True),
        "stacks": Many(STACK, unique=True),
    },
)
RULE = Thing(  # 3.49
    {"id": Text()},
    {
        "shortDescription": MULTIFORMAT,
        "fullDescription": MULTIFORMAT,
        "help": MULTIFORMAT,
        "properties": Thing({}, {"tags": Many(Text(), unique=True)}),
    },
)
DRIVER = Thing({"name": Text()}, {"version": Text(), "rules": Many(RULE, unique=True)})  # 3.19
RUN = Thing(  # 3.14
    {"tool": Thing({"driver": DRIVER}, {})},
    {"results": Many(RESULT), "columnKind": Text(("utf16CodeUnits", "unicodeCodePoints"))},
)
LOG = Thing({"version": Text(("2.1.0",)), "runs": Many(RUN)}, {"$schema": Text()})  # 3.13


def problems(value: Any, schema: Any = LOG, where: str = "log") -> list[str]:
    """What is wrong with a SARIF log, one line each."""
    if isinstance(schema, Text):
        fits = isinstance(value, str) and (not schema.values or value in schema.values)
        return [] if fits else [f"{where} is {value!r}"]
    if isinstance(schema, Number):
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= schema.least
        return [] if fits else [f"{where} is {value!r}"]
    if isinstance(schema, Many):
        return _of_array(value, schema, where)
    return _of_object(value, schema, where)


def _of_array(value: Any, schema: Many, where: str) -> list[str]:
    if not isinstance(value, list) or len(value) < schema.least:
        return [f"{where} is {value!r}"]
    doubled = schema.unique and any(value.index(one) != position for position, one in enumerate(value))
    found = [f"{where} has equal elements"] if doubled else []
    for position, one in enumerate(value):
        found += problems(one, schema.element, f"{where}[{position}]")
    return found


def _of_object(value: Any, schema: Thing, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is {value!r}"]
    found = [f"{where} lacks {name}" for name in schema.required if name not in value]
    known = {**schema.required, **schema.optional}
    for name, one in value.items():
        found += problems(one, known[name], f"{where}.{name}") if name in known else [f"{where} has {name}"]
    return found


def inconsistencies(log: dict[str, Any]) -> list[str]:
    """Rules that a result names by its id and by its index, and regions that end before they begin."""
    found = []
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for number, result in enumerate(run["results"]):
            if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                found.append(f"result {number} names two rules")
            for place in [*result["locations"], *result.get("relatedLocations", [])]:
                region = place["physicalLocation"]["region"]
                start, end = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
                if end < start:
                    found.append(f"result {number} ends before it begins")
    return found
