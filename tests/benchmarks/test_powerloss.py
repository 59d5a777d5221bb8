"""The shim sees what a process does to a folder, and the disk keeps what was synced: a careless writer is found out."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from benchmarks.powerloss import compare_sealed
from benchmarks.powerloss_disk import MODES, Disk, Mode
from benchmarks.powerloss_log import What, read_log
from benchmarks.shims import ShimError, build_shim

STRICT, NAMES_FIRST, DATA_FIRST, ALL, TORN = MODES
WRITER = """
import os, sys
folder = sys.argv[1]
def keep(path):
    if careful:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
os.mkdir(folder + "/stories")
keep(folder)
for number in range(20):
    part, path = f"{folder}/stories/.{number}.part", f"{folder}/stories/{number}.jsonl"
    with open(part, "w") as stream:
        stream.write("line\\n" * 1000)
    keep(part)
    os.replace(part, path)
    keep(folder + "/stories")
"""
CAREFUL, CARELESS = ("careful = True" + WRITER, "careful = False" + WRITER)
WHOLE = b"line\n" * 1000


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return build_shim("powerloss_shim", tmp_path_factory.mktemp("shim"))
    except ShimError as fault:
        pytest.skip(str(fault))


class Stage:
    """A folder that a process works on under the shim."""

    def __init__(self, shim: Path, folder: Path) -> None:
        self.shim, self.before, self.corpus = shim, folder / "before", folder / "corpus"
        self.log = folder / "log"
        self.before.mkdir()
        self.corpus.mkdir()

    def run(self, code: str) -> None:
        paths = {"LD_PRELOAD": self.shim, "POWERLOSS_ROOT": self.corpus, "POWERLOSS_LOG": self.log}
        environment = {**os.environ, **{name: str(path) for name, path in paths.items()}}
        subprocess.run([sys.executable, "-c", code, str(self.corpus)], env=environment, check=True, timeout=60)

    def lose_power(self, mode: Mode, seed: int = 1) -> dict[str, bytes]:
        """What is left, by path."""
        disk = Disk(self.before, self.corpus)
        disk.replay(read_log(self.log))
        after = self.log.with_name(f"after-{seed}-{mode.name}")
        after.mkdir()
        disk.lose_power(after, Random(seed), mode)
        return read_tree(after)


def read_tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def stage(shim: Path, tmp_path: Path) -> Stage:
    return Stage(shim, tmp_path)


def test_nothing_is_lost_of_a_writer_that_syncs(stage: Stage) -> None:
    stage.run(CAREFUL)
    for mode in MODES:
        left = stage.lose_power(mode)
        assert left == {f"stories/{number}.jsonl": WHOLE for number in range(20)}, mode.name


def test_a_writer_that_never_syncs_is_found_out(stage: Stage) -> None:
    stage.run(CARELESS)
    assert stage.lose_power(STRICT) == {}
    assert set(stage.lose_power(NAMES_FIRST).values()) == {b""}
    assert stage.lose_power(DATA_FIRST) == {}
    torn = [stage.lose_power(TORN, seed) for seed in range(5)]
    assert any(data not in (b"", WHOLE) for left in torn for data in left.values())
    assert any(path.endswith(".part") for left in torn for path in left)


def test_with_everything_kept_the_folder_is_as_it_was(stage: Stage) -> None:
    stage.run(
        "import os, shutil, sys\nos.chdir(sys.argv[1])\n"
        "with open('a', 'wb') as f: f.write(bytes(range(256)) * 40); f.seek(100); f.write(b'here'); f.truncate(9000)\n"
        "shutil.copyfile('a', 'copy'); os.link('a', 'b'); os.makedirs('x/y'); os.rename('copy', 'x/y/moved')\n"
        "d = os.open('x', os.O_RDONLY)\n"
        "f = os.open('z', os.O_RDWR | os.O_CREAT, dir_fd=d); os.writev(f, [b'one', b'two']); os.pwrite(f, b'!', 9)\n"
        "os.posix_fallocate(f, 0, 30)\n"
        "g = os.dup(f); os.write(g, b'more'); os.close(f); os.close(g)\n"
        "with open('a', 'ab') as f: f.write(b'end')\n"
        "with open('gone', 'w') as f: f.write('x')\n"
        "os.remove('gone'); os.mkdir('none'); os.rmdir('none')\n"
        "if os.fork() == 0: open('child', 'w').write('of another process'); os._exit(0)\n"
        "os.wait()\n",
    )
    left = stage.lose_power(ALL)
    assert left == read_tree(stage.corpus)
    assert left["child"] == b"of another process"


def test_files_of_before_stay_where_nothing_was_done_to_them(stage: Stage) -> None:
    for folder in (stage.before, stage.corpus):
        (folder / "old").write_text("old")
        (folder / "changed").write_text("sure")
        (folder / "removed").write_text("still there")
    stage.run(
        "import os, sys\nos.chdir(sys.argv[1])\nopen('changed', 'r+').write('lost')\nos.remove('removed')\n",
    )
    assert stage.lose_power(STRICT) == {"old": b"old", "changed": b"sure", "removed": b"still there"}
    assert stage.lose_power(ALL) == {"old": b"old", "changed": b"lost"}


def test_starting_other_programs_does_not_make_it_blind(stage: Stage) -> None:
    stage.run(
        "import subprocess, sys\nwith open(sys.argv[1] + '/a', 'w', buffering=1) as f:\n"
        "    f.write('before\\n')\n    subprocess.run(['true'], check=True)\n    f.write('after\\n')\n"
    )
    assert stage.lose_power(ALL) == {"a": b"before\nafter\n"}


SQLITE = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/x.sqlite", isolation_level=None)
assert db.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
db.execute("PRAGMA synchronous = {how}")
db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text)")
for n in range(200):
    db.execute("INSERT INTO t VALUES (?, ?)", (n, "x" * 3000))
    if n == 150:
        db.execute("PRAGMA wal_checkpoint")
import os
os._exit(0)
"""


