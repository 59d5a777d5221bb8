"""Measure `newsscraper batch`: beside the bare reading of an archive and beside trafilatura, its workers, its memory.

    python benchmarks/batch.py --data DIR [--pages 50000] [--rival-pages 2000] [--small 5000] [--rounds 3] [--dask]
    python benchmarks/batch.py --data DIR --pages 5000 --small 500 --rival-pages 200

The archive is made from labelled pages, each changed so that nothing remembered of one helps with another. Exit codes:
0 well, 1 a promise is not kept, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import batch_dask
from benchmarks.arguments import at_least_one
from benchmarks.batch_archive import read_labelled, vary_pages, write_archive
from benchmarks.batch_measures import Found, measure_all
from benchmarks.processes import hushed
from benchmarks.progress import progress
from benchmarks.tables import format_rows

LEAST_TIMES_RIVAL = 4.0
LEAST_OF_TWO = 1.7
MOST_GROWTH = 1.15


def main(argv: list[str] | None = None) -> int:
    """Make the archives, measure, print, judge."""
    args = parse_arguments(argv)
    with tempfile.TemporaryDirectory(prefix="batch-", dir=args.folder) as name, hushed():
        folder = Path(name)
        archives = {number: make_archive(args, folder, number) for number in (args.pages, args.small, args.rival_pages)}
        found = measure_all(args, archives, folder)
        by_dask = measure_by_dask(archives[args.small], folder) if args.dask else None
    print(format_rows(("what", "figure"), found.rows() + (by_dask.rows() if by_dask else [])))
    faults = judge(found) + (by_dask.violations if by_dask else [])
    print("\n".join(f"BROKEN: {fault}" for fault in faults) or "all promises kept")
    if args.json:
        args.json.write_text(
            json.dumps(asdict(found) | {"dask": by_dask and asdict(by_dask), "violations": faults}, indent=1) + "\n",
            encoding="utf-8",
        )
    return 1 if faults else 0


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure `newsscraper batch`.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with a folder for each set")
    parser.add_argument("--pages", type=at_least_one, default=50_000, metavar="N", help="of the large archive")
    parser.add_argument("--small", type=at_least_one, default=5_000, metavar="N", help="of the small one")
    parser.add_argument("--rival-pages", type=at_least_one, default=2_000, metavar="N", help="that trafilatura reads")
    parser.add_argument("--rounds", type=at_least_one, default=3, metavar="N", help="of one worker against two")
    parser.add_argument("--dask", action="store_true", help="the small one on a local Dask cluster, too")
    parser.add_argument("--archives", type=Path, metavar="DIR", help="where pages-N.warc.gz are kept for the next time")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where files lie while it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args(argv)
    args.labelled = read_labelled(args.data)
    if not args.labelled:
        parser.error(f"{args.data}: no folder in it holds a truth.jsonl")
    return args


def make_archive(args: argparse.Namespace, folder: Path, number: int) -> Path:
    """The archive of so many pages: one that is kept, or a new one."""
    path: Path = (args.archives or folder) / f"pages-{number}.warc.gz"
    if not path.exists():
        part = path.with_suffix(".part")
        with progress(number, f"making {path.name}") as done:
            write_archive(part, vary_pages(args.labelled, number), done)
        part.rename(path)
    return path


def measure_by_dask(archive: Path, folder: Path) -> batch_dask.Found:
    """The pool and a local cluster of as many workers, in parts of a minute or so; nobody is killed."""
    words = ["--archive", str(archive), "--kills", "0", "--part-mb", "64"]
    return batch_dask.measure(batch_dask.parse_arguments(words), folder)


def judge(found: Found) -> list[str]:
    """The promises that the figures do not keep."""
    promises = (
        (found.times_rival, LEAST_TIMES_RIVAL, "times as fast as trafilatura per core"),
        (found.two_workers, LEAST_OF_TWO, "times one worker with two"),
    )
    faults = [f"{value:.2f} {what}: at least {least}" for value, least, what in promises if value < least]
    if found.growth > MOST_GROWTH:
        faults.append(f"{found.growth:.2f} times the memory for ten times the pages: at most {MOST_GROWTH}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
