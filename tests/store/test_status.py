from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsscraper.errors import LedgerError
from newsscraper.store import Entry, find_sites, read_status
from tests.store.ledgers import DAY, HOME, SITE, START, SetClock, done, lease_one, record_of, run, settle, whole_run

NOW = int(START.timestamp())


def test_a_site_that_was_crawled(tmp_path: Path) -> None:
    with whole_run(tmp_path) as ledger:
        settle(ledger, "a", due=NOW + DAY)
        settle(ledger, "b")
        settle(ledger, "a", record_of("a", body="Changed."), due=NOW + DAY)
        ledger.settle(done(lease_one(ledger, "b"), state="gone", status=404))
        ledger.frontier.add([Entry(url=HOME + "c")])
        key = lease_one(ledger, "deadly").key
        while not ledger.frontier.note_death(key):
            pass
    status = read_status(tmp_path, SITE)
    assert (status.stories, status.versions, status.gone, status.forgotten, status.runs) == (2, 3, 1, 0, 1)
    assert (status.frontier["ready"], status.frontier["done"], status.frontier["quarantined"]) == (1, 1, 1)
    assert (status.oldest_ready, status.next_due) == ("2026-03-05T10:00:00Z", "2026-03-06T10:00:00Z")
    assert status.quarantined == [HOME + "deadly"]
    assert (status.is_running, status.unsealed) == (False, 0)
    assert status.last_run is not None
    assert (status.last_run.new, status.last_run.changed, status.last_run.exit_code) == (2, 1, 0)
    assert (status.last_run.finish_reason, status.last_run.problems) == ("finished", ["one page failed"])
    assert json.loads(json.dumps(status.to_dict()))["last_run"]["run_id"] == "r1"


def test_a_site_at_work_and_one_whose_run_died(tmp_path: Path) -> None:
    with whole_run(tmp_path):
        pass
    clock = SetClock()
    clock.move(60)
    with run(tmp_path, clock, "r2") as ledger:
        settle(ledger, "a")
        status = read_status(tmp_path, SITE)
        assert status.last_run is not None
        assert (status.is_running, status.last_run.run_id, status.unsealed) == (True, "r2", 1)
        assert (status.last_run.finish_reason, status.last_run.finished_at) == ("running", None)
        assert status.last_run.new == 1
    status = read_status(tmp_path, SITE)
    assert status.last_run is not None
    assert (status.is_running, status.last_run.finish_reason) == (False, "killed")


def test_a_takedown_is_no_crawl(tmp_path: Path) -> None:
    with whole_run(tmp_path) as ledger:
        key = settle(ledger, "a").record.story_key
    clock = SetClock()
    clock.move(60)
    with run(tmp_path, clock, "r2") as ledger:
        ledger.forget(key, why="asked for")
    status = read_status(tmp_path, SITE)
    assert status.last_run is not None
    assert (status.last_run.run_id, status.stories, status.forgotten) == ("r1", 0, 1)


def test_sites(tmp_path: Path) -> None:
    assert find_sites(tmp_path) == []
    with run(tmp_path):
        pass
    assert find_sites(tmp_path) == [SITE]
    with pytest.raises(LedgerError, match="there is no ledger"):
        read_status(tmp_path, "nobody.example")
