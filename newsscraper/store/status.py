"""How a site stands, for people and machines: read beside a run, which is not disturbed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsscraper.store.ledger.forget import FORGOTTEN
from newsscraper.store.ledger.ledger import Ledger
from newsscraper.store.ledger.lock import is_locked
from newsscraper.store.ledger.manifests import read_manifest
from newsscraper.store.ledger.place import Place
from newsscraper.store.runs import format_instant
from newsscraper.store.urls import folder_of


@dataclass(frozen=True, kw_only=True)
class RunStatus:
    """A crawl, as its report tells it, or, where there is none yet, as the ledger does."""

    run_id: str
    started_at: str | None
    finished_at: str | None
    """None: at work, or dead."""
    finish_reason: str | None
    """`running` while it is at work, `killed` when it died."""
    exit_code: int | None
    new: int
    """Stories that it met for the first time."""
    changed: int
    """Stories of which it wrote a further version."""
    problems: list[str]
    """What went wrong, a sentence each."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """A site's ledger in figures; instants in UTC, `2022-03-30T17:20:00Z`."""

    site: str
    is_running: bool
    last_run: RunStatus | None
    runs: int
    stories: int
    """Known, forgotten ones not counted."""
    versions: int
    gone: int
    """Of the stories, how many are no longer to be had."""
    forgotten: int
    frontier: dict[str, int]
    """URLs by state."""
    oldest_ready: str | None
    """When the URL was found that has been ready for longest."""
    next_due: str | None
    """When the next one becomes ready that is not."""
    quarantined: list[str]
    """URLs that processes died over."""
    unsealed: int
    """Lines that are committed but in no sealed file yet."""

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict in the order of the fields."""
        return dataclasses.asdict(self)


def find_sites(corpus: Path) -> list[str]:
    """The sites that have a ledger below `corpus`, sorted, as folders name them."""
    return sorted(path.name.removesuffix(".sqlite") for path in (corpus / "ledger").glob("*.sqlite"))


def iterate_reports(corpus: Path, site: str) -> Iterator[dict[str, Any]]:
    """The reports of the runs over `site`, as they stand, the newest first; what cannot be read is left out."""
    for path in sorted((corpus / "runs" / folder_of(site)).glob("*.json"), reverse=True):
        report = read_manifest(path)
        if report is not None:
            yield report


def read_status(corpus: Path, site: str) -> Status:
    """How `site` stands; it may be named as its folder is. Raises `LedgerError` where there is no ledger to read."""
    place = Place(corpus, site)
    is_running = is_locked(place.lock)
    with closing(Ledger.read(corpus, site)) as ledger:
        totals = ledger.stories.totals()
        return Status(
            site=site,
            is_running=is_running,
            last_run=_last_run(ledger, place, is_running=is_running),
            runs=int(ledger.database.value("SELECT count(*) FROM runs")),
            stories=totals["stories"],
            versions=totals["versions"],
            gone=totals["gone"],
            forgotten=totals["forgotten"],
            frontier=ledger.frontier.counts(),
            oldest_ready=_instant(ledger.frontier.oldest_ready()),
            next_due=_instant(ledger.frontier.next_due()),
            quarantined=[each.url for each in ledger.frontier.quarantined()],
            unsealed=int(ledger.database.value("SELECT count(*) FROM spool")),
        )


def _last_run(ledger: Ledger, place: Place, *, is_running: bool) -> RunStatus | None:
    for row in ledger.database.iterate(
        "SELECT run_id, started_at, ended_at, new, changed FROM runs ORDER BY started_at DESC, run_id DESC"
    ):
        report = read_manifest(place.manifest(row[0])) or {}
        if report.get("finish_reason") != FORGOTTEN:
            return _describe_run(row, report, is_running=is_running)
    return None


def _describe_run(row: tuple[Any, ...], report: dict[str, Any], *, is_running: bool) -> RunStatus:
    run_id, started_at, ended_at, new, changed = row
    silent = "running" if is_running else "killed"
    return RunStatus(
        run_id=run_id,
        started_at=report.get("started_at") or _instant(started_at),
        finished_at=report.get("finished_at") or _instant(ended_at),
        finish_reason=report.get("finish_reason") or (silent if ended_at is None else None),
        exit_code=report.get("exit_code"),
        new=new,
        changed=changed,
        problems=list(report.get("problems") or ()),
    )


def _instant(seconds: int | None) -> str | None:
    return None if seconds is None else format_instant(datetime.fromtimestamp(seconds, UTC))
