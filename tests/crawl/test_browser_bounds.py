"""When a page is drawn, what bounds it, and what is said where there is no browser: without one."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager

from newsscraper.crawl.browser import Browser, BrowserFailed, RunEnds, open_browser
from newsscraper.crawl.browser_launch import check_browser, driver_settings
from newsscraper.crawl.browser_requests import PageRequests, Scripts
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.failures import LeftSite
from newsscraper.crawl.middlewares import SiteMiddleware
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.scope import Scope
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.target import Target
from newsscraper.errors import InputError
from newsscraper.sites.profile import Drawing, Profile
from tests.crawl.runs import run_scrapy

URL = "https://tidings.example/news/1"
ANSWER = Answer(
    url=URL,
    asked_url=URL,
    status=200,
    body=b"",
    content_type="text/html",
    fetched_at="2026-03-05T10:00:00Z",
    etag='"1"',
)
STORY = Found(url=URL, kind="story")


class Stats:
    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def inc_value(self, name: str) -> None:
        name = name.removeprefix("newsscraper/browser/")
        self.counts[name] = self.counts.get(name, 0) + 1


def crawler_with(download: Callable[..., Any] | None = None, **settings: Any) -> Any:
    given = Settings({"USER_AGENT": "newsscraper/1", "DOWNLOAD_MAXSIZE": 100} | settings)
    engine = SimpleNamespace(download_async=download)
    return SimpleNamespace(settings=given, stats=Stats(), engine=engine, signals=SignalManager(), crawling=True)


def browser_of(facts: Drawing, show: Callable[..., Any] | None = None, **settings: Any) -> Browser:
    profile = Profile(name="tidings", hosts=("tidings.example",), browser=facts)
    target = Target(start=(STORY,), scope=Scope.of([URL], profile), profile_of=lambda _: profile)
    browser = Browser(crawler_with(**settings), target, "/bin/chromium")
    browser._handler = SimpleNamespace(download_request=show)  # type: ignore[assignment] # stands for the driver
    return browser


class Page:
    """What Playwright hands out of a page, as far as it is used."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.closed = False
        self.context = SimpleNamespace(close=self.close)

    async def close(self) -> None:
        self.closed = True

    async def wait_for_selector(self, *_: Any, **__: Any) -> None:
        return

    async def content(self) -> str:
        return self.html


@pytest.mark.parametrize(
    ("draw", "outcome", "found", "helps"),
    [
        (True, Outcome(kind="listing", reason="empty"), STORY, True),
        (True, Outcome(kind="listing", reason="empty"), Found(url=URL), True),
        (True, Outcome(kind="listing", reason="no_text"), STORY, True),
        (True, Outcome(kind="listing", reason="no_text"), Found(url=URL, entrance=True), True),
        (True, Outcome(kind="listing", reason="no_text", found=(STORY,)), Found(url=URL), False),
        (True, Outcome(kind="listing", reason="listing"), STORY, False),
        (True, Outcome(kind="listing", reason="bot_wall"), STORY, False),
        (True, Outcome(kind="listing", reason="consent_wall"), STORY, False),
        (True, Outcome(kind="story"), STORY, False),
        (False, Outcome(kind="listing", reason="empty"), STORY, False),
    ],
)
def test_only_what_has_no_text_is_drawn_and_only_where_the_profile_says_so(
    draw: bool, outcome: Outcome, found: Found, helps: bool
) -> None:
    assert browser_of(Drawing(draw=draw)).may_help(outcome, ANSWER, found) is helps


def draw(html: str, **settings: Any) -> tuple[Answer | BrowserFailed, Page]:
    page = Page(html)

    async def show(request: Any) -> None:
        request.meta["playwright_page"] = page

    async def run() -> Answer | BrowserFailed:
        try:
            return await browser_of(Drawing(draw=True, wait_for="p"), show, **settings).draw(ANSWER)
        except BrowserFailed as fault:
            return fault

    return asyncio.run(run()), page


def test_a_drawn_page_takes_the_place_of_its_shell_and_nothing_of_it_is_kept() -> None:
    drawn, page = draw("<p>چاپ</p>")
    assert drawn == dataclasses.replace(
        ANSWER, body="<p>چاپ</p>".encode(), content_type="text/html; charset=utf-8", etag=None
    )
    assert page.closed


def test_a_page_that_grows_beyond_the_bound_of_an_answer_is_not_read() -> None:
    drawn, page = draw("<p>" + "x" * 200)
    assert "203 bytes when drawn" in str(drawn)
    assert page.closed


def test_a_page_that_is_never_done_ends_with_its_time() -> None:
    async def run() -> None:
        browser = browser_of(Drawing(draw=True), lambda _: asyncio.Event().wait(), NEWSSCRAPER_BROWSER_SECONDS=0.01)
        with pytest.raises(BrowserFailed, match=r"not drawn after 0\.01 s"):
            await browser.draw(ANSWER)
        assert not browser.is_busy

    asyncio.run(run())


def test_pages_that_wait_when_the_run_is_told_to_end_are_left_to_the_next() -> None:
    begun: list[Any] = []

    async def run() -> None:
        done = asyncio.Event()

        async def show(request: Any) -> None:
            begun.append(request)
            await done.wait()
            request.meta["playwright_page"] = Page("<p>")

        browser = browser_of(Drawing(draw=True, wait_for="p"), show)
        drawing = [asyncio.create_task(browser.draw(ANSWER)) for _ in range(5)]
        await asyncio.sleep(0)
        browser._crawler.crawling = False
        done.set()
        ended = await asyncio.gather(*drawing, return_exceptions=True)
        assert [type(each) for each in ended] == [Answer, Answer, RunEnds, RunEnds, RunEnds]

    asyncio.run(run())
    assert len(begun) == 2


