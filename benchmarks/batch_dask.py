"""Hold `newsscraper batch --scheduler` against the pool: what a shard costs more, and what killed workers cost.

    python benchmarks/batch_dask.py --archive FILE [--kills 20] [--part-mb 4] [--workers 2] [--seed 1]

The archive is one that `benchmarks/batch.py --archives DIR` keeps. The pool's output is the measure: on a local Dask
cluster the same command has to leave the same bytes, also where its workers are killed with `kill -9` while they are at
it, round after round until there were so many kills. Exit codes: 0 well, 1 a promise is not kept, 2 bad usage.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.arguments import at_least_one
from benchmarks.batch_archive import MadePage, write_archive
from benchmarks.batch_runs import BatchRun, run_batch
from benchmarks.progress import progress
from benchmarks.tables import format_rows

FINISHED = {0, 1}
"""Exit codes of a batch that came to its end: 1 where pages had faults."""
MOST_ROUNDS = 50
SMALL_PAGE = (
    b"<html><body><h1>One page</h1><p>" + b"It says next to nothing, and says it again. " * 9 + b"</p></body></html>"
)


@dataclass(kw_only=True)
class Found:
    """Seconds are those of a clock on the wall."""

    pages: int
    parts: int
    tasks: int
    """Of Dask: small parts go together."""
    workers: int
    pool_seconds: float
    dask_seconds: float
    start_seconds: float
    """Of processor time: what a command takes to start, with one worker and one small page."""
    kills: int = 0
    rounds: int = 0
    runs: int = 0
    """Of the command, in the rounds with kills: one that ends with parts set aside is started again."""
    killed_seconds: float = 0.0
    violations: list[str] = field(default_factory=list)

    @property
    def overhead(self) -> float:
        """Seconds of a worker that a task costs more than the pool takes for its pages."""
        return (self.dask_seconds - self.pool_seconds) * self.workers / self.tasks

    def rows(self) -> list[tuple[str, str]]:
        """For people."""
        rows = [
            ("pages, parts, tasks", f"{self.pages:,}, {self.parts}, {self.tasks}"),
            (f"pool, {self.workers} workers", f"{self.pool_seconds:.1f} s"),
            (f"Dask, {self.workers} workers", f"{self.dask_seconds:.1f} s"),
            ("more for each task", f"{self.overhead:.2f} s of a worker"),
            ("start of a command", f"{self.start_seconds:.2f} s of processor time"),
        ]
        if self.kills:
            rows += [
                ("workers killed", f"{self.kills} in {self.rounds} rounds, {self.runs} runs of the command"),
                ("a round with kills", f"{self.killed_seconds / self.rounds:.1f} s"),
            ]
        return rows


def main(argv: list[str] | None = None) -> int:
    """Run the pool, then Dask, then Dask while its workers are killed; compare what each leaves."""
    args = parse_arguments(argv)
    with tempfile.TemporaryDirectory(prefix="batch-dask-", dir=args.folder) as name:
        found = measure(args, Path(name))
    print(format_rows(("what", "figure"), found.rows()))
    print("\n".join(f"BROKEN: {each}" for each in found.violations) or "all promises kept")
    if args.json:
        args.json.write_text(
            json.dumps(asdict(found) | {"overhead": found.overhead}, indent=1) + "\n", encoding="utf-8"
        )
    return 1 if found.violations else 0


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Hold newsscraper batch --scheduler against the pool.")
    parser.add_argument("--archive", type=Path, required=True, metavar="FILE", help="a WARC file to read")
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="of workers (default: %(default)s)")
    parser.add_argument("--part-mb", type=float, default=4.0, metavar="MB", help="of a part (default: %(default)s)")
    parser.add_argument("--workers", type=at_least_one, default=2, metavar="N", help="on either side")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: %(default)s)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where files lie while it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args(argv)
    if not args.archive.is_file():
        parser.error(f"{args.archive}: no such file")
    return args


def measure(args: argparse.Namespace, folder: Path) -> Found:
    """All of it; a cluster of its own for the comparison and for the kills."""
    from distributed import LocalCluster  # noqa: PLC0415 - an extra

    pool = run(args, folder, "pool", "--workers", str(args.workers))
    truth = read_output(folder / "pool")
    options: dict[str, Any] = {"n_workers": args.workers, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(**options, silence_logs="CRITICAL") as cluster:
        run(args, folder, "warm", "--scheduler", cluster.scheduler_address)  # its workers have imported everything
        dask = run(args, folder, "dask", "--scheduler", cluster.scheduler_address)
        found = Found(
            pages=sum(truth.counts.values()),
            parts=len(truth.parts),
            tasks=count_tasks(folder / "pool", args.workers),
            workers=args.workers,
            pool_seconds=pool.seconds,
            dask_seconds=dask.seconds,
            start_seconds=median(measure_start(folder / f"start-{turn}") for turn in range(3)),
        )
        found.violations += compare("Dask", truth, read_output(folder / "dask"))
        kill_often(args, folder, cluster, truth, found)
    return found


def run(args: argparse.Namespace, folder: Path, name: str, *options: str) -> BatchRun:
    """To its end. Raises `RuntimeError` where that is a bad one."""
    log = folder / f"{name}.txt"
    done = run_batch([args.archive], folder / name, log, options=["--part-mb", str(args.part_mb), *options])
    if done.code not in FINISHED:
        raise RuntimeError(f"newsscraper batch ended with {done.code}: {log.read_text('utf-8', 'replace')[-2000:]}")
    return done


def measure_start(folder: Path) -> float:
    """Processor time of a batch of one page."""
    folder.mkdir()
    archive = folder / "one.warc.gz"
    write_archive(archive, iter([MadePage("https://one.example/1", SMALL_PAGE)]))
    return run_batch([archive], folder / "out", folder / "out.txt", options=["--workers", "1"]).processor


def kill_often(args: argparse.Namespace, folder: Path, cluster: Any, truth: Output, found: Found) -> None:
    """Rounds of the batch, its workers killed at random moments, until there were so many kills."""
    random = Random(args.seed)
    with progress(args.kills, "kills") as done:
        while found.kills < args.kills and found.rounds < MOST_ROUNDS and not found.violations:
            into = folder / "killed"
            shutil.rmtree(into, ignore_errors=True)
            killer = Killer(cluster, random, args.kills - found.kills, found.dask_seconds, done)
            began = time.monotonic()
            with killer:
                for _ in range(args.kills):
                    found.runs += 1
                    if run(args, folder, into.name, "--scheduler", cluster.scheduler_address) and is_whole(into):
                        break
            found.killed_seconds += time.monotonic() - began
            found.kills += killer.kills
            found.rounds += 1
            found.violations += compare(f"round {found.rounds}", truth, read_output(into))


class Killer(threading.Thread):
    """Kills workers of a cluster, one at a time, while it is a context: at most `most`, some ten in `seconds`."""

    def __init__(self, cluster: Any, random: Random, most: int, seconds: float, done: Any) -> None:
        super().__init__(daemon=True)
        self.kills = 0
        self._cluster = cluster
        self._random = random
        self._most = most
        self._pause = seconds / 5
        self._done = done
        self._is_over = threading.Event()

    def __enter__(self) -> Killer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self.join()

    def run(self) -> None:
        while self.kills < self._most and not self._is_over.wait(self._random.uniform(0.2, self._pause)):
            if living := self._find_living():
                with suppress(ProcessLookupError):
                    os.kill(self._random.choice(living), signal.SIGKILL)
                    self.kills += 1
                    self._done()

    def _find_living(self) -> list[int]:
        """Processes of workers that have come to their scheduler: a nanny gives up one that dies before that."""
        known = set(self._cluster.scheduler.workers)
        return [
            nanny.process.pid
            for nanny in list(self._cluster.workers.values())
            if nanny.worker_address in known and nanny.process and nanny.process.pid
        ]


@dataclass(frozen=True)
class Output:
    """What a batch has left."""

    parts: dict[str, bytes]
    """Name of the file with the records of a part -> its bytes."""
    places: Counter[tuple[str, int]]
    """Of all pages, with and without a record: file and offset."""
    counts: Counter[str]
    """Outcome -> pages, by the marks."""


def read_output(folder: Path) -> Output:
    places: Counter[tuple[str, int]] = Counter()
    counts: Counter[str] = Counter()
    for path in sorted(folder.glob("[0-9]*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            places[find_place(json.loads(line))] += 1
    for path in folder.glob("[0-9]*.json"):
        counts.update(json.loads(path.read_bytes())["counts"])
    parts = {path.name: path.read_bytes() for path in folder.glob("[0-9]*.jsonl.gz")}
    return Output(parts, places, counts)


def find_place(told: dict[str, Any]) -> tuple[str, int]:
    """Where the page of a record, or of a line about one without, lies."""
    return (told["source"], told["offset"]) if "outcome" in told else (told["warc"]["file"], told["warc"]["offset"])


def compare(name: str, truth: Output, found: Output) -> list[str]:
    """What differs, in words: pages, their number, bytes."""
    faults = [f"{name}: {place} stands {times} times" for place, times in found.places.items() if times > 1]
    faults += [f"{name}: {place} is missing" for place in truth.places.keys() - found.places.keys()]
    faults += [f"{name}: {place} is new" for place in found.places.keys() - truth.places.keys()]
    faults += [f"{name}: {part} has other bytes" for part in truth.parts if found.parts.get(part) != truth.parts[part]]
    if truth.counts != found.counts:
        faults.append(f"{name}: {dict(found.counts)} pages instead of {dict(truth.counts)}")
    return faults[:20]


def is_whole(folder: Path) -> bool:
    """All parts are done."""
    return (folder / "manifest.json").exists()


def count_tasks(folder: Path, threads: int) -> int:
    """Of Dask, for the parts that lie there."""
    from newsscraper.batch.cluster import group_parts  # noqa: PLC0415 - imports the whole extraction
    from newsscraper.batch.plan import read_plan  # noqa: PLC0415

    plan = read_plan(folder)
    assert plan is not None
    return sum(1 for _ in group_parts({part.number: part.size for part in plan.parts}, threads))


if __name__ == "__main__":
    sys.exit(main())
