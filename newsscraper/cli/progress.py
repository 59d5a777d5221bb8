"""Saying how far a batch is: a bar on a terminal, now and then a line elsewhere, nothing where quiet is wanted."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from newsscraper.cli.text import counted, printable

if TYPE_CHECKING:
    from rich.progress import Progress

EVERY_FILES = 500
EVERY_SECONDS = 10.0


class Reporter:
    """Counts files by what became of them (`story`, `not_story`, `error`). This one shows no progress."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.counts: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        """Kind of file -> how many of it are no pages."""
        self.steps = 0
        self.steps_done = 0
        """Pages to look at, and looked at, before the first file is read for what it says."""

    def expect(self, steps: int) -> None:
        """So many pages are to be looked at before."""
        self.steps += steps

    def step(self) -> None:
        """One of them was."""
        self.steps_done += 1

    def say(self, line: str) -> None:
        """Print a line that matters, such as a failure, on stderr; control characters are written out."""
        click.echo(printable(line), err=True)

    def advance(self, kind: str) -> None:
        """One file more is done."""
        self.counts[kind] += 1

    def pass_over(self, kind: str) -> None:
        """One file more is no page."""
        self.passed_over[kind] += 1
        self.advance("passed_over")

    @property
    def is_well(self) -> bool:
        """There are stories, and nothing else but files that are no pages."""
        return self.counts.keys() - {"passed_over"} == {"story"}

    @property
    def summary(self) -> str:
        """`129 stories, 0 not stories, 0 errors`, and perhaps `3 files passed over (2 images, 1 PDF)`."""
        parts = [
            counted(self.counts["story"], "story", "stories"),
            counted(self.counts["not_story"], "not a story", "not stories"),
            counted(self.counts["error"], "error", "errors"),
        ]
        if self.passed_over:
            kinds = [counted(number, kind, _plural(kind)) for kind, number in sorted(self.passed_over.items())]
            files = counted(self.passed_over.total(), "file", "files")
            parts.append(f"{files} passed over ({', '.join(kinds)})")
        return ", ".join(parts)


def _plural(kind: str) -> str:
    """`images`; of `link to a folder`, the first word's."""
    first, to, rest = kind.partition(" to ")
    return f"{first}s{to}{rest}"


class LineReporter(Reporter):
    """A line every so many files or seconds, for logs."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self._due = time.monotonic() + EVERY_SECONDS

    def step(self) -> None:
        """One page more was looked at; perhaps say so."""
        super().step()
        if self.steps_done < self.steps and self._is_due(self.steps_done):
            self.say(f"{self.steps_done:,} of {self.steps:,} pages looked at for what their sites repeat")

    def advance(self, kind: str) -> None:
        """One file more is done; perhaps say so."""
        super().advance(kind)
        done = self.counts.total()
        if done < self.total and self._is_due(done):
            self.say(f"{done:,} of {self.total:,} files: {self.summary}")

    def _is_due(self, done: int) -> bool:
        if done % EVERY_FILES and time.monotonic() < self._due:
            return False
        self._due = time.monotonic() + EVERY_SECONDS
        return True


class BarReporter(Reporter):
    """A bar that goes away when all is done."""

    def __init__(self, total: int, bar: Progress) -> None:
        super().__init__(total)
        self._bar = bar
        self._task = bar.add_task("files", total=total)

    def say(self, line: str) -> None:
        """Print above the bar."""
        from rich.text import Text  # noqa: PLC0415 - as in `reporting`

        self._bar.console.print(Text(printable(line)), soft_wrap=True)

    def expect(self, steps: int) -> None:
        """So many pages are to be looked at before: the bar's end moves away by as many."""
        super().expect(steps)
        self._bar.update(self._task, total=self.total + self.steps)

    def step(self) -> None:
        """One of them was."""
        super().step()
        self._bar.advance(self._task)

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
        # Imported where there is a bar to draw: it takes longer than a small page.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            yield BarReporter(total, bar)
    else:
        yield LineReporter(total)
