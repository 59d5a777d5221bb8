"""Pages are read by workers beside the batch: what happens to one of those costs at most one page."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from newsscraper.batch import pool as pools
from newsscraper.batch.in_order import TRIES, Fault
from newsscraper.batch.pool import Pool
from newsscraper.batch.worker import Kit
from newsscraper.errors import NewsscraperError
from tests.batch import readers

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool[readers.Task, int]]:
    """One for all: what happened to its workers in one test must not matter in the next."""
    with Pool(readers.prepare, workers=2, seconds=30, memory=2 * 1024**3) as pool:
        yield pool


def read_words(pool: Pool[readers.Task, int], words: Iterable[str]) -> list[int | str | None]:
    """The answers, a fault's reason in its place; each tag is where it should be."""
    found: list[int | str | None] = []
    for tag, answer in pool.read_all((number, (word, number)) for number, word in enumerate(words)):
        assert tag == len(found)
        found.append(answer.reason if isinstance(answer, Fault) else answer)
    return found


def test_pages_that_end_their_worker_are_faults_and_all_others_have_their_answer(
    pool: Pool[readers.Task, int],
) -> None:
    befallen = {3: ("crash", "died"), 12: ("eat", "out_of_memory"), 13: ("bug", "unexpected")}
    words = [befallen.get(number, ("read", ""))[0] for number in range(40)]
    assert read_words(pool, words) == [befallen[number][1] if number in befallen else number for number in range(40)]


def test_pages_that_hang_in_python_or_in_a_library_are_faults_and_all_others_have_their_answer() -> None:
    words = ["read"] * 40
    words[3], words[6] = "loop", "hang"
    with Pool(readers.prepare, workers=2, seconds=1) as pool:
        found = read_words(pool, words)
    assert found == [number if word == "read" else "too_slow" for number, word in enumerate(words)]


def test_a_worker_that_says_what_nobody_understands_is_dead(
    pool: Pool[readers.Task, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TRIES, "died", 1)
    assert read_words(pool, ["read", "garble", "read", "read"]) == [0, "died", 2, 3]


def test_what_has_nothing_to_be_read_keeps_no_worker_waiting(pool: Pool[readers.Task, int]) -> None:
    drawn = 0

    def draw() -> Iterator[tuple[int, readers.Task | None]]:
        nonlocal drawn
        for drawn in range(10_000):
            yield drawn, ("read", drawn) if drawn % 5_000 == 0 else None

    answers = pool.read_all(draw())
    assert next(answers) == (0, 0)
    assert drawn < 9_999
    assert [answer for _, answer in answers if answer is not None] == [5_000]


def test_answers_come_in_order_however_long_each_takes(pool: Pool[readers.Task, int]) -> None:
    assert read_words(pool, ["nap", *["read"] * 50, "nap", *["read"] * 50]) == list(range(102))


def test_a_page_over_which_a_worker_died_by_chance_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_MARKS", str(tmp_path))
    with Pool(readers.prepare, workers=2, seconds=30) as pool:
        assert read_words(pool, ["die once", "read", "die once", "read"]) == [0, 1, 2, 3]
    assert pool.deaths == 2


def test_workers_killed_from_outside_cost_no_page(pool: Pool[readers.Task, int]) -> None:
    found = []
    jobs = ((number, ("read", number)) for number in range(3000))
    for tag, answer in pool.read_all(jobs):
        found.append(answer)
        if tag % 500 == 250:
            os.kill(pool.processes[tag % 2], signal.SIGKILL)
    assert found == list(range(3000))


def test_what_has_nothing_to_be_read_keeps_its_place(pool: Pool[readers.Task, int]) -> None:
    jobs = [("a", ("read", 1)), ("b", None), ("c", ("nap", 2)), ("d", None), ("e", ("read", 3))]
    assert list(pool.read_all(jobs)) == [("a", 1), ("b", None), ("c", 2), ("d", None), ("e", 3)]


def test_a_page_that_takes_long_holds_only_itself_up(pool: Pool[readers.Task, int]) -> None:
    drawn = []

    def draw() -> Iterator[tuple[int, readers.Task]]:
        for number in range(400):
            drawn.append(number)
            yield number, ("read" if number else "nap", number)

    answers = pool.read_all(draw())
    assert next(answers) == (0, 0)
    assert len(drawn) == 400
    assert [answer for _, answer in answers] == list(range(1, 400))


def test_tasks_are_drawn_as_they_are_read_and_large_ones_one_by_one() -> None:
    drawn = 0

    def draw() -> Iterator[tuple[int, bytes]]:
        nonlocal drawn
        for drawn in range(1, 7):
            yield drawn, bytes(40_000_000)

    with Pool(readers.prepare_lengths, workers=1, seconds=20) as pool:
        answers = pool.read_all(draw())
        assert next(answers) == (1, 40_000_000)
        assert drawn <= 4
        assert len(list(answers)) == 5


def test_weights_that_cannot_be_had_are_told_at_once() -> None:
    with (
        Pool(readers.prepare_wrongly, workers=2, seconds=5) as pool,
        pytest.raises(NewsscraperError, match=r"weights\.npz: damaged"),
    ):
        list(pool.read_all([(1, ("read", 1))]))


def test_workers_that_cannot_start_end_the_batch_instead_of_being_started_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pools, "_STARTS", 2)
    with (
        Pool(readers.die_at_once, workers=1, seconds=5) as pool,
        pytest.raises(NewsscraperError, match="no worker process could be started: exit code 3"),
    ):
        list(pool.read_all([(1, ("read", 1))]))


def test_a_pool_left_early_can_be_used_again(pool: Pool[readers.Task, int]) -> None:
    answers = pool.read_all((number, ("read", number)) for number in range(100))
    next(answers)
    answers.close()
    assert read_words(pool, ["read"] * 5) == [0, 1, 2, 3, 4]


def test_a_worker_that_has_grown_makes_room_for_another_and_costs_no_page() -> None:
    with Pool(readers.prepare_growing, workers=1, seconds=30) as pool:
        words = ["read", "read", "grow", "read", "read"]
        answers = [answer for _, answer in pool.read_all((n, (word, n)) for n, word in enumerate(words))]
    assert len(set(answers[:3])) == len(set(answers[3:])) == 1
    assert answers[0] != answers[4]
    assert pool.deaths == 0


def test_a_worker_that_hangs_when_its_batch_is_gone_is_ended_by_the_kernel() -> None:
    ours, theirs = socket.socketpair()
    code = f"from newsscraper.batch import worker; worker._PATIENCE = 0.1; worker.serve({theirs.fileno()})"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, pass_fds=[theirs.fileno()])
    theirs.close()
    with ours:
        ours.sendall(pickle.dumps(Kit(readers.prepare, 0.1, 0)) + pickle.dumps(("hang", 1)))
        assert ours.recv(1)
    assert process.wait(30) == -signal.SIGALRM


def test_workers_end_with_whoever_started_them() -> None:
    code = (
        "from newsscraper.batch.pool import Pool; from tests.batch import readers\n"
        "pool = Pool(readers.prepare, workers=1, seconds=60)\n"
        "answers = pool.read_all((n, ('read', n)) for n in range(10**9))\n"
        "next(answers); print(*pool.processes, flush=True); input()"
    )
    batch = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert batch.stdout
    worker = int(batch.stdout.readline())
    batch.kill()
    batch.communicate()
    end = time.monotonic() + 20
    while Path(f"/proc/{worker}/cmdline").exists() and Path(f"/proc/{worker}/cmdline").read_bytes():
        assert time.monotonic() < end, "the worker outlives the batch"
        time.sleep(0.02)
