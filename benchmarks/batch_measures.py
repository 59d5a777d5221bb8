"""What is measured of a batch, each figure from runs of the command as users start it."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.batch_runs import BatchRun, run_batch
from benchmarks.processes import ONE_THREAD


@dataclass(frozen=True, kw_only=True)
class Found:
    """Seconds are of processor time where nothing else is said."""

    pages: int
    page_bytes: int
    bare_seconds: float
    """For the archive's records by fastwarc alone."""
    rival_pages: int
    rival_seconds: float
    rival_own_seconds: float
    """Ours for the same pages, start of the command and all."""
    one_worker: float
    """On the wall, the small archive."""
    two_workers_wall: float
    small: BatchRun
    large: BatchRun
    small_pages: int

    @property
    def times_rival(self) -> float:
        return self.rival_seconds / self.rival_own_seconds

    @property
    def two_workers(self) -> float:
        return self.one_worker / self.two_workers_wall

    @property
    def growth(self) -> float:
        return self.large.peak / self.small.peak

    def rows(self) -> list[tuple[str, str]]:
        """For people."""
        of_large = self.large.processor
        return [
            ("pages", f"{self.pages:,} of {self.page_bytes / self.pages / 1000:.0f} kB"),
            ("pages a second and core", f"{self.pages / of_large:.1f}"),
            ("MB a second and core", f"{self.page_bytes / of_large / 1e6:.1f}"),
            ("of that, the first process", f"1/{of_large / self.large.main_processor:.0f}"),
            ("processor time of the bare fastwarc read", f"1/{of_large / self.bare_seconds:.0f} of ours"),
            ("per core, beside trafilatura", f"{self.times_rival:.2f} times as fast, {self.rival_pages:,} pages"),
            ("two workers beside one", f"{self.two_workers:.2f} times, {self.small_pages:,} pages"),
            ("pages a second, two workers", f"{self.pages / self.large.seconds:.1f}"),
            (f"memory for {self.small_pages:,} pages", _tell_memory(self.small)),
            (f"memory for {self.pages:,} pages", f"{_tell_memory(self.large)}: {self.growth:.2f} times"),
        ]


def measure_all(args: argparse.Namespace, archives: Mapping[int, Path], folder: Path) -> Found:
    """All of it, one after the other; raises `RuntimeError` where a run does not end well."""
    page_bytes, bare = _measure_apart("bare", archives[args.pages])
    rival_pages = archives[args.rival_pages]
    _, rival = _measure_apart("rival", rival_pages)
    own = _run(rival_pages, folder, "rival", workers=1)
    rounds = [
        [_run(archives[args.small], folder, f"{turn}-{workers}", workers=workers) for workers in (1, 2)]
        for turn in range(args.rounds)
    ]
    large = _run(archives[args.pages], folder, "large", workers=2)
    return Found(
        pages=args.pages,
        page_bytes=page_bytes,
        bare_seconds=bare,
        rival_pages=args.rival_pages,
        rival_seconds=rival,
        rival_own_seconds=own.processor,
        one_worker=median(one.seconds for one, _ in rounds),
        two_workers_wall=median(two.seconds for _, two in rounds),
        small=rounds[-1][1],
        large=large,
        small_pages=args.small,
    )


def _tell_memory(run: BatchRun) -> str:
    return f"{run.peak / 1e6:.0f} MB in all, {run.main_peak / 1e6:.0f} MB the first process"


def _run(archive: Path, folder: Path, name: str, *, workers: int) -> BatchRun:
    log = folder / f"{name}.txt"
    run = run_batch([archive], folder / name, log, options=["--workers", str(workers)])
    if run.code not in {0, 1}:
        raise RuntimeError(f"newsscraper batch ended with {run.code}: {log.read_text('utf-8', 'replace')[-2000:]}")
    return run


def _measure_apart(what: str, archive: Path) -> tuple[int, float]:
    """In a process of its own, with one thread: the bytes of all pages, and seconds."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.batch_measures", what, str(archive)],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, **ONE_THREAD},
    )
    size, seconds = json.loads(done.stdout)
    return size, seconds


def _main(what: str, archive: str) -> None:
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 - in that process alone

    from benchmarks.processes import hush  # noqa: PLC0415
    from benchmarks.rivals import EXTRACTORS  # noqa: PLC0415

    hush()
    size = 0
    read = EXTRACTORS["trafilatura"] if what == "rival" else None
    begin = _processor()
    with open(archive, "rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            html = record.reader.read()
            size += len(html)
            if read is not None:
                with contextlib.suppress(Exception):
                    read(html, record.headers.get("WARC-Target-URI"))
    print(json.dumps([size, _processor() - begin]))


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    _main(*sys.argv[1:])
