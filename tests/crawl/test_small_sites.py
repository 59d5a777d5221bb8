"""Sites of a few pages, each with one thing that can go wrong; one process crawls them all."""

from __future__ import annotations

import contextlib
import dataclasses
import gzip
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from newsscraper.store import folder_of
from tests.crawl.runs import run_python
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page

Pages = Mapping[str, Reply | str] | Callable[[str], Reply | str | None]

STORIES = ("/news/1001/ferry", "/news/1002/dredger", "/news/1003/harbour")
PAGES = {path: story_page(f"The {path.rpartition('/')[2]} is late again") for path in STORIES}
FRONT = {"/": list_page(*STORIES)}

SCRIPT = """
import dataclasses, json
from pathlib import Path
from newsscraper.crawl.run import crawl
summaries = crawl({targets!r}, corpus=Path("corpus"), quiet={quiet!r}, settings={settings!r})
print(json.dumps([dataclasses.asdict(summary) for summary in summaries]))
"""


def plain(_: str) -> Pages:
    return PAGES | FRONT


def redirects(_: str) -> Pages:
    return PAGES | {
        "/": list_page("/old/1", "/away", "/loop"),
        "/old/1": Reply(status=301, headers={"Location": "/news/1001/ferry"}),
        "/away": Reply(status=302, headers={"Location": "http://localhost:9/elsewhere"}),
        "/loop": Reply(status=302, headers={"Location": "/loop?again"}),
        "/loop?again": Reply(status=302, headers={"Location": "/loop"}),
    }


def copies(_: str) -> Pages:
    original = story_page("The ferry is late again", canonical="/news/1001/ferry")
    return {
        "/": list_page("/second/1001", "/news/1001/ferry?from=home", "/amp/1001", "/lonely/1009"),
        "/second/1001": original,
        "/news/1001/ferry?from=home": original,
        "/amp/1001": original,
        "/news/1001/ferry": original,
        "/lonely/1009": story_page("A copy whose original is gone", canonical="/news/1009/gone"),
    }


def wrong_canonical(_: str) -> Pages:
    pages = {path: story_page(f"Title of {path}", canonical="/front") for path in STORIES}
    return pages | FRONT | {"/front": list_page(*STORIES)}


def machine_files(base: str) -> Pages:
    feed = '<rss version="2.0"><channel><title>x</title><item><link>/f/one</link></item></channel></rss>'
    urls = f"<urlset><url><loc>{base}/news/1001/ferry</loc></url></urlset>"
    return {
        "/": list_page(more='<link rel="alternate" type="application/rss+xml" href="/rss">'),
        "/rss": Reply(feed, headers={"Content-Type": "application/rss+xml"}),
        "/robots.txt": Reply(f"User-agent: *\nSitemap: {base}/maps.xml\n", headers={"Content-Type": "text/plain"}),
        "/maps.xml": f"<sitemapindex><sitemap><loc>{base}/map.xml.gz</loc></sitemap></sitemapindex>",
        "/map.xml.gz": Reply(gzip.compress(urls.encode()), headers={"Content-Type": "application/gzip"}),
        "/f/one": story_page("Only the feed knows of this", date=None),
        "/news/1001/ferry": PAGES["/news/1001/ferry"],
    }


def unreadable(_: str) -> Pages:
    packed = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    return PAGES | {
        "/": list_page(*STORIES, "/bomb/1111/x", "/huge/1112/x", "/paper/1113/x", "/empty/1114/x", "/noise/1115/x"),
        "/bomb/1111/x": Reply(gzip.compress(b"<p>" + b" " * 30_000_000), headers=packed),
        "/huge/1112/x": Reply(b"x" * 20_000_000),
        "/paper/1113/x": Reply(b"%PDF-1.4", headers={"Content-Type": "application/pdf"}),
        "/empty/1114/x": Reply(b""),
        "/noise/1115/x": Reply(bytes(range(256)) * 40),
    }


def endless_archive(_: str) -> Pages:
    def reply(path: str) -> str | None:
        day = re.fullmatch(r"/days/(\d+)/list", path)
        if path == "/" or day:
            number = int(day[1]) if day else 0
            return list_page(STORIES[0], *(f"/days/{number + step}/list" for step in range(1, 60)))
        return PAGES.get(path)

    return reply


def endless_pages(_: str) -> Pages:
    def reply(path: str) -> str | None:
        page = re.fullmatch(r"/world\?page=(\d+)", path)
        number = int(page[1]) if page else 1
        if path == "/" or page:
            shown = STORIES[number - 1 : number] if number <= len(STORIES) else STORIES[-1:]
            return list_page(*shown, f"/world?page={number + 1}", f"/world?page={number + 50}")
        return PAGES.get(path)

    return reply


def off_site_links(_: str) -> Pages:
    away = (
        "http://localhost:9/news/2001/other",
        "mailto:a@b.example",
        "/login",
        "/logo.png",
        "/news/1001/ferry?share=x",
    )
    return PAGES | {"/": list_page(*STORIES, *away)}


