"""What a URL costs in the frontier, by how many there are: to take in, and to lease and settle. On a local disk.

    python benchmarks/frontier.py --rows 100000 1000000 [--json FILE] [--folder DIR]

Each size is a ledger of its own, filled in batches such as a sitemap gives; the last of them are timed, so that the
figure is that of a ledger of that size. Settling is one synced transaction a URL, as in a crawl: most of its time is
the disk's, so the processor's is told beside it, and what a bare sync takes. Memory is what the process gained.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from newsscraper.store import Clock, Entry, Ledger, Settlement

SITE = "marrow.example"
BATCH = 1000
TIMED = 20_000
SETTLED = 2_000
LEASED_AT_ONCE = 32


@dataclass(frozen=True)
class Figures:
    """Microseconds a URL, but for what is named otherwise."""

    rows: int
    add: float
    add_known: float
    lease: float
    settle: float
    settle_cpu: float
    sync: float
    file_mb: float
    gained_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--folder", type=Path, help="where the ledgers are made; a temporary folder otherwise")
    parser.add_argument("--cache-mb", type=int, default=64)
    options = parser.parse_args()
    heads = ("add", "known", "lease", "settle", "(CPU)", "(sync)", "file MB", "RAM +MB")
    print(f"{'rows':>12}", *(f"{head:>8}" for head in heads))
    found = []
    for rows in options.rows:
        figures = measure(rows, options.folder, options.cache_mb)
        found.append(figures)
        print(
            f"{rows:>12,} {figures.add:>8.1f} {figures.add_known:>8.1f} {figures.lease:>8.1f} {figures.settle:>8.1f} "
            f"{figures.settle_cpu:>8.1f} {figures.sync:>8.1f} {figures.file_mb:>8.0f} {figures.gained_mb:>8.0f}",
            flush=True,
        )
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in found], indent=2) + "\n", encoding="utf-8")


def measure(rows: int, folder: Path | None, cache_mb: int) -> Figures:
    """Fill a ledger with `rows` URLs, and time what comes then."""
    corpus = Path(tempfile.mkdtemp(prefix="frontier-", dir=folder))
    try:
        with Ledger.open(corpus, SITE, clock=Clock(), run_id="benchmark", cache_mb=cache_mb) as ledger:
            before = resident_mb()
            fill(ledger, rows - TIMED)
            add = timed_add(ledger, list(batches(rows - TIMED, rows)))
            known = timed_add(ledger, list(sampled(rows)))
            lease, settle, settle_cpu = timed_settling(ledger)
            gained = resident_mb() - before
            size = sum(path.stat().st_size for path in (corpus / "ledger").iterdir()) / 1e6
        return Figures(rows, add, known, lease, settle, settle_cpu, timed_sync(corpus), size, gained)
    finally:
        shutil.rmtree(corpus)


def fill(ledger: Ledger, rows: int) -> None:
    """Without syncing: this is not timed, and would take hours."""
    ledger.database.execute("PRAGMA synchronous = OFF")
    for batch in batches(0, rows):
        ledger.frontier.add(batch)
    ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ledger.database.execute("PRAGMA synchronous = FULL")


def batches(begin: int, end: int) -> Iterator[list[Entry]]:
    """Entries by number, in batches: each of one time, as a sitemap's are, and the batches in no order of time."""
    for first in range(begin, end, BATCH):
        yield [entry_of(number) for number in range(first, min(first + BATCH, end))]


def sampled(rows: int) -> Iterator[list[Entry]]:
    chosen = random.Random(7)
    for _ in range(TIMED // BATCH):
        yield [entry_of(chosen.randrange(rows)) for _ in range(BATCH)]


def entry_of(number: int) -> Entry:
    rank = (number // BATCH) * 2_654_435_761 % 2**32 + number % BATCH
    url = f"https://{SITE}/news/{2000 + number % 26}/{number}/council-votes-on-the-harbour-plan-again"
    return Entry(url=url, kind="story", rank=rank, modified=rank, data='{"depth": 2, "announced": true}')


def timed_add(ledger: Ledger, entries: list[list[Entry]]) -> float:
    begin = time.perf_counter()
    for batch in entries:
        ledger.frontier.add(batch)
    return 1e6 * (time.perf_counter() - begin) / sum(map(len, entries))


def timed_settling(ledger: Ledger) -> tuple[float, float, float]:
    leasing = settling = busy = 0.0
    now = int(time.time())
    for _ in range(SETTLED // LEASED_AT_ONCE):
        begin = time.perf_counter()
        leases = ledger.frontier.lease(LEASED_AT_ONCE)
        middle, busy_before = time.perf_counter(), time.process_time()
        for lease in leases:
            ledger.settle(Settlement(key=lease.key, state="done", due=now + 86_400, visited_at=now, status=200))
        leasing, settling = leasing + middle - begin, settling + time.perf_counter() - middle
        busy += time.process_time() - busy_before
    settled = SETTLED // LEASED_AT_ONCE * LEASED_AT_ONCE
    return 1e6 * leasing / settled, 1e6 * settling / settled, 1e6 * busy / settled


def timed_sync(folder: Path) -> float:
    """What the disk takes to sync three pages appended to a file, as a small transaction does."""
    with (folder / "sync").open("wb", buffering=0) as stream:
        begin = time.perf_counter()
        for _ in range(200):
            stream.write(b"\0" * 12_288)
            os.fdatasync(stream.fileno())
        return 1e6 * (time.perf_counter() - begin) / 200


def resident_mb() -> float:
    """What the process holds at most until now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