def count_rows(stage: Stage, mode: Mode, seed: int, folder: Path) -> int:
    """Rows of the database after the power loss; -1 for one that is damaged."""
    folder.mkdir()
    for name, data in stage.lose_power(mode, seed).items():
        (folder / name).write_bytes(data)
    database = sqlite3.connect(folder / "x.sqlite")
    try:
        if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            return -1
        return int(database.execute("SELECT count(*) FROM t").fetchone()[0])
    except sqlite3.DatabaseError:
        return -1
    finally:
        database.close()


def test_sqlite_keeps_every_commit_that_it_synced_and_is_told_from_one_that_does_not(
    shim: Path, tmp_path: Path
) -> None:
    rows = {}
    for how in ("FULL", "OFF"):
        (tmp_path / how).mkdir()
        stage = Stage(shim, tmp_path / how)
        stage.run(SQLITE.format(how=how))
        tries = [(mode, seed) for mode in (STRICT, TORN) for seed in range(3)]
        rows[how] = [count_rows(stage, mode, seed, tmp_path / f"{how}-{mode.name}-{seed}") for mode, seed in tries]
    assert rows["FULL"] == [200] * 6
    assert max(rows["OFF"]) < 200


def test_only_what_is_mapped_by_design_goes_unmentioned(stage: Stage) -> None:
    stage.run(SQLITE.format(how="FULL"))
    disk = Disk(stage.before, stage.corpus)
    changes = list(read_log(stage.log))
    disk.replay(changes)
    assert What.MAP in {change.what for change in changes}
    assert disk.mapped == set()
    assert "x.sqlite-shm" not in stage.lose_power(ALL)


def test_another_mapping_is_told(stage: Stage) -> None:
    stage.run(
        "import mmap, sys\nwith open(sys.argv[1] + '/m', 'w+b') as f:\n    f.write(b'0' * 4096); f.flush()\n"
        "    mmap.mmap(f.fileno(), 4096)[:4] = b'here'\n"
    )
    disk = Disk(stage.before, stage.corpus)
    disk.replay(read_log(stage.log))
    assert disk.mapped == {"m"}


def test_a_log_that_was_cut_short_ends_there(stage: Stage) -> None:
    stage.run(CAREFUL)
    whole = list(read_log(stage.log))
    stage.log.write_bytes(stage.log.read_bytes()[:-3])
    assert list(read_log(stage.log)) == whole[:-1]


def test_lines_that_were_sealed_must_stay(tmp_path: Path) -> None:
    folder = tmp_path / "stories" / "x"
    folder.mkdir(parents=True)
    sure: set[str] = set()
    (folder / "a.jsonl").write_bytes(b"{}\n{}\n")
    compare_sealed(tmp_path, sure, "first")
    assert len(sure) == 1
    (folder / "a.jsonl").unlink()
    assert compare_sealed(tmp_path, sure, "then") == ["then: 1 lines are gone that stood in sealed files"]


def test_without_a_compiler_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ShimError, match="no C compiler"):
        build_shim("powerloss_shim", tmp_path)
