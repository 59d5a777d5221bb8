"""What batches of several sizes take, computed from a few figures: the table of plans in docs/scale.md.

    python benchmarks/batch_scale.py [--pages-a-second 24.3] [--archive-kb 42.7] [--records-kb 3.9]

Figures are those of one core, as `benchmarks/batch.py`, `benchmarks/batch_disk.py` and `benchmarks/batch_dask.py` tell
them. Cores are taken to be as fast as the one that was measured, and all of them to be at work to the end.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tables import format_rows

MILLION = 1_000_000
HOUR = 3600
GIGABYTES_A_PART = 0.256


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one core; bytes are those of a page."""

    pages_a_second: float
    archive_kb: float
    records_kb: float
    start_seconds: float
    worker_mb: float


@dataclass(frozen=True)
class Plan:
    """So many pages on so many cores."""

    name: str
    pages: int
    cores: int
    machines: int = 1

    def row(self, figures: Figures) -> tuple[str, ...]:
        archive = self.pages * figures.archive_kb / MILLION
        parts = max(1, round(archive / GIGABYTES_A_PART))
        hours = (self.pages / figures.pages_a_second + parts * figures.start_seconds) / HOUR
        rate = self.cores * figures.pages_a_second * figures.archive_kb / 1000
        return (
            self.name,
            f"{self.pages / MILLION:,g}",
            f"{hours:,.0f}",
            tell_hours(hours / self.cores),
            tell_gigabytes(archive),
            tell_gigabytes(self.pages * figures.records_kb / MILLION),
            f"{rate:,.0f} MB/s",
            f"{self.cores // self.machines * figures.worker_mb / 1000:,.1f} GB",
        )


PLANS = (
    Plan("one laptop", MILLION, 4),
    Plan("one server", 10 * MILLION, 64),
    Plan("ten machines", 100 * MILLION, 320, 10),
    Plan("a CC-NEWS year, one server", 500 * MILLION, 64),
    Plan("a CC-NEWS year, ten machines", 500 * MILLION, 320, 10),
)
HEADS = ("", "million pages", "core hours", "on the clock", "archives", "records", "read", "memory a machine")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compute what batches of several sizes take.")
    parser.add_argument("--pages-a-second", type=float, default=24.3, metavar="N", help="of a core")
    parser.add_argument("--archive-kb", type=float, default=42.7, metavar="KB", help="of a page in its archive")
    parser.add_argument("--records-kb", type=float, default=3.9, metavar="KB", help="of a page's record")
    parser.add_argument("--start-seconds", type=float, default=2.0, metavar="S", help="of a core, for each part")
    parser.add_argument("--worker-mb", type=float, default=260.0, metavar="MB", help="of memory, for each core")
    figures = Figures(**vars(parser.parse_args(argv)))
    print(format_rows(HEADS, [plan.row(figures) for plan in PLANS]))
    return 0


def tell_hours(hours: float) -> str:
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"


def tell_gigabytes(size: float) -> str:
    return f"{size:,.0f} GB" if size < 1000 else f"{size / 1000:,.1f} TB"


if __name__ == "__main__":
    sys.exit(main())
