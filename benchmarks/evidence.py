"""What evidence from several pages of a site gains, on labelled pages and on made-up sites.

    python benchmarks/evidence.py [--data DIR] [--set fundus --set ads] [--jobs 2] [--json FILE] [--changed]

The pages of all sets are grouped by registrable domain; each group's evidence is gathered from all its pages. Where
these are not copies of one, each page that has a truth for its body is read without it and with it, by weights that
have not seen the site (`benchmarks/held_out`). Without `--data`, made-up sites alone: the demo, which one page mostly
gives away, and those of `plain_sites.py`, which none does.

Exit codes: 0 well, 1 where evidence costs body F1, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from newsscraper_demo.site import DemoSite

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.arguments import at_least_one, choose_sets
from benchmarks.datasets import LabelledPage, list_sets, read_set
from benchmarks.folds import HELD_OUT, held_out_file, read_weights
from benchmarks.metrics import harmonic_mean, measure_overlap
from benchmarks.plain_sites import PlainPage, make_plain_sites
from benchmarks.processes import hush
from benchmarks.rivals import Prediction
from benchmarks.scoring import Run, Score, score_page, summarize
from benchmarks.tables import format_rows
from newsscraper import Evidence, Model, extract, gather_evidence
from newsscraper.errors import NewsscraperError
from newsscraper.store.urls import site_of

HEADER = ("set", "sites", "pages", "changed", "body F1", "with evidence", "P", "with", "R", "with", "exact", "with")
_BASE = "https://demo.example/"
_SHOWN = 90
"""Characters of a paragraph."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One page read without evidence and with it."""

    site: str
    before: Score
    after: Score
    lost: list[str]
    """Paragraphs that evidence took away."""

    @property
    def page(self) -> LabelledPage:
        return self.before.page


def main(argv: list[str] | None = None) -> int:
    """Group, gather, read twice, print the table."""
    args = parse_arguments(argv)
    rows = [
        measure_made_up("demo site", [read_demo()]),
        measure_made_up("plain sites", list(make_plain_sites().values())),
    ]
    pairs: list[Pair] = []
    if args.data:
        pages = [page for name in list_sets(args.data) for page in read_set(args.data, name)]
        pairs = [pair for pair in read_sites(group_by_site(pages), args.jobs) if pair.page.set_name in args.sets]
        rows += [summarize_set(name, [p for p in pairs if p.page.set_name == name]) for name in args.sets]
    rows = [row for row in rows if row["pages"]]
    print(format_figures(rows))
    if args.changed:
        print("\n".join(describe_changes(pairs)))
    if args.json:
        args.json.write_text(json.dumps({"rows": rows}, indent=1) + "\n", encoding="utf-8")
    return 1 if any(row["f1_after"] < row["f1_before"] for row in rows) else 0


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what evidence from several pages of a site gains.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder with a folder for each set")
    parser.add_argument("--set", dest="sets", action="append", metavar="NAME", help="report this set (again for more)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--changed", action="store_true", help="list the pages that evidence changes, and what goes")
    parser.add_argument("--jobs", type=at_least_one, default=2, metavar="N", help="processes")
    args = parser.parse_args(argv)
    if args.sets and not args.data:
        parser.error("--set: which folder it is in, --data says")
    args.sets = choose_sets(parser, args.data, args.sets) if args.data else []
    return args


def group_by_site(pages: Iterable[LabelledPage]) -> dict[str, list[LabelledPage]]:
    """Pages by registrable domain, of domains with two pages or more."""
    groups = defaultdict(list)
    for page in pages:
        try:
            groups[site_of(page.url or "")].append(page)
        except ValueError:
            continue
    return {site: group for site, group in groups.items() if len(group) > 1}


def read_sites(groups: dict[str, list[LabelledPage]], jobs: int) -> list[Pair]:
    with ProcessPoolExecutor(jobs, initializer=hush) as pool:
        return [pair for pairs in pool.map(read_site, groups.items(), chunksize=4) for pair in pairs]


def read_site(task: tuple[str, list[LabelledPage]]) -> list[Pair]:
    """Every page with a truth for its body, twice; none where all are copies of one. Runs in a worker process."""
    site, group = task
    model = read_weights(held_out_file(HELD_OUT, group[0].url, group[0].id))
    evidence = gather_evidence([(page.read_bytes(), page.url) for page in group], model=model)
    if evidence.pages < 2:
        return []
    return [read_twice(site, page, evidence, model) for page in group if page.body is not None or page.withs]


