"""Crawls of small sites with something in the way: what is asked, kept, told, and left for the next run."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from scrapy import Request
from scrapy.settings import Settings

from newsscraper.crawl.failures import HostResting
from newsscraper.crawl.polite_backoff import BackoffMiddleware
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.walls import ADVICE
from tests.crawl.runs import Run, run_scrapy
from tests.crawl.small_site import PARAGRAPH, Reply, SmallSite, list_page, story_page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newsscraper.crawl.course import Course

STORIES = {f"/news/{number}/ferry": story_page(f"Ferry number {number} is late") for number in range(1001, 1041)}
FRONT = {"/": list_page(*STORIES)}
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript</noscript>"
    "<script>document.cookie='seen=1';location.reload()</script></body></html>"
)
BLANK = "<html><head><script>document.cookie='seen=1';location.reload()</script></head><body></body></html>"
DENIED = "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1><p>No leave.</p></body></html>"
CONSENT = (
    "<html><head><title>Avant de continuer</title></head><body><main class='consent'><h1>Avant de continuer</h1>"
    "<p>Nous et nos partenaires souhaitons enregistrer des cookies sur votre appareil.</p>"
    "<button>Oui</button><button>Non</button></main></body></html>"
)
SIGN_IN = (
    "<html><head><title>Anmelden</title></head><body><main><h1>Anmelden</h1><form method=post>"
    "<input name=who><input type=password name=key></form></main></body></html>"
)
QUICK = ("-s", "NEWSSCRAPER_BACKOFF=0.001", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=2")
HTML = {"Content-Type": "text/html; charset=utf-8"}


def crawl(folder: Path, site: SmallSite, *options: str) -> Run:
    return run_scrapy(folder, "crawl", "news", "-a", f"url={site.url}", *QUICK, *options)


def events_of(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "corpus" / "events").glob("*/*"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def exit_codes(folder: Path) -> list[int]:
    """Of all runs, the best first."""
    return sorted(
        json.loads(path.read_text("utf-8"))["exit_code"] for path in (folder / "corpus/runs").glob("*/*.json")
    )


def redirect(to: str) -> Reply:
    return Reply(status=302, headers={"Location": to})


@pytest.mark.parametrize(
    ("reply", "event", "name"),
    [
        (Reply(CHALLENGE), "challenged", "challenged:bot_wall"),
        (Reply(BLANK, status=202, headers=HTML), "challenged", "challenged:bot_wall"),
        (Reply(CHALLENGE, status=403, headers=HTML), "challenged", "challenged:http_403"),
        (Reply(CHALLENGE, status=503, headers=HTML), "challenged", "challenged:http_503"),
        (Reply(DENIED, status=403, headers=HTML), "refused", "refused:http_403"),
        (Reply("slow down", status=429, headers=HTML), "refused", "refused:http_429"),
        (Reply(CONSENT), "consent", "consent:consent_wall"),
        (redirect("/consent?back=story"), "consent", "consent:consent_wall"),
        (redirect("https://consent.example.net/collect?back=story"), "consent", "consent:consent_redirect"),
        (redirect("/login?next=story"), "paywalled", "paywalled:login_wall"),
        (redirect("https://login.example.net/?next=story"), "paywalled", "paywalled:login_redirect"),
        (Reply(SIGN_IN), "paywalled", "paywalled:login_wall"),
        (Reply("pay", status=402, headers=HTML), "paywalled", "paywalled:http_402"),
    ],
)
def test_what_stands_in_the_way_is_an_event_with_advice_and_no_story(
    tmp_path: Path, reply: Reply, event: str, name: str
) -> None:
    blocked = "/news/1001/ferry"
    pages: dict[str, Reply | str] = {
        "/": list_page(blocked, "/news/1002/ferry"),
        "/news/1002/ferry": STORIES["/news/1002/ferry"],
        "/consent?back=story": CONSENT,
        "/login?next=story": SIGN_IN,
        blocked: reply,
    }
    with SmallSite(pages) as site:
        run = crawl(tmp_path, site, "-s", "RETRY_TIMES=0", "-O", "out.jsonl")
    (told,) = events_of(tmp_path)
    assert (told["event"], told["url"], told["advice"]) == (event, f"{site.url[:-1]}{blocked}", ADVICE[event])
    assert [line["title"] for line in run.lines] == ["Ferry number 1002 is late"]
    assert run.report["counts"][name] == 1
    assert (run.report["exit_code"], run.report["problems"][-1]) == (1, ADVICE[event])


@pytest.mark.parametrize("front", [CHALLENGE, CONSENT, SIGN_IN])
def test_a_site_behind_a_wall_is_not_reported_as_empty(tmp_path: Path, front: str) -> None:
    with SmallSite(lambda path: front) as site:
        run = crawl(tmp_path, site)
    assert run.report["exit_code"] == 4
    assert run.report["problems"][0] == "no story was found: the site refused or challenged us"
    assert len(site.asked) <= 3


@pytest.mark.parametrize(
    "wall", [Reply(CHALLENGE), Reply(DENIED, status=403, headers=HTML)], ids=["challenge", "refusal"]
)
def test_a_site_that_turns_to_walls_is_asked_no_more_and_the_next_run_goes_on(tmp_path: Path, wall: Reply) -> None:
    left = [8]

    def reply(path: str) -> Reply | str | None:
        if path not in STORIES:
            return FRONT.get(path)
        left[0] -= 1
        return STORIES[path] if left[0] >= 0 else wall

    with SmallSite(reply) as site:
        crawl(tmp_path, site, "-s", "NEWSSCRAPER_MAX_REFUSALS_IN_A_ROW=3")
        asked = [path for path in site.asked if path in STORIES]
        left[0] = len(STORIES)
        crawl(tmp_path, site, "-s", "NEWSSCRAPER_MAX_REFUSALS_IN_A_ROW=3")
    # Those that are under way when the third answer comes could not be held back.
    assert 8 + 3 <= len(asked) <= 8 + 3 + 4
    walls = [event["url"].removeprefix(site.url[:-1]) for event in events_of(tmp_path)]
    kept = [json.loads(line)["url"].removeprefix(site.url[:-1]) for line in sealed_lines(tmp_path)]
    assert sorted([*kept, *walls]) == sorted(STORIES)
    assert len(walls) == len(asked) - 8
    assert exit_codes(tmp_path) == [0, 4]


def sealed_lines(folder: Path) -> list[str]:
    files = sorted((folder / "corpus" / "stories").glob("*/*"))
    return [line for file in files for line in file.read_text("utf-8").splitlines()]


def test_a_site_that_turns_to_challenges_ends_with_4_however_many_stories_came_before(tmp_path: Path) -> None:
    def reply(path: str) -> Reply | str | None:
        if path in STORIES and len(site.asked) > 30:
            return CHALLENGE
        return (STORIES | FRONT).get(path)

    with SmallSite(reply) as site:
        run = crawl(tmp_path, site, "-s", "NEWSSCRAPER_MAX_REFUSALS_IN_A_ROW=3")
    counts = run.report["counts"]
    assert counts["stories"] > 20 > counts["challenged:bot_wall"]
    assert run.report["exit_code"] == 4
    assert counts["requests"] == len(site.asked)
    assert counts["turned_away"] == 1
    assert counts["bounded:turned_away"] == len(STORIES) - counts["story"] - counts["challenged:bot_wall"]
    assert "is asked no more" in run.log


def test_every_refusal_makes_the_next_request_wait_twice_as_long() -> None:
    """By a clock that stands still: one that is about to wait is told for how long where the run has been stopped."""
    refusals = [0]
    spider = NewsSpider.__new__(NewsSpider)
    spider.course = cast(
        "Course", SimpleNamespace(refusals_in_a_row=lambda _: refusals[0], is_turned_away=lambda _: False)
    )
    crawler = SimpleNamespace(settings=Settings({"NEWSSCRAPER_BACKOFF": 10}), spider=spider, crawling=False)
    told = []
    for refusals[0] in range(6):
        backoff = BackoffMiddleware(cast("Crawler", crawler), clock=lambda: 0.0)
        backoff.note_sent(Request("https://a.example/1"))
        try:
            asyncio.run(backoff.process_request(Request("https://a.example/2")))
            told.append("now")
        except HostResting as rest:
            told.append(str(rest).removeprefix("a.example wants to be left alone for "))
    assert told == ["now", "10 s", "20 s", "40 s", "80 s", "120 s"]


def test_a_run_waits_after_refusals(tmp_path: Path) -> None:
    moments: list[float] = []

    def reply(path: str) -> Reply | str | None:
        if path in STORIES:
            moments.append(monotonic())
            return Reply(DENIED, status=403, headers=HTML)
        return FRONT.get(path)

    with SmallSite(reply) as site:
        options = ("-s", "NEWSSCRAPER_BACKOFF=0.1", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
        crawl(tmp_path, site, *options, "-s", "NEWSSCRAPER_MAX_REFUSALS_IN_A_ROW=5")
    assert len(moments) == 5
    # It waits for 0.7 s between the second and the last, of which a busy machine may hide some before the second.
    assert moments[-1] - moments[1] >= 0.35


def test_a_teaser_is_kept_and_told_once(tmp_path: Path) -> None:
    sold = '<meta property="article:content_tier" content="locked">'
    teaser = (
        f"<html lang=en><head><title>The ferry</title>{sold}</head><body><h1>The ferry</h1><p>{PARAGRAPH}</p></body>"
    )
    with SmallSite({"/": list_page("/news/1001/ferry"), "/news/1001/ferry": teaser}) as site:
        first = crawl(tmp_path, site, "-O", "out.jsonl")
        assert [(line["access"], line["complete"]) for line in first.lines] == [("paywalled", False)]
        assert (first.report["exit_code"], first.report["counts"]["paywalled"]) == (0, 1)
        crawl(tmp_path, site, "-s", "NEWSSCRAPER_INCREMENTAL=False")
        assert site.asked.count("/news/1001/ferry") == 2
    (event,) = events_of(tmp_path)
    assert (event["event"], event["reason"], event["advice"]) == ("paywalled", "teaser", ADVICE["paywalled"])


def test_nobody_is_feigned(tmp_path: Path) -> None:
    """What turns us away is asked again by the same name, and with nothing that it set."""
    with SmallSite(lambda path: Reply(CHALLENGE, headers=HTML | {"Set-Cookie": "seen=1"})) as site:
        crawl(tmp_path, site)
    assert all(agent.startswith("newsscraper/") for agent in site.agents)
