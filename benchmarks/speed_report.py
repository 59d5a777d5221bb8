"""The figures of `speed.py`: as tables, as JSON, and against the ratios that a file states."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.big_pages import Cost
from benchmarks.tables import format_rows
from benchmarks.timing import Ratio

OURS, PARSE, RIVAL = "newsscraper", "lxml's bare parse", "trafilatura"


@dataclass(frozen=True, kw_only=True)
class Report:
    """All figures of a run."""

    sets: list[str]
    pages: int
    mean_size: float
    """Bytes."""
    seconds: dict[str, float]
    """Reader -> for all pages."""
    ratios: dict[str, Ratio]
    """Reader -> our time over its time."""
    steps: dict[str, float]
    """Step -> share of our time."""
    big: list[Cost]


def format_report(report: Report) -> str:
    """The tables: readers, steps, very large pages."""
    head = f"{report.pages} pages of {', '.join(report.sets)}, {report.mean_size / 1000:.0f} kB each on average"
    parts = [head, _format_readers(report), _format_steps(report)]
    return "\n\n".join([*parts, _format_big(report.big)] if report.big else parts)


def _format_readers(report: Report) -> str:
    rows = []
    for name, seconds in report.seconds.items():
        ratio = report.ratios.get(name)
        ours = f"{ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f})" if ratio else "1"
        rows.append([name, f"{report.pages / seconds:.0f}", f"{1000 * seconds / report.pages:.2f}", ours])
    return format_rows(["", "pages/s", "ms a page", "our time over its (95%)"], rows)


def _format_steps(report: Report) -> str:
    page = 1000 * report.seconds[OURS] / report.pages
    rows = [[step, f"{100 * share:.1f}", f"{page * share:.2f}"] for step, share in report.steps.items()]
    return format_rows(["step", "% of a page", "ms"], rows)


def _format_big(costs: list[Cost]) -> str:
    rows = [
        [
            cost.shape,
            f"{cost.size / 1e6:.1f}",
            f"{cost.seconds:.2f}",
            f"{cost.times_of_parse:.1f}",
            f"{cost.growth:.2f}",
            f"{cost.memory:.1f}",
            f"{cost.parse_memory:.1f}",
        ]
        for cost in costs
    ]
    header = ["very large page", "MB", "s", "over parse", "over half the page", "peak/size", "parse's peak/size"]
    return format_rows(header, rows)


def as_json(report: Report) -> dict[str, Any]:
    return {
        "sets": report.sets,
        "pages": report.pages,
        "mean_size": report.mean_size,
        "pages_per_second": {name: report.pages / seconds for name, seconds in report.seconds.items()},
        "ratios": {name: ratio._asdict() for name, ratio in report.ratios.items()},
        "steps": report.steps,
        "big": [cost._asdict() for cost in report.big],
    }


def list_ratios(report: Report) -> Mapping[str, float]:
    """What floors may be stated for: our time over another reader's, and the worst of the very large pages."""
    ratios = {"over_parse": report.ratios[PARSE].value}
    if RIVAL in report.ratios:
        ratios["over_trafilatura"] = report.ratios[RIVAL].value
    if report.big:
        ratios["growth"] = max(cost.growth for cost in report.big)
        ratios["memory"] = max(cost.memory for cost in report.big)
    return ratios


def read_ceilings(file: Path) -> dict[str, float]:
    """The `[speed]` table of a file: names of `list_ratios` and their most."""
    ceilings: dict[str, float] = tomllib.loads(file.read_text(encoding="utf-8"))["speed"]
    return ceilings


def find_excesses(ceilings: Mapping[str, float], ratios: Mapping[str, float]) -> list[str]:
    """What went beyond what is stated for it; a ratio that was not measured says nothing."""
    return [
        f"{name}: {ratios[name]:.2f} is more than {most:.2f}"
        for name, most in ceilings.items()
        if name in ratios and ratios[name] > most
    ]
