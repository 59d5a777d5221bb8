"""The demo site, crawled once over real HTTP; every test looks at that crawl."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from newsscraper_demo.server import DemoServer, Request
from newsscraper_demo.site import DemoSite

from newsscraper.record import Record, find_faults
from newsscraper.store import normalise_url
from tests.crawl.runs import Run, run_scrapy, start_python, write_configuration


@dataclass(frozen=True)
class DemoCrawl:
    run: Run
    url: str
    site: DemoSite
    requests: list[Request]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoCrawl]:
    folder = tmp_path_factory.mktemp("demo-crawl")
    with DemoServer() as server:
        write_configuration(folder)
        run = start_python(folder, "-m", "scrapy", "crawl", "news", "-a", f"url={server.url}", "-O", "out.jsonl")
        yield DemoCrawl(run, server.url, server.site, list(server.requests))


def test_every_story_once_and_nothing_else(demo: DemoCrawl) -> None:
    expected = Counter(story.url_on(demo.url) for story in demo.site.stories)
    assert Counter(line["url"] for line in demo.run.lines) == expected


def test_the_log_is_clean(demo: DemoCrawl) -> None:
    assert demo.run.code == 0
    assert not re.search(r"deprecat|traceback|\] (?:error|critical)", demo.run.log, re.IGNORECASE), demo.run.log[-3000:]


def test_lines_are_records(demo: DemoCrawl) -> None:
    keys = list(Record.__dataclass_fields__)
    for line in demo.run.lines:
        assert find_faults(line) == []
        assert list(line) == keys


def test_the_feed_is_utf8_and_holds_what_was_sealed(demo: DemoCrawl) -> None:
    feed = (demo.run.folder / "out.jsonl").read_text(encoding="utf-8")
    (sealed,) = demo.run.sealed
    assert sorted(feed.splitlines()) == sorted(sealed.read_text(encoding="utf-8").splitlines())
    assert any("\u0600" <= character <= "\u06ff" for character in feed)


def test_offline_its_archive_gives_the_same_stories(demo: DemoCrawl, tmp_path: Path) -> None:
    """An archive of stories alone: nothing in it leads from one to the next."""
    archive = demo.run.folder / "corpus" / "archive"
    assert_same_offline(tmp_path, demo.url, demo.run.lines, archive)


def test_offline_an_archive_of_all_answers_gives_the_same_stories(tmp_path: Path) -> None:
    live = tmp_path / "live"
    live.mkdir()
    with DemoServer() as server:
        all_of_it = ("-s", "NEWSSCRAPER_ARCHIVE=all")
        run = run_scrapy(live, "crawl", "news", "-a", f"url={server.url}", "-O", "out.jsonl", *all_of_it)
        asked = len(server.requests)
    archive = live / "corpus" / "archive"
    counts = run.report["counts"]
    assert counts["archived"] == counts["requests"] == asked, "no answer is missing"
    assert_same_offline(tmp_path, server.url, run.lines, archive)


def assert_same_offline(folder: Path, url: str, lines: list[dict[str, Any]], archive: Path) -> None:
    """A crawl that is answered from `archive` writes `lines`, but for what tells of the run and where pages lie."""
    offline = ("-s", f"NEWSSCRAPER_OFFLINE={archive}")
    run = run_scrapy(folder, "crawl", "news", "-a", f"url={url}", "-O", "out.jsonl", *offline)
    assert not re.search(r"deprecat|traceback|\] (?:error|critical)", run.log, re.IGNORECASE), run.log[-3000:]
    # Which spelling of an address a crawl meets first is chance.
    found, expected = (
        {
            line["url"]: line | {"run_id": "", "warc": None, "fetched_url": normalise_url(line["fetched_url"])}
            for line in each
        }
        for each in (run.lines, lines)
    )
    assert len(expected) == len(lines) > 50
    assert found == expected
    pointers = {line["url"]: line["warc"]["record_id"] for line in lines}
    assert {line["url"]: line["warc"]["record_id"] for line in run.lines} == pointers


def test_robots_txt_is_obeyed(demo: DemoCrawl) -> None:
    assert [request.path for request in demo.requests].count("/robots.txt") == 1
    assert [request.path for request in demo.requests if request.path.startswith(("/internal/", "/comment"))] == []


def test_other_hosts_are_left_alone(demo: DemoCrawl) -> None:
    assert {request.host for request in demo.requests} == {demo.url.removeprefix("http://").rstrip("/")}


def test_we_say_who_we_are(demo: DemoCrawl) -> None:
    assert all(re.match(r"newsscraper/\d+\.\d+", request.headers["user-agent"]) for request in demo.requests)


def test_the_calendar_is_bounded(demo: DemoCrawl) -> None:
    days = [request.path for request in demo.requests if request.path.startswith("/archive/")]
    assert 1 <= len(days) <= 40


def test_pagination_is_bounded(demo: DemoCrawl) -> None:
    """Past a section's last page, a few more are asked and no more, however many are offered."""
    stories = Counter(f"{story.edition.path}section/{story.section}" for story in demo.site.stories)
    pages = Counter(request.path.partition("?")[0] for request in demo.requests if "?page=" in request.path)
    assert pages
    for section, number in pages.items():
        assert number <= -(-stories[section] // 3) + 8, section


def test_nothing_is_fetched_twice(demo: DemoCrawl) -> None:
    asked = Counter(request.path for request in demo.requests)
    assert [path for path, number in asked.items() if number > 1] == []


def test_session_and_tracking_addresses_cost_little(demo: DemoCrawl) -> None:
    noisy = [request.path for request in demo.requests if "sid=" in request.path or "utm_" in request.path]
    assert len(noisy) <= len(demo.site.stories)
    assert not any("sid=" in line["url"] or "utm_" in line["url"] for line in demo.run.lines)


def test_the_report_accounts_for_the_run(demo: DemoCrawl) -> None:
    report = demo.run.report
    (sealed,) = demo.run.sealed
    (entry,) = (each for each in report["files"] if each["file"].startswith("stories/"))
    assert entry["file"] == f"stories/{sealed.parent.name}/{sealed.name}"
    assert entry["sha256"] == hashlib.sha256(sealed.read_bytes()).hexdigest()
    assert entry["records"] == report["counts"]["stories"] == len(demo.site.stories)
    assert report["counts"]["requests"] == len(demo.requests)
    assert (report["exit_code"], report["problems"], report["finish_reason"]) == (0, [], "finished")
    assert {line["run_id"] for line in demo.run.lines} == {report["run_id"]}
    assert report["arguments"]["url"] == demo.url


def test_a_profile_crawls_its_site(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("profile-crawl")
    with DemoServer() as server:
        stand_in = json.dumps({"islamtimes.com": f"127.0.0.1:{server.port}"})
        settings = ["-s", f"NEWSSCRAPER_RESOLVE={stand_in}", "-s", "NEWSSCRAPER_CONTACT=https://marrow.example/bot"]
        run = run_scrapy(folder, "crawl", "islamtimes", *settings, "-O", "out.jsonl")
        hosts = {request.host for request in server.requests}
        agents = {request.headers["user-agent"] for request in server.requests}
        stories = server.site.stories
    assert not re.search(r"deprecat|traceback", run.log, re.IGNORECASE), run.log[-3000:]
    base = "https://www.islamtimes.com/"
    found = Counter(line["url"] for line in run.lines)
    assert found == Counter(story.url_on(base) for story in stories)
    assert {line["profile"] for line in run.lines} == {"islamtimes"}
    assert {line["site"] for line in run.lines} == {"islamtimes.com"}
    assert all(" islamtimes@" in line["extractor"] for line in run.lines)
    assert hosts == {"www.islamtimes.com"}
    assert all(agent.endswith(" (+https://marrow.example/bot)") for agent in agents)


def test_only_the_urls_of_a_file(tmp_path: Path) -> None:
    with DemoServer() as server:
        chosen = [story.url_on(server.url) for story in server.site.stories[:5]]
        (tmp_path / "urls.txt").write_text("\n".join(["# five", *chosen, "not a url"]) + "\n", encoding="utf-8")
        run = run_scrapy(tmp_path, "crawl", "news", "-a", "urls=urls.txt", "-O", "out.jsonl")
        asked = [request.path for request in server.requests]
    assert sorted(line["url"] for line in run.lines) == sorted(chosen)
    assert len(asked) == 6
    assert run.report["counts"]["failed:bad_line"] == 1
    assert run.report["exit_code"] == 1
    assert "urls.txt:7" in run.log
