"""Floors: what a set's figures must not fall below."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Summaries = Mapping[str, Mapping[str, Any]]


def read_floors(file: Path) -> list[dict[str, Any]]:
    """The `[[floor]]` tables of a file: `set`, perhaps `sample`, then metrics and their least values."""
    floors: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["floor"]
    return floors


def find_breaches(
    floors: list[dict[str, Any]], summaries: Summaries, sample: int | None
) -> tuple[list[str], list[str]]:
    """What fell below its floor, and which sets were compared at all.

    A floor counts for the very pages it was stated for: a whole set, or the sample of its size.
    """
    compared, breaches = [], []
    for floor in floors:
        name = floor["set"]
        if name not in summaries or floor.get("sample") != sample:
            continue
        compared.append(name)
        breaches += [
            f"{name}: {metric} {_show(summaries[name][metric])} is below its floor {least:.3f}"
            for metric, least in floor.items()
            if metric not in ("set", "sample") and not _reaches(summaries[name][metric], least)
        ]
    return breaches, compared


def _reaches(value: float | None, least: float) -> bool:
    return value is not None and value >= least


def _show(value: float | None) -> str:
    return "(none)" if value is None else f"{value:.3f}"
