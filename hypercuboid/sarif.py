"""Diagnostics as SARIF 2.1.0, the format that editors and code hosts read (OASIS standard of 27 March 2020)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypercuboid import __version__
from hypercuboid.diagnostics import LONGEST, Diagnostic, Label, Span
from hypercuboid.pages import FAMILIES, page

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def to_sarif(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """One run of the compiler. Columns count code points from 1; an end is exclusive, as the standard has it."""
    found = list(diagnostics)
    codes = sorted({one.code for one in found})
    driver = {
        "name": "hypercuboid",
        "version": __version__,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    """What a viewer shows of a code: its page."""
    rule: dict[str, Any] = {"id": code, "properties": {"tags": [FAMILIES[code[:3]]]}}
    explained = page(code)
    if explained is not None:
        rule["shortDescription"] = {"text": explained.title}
        rule["fullDescription"] = {"text": explained.meaning}
        rule["help"] = {"text": explained.text, "markdown": explained.text}
    return rule


def _result(one: Diagnostic, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity,
        "message": {"text": _text(one)},
        "locations": [] if one.span is None else [_location(one.span)],
    }
    if one.secondary:
        numbered = enumerate(one.secondary)
        result["relatedLocations"] = [_related(label, number) for number, label in numbered]
    if one.trail:
        frames = [{"location": _related(label, None)} for label in one.trail]
        result["stacks"] = [{"message": {"text": "uses of blocks that led here"}, "frames": frames}]
    return result


def _text(one: Diagnostic) -> str:
    """All that is said of a mistake besides its places, one line each."""
    label = f": {one.label}" if one.label else ""
    return "\n".join([f"{one.message}{label}", *one.notes, *([f"help: {one.help}"] if one.help else [])])


def _related(label: Label, number: int | None) -> dict[str, Any]:
    place = {**_location(label.span), "message": {"text": label.message}}
    return place if number is None else {"id": number, **place}


def _location(span: Span) -> dict[str, Any]:
    end = Span(span.source, span.end, span.end)
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": end.line,
        "endColumn": end.column,
        "snippet": {"text": span.text[:LONGEST]},
    }
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span.source.path)}, "region": region}}


def _uri(path: str) -> str:
    """A path as a URI reference, relative where the path is."""
    from pathlib import PurePath
    from urllib.parse import quote

    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())
