"""Samples of something that was seen so many times in a run, and whether the newest is like those before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

_BY_CHANCE = 0.01
"""A share that chance alone makes so low (or so high) once in a hundred such comparisons is no finding."""
_ERRORS_APART = 3.0
"""Two means are apart when they differ by more than so many standard errors."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """How often something was looked at, and what was seen; of a share, each look is a 0 or a 1."""

    size: int
    total: float
    squares: float

    @classmethod
    def of_share(cls, hits: int, of: int) -> Sample:
        """`hits` out of `of`."""
        return cls(size=of, total=hits, squares=hits)

    @property
    def mean(self) -> float:
        """The share, or the mean; 0 where nothing was looked at."""
        return self.total / self.size if self.size else 0.0

    @property
    def variance(self) -> float:
        """Of what was seen."""
        return max(0.0, self.squares / self.size - self.mean**2) if self.size else 0.0

    def __add__(self, other: Sample) -> Sample:
        return Sample(size=self.size + other.size, total=self.total + other.total, squares=self.squares + other.squares)


@dataclass(frozen=True, kw_only=True)
class Change:
    """The newest sample and what it is measured by."""

    now: Sample
    past: Sample
    """All that it is measured by, together."""
    before: float
    """The median of the means of the past."""
    runs: int
    """How many runs that past is of."""

    @property
    def fall(self) -> float:
        """By how much the mean went down; negative where it rose."""
        return self.before - self.now.mean

    @property
    def is_chance(self) -> bool:
        """Whether two runs of an unchanged site may well differ as much, for shares."""
        hits, past_hits = round(self.now.total), round(self.past.total)
        if self.fall < 0:
            hits, past_hits = self.now.size - hits, self.past.size - past_hits
        return chance_of_so_few(hits, self.now.size, past_hits, self.past.size) > _BY_CHANCE

    @property
    def is_noise(self) -> bool:
        """The same for means of any numbers."""
        error = math.sqrt(self.now.variance / max(1, self.now.size) + self.past.variance / max(1, self.past.size))
        return abs(self.past.mean - self.now.mean) <= _ERRORS_APART * error


def compare(samples: Sequence[Sample], *, least: int, runs: int, least_runs: int) -> Change | None:
    """The first of `samples`, which are of runs, the newest first, against those after it.

    Runs that saw little are taken together, until there are `least` looks. At most `runs` such groups are looked back
    on; with fewer than `least_runs` there is no judging, and None.
    """
    if not samples or not samples[0].size:
        return None
    groups = _group(samples, max(1, least), most=runs + 1)
    if len(groups) < 1 + max(1, least_runs):
        return None
    (now, _), past = groups[0], groups[1:]
    together = sum((sample for sample, _ in past[1:]), past[0][0])
    before = median(sample.mean for sample, _ in past)
    return Change(now=now, past=together, before=before, runs=sum(number for _, number in past))


def chance_of_so_few(hits: int, size: int, past_hits: int, past_size: int) -> float:
    """The probability of at most `hits` of `size`, drawn like `past_hits` of `past_size` (Fisher, exact)."""
    all_hits, everything = hits + past_hits, size + past_size
    whole = _log_choose(everything, size)
    lowest = max(0, size - (everything - all_hits))
    return math.fsum(
        math.exp(_log_choose(all_hits, k) + _log_choose(everything - all_hits, size - k) - whole)
        for k in range(lowest, hits + 1)
    )


def _group(samples: Sequence[Sample], least: int, *, most: int) -> list[tuple[Sample, int]]:
    """Samples of at least `least` looks, each with the number of runs that it took."""
    groups: list[tuple[Sample, int]] = []
    waiting: list[Sample] = []
    for sample in samples:
        waiting.append(sample)
        if sum(each.size for each in waiting) >= least:
            groups.append((sum(waiting[1:], waiting[0]), sum(each.size > 0 for each in waiting)))
            waiting = []
        if len(groups) == most:
            break
    return groups


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
