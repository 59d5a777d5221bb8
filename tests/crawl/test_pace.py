"""How fast a server is really asked, by its own log; and that it is left alone where it says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import Headers

from newsscraper.crawl.polite_backoff import Rests, read_retry_after
from tests.crawl.runs import run_python, run_scrapy
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page

STORIES = tuple(f"/news/{number}/story" for number in range(1001, 1005))
PAGES: dict[str, Reply | str] = {path: story_page(f"The ferry {path} is late again") for path in STORIES}
PAGES["/"] = list_page(*STORIES)
NEWEST = STORIES[-1]
"""What is asked first."""
DELAY = 0.2
DELAYED = f"User-agent: *\nCrawl-delay: {DELAY}\n"
EIGHT = {"CONCURRENT_REQUESTS_PER_DOMAIN": 8}


class Watched:
    """A small site that notes when it was asked for what."""

    def __init__(self, robots: str = "", reply: Callable[[str], Reply | str | None] | None = None) -> None:
        self._robots = robots
        self._reply = reply
        self.log: list[tuple[float, str]] = []

    def __call__(self, path: str) -> Reply | str | None:
        self.log.append((time.monotonic(), path))
        if path == "/robots.txt":
            return self._robots
        return (self._reply and self._reply(path)) or PAGES.get(path)

    @property
    def gaps(self) -> list[float]:
        return [later - earlier for (earlier, _), (later, _) in pairwise(self.log)]

    def times(self, path: str) -> list[float]:
        return [at for at, each in self.log if each == path]


CRAWL = """
from pathlib import Path
from newsscraper.crawl.run import crawl
crawl({targets!r}, corpus=Path("corpus"), quiet=True, settings={settings!r})
"""


def test_a_crawl_delay_is_kept_with_eight_slots_and_hosts_run_side_by_side(tmp_path: Path) -> None:
    first, second = Watched(DELAYED), Watched("User-agent: *\nRequest-rate: 5/1s\n")
    with SmallSite(first) as one, SmallSite(second) as two:
        stand_ins = {"one.example": one.address, "two.example": two.address}
        settings = EIGHT | {"NEWSSCRAPER_RESOLVE": stand_ins}
        targets = [f"http://{name}/" for name in stand_ins]
        run = run_python(tmp_path, CRAWL.format(targets=targets, settings=settings))
    assert (run.code, run.log) == (0, "")
    for site in (first, second):
        assert {path for _, path in site.log} >= set(STORIES)
        assert min(site.gaps) >= DELAY
    assert first.log[0][0] < second.log[-1][0]
    assert second.log[0][0] < first.log[-1][0]


def test_one_run_over_two_hosts_keeps_the_delay_of_each(tmp_path: Path) -> None:
    slow, fast = Watched(DELAYED), Watched()
    with SmallSite(slow) as one, SmallSite(fast) as two:
        (tmp_path / "list.txt").write_text(
            "".join(f"http://{host}{path}\n" for host in ("one.example", "two.example") for path in STORIES)
        )
        stand_ins = f'{{"one.example": "{one.address}", "two.example": "{two.address}"}}'
        run = run_scrapy(
            tmp_path, "crawl", "news", "-a", "urls=list.txt", "-s", f"NEWSSCRAPER_RESOLVE={stand_ins}",
            "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8",
        )  # fmt: skip
    assert run.code == 0
    assert len(slow.log) == len(fast.log) == 1 + len(STORIES)
    assert min(slow.gaps) >= DELAY
    assert fast.log[-1][0] < slow.log[-1][0]


def crawl_flaky(folder: Path, flaky: Reply, *options: str, times: int = 1) -> tuple[Watched, dict[str, int]]:
    """A crawl of a site that answers `flaky` for one story so many times."""
    left = [times]

    def reply(path: str) -> Reply | None:
        if path == NEWEST and left[0]:
            left[0] -= 1
            return flaky
        return None

    site = Watched(reply=reply)
    with SmallSite(site) as small:
        settings = [part for option in options for part in ("-s", option)]
        run = run_scrapy(folder, "crawl", "news", "-a", f"url={small.url}", *settings)
    return site, run.report["counts"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_says_for_how_long_is_left_alone_and_asked_again(tmp_path: Path, status: int) -> None:
    site, counts = crawl_flaky(tmp_path, Reply(status=status, headers={"Retry-After": "1"}), "DOWNLOAD_DELAY=0.01")
    refused, again = site.times(NEWEST)
    assert again - refused >= 1
    # Those already on their way could not be held back; nothing else was sent.
    assert all(not 0.5 < at - refused < 0.95 for at, _ in site.log)
    assert counts["new"] == len(STORIES)
    assert not [name for name in counts if name.startswith(("failed", "refused"))]


def test_a_host_that_does_not_say_is_left_alone_for_longer_each_time(tmp_path: Path) -> None:
    site, counts = crawl_flaky(tmp_path, Reply(status=429), "NEWSSCRAPER_BACKOFF=0.2", times=9)
    first, second, third = site.times(NEWEST)
    assert second - first >= 0.2
    assert third - second >= 0.4
    assert counts["refused:http_429"] == 1
    assert counts["new"] == len(STORIES) - 1


def test_one_that_wants_to_be_left_alone_for_longer_than_a_run_waits_is_not_asked_again(tmp_path: Path) -> None:
    # Without any delay Scrapy sends what stands in line all at once.
    one_by_one = ("DOWNLOAD_DELAY=0.1", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    site, counts = crawl_flaky(tmp_path, Reply(status=503, headers={"Retry-After": "3600"}), *one_by_one, times=9)
    assert len(site.times(NEWEST)) == 1
    (at,) = site.times(NEWEST)
    assert [path for later, path in site.log if later > at] == []
    assert counts["failed:http_503"] == 1
    assert counts["failed:host_resting"] >= 1


PLAIN = """
from scrapy import Spider
class Plain(Spider):
    name = "plain"
    start_urls = [{url!r}]
    def parse(self, response):
        yield {{"url": response.url}}
