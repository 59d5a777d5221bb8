"""What else can go wrong with a crawl, by name: a disk that fills up, two runs at once, a clock set back, signals."""

from __future__ import annotations

import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite

from benchmarks.corpus_checks import Verdict, check_corpus, find_leftovers, read_records
from benchmarks.crawl_process import COMMAND, Crawl, crawl
from benchmarks.living_site import make_news
from benchmarks.shims import build_shim

FAILURES, BAD_USAGE = 1, 2
_SMALL_DISK = 3_000_000
_LARGEST_FILE = 400_000
_DAYS_BACK = 400
_MOST_RUNS = 6
_IN_FLIGHT = 20
"""Requests that may be under way when a run is told to stop, and are asked again by the next."""


@dataclass
class Scene:
    """A site, its server, and a folder for the corpus and the logs of its crawls."""

    site: DemoSite
    server: DemoServer
    folder: Path
    random: Random
    settings: dict[str, str] = field(default_factory=dict)
    runs: int = 0

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    def next_log(self) -> Path:
        """A new file for the next run's output."""
        self.runs += 1
        return self.folder / f"run-{self.runs:03}.log"

    def crawl(self, environment: dict[str, str] | None = None) -> Crawl:
        """A run that was left to finish."""
        return crawl(self.url, self.corpus, self.next_log(), settings=self.settings, environment=environment)

    def start(self, environment: dict[str, str] | None = None, settings: dict[str, str] | None = None) -> Crawl:
        """A run that is under way."""
        settings = self.settings if settings is None else settings
        return Crawl(self.url, self.corpus, self.next_log(), settings=settings, environment=environment)

    def vary(self) -> dict[str, str]:
        """Settings for the next run: files are sealed often or at its end, packed or not; archives are small or one."""
        choices = {
            "NEWSSCRAPER_SEAL_EVERY": ("5", "25", "1000"),
            "NEWSSCRAPER_SEAL_FORM": ("plain", "gz"),
            "NEWSSCRAPER_ARCHIVE": ("stories", "all"),
            "NEWSSCRAPER_ARCHIVE_MB": ("0", "1000", "1000"),
        }
        return {name: self.random.choice(values) for name, values in choices.items()} | self.settings

    def await_requests(self, run: Crawl, count: int) -> None:
        """Until the run has asked so much more, or ended."""
        seen = len(self.server.requests)
        while run.code is None and len(self.server.requests) - seen < count:
            time.sleep(0.005)

    def conclude(self, faults: list[str], figures: dict[str, int] | None = None) -> Verdict:
        """A last run to the end, and the corpus against the site."""
        run = self.crawl()
        if run.code != 0:
            faults.append(f"the run afterwards ended with {run.code}: {run.tell_end()}")
        verdict = check_corpus(self.corpus, self.site, self.url)
        verdict.violations[:0] = faults
        verdict.figures |= figures or {}
        return verdict


def fill_disk(scene: Scene) -> Verdict:
    """A disk with no room for the corpus: exit code 1, a message, nothing half-written; with room, it goes on."""
    with _small_disk(scene.corpus) as (how, enlarge, environment):
        print(f"  disk-full by {how}", file=sys.stderr)
        run = scene.start(environment) if how == "tmpfs" else _start_limited(scene)
        run.wait()
        text = run.log.read_text("utf-8", "replace")
        faults = find_leftovers(scene.corpus)
        if run.code != FAILURES:
            faults.append(f"a full disk ended the run with {run.code}, not {FAILURES}: {run.tell_end()}")
        if not re.search(r"no space|disk.{0,20}full|file too large|free some space", text, re.IGNORECASE):
            faults.append(f"the run does not say that the disk is full: {run.tell_end()}")
        if "Traceback" in text:
            faults.append(f"a trace instead of a message: {run.log}")
        kept = sum(1 for _ in read_records(scene.corpus, faults))
        enlarge()
        return scene.conclude(faults, {"lines when full": kept, "by tmpfs": int(how == "tmpfs")})


@contextmanager
def _small_disk(corpus: Path) -> Iterator[tuple[str, Callable[[], None], dict[str, str]]]:
    """How it is small, what gives it room, and what the run's environment needs."""
    corpus.mkdir()
    options = f"size={_SMALL_DISK}"
    mounted = shutil.which("mount") and not _call("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(corpus))
    if not mounted:
        yield f"RLIMIT_FSIZE (no tmpfs can be mounted here): files of at most {_LARGEST_FILE:,} bytes", lambda: None, {}
        return
    try:
        yield "tmpfs", lambda: _enlarge(corpus), {}
    finally:
        copy = corpus.with_name("corpus-of-the-small-disk")
        shutil.copytree(corpus, copy)
        _call("umount", str(corpus))
        corpus.rmdir()
        copy.rename(corpus)


def _enlarge(corpus: Path) -> None:
    if _call("mount", "-o", "remount,size=500m", str(corpus)):
        raise OSError(f"{corpus}: cannot be enlarged")


def _call(*words: str) -> int:
    return subprocess.run(words, capture_output=True, check=False).returncode


def _start_limited(scene: Scene) -> Crawl:
    """With small files only: writes beyond fail with EFBIG. (The limit is inherited, so this process takes it on.)"""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, before[1]))
    try:
        return scene.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def run_two(scene: Scene) -> Verdict:
    """A second run beside the first: refused with exit code 2 and a word on why; the first is not disturbed."""
    first = scene.start()
    scene.await_requests(first, 5)
    second = scene.crawl()
    faults = []
    if first.code is not None:
        faults.append("the first run had ended before the second was refused: give it more --stories or --latency")
    if second.code != BAD_USAGE:
        faults.append(f"the second run ended with {second.code}, not {BAD_USAGE}: {second.tell_end()}")
    text = second.log.read_text("utf-8", "replace")
    if "at work" not in text and "lock" not in text.casefold():
        faults.append(f"the second run does not say that there is a first: {second.tell_end()}")
    if "Traceback" in text:
        faults.append(f"a trace instead of a message: {second.log}")
    if first.wait() != 0:
        faults.append(f"the first run ended with {first.code}: {first.tell_end()}")
    return scene.conclude(faults)


