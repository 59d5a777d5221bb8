"""Kill crawls of the made-up site at random moments, and see whether anything is lost or doubled.

    python benchmarks/chaos.py [--kills 100] [--stories 500] [--seed 1] [--json FILE]
    python benchmarks/chaos.py --scenario disk-full --scenario locked

A crawl in a process group of its own is killed with `kill -9` while it starts, fetches, stops or seals; whenever it
comes to its end before that, the site changes some stories and publishes others, so that there is always something to
lose. Then it is left to finish. Exit codes: 0 well, 1 a promise was broken, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite

from benchmarks.arguments import at_least_one
from benchmarks.chaos_scenarios import SCENARIOS, Scene
from benchmarks.corpus_checks import Verdict, check_corpus
from benchmarks.crawl_process import Crawl, leave_none_behind
from benchmarks.kill_moments import KINDS, draw_moment, kill_at
from benchmarks.living_site import make_news
from benchmarks.progress import progress

KILLS = "kills"
ENOUGH_FAULTS = 5
"""Runs that end badly by themselves, after which there is no point in killing more."""


def main(argv: list[str] | None = None) -> int:
    """Run the scenarios one by one, say what came of each, and whether all is well."""
    args = parse_arguments(argv)
    results: dict[str, Verdict] = {}
    for name in args.scenarios:
        folder = Path(tempfile.mkdtemp(prefix=f"chaos-{name}-", dir=args.folder))
        results[name] = run_scenario(name, folder, args)
        print(format_verdict(name, results[name]), flush=True)
        if results[name].violations:
            print(f"  kept for a closer look: {folder}")
        else:
            shutil.rmtree(folder)
    if args.json:
        args.json.write_text(json.dumps(as_json(results, args), indent=1) + "\n", encoding="utf-8")
    return 1 if any(verdict.violations for verdict in results.values()) else 0


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Kill crawls, and see whether anything is lost or doubled.")
    parser.add_argument("--kills", type=at_least_one, default=100, metavar="N", help="in all (default: %(default)s)")
    parser.add_argument("--stories", type=at_least_one, default=500, metavar="N", help="on the site at first")
    parser.add_argument("--latency", type=float, default=0.01, metavar="S", help="seconds that each answer waits")
    parser.add_argument("--seed", type=int, default=1, help="of all that is random (default: %(default)s)")
    parser.add_argument(
        "--scenario",
        dest="scenarios",
        action="append",
        choices=[KILLS, *SCENARIOS],
        help=f"again for more; {KILLS} unless given",
    )
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="NAME=VALUE", help="for each crawl"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where the corpora lie while it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args(argv)
    args.scenarios = args.scenarios or [KILLS]
    try:
        args.settings = dict(pair.split("=", 1) for pair in args.settings)
    except ValueError:
        parser.error("--set wants NAME=VALUE")
    return args


def run_scenario(name: str, folder: Path, args: argparse.Namespace) -> Verdict:
    """One of them on a site of its own."""
    site = DemoSite(stories=args.stories)
    run: Callable[[Scene], Verdict] = (
        SCENARIOS[name] if name in SCENARIOS else lambda scene: kill_often(scene, args.kills)
    )
    with DemoServer(site, latency=args.latency) as server:
        return run(Scene(site, server, folder, Random(args.seed), args.settings))


def kill_often(scene: Scene, kills: int) -> Verdict:
    """Crawls killed until there are so many kills; one that finishes; one more that must find nothing to do."""
    begin = time.monotonic()
    counts: Counter[str] = Counter()
    faults: list[str] = []
    with progress(kills, "kills") as done:
        while sum(counts[kind] for kind in KINDS) < kills and len(faults) < ENOUGH_FAULTS:
            moment = draw_moment(scene.random)
            run = scene.start(settings=scene.vary())
            if kill_at(moment, run, scene.server, scene.corpus):
                counts[moment.kind] += 1
                done()
            else:
                counts["ended by themselves"] += 1
                faults += judge_end(run)
                make_news(scene.site, scene.random)
    faults += judge_end(scene.crawl())
    lines = check_corpus(scene.corpus, scene.site, scene.url).figures["lines"]
    faults += judge_end(scene.crawl())
    verdict = check_corpus(scene.corpus, scene.site, scene.url)
    if verdict.figures["lines"] != lines:
        faults.append(f"a further run wrote {verdict.figures['lines'] - lines} lines although nothing had changed")
    verdict.violations[:0] = faults
    verdict.figures |= {f"killed {kind}" if kind in KINDS else kind: counts[kind] for kind in sorted(counts)}
    verdict.figures |= {"requests": len(scene.server.requests), "seconds": round(time.monotonic() - begin)}
    return verdict


def judge_end(run: Crawl) -> list[str]:
    """A run that nobody killed ends well, and without a trace of something unforeseen; cut short, with 1."""
    text = run.log.read_text("utf-8", "replace")
    if run.code not in ((0, 1, None) if run.was_stopped else (0, None)):
        return [f"a run that was left alone ended with {run.code}: {run.tell_end()}"]
    return [f"unforeseen: {run.log}"] if "Traceback" in text else []


def format_verdict(name: str, verdict: Verdict) -> str:
    shown = [f"{name}: {'broken' if verdict.violations else 'kept'}"]
    shown += [f"  {label.replace('_', ' ')}: {figure:,}" for label, figure in verdict.figures.items()]
    shown += [f"  BROKEN: {violation}" for violation in verdict.violations[:20]]
    if len(verdict.violations) > 20:
        shown.append(f"  ... and {len(verdict.violations) - 20} more")
    return "\n".join(shown)


def as_json(results: dict[str, Verdict], args: argparse.Namespace) -> dict[str, Any]:
    return {
        "seed": args.seed,
        "stories": args.stories,
        "scenarios": {name: {"figures": v.figures, "violations": v.violations} for name, v in results.items()},
    }


if __name__ == "__main__":
    leave_none_behind()
    sys.exit(main())