def read_twice(site: str, page: LabelledPage, evidence: Evidence, model: Model) -> Pair:
    html = page.read_bytes()
    before, after = predict(html, page.url, None, model), predict(html, page.url, evidence, model)
    kept = set(after.prediction.body.split("\n\n"))
    lost = [paragraph for paragraph in before.prediction.body.split("\n\n") if paragraph not in kept]
    return Pair(site=site, before=score_page(page, before), after=score_page(page, after), lost=lost)


def predict(html: bytes, url: str | None, evidence: Evidence | None, model: Model) -> Run:
    """A page that is refused counts as an empty prediction, as in `accuracy.py`."""
    try:
        story = extract(html, url, evidence=evidence, model=model)
    except NewsscraperError as error:
        return Run(prediction=Prediction(), seconds=0.0, error=str(error), refused=True)
    return Run(prediction=Prediction(title=story.title, lead=story.lead, body=story.body), seconds=0.0)


def read_demo() -> list[PlainPage]:
    """All stories of the demo, whose truth is what its pages were drawn from."""
    site = DemoSite()
    return [PlainPage(site.page(story.path, _BASE).body, story.url_on(_BASE), story.body) for story in site.stories]


def measure_made_up(name: str, sites: list[list[PlainPage]]) -> dict[str, Any]:
    """Figures over all pages of some made-up sites."""
    before, after = [], []
    for pages in sites:
        evidence = gather_evidence([(page.html, page.url) for page in pages])
        before += [measure_overlap(extract(page.html, page.url).body, page.body) for page in pages]
        after += [measure_overlap(extract(page.html, page.url, evidence=evidence).body, page.body) for page in pages]
    row: dict[str, Any] = {"set": name, "sites": len(sites), "pages": len(before)}
    row["changed"] = sum(a != b for a, b in zip(before, after, strict=True))
    for when, overlaps in (("before", before), ("after", after)):
        row[f"precision_{when}"] = fmean(o.precision for o in overlaps)
        row[f"recall_{when}"] = fmean(o.recall for o in overlaps)
        row[f"f1_{when}"] = harmonic_mean(row[f"precision_{when}"], row[f"recall_{when}"])
        row[f"exact_{when}"] = fmean(o.exact for o in overlaps)
    return row


def summarize_set(name: str, pairs: list[Pair]) -> dict[str, Any]:
    """Figures over the pages of a set that share a site with another page; sets without bodies by their snippets."""
    row: dict[str, Any] = {"set": name, "sites": len({pair.site for pair in pairs}), "pages": len(pairs)}
    row["changed"] = sum(bool(pair.lost) for pair in pairs)
    for when, scores in (("before", [p.before for p in pairs]), ("after", [p.after for p in pairs])):
        summary = summarize(scores)
        opening = summary["opening"]
        row[f"precision_{when}"] = summary["body_precision"]
        row[f"recall_{when}"] = summary["body_recall"]
        row[f"f1_{when}"] = opening if summary["body_f1"] is None else summary["body_f1"]
        row[f"exact_{when}"] = summary["exact"]
    return row


def format_figures(rows: list[dict[str, Any]]) -> str:
    """A Markdown table; `body F1` of a set whose truth is a body's opening is the share of openings found."""
    metrics = [f"{key}_{when}" for key in ("f1", "precision", "recall", "exact") for when in ("before", "after")]
    cells = [
        [row["set"], *(str(row[key]) for key in ("sites", "pages", "changed"))]
        + ["-" if row[metric] is None else f"{row[metric]:.4f}" for metric in metrics]
        for row in rows
    ]
    return format_rows(HEADER, cells)


def describe_changes(pairs: Iterable[Pair]) -> list[str]:
    lines = []
    for pair in pairs:
        if pair.lost:
            before, after = pair.before.loss("body"), pair.after.loss("body")
            told = f"{before:.3f} -> {after:.3f}" if before is not None and after is not None else "no body"
            lines.append(f"\n{pair.page.set_name}/{pair.page.id}  loss {told}  {pair.site}")
            lines += [f"  gone  {' '.join(paragraph.split())[:_SHOWN]}" for paragraph in pair.lost[:8]]
    return lines


if __name__ == "__main__":
    sys.exit(main())
