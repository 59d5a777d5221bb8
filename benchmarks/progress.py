"""How far a long run is: a bar on a terminal, a line now and then elsewhere; on stderr, beside the figures."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY_SECONDS = 10.0


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[], None]]:
    """What to call each time one of `total` is done."""
    if sys.stderr.isatty():
        # Imported where there is a bar to draw.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda: bar.advance(task)
    else:
        yield _Lines(total, what).advance


class _Lines:
    def __init__(self, total: int, what: str) -> None:
        self.total, self.what, self.done = total, what, 0
        self.begin = self.said = time.monotonic()

    def advance(self) -> None:
        self.done += 1
        now = time.monotonic()
        if now - self.said >= EVERY_SECONDS:
            self.said = now
            rate = self.done / (now - self.begin)
            print(f"{self.what}: {self.done:,} of {self.total:,}, {rate:.1f} a second", file=sys.stderr, flush=True)
