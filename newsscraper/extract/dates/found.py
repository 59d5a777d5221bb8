"""A date on its way from candidate to answer, and the stretch of text that it lies in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from newsscraper.extract.dates.folding import Folded
from newsscraper.extract.dates.grammar import Candidate
from newsscraper.extract.dates.readings import Hints, Reading
from newsscraper.extract.dates.shapes import Shape
from newsscraper.extract.dates.weekdays import PrintedWeekday


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where dates are looked for: the text, its folded form, the shape of one part of it, and what else is known."""

    text: str
    folded: Folded
    shape: Shape
    hints: Hints


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A candidate with the readings that are left to it, the likeliest first (at least one), and its weekday."""

    candidate: Candidate
    readings: list[Reading]
    weekday: PrintedWeekday | None
    first: int
    """First token, the weekday's included."""
    end: int
    """Token behind the last, the weekday's included."""

    @property
    def reading(self) -> Reading:
        """The likeliest reading, or one that agrees with the weekday where that does not."""
        return next((reading for reading in self.readings if self.agrees(reading)), self.readings[0])

    def agrees(self, reading: Reading) -> bool:
        """True when a weekday is printed and is that of the reading."""
        return self.weekday is not None and reading.date.weekday() in self.weekday.days

    def without_weekday_behind(self, floor: int) -> FoundDate:
        """A weekday between two dates is the second's, which begins at token `floor`."""
        if self.weekday and self.weekday.end > floor and self.weekday.first >= self.candidate.end:
            return replace(self, weekday=None, end=self.candidate.end)
        return self