SITES: dict[str, Callable[[str], Pages]] = {
    "plain": plain,
    "redirects": redirects,
    "copies": copies,
    "wrong_canonical": wrong_canonical,
    "machine_files": machine_files,
    "unreadable": unreadable,
    "endless_archive": endless_archive,
    "endless_pages": endless_pages,
    "off_site_links": off_site_links,
    "forbidden": lambda _: {"/": Reply("no", status=403)},
    "too_many": lambda _: {"/": Reply("slow down", status=429)},
    "broken": lambda _: {"/": Reply("broken", status=500)},
    "missing": lambda _: {},
    "without_stories": lambda _: {"/": list_page("/about")},
    "robots_forbid": lambda _: {"/robots.txt": Reply("User-agent: *\nDisallow: /\n")} | PAGES | FRONT,
    "robots_broken": lambda _: {"/robots.txt": Reply("oops", status=503)} | PAGES | FRONT,
    "robots_missing": lambda _: {"/robots.txt": Reply("User-agent: *\nDisallow: /\n", status=404)} | PAGES | FRONT,
    "moved": lambda _: {"/": Reply(status=302, headers={"Location": "http://localhost:9/"})},
}


@dataclasses.dataclass(frozen=True)
class Result:
    asked: list[str]
    summary: dict[str, Any]
    report: dict[str, Any]
    lines: list[dict[str, Any]]

    @property
    def paths(self) -> list[str]:
        return sorted(re.sub(r"^https?://[^/]+", "", line["url"]) for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        return self.report["counts"]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    folder = tmp_path_factory.mktemp("small-sites")
    with contextlib.ExitStack() as stack:
        sites = {name: stack.enter_context(SmallSite({})) for name in SITES}
        for name, site in sites.items():
            site.serve(SITES[name](site.url.rstrip("/")))
        settings = {"RETRY_TIMES": "0", "NEWSSCRAPER_MAX_BARREN_OF_A_SHAPE": "10", "AWS_SECRET_ACCESS_KEY": "x"}
        targets = [site.url for site in sites.values()]
        run = run_python(folder, SCRIPT.format(targets=targets, quiet=True, settings=settings))
    assert (run.code, run.log) == (0, "")
    summaries = json.loads(run.output)
    return {
        name: _result(folder / "corpus", site, summary)
        for (name, site), summary in zip(sites.items(), summaries, strict=True)
    }


def _result(corpus: Path, site: SmallSite, summary: dict[str, Any]) -> Result:
    (report,) = (corpus / "runs" / folder_of(site.address)).glob("*.json")
    lines = [json.loads(line) for file in summary["files"] for line in (corpus / file).read_text("utf-8").splitlines()]
    return Result(site.asked, summary, json.loads(report.read_text("utf-8")), lines)


def test_summaries(results: dict[str, Result]) -> None:
    result = results["plain"]
    summary = result.summary
    assert (summary["stories"], summary["exit_code"], summary["problems"]) == (3, 0, [])
    assert summary["finish_reason"] == "finished"
    assert summary["requests"] == len(result.asked) == result.counts["requests"]
    assert result.paths == sorted(STORIES)
    assert [*summary["archives"], *summary["files"]] == [entry["file"] for entry in result.report["files"]]
    assert summary["archived"] == result.report["counts"]["archived"] == 4, "three stories and a robots.txt"


def test_redirects_are_followed_within_the_site(results: dict[str, Result]) -> None:
    (line,) = results["redirects"].lines
    assert line["url"].endswith("/news/1001/ferry")
    assert line["fetched_url"].endswith("/old/1")
    assert results["redirects"].counts["offsite_redirects"] == 1
    assert len(results["redirects"].asked) < 15


def test_copies_come_out_once(results: dict[str, Result]) -> None:
    assert results["copies"].paths == ["/lonely/1009", "/news/1001/ferry"]


def test_one_wrong_canonical_address_for_all_hides_no_story(results: dict[str, Result]) -> None:
    assert results["wrong_canonical"].paths == sorted(STORIES)


def test_feeds_and_sitemaps_lead_to_stories(results: dict[str, Result]) -> None:
    result = results["machine_files"]
    assert result.paths == ["/f/one", "/news/1001/ferry"]
    assert (result.counts["feeds"], result.counts["sitemaps"]) == (1, 2)
    assert "/sitemap.xml" not in result.asked


def test_what_is_too_large_or_no_page_is_not_read(results: dict[str, Result]) -> None:
    result = results["unreadable"]
    assert result.paths == sorted(STORIES)
    assert result.counts["failed:too_large"] == 2
    assert result.counts["ignored:content_type"] == 1
    assert result.summary["exit_code"] == 1
    assert "/bomb/1111/x" in result.summary["problems"][0]


def test_an_endless_archive_ends(results: dict[str, Result]) -> None:
    result = results["endless_archive"]
    assert result.paths == [STORIES[0]]
    assert len(result.asked) < 40
    assert result.counts["bounded:barren"] > 10
    assert result.summary["exit_code"] == 0


def test_endless_pages_end(results: dict[str, Result]) -> None:
    result = results["endless_pages"]
    assert result.paths == sorted(STORIES)
    assert len(result.asked) < 30


def test_other_hosts_and_other_things_are_left_alone(results: dict[str, Result]) -> None:
    assert sorted(results["off_site_links"].asked) == sorted(["/robots.txt", "/sitemap.xml", "/", *STORIES])


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("forbidden", 4, "refused"),
        ("too_many", 4, "refused"),
        ("broken", 1, "http_500"),
        ("missing", 1, "no usable answer"),
        ("without_stories", 1, "none was a story"),
        ("robots_forbid", 4, "robots.txt"),
        ("robots_broken", 1, "robots_http_503"),
        ("moved", 1, "redirects to another"),
    ],
)
def test_a_site_without_stories_is_said_to_be_one(results: dict[str, Result], name: str, code: int, word: str) -> None:
    result = results[name]
    assert (result.summary["exit_code"], result.report["exit_code"]) == (code, code)
    assert word in " ".join(result.summary["problems"])
    assert (result.summary["stories"], result.summary["files"], result.lines) == (0, [], [])


