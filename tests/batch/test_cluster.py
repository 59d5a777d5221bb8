"""The parts of a batch on a real Dask cluster of this machine, with its nannies; the command is a stand-in."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed import LocalCluster

from newsscraper.batch.cluster import Done, Errand, Lost, Word, group_parts, run_on_cluster
from newsscraper.batch.crew import Crew
from newsscraper.batch.errands import Report, find_release
from newsscraper.errors import InputError, NewsscraperError
from tests.batch.parts import parent_of

COMMAND = Path(__file__).with_name("parts.py")
SECONDS = 60


@pytest.fixture(scope="module")
def with_nannies() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs="CRITICAL") as started:
        started.scheduler.allowed_failures = 0  # a task is given up at the first death: the tests' time
        yield started


@pytest.fixture
def cluster(with_nannies: LocalCluster) -> LocalCluster:
    """Both workers are there, also after a test that killed one."""
    with_nannies.wait_for_workers(2, timeout=SECONDS)
    return with_nannies


def make_errand(folder: Path, **changed: str) -> Errand:
    witness = folder / "plan.json"
    witness.write_text("the plan", encoding="ascii")
    given = {
        "at": str(folder),
        "witness": str(witness),
        "digest": hashlib.sha256(b"the plan").hexdigest(),
        "release": find_release(),
        "mark": str(folder / "{part:05}.json"),
    }
    return Errand(words=(str(COMMAND), str(folder)), **(given | changed))


def read_starts(folder: Path) -> list[tuple[int, int]]:
    """Part and process of each start."""
    file = folder / "starts"
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    return [(int(part), int(process)) for part, process in map(str.split, lines)]


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def start(cluster: LocalCluster, folder: Path, sizes: Iterable[int] = range(3), **changed: str) -> Iterator[Any]:
    """The parts of these numbers: each is a task of its own."""
    return run_on_cluster(cluster.scheduler_address, make_errand(folder, **changed), dict.fromkeys(sizes, 100))


def done_among(told: Iterable[Any]) -> set[int]:
    return {each.part for each in told if isinstance(each, Done)}


def test_each_part_is_done_once_and_its_mark_comes_back(cluster: LocalCluster, tmp_path: Path) -> None:
    sizes = dict.fromkeys(range(5), 100)
    told = list(run_on_cluster(cluster.scheduler_address, make_errand(tmp_path), sizes))
    assert sorted(told, key=lambda each: each.part) == [Done(part, f'{{"part": {part}}}') for part in sizes]
    assert Counter(part for part, _ in read_starts(tmp_path)) == Counter(sizes.keys())


def test_small_parts_go_together_and_all_threads_have_work_to_the_end() -> None:
    assert [*group_parts(dict.fromkeys(range(8), 10), threads=1)] == [(0, 1), (2, 3), (4, 5), (6, 7)]
    assert [*group_parts(dict.fromkeys(range(3), 10), threads=8)] == [(0,), (1,), (2,)]
    large = {0: 10**9, 1: 10**9, 2: 10, 3: 10, 4: 10**9}
    assert [*group_parts(large, threads=1)] == [(0,), (1,), (2, 3), (4,)]
    many = [*group_parts(dict.fromkeys(range(1000), 1), threads=1)]
    assert max(map(len, many)) <= 200
    assert [part for group in many for part in group] == [*range(1000)]


def test_a_worker_that_is_killed_costs_nothing_but_time(cluster: LocalCluster, tmp_path: Path) -> None:
    (tmp_path / "1.does").write_text("linger-once", encoding="ascii")
    killed: list[int] = []

    def kill() -> None:
        wait_until(lambda: 1 in dict(read_starts(tmp_path)))
        command = dict(read_starts(tmp_path))[1]
        os.kill(parent_of(parent_of(command)), signal.SIGKILL)
        wait_until(lambda: not is_alive(command))
        killed.append(command)

    cluster.scheduler.allowed_failures = 3
    killer = threading.Thread(target=kill)
    killer.start()
    told = list(start(cluster, tmp_path, range(4)))
    killer.join()
    cluster.scheduler.allowed_failures = 0
    assert done_among(told) == {0, 1, 2, 3}
    assert len(told) == 4
    first, second = (process for part, process in read_starts(tmp_path) if part == 1)
    assert [first] == killed, "a command ends with its worker"
    assert first != second


def test_a_part_over_which_workers_die_again_and_again_is_set_aside(cluster: LocalCluster, tmp_path: Path) -> None:
    (tmp_path / "1.does").write_text("kill-worker", encoding="ascii")
    told = list(start(cluster, tmp_path, range(3)))
    assert done_among(told) == {0, 2}
    (lost,) = (each for each in told if isinstance(each, Lost))
    assert lost.part == 1
    assert "workers died over it" in lost.why


def test_a_part_whose_command_fails_is_tried_thrice_and_set_aside_with_what_was_said(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    (tmp_path / "0.does").write_text("fail", encoding="ascii")
    told = list(start(cluster, tmp_path, range(3)))
    assert done_among(told) == {1, 2}
    (lost,) = (each for each in told if isinstance(each, Lost))
    assert lost.part == 0
    assert "ended with 1" in lost.why
    assert "part 0 does not want to" in lost.why
    assert [part for part, _ in read_starts(tmp_path)].count(0) == 3


def test_one_that_fails_does_not_take_its_neighbours_along(cluster: LocalCluster, tmp_path: Path) -> None:
    (tmp_path / "2.does").write_text("fail", encoding="ascii")
    told = list(run_on_cluster(cluster.scheduler_address, make_errand(tmp_path), dict.fromkeys(range(9), 10)))
    assert done_among(told) == {*range(9)} - {2}


def test_a_command_that_is_refused_ends_the_batch_with_its_words(cluster: LocalCluster, tmp_path: Path) -> None:
    (tmp_path / "0.does").write_text("refuse", encoding="ascii")
    with pytest.raises(InputError, match="part 0 does not want to"):
        list(start(cluster, tmp_path, [0]))


def test_workers_that_do_not_see_the_folder_are_named(cluster: LocalCluster, tmp_path: Path) -> None:
    elsewhere = str(tmp_path / "nowhere" / "plan.json")
    with pytest.raises(InputError, match=r"tcp://.*does not see .*nowhere/plan.json.*shared.*there is no other"):
        list(start(cluster, tmp_path, witness=elsewhere))
    with pytest.raises(InputError, match=r"plan.json is another file"):
        list(start(cluster, tmp_path, digest="0" * 64))
    with pytest.raises(InputError, match=r"newsscraper is .*, and 99 is wanted"):
        list(start(cluster, tmp_path, release="99"))


class TwoWorkers:
    """In the place of a client, since nobody can tell which worker Dask gives a task: of two, one sees no folder."""

    status = "running"

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[int, ...], list[str] | None]] = []

    def nthreads(self) -> dict[str, int]:
        return {"tcp://blind": 1, "tcp://seeing": 1}

    def submit(self, _function: object, _errand: object, parts: tuple[int, ...] = (), **options: Any) -> Any:
        worker = (options.get("workers") or ["tcp://blind"])[0]
        if parts:
            self.asked.append((parts, options["workers"]))
            assert options["allow_other_workers"] == bool(options["workers"]), "where it is gone, anybody may"
        done = () if worker == "tcp://blind" else tuple((part, "{}") for part in parts)
        report = Report(done=done, unfit=None if done else "it does not see it", worker=worker)
        return SimpleNamespace(
            key=options["key"],
            result=lambda timeout: report,
            add_done_callback=lambda call: call(SimpleNamespace(key=options["key"])),
        )


def test_the_others_go_on_without_a_worker_that_does_not_see_the_folder(tmp_path: Path) -> None:
    client = TwoWorkers()
    crew = Crew(client, "tcp://scheduler", make_errand(tmp_path))
    crew.send((0, 1))
    crew.send((2,))
    told = list(crew.listen())
    assert done_among(told) == {0, 1, 2}
    (word,) = (each.line for each in told if isinstance(each, Word))
    assert "the worker tcp://blind" in word
    assert client.asked[2:] == [((0, 1), ["tcp://seeing"]), ((2,), ["tcp://seeing"])]


def test_whoever_stops_listening_ends_what_is_under_way(cluster: LocalCluster, tmp_path: Path) -> None:
    (tmp_path / "1.does").write_text("linger", encoding="ascii")
    told = start(cluster, tmp_path, range(2))
    assert next(told) == Done(0, '{"part": 0}')
    wait_until(lambda: 1 in dict(read_starts(tmp_path)))
    told.close()
    wait_until(lambda: not is_alive(dict(read_starts(tmp_path))[1]))
    assert done_among(start(cluster, tmp_path, [0, 7])) == {0, 7}, "the workers are free again"


def test_what_is_under_way_ends_where_whoever_started_it_is_killed(cluster: LocalCluster, tmp_path: Path) -> None:
    (tmp_path / "0.does").write_text("linger", encoding="ascii")
    code = f"""if True:
        from newsscraper.batch.cluster import run_on_cluster
        from tests.batch.test_cluster import Path, make_errand
        list(run_on_cluster({cluster.scheduler_address!r}, make_errand(Path({str(tmp_path)!r})), {{0: 0}}))
        """
    with subprocess.Popen([sys.executable, "-c", code], cwd=COMMAND.parent.parent.parent) as starter:
        wait_until(lambda: bool(read_starts(tmp_path)))
        starter.kill()
    wait_until(lambda: not any(is_alive(process) for _, process in read_starts(tmp_path)))


def test_a_scheduler_that_cannot_be_reached_is_told_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(InputError, match=f"{address}: no Dask scheduler answers there"):
        list(run_on_cluster(address, make_errand(tmp_path), {0: 0}, patience=0.2))
    with pytest.raises(InputError, match="no address of a Dask scheduler"):
        list(run_on_cluster("gopher://cluster", make_errand(tmp_path), {0: 0}, patience=0.2))


def test_a_cluster_without_workers_is_waited_for_and_one_that_goes_away_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsscraper.batch.crew._LOOK_SECONDS", 0.05)
    with LocalCluster(n_workers=0, processes=False, dashboard_address=":0", silence_logs="CRITICAL") as empty:
        told = start(empty, tmp_path, [0])
        assert "has no workers" in next(told).line
        empty.close()
        with pytest.raises(NewsscraperError, match="the scheduler is gone; parts that are done stay"):
            next(told)
