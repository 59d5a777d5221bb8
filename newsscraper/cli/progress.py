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


MOST_TOLD = 20
"""Faults of one archive that are told one by one."""


class Reporter:
    """Counts pages by what became of them (`story`, `not_story`, `error`). This one shows no progress."""

    def __init__(self, total: int, size: int | None = None) -> None:
        self.total = total
        """Files."""
        self.size = size
        """Bytes of all files, where archives are among them, whose pages nobody has counted; 0 for unknown."""
        self.done = 0
        """Bytes that are read of them."""
        self.counts: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        """Kind of file -> how many of it are no pages."""
        self.records: Counter[str] = Counter()
        """Of archives: why a record gave no page -> how many of them."""
        self.reasons: Counter[str] = Counter()
        """Of archives: why a page is no story -> how many of them."""
        self.is_interrupted = False
        self._faults: Counter[str] = Counter()
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

    def pass_over_record(self, reason: str) -> None:
        """A record more gives no page."""
        self.records[reason] += 1
        self.advance("record")

    def refuse_record(self, reason: str) -> None:
        """A record's page is no story, as most pages of a site are none."""
        self.reasons[reason] += 1
        self.advance("not_story")

    def say_fault(self, archive: str, line: str) -> None:
        """Print what is wrong at a place of an archive, unless too much was told of that already."""
        self._faults[archive] += 1
        if self._faults[archive] <= MOST_TOLD:
            self.say(line)
        elif self._faults[archive] == MOST_TOLD + 1:
            self.say(f"{archive}: more is wrong with it; the rest is counted only")

    def reach(self, done: int) -> None:
        """So many bytes are read."""
        self.done = done

    @property
    def is_well(self) -> bool:
        """There are stories, nothing went wrong, and what was named one by one was one."""
        return bool(self.counts["story"]) and not self.counts["error"] and not self._refused_files

    @property
    def _refused_files(self) -> int:
        return self.counts["not_story"] - self.reasons.total()

    @property
    def summary(self) -> str:
        """`129 stories, 0 not stories, 0 errors`, and perhaps `3 files passed over (2 images, 1 PDF)`.

        Of archives also why pages are none, and `12 records passed over (10 not_html, 2 redirect)`.
        """
        parts = [
            counted(self.counts["story"], "story", "stories"),
            counted(self.counts["not_story"], "not a story", "not stories") + _listed(self.reasons),
            counted(self.counts["error"], "error", "errors"),
        ]
        if self.passed_over:
            kinds = [counted(number, kind, _plural(kind)) for kind, number in sorted(self.passed_over.items())]
            files = counted(self.passed_over.total(), "file", "files")
            parts.append(f"{files} passed over ({', '.join(kinds)})")
        if self.records:
            parts.append(f"{counted(self.records.total(), 'record', 'records')} passed over{_listed(self.records)}")
        return ", ".join(parts)


def _listed(reasons: Counter[str]) -> str:
    """` (10 not_html, 2 redirect)`, the most frequent first."""
    named = [f"{number:,} {reason}" for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))]
    return f" ({', '.join(named)})" if named else ""


def _plural(kind: str) -> str:
    """`images`; of `link to a folder`, the first word's."""
    first, to, rest = kind.partition(" to ")
    return f"{first}s{to}{rest}"


class LineReporter(Reporter):
    """A line every so many files or seconds, for logs."""

    def __init__(self, total: int, size: int | None = None) -> None:
        super().__init__(total, size)
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
        if self.size is not None:
            if self._is_due(done):
                share = (
                    f"{100 * self.done // self.size}% of {self.size / 1e6:,.1f}"
                    if self.size
                    else f"{self.done / 1e6:,.1f}"
                )
                self.say(f"{share} MB read: {self.summary}")
        elif done < self.total and self._is_due(done):
            self.say(f"{done:,} of {self.total:,} files: {self.summary}")

    def _is_due(self, done: int) -> bool:
        if done % EVERY_FILES and time.monotonic() < self._due:
            return False
        self._due = time.monotonic() + EVERY_SECONDS
        return True


class BarReporter(Reporter):
    """A bar that goes away when all is done."""

    def __init__(self, total: int, bar: Progress, size: int | None = None) -> None:
        super().__init__(total, size)
        self._bar = bar
        self._task = bar.add_task(
            "files" if size is None else "archives", total=total if size is None else size or None
        )

    def say(self, line: str) -> None:
        """Print above the bar."""
        from rich.text import Text  # noqa: PLC0415 - as in `reporting`

        self._bar.console.print(Text(printable(line)), soft_wrap=True)

    def expect(self, steps: int) -> None:
        """So many pages are to be looked at before: the bar's end moves away by as many."""
        super().expect(steps)
        if self.size is None:
            self._bar.update(self._task, total=self.total + self.steps)

    def step(self) -> None:
        """One of them was."""
        super().step()
        if self.size is None:
            self._bar.advance(self._task)

    def advance(self, kind: str) -> None:
        """One file more is done."""
        super().advance(kind)
        if self.size is None:
            self._bar.advance(self._task)

    def reach(self, done: int) -> None:
        """So many bytes are read."""
        super().reach(done)
        if self.size is not None:
            self._bar.update(self._task, completed=done)


@contextmanager
def reporting(total: int, *, quiet: bool, shares_terminal: bool, size: int | None = None) -> Iterator[Reporter]:
    """The reporter that fits: `shares_terminal` when results go to a terminal too, where a bar would tear them.

    `size` in bytes is what progress is measured by where archives are read.
    """
    if quiet:
        yield Reporter(total, size)
    elif sys.stderr.isatty() and not shares_terminal:
        # Imported where there is a bar to draw: it takes longer than a small page.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            DownloadColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        amount = MofNCompleteColumn() if size is None else DownloadColumn()
        columns = (TextColumn("{task.description}"), BarColumn(), amount, TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            yield BarReporter(total, bar, size)
    else:
        yield LineReporter(total, size)
