"""Circles through blocks, constants, defaults, cells, nodes and files: found before anything runs, with places."""

from __future__ import annotations

import json
from pathlib import Path

from hostile.batches import Limits, run_jobs, wrong_with
from hostile.circles import Circle, circles

LIMITS = Limits(seconds=5.0, memory=200)


def test_circles_are_found_with_their_places(tmp_path: Path) -> None:
    chosen = list(circles())
    assert len(chosen) >= 60
    for circle, result in zip(chosen, run_jobs(map(job, chosen), tmp_path), strict=True):
        assert list(wrong_with(result, LIMITS)) == [], circle.name
        assert result["check"]["code"] == 1, circle.name
        found = [one for one in json.loads(result["check"]["out"]) if one["code"] in circle.codes]
        assert found, circle.name
        assert 1 + len(found[0]["secondary"]) >= circle.places, circle.name


def job(circle: Circle) -> dict[str, object]:
    return {"id": circle.name, "text": circle.text, "files": circle.files, "names": [], "lean": True}
