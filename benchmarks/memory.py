"""Does a process grow? Told from its size after so many pages."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import linear_regression, median
from typing import NamedTuple

WARM = 0.4
"""Share of a run after which models are loaded and what is remembered of earlier pages has reached its bounds."""
FEWEST = 10
"""Samples behind that from which growth can be told from chance."""
LEAK = 500.0
"""Bytes a page: half a gigabyte in a million pages."""
LEAST = 64_000_000
"""Bytes in all: what large pages leave behind in the allocator is less."""


class Growth(NamedTuple):
    """How a process grew."""

    warm: float
    """Bytes once warm: the median of the first few samples."""
    end: float
    """Bytes at the end."""
    bytes_a_page: float
    """Slope of the line through all samples since."""

    @property
    def is_a_leak(self) -> bool:
        return self.bytes_a_page > LEAK and self.end - self.warm > LEAST


def fit_growth(samples: Sequence[tuple[int, int]]) -> Growth | None:
    """`samples`: pages done, bytes resident. None where there are too few."""
    warm = samples[int(WARM * len(samples)) :]
    if len(warm) < FEWEST:
        return None
    slope = linear_regression(*zip(*warm, strict=True)).slope
    sizes = [size for _, size in warm]
    return Growth(median(sizes[: FEWEST // 2]), median(sizes[-(FEWEST // 2) :]), slope)
