"""Lines from the transaction that commits them into sealed files, whatever kills the run in between."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from newsscraper.errors import InputError, LedgerError
from newsscraper.store import Entry, Form, Ledger, check, faults
from newsscraper.store.ledger import files
from newsscraper.store.ledger.files import read_lines, write_lines
from tests.store.ledgers import (
    HOME,
    SITE,
    START,
    SetClock,
    done,
    lease_one,
    read_events,
    read_stories,
    record_of,
    run,
    settle,
)

NOW = int(START.timestamp())

POINTS = (
    "settling:written:3",
    "settling:committed:3",
    "settling:committed:8",
    "sealing:reserved",
    "sealing:reserved:4",
    "sealing:written:2",
    "sealing:renamed",
    "sealing:renamed:5",
    "sealing:done:2",
)


def crawl(corpus: Path, run_id: str, fault: str = "", form: Form = "plain", *, early: bool = False) -> int:
    """A run in a process of its own, which dies at `fault`; how that ended, as `subprocess` tells it."""

    def live() -> None:
        faults.hook = faults.killer(fault) if fault else None
        crawl_here(corpus, run_id, form, early=early)
        os._exit(0)

    return die(live)


def die(life: Callable[[], object]) -> int:
    """A process that kills itself when `life` is over, if not before; how it ended."""
    child = os.fork()
    if not child:
        try:
            life()
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def crawl_here(corpus: Path, run_id: str, form: Form, *, early: bool) -> None:
    ledger = Ledger.open(corpus, SITE, clock=SetClock(), run_id=run_id, form=form)
    ledger.frontier.add([Entry(url=f"{HOME}{number}") for number in range(8)])
    while leases := ledger.frontier.lease(2):
        for lease in leases:
            ledger.frontier.in_hand(lease.key)
            record = record_of(lease.entry.url.removeprefix(HOME))
            ledger.settle(done(lease, record=record, events=({"event": "met", "url": lease.entry.url},)))
            ledger.frontier.in_hand(None)
        if early:
            ledger.seal(at_most=3)
    ledger.seal(at_most=3)
    ledger.close()


def manifest_of(corpus: Path, run_id: str) -> dict[str, object]:
    manifest: dict[str, object] = json.loads((corpus / "runs" / SITE / f"{run_id}.json").read_text())
    return manifest


def test_lines_appear_whole_in_order_and_once(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        for path in "abcde":
            settle(ledger, path, events=({"event": "met", "url": HOME + path},))
        assert not (tmp_path / "stories").exists()
        seals = ledger.seal(at_most=2)
        assert [seal.records for seal in seals] == [2, 2, 1, 2, 2, 1]
        assert ledger.seal() == []
        settle(ledger, "f")
        (last,) = ledger.seal()
        assert last.file == f"stories/{SITE}/r1-00003.jsonl"
        assert ledger.seals() == sorted([*seals, last], key=lambda seal: seal.file)
    assert [line["title"] for line in read_stories(tmp_path)] == [f"Ferry {path}" for path in "abcdef"]
    assert [event["url"] for event in read_events(tmp_path)] == [HOME + path for path in "abcde"]
    for seal in [*seals, last]:
        data = (tmp_path / seal.file).read_bytes()
        assert (seal.bytes, seal.sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("form", ["plain", "gz", "zst"])
def test_forms(tmp_path: Path, form: Form) -> None:
    with run(tmp_path, form=form) as ledger:
        record = record_of("a", title="خبر")
        settle(ledger, "a", record)
        (seal,) = ledger.seal()
    suffix = {"plain": "", "gz": ".gz", "zst": ".zst"}[form]
    assert seal.file == f"stories/{SITE}/r1-00000.jsonl{suffix}"
    data = (tmp_path / seal.file).read_bytes()
    assert (seal.bytes, seal.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert read_stories(tmp_path) == [record.to_dict()]
    lines = list(read_lines(tmp_path / seal.file))
    assert write_lines(tmp_path / f"again{suffix}", lines, form) == (1, seal.bytes, seal.sha256)


def test_gzip_is_what_others_read_and_knows_no_time(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl.gz", ["{}", "[]"], "gz")
    data = (tmp_path / "a.jsonl.gz").read_bytes()
    assert gzip.decompress(data) == b"{}\n[]\n"
    assert data[3:8] == b"\0" * 5


def test_a_file_is_synced_before_it_has_its_name_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done_so_far: list[tuple[str, str]] = []
    fsync, replace = os.fsync, os.replace

    def note_sync(descriptor: int) -> None:
        done_so_far.append(("sync", Path(os.readlink(f"/proc/self/fd/{descriptor}")).name))
        fsync(descriptor)

    def note_rename(old: Path, new: Path) -> None:
        done_so_far.append(("rename", Path(new).name))
        replace(old, new)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_rename)
    write_lines(tmp_path / "new" / "a.jsonl", ["{}"], "plain")
    assert done_so_far == [
        ("sync", tmp_path.name),  # which has the folder now
        ("sync", ".a.jsonl.part"),
        ("rename", "a.jsonl"),
        ("sync", "new"),
    ]


def test_a_form_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="plain, gz or zst"), run(tmp_path, form="bz2"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", POINTS)
@pytest.mark.parametrize("form", ["plain", "gz"])
def test_a_killed_run_loses_nothing_and_doubles_nothing(tmp_path: Path, fault: str, form: Form) -> None:
    assert crawl(tmp_path, "r1", fault, form, early=True) == -signal.SIGKILL
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.recovered == ("r1",)
        known = ledger.stories.totals()["stories"]
        assert len(read_stories(tmp_path)) == known
        lease = ledger.frontier.lease(1)
        assert bool(lease) == (known < 8)
        ledger.frontier.release([each.key for each in lease])
    assert list(tmp_path.glob("*/*/.*.part")) == []
    named = [each["file"] for each in manifest_of(tmp_path, "r1")["files"]]  # type: ignore[attr-defined]
    on_disk = [path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("[se]*/*/r1-*")]
    assert sorted(named) == sorted(on_disk)
    assert crawl(tmp_path, "r3", "", form) == 0
    lines = read_stories(tmp_path)
    assert sorted(line["title"] for line in lines) == [f"Ferry {number}" for number in range(8)]
    assert {line["version"] for line in lines} == {1}
    assert sorted(event["url"] for event in read_events(tmp_path)) == [f"{HOME}{number}" for number in range(8)]
    unreported = {finding.where.rpartition("/")[2][:3] for finding in check(tmp_path, SITE)}
    assert unreported <= {"r3-"}  # which wrote no report of its own


def test_a_dead_run_is_said_to_be_killed(tmp_path: Path) -> None:
    crawl(tmp_path, "r1", "settling:committed:5")
    with run(tmp_path, run_id="r2"):
        pass
    manifest = manifest_of(tmp_path, "r1")
    assert (manifest["finish_reason"], manifest["exit_code"]) == ("killed", 1)
    assert manifest["counts"] == {"new": 5, "changed": 0}


def test_a_report_that_the_run_did_write_is_only_completed(tmp_path: Path) -> None:
    crawl(tmp_path, "r1", "sealing:renamed")
    report = tmp_path / "runs" / SITE / "r1.json"
    report.parent.mkdir(parents=True)
    report.write_text(json.dumps({"finish_reason": "finished", "files": []}))
    with run(tmp_path, run_id="r2"):
        pass
    manifest = manifest_of(tmp_path, "r1")
    assert manifest["finish_reason"] == "finished"
    assert len(manifest["files"]) == 3  # type: ignore[arg-type]
    assert len(manifest["notes"]) == 1  # type: ignore[arg-type]


def test_what_was_in_hand_when_the_run_was_killed_is_suspect(tmp_path: Path) -> None:
    crawl(tmp_path, "r1", "settling:written:3")
    with run(tmp_path, run_id="r2") as ledger:
        leases = ledger.frontier.lease(9)
        suspects = [(lease.deaths, lease.suspect) for lease in leases if lease.suspect]
        assert (len(leases), suspects) == (6, [(1, True)])
    with run(tmp_path, run_id="r3") as ledger:
        assert sum(lease.deaths for lease in ledger.frontier.lease(9)) == 1


def test_three_processes_killed_over_a_url_set_it_aside(tmp_path: Path) -> None:
    for number in range(3):
        assert crawl(tmp_path, f"r{number}", "settling:written") == -signal.SIGKILL
        with run(tmp_path, run_id=f"s{number}") as ledger:
            quarantined = len(ledger.frontier.quarantined())
            ledger.frontier.add([Entry(url=f"{HOME}{path}", rank=-1) for path in range(8)])
    assert quarantined == 1


def test_a_death_is_not_counted_for_the_next_run_that_dies(tmp_path: Path) -> None:
    crawl(tmp_path, "r1", "settling:written:3")
    assert die(lambda: Ledger.open(tmp_path, SITE, clock=SetClock(), run_id="r2")) == -signal.SIGKILL
    with run(tmp_path, run_id="r3") as ledger:
        assert ledger.recovered == ("r2",)
        assert max(lease.deaths for lease in ledger.frontier.lease(9)) == 1


def test_a_death_that_was_counted_is_not_counted_again(tmp_path: Path) -> None:
    crawl(tmp_path, "r1", "settling:written:3")
    hand = tmp_path / "ledger" / f"{SITE}.hand"
    key = hand.read_bytes()
    with run(tmp_path, run_id="r2"):
        pass
    hand.write_bytes(key)
    with run(tmp_path, run_id="r3") as ledger:
        assert max(lease.deaths for lease in ledger.frontier.lease(9)) == 1


@pytest.mark.parametrize("known", ["never", "before"])
def test_deaths_are_remembered_by_runs_that_ignore_what_others_asked(tmp_path: Path, known: str) -> None:
    """Over one page processes die: a whole one, then workers, each in a run with a frontier of its own."""
    if known == "before":
        with run(tmp_path, run_id="r0") as ledger:
            settle(ledger, "a")

    def read_in_hand() -> None:
        with run(tmp_path, run_id="r1", fresh_frontier=True) as ledger:
            ledger.frontier.in_hand(lease_one(ledger, "a").key)
            os.kill(os.getpid(), signal.SIGKILL)

    assert die(read_in_hand) == -signal.SIGKILL
    for number, is_set_aside in ((1, False), (2, True)):
        with run(tmp_path, run_id=f"s{number}", fresh_frontier=True) as ledger:
            lease = lease_one(ledger, "a")
            assert (lease.deaths, lease.suspect) == (number, True)
            assert ledger.frontier.note_death(lease.key) == is_set_aside
            assert (ledger.frontier.known(HOME + "a") == "quarantined") == is_set_aside
    for fresh in (True, False):
        with run(tmp_path, run_id=f"t{fresh}", fresh_frontier=fresh) as ledger:
            ledger.frontier.add([Entry(url=HOME + "a", again=True)])
            assert ledger.frontier.lease(1) == []
            assert [each.url for each in ledger.frontier.quarantined()] == [HOME + "a"]


def test_a_page_that_is_read_after_a_death_is_no_longer_suspect(tmp_path: Path) -> None:
    for number in range(2):
        with run(tmp_path, run_id=f"r{number}", fresh_frontier=True) as ledger:
            ledger.frontier.note_death(lease_one(ledger, "a").key)
        with run(tmp_path, run_id=f"s{number}", fresh_frontier=True) as ledger:
            settle(ledger, "a")
    with run(tmp_path, run_id="r9", fresh_frontier=True) as ledger:
        assert lease_one(ledger, "a").deaths == 0


@pytest.mark.parametrize("again", [False, True])
def test_a_disk_that_is_full_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    def fail(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, "No space left on device")

    with run(tmp_path) as ledger:
        settle(ledger, "a")
        monkeypatch.setattr(files.os, "fsync", fail)
        with pytest.raises(OSError, match="No space"):
            ledger.seal()
        monkeypatch.undo()
        assert list((tmp_path / "stories" / SITE).iterdir()) == []
        if again:
            assert len(ledger.seal()) == 1
            return
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.recovered == ("r1",)
        assert len(ledger.seals("r1")) == 1
    assert len(read_stories(tmp_path)) == 1


def test_a_ledger_that_is_full_commits_nothing_of_the_settlement(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        lease = lease_one(ledger, "a")
        ledger.database.execute("PRAGMA max_page_count = 1")
        found = tuple(Entry(url=f"{HOME}found/{number}") for number in range(500))
        with pytest.raises(OSError, match="full: nothing of the last step is kept") as raised:
            ledger.settle(done(lease, record=record_of("a", body="word " * 50_000), discoveries=found))
        assert raised.value.errno == errno.ENOSPC
        assert ledger.stories.totals()["stories"] == 0
        assert ledger.frontier.known(HOME + "found/0") is None
        assert ledger.frontier.known(HOME + "a") == "leased"
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.settle(done(lease_one(ledger, "a"), record=record_of("a"))).verdict == "new"


def test_one_settlement_is_one_transaction(tmp_path: Path) -> None:
    broken = {"event": "broken", "what": {1, 2}}
    with run(tmp_path) as ledger:
        lease = lease_one(ledger, "a")
        with pytest.raises(TypeError):
            ledger.settle(done(lease, record=record_of("a"), discoveries=(Entry(url=HOME + "b"),), events=(broken,)))
        assert ledger.frontier.known(HOME + "b") is None
        assert ledger.frontier.known(HOME + "a") == "leased"
        assert ledger.stories.totals()["stories"] == 0
        assert ledger.seal() == []


def test_nothing_is_settled_or_sealed_without_a_run(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        lease = lease_one(ledger, "a")
    with Ledger.open(tmp_path, SITE, clock=SetClock()) as ledger:
        with pytest.raises(LedgerError, match="without a run"):
            ledger.settle(done(lease))
        with pytest.raises(LedgerError, match="without a run"):
            ledger.seal()
