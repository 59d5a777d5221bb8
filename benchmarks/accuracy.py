"""Measure the core on labelled pages, beside a rival.

    python benchmarks/accuracy.py --data DIR [--set fundus --set ads] [--sample 50] [--jobs 2]
    python benchmarks/accuracy.py --data DIR --set fundus --rival none --floors benchmarks/floors.toml
    python benchmarks/accuracy.py --data DIR --set fundus --rival none --worst 15 --field title

What is trained is measured held out: each page is read with weights that have not seen its domain (the folder
`benchmarks/held_out`, made by `python -m training`). `--shipped` takes the package's own weights, which have seen
these pages if they were made from them.

Exit codes: 0 well, 1 below a floor or an error that no extractor raises on purpose, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.arguments import at_least_one, choose_sets
from benchmarks.datasets import LabelledPage, read_set, sample_pages
from benchmarks.floors import find_breaches, read_floors
from benchmarks.folds import HELD_OUT, held_out_file
from benchmarks.processes import hush
from benchmarks.reliability import Bin, format_bins, make_bins
from benchmarks.report import format_table, format_worst
from benchmarks.rivals import EXTRACTORS, Prediction, extract_with_newsscraper, is_installed
from benchmarks.scoring import FIELDS, LEAD_CHOICES, Run, Score, score_page, summarize
from newsscraper.errors import NewsscraperError


def main(argv: list[str] | None = None) -> int:
    """Read the sets, run the extractors, print the table, compare with the floors."""
    args = parse_arguments(argv)
    pages = {name: choose_pages(args.data, name, args.sample) for name in args.sets}
    scores = run_extractors(args.extractors, pages, args.lead, args.weights, args.jobs)
    summaries = {key: summarize(of_set) for key, of_set in scores.items()}
    print(format_table(summaries))
    own = {name: scores["newsscraper", name] for name in args.sets}
    bins = make_bins([score for of_set in own.values() for score in of_set])
    print(format_bins(bins))
    if args.worst:
        print(format_worst([score for of_set in own.values() for score in of_set], args.field, args.worst))
    if args.json:
        write_json(args, summaries, bins)
    bugs = [score for of_set in own.values() for score in of_set if score.run.error and not score.run.refused]
    for score in bugs:
        print(f"{score.page.set_name}/{score.page.id}: {score.run.error}", file=sys.stderr)
    well = compare_with_floors(args.floors, summaries, args.sample) if args.floors else True
    return 0 if well and not bugs else 1


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    """Arguments, checked; `sets` and `extractors` filled in."""
    parser = argparse.ArgumentParser(description="Measure the core on labelled pages, beside a rival.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with a folder for each set")
    parser.add_argument(
        "--set", dest="sets", action="append", metavar="NAME", help="a set (again for more; default all)"
    )
    parser.add_argument("--sample", type=at_least_one, metavar="N", help="only N pages of each set, always the same")
    parser.add_argument("--rival", choices=["trafilatura", "none"], default="trafilatura")
    parser.add_argument("--lead", choices=LEAD_CHOICES, default=LEAD_CHOICES[0], help="count the lead with the body")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--weights",
        type=Path,
        default=HELD_OUT,
        metavar="DIR",
        help="weights that each fold has not seen [%(default)s]",
    )
    chosen.add_argument("--shipped", action="store_true", help="the package's own weights instead")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--floors", type=Path, metavar="FILE", help="exit with 1 when a figure is below its floor")
    parser.add_argument("--worst", type=at_least_one, metavar="N", help="list the N pages with the largest loss")
    parser.add_argument("--field", choices=FIELDS, default="body", help="on this field")
    parser.add_argument("--jobs", type=at_least_one, default=2, metavar="N", help="processes")
    args = parser.parse_args(argv)
    args.sets = choose_sets(parser, args.data, args.sets)
    if args.rival != "none" and not is_installed(args.rival):
        parser.error(f"{args.rival} is not installed: pip install '.[bench]', or --rival none")
    if args.floors and args.lead != LEAD_CHOICES[0]:
        parser.error("floors are stated for bodies as labelled: leave --lead out")
    args.weights = None if args.shipped else args.weights
    if args.weights and not args.weights.is_dir():
        parser.error(f"{args.weights}: no such folder; make it with `python -m training --folds-out`, or use --shipped")
    args.extractors = ["newsscraper"] + [args.rival] * (args.rival != "none")
    return args


def choose_pages(data: Path, name: str, sample: int | None) -> list[LabelledPage]:
    pages = read_set(data, name)
    return pages if sample is None else sample_pages(pages, sample)


def run_extractors(
    extractors: list[str], pages: dict[str, list[LabelledPage]], lead: str, weights: Path | None, jobs: int
) -> dict[tuple[str, str], list[Score]]:
    """Scores by extractor and set, in the order of the pages."""
    scores = {}
    with ProcessPoolExecutor(jobs, initializer=hush) as pool:
        for name, of_set in pages.items():
            for extractor in extractors:
                tasks = [Task(extractor, page, lead, weights) for page in of_set]
                scores[extractor, name] = list(pool.map(run_page, tasks, chunksize=4))
    return scores


class Task(NamedTuple):
    """One extractor on one page."""

    extractor: str
    page: LabelledPage
    lead: str
    weights: Path | None = None

    def predict(self, html: bytes) -> Prediction:
        if self.extractor == "newsscraper" and self.weights:
            return extract_with_newsscraper(
                html, self.page.url, held_out_file(self.weights, self.page.url, self.page.id)
            )
        return EXTRACTORS[self.extractor](html, self.page.url)


def run_page(task: Task) -> Score:
    """Whatever the extractor raises makes an empty prediction. Runs in a worker process."""
    page = task.page
    html = page.read_bytes()
    error, refused = None, False
    prediction = Prediction()
    start = time.perf_counter()
    try:
        prediction = task.predict(html)
    except Exception as raised:  # a benchmark counts what would be a crash
        error, refused = f"{type(raised).__name__}: {raised}", isinstance(raised, NewsscraperError)
    seconds = time.perf_counter() - start
    return score_page(page, Run(prediction=prediction, seconds=seconds, error=error, refused=refused), task.lead)


def write_json(args: argparse.Namespace, summaries: dict[tuple[str, str], dict[str, Any]], bins: list[Bin]) -> None:
    rows = [{"set": name, "extractor": extractor, **row} for (extractor, name), row in summaries.items()]
    weights = "shipped" if args.shipped else "held out by domain"
    confidence = [one._asdict() for one in bins]
    report = {"sample": args.sample, "lead": args.lead, "weights": weights, "rows": rows, "confidence": confidence}
    args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def compare_with_floors(file: Path, summaries: dict[tuple[str, str], dict[str, Any]], sample: int | None) -> bool:
    own = {name: row for (extractor, name), row in summaries.items() if extractor == "newsscraper"}
    breaches, compared = find_breaches(read_floors(file), own, sample)
    for breach in breaches:
        print(breach)
    if not compared:
        print(f"{file}: no floor is stated for these pages", file=sys.stderr)
        return False
    if not breaches:
        print(f"floors kept: {', '.join(compared)}")
    return not breaches


if __name__ == "__main__":
    sys.exit(main())
