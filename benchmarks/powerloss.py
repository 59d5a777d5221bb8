"""Cut the power under crawls of the made-up site, and see whether anything is lost or doubled.

    python benchmarks/powerloss.py [--rounds 200] [--stories 500] [--seed 1] [--json FILE]

Each round a crawl is killed at a random moment, or comes to its end; a shim has written down what it did below the
corpus folder, and the folder is made anew as a disk might hold it: what was not synced is kept, lost or torn
(`powerloss_disk.py`). The next round goes on from there. What stands in sealed files after a power loss must stand
there for ever, and every line must lead to its page at once. Not covered: writes through a mapping, which is SQLite's
`-shm` file alone (it is dropped each time, as a power loss does; any other mapping counts as a fault), and a disk that
says it has synced what it has not. Needs Linux and a C compiler. Exit codes: 0 well, 1 a promise was broken, 2 it
cannot be measured here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite

from benchmarks.archive_checks import find_wrong_pages, sealed_archives
from benchmarks.arguments import at_least_one
from benchmarks.chaos import ENOUGH_FAULTS, format_verdict, judge_end
from benchmarks.chaos_scenarios import Scene
from benchmarks.corpus_checks import Verdict, check_corpus, find_repeats, read_lines, read_records, sealed_files
from benchmarks.crawl_process import leave_none_behind
from benchmarks.kill_moments import draw_moment, kill_at
from benchmarks.living_site import make_news
from benchmarks.powerloss_disk import MODES, Disk
from benchmarks.powerloss_log import read_log
from benchmarks.progress import progress
from benchmarks.shims import ShimError, build_shim

SHIM = "powerloss_shim"
UNMEASURED = 2
_ARCHIVE = "archive "


@dataclass
class Rounds:
    """What the rounds have shown so far."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    sure: set[str] = field(default_factory=set)
    """Digests of lines that stood in a sealed file after some power loss, and of sealed archives."""


def main(argv: list[str] | None = None) -> int:
    """All rounds, a last run to the end, the corpus against the site."""
    args = parse_arguments(argv)
    folder = Path(tempfile.mkdtemp(prefix="powerloss-", dir=args.folder)).resolve()
    try:
        shim = build_shim(SHIM, folder)
    except ShimError as fault:
        print(fault, file=sys.stderr)
        folder.rmdir()
        return UNMEASURED
    site = DemoSite(stories=args.stories)
    with DemoServer(site, latency=args.latency) as server:
        verdict = cut_often(Scene(site, server, folder, Random(args.seed), args.settings), shim, args.rounds)
    print(format_verdict("power loss", verdict))
    if args.json:
        found: dict[str, Any] = {"seed": args.seed, "figures": verdict.figures, "violations": verdict.violations}
        args.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if verdict.violations:
        print(f"  kept for a closer look: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Cut the power under crawls, and see whether anything is lost.")
    parser.add_argument("--rounds", type=at_least_one, default=200, metavar="N", help="in all (default: %(default)s)")
    parser.add_argument("--stories", type=at_least_one, default=500, metavar="N", help="on the site at first")
    parser.add_argument("--latency", type=float, default=0.01, metavar="S", help="seconds that each answer waits")
    parser.add_argument("--seed", type=int, default=1, help="of all that is random (default: %(default)s)")
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="NAME=VALUE", help="of each crawl"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where the corpus lies while it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args(argv)
    try:
        args.settings = dict(pair.split("=", 1) for pair in args.settings)
    except ValueError:
        parser.error("--set wants NAME=VALUE")
    return args


def cut_often(scene: Scene, shim: Path, rounds: int) -> Verdict:
    """So many power losses, one crawl with steady power, one more that must find nothing to do."""
    begin = time.monotonic()
    known = Rounds()
    scene.corpus.mkdir()
    with progress(rounds, "power losses") as done:
        for _ in range(rounds):
            cut_once(scene, shim, known)
            done()
            if len(known.faults) >= ENOUGH_FAULTS:
                break
    known.faults += judge_end(scene.crawl())
    lines = check_corpus(scene.corpus, scene.site, scene.url).figures["lines"]
    known.faults += judge_end(scene.crawl())
    verdict = check_corpus(scene.corpus, scene.site, scene.url)
    if verdict.figures["lines"] != lines:
        known.faults.append(
            f"a further run wrote {verdict.figures['lines'] - lines} lines although nothing had changed"
        )
    known.faults += compare_sealed(scene.corpus, known.sure, "at the end")
    verdict.violations[:0] = known.faults
    verdict.figures |= dict(sorted(known.counts.items()))
    verdict.figures |= {
        "sealed lines and archives followed": len(known.sure),
        "seconds": round(time.monotonic() - begin),
    }
    return verdict


def cut_once(scene: Scene, shim: Path, known: Rounds) -> None:
    """One round: a crawl under the shim, its end, and the folder as the disk may hold it."""
    before, log, after = (scene.folder / name for name in ("before", "changes.log", "after"))
    shutil.copytree(scene.corpus, before)
    environment = {"LD_PRELOAD": str(shim), "POWERLOSS_ROOT": str(scene.corpus), "POWERLOSS_LOG": str(log)}
    run = scene.start(environment, scene.vary())
    moment = draw_moment(scene.random)
    if kill_at(moment, run, scene.server, scene.corpus):
        known.counts[f"cut while {moment.kind}"] += 1
    else:
        known.counts["cut after the end"] += 1
        known.faults += judge_end(run)
        make_news(scene.site, scene.random)
    disk = Disk(before, scene.corpus)
    if log.exists():
        disk.replay(read_log(log))
    mode = scene.random.choice(MODES)
    after.mkdir()
    losses = disk.lose_power(after, scene.random, mode)
    known.counts["writes lost"] += losses.writes
    known.counts["names lost"] += losses.names
    known.faults += [f"written through a mapping, unseen: {path}" for path in sorted(disk.mapped)]
    shutil.rmtree(scene.corpus)
    after.rename(scene.corpus)
    shutil.rmtree(before)
    log.unlink(missing_ok=True)
    known.faults += compare_sealed(scene.corpus, known.sure, f"{run.log.stem}, {moment.kind}, {mode.name}")


def compare_sealed(corpus: Path, sure: set[str], when: str) -> list[str]:
    """Sealed files that are not whole, lines without their page, lines and archives that stood there and do not now.

    Takes in those that are new.
    """
    faults: list[str] = []
    records = list(read_records(corpus, faults))
    found = find_repeats(records)
    faults += find_wrong_pages(corpus, records, reads=False)
    now = {f"{_ARCHIVE}{_digest(path.read_bytes())}" for path in sealed_archives(corpus)}
    for path in sealed_files(corpus, "stories"):
        try:
            now |= {_digest(line) for line in read_lines(path)}
        except (ValueError, OSError, EOFError):
            continue  # told by `read_records`
    lost = sure - now
    archives = sum(each.startswith(_ARCHIVE) for each in lost)
    sure |= now
    faults += [each for each in found if "lines" in each]
    if len(lost) > archives:
        faults.append(f"{len(lost) - archives} lines are gone that stood in sealed files")
    if archives:
        faults.append(f"{archives} archives are gone, or changed, that had their names")
    return [f"{when}: {fault}" for fault in faults]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    leave_none_behind()
    sys.exit(main())
