"""Several readers of pages timed against each other: on the same pages, in one process, turn by turn.

Turns are taken page by page, so that whatever else the machine does falls on all of them alike; what counts is the
processor time that this process used, and of several rounds the shortest.
"""

from __future__ import annotations

import contextlib
import gc
import os
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from benchmarks.processes import ONE_THREAD

ROUNDS = 1000
"""Resamplings of the pages for an interval."""

Reader = Callable[[bytes, str | None], object]
"""A page's bytes and its URL in; what comes out, or what is raised, does not matter here."""


class Page(NamedTuple):
    """A page as it is read, and where it came from."""

    html: bytes
    url: str | None


class Ratio(NamedTuple):
    """One reader's time over another's, over all pages; the interval holds 95% of resamplings of the pages."""

    value: float
    low: float
    high: float


def keep_to_one_core() -> None:
    """This process and what it starts, on one of the cores that it may use, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def keep_to_one_thread() -> None:
    """Starts this program anew, unless it was started so, with one thread for the libraries below NumPy.

    They read that once, when NumPy is loaded; and their threads' time, much of it spent waiting, is the process's.
    """
    if not ONE_THREAD.keys() <= os.environ.keys():
        os.execve(sys.executable, sys.orig_argv, ONE_THREAD | os.environ)


def time_readers(
    readers: Mapping[str, Reader], pages: Sequence[Page], repeat: int, done: Callable[[], None] = lambda: None
) -> dict[str, list[float]]:
    """Seconds of each reader on each page: the shortest of `repeat` rounds. `done` is called after each page."""
    for reader in readers.values():
        for page in pages[:10]:
            read(reader, page)
    names = list(readers)
    seconds = {name: [float("inf")] * len(pages) for name in names}
    for turn in range(repeat):
        for index, page in enumerate(pages):
            first = (index + turn) % len(names)
            gc.collect(0)
            for name in names[first:] + names[:first]:
                seconds[name][index] = min(seconds[name][index], time_one(readers[name], page))
            done()
    return seconds


def time_one(reader: Reader, page: Page) -> float:
    """Seconds of processor time that a page takes."""
    begin = time.process_time()
    read(reader, page)
    return time.process_time() - begin


def read(reader: Reader, page: Page) -> None:
    """Whatever a reader raises is an outcome like any other: a page that is refused has been read, too."""
    with contextlib.suppress(Exception):
        reader(page.html, page.url)


def compare(seconds: Sequence[float], others: Sequence[float], seed: int = 0) -> Ratio:
    """How many times the others' time the seconds are."""
    rng = random.Random(seed)
    both = list(zip(seconds, others, strict=True))
    drawn = sorted(_ratio(rng.choices(both, k=len(both))) for _ in range(ROUNDS))
    return Ratio(_ratio(both), drawn[int(0.025 * ROUNDS)], drawn[int(0.975 * ROUNDS) - 1])


def _ratio(both: Sequence[tuple[float, float]]) -> float:
    return sum(a for a, _ in both) / sum(b for _, b in both)
