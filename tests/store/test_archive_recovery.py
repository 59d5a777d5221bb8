"""Archives whatever kills the run: whole in the end, in a manifest, and every line leads to its page."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from newsscraper.store import Ledger, check, faults
from newsscraper.store.archive import ArchivedPage, read_at
from tests.store.archives import PAGE, archives, assert_sound, exchange, read_records
from tests.store.ledgers import HOME, SITE, SetClock, read_stories, report, run, settle

PATHS = "abcdef"
POINTS = (
    "archiving:reserved",
    "archiving:reserved:2",
    "archiving:begun",
    "archiving:begun:3",
    "archiving:written",
    "archiving:written:2",
    "archiving:synced",
    "archiving:synced:4",
    "settling:written:3",
    "settling:committed:3",
    "archiving:indexed",
    "archiving:indexed:2",
    "archiving:renamed",
    "archiving:renamed:3",
    "archiving:sealed:2",
    "sealing:reserved",
    "sealing:renamed",
)
OPEN = f"archive/{SITE}/r1-00000.warc.gz.open"


def body_of(path: str) -> bytes:
    """No two pages alike, nor easily packed."""
    return PAGE + path.encode() + os.urandom(400)


def crawl_here(corpus: Path, run_id: str) -> None:
    """Six stories behind redirects, two settlements a file."""
    with Ledger.open(corpus, SITE, clock=SetClock(), run_id=run_id, archive_bytes=3500) as ledger:
        for path in PATHS:
            if ledger.frontier.known(HOME + path) != "done":
                exchanges = (exchange(f"to-{path}", b"", 302, location=path), exchange(path, body_of(path)))
                settle(ledger, path, exchanges=exchanges)
        ledger.seal(archive=True)
        report(corpus, ledger)


def die(corpus: Path, fault: str) -> int:
    """A crawl in a process of its own that is killed at `fault`; how it ended."""
    child = os.fork()
    if not child:
        faults.hook = faults.killer(fault)
        try:
            crawl_here(corpus, "r1")
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def assert_lines_lead_to_pages(corpus: Path) -> None:
    for line in read_stories(corpus):
        page = read_at(str(corpus / line["warc"]["file"]), line["warc"]["offset"], line["warc"]["length"])
        assert isinstance(page, ArchivedPage)
        assert page.url == line["url"]
        assert page.body.startswith(PAGE + line["url"][-1].encode())


@pytest.mark.parametrize("fault", POINTS)
def test_a_run_that_is_killed_leaves_whole_archives(tmp_path: Path, fault: str) -> None:
    assert die(tmp_path, fault) == -signal.SIGKILL
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.recovered == ("r1",)
        assert len(read_stories(tmp_path)) == ledger.stories.totals()["stories"]
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []
    assert_lines_lead_to_pages(tmp_path)
    crawl_here(tmp_path, "r3")
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []
    assert_lines_lead_to_pages(tmp_path)
    assert sorted(line["url"][-1] for line in read_stories(tmp_path)) == list(PATHS)


@pytest.mark.parametrize("fault", ["archiving:cut", "archiving:indexed", "archiving:renamed", "archiving:sealed"])
def test_a_recovery_that_is_killed_is_taken_up(tmp_path: Path, fault: str) -> None:
    assert die(tmp_path, "archiving:synced:4") == -signal.SIGKILL
    tear(tmp_path)
    assert die(tmp_path, fault) == -signal.SIGKILL
    with run(tmp_path, run_id="r2"):
        pass
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []
    assert_lines_lead_to_pages(tmp_path)


def tear(corpus: Path) -> None:
    """The file that grows ends in the midst of a record."""
    (path,) = corpus.glob("archive/*/*.open")
    with path.open("ab") as stream:
        stream.write(path.read_bytes()[:150])


TAILS = {
    "torn": lambda data: data + data[:150],
    "zeros": lambda data: data + bytes(5000),
    "rubbish": lambda data: data + b"\x1f\x8b\x08 no member",
    "changed": lambda data: data + data[:-1] + bytes([data[-1] ^ 1]),
}


@pytest.mark.parametrize("tail", TAILS)
def test_what_a_power_loss_left_of_a_record_is_cut_off(tmp_path: Path, tail: str) -> None:
    leave_open(tmp_path)
    path = tmp_path / OPEN
    before = path.read_bytes()
    path.write_bytes(TAILS[tail](before))
    with run(tmp_path, run_id="r2"):
        pass
    (archive,) = archives(tmp_path)
    assert archive.read_bytes().startswith(before)
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []
    assert_lines_lead_to_pages(tmp_path)


def leave_open(corpus: Path) -> None:
    """A run with one story that ended without sealing."""
    with run(corpus) as ledger:
        settle(ledger, "a", exchanges=(exchange("a", body_of("a")),))


def test_whole_records_that_no_line_names_stay(tmp_path: Path) -> None:
    leave_open(tmp_path)
    path = tmp_path / OPEN
    data = path.read_bytes()
    path.write_bytes(data + data)
    with run(tmp_path, run_id="r2") as ledger:
        (seal, _) = ledger.seals("r1")
        assert ledger.archive_counts("r1") == {"archived_records": 6, "archived_bytes": 2 * len(data)}
        assert (seal.records, seal.bytes) == (6, 2 * len(data))
    assert len(read_records(archives(tmp_path)[0])) == 6
    assert check(tmp_path, SITE) == []


def test_an_archive_whose_name_or_beginning_was_lost_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power loss before the first sync."""
    for number, data in enumerate((None, b"", b"\x1f\x8b")):
        with run(tmp_path, run_id=f"r{number}") as ledger:
            monkeypatch.setattr(faults, "hook", faults.filler("archiving:written"))
            with pytest.raises(OSError, match="No space"):
                settle(ledger, "a", exchanges=(exchange("a"),))
            monkeypatch.undo()
        (path,) = tmp_path.glob("archive/*/*.open")
        path.unlink() if data is None else path.write_bytes(data)
        with run(tmp_path, run_id=f"s{number}") as ledger:
            assert ledger.recovered == (f"r{number}",)
            assert ledger.seals(f"r{number}") == []
    assert archives(tmp_path) == []
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []


