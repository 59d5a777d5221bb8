"""Who may open a ledger, where it may lie, and how an old one comes to be of today."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsscraper.errors import LedgerError, LedgerLocked
from newsscraper.store import Clock, Entry, Ledger
from newsscraper.store.ledger import database, lock
from newsscraper.store.ledger.filesystems import find_file_system, refuse_unsafe
from newsscraper.store.ledger.lock import is_locked
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.schema import MIGRATIONS, Migration
from tests.store.ledgers import HOME, SITE, SetClock, read_stories, record_of, run, settle

HOLDER = """
import sys, os
from pathlib import Path
from tests.store.ledgers import *
ledger = Ledger.open(Path(sys.argv[1]), SITE, clock=SetClock(), run_id="first")
if len(sys.argv) > 2 and not os.fork():
    sys.stdin.read()
    os._exit(0)
print("open", flush=True)
sys.stdin.read()
"""
MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/export /srv nfs4 rw 0 0
/dev/vdb /srv/local xfs rw 0 0
//host/share /mnt/with\\040blank cifs rw 0 0
me@host:/home /home/me/far fuse.sshfs rw 0 0
new /new unheardof rw 0 0
/dev/vdc /covered ext4 rw 0 0
server:/b /covered nfs rw 0 0
"""


def test_one_run_a_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_PAUSE", 0)
    with run(tmp_path, run_id="first"):
        assert is_locked(Place(tmp_path, SITE).lock)
        with pytest.raises(LedgerLocked, match=rf"run first .*process {os.getpid()}, since 2026-03-05T10:00:00Z"):
            Ledger.open(tmp_path, SITE, clock=SetClock(), run_id="second")
        with Ledger.open(tmp_path, "b.example", clock=SetClock(), run_id="second"):
            pass
    assert not is_locked(Place(tmp_path, SITE).lock)
    with run(tmp_path, run_id="second") as ledger:
        assert ledger.recovered == ()


def test_a_look_at_the_lock_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(looked, fcntl.LOCK_EX)
    monkeypatch.setattr(lock.time, "sleep", lambda seconds: os.close(looked))
    lock.RunLock(tmp_path / "lock", run_id=None, started="").release()


