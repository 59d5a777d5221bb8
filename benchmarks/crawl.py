"""Measure `newsscraper crawl`: its speed beside others, its memory, its requests.

    python benchmarks/crawl.py --data DIR [--set ads --set fundus] [--pages 1000] [--latency 0.05] [--rounds 3]
    python benchmarks/crawl.py --discovered 1000000
    python benchmarks/crawl.py --requests

Speed: real pages on loopback with a stated latency, from a server in a process of its own, read from a list of their
addresses; Scrapy with no extraction, and with trafilatura in a pipeline, get the same list and the same concurrency;
so does news-please where --news-please names its command. Exit codes: 0 well, 1 a promise is not kept, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.accuracy import choose_pages
from benchmarks.arguments import at_least_one, choose_sets
from benchmarks.crawl_memory import PER_SITEMAP, Discovery, measure_discovery
from benchmarks.crawl_process import leave_none_behind
from benchmarks.crawl_requests import Requests, measure_requests
from benchmarks.crawl_rivals import OURS, TRAFILATURA, list_crawlers
from benchmarks.crawl_speed import Load, Speed, measure_speeds
from benchmarks.progress import progress
from benchmarks.tables import format_rows

LEAST_TIMES = 3.0
MOST_MEMORY = 300_000_000
MEMORY_FOR = 1_000_000


def main(argv: list[str] | None = None) -> int:
    """What is asked for, one after the other."""
    args = parse_arguments(argv)
    found: dict[str, Any] = {}
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="crawl-", dir=args.folder) as name:
        folder = Path(name)
        if args.data:
            speeds = run_speeds(args, _make(folder / "speed"))
            faults += judge_speeds(speeds)
            found["speed"] = [asdict(speed) for speed in speeds]
        if args.discovered:
            discovery = run_discovery(args, _make(folder / "memory"))
            faults += judge_discovery(discovery, args.discovered)
            found["memory"] = asdict(discovery)
        if args.requests:
            requests = measure_requests(args.stories, _make(folder / "requests"), args.settings, args.latency)
            print(format_requests(requests))
            faults += requests.violations
            found["requests"] = asdict(requests)
    print("\n".join(f"BROKEN: {fault}" for fault in faults) or "all promises kept")
    if args.json:
        args.json.write_text(json.dumps(found | {"violations": faults}, indent=1) + "\n", encoding="utf-8")
    return 1 if faults else 0


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure `newsscraper crawl`.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of labelled sets: measure speed")
    parser.add_argument(
        "--set", dest="sets", action="append", metavar="NAME", help="a set (again for more; default all)"
    )
    parser.add_argument("--pages", type=at_least_one, metavar="N", help="only N pages of each set, always the same")
    parser.add_argument("--latency", type=float, default=0.05, metavar="S", help="seconds that each answer waits")
    parser.add_argument("--at-once", type=at_least_one, default=16, metavar="N", help="requests under way at once")
    parser.add_argument("--rounds", type=at_least_one, default=3, metavar="N", help="the medians of which count")
    parser.add_argument("--news-please", type=Path, metavar="COMMAND", help="its command, to compare with it, too")
    parser.add_argument("--discovered", type=at_least_one, metavar="N", help="measure memory with so many URLs")
    parser.add_argument("--requests", action="store_true", help="count requests on the made-up site")
    parser.add_argument("--stories", type=at_least_one, default=500, metavar="N", help="of the made-up site")
    parser.add_argument(
        "--set-option", dest="settings", action="append", default=[], metavar="NAME=VALUE", help="of ours"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where files lie while it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args(argv)
    if not (args.data or args.discovered or args.requests):
        parser.error("nothing to measure: --data DIR, --discovered N or --requests")
    if args.data:
        args.sets = choose_sets(parser, args.data, args.sets)
    try:
        args.settings = dict(pair.split("=", 1) for pair in args.settings)
    except ValueError:
        parser.error("--set-option wants NAME=VALUE")
    return args


def run_speeds(args: argparse.Namespace, folder: Path) -> list[Speed]:
    pages = [page for name in args.sets for page in choose_pages(args.data, name, args.pages)]
    crawlers = list_crawlers(args.news_please, args.settings)
    if args.news_please is None:
        print("news-please is left out: --news-please COMMAND names it, in an environment of its own", file=sys.stderr)
    with progress(len(crawlers) * args.rounds, "crawls") as done:
        load = Load([page.file for page in pages], latency=args.latency, at_once=args.at_once)
        speeds = measure_speeds(crawlers, load, folder, args.rounds, done)
    print(f"{len(pages):,} pages of {', '.join(args.sets)}; latency {args.latency * 1000:g} ms, {args.at_once} at once")
    print(format_speeds(speeds))
    return speeds


def run_discovery(args: argparse.Namespace, folder: Path) -> Discovery:
    with progress(-(-args.discovered // PER_SITEMAP), "sitemaps") as done:
        found = measure_discovery(args.discovered, folder, args.settings, done)
    each = found.seconds / max(1, found.urls) * 1e6
    print(
        f"{found.urls:,} URLs discovered in {found.seconds:.0f} s ({each:.0f} µs each); "
        f"memory at most {found.peak / 1e6:.0f} MB, with its children {found.peak_of_all / 1e6:.0f} MB; "
        f"ledger {found.ledger / 1e6:.0f} MB; stopped with {found.code}"
    )
    return found


def judge_speeds(speeds: list[Speed]) -> list[str]:
    by_name = {speed.name: speed for speed in speeds}
    times = by_name[OURS].pages_a_second / by_name[TRAFILATURA].pages_a_second
    print(f"{OURS}: {times:.2f} times the pages a second of {TRAFILATURA}")
    return [] if times >= LEAST_TIMES else [f"{times:.2f} times the pages a second of trafilatura, not {LEAST_TIMES}"]


def judge_discovery(found: Discovery, asked: int) -> list[str]:
    faults = [] if found.urls >= asked else [f"{found.urls:,} URLs were discovered of {asked:,}"]
    if asked <= MEMORY_FOR and found.peak > MOST_MEMORY:
        faults.append(f"{found.peak / 1e6:.0f} MB, more than {MOST_MEMORY / 1e6:.0f}")
    return faults + ([f"it ended with {found.code} when told to stop"] if found.code < 0 else [])


def format_speeds(speeds: list[Speed]) -> str:
    header = ("crawler", "pages/s", "CPU ms/page", "seconds", "MB", "records")
    rows = [
        (
            speed.name,
            f"{speed.pages_a_second:.1f}",
            f"{speed.cpu_a_page * 1000:.1f}",
            f"{speed.seconds:.1f}",
            f"{speed.peak / 1e6:.0f}",
            f"{speed.written:,}",
        )
        for speed in speeds
    ]
    return format_rows(header, rows)


def format_requests(found: Requests) -> str:
    header = ("run", "requests", "a story", "304", "new lines", "second versions", "seconds")
    rows = [
        (
            run.name,
            f"{run.requests:,}",
            f"{run.requests / found.stories:.2f}",
            f"{run.not_modified:,}",
            f"{run.lines:,}",
            f"{run.second_versions:,}",
            f"{run.seconds:.1f}",
        )
        for run in found.runs
    ]
    return f"{found.stories:,} stories on the made-up site\n{format_rows(header, rows)}"


def _make(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    leave_none_behind()
    sys.exit(main())