@pytest.mark.parametrize("point", ["archiving:reserved", "archiving:begun", "archiving:written", "archiving:synced"])
def test_a_disk_that_is_full_while_archiving_commits_nothing_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    with run(tmp_path) as ledger:
        if point.endswith(("written", "synced")):
            settle(ledger, "a", exchanges=(exchange("a"),))
        known = ledger.stories.totals()["stories"]
        monkeypatch.setattr(faults, "hook", faults.filler(point))
        with pytest.raises(OSError, match="No space"):
            settle(ledger, "b", exchanges=(exchange("b"),))
        monkeypatch.undo()
        assert ledger.stories.totals()["stories"] == known
        assert ledger.frontier.known(HOME + "b") == "leased"
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.recovered == ("r1",)
        assert settle(ledger, "b", exchanges=(exchange("b"),)).verdict == "new"
        ledger.seal(archive=True)
        report(tmp_path, ledger)
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []


@pytest.mark.parametrize("place", [3, 40, 400, -300, -3])
def test_what_decayed_in_an_unfinished_archive_keeps_nobody_out(tmp_path: Path, place: int) -> None:
    leave_open(tmp_path)
    path = tmp_path / OPEN
    data = bytearray(path.read_bytes())
    data[place : place + 2] = b"\xff\xff"
    path.write_bytes(data)
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.recovered == ("r1",)
        assert settle(ledger, "b", exchanges=(exchange("b"),)).verdict == "new"
        ledger.seal(archive=True)
        report(tmp_path, ledger)
    assert (archives(tmp_path)[0]).read_bytes() == data
    assert {finding.kind for finding in check(tmp_path, SITE)} <= {"lost_page"}


def test_nothing_leads_to_an_unfinished_archive_that_is_gone(tmp_path: Path) -> None:
    assert die(tmp_path, "settling:committed:3") == -signal.SIGKILL
    for path in tmp_path.glob("archive/*/*"):
        path.unlink()
    with run(tmp_path, run_id="r2") as ledger:
        known = ledger.database.rows("SELECT archive, archive_offset FROM versions")
        numbers = {number for (number,) in ledger.database.rows("SELECT id FROM files WHERE stream = 'archive'")}
    assert known
    assert {number for number, _ in known if number is not None} <= numbers
