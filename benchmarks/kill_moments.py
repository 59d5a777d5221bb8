"""When to kill a crawl: while it starts, while it fetches, while it stops, while it seals."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal, get_args

from newsscraper_demo.server import DemoServer

from benchmarks.crawl_process import Crawl

Kind = Literal["starting", "fetching", "stopping", "sealing"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_WEIGHTS = (0.15, 0.5, 0.15, 0.2)
_LONGEST_START = 2.5
_MOST_REQUESTS = 60
_PAUSE = 0.002


@dataclass(frozen=True)
class Moment:
    """So many requests into the run (or so many seconds, while it starts), and so many seconds after that."""

    kind: Kind
    requests: int
    delay: float


def draw_moment(random: Random) -> Moment:
    """One of each kind now and then."""
    kind = random.choices(KINDS, _WEIGHTS)[0]
    longest = {"starting": _LONGEST_START, "fetching": 0.15, "stopping": 0.6, "sealing": 0.03}[kind]
    return Moment(kind, random.randint(1, _MOST_REQUESTS), random.uniform(0, longest))


def kill_at(moment: Moment, run: Crawl, server: DemoServer, corpus: Path) -> bool:
    """Wait for the moment and kill the group; False when the run had ended by itself."""
    if moment.kind != "starting":
        seen = len(server.requests)
        _wait_until(run, lambda: len(server.requests) - seen >= moment.requests)
    if moment.kind == "stopping":
        run.stop(signal.SIGTERM)
    if moment.kind == "sealing":
        before = _list_files(corpus)
        run.stop(signal.SIGTERM)
        _wait_until(run, lambda: _list_files(corpus) != before)
    _wait_until(run, lambda: False, moment.delay)
    return run.kill()


def _wait_until(run: Crawl, is_so: Callable[[], bool], seconds: float = 120.0) -> None:
    """Until `is_so`, the run's end, or so many seconds."""
    end = time.monotonic() + seconds
    while run.code is None and not is_so() and (left := end - time.monotonic()) > 0:
        time.sleep(min(_PAUSE, left))


def _list_files(corpus: Path) -> set[str]:
    """What lies below the folders that files are sealed in."""
    return {
        os.path.join(folder, name)
        for stream in ("stories", "events", "archive", "runs")
        for folder, _, names in os.walk(corpus / stream)
        for name in names
    }