"""


def test_another_spider_of_a_project_asks_again_as_scrapy_does(tmp_path: Path) -> None:
    busy = [Reply(status=503, headers={"Retry-After": "20"})]
    site = Watched(reply=lambda path: busy.pop() if path == "/" and busy else None)
    addon = 'ADDONS = {"newsscraper.crawl.addon.NewsscraperAddon": 500}\n'
    (tmp_path / "own_settings.py").write_text(addon + 'SPIDER_MODULES = ["own_spiders"]\nDOWNLOAD_DELAY = 0\n')
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = own_settings\n")
    with SmallSite(site) as small:
        (tmp_path / "own_spiders.py").write_text(PLAIN.format(url=small.url))
        run = run_scrapy(tmp_path, "crawl", "plain", "-O", "out.jsonl")
    assert run.code == 0
    first, again = site.times("/")
    assert again - first < 10
    assert len(run.lines) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": " 7 "}, 7),
        ({"Retry-After": "-7"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "9" * 400}, 999_999_999),
        ({"Retry-After": "Tue, 05 Mar 2024 10:01:00 GMT", "Date": "Tue, 05 Mar 2024 10:00:00 GMT"}, 60),
        ({"Retry-After": "Tue, 05 Mar 2024 09:00:00 GMT", "Date": "Tue, 05 Mar 2024 10:00:00 GMT"}, 0),
        ({"Retry-After": "Tue, 99 Mar 2024 09:00:00 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert read_retry_after(Headers(headers)) == seconds


def test_a_date_counts_from_now_where_the_answer_has_none() -> None:
    told = read_retry_after(Headers({"Retry-After": formatdate(time.time() + 100, usegmt=True)}))
    assert told is not None
    assert 95 <= told <= 100


def test_answers_to_what_was_sent_before_a_rest_make_it_no_longer() -> None:
    rests = Rests(5.0)
    assert rests.begin("a", None, sent=0, now=1) == 5
    assert rests.begin("a", None, sent=0.5, now=2) == 4
    assert rests.begin("a", None, sent=6, now=7) == 10
    assert rests.left("a", 7) == 10
    assert rests.left("b", 7) == 0


def test_a_host_that_answers_again_is_forgiven() -> None:
    rests = Rests(5.0)
    rests.begin("a", None, sent=0, now=1)
    rests.forgive("a", sent=2)
    assert rests.left("a", 2) == 4
    rests.forgive("a", sent=6)
    assert rests.begin("a", None, sent=7, now=8) == 5


def test_what_a_host_says_counts_and_not_what_we_would_have_waited() -> None:
    rests = Rests(5.0)
    assert rests.begin("a", 2.0, sent=0, now=0) == 2
    assert rests.begin("a", 60.0, sent=0, now=1) == 60
