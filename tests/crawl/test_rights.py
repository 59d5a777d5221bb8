"""What a site reserves is recorded, wherever it says so, and kept to for the purpose that the corpus has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from newsscraper import extract
from newsscraper.crawl.polite_purpose import Purpose, bars_images, find_bar, read_purpose
from newsscraper.crawl.robots_signals import find_tdm_rule, forbids_links, read_tdm_file
from newsscraper.errors import InputError
from newsscraper.extract.signals import Signals, join_rights, merge_rights, read_headers
from newsscraper.story import Rights, no_rights
from tests.crawl.runs import Run, run_scrapy
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page
from tests.crawl.test_several_pages import OWN, front, pages_of

AGENT = "newsscraper"
HTML = "text/html; charset=utf-8"


def rights(*robots: str, reserved: bool | None = None) -> Rights:
    return Rights(robots=list(robots), noai="noai" in robots, tdm_reservation=reserved, tdm_policy=None)


@pytest.mark.parametrize(
    ("headers", "signals"),
    [
        ({}, Signals()),
        ({"x-robots-tag": ["NoIndex , noarchive"]}, Signals(robots=("noindex", "noarchive"))),
        ({"x-robots-tag": ["noai", "noai, nofollow"]}, Signals(robots=("noai", "nofollow"))),
        ({"x-robots-tag": ["otherbot: noindex, nofollow"]}, Signals(robots=("otherbot:noindex", "otherbot:nofollow"))),
        ({"x-robots-tag": ["NewsScraper: noindex"]}, Signals(robots=("noindex",))),
        (
            {"x-robots-tag": ["googlebot: noindex, newsscraper: nofollow, noai, otherbot: max-snippet: 10, none"]},
            Signals(robots=("googlebot:noindex", "nofollow", "noai", "otherbot:max-snippet:10", "otherbot:none")),
        ),
        (
            {"x-robots-tag": ["unavailable_after: 25 Jun 2010 15:00:00 GMT, noai"]},
            Signals(robots=("unavailable_after:25 jun 2010 15:00:00 gmt", "noai")),
        ),
        ({"x-robots-tag": ["max-snippet: 10, noai"]}, Signals(robots=("max-snippet:10", "noai"))),
        ({"content-usage": ["train-ai=n, search=y"]}, Signals(robots=("train-ai=n", "search=y"))),
        (
            {"tdm-reservation": [" 1 "], "tdm-policy": ["https://a.example/p.json"]},
            Signals(tdm_reservation=True, tdm_policy="https://a.example/p.json"),
        ),
        ({"tdm-reservation": ["0"]}, Signals(tdm_reservation=False)),
        ({"tdm-reservation": ["maybe"]}, Signals()),
    ],
)
def test_headers(headers: dict[str, list[str]], signals: Signals) -> None:
    assert read_headers(headers, AGENT) == signals


RULES: list[dict[str, Any]] = [
    {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://a.example/p.json"},
    {"location": "/free/*.html$", "tdm-reservation": 0},
]


@pytest.mark.parametrize(
    ("file", "path", "reserved"),
    [
        (RULES, "/news/1", True),
        (RULES, "/free/a.html", False),
        (RULES, "/free/a.htm", True),
        ([{"location": "/x", "tdm-reservation": 1}], "/news/1", None),
        ([{"location": 7}, None, "x", {"tdm-reservation": 1}], "/news/1", None),
        ({"location": "/", "tdm-reservation": 1}, "/news/1", None),
    ],
)
def test_the_file_of_a_host(file: object, path: str, reserved: bool | None) -> None:
    rules = read_tdm_file(json.dumps(file).encode())
    assert find_tdm_rule(rules, f"https://a.example{path}").tdm_reservation is reserved


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_none(body: bytes) -> None:
    assert read_tdm_file(body) == []


def test_the_page_is_believed_before_the_header_and_the_header_before_the_file() -> None:
    header, file = Signals(robots=("noai",), tdm_reservation=False), Signals(tdm_reservation=True)
    assert merge_rights(rights("noindex", reserved=True), [header])["tdm_reservation"] is True
    assert merge_rights(rights("noindex", reserved=True), [header])["robots"] == ["noindex", "noai"]
    assert merge_rights(no_rights(), [header, file])["tdm_reservation"] is False
    assert merge_rights(no_rights(), [Signals(), file])["tdm_reservation"] is True
    assert merge_rights(no_rights(), [header])["noai"]


@pytest.mark.parametrize(
    ("found", "purposes"),
    [
        (rights("noarchive"), {"archive", "ai-training"}),
        (rights("noindex"), {"search"}),
        (rights("none"), {"search"}),
        (rights("search=no"), {"search"}),
        (rights("noai"), {"ai-training"}),
        (rights("train-ai=n"), {"ai-training"}),
        (rights("ai-train=no"), {"ai-training"}),
        (rights(reserved=True), {"text-mining", "ai-training"}),
        (rights("noimageai", "nofollow", "googlebot:noarchive", "search=yes", reserved=False), set()),
    ],
)
def test_what_keeps_a_story_out_of_which_corpus(found: Rights, purposes: set[Purpose]) -> None:
    every: tuple[Purpose, ...] = ("research", "archive", "search", "text-mining", "ai-training")
    assert {purpose for purpose in every if find_bar(found, purpose)} == purposes


def test_pictures_alone_may_be_kept_out() -> None:
    assert bars_images(rights("noimageai"), "ai-training")
    assert not bars_images(rights("noimageai"), "archive")


def test_a_purpose_that_there_is_not() -> None:
    with pytest.raises(InputError, match=r"NEWSSCRAPER_PURPOSE: expected one of research.*did you mean 'archive'"):
        read_purpose(Settings({"NEWSSCRAPER_PURPOSE": "archiv"}))


@pytest.mark.parametrize(
    ("signals", "page", "forbidden"),
    [
        (Signals(), b'<meta name="robots" content="noindex, NoFollow">', True),
        (Signals(), b"<META content=none name=ROBOTS>", True),
        (Signals(), b"<meta name='newsscraper' content='nofollow'>", True),
        (Signals(), b'<meta name="googlebot" content="nofollow">', False),
        (Signals(), b'<a rel="nofollow" href="/"><meta name="robots" content="noindex">', False),
        (Signals(robots=("nofollow",)), b"", True),
        (Signals(robots=("otherbot:nofollow",)), b"", False),
    ],
)
def test_pages_whose_links_are_not_followed(signals: Signals, page: bytes, forbidden: bool) -> None:
    assert forbids_links(signals, page, AGENT) is forbidden


def test_what_a_page_says_to_one_robot_is_recorded_as_said_to_it() -> None:
    page = story_page("The ferry is late").replace("<title>", '<meta name="googlebot" content="NoArchive"><title>')
    assert extract(page).rights["robots"] == ["googlebot:noarchive"]


FREE, RESERVED, BARRED = "/news/1001/free", "/news/1002/reserved", "/news/1003/barred"
TDM_FILE = json.dumps([{"location": "/news/1002/", "tdm-reservation": 1}])


def site_of_rights() -> SmallSite:
    barred = Reply(
        story_page("The barred ferry is late", more='<a href="/news/1004/behind">on</a>'),
        headers={"Content-Type": HTML, "X-Robots-Tag": "noai, noarchive, nofollow"},
    )
    return SmallSite(
        {
            "/": list_page(FREE, RESERVED, BARRED),
            "/robots.txt": "User-agent: *\nContent-Signal: search=yes\n",
            "/.well-known/tdmrep.json": Reply(TDM_FILE, headers={"Content-Type": "application/json"}),
            FREE: story_page("The free ferry is late"),
            RESERVED: story_page("The reserved ferry is late"),
            BARRED: barred,
            "/news/1004/behind": story_page("The ferry behind a closed door"),
        }
    )


def crawl(folder: Path, site: SmallSite, purpose: str, *options: str) -> Run:
    settings = [part for option in (f"NEWSSCRAPER_PURPOSE={purpose}", *options) for part in ("-s", option)]
    return run_scrapy(folder, "crawl", "news", "-a", f"url={site.url}", "-O", "out.jsonl", *settings)


def paths_of(run: Run) -> set[str]:
    return {line["url"].partition("/news")[1] + line["url"].partition("/news")[2] for line in run.lines}


def events_of(run: Run) -> list[dict[str, Any]]:
    files = (run.folder / "corpus" / "events").glob("*/*")
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_for_research_all_is_kept_with_what_was_said_of_it(tmp_path: Path) -> None:
    with site_of_rights() as site:
        run = crawl(tmp_path, site, "research")
    assert paths_of(run) == {FREE, RESERVED, BARRED}
    said = {line["url"].rpartition("/")[2]: line["rights"] for line in run.lines}
    assert said["barred"] == {
        "robots": ["noai", "noarchive", "nofollow", "search=yes"],
        "noai": True,
        "tdm_reservation": None,
        "tdm_policy": None,
    }
    assert said["free"]["robots"] == ["search=yes"]
    assert "/news/1004/behind" not in site.asked
    assert "/.well-known/tdmrep.json" not in site.asked
    assert run.report["counts"]["nofollow"] == 1


@pytest.mark.parametrize(
    ("purpose", "withheld"),
    [
        ("archive", {BARRED: "noarchive"}),
        ("text-mining", {RESERVED: "tdm-reservation"}),
        ("ai-training", {RESERVED: "tdm-reservation", BARRED: "noai"}),
    ],
)
def test_what_may_not_be_kept_is_an_event_and_no_record(tmp_path: Path, purpose: str, withheld: dict[str, str]) -> None:
    with site_of_rights() as site:
        run = crawl(tmp_path, site, purpose)
    assert paths_of(run) == {FREE, RESERVED, BARRED} - set(withheld)
    events = events_of(run)
    assert {f"/{event['url'].partition('//')[2].partition('/')[2]}": event["reason"] for event in events} == withheld
    assert {(event["event"], event["purpose"]) for event in events} == {("withheld", purpose)}
    counted = {name for name in run.report["counts"] if name.startswith("withheld:")}
    assert counted == {f"withheld:{reason}" for reason in withheld.values()}
    assert site.asked.count("/.well-known/tdmrep.json") == (purpose != "archive")


def test_another_purpose_may_keep_after_a_week_what_was_withheld(tmp_path: Path) -> None:
    with site_of_rights() as site:
        first = crawl(tmp_path, site, "ai-training", "NEWSSCRAPER_NOW=2024-05-01T10:00:00Z")
        assert paths_of(first) == {FREE}
        later = crawl(tmp_path, site, "research", "NEWSSCRAPER_NOW=2024-05-08T10:30:00Z")
    assert paths_of(later) == {RESERVED, BARRED}


UNKNOWN = {
    "error": Reply(status=500),
    "refusal": Reply(status=403),
    "large": Reply(TDM_FILE + " " * (1 << 20)),
}


@pytest.mark.parametrize("why", UNKNOWN)
def test_what_may_be_reserved_is_withheld_until_the_next_run(tmp_path: Path, why: str) -> None:
    pages: dict[str, Reply | str] = {"/": list_page(FREE), FREE: story_page("The free ferry is late")}
    with SmallSite(pages | {"/.well-known/tdmrep.json": UNKNOWN[why]}) as site:
        run = crawl(tmp_path, site, "text-mining", "RETRY_TIMES=0")
        assert run.lines == []
        assert [(event["event"], event["reason"]) for event in events_of(run)] == [("withheld", "tdm-unknown")]
        assert run.report["counts"]["withheld:tdm-unknown"] == 1
        assert site.asked.count("/.well-known/tdmrep.json") == 1
        if why == "error":
            site.serve(pages)
            assert paths_of(crawl(tmp_path, site, "text-mining")) == {FREE}


def test_a_page_that_says_itself_that_it_is_not_reserved_needs_no_file(tmp_path: Path) -> None:
    free = Reply(story_page("The free ferry is late"), headers={"Content-Type": HTML, "TDM-Reservation": "0"})
    with SmallSite({"/": list_page(FREE), FREE: free, "/.well-known/tdmrep.json": UNKNOWN["refusal"]}) as site:
        run = crawl(tmp_path, site, "text-mining")
    assert paths_of(run) == {FREE}


def test_what_a_further_page_of_a_story_reserves_holds_for_the_story(tmp_path: Path) -> None:
    pages: dict[str, Reply | str] = {}
    pages |= front(OWN) | pages_of(3)
    pages[f"{OWN}?page=2"] = Reply(str(pages[f"{OWN}?page=2"]), headers={"Content-Type": HTML, "X-Robots-Tag": "noai"})
    reserved = '<meta name="tdm-reservation" content="1"><title>'
    pages[f"{OWN}?page=3"] = str(pages[f"{OWN}?page=3"]).replace("<title>", reserved)
    with SmallSite(pages) as site:
        run = crawl(tmp_path, site, "research")
    (story,) = run.lines
    assert "On page 3" in story["body"]
    assert story["rights"] == {"robots": ["noai"], "noai": True, "tdm_reservation": True, "tdm_policy": None}


@pytest.mark.parametrize(
    ("first", "further", "joined"), [(None, False, None), (None, True, True), (False, True, True), (True, False, True)]
)
def test_only_a_reservation_spreads_from_page_to_page(
    first: bool | None, further: bool | None, joined: bool | None
) -> None:
    assert join_rights(rights("a", reserved=first), [rights("b", "a", reserved=further)]) == rights(
        "a", "b", reserved=joined
    )


def test_a_purpose_that_there_is_not_starts_nothing(tmp_path: Path) -> None:
    with site_of_rights() as site:
        run = crawl(tmp_path, site, "fun")
    assert "ERROR: NEWSSCRAPER_PURPOSE: expected one of research" in run.log
    assert (run.code, site.asked) == (1, [])