def set_clock_back(scene: Scene) -> Verdict:
    """A run killed half-way with its clock a year and more ahead; the next, with the right one, waits for nothing."""
    ahead = timedelta(days=_DAYS_BACK)
    shim = build_shim("clock_shim", scene.folder)
    environment = {"LD_PRELOAD": str(shim), "CLOCK_SHIFT": str(int(ahead.total_seconds()))}
    run = scene.start(environment)
    scene.await_requests(run, len(scene.site.stories) // 2)
    faults = [] if run.kill() else ["the first run had ended before it was killed: give it more --stories"]
    begin = time.monotonic()
    verdict = scene.conclude(faults)
    verdict.figures |= {"days back": _DAYS_BACK, "seconds of the run after": round(time.monotonic() - begin)}
    before = verdict.figures["lines"]
    make_news(scene.site, scene.random)
    new = scene.site.publish(3, datetime.now(UTC))
    again = scene.conclude([])
    verdict.violations += again.violations
    if again.figures["lines"] < before + len(new):
        verdict.violations.append("new stories are not found once the clock is right")
    return verdict


def interrupt(scene: Scene, *, how: signal.Signals, group: bool) -> Verdict:
    """A run told to stop ends soon and clean; the next goes on where it stopped and asks nothing twice."""
    run = scene.start()
    scene.await_requests(run, len(scene.site.stories) // 3)
    faults = [] if run.code is None else ["the run had ended before it was told to stop: give it more --stories"]
    begin = time.monotonic()
    run.stop(how, group=group)
    run.wait(60)
    seconds = time.monotonic() - begin
    if (run.code or 0) < 0:
        faults.append(f"the run died of signal {-(run.code or 0)} instead of stopping")
    if "Traceback" in run.log.read_text("utf-8", "replace"):
        faults.append(f"a trace instead of an end: {run.log}")
    faults += find_leftovers(scene.corpus)
    kept = sum(1 for _ in read_records(scene.corpus, faults))
    if not kept:
        faults.append("nothing was sealed when the run was told to stop")
    verdict = scene.conclude(faults)
    twice = _count_repeated(scene)
    if twice > _IN_FLIGHT:
        verdict.violations.append(f"{twice} stories were asked for in both runs")
    return Verdict(
        verdict.figures | {"lines when stopped": kept, "asked twice": twice, "seconds to stop": round(seconds)},
        verdict.violations,
    )


def _count_repeated(scene: Scene) -> int:
    """Stories that were answered with their page more than once."""
    paths = {story.path for story in scene.site.stories}
    answered = Counter(request.path for request in scene.server.requests if request.status == 200)
    return sum(count > 1 for path, count in answered.items() if path in paths)


def kill_worker(scene: Scene) -> Verdict:
    """A page over which the process dies that reads it: set aside after three deaths, and nothing else is lost."""
    victim = next(story for story in scene.site.stories if story.template == "modern" and story.reach == "everywhere")
    environment = {"NEWSSCRAPER_TEST_KILL_ON": urlsplit(victim.path).path}
    faults: list[str] = []
    runs = [scene.crawl(environment)]
    while runs[-1].code != 0 and len(runs) < _MOST_RUNS:
        runs.append(scene.crawl(environment))
    verdict = check_corpus(scene.corpus, scene.site, scene.url)
    missing = [fault for fault in verdict.violations if fault.startswith(f"{victim.path}: no keys")]
    if not missing:
        faults.append("the page that kills was read all the same: the hook NEWSSCRAPER_TEST_KILL_ON is not there")
    faults += [fault for fault in verdict.violations if fault not in missing]
    asked = sum(urlsplit(request.path).path == urlsplit(victim.path).path for request in scene.server.requests)
    freed = subprocess.run(
        [*COMMAND[:-1], "ledger", "retry", "--corpus", str(scene.corpus)], capture_output=True, text=True, check=False
    )
    if freed.returncode:
        faults.append(f"ledger retry ended with {freed.returncode}: {freed.stderr.strip()}")
    return scene.conclude(faults, {"runs": len(runs), "times asked": asked})


SCENARIOS: dict[str, Callable[[Scene], Verdict]] = {
    "disk-full": fill_disk,
    "locked": run_two,
    "clock-back": set_clock_back,
    "sigterm": partial(interrupt, how=signal.SIGTERM, group=False),
    "sigint": partial(interrupt, how=signal.SIGINT, group=True),
    "worker-killer": kill_worker,
}
