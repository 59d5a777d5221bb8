"""What the tests of the ledger share: a clock that can be set, records, a run."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsscraper.record import Record
from newsscraper.store import Clock, Entry, Lease, Ledger, RunReport, Settlement, make_record, write_report
from newsscraper.store.ledger.files import read_lines
from newsscraper.story import Story

SITE = "marrow.example"
HOME = f"https://{SITE}/"
START = datetime(2026, 3, 5, 10, tzinfo=UTC)
DAY = 86_400

_ranks = itertools.count(1_000_000)


class SetClock(Clock):
    """Stands still until it is told."""

    def __init__(self, moment: datetime = START) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def record_of(path: str, title: str | None = None, body: str = "The ferry ran.", **changes: Any) -> Record:
    """A record as the crawl hands it in; with `extractor`, `genre` and the like in `changes`."""
    url = HOME + path
    provenance = {name: changes.pop(name) for name in ("extractor", "content_hash") if name in changes}
    asked = changes.pop("asked", path)
    story = Story(title=title or f"Ferry {path}", body=body, **changes)
    record = make_record(story, url=url, fetched_url=HOME + asked, model=None, run_id="r1")
    return Record(**{**record.to_dict(), **provenance})


@contextmanager
def run(corpus: Path, clock: Clock | None = None, run_id: str = "r1", **options: Any) -> Iterator[Ledger]:
    with Ledger.open(corpus, SITE, clock=clock or SetClock(), run_id=run_id, **options) as ledger:
        yield ledger


def lease_one(ledger: Ledger, path: str, **facts: Any) -> Lease:
    """The lease on a page, which is asked even if it has been before."""
    ledger.frontier.add([Entry(url=HOME + path, again=True, rank=next(_ranks), **facts)])
    (lease,) = ledger.frontier.lease(1)
    assert lease.entry.url == HOME + path
    return lease


def done(lease: Lease | None, **facts: Any) -> Settlement:
    values = {"state": "done", "visited_at": int(START.timestamp()), **facts}
    return Settlement(key=None if lease is None else lease.key, **values)


def settle(ledger: Ledger, path: str, record: Record | None = None, **facts: Any) -> Any:
    """Ask for a page, and commit that it is `record` (its own record, when None is given)."""
    return ledger.settle(done(lease_one(ledger, path), record=record or record_of(path), **facts))


def read_stories(corpus: Path) -> list[dict[str, Any]]:
    """All lines under `stories/`, in order."""
    return _read(corpus, "stories")


def read_events(corpus: Path) -> list[dict[str, Any]]:
    return _read(corpus, "events")


def _read(corpus: Path, stream: str) -> list[dict[str, Any]]:
    files = sorted((corpus / stream).glob("*/*"))
    return [json.loads(line) for file in files for line in read_lines(file)]


def report(corpus: Path, ledger: Ledger) -> None:
    """The run's own report, as the crawl writes it before it closes the ledger."""
    write_report(
        corpus,
        RunReport(
            run_id=ledger.run_id or "",
            site=SITE,
            started_at="2026-03-05T10:00:00Z",
            finished_at="2026-03-05T10:00:01Z",
            finish_reason="finished",
            exit_code=0,
            counts={},
            problems=["one page failed"],
            files=ledger.seals(),
            settings={},
            arguments={},
        ),
    )


@contextmanager
def whole_run(corpus: Path, clock: Clock | None = None, run_id: str = "r1", **options: Any) -> Iterator[Ledger]:
    """A run that seals and reports at its end."""
    with run(corpus, clock, run_id, **options) as ledger:
        yield ledger
        ledger.seal()
        report(corpus, ledger)