def test_whatever_the_driver_raises_is_told_in_one_line() -> None:
    async def crash(_: Any) -> None:
        raise RuntimeError("Page crashed\n  at frame 7")

    with pytest.raises(BrowserFailed, match=r"^Page crashed at frame 7$"):
        asyncio.run(browser_of(Drawing(draw=True), crash).draw(ANSWER))


class Route:
    def __init__(self) -> None:
        self.said: list[Any] = []

    async def fulfill(self, **given: Any) -> None:
        self.said.append((given["status"], given["body"]))

    async def abort(self, how: str) -> None:
        self.said.append(how)


def ask(
    requests: PageRequests,
    path: str,
    kind: str = "fetch",
    *,
    navigates: bool = False,
    host: str = "tidings.example",
) -> Any:
    asked = SimpleNamespace(
        url=f"https://{host}{path}",
        resource_type=kind,
        method="GET",
        headers={"accept": "*/*", "sec-ch-ua": '"Chromium"', "origin": "https://tidings.example"},
        is_navigation_request=lambda: navigates,
    )
    route = Route()
    asyncio.run(requests.handle(route, asked))  # type: ignore[arg-type] # what Playwright would hand over
    (said,) = route.said
    return said


def test_the_scripts_of_a_page_may_ask_so_often_and_each_script_is_asked_once() -> None:
    sent: list[Any] = []

    async def download(request: Any) -> Response:
        sent.append(request)
        return Response(request.url, body=b"1", headers={"Content-Encoding": "gzip", "Set-Cookie": "a=1"})

    crawler, scripts = crawler_with(download), Scripts()

    def page() -> PageRequests:
        return PageRequests(crawler, ANSWER, scripts, owns=lambda _: True, hosts=(), most=2)

    first = page()
    assert ask(first, "/news/1", "document", navigates=True) == (200, b"")
    assert ask(first, "/app.js", "script") == (200, b"1")
    assert ask(first, "/api/1") == (200, b"1")
    assert ask(first, "/api/2") == "failed"
    assert ask(first, "/app.js", "script") == (200, b"1")
    assert ask(first, "/elsewhere", "document", navigates=True) == "aborted"
    assert ask(page(), "/app.js", "script") == (200, b"1")
    assert [request.url.rpartition("example")[2] for request in sent] == ["/app.js", "/api/1"]
    assert {name for request in sent for name in request.headers} == {b"Accept", b"Origin"}
    assert crawler.stats.counts == {"requests": 2, "refused/number": 1, "refused/kind": 1}


@pytest.mark.parametrize(
    ("asked", "to", "is_led"),
    [
        ("static.example", "static.example", True),
        ("static.example", "two.static.example", True),
        ("static.example", "tidings.example", True),
        ("tidings.example", "static.example", True),
        ("static.example", "other.example", False),
        ("static.example", "notstatic.example", False),
        ("tidings.example", "other.example", False),
    ],
)
def test_scripts_are_led_from_and_to_hosts_that_the_profile_names_and_no_others(
    asked: str, to: str, is_led: bool
) -> None:
    profile = Profile(name="tidings", hosts=("tidings.example",))
    spider = NewsSpider.__new__(NewsSpider)
    spider.target = Target(start=(STORY,), scope=Scope.of([URL], profile), profile_of=lambda _: profile)
    crawler = crawler_with()
    crawler.spider = spider
    site = SiteMiddleware.from_crawler(crawler)
    led: list[bool] = []

    async def download(request: Any) -> Response:
        site.process_request(request)
        redirected = request.replace(url=f"https://{to}/data.json")
        redirected.meta["redirect_urls"] = [request.url]
        try:
            site.process_request(redirected)
        except LeftSite:
            led.append(False)
            raise
        led.append(True)
        return Response(redirected.url)

    crawler.engine.download_async = download
    hosts = ("static.example",)
    ask(PageRequests(crawler, ANSWER, Scripts(), owns=spider.target.scope.owns, hosts=hosts, most=1), "/", host=asked)
    assert led == [is_led]


def test_no_browser_is_opened_where_no_profile_asks_for_one() -> None:
    profile = Profile(name="tidings", hosts=("tidings.example",))
    target = Target(start=(STORY,), scope=Scope.of([URL], profile), profile_of=lambda _: profile)
    assert open_browser(crawler_with(NEWSSCRAPER_BROWSER="/nowhere/chromium"), target) is None


def test_a_browser_that_is_not_there_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "tidings.toml").write_text(
        'hosts = ["127.0.0.1"]\nstart_urls = ["http://127.0.0.1:9/"]\n[browser]\ndraw = true\n[evidence]\n'
        + "".join(f'{key} = {{ seen_live = true, source = "x" }}\n' for key in ("hosts", "start_urls", "browser"))
    )
    run = run_scrapy(
        tmp_path, "crawl", "tidings", "-s", "NEWSSCRAPER_SITES=sites", "-s", "NEWSSCRAPER_BROWSER=/nowhere/chromium"
    )
    assert "ERROR: NEWSSCRAPER_BROWSER: expected the path of Chromium, got '/nowhere/chromium'" in run.log
    assert "Traceback" not in run.log
    assert run.code == 1


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install '.\[browser\]'"):
        check_browser(Settings())


def test_the_first_chromium_on_the_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "google-chrome"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check_browser(Settings()) == str(program) == shutil.which("google-chrome")


def test_a_project_s_own_settings_do_not_lead_the_browser_elsewhere() -> None:
    told = driver_settings("/bin/chromium", "newsscraper/1")
    assert told["PLAYWRIGHT_CDP_URL"] is told["PLAYWRIGHT_CONNECT_URL"] is None
    assert told["PLAYWRIGHT_LAUNCH_OPTIONS"]["proxy"] == {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"}
