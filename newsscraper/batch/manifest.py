"""`manifest.json`: what a batch has read and written, once all of its parts are done."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from newsscraper.batch.marks import Mark, add_up, mark_path, read_mark
from newsscraper.batch.output import write_document
from newsscraper.batch.parts import Part
from newsscraper.batch.plan import Plan
from newsscraper.store.lines import to_document

MANIFEST = "manifest.json"


def find_outstanding(plan: Plan, folder: Path) -> list[Part]:
    """The parts that are not done, in their order: no mark, or none that fits the files that are there."""
    return [part for part in plan.parts if read_mark(folder, part, plan) is None]


def write_manifest(plan: Plan, folder: Path) -> bool:
    """Write it where all parts are done: the same whoever does so; False where some are not. Raises `OSError`."""
    if not all(mark_path(folder, part).exists() for part in reversed(plan.parts)):
        return False
    marks = [mark for part in plan.parts if (mark := read_mark(folder, part, plan))]
    if len(marks) < len(plan.parts):
        return False
    write_document(folder / MANIFEST, to_document(_describe(plan, marks)))
    return True


def _describe(plan: Plan, marks: list[Mark]) -> dict[str, Any]:
    counts, reasons = add_up(marks)
    return {
        "plan": plan.digest,
        "run_id": plan.run_id,
        "options": dict(plan.options),
        "versions": _list_versions(marks),
        "inputs": {"count": len(plan.inputs), "bytes": sum(each.size for each in plan.inputs)},
        "counts": dict(sorted(counts.items())),
        "reasons": dict(sorted(reasons.items())),
        "set_aside": [page for mark in marks for page in mark.set_aside],
        "seconds": round(sum(mark.seconds for mark in marks), 1),
        "parts": [_describe_part(mark) for mark in marks],
    }


def _list_versions(marks: list[Mark]) -> list[dict[str, str]]:
    """What read the pages: one entry, unless machines differed or a library was replaced between two runs."""
    found: list[dict[str, str]] = []
    for mark in marks:
        if mark.versions not in found:
            found.append(mark.versions)
    return found


def _describe_part(mark: Mark) -> dict[str, Any]:
    files = [dataclasses.asdict(written) for written in mark.written]
    return {"part": mark.part, "input": mark.input, "counts": mark.counts, "files": files}
