"""Run reports as manifests: every sealed file stands in exactly one, that of the run whose name it bears."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsscraper.store.durable import write_whole
from newsscraper.store.ledger.place import Place
from newsscraper.store.runs import RunReport, format_instant, write_report
from newsscraper.store.sealed import Seal

KILLED = "killed"
"""The finish reason of a run that never came to write its report."""
REPORT_LOST = "report_lost"
"""That of one whose report was there, or might have been: it sealed all that it committed."""

_PROBLEMS = {
    KILLED: "the run ended without a word; what it had committed was sealed by the next one",
    REPORT_LOST: "the report of the run was lost; it sealed all that it had committed, more is not known",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class EndedRun:
    """A run as the ledger knows it; Unix seconds."""

    run_id: str
    started_at: int
    seen_at: int
    """When it last did something."""
    counts: dict[str, int]
    reason: str = KILLED
    """How it ended."""


def complete_manifest(place: Place, run: EndedRun, seals: Iterable[Seal]) -> None:
    """Have the manifest of a run that is over name all of `seals`; write one where the run did not come to it.

    Raises `OSError`.
    """
    path = place.manifest(run.run_id)
    manifest = read_manifest(path)
    if manifest is not None:
        named = {each.get("file") for each in manifest["files"]}
        missing = [dataclasses.asdict(seal) for seal in seals if seal.file not in named]
        if missing:
            manifest["files"] += missing
            write_manifest(path, manifest, "files were added that the run had no time to seal")
        return
    started, seen = (format_instant(datetime.fromtimestamp(moment, UTC)) for moment in (run.started_at, run.seen_at))
    report = RunReport(
        run_id=run.run_id,
        site=place.site,
        started_at=started,
        finished_at=seen,
        finish_reason=run.reason,
        exit_code=int(run.reason == KILLED),
        counts=run.counts,
        problems=[_PROBLEMS[run.reason]] if run.reason in _PROBLEMS else [],
        files=list(seals),
        settings={},
        arguments={},
    )
    write_report(place.corpus, report)


def replace_seal(place: Place, run_id: str, seal: Seal, note: str) -> bool:
    """Give a file that was written anew its new digest in its manifest, and say why; whether it had another one.

    Raises `OSError`.
    """
    path = place.manifest(run_id)
    manifest = read_manifest(path)
    if manifest is None:
        return False
    files = [dataclasses.asdict(seal) if each.get("file") == seal.file else each for each in manifest["files"]]
    if files == manifest["files"]:
        return False
    write_manifest(path, manifest | {"files": files}, note)
    return True


def drop_seal(place: Place, run_id: str, file: str, note: str) -> None:
    """Take a file that is lost out of its manifest, and say why. Raises `OSError`."""
    path = place.manifest(run_id)
    manifest = read_manifest(path)
    if manifest is not None:
        files = [each for each in manifest["files"] if each.get("file") != file]
        write_manifest(path, manifest | {"files": files}, note)


def read_manifest(path: Path) -> dict[str, Any] | None:
    """A report as it stands; None where there is none that could be read."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and isinstance(manifest.get("files"), list) else None


def write_manifest(path: Path, manifest: dict[str, Any], note: str) -> None:
    """Write it with one more line under `notes`. Raises `OSError`."""
    noted = manifest | {"notes": [*manifest.get("notes", []), note]}
    write_whole(path, (json.dumps(noted, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))
