"""The completion mark of a part, `00017.json`: what was read, what came of it, with which versions.

It is written last: where it stands, and the output is as it says, the part is done.
"""

from __future__ import annotations

import dataclasses
import json
import platform
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from newsscraper.batch.output import Written, write_document
from newsscraper.batch.parts import Part
from newsscraper.batch.plan import Plan
from newsscraper.store.faults import reach
from newsscraper.store.ledger.files import digest_file
from newsscraper.store.lines import to_document

_LIBRARIES = ("newsscraper", "fastwarc", "lxml", "numpy", "py3langid")
_NAMED_FILES = 20


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What became of a part."""

    part: int
    plan: str
    """The digest of the plan."""
    input: dict[str, Any]
    """`files` (of many, the first ones), `count`, `start`, `end`, `bytes`, `sha256` (None where it lies elsewhere)."""
    output: Written
    faults: Written | None
    """Pages without a record, a line each; None where there are none."""
    counts: dict[str, int]
    """`story`, `not_story`, `error`, `passed_over` -> how many."""
    reasons: dict[str, int]
    """Why pages have no record -> how many."""
    set_aside: list[dict[str, Any]]
    """Pages that took too long, or over which workers died: `source`, `offset`, `url`, `reason`, `detail`."""
    versions: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """That it took."""
    deaths: int = 0
    """Workers that were lost over it."""

    @property
    def written(self) -> tuple[Written, ...]:
        """The files that it stands for."""
        return tuple(filter(None, (self.output, self.faults)))


def mark_path(folder: Path, part: Part) -> Path:
    """Where the mark of `part` stands."""
    return folder / f"{part.name}.json"


def write_mark(folder: Path, part: Part, mark: Mark) -> None:
    """The part is done. Raises `OSError`."""
    reach("part:unmarked")
    write_document(mark_path(folder, part), to_document(dataclasses.asdict(mark)))
    reach("part:marked")


def read_mark(folder: Path, part: Part, plan: Plan, *, thoroughly: bool = False) -> Mark | None:
    """The mark of a part that is done; None where it has to be done.

    Its files have to be there, of the size that they had; `thoroughly`, also of the same content.
    """
    with suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads(mark_path(folder, part).read_bytes())
        faults = told.pop("faults")
        mark = Mark(**told | {"output": Written(**told["output"]), "faults": faults and Written(**faults)})
        is_meant = mark.plan == plan.digest and mark.part == part.number
        if is_meant and all(_is_there(folder, written, thoroughly=thoroughly) for written in mark.written):
            return mark
    return None


def _is_there(folder: Path, written: Written, *, thoroughly: bool) -> bool:
    path = folder / written.file
    if not thoroughly:
        return path.stat().st_size == written.bytes
    return digest_file(path) == (written.bytes, written.sha256)


def describe_input(part: Part, start: int, end: int, digest: str | None) -> dict[str, Any]:
    """`Mark.input`."""
    return {
        "files": [each.name for each in part.inputs[:_NAMED_FILES]],
        "count": len(part.inputs),
        "start": start,
        "end": end,
        "bytes": end - start,
        "sha256": digest,
    }


def tell_versions() -> dict[str, str]:
    """What read the pages."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in _LIBRARIES}


def add_up(marks: list[Mark]) -> tuple[Counter[str], Counter[str]]:
    """Counts and reasons of several parts together."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for mark in marks:
        counts.update(mark.counts)
        reasons.update(mark.reasons)
    return counts, reasons