@pytest.mark.parametrize("name", ["robots_forbid", "robots_broken"])
def test_where_robots_txt_says_no_nothing_is_asked(results: dict[str, Result], name: str) -> None:
    assert set(results[name].asked) == {"/robots.txt"}


def test_an_error_page_in_place_of_robots_txt_forbids_nothing(results: dict[str, Result]) -> None:
    assert results["robots_missing"].paths == sorted(STORIES)


def test_the_report_withholds_secrets(results: dict[str, Result]) -> None:
    settings = results["plain"].report["settings"]
    assert settings["AWS_SECRET_ACCESS_KEY"] == "(withheld)"
    assert settings["NEWSSCRAPER_MAX_BARREN_OF_A_SHAPE"] == "10"


def test_a_corpus_that_cannot_be_written_is_told_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("a file")
    with SmallSite(PAGES | FRONT) as site:
        run = run_python(tmp_path, SCRIPT.format(targets=[site.url], quiet=True, settings={}))
    assert "InputError: corpus: expected a folder" in run.log
    assert site.asked == []


def test_what_failed_is_told_once_in_the_summary(tmp_path: Path) -> None:
    with SmallSite({}) as site:
        url = site.url
    run = run_python(tmp_path, SCRIPT.format(targets=[url], quiet=False, settings={"RETRY_TIMES": "0"}))
    assert run.log == ""
    (summary,) = json.loads(run.output)
    assert summary["exit_code"] == 1
    assert "no usable answer" in summary["problems"][0]
    assert "connection_refused" in summary["problems"][1]


def test_it_speaks_in_lines_where_nobody_looks(tmp_path: Path) -> None:
    with SmallSite(PAGES | FRONT | {"/robots.txt": "User-agent: *\nCrawl-delay: 0.2\n"}) as site:
        settings = {"NEWSSCRAPER_RESOLVE": {"a.example": site.address}, "LOGSTATS_INTERVAL": "0.1"}
        run = run_python(tmp_path, SCRIPT.format(targets=["https://a.example/"], quiet=False, settings=settings))
    lines = run.log.splitlines()
    assert lines
    assert all(re.fullmatch(r"[\d:]+ INFO a.example: Crawled \d+ pages .*", line) for line in lines)


def test_a_start_page_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    pages = {"/sitemap.xml": f"<urlset>{''.join(f'<url><loc>{{}}{path}</loc></url>' for path in STORIES)}</urlset>"}
    with SmallSite({}) as site:
        base = site.url.rstrip("/")
        site.serve(PAGES | {"/sitemap.xml": pages["/sitemap.xml"].replace("{}", base)})
        run = run_python(tmp_path, SCRIPT.format(targets=[f"{base}/en/"], quiet=True, settings={}))
    (summary,) = json.loads(run.output)
    assert (summary["stories"], summary["exit_code"]) == (3, 1)
    assert summary["problems"] == [f"1 gone, where the crawl begins ({base}/en/ (status 404))"]


@pytest.mark.parametrize(
    ("targets", "error"),
    [
        (["nosuchsite"], "InputError"),
        (["ftp://a.example/"], "InputError"),
        ([], "InputError"),
        (
            ["https://a.example/x", "https://www.a.example/y"],
            "same site, a.example, which would be asked twice as fast",
        ),
        (["news"], "'news' is the spider for any site: give it the site's URL"),
    ],
)
def test_nothing_starts_with_a_target_that_cannot_be_used(tmp_path: Path, targets: list[str], error: str) -> None:
    run = run_python(tmp_path, SCRIPT.format(targets=targets, quiet=True, settings={}))
    assert run.code == 1
    assert error in run.log
    assert not (tmp_path / "corpus").exists()
