"""How much memory a crawl takes that discovers a great many URLs: sitemaps of 50,000 each, all of them new stories."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path

from newsscraper_demo.site import DemoSite

from benchmarks.crawl_process import Crawl
from benchmarks.loopback import Answer, Answers, Loopback

PER_SITEMAP = 50_000
_STORY_LATENCY = 0.5
"""Seconds that each story page waits, so that the time goes into discovery."""
_PAUSE = 0.5
_LONGEST = 3600.0
_XML = "application/xml"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True)
class Discovery:
    """What a crawl took until it knew all."""

    urls: int
    seconds: float
    peak: int
    """Bytes of its process, at the most."""
    peak_of_all: int
    """Bytes of it and of those that it started, at the most, at one time."""
    ledger: int
    """Bytes of the ledger's file."""
    code: int
    """Exit code after it was told to stop."""


class SitemapAnswers:
    """A site of nothing but sitemaps and small stories."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._texts = [story.blocks for story in DemoSite().stories if story.language == "en"]

    def __call__(self, path: str, base: str) -> Answer:
        if path == "/robots.txt":
            return Answer(f"User-agent: *\nDisallow:\nSitemap: {base}/sitemap.xml\n".encode(), "text/plain")
        if path == "/sitemap.xml":
            numbers = range(-(-self._count // PER_SITEMAP))
            locs = "".join(f"<sitemap><loc>{base}/map-{number}.xml</loc></sitemap>" for number in numbers)
            return Answer(f"<sitemapindex xmlns='{_NAMESPACE}'>{locs}</sitemapindex>".encode(), _XML)
        if path.startswith("/map-"):
            return Answer(self._make_sitemap(int(path.removeprefix("/map-").removesuffix(".xml")), base), _XML)
        if path.startswith("/news/"):
            return Answer(self._make_story(path), latency=_STORY_LATENCY, counts=True)
        if path == "/":
            return Answer(b"<!DOCTYPE html><title>A site</title><p>Of sitemaps.</p>")
        return Answer(b"", status=404)

    def _make_story(self, path: str) -> bytes:
        number = int(path.rpartition("/")[2].partition("-")[0])
        text = "".join(f"<p>{escape(block.text)}</p>" for block in self._texts[number % len(self._texts)])
        title = f"What happened at the harbour on day {number}"
        return f"<!DOCTYPE html><title>{title}</title><body><article><h1>{title}</h1>{text}</article>".encode()

    def _make_sitemap(self, number: int, base: str) -> bytes:
        first = number * PER_SITEMAP
        urls = (
            f"<url><loc>{base}/news/2024/{1 + n % 12:02}/{1 + n % 28:02}/{n}-a-made-up-story-of-some-length</loc>"
            f"<lastmod>2024-{1 + n % 12:02}-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:00Z</lastmod></url>"
            for n in range(first, min(self._count, first + PER_SITEMAP))
        )
        return f"<urlset xmlns='{_NAMESPACE}'>{''.join(urls)}</urlset>".encode()


def make_sitemaps(count: int) -> Answers:
    return SitemapAnswers(count)


def measure_discovery(count: int, folder: Path, settings: dict[str, str], done: Callable[[], None]) -> Discovery:
    """Until the ledger knows `count` URLs; `done` is called for each sitemap's worth. Raises `TimeoutError`."""
    corpus = folder / "corpus"
    with Loopback(partial(make_sitemaps, count)) as server:
        run = Crawl(server.url, corpus, folder / "log.txt", settings=settings)
        found, peak, peak_of_all = 0, 0, 0
        while found < count and run.code is None:
            time.sleep(_PAUSE)
            if time.monotonic() - run.begun > _LONGEST:
                run.kill()
                raise TimeoutError(f"{found:,} of {count:,} URLs after {_LONGEST:g} s")
            own, every = _read_memory(run.pid)
            peak, peak_of_all = max(peak, own), max(peak_of_all, every)
            before, found = found, _count_urls(corpus)
            for _ in range(found // PER_SITEMAP - before // PER_SITEMAP):
                done()
        seconds = time.monotonic() - run.begun
        run.stop(signal.SIGTERM)
        code = run.wait(120)
    size = sum(file.stat().st_size for file in corpus.glob("ledger/*.sqlite"))
    return Discovery(found, seconds, peak, peak_of_all, size, code)


def _count_urls(corpus: Path) -> int:
    """Rows of the frontier; read beside the run that writes."""
    total = 0
    for file in corpus.glob("ledger/*.sqlite"):
        try:
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as ledger:
                total += ledger.execute("SELECT count(*) FROM frontier").fetchone()[0]
        except sqlite3.OperationalError:
            continue  # not made yet
    return total


def _read_memory(pid: int) -> tuple[int, int]:
    """Bytes resident: the most of the process so far, and now of all of its group (pages shared are counted twice)."""
    own = _read_status(pid, "VmHWM")
    group = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal() and _is_of(path, pid)]
    return own, sum(_read_status(each, "VmRSS") for each in group)


def _is_of(process: Path, group: int) -> bool:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[2]) == group
    except (OSError, IndexError):
        return False


def _read_status(pid: int, name: str) -> int:
    try:
        lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)