@pytest.mark.parametrize("with_child", [False, True])
def test_the_lock_goes_with_the_run_and_not_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_child: bool
) -> None:
    monkeypatch.setattr(lock, "_PAUSE", 0)
    command = [sys.executable, "-c", HOLDER, str(tmp_path), *(["child"] if with_child else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(LedgerLocked, match="run first"):
            Ledger.open(tmp_path, SITE, clock=SetClock())
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with run(tmp_path, run_id="second") as ledger:
            assert ledger.recovered == ("first",)


def test_reading_needs_no_lock_and_sees_what_is_committed(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="there is no ledger"):
        Ledger.read(tmp_path, SITE)
    assert list(tmp_path.iterdir()) == []
    with run(tmp_path) as ledger:
        settle(ledger, "a")
        with Ledger.read(tmp_path, SITE) as reader:
            assert reader.stories.totals()["stories"] == 1
            with pytest.raises(LedgerError, match="readonly"):
                reader.frontier.add([Entry(url=HOME + "b")])


def test_every_commit_is_synced_to_a_log(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        assert ledger.database.value("PRAGMA journal_mode") == "wal"
        assert ledger.database.value("PRAGMA synchronous") == 2
        ledger.frontier.add([Entry(url=HOME + "a")])
        ledger.frontier.release([lease.key for lease in ledger.frontier.lease(1)])
        assert ledger.database.value("PRAGMA synchronous") == 2
        assert ledger.database.value("PRAGMA foreign_keys") == 1
        assert ledger.database.value("PRAGMA cache_size") == -32 * 1024
    with run(tmp_path, run_id="r2", cache_mb=8) as ledger:
        assert ledger.database.value("PRAGMA cache_size") == -8 * 1024


def test_an_older_ledger_is_brought_up_to_date_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a")
    later = (*MIGRATIONS, Migration("notes", ("CREATE TABLE {schema}.notes (note TEXT)",)))
    monkeypatch.setattr(database, "MIGRATIONS", later)
    with pytest.raises(LedgerError, match="older newsscraper"):
        Ledger.read(tmp_path, SITE)
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.database.value("PRAGMA user_version") == len(later)
        assert ledger.database.rows("SELECT note FROM notes") == []
        assert ledger.frontier.known(HOME + "a") == "done"
    copy = sqlite3.connect(tmp_path / "ledger" / f"{SITE}.sqlite.before-{len(later)}")
    assert copy.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert copy.execute("SELECT count(*) FROM stories").fetchone() == (1,)
    copy.close()


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with run(tmp_path):
        pass
    broken = Migration("broken", ("CREATE TABLE {schema}.half (a)", "CREATE TABLE {schema}.half (a)"))
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", (*MIGRATIONS, broken))
        with pytest.raises(LedgerError, match="half already exists"):
            Ledger.open(tmp_path, SITE, clock=SetClock())
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.database.value("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0


def test_a_newer_ledger_is_refused_untouched(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    for opening in (lambda: Ledger.open(tmp_path, SITE, clock=SetClock()), lambda: Ledger.read(tmp_path, SITE)):
        with pytest.raises(LedgerError, match=r"newer newsscraper .*update newsscraper"):
            opening()
    assert not is_locked(Place(tmp_path, SITE).lock)


def test_what_is_no_ledger_is_said_to_be_none(tmp_path: Path) -> None:
    place = Place(tmp_path, SITE)
    place.ledger.parent.mkdir()
    place.ledger.write_bytes(b"no database at all" * 100)
    with pytest.raises(LedgerError, match="newsscraper ledger rebuild"):
        Ledger.open(tmp_path, SITE, clock=SetClock())
    assert not is_locked(place.lock)


def test_a_lost_ledger_is_made_of_the_sealed_files(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a")
        ledger.seal()
    shutil.rmtree(tmp_path / "ledger")
    with run(tmp_path, run_id="r2") as ledger:
        assert settle(ledger, "a").verdict == "unchanged"
        assert settle(ledger, "a", record_of("a", body="Changed.")).record.version == 2
        ledger.seal()
    assert [line["version"] for line in read_stories(tmp_path)] == [1, 2]


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/corpus", "ext4"),
        ("/srv/corpus", "nfs4"),
        ("/srv", "nfs4"),
        ("/srvother", "ext4"),
        ("/srv/local/corpus", "xfs"),
        ("/mnt/with blank/corpus", "cifs"),
        ("/home/me/far/corpus", "fuse.sshfs"),
        ("/home/me/near", "ext4"),
        ("/new/corpus", "unheardof"),
        ("/covered/corpus", "nfs"),
    ],
)
def test_file_systems(folder: str, kind: str) -> None:
    assert find_file_system(Path(folder), MOUNTS) == kind
    if kind in {"ext4", "xfs", "unheardof"}:
        refuse_unsafe(Path(folder), MOUNTS)
    else:
        with pytest.raises(LedgerError, match=f"{kind} .*local disk"):
            refuse_unsafe(Path(folder), MOUNTS)


def test_where_nothing_is_known_of_file_systems_all_pass() -> None:
    assert find_file_system(Path("/srv"), "") is None
    refuse_unsafe(Path("/srv"), "nonsense\n")


def test_an_unsafe_file_system_is_refused_unless_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("server:/ / nfs rw 0 0\n")
    monkeypatch.setattr("newsscraper.store.ledger.filesystems._MOUNTS", mounts)
    corpus = tmp_path / "corpus"
    with pytest.raises(LedgerError, match="type nfs"), run(corpus):
        pass
    assert not corpus.exists()
    with run(corpus, any_file_system=True):
        pass


def test_a_clock_begins_where_it_is_told_and_runs() -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    clock = Clock(start)
    first, second = clock.now(), clock.now()
    assert start <= first <= second < start + timedelta(seconds=60)
    assert clock.seconds() == int(start.timestamp())
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=5)
