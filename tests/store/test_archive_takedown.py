"""Takedown in archives: nothing of a story is left in them, and every other record stays where it was."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from newsscraper.store import Entry, Ledger, check, faults
from newsscraper.store.archive import ArchivedPage, read_at
from newsscraper.store.archive.takedown import make_filler
from tests.store.archives import PAGE, archives, assert_sound, exchange, read_records
from tests.store.ledgers import (
    HOME,
    SITE,
    SetClock,
    done,
    lease_one,
    read_events,
    read_stories,
    record_of,
    report,
    run,
    settle,
)

NAME = b"Alma Ferrant"
POINTS = (
    "forgetting:entered",
    "forgetting:rewritten",
    "forgetting:overwritten",
    "forgetting:replaced",
    "forgetting:unindexed",
    "forgetting:overwritten:2",
    "forgetting:replaced:2",
    "forgetting:unindexed:2",
    "forgetting:done",
)


def make_corpus(corpus: Path) -> str:
    """A story of two pages behind a redirect, in two versions, in two archives, between others; its key."""
    with run(corpus) as ledger:
        settle(ledger, "first", exchanges=(exchange("first", PAGE + os.urandom(90_000)),))
        exchanges = (
            exchange("to/ferrant", b"", 302, location="ferrant"),
            exchange("ferrant", PAGE + NAME + os.urandom(150_000), drawn=NAME),
            exchange("ferrant/2", NAME + b" was fined.", page_of=HOME + "ferrant"),
        )
        record = record_of("ferrant", asked="to/ferrant", title="Fined", body="Fined.")
        key = settle(ledger, "to/ferrant", record, exchanges=exchanges).record.story_key
        settle(ledger, "last", exchanges=(exchange("last"),))
        ledger.seal(archive=True)
        report(corpus, ledger)
    with run(corpus, run_id="r2") as ledger:
        pages = (exchange("ferrant"), exchange("ferrant/2", NAME, page_of=HOME + "ferrant"))
        settle(ledger, "ferrant", record_of("ferrant", title="Fined", body="Not fined."), exchanges=pages)
        ledger.settle(done(lease_one(ledger, "ferrant"), unchanged=True, exchanges=(exchange("ferrant", b"", 304),)))
        settle(ledger, "other", exchanges=(exchange("other"),))
        ledger.seal(archive=True)
        report(corpus, ledger)
    return str(key)


def forget(corpus: Path, key: str) -> tuple[str, ...]:
    with run(corpus, run_id="r9") as ledger:
        return ledger.forget(key, why="a court said so").files


def assert_forgotten(corpus: Path) -> None:
    assert check(corpus, SITE) == []
    assert_sound(corpus)
    for path in corpus.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            text = gzip.decompress(data) if path.suffix == ".gz" else data
            for word in (NAME, b"ferrant"):
                assert word not in data, path
                assert word not in text, path
    assert {line["url"] for line in read_stories(corpus)} == {HOME + path for path in ("first", "last", "other")}
    for line in read_stories(corpus):
        page = read_at(str(corpus / line["warc"]["file"]), line["warc"]["offset"], line["warc"]["length"])
        assert isinstance(page, ArchivedPage)
        assert page.body.startswith(PAGE)


def test_what_was_captured_of_a_story_is_gone_and_the_rest_stays_where_it_was(tmp_path: Path) -> None:
    key = make_corpus(tmp_path)
    before = [[told.offset for told in read_records(path)] for path in archives(tmp_path)]
    sizes = [path.stat().st_size for path in archives(tmp_path)]
    files = forget(tmp_path, key)
    assert sorted(file for file in files if file.startswith("archive/")) == [
        f"archive/{SITE}/{run_id}-00000.{suffix}" for run_id in ("r1", "r2") for suffix in ("cdxj", "warc.gz")
    ]
    assert_forgotten(tmp_path)
    assert [path.stat().st_size for path in archives(tmp_path)] == sizes
    for path, offsets in zip(archives(tmp_path), before, strict=True):
        assert {told.offset for told in read_records(path)} <= set(offsets)
    notes = json.loads((tmp_path / "runs" / SITE / "r1.json").read_text())["notes"]
    assert f"archive/{SITE}/r1-00000.warc.gz was written anew without a story that was taken down" in notes


@pytest.mark.parametrize("point", POINTS)
def test_a_takedown_that_is_broken_off_is_finished(tmp_path: Path, point: str) -> None:
    key = make_corpus(tmp_path)
    child = os.fork()
    if not child:
        faults.hook = faults.killer(point)
        try:
            forget(tmp_path, key)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with Ledger.open(tmp_path, SITE, clock=SetClock()) as ledger:
        assert ledger.recovered == ("r9",)
    assert_forgotten(tmp_path)


@pytest.mark.parametrize("point", ["forgetting:overwritten", "forgetting:replaced", "forgetting:unindexed:2"])
def test_given_again_it_names_what_was_written_anew_since_it_was_broken_off(tmp_path: Path, point: str) -> None:
    key = make_corpus(tmp_path)
    child = os.fork()
    if not child:
        faults.hook = faults.killer(point)
        try:
            forget(tmp_path, key)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    with run(tmp_path, run_id="r10") as ledger:
        forgotten = ledger.forget(key, why="a court said so")
    assert forgotten.was_forgotten
    assert {f"archive/{SITE}/{run_id}-00000.warc.gz" for run_id in ("r1", "r2")} <= set(forgotten.files)
    assert len(forgotten.files) == len(set(forgotten.files))
    assert [event["event"] for event in read_events(tmp_path)].count("forgotten") == 1


def test_what_was_taken_down_is_neither_asked_nor_archived_again(tmp_path: Path) -> None:
    forget(tmp_path, make_corpus(tmp_path))
    with run(tmp_path, run_id="r10") as ledger:
        ledger.frontier.add([Entry(url=HOME + path, again=True) for path in ("ferrant", "ferrant/2", "to/ferrant")])
        assert {lease.entry.url for lease in ledger.frontier.lease(9)} <= {HOME + path for path in ("first", "last")}
        hop = exchange("hop", b"", 302, location="ferrant")
        again = settle(ledger, "hop", record_of("ferrant", asked="hop"), exchanges=(hop, exchange("ferrant", NAME)))
        assert (again.verdict, again.record) == ("none", None)
        ledger.settle(done(lease_one(ledger, "x"), exchanges=(exchange("ferrant", NAME), exchange("x"))))
        ledger.seal(archive=True)
        report(tmp_path, ledger)
    archive = tmp_path / "archive" / SITE / "r10-00000.warc.gz"
    assert [told.url for told in read_records(archive)] == [None, HOME + "x", HOME + "x"]
    assert check(tmp_path, SITE) == []


def test_what_the_run_itself_archived_is_forgotten_too(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        for path in ("first", "last", "other"):
            settle(ledger, path, exchanges=(exchange(path),))
        key = settle(ledger, "ferrant", exchanges=(exchange("ferrant", NAME),)).record.story_key
        assert ledger.forget(key, why="a court said so").files == (
            f"archive/{SITE}/r1-00000.warc.gz",
            f"archive/{SITE}/r1-00000.cdxj",
        )
    assert_forgotten(tmp_path)


def test_a_page_of_another_story_at_an_address_that_was_this_ones_stays(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a", record_of("a", title="Moved"), exchanges=(exchange("a"),))
        ledger.settle(done(lease_one(ledger, "a"), state="gone"))
        moved = settle(ledger, "b", record_of("b", title="Moved", asked="a"), exchanges=(exchange("b"),))
        other = settle(ledger, "a", record_of("a", title="Other", body="Else."), exchanges=(exchange("a", b"Else."),))
        assert (moved.verdict, other.verdict) == ("unchanged", "new")
        ledger.forget(other.record.story_key, why="a court said so")
        ledger.seal(archive=True)
        report(tmp_path, ledger)
    (line,) = read_stories(tmp_path)
    page = read_at(str(tmp_path / line["warc"]["file"]), line["warc"]["offset"], line["warc"]["length"])
    assert isinstance(page, ArchivedPage)
    assert page.body == PAGE
    assert check(tmp_path, SITE) == []


def test_an_archive_that_was_put_back_from_a_backup_is_taken_care_of_again(tmp_path: Path) -> None:
    key = make_corpus(tmp_path)
    copies = {path: path.read_bytes() for path in archives(tmp_path)}
    forget(tmp_path, key)
    for path, data in copies.items():
        path.write_bytes(data)
    with run(tmp_path, run_id="r11") as ledger:
        assert set(ledger.forget(key, why="again").files) == {
            f"archive/{SITE}/{name}" for path in copies for name in (path.name, path.name.replace("warc.gz", "cdxj"))
        }
    assert_forgotten(tmp_path)


def test_an_index_that_is_lost_hides_nothing(tmp_path: Path) -> None:
    key = make_corpus(tmp_path)
    for path in tmp_path.glob("archive/*/*.cdxj"):
        path.unlink()
    forget(tmp_path, key)
    assert_forgotten(tmp_path)


def test_a_filler_is_one_record_of_any_length() -> None:
    for length in (*range(300, 320), 65_800, *range(65_800, 65_840), *range(131_090, 131_120), 200_000):
        filler = make_filler(7, length)
        assert len(filler) == length
        told = [(str(each.record_type), each.reader.read().strip()) for each in ArchiveIterator(io.BytesIO(filler))]
        assert told == [("metadata", b"")]
        assert len(gzip.decompress(filler)) < length


def test_no_filler_fits_where_no_record_did() -> None:
    with pytest.raises(ValueError, match="hold no record"):
        make_filler(0, 100)
