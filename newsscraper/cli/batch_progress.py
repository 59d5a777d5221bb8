"""Saying how far a batch is: a bar on a terminal, now and then a line elsewhere, nothing where quiet is wanted."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from newsscraper.cli.text import counted, printable

if TYPE_CHECKING:
    from rich.progress import Progress

EVERY_SECONDS = 10.0
_SOON = 1.0
"""Seconds before which no speed is told."""


class BatchReporter:
    """Counts pages by what became of them, and bytes of all parts. This one shows no progress."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._bytes = 0
        self._of_part = 0
        self._began = time.monotonic()
        self.counts: Counter[str] = Counter()

    def say(self, line: str) -> None:
        """Print a line that matters on stderr; control characters are written out."""
        click.echo(printable(line), err=True)

    def page(self, kind: str, done: int) -> None:
        """One page more: what became of it, and the bytes of its part that are done."""
        self.counts[kind] += 1
        self._bytes += max(0, done - self._of_part)
        self._of_part = max(done, self._of_part)
        self.show()

    def end_part(self, size: int) -> None:
        """A part of so many bytes is behind us, done or not."""
        self._bytes += size - self._of_part
        self._of_part = 0
        self.show()

    def show(self) -> None:
        """Perhaps say how far it is."""

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._began

    @property
    def pages_a_second(self) -> float:
        """Read since the beginning, those passed over left out."""
        return count_pages(self.counts) / self.seconds if self.seconds > 0 else 0.0

    @property
    def state(self) -> str:
        """`12,345 pages, 9,876 stories, 103 pages/s, 1:02:03 left`."""
        told = [counted(count_pages(self.counts), "page", "pages"), counted(self.counts["story"], "story", "stories")]
        if self.seconds > _SOON:
            told.append(f"{self.pages_a_second:,.0f} pages/s")
            if self._bytes:
                left = (self._total - self._bytes) * self.seconds / self._bytes
                told.append(f"{format_seconds(left)} left")
        return ", ".join(told)


def count_pages(counts: Mapping[str, int]) -> int:
    """Those that were read: records and files that are no page, or that a filter keeps out, are passed over."""
    return sum(number for kind, number in counts.items() if kind != "passed_over")


def describe_counts(counts: Mapping[str, int]) -> str:
    """`129 stories, 12 not stories, 0 errors, 3 passed over`."""
    parts = [
        counted(counts.get("story", 0), "story", "stories"),
        counted(counts.get("not_story", 0), "not a story", "not stories"),
        counted(counts.get("error", 0), "error", "errors"),
    ]
    if counts.get("passed_over"):
        parts.append(f"{counts['passed_over']:,} passed over")
    return ", ".join(parts)


def format_seconds(seconds: float) -> str:
    """`0:09`, `12:05`, `26:03:00`."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class LineBatchReporter(BatchReporter):
    """A line every so many seconds, for logs."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self._due = time.monotonic() + EVERY_SECONDS

    def show(self) -> None:
        """A line, when it is time."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY_SECONDS
            self.say(self.state)


class BarBatchReporter(BatchReporter):
    """A bar that goes away when all is done."""

    def __init__(self, total: int, bar: Progress) -> None:
        super().__init__(total)
        self._bar = bar
        self._task = bar.add_task("", total=total)

    def say(self, line: str) -> None:
        """Print above the bar."""
        from rich.text import Text  # noqa: PLC0415 - as in `reporting_batch`

        self._bar.console.print(Text(printable(line)), soft_wrap=True)

    def show(self) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=self._bytes, description=self.state)


@contextmanager
def reporting_batch(total: int, *, quiet: bool) -> Iterator[BatchReporter]:
    """The reporter that fits, for parts of so many bytes."""
    if quiet:
        yield BatchReporter(total)
    elif sys.stderr.isatty():
        # Imported where there is a bar to draw: it takes longer than a small page.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

        columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            yield BarBatchReporter(total, bar)
    else:
        yield LineBatchReporter(total)
