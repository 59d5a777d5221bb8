"""Measure how fast the core is: beside lxml's bare parse and a rival, step by step, and on very large pages.

    python benchmarks/speed.py --data DIR [--set fundus --set ads] [--pages 100] [--repeat 3] [--json FILE]
    python benchmarks/speed.py --data DIR --set fundus --pages 40 --big none --floors benchmarks/floors.toml

Everything is timed in one process on one core, without a trace. Exit codes: 0 well, 1 a ratio is beyond its floor,
2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from lxml import html

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.accuracy import choose_pages
from benchmarks.arguments import at_least_one, choose_sets
from benchmarks.big_pages import SHAPES, measure_all
from benchmarks.processes import hushed
from benchmarks.progress import progress
from benchmarks.rivals import EXTRACTORS, is_installed
from benchmarks.speed_report import (
    OURS,
    PARSE,
    RIVAL,
    Report,
    as_json,
    find_excesses,
    format_report,
    list_ratios,
    read_ceilings,
)
from benchmarks.steps import share_steps
from benchmarks.timing import Page, Reader, compare, keep_to_one_core, keep_to_one_thread, time_readers
from newsscraper import extract

DEFAULT_SETS = ("ads", "fundus")


def main(argv: list[str] | None = None) -> int:
    """Read the pages, take the times, print the tables, compare with the floors."""
    args = parse_arguments(argv)
    pages = read_pages(args.data, args.sets, args.pages)
    with hushed():
        report = measure(args.sets, pages, args.repeat, args.big)
    print(format_report(report))
    if args.json:
        args.json.write_text(json.dumps(as_json(report), indent=1) + "\n", encoding="utf-8")
    return 0 if keeps_floors(args.floors, report) else 1


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    """Arguments, checked; `sets` and `big` filled in."""
    parser = argparse.ArgumentParser(description="Measure how fast the core is.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with a folder for each set")
    parser.add_argument(
        "--set", dest="sets", action="append", metavar="NAME", help="a set (again for more; default ads and fundus)"
    )
    parser.add_argument("--pages", type=at_least_one, metavar="N", help="only N pages of each set, always the same")
    parser.add_argument(
        "--repeat", type=at_least_one, default=3, metavar="N", help="rounds, the shortest of which counts"
    )
    parser.add_argument(
        "--big", action="append", choices=[*SHAPES, "none"], help="a shape of very large pages (again for more)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--floors", type=Path, metavar="FILE", help="exit with 1 when a ratio is beyond its floor")
    args = parser.parse_args(argv)
    known = choose_sets(parser, args.data, args.sets)
    args.sets = args.sets or [name for name in DEFAULT_SETS if name in known]
    if not args.sets:
        parser.error(f"{args.data}: it has neither {' nor '.join(DEFAULT_SETS)}; name a set with --set")
    args.big = [shape for shape in args.big or SHAPES if shape != "none"]
    return args


def read_pages(data: Path, sets: Sequence[str], count: int | None) -> list[Page]:
    """The pages' bytes, in memory: reading files is no part of what is measured."""
    return [Page(page.read_bytes(), page.url) for name in sets for page in choose_pages(data, name, count)]


def measure(sets: list[str], pages: list[Page], repeat: int, big: list[str]) -> Report:
    readers: dict[str, Reader] = {OURS: extract, PARSE: _parse}
    if is_installed(RIVAL):
        readers[RIVAL] = EXTRACTORS[RIVAL]
    else:
        print(f"{RIVAL} is not installed (pip install '.[bench]'), so it is left out", file=sys.stderr)
    with progress(repeat * len(pages), "pages") as done:
        seconds = time_readers(readers, pages, repeat, done)
    with progress(len(big), "very large pages") as done:
        costs = measure_all(big, done=done)
    return Report(
        sets=sets,
        pages=len(pages),
        mean_size=sum(len(page.html) for page in pages) / len(pages),
        seconds={name: sum(of_reader) for name, of_reader in seconds.items()},
        ratios={name: compare(seconds[OURS], of_reader) for name, of_reader in seconds.items() if name != OURS},
        steps=share_steps(extract, pages),
        big=costs,
    )


def _parse(page: bytes, url: str | None) -> None:
    html.document_fromstring(page)


def keeps_floors(file: Path | None, report: Report) -> bool:
    """Says what is beyond its ceiling, or what was compared."""
    if file is None:
        return True
    ceilings, ratios = read_ceilings(file), list_ratios(report)
    excesses = find_excesses(ceilings, ratios)
    print("\n".join(excesses) or f"floors kept: {', '.join(name for name in ceilings if name in ratios)}")
    return not excesses


if __name__ == "__main__":
    keep_to_one_thread()
    keep_to_one_core()
    sys.exit(main())
