"""A site crawled again and again: what is new or changed is written, and little else is asked."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite

from newsscraper.store import Clock, Ledger, normalise_url
from tests.crawl.runs import Run, run_scrapy
from tests.crawl.small_site import DATE, PARAGRAPH, Reply, SmallSite, list_page, story_page

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
STORIES = {f"/news/{number}/ferry": story_page(f"Ferry number {number} is late") for number in range(1001, 1006)}
FRONT = {"/": list_page(*STORIES)}


def crawl(folder: Path, url: str, now: datetime, *options: str) -> Run:
    settings = ("-s", f"NEWSSCRAPER_NOW={now.isoformat()}", *options)
    run = run_scrapy(folder, "crawl", "news", "-a", f"url={url}", "-O", "out.jsonl", *settings)
    assert run.lines is not None  # read now: the next run writes the same file
    return run


def report_of(folder: Path) -> dict[str, Any]:
    path = max((folder / "corpus" / "runs").glob("*/*.json"), key=lambda each: each.stat().st_mtime_ns)
    report: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return report


def sealed_lines(folder: Path, kind: str = "stories") -> list[dict[str, Any]]:
    files = sorted((folder / "corpus" / kind).glob("*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_a_site_that_changes(tmp_path: Path) -> None:
    later = NOW + timedelta(days=2)
    with DemoServer(DemoSite(stories=120)) as server:
        first = crawl(tmp_path, server.url, NOW)
        asked = len(server.requests)
        assert (first.code, len(first.lines)) == (0, 120)

        server.requests.clear()
        again = crawl(tmp_path, server.url, NOW + timedelta(minutes=10))
        assert (again.code, again.lines) == (0, [])
        assert len(server.requests) <= 0.1 * asked
        assert {request.status for request in server.requests if request.path != "/robots.txt"} == {304}
        counts = report_of(tmp_path)["counts"]
        assert (counts["stories"], counts["not_modified"]) == (0, len(server.requests) - 1)
        assert report_of(tmp_path)["problems"] == []

        linked = [story.code for story in server.site.stories if story.reach == "everywhere"]
        changed = server.site.change(linked[3:43:4], later - timedelta(minutes=30))
        new = server.site.publish(5, later - timedelta(minutes=5))
        last = crawl(tmp_path, server.url, later)
        versions = {line["url"]: line["version"] for line in last.lines}
        assert versions == {normalise_url(story.url_on(server.url)): 2 for story in changed} | {
            normalise_url(story.url_on(server.url)): 1 for story in new
        }
    counts = report_of(tmp_path)["counts"]
    assert (counts["stories"], counts["new"], counts["changed"]) == (15, 5, 10)
    written = Counter((line["story_key"], line["version"]) for line in sealed_lines(tmp_path))
    assert (len(written), max(written.values())) == (135, 1)
    assert {event["event"] for event in sealed_lines(tmp_path, "events")} == {"changed"}


def test_a_young_story_is_asked_again_at_growing_intervals(tmp_path: Path) -> None:
    published = datetime.fromisoformat(DATE)
    with SmallSite(STORIES | FRONT) as site:
        crawl(tmp_path, site.url, published + timedelta(minutes=30))
        asked = []
        for hours in (0.9, 1.1, 2, 3.5, 4):
            site.asked.clear()
            run = crawl(tmp_path, site.url, published + timedelta(hours=hours))
            asked.append(len(set(site.asked) & STORIES.keys()))
            assert run.lines == []
    assert asked == [0, 5, 0, 5, 0]


def test_without_hours_nothing_is_asked_again(tmp_path: Path) -> None:
    published = datetime.fromisoformat(DATE)
    with SmallSite(STORIES | FRONT) as site:
        for days in (0, 1):
            site.asked.clear()
            crawl(tmp_path, site.url, published + timedelta(days=days), "-s", "NEWSSCRAPER_REVISIT_HOURS=")
    assert set(site.asked) == {"/robots.txt", "/"}


def test_stories_that_went_or_moved_are_events(tmp_path: Path) -> None:
    published = datetime.fromisoformat(DATE)
    pages: dict[str, Reply | str] = STORIES | FRONT
    with SmallSite(pages) as site:
        crawl(tmp_path, site.url, published)
        pages["/news/1001/ferry"] = Reply("gone", status=410)
        pages["/dossier/1002/ferry"] = pages["/news/1002/ferry"]
        pages["/news/1002/ferry"] = Reply(status=301, headers={"Location": "/dossier/1002/ferry"})
        run = crawl(tmp_path, site.url, published + timedelta(hours=2))
    assert run.lines == []
    events = {event["event"]: event for event in sealed_lines(tmp_path, "events")}
    assert events.keys() == {"gone", "moved"}
    keys = {line["url"]: line["story_key"] for line in sealed_lines(tmp_path)}
    base = site.url.rstrip("/")
    assert events["gone"]["story_key"] == keys[f"{base}/news/1001/ferry"]
    assert events["moved"]["story_key"] == keys[f"{base}/news/1002/ferry"]
    assert (events["moved"]["from"], events["moved"]["url"]) == (
        f"{base}/news/1002/ferry",
        f"{base}/dossier/1002/ferry",
    )


def test_another_extractor_makes_no_version_and_another_text_does(tmp_path: Path) -> None:
    """The profile is edited between two runs, so that stories read differently; then the site edits one."""
    (tmp_path / "sites").mkdir()
    profile = tmp_path / "sites" / "marrow.toml"
    text = PROFILE
    profile.write_text(text)
    published = datetime.fromisoformat(DATE)
    pages: dict[str, Reply | str] = STORIES | FRONT
    with SmallSite(pages) as site:
        stand_in = json.dumps({"marrow.example": site.address})
        options = ("-s", f"NEWSSCRAPER_RESOLVE={stand_in}", "-s", "NEWSSCRAPER_SITES=sites")
        first = crawl(tmp_path, "https://marrow.example/", published, *options)
        profile.write_text(text + SELECTORS)
        pages |= {path: story.replace("</nav>", "<a href='/'>Front</a></nav>") for path, story in STORIES.items()}
        second = crawl(tmp_path, "https://marrow.example/", published + timedelta(hours=2), *options)
        counts = report_of(tmp_path)["counts"]
        pages["/news/1003/ferry"] = STORIES["/news/1003/ferry"].replace(PARAGRAPH, f"{PARAGRAPH} Now it is on time.")
        third = crawl(tmp_path, "https://marrow.example/", published + timedelta(hours=4), *options)
    assert len(first.lines) == len(STORIES)
    assert (second.lines, counts["revisited"]) == ([], len(STORIES))
    assert [(line["url"], line["version"]) for line in third.lines] == [("https://marrow.example/news/1003/ferry", 2)]


def test_a_running_blog_is_a_version_a_day_and_what_it_says_last_is_one(tmp_path: Path) -> None:
    def blog(*entries: str) -> str:
        data = {"@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": "Ferry strike, live"}
        text = "".join(f"<p>{entry} {PARAGRAPH}</p>" for entry in entries)
        page = story_page("Ferry strike, live").replace("</article>", f"{text}</article>")
        return page.replace("</head>", f'<script type="application/ld+json">{json.dumps(data)}</script></head>')

    published = datetime.fromisoformat(DATE)
    pages: dict[str, Reply | str] = {"/": list_page("/live/strike"), "/live/strike": blog("It begins.")}
    versions = []
    with SmallSite(pages) as site:
        for hours, entries in ((0.5, 1), (1.5, 2), (4, 3), (26, 3)):
            pages["/live/strike"] = blog(*["It begins.", "It goes on.", "It ends."][:entries])
            run = crawl(tmp_path, site.url, published + timedelta(hours=hours))
            versions.append([line["version"] for line in run.lines])
            assert {line["genre"] for line in run.lines} <= {"live"}
    assert versions == [[1], [], [], [2]]
    assert "It ends." in sealed_lines(tmp_path)[-1]["body"]


SELECTORS = """selectors = { seen_live = false, source = "made up" }
[selectors]
title = ["title"]
body = ["article p:first-of-type"]
"""
PROFILE = """
hosts = ["marrow.example"]
start_urls = ["https://marrow.example/"]
[urls]
story = ['/news/(?P<code>[0-9]+)/ferry$']
[evidence]
hosts = { seen_live = false, source = "made up" }
start_urls = { seen_live = false, source = "made up" }
urls = { seen_live = false, source = "made up" }
"""


def test_a_host_that_gets_a_profile_keeps_its_stories(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    published = datetime.fromisoformat(DATE)
    with SmallSite(STORIES | FRONT) as site:
        stand_in = json.dumps({"marrow.example": site.address})
        options = ("-s", f"NEWSSCRAPER_RESOLVE={stand_in}", "-s", "NEWSSCRAPER_SITES=sites")
        first = crawl(tmp_path, "https://marrow.example/", published, *options)
        (tmp_path / "sites" / "marrow.toml").write_text(PROFILE)
        every = (*options, "-s", "NEWSSCRAPER_INCREMENTAL=False")
        second = crawl(tmp_path, "https://marrow.example/", published + timedelta(hours=2), *every)
    assert {line["profile"] for line in first.lines} == {None}
    assert {line["profile"] for line in second.lines} == {"marrow"}
    keys = [{line["url"]: line["story_key"] for line in run.lines} for run in (first, second)]
    assert keys[0] == keys[1]
    assert {line["version"] for line in second.lines} == {1}


def test_without_memory_every_page_is_asked_and_every_story_given(tmp_path: Path) -> None:
    with SmallSite(STORIES | FRONT) as site:
        crawl(tmp_path, site.url, NOW)
        site.asked.clear()
        again = crawl(tmp_path, site.url, NOW + timedelta(hours=1), "-s", "NEWSSCRAPER_INCREMENTAL=False")
    assert STORIES.keys() <= set(site.asked)
    assert len(again.lines) == len(STORIES)
    assert len(sealed_lines(tmp_path)) == len(STORIES)


def test_a_ledger_that_is_in_use_ends_the_command_with_2(tmp_path: Path) -> None:
    with SmallSite(STORIES | FRONT) as site, Ledger.open(tmp_path / "corpus", site.address, clock=Clock(), run_id="x"):
        run = run_newsscraper(tmp_path, site.url)
        assert site.asked == []
    assert run.code == 2
    assert run.output.count("is at work") == 1
    assert "Traceback" not in run.output + run.log


def test_a_ledger_of_a_newer_version_ends_the_command_with_2(tmp_path: Path) -> None:
    with SmallSite(STORIES | FRONT) as site:
        with Ledger.open(tmp_path / "corpus", site.address, clock=Clock()) as ledger:
            ledger.database.execute("PRAGMA user_version = 999")
        run = run_newsscraper(tmp_path, site.url)
    assert run.code == 2
    assert run.output.count("update newsscraper") == 1


def run_newsscraper(folder: Path, *arguments: str) -> Run:
    from tests.crawl.runs import run_python  # noqa: PLC0415

    code = f"import sys; from newsscraper.cli import main; sys.argv[1:] = ['crawl', *{list(arguments)!r}]; main()"
    return run_python(folder, code)


def test_the_same_list_is_not_fetched_twice(tmp_path: Path) -> None:
    with SmallSite(STORIES) as site:
        (tmp_path / "urls.txt").write_text("".join(f"{site.url.rstrip('/')}{path}\n" for path in STORIES))
        for number in range(2):
            site.asked.clear()
            now = f"NEWSSCRAPER_NOW={(NOW + timedelta(hours=number)).isoformat()}"
            run = run_scrapy(tmp_path, "crawl", "news", "-a", "urls=urls.txt", "-s", now)
            assert run.code == 0
    assert set(site.asked) <= {"/robots.txt"}
    assert report_of(tmp_path)["problems"] == []


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("NEWSSCRAPER_NOW=yesterday", "expected an instant"),
        ("NEWSSCRAPER_REVISIT_HOURS=3,1", "rising hours"),
        ("NEWSSCRAPER_SEAL_FORM=rar", "plain, gz, zst"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, setting: str, words: str) -> None:
    run = run_scrapy(tmp_path, "crawl", "news", "-a", "url=http://127.0.0.1:1/", "-s", setting)
    assert run.code == 1
    assert words in run.log
    assert not (tmp_path / "corpus").exists()
