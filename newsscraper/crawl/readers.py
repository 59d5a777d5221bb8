"""Who reads a page: this process, or workers beside it, so that no page holds the others up or ends the run.

This process does it as long as reading takes little of its time: a worker is a second interpreter. Pages over which a
process died are always read by a worker.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from concurrent.futures import Future
from functools import partial
from multiprocessing import get_context
from typing import Literal

from pebble import ProcessExpired, ProcessPool

from newsscraper.crawl import worker
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.reading import Reader
from newsscraper.crawl.target import Target
from newsscraper.extract import Model

Workers = int | Literal["auto"]

_SHARE = 1 / 3
"""Of the time: above it reading moves to workers."""
_MEASURED = 2.0
"""Seconds over which the share is taken."""
_WAITING_PER_WORKER = 4
_PATIENCE = 5.0
"""Seconds that workers are given to end."""

logger = logging.getLogger(__name__)


class ReadingDied(Exception):
    """A worker died over a page, or took too long; the message says which."""


class Readers:
    """Reads the answers of one run. `seconds` is the time that a worker may take for a page."""

    def __init__(self, target: Target, model: Model, model_file: str, *, workers: Workers, seconds: float) -> None:
        self._target = target
        self._reader = Reader(target.scope, target.profile_of, model, follow=target.follow)
        self._workers = workers
        self._seconds = seconds
        self._prepare = partial(worker.prepare, target.scope, model_file, follow=target.follow)
        self._count = 1 if workers == "auto" else max(1, workers)
        self._pool: ProcessPool | None = None
        self._outgrown: ProcessPool | None = None
        """One of fewer workers, with what it still has to read."""
        self._is_moved = workers not in {0, "auto"}
        self._first: Future[None] | None = None
        """A worker has started, when this is done: until then there is nobody to move to."""
        self._waiting = 0
        self._load = _Load()

    @property
    def is_busy(self) -> bool:
        """More pages wait for workers than a few each: nothing more should be asked meanwhile."""
        return self._is_moved and self._waiting >= _WAITING_PER_WORKER * self._count

    def reads_here(self, *, is_suspect: bool) -> bool:
        """Whether this process reads the next page itself."""
        if self._first is not None and self._first.done():
            self._take_stock(self._first)
        return not (self._is_moved or is_suspect)

    def read_here(self, answer: Answer, found: Found) -> Outcome:
        """What `answer` turned out to be, read in this process."""
        began = time.perf_counter()
        outcome = self._reader.read(answer, found)
        self._load.note(time.perf_counter() - began)
        if self._workers == "auto" and self._first is None and self._load.share > _SHARE:
            self._move()
        return outcome

    async def read_apart(self, answer: Answer, found: Found) -> Outcome:
        """The same in a worker. Raises `ReadingDied`."""
        task = worker.Task(answer, found, self._target.profile_of(answer.url), self._reader.articles_are_declared)
        self._waiting += 1
        try:
            future = self._open().schedule(worker.read, args=[task], timeout=self._seconds or None)
            outcome, declared = await asyncio.wrap_future(future)
        except TimeoutError as fault:
            raise ReadingDied(f"took longer than {self._seconds:g} s to read") from fault
        except ProcessExpired as fault:
            raise ReadingDied(f"the worker that read it died ({fault})") from fault
        finally:
            self._waiting -= 1
        self._reader.articles_are_declared |= declared
        return outcome

    def close(self) -> None:
        """End the workers, whatever they are at."""
        for pool in filter(None, (self._pool, self._outgrown)):
            pool.stop()  # type: ignore[no-untyped-call] # as pebble has it
            pool.join(_PATIENCE)
        self._pool = self._outgrown = None

    def _move(self) -> None:
        """Start a worker a core; pages are read here until the first of them stands by."""
        count = count_cores()
        workers = "a worker" if count == 1 else f"{count} workers"
        logger.info("reading takes %.0f%% of the time: it moves to %s", 100 * self._load.share, workers)
        if count != self._count and self._pool is not None:
            self._pool.close()  # type: ignore[no-untyped-call] # as pebble has it
            self._outgrown, self._pool = self._pool, None
        self._count = count
        self._first = self._open().schedule(worker.stand_by)

    def _take_stock(self, first: Future[None]) -> None:
        """The first of the workers stands by, or could not start: then this process goes on reading."""
        self._first = None
        fault = first.exception()
        if fault is None:
            self._is_moved = True
        else:
            self._workers = 0
            logger.warning("no worker could be started, so this process goes on reading: %s", fault)

    def _open(self) -> ProcessPool:
        if self._pool is None or not self._pool.active:
            # Spawned: a forked one would have the run's open files, and locks in whatever state they are.
            self._pool = ProcessPool(max_workers=self._count, initializer=self._prepare, context=get_context("spawn"))
        return self._pool


def count_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Load:
    """How much of the time is spent on reading, lately."""

    def __init__(self) -> None:
        self._since = time.perf_counter()
        self._busy = 0.0
        self.share = 0.0

    def note(self, seconds: float) -> None:
        self._busy += seconds
        passed = time.perf_counter() - self._since
        if passed >= _MEASURED:
            self.share = self._busy / passed
            self._since += passed
            self._busy = 0.0
