"""How many requests runs of the made-up site take: the first, one at once after it, one after some news."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite

from benchmarks.corpus_checks import check_corpus, read_records
from benchmarks.crawl_process import crawl
from benchmarks.shims import build_shim

CHANGED, PUBLISHED = 10, 5
MOST_A_STORY = 1.3
MOST_AGAIN = 0.05
_LATER = timedelta(days=1)


@dataclass(frozen=True)
class Run:
    """One of the runs."""

    name: str
    requests: int
    not_modified: int
    lines: int
    """New ones."""
    second_versions: int
    seconds: float


@dataclass(frozen=True)
class Requests:
    """All runs, and what of the promises they break."""

    stories: int
    runs: list[Run]
    violations: list[str] = field(default_factory=list)


def measure_requests(stories: int, folder: Path, settings: dict[str, str], latency: float) -> Requests:
    """Three runs. For the last the clock of site and crawl has moved on by a day. Raises `ShimError`."""
    site = DemoSite(stories=stories)
    corpus = folder / "corpus"
    shim = build_shim("clock_shim", folder)
    later = {"LD_PRELOAD": str(shim), "CLOCK_SHIFT": str(int(_LATER.total_seconds()))}
    faults: list[str] = []
    with DemoServer(site, latency=latency) as server:

        def run(name: str, environment: dict[str, str] | None = None) -> Run:
            asked, before = len(server.requests), Counter(_list_versions(corpus))
            done = crawl(server.url, corpus, folder / f"{name}.log", settings=settings, environment=environment)
            if done.code != 0:
                faults.append(f"{name}: ended with {done.code}: {done.tell_end()}")
            new = Counter(_list_versions(corpus)) - before
            statuses = [request.status for request in server.requests[asked:]]
            begin, end = (server.requests[place].time for place in (asked, -1))
            second = sum(count for (_, version), count in new.items() if version == 2)
            return Run(name, len(statuses), statuses.count(304), new.total(), second, end - begin)

        first, again = run("first run"), run("second run")
        dated = [story.code for story in site.stories if story.reach in ("everywhere", "sitemap")]
        now = datetime.now(UTC) + _LATER - timedelta(minutes=5)
        site.change(dated[:: len(dated) // CHANGED][:CHANGED], now)
        site.publish(PUBLISHED, now)
        changed = run("after news", later)
        faults += check_corpus(corpus, site, server.url).violations
    return Requests(stories, [first, again, changed], judge(stories, first, again, changed) + faults)


def _list_versions(corpus: Path) -> list[tuple[str, int]]:
    return [(record["story_key"], record["version"]) for record in read_records(corpus, [])]


def judge(stories: int, first: Run, again: Run, changed: Run) -> list[str]:
    faults = []
    if first.lines != stories:
        faults.append(f"the first run wrote {first.lines} lines of {stories} stories")
    if first.requests > MOST_A_STORY * stories:
        faults.append(f"the first run took {first.requests / stories:.2f} requests a story, at most {MOST_A_STORY}")
    if again.lines:
        faults.append(f"the second run wrote {again.lines} lines")
    if again.requests > MOST_AGAIN * first.requests:
        faults.append(f"the second run took {again.requests / first.requests:.1%} of the first's requests")
    if again.not_modified < again.requests // 2:
        faults.append(f"in the second run {again.not_modified} of {again.requests} answers were 304")
    if (changed.lines, changed.second_versions) != (CHANGED + PUBLISHED, CHANGED):
        faults.append(f"after the news {changed.lines} lines, {changed.second_versions} of them second versions")
    return faults
