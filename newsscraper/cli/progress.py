"""Saying how far a batch is: a bar on a terminal, now and then a line elsewhere, nothing where quiet is wanted."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from newsscraper.cli.text import counted, printable

EVERY_FILES = 500
EVERY_SECONDS = 10.0


class Reporter:
    """Counts files by what became of them (`story`, `not_story`, `error`). This one shows no progress."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.counts: Counter[str] = Counter()

    def say(self, line: str) -> None:
        """Print a line that matters, such as a failure, on stderr; control characters are written out."""
        click.echo(printable(line), err=True)

    def advance(self, kind: str) -> None:
        """One file more is done."""
        self.counts[kind] += 1

    @property
    def summary(self) -> str:
        """`129 stories, 0 not stories, 0 errors`."""
        return ", ".join(
            (
                counted(self.counts["story"], "story", "stories"),
                counted(self.counts["not_story"], "not a story", "not stories"),
                counted(self.counts["error"], "error", "errors"),
            )
        )


class LineReporter(Reporter):
    """A line every so many files or seconds, for logs."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self._due = time.monotonic() + EVERY_SECONDS

    def advance(self, kind: str) -> None:
        """One file more is done; perhaps say so."""
        super().advance(kind)
        done = self.counts.total()
        if done < self.total and (done % EVERY_FILES == 0 or time.monotonic() >= self._due):
            self._due = time.monotonic() + EVERY_SECONDS
            self.say(f"{done:,} of {self.total:,} files: {self.summary}")


class BarReporter(Reporter):
    """A bar that goes away when all is done."""

    def __init__(self, total: int, bar: Progress) -> None:
        super().__init__(total)
        self._bar = bar
        self._task = bar.add_task("files", total=total)

    def say(self, line: str) -> None:
        """Print above the bar."""
        self._bar.console.print(Text(printable(line)), soft_wrap=True)

    def advance(self, kind: str) -> None:
        """One file more is done."""
        super().advance(kind)
        self._bar.advance(self._task)


@contextmanager
def reporting(total: int, *, quiet: bool, shares_terminal: bool) -> Iterator[Reporter]:
    """The reporter that fits: `shares_terminal` when results go to a terminal too, where a bar would tear them."""
    if quiet:
        yield Reporter(total)
    elif sys.stderr.isatty() and not shares_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            yield BarReporter(total, bar)
    else:
        yield LineReporter(total)
