"""robots.txt as sites answer it: moved, huge, broken, refused, late; and how long it holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from twisted.python.failure import Failure

from newsscraper.crawl.failures import RobotsUnreachable
from newsscraper.crawl.robots import RobotsMiddleware, robots_fetched
from newsscraper.crawl.robots_rules import MAX_BYTES
from tests.crawl.runs import run_scrapy
from tests.crawl.servers import dripping
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page

STORIES = ("/news/1001/ferry", "/news/1002/dredger")
PAGES = {path: story_page(f"The {path.rpartition('/')[2]} is late again") for path in STORIES}
FRONT = {"/": list_page(*STORIES)}
NO_DREDGER = "User-agent: *\nDisallow: /news/1002\n"
FAST = ("-s", "RETRY_TIMES=0", "-s", "NEWSSCRAPER_BACKOFF=0")


def moved(location: str) -> Reply:
    return Reply(status=302, headers={"Location": location})


def asked_of(folder: Path, robots: Mapping[str, Reply | str], *options: str) -> list[str]:
    with SmallSite(PAGES | FRONT | dict(robots)) as site:
        run_scrapy(folder, "crawl", "news", "-a", f"url={site.url}", *FAST, *options)
    return site.asked


def test_redirects_are_followed_to_other_hosts_whose_rules_hold_here(tmp_path: Path) -> None:
    with SmallSite({"/rules.txt": NO_DREDGER}) as other:
        asked = asked_of(tmp_path, {"/robots.txt": moved("/1"), "/1": moved(f"{other.url}rules.txt")})
    assert "/news/1001/ferry" in asked
    assert "/news/1002/dredger" not in asked
    assert other.asked == ["/rules.txt"]


@pytest.mark.parametrize(("hops", "is_read"), [(5, True), (6, False)])
def test_five_redirects_and_no_more(tmp_path: Path, hops: int, is_read: bool) -> None:
    chain = {f"/{number}": moved(f"/{number + 1}") for number in range(1, hops)}
    asked = asked_of(tmp_path, {"/robots.txt": moved("/1"), **chain, f"/{hops}": NO_DREDGER})
    assert (f"/{hops}" in asked) is is_read
    assert ("/news/1002/dredger" not in asked) is is_read


def test_a_redirect_into_the_network_that_we_are_in_is_not_followed(tmp_path: Path) -> None:
    with SmallSite({"/rules.txt": NO_DREDGER}) as inside:
        location = inside.url.replace("127.0.0.1", "127.0.0.2")
        asked = asked_of(tmp_path, {"/robots.txt": moved(f"{location}rules.txt")})
    assert (asked, inside.asked) == (["/robots.txt"], [])


def test_of_five_megabytes_the_beginning_holds(tmp_path: Path) -> None:
    body = NO_DREDGER + "# padding to fill a line of this file\n" * 140_000 + "Disallow: /news/1001\n"
    assert len(body) > 5_000_000
    asked = asked_of(tmp_path, {"/robots.txt": body}, "-s", "DOWNLOAD_MAXSIZE=1000000")
    assert "/news/1001/ferry" in asked
    assert "/news/1002/dredger" not in asked


def test_one_without_an_end_is_read_as_far_as_the_limit(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /\n"
    with dripping(head, b"# more\n" * 10_000, 0.001) as address:
        run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url=http://{address}/", *FAST)
    assert run.report["counts"]["robots"] == len(["/", "/sitemap.xml"])


@pytest.mark.parametrize(
    ("reply", "goes_on"),
    [
        (Reply(NO_DREDGER, status=503), False),
        (Reply(NO_DREDGER, status=500), False),
        (Reply(NO_DREDGER, status=429), False),
        (Reply(NO_DREDGER, status=403), True),
        (Reply(NO_DREDGER, status=404), True),
        (Reply("<title>Just a moment...</title><p>Checking your browser</p>"), True),
    ],
)
def test_what_cannot_be_had_says_no_and_what_is_not_there_says_nothing(
    tmp_path: Path, reply: Reply, goes_on: bool
) -> None:
    asked = set(asked_of(tmp_path, {"/robots.txt": reply}))
    assert asked == ({"/robots.txt", "/sitemap.xml", "/", *STORIES} if goes_on else {"/robots.txt"})


def test_one_that_comes_too_late_says_no(tmp_path: Path) -> None:
    def reply(path: str) -> Reply | str | None:
        if path == "/robots.txt":
            time.sleep(0.4)
        return (PAGES | FRONT).get(path)

    with SmallSite(reply) as site:
        run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={site.url}", *FAST, "-s", "DOWNLOAD_TIMEOUT=0.2")
    assert site.asked == ["/robots.txt"]
    assert run.report["counts"]["failed:timeout"] == 1


class Host:
    """What stands behind the middleware: answers, a clock, and a count of what was asked."""

    def __init__(self, *answers: Response | Exception, hours: float = 24.0) -> None:
        self.now = 0.0
        self.answers = list(answers)
        self.asked = 0
        self.archived: list[int] = []
        self._signals = SignalManager(self)
        settings = Settings(
            {"ROBOTSTXT_OBEY": True, "ROBOTSTXT_USER_AGENT": "newsscraper", "NEWSSCRAPER_ROBOTS_HOURS": hours}
        )
        crawler: Any = SimpleNamespace(
            settings=settings, engine=self, signals=self._signals, stats=SimpleNamespace(inc_value=lambda _: None)
        )
        crawler.signals.connect(self.archive, robots_fetched)
        self.middleware = RobotsMiddleware(crawler, clock=lambda: self.now)

    def archive(self, response: Response) -> None:
        self.archived.append(response.status)

    def receive(self, data: bytes, request: Request) -> object:
        """What the middleware makes of bytes that come for `request`: None, or what it raises."""
        ((_, result),) = self._signals.send_catch_log(
            signals.bytes_received, data=data, request=request, dont_log=StopDownload
        )
        return result.value if isinstance(result, Failure) else result

    async def download_async(self, request: Request) -> Response:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def allows(self, url: str = "https://a.example/x") -> bool:
        try:
            asyncio.run(self.middleware.process_request(Request(url)))
        except RobotsUnreachable:
            raise
        except IgnoreRequest:
            return False
        return True


def robots(text: str, cache_control: str = "", status: int = 200) -> Response:
    headers = {"Cache-Control": cache_control} if cache_control else {}
    return Response("https://a.example/robots.txt", status=status, headers=headers, body=text.encode())


ALL, NONE = "User-agent: *\nAllow: /\n", "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("", 24 * 3600),
        ("max-age=7200", 7200),
        ("public, max-age = 7200", 7200),
        ("max-age=9999999", 24 * 3600),
        ("max-age=1", 600),
        ("no-store", 600),
    ],
)
def test_it_is_asked_again_when_its_time_is_over(cache_control: str, seconds: float) -> None:
    host = Host(robots(ALL, cache_control), robots(NONE))
    assert host.allows()
    host.now = seconds - 1
    assert host.allows()
    host.now = seconds
    assert not host.allows()
    assert host.asked == 2


@pytest.mark.parametrize("failure", [robots(ALL, status=503), OSError("gone")])
def test_rules_that_are_known_hold_on_while_the_host_cannot_answer(failure: Response | Exception) -> None:
    host = Host(robots(NONE), failure, robots(ALL))
    assert not host.allows()
    host.now = 24 * 3600
    assert not host.allows()
    host.now += 600
    assert host.allows()


def test_one_that_could_not_be_had_is_asked_for_again_later() -> None:
    host = Host(OSError("gone"), robots(ALL))
    for now in (0, 599):
        host.now = now
        with pytest.raises(RobotsUnreachable):
            host.allows()
    host.now = 600
    assert host.allows()
    assert host.asked == 2


def test_each_scheme_and_port_has_its_own() -> None:
    host = Host(robots(NONE), robots(ALL))
    assert not host.allows("https://a.example/x")
    assert host.allows("http://a.example/x")
    assert host.allows("https://a.example:8443/x")
    assert not host.allows("https://a.example/y")
    assert host.asked == 3


def test_many_requests_at_once_ask_for_it_once() -> None:
    host = Host(robots(ALL))

    async def ask(url: str) -> None:
        await host.middleware.process_request(Request(url))

    async def ask_all() -> None:
        await asyncio.gather(*(ask(f"https://a.example/{number}") for number in range(5)))

    asyncio.run(ask_all())
    assert host.asked == 1


def test_what_came_of_an_attempt_that_failed_does_not_count_against_the_next() -> None:
    host = Host(robots(ALL))
    asked: list[Request] = []

    async def download(request: Request) -> Response:
        asked.append(request)
        return robots(ALL)

    host.download_async = download  # type: ignore[method-assign]
    assert host.allows()
    half = b"#" * (MAX_BYTES // 2 + 1)
    (first,) = asked
    assert host.receive(half, first) is None
    again = first.copy()
    assert host.receive(half, again) is None
    assert isinstance(host.receive(half, again), StopDownload)


def test_whoever_archives_is_shown_what_came() -> None:
    host = Host(robots("", status=404))
    assert host.allows()
    assert host.archived == [404]
