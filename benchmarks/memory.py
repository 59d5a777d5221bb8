"""How much memory this process holds, and does it grow? Told from its size after so many pages."""

from __future__ import annotations

import resource
import sys
from collections.abc import Sequence
from pathlib import Path
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


def resident_memory() -> int:
    """Bytes of this process's memory that are resident; where the system does not tell, those at the peak."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return _largest_ever()
    return pages * resource.getpagesize()


def peak_memory() -> int:
    """Bytes of this process's memory that were resident at the peak.

    Linux hands a process's `ru_maxrss` on to those that it starts, so there the figure comes from `/proc`.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return _largest_ever()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) * 1024


def forget_peak() -> None:
    """From here on the peak is what is resident now; where the system cannot do that, it stays what it was."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _largest_ever() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
