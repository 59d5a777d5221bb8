"""A version is the site's doing, and never the extractor's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsscraper.store.ledger.versions import COMPARED, LIVE_INTERVAL, digest_fields, find_changed
from newsscraper.story import Story
from tests.store.ledgers import DAY, START, SetClock, done, lease_one, read_events, read_stories, record_of, run, settle

NOW = int(START.timestamp())
OLD, NEW = "newsscraper/1 body/1", "newsscraper/2 body/1"


def test_the_same_text_is_no_version(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a")
        again = settle(ledger, "a", record_of("a", tags=["ferry"]))
        assert (again.verdict, again.record, again.record_as_known.version) == ("unchanged", None, 1)
        ledger.settle(done(lease_one(ledger, "a"), status=304, unchanged=True))
        ledger.seal()
    assert len(read_stories(tmp_path)) == 1
    assert read_events(tmp_path) == []


def test_another_text_is_a_version_and_an_event_says_what_changed(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        key = settle(ledger, "a").record.story_key
        changed = settle(ledger, "a", record_of("a", body="It sank.", tags=["ferry"]))
        assert (changed.verdict, changed.record.story_key, changed.record.version) == ("changed", key, 2)
        assert changed.changed == ("body", "tags")
        back = settle(ledger, "a")
        assert back.record.version == 3
        ledger.seal()
    lines = read_stories(tmp_path)
    assert [(line["story_key"], line["version"], line["body"]) for line in lines] == [
        (key, 1, "The ferry ran."),
        (key, 2, "It sank."),
        (key, 3, "The ferry ran."),
    ]
    first, _ = read_events(tmp_path)
    assert first["event"] == "changed"
    assert (first["story_key"], first["version"], first["changed"]) == (key, 2, ["body", "tags"])


def test_what_is_said_to_be_unchanged_is_not_looked_at(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a")
        again = settle(ledger, "a", record_of("a", body="It sank."), unchanged=True)
        assert (again.verdict, again.record_as_known) == ("none", None)


def test_a_run_counts_what_is_new_and_what_changed(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a")
        settle(ledger, "b")
        settle(ledger, "a", record_of("a", body="It sank."))
        assert ledger.database.row("SELECT new, changed FROM runs") == (2, 1)


def test_another_extractor_makes_no_version(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a", record_of("a", extractor=OLD), fingerprint=1)
        same_page = settle(ledger, "a", record_of("a", body="Read better.", extractor=NEW), fingerprint=1)
        assert (same_page.verdict, same_page.record) == ("unchanged", None)
        settle(ledger, "b", record_of("b", extractor=OLD))
        unknown = settle(ledger, "b", record_of("b", body="Read better.", extractor=NEW))
        assert (unknown.verdict, unknown.record, unknown.record_as_known.version) == ("rebased", None, 1)
        ledger.seal()
    assert len(read_stories(tmp_path)) == 2


@pytest.mark.parametrize("path", ["fingerprint", "text"])
def test_after_an_upgrade_the_new_text_is_what_is_compared(tmp_path: Path, path: str) -> None:
    fingerprint: dict[str, Any] = {"fingerprint": 1} if path == "fingerprint" else {}
    with run(tmp_path) as ledger:
        settle(ledger, "a", record_of("a", extractor=OLD), **fingerprint)
        settle(ledger, "a", record_of("a", body="Read better.", extractor=NEW), **fingerprint)
        assert settle(ledger, "a", record_of("a", body="Read better.", extractor=NEW)).verdict == "unchanged"
        changed = settle(ledger, "a", record_of("a", body="Told anew.", extractor=NEW), fingerprint=2)
        assert (changed.verdict, changed.record.version) == ("changed", 2)


def test_the_old_page_read_by_the_new_extractor_decides(tmp_path: Path) -> None:
    record = record_of("a", body="Read better.", extractor=NEW)
    for name, old_body, verdict in (("same", "Read better.", "unchanged"), ("other", "Another text.", "changed")):
        with run(tmp_path / name) as ledger:
            settle(ledger, "a", record_of("a", extractor=OLD))
            old = Story(title=record.title, body=old_body)
            settlement = done(lease_one(ledger, "a"), record=record)
            assert ledger.settle(settlement, reread=lambda old=old: old).verdict == verdict  # type: ignore[misc]
    with run(tmp_path / "lost") as ledger:
        settle(ledger, "a", record_of("a", extractor=OLD))
        assert ledger.settle(done(lease_one(ledger, "a"), record=record), reread=lambda: None).verdict == "rebased"


def test_the_old_page_is_not_read_where_it_decides_nothing(tmp_path: Path) -> None:
    def refuse() -> Story:
        raise AssertionError("read for nothing")

    with run(tmp_path) as ledger:
        settle(ledger, "a", record_of("a", extractor=OLD), fingerprint=1)
        for record in (record_of("a", extractor=NEW), record_of("a", body="Anew.", extractor=NEW)):
            ledger.settle(done(lease_one(ledger, "a"), record=record, fingerprint=1), reread=refuse)
        changed = record_of("a", body="Anew, and more.", extractor=NEW)
        assert ledger.settle(done(lease_one(ledger, "a"), record=changed, fingerprint=2), reread=refuse).record


def test_the_same_raw_text_is_no_version_however_it_is_read(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a", fingerprint=7)
        assert settle(ledger, "a", record_of("a", body="Markup moved."), fingerprint=7).verdict == "unchanged"


def test_a_running_blog_is_versioned_once_a_day_and_when_it_ends(tmp_path: Path) -> None:
    def visit(number: int, seconds: int, genre: str = "live") -> tuple[str, int]:
        record = record_of("a", body=f"Entry {number}.", genre=genre)
        committed = settle(ledger, "a", record, visited_at=NOW + seconds)
        return committed.verdict, committed.record_as_known.version

    with run(tmp_path) as ledger:
        assert visit(1, 0) == ("new", 1)
        assert visit(2, 600) == ("unchanged", 1)
        assert visit(3, LIVE_INTERVAL - 1) == ("unchanged", 1)
        assert visit(3, LIVE_INTERVAL) == ("changed", 2)
        assert visit(4, LIVE_INTERVAL + 60) == ("unchanged", 2)
        assert visit(4, LIVE_INTERVAL + 120, "story") == ("changed", 3)


def test_what_a_running_blog_says_last_is_never_lost(tmp_path: Path) -> None:
    """Held back, it is read once more when the time is over, whatever the site says of its having changed."""
    facts = {"etag": '"2"', "last_modified": "then", "digest": "d2"}
    with run(tmp_path) as ledger:
        settle(ledger, "a", record_of("a", genre="live"))
        held = settle(ledger, "a", record_of("a", body="The last entry.", genre="live"), visited_at=NOW + 60, **facts)
        assert held.verdict == "unchanged"
    clock = SetClock(START + timedelta(seconds=LIVE_INTERVAL))
    with run(tmp_path, clock, "r2") as ledger:
        (lease,) = ledger.frontier.lease(1)
        assert (lease.etag, lease.last_modified, lease.digest) == (None, None, None)
        last = record_of("a", body="The last entry.", genre="live")
        committed = ledger.settle(done(lease, record=last, visited_at=NOW + LIVE_INTERVAL, **facts))
        assert (committed.verdict, committed.record.version) == ("changed", 2)
    with run(tmp_path, SetClock(START + timedelta(days=900)), "r3") as ledger:
        assert ledger.frontier.lease(1) == []
        settle(ledger, "b", record_of("b", genre="live"))
        settle(ledger, "b", record_of("b", body="More.", genre="live"), due=NOW + 900 * DAY + 60)
        assert ledger.frontier.next_due() == NOW + 900 * DAY + 60


def test_fields_that_changed() -> None:
    one = Story(title="a", body="b", tags=["c"])
    other = Story(title="a", body="B", tags=["c", "d"], complete=False)
    assert find_changed(digest_fields(one), digest_fields(other)) == ("body", "tags", "complete")
    assert find_changed(digest_fields(one), digest_fields(one)) == ()
    assert find_changed(digest_fields(one)[:8], digest_fields(other)) == ("body",)
    assert find_changed(b"", digest_fields(other)) == ()
    assert set(COMPARED) <= set(Story.__dataclass_fields__)
