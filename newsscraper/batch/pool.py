"""Worker processes that read pages beside this one: answers in the order of the tasks, within bounds.

Each worker has a socket of its own, so that one that is killed at whatever moment tears nothing but its own line and
holds no lock. The pools that there are share a pipe and its locks among their workers: they end, or wait for ever,
where one dies between taking a task and saying so. A task over which a worker hangs or dies is tried again by another,
since it may be innocent; then it is a fault, and the others go on.
"""

from __future__ import annotations

import os
import pickle
import selectors
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Self, TypeVar

from newsscraper.batch.in_order import Fault, InOrder
from newsscraper.batch.process import WorkerProcess
from newsscraper.batch.worker import Kit, Ready
from newsscraper.errors import InputError, NewsscraperError

_AHEAD = 2
"""Tasks that a worker is given: the one that it reads, and the next."""
_DRAWN = 2 * _AHEAD
"""Tasks a worker that are at hand."""
_STARTS = 5
"""Workers in a row that end before they stand by: then none will."""

T = TypeVar("T")
R = TypeVar("R")
Tag = TypeVar("Tag")


def count_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool(Generic[T, R]):
    """`workers` processes; each calls `prepare` once, and what that returned for each task.

    `prepare`, tasks and answers travel pickled. `seconds` is what a task may take, `memory` a worker's bytes of address
    space (0: no bound). At its end as a context the workers are ended, whatever they are at.
    """

    def __init__(
        self, prepare: Callable[[], Callable[[T], R]], *, workers: int, seconds: float, memory: int = 0
    ) -> None:
        if sys.platform == "win32":
            raise InputError("a batch needs a POSIX system, such as Linux or macOS")
        self._kit = pickle.dumps(Kit(prepare, seconds, memory), pickle.HIGHEST_PROTOCOL)
        self._count = max(1, workers)
        self._wanted = _DRAWN * self._count
        self._seconds = seconds
        self._selector = selectors.DefaultSelector()
        self._workers: list[WorkerProcess] = []
        self._failed_starts = 0
        self.deaths = 0
        """Workers that were lost."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._selector.close()

    def close(self) -> None:
        """End the workers, whatever they are at."""
        for worker in list(self._workers):
            self._drop(worker)

    @property
    def processes(self) -> list[int]:
        """The workers' process numbers."""
        return [worker.process.pid for worker in self._workers]

    def read_all(self, jobs: Iterable[tuple[Tag, T | None]]) -> Iterator[tuple[Tag, R | Fault | None]]:
        """Each job's tag with its task's answer, in the order of `jobs`; None for a job without a task.

        `jobs` is drawn from as there is room. Raises `NewsscraperError` where workers cannot be started, and whatever
        `jobs` raises; then, or where it is left early, the workers are started anew by the next call.
        """
        queue: InOrder[Tag, R] = InOrder(jobs)
        try:
            while queue.fill(self._wanted):
                yield from queue.take_done()
                if not queue.is_at_work:
                    continue
                self._keep_up()
                self._give(queue)
                self._listen(queue)
                self._end_late(queue)
        finally:
            if queue.is_at_work:
                self.close()

    def _keep_up(self) -> None:
        while len(self._workers) < self._count:
            worker = WorkerProcess(self._kit)
            self._workers.append(worker)
            self._selector.register(worker.line, selectors.EVENT_READ | selectors.EVENT_WRITE, worker)

    def _give(self, queue: InOrder[Tag, R]) -> None:
        """Each has a task before any has a second."""
        for depth in range(_AHEAD):
            for worker in self._workers:
                if len(worker.given) == depth and queue.ungiven:
                    worker.give(queue.ungiven.popleft())
                    self._watch(worker)

    def _watch(self, worker: WorkerProcess) -> None:
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if worker.has_to_send else 0)
        if self._selector.get_key(worker.line).events != wanted:
            self._selector.modify(worker.line, wanted, worker)

    def _listen(self, queue: InOrder[Tag, R]) -> None:
        """Wait until a worker says something, takes something, or is late."""
        for key, events in self._selector.select(self._patience(queue)):
            worker: WorkerProcess = key.data
            is_there = worker.send() if events & selectors.EVENT_WRITE else True
            if events & selectors.EVENT_READ or not is_there:
                is_there = worker.receive()  # what it said last counts, even where it is gone
                self._hear(worker, queue)
            if worker.is_retired or worker.is_garbled or not is_there:
                self._replace(worker, queue)
            else:
                self._watch(worker)

    def _patience(self, queue: InOrder[Tag, R]) -> float | None:
        """Seconds until a worker is late, None where none can be; 0 where there is something else to do."""
        if queue.has_first_done or queue.is_short_of(self._wanted):
            return 0
        soonest = min(worker.late_at(self._seconds) for worker in self._workers)
        return None if soonest == float("inf") else max(0.0, soonest - time.monotonic())

    def _hear(self, worker: WorkerProcess, queue: InOrder[Tag, R]) -> None:
        for message, size in worker.messages():
            worker.since = time.monotonic()
            if isinstance(message, Ready):
                if message.fault:
                    raise NewsscraperError(message.fault)
                worker.is_ready, self._failed_starts = True, 0
                continue
            seat, worker.is_retired = worker.given.popleft(), message.is_last
            if message.fault:
                queue.note_fault(seat, *message.fault)
            else:
                queue.finish(seat, message.value, size)

    def _replace(self, worker: WorkerProcess, queue: InOrder[Tag, R]) -> None:
        """One that is no more, or has said that it ends: others take up what it was given."""
        self._drop(worker)
        if not worker.is_retired:
            self._blame(worker, queue, "died", "its worker died")
        queue.ungiven.extendleft(reversed(worker.given))

    def _end_late(self, queue: InOrder[Tag, R]) -> None:
        for worker in list(self._workers):
            if time.monotonic() >= worker.late_at(self._seconds):
                self._drop(worker)
                self._blame(worker, queue, "too_slow", f"took longer than {self._seconds:g} s")
                queue.ungiven.extendleft(reversed(worker.given))

    def _blame(self, worker: WorkerProcess, queue: InOrder[Tag, R], reason: str, detail: str) -> None:
        """Whose fault it is: that of the task in its hands, or the start's. Raises `NewsscraperError`."""
        end = worker.describe_end()
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= _STARTS:
                raise NewsscraperError(f"no worker process could be started: {end}")
            return
        self.deaths += 1
        if worker.given:
            queue.note_fault(worker.given.popleft(), reason, f"{detail}: {end}" if reason == "died" else detail)

    def _drop(self, worker: WorkerProcess) -> None:
        self._workers.remove(worker)
        self._selector.unregister(worker.line)
        worker.end()
