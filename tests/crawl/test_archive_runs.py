"""What a crawl leaves in its archive, as another reader of archives sees it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.crawl.archives import Kept, answers_in, kept_in, lines_in, report_of
from tests.crawl.runs import Run, run_scrapy
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page
from tests.crawl.test_several_pages import OWN, pages_of

FERRY, STORM, MOVED = "/news/1001/ferry", "/news/1002/storm", "/moved/1003"
ROBOTS = Reply("User-agent: *\nDisallow: /private/\n", headers={"Content-Type": "text/plain"})
HTML = {"Content-Type": "text/html; charset=utf-8"}
PACKED = gzip.compress(story_page("The ferry is late").encode())
PAGES: dict[str, Reply | str] = {
    "/robots.txt": ROBOTS,
    "/": list_page(FERRY, MOVED, "/gone/1004/x"),
    FERRY: Reply(PACKED, headers=HTML | {"Content-Encoding": "gzip", "Set-Cookie": "visit=7"}),
    MOVED: Reply(status=301, headers={"Location": STORM}),
    STORM: Reply(story_page("The storm is over"), headers=HTML | {"ETag": '"1"'}),
}
EVERYTHING = {
    ("response", "/robots.txt", 200),
    ("response", "/", 200),
    ("response", "/sitemap.xml", 404),
    ("response", "/gone/1004/x", 404),
    ("response", FERRY, 200),
    ("response", MOVED, 301),
    ("response", STORM, 200),
}


def crawl(folder: Path, url: str, *options: str, **settings: str) -> Run:
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return run_scrapy(folder, "crawl", "news", "-a", f"url={url}", *given, *options)


def found(kept: list[Kept], path: str, kind: str = "response") -> Kept:
    (one,) = (each for each in kept if each.kind == kind and each.path == path)
    return one


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus of a crawl with the defaults, of a user with credentials."""
    folder = tmp_path_factory.mktemp("archived")
    headers = {"DEFAULT_REQUEST_HEADERS": json.dumps({"Accept": "text/html", "X-Auth-Token": "hunter2"})}
    with SmallSite(PAGES) as site:
        assert crawl(folder, site.url, NEWSSCRAPER_CONTACT="me@b.example", **headers).code == 0
    return folder / "corpus"


def test_stories_are_archived_with_what_led_to_them_and_nothing_else(archived: Path) -> None:
    assert sorted(answers_in(archived)) == sorted(
        [("response", path, 301 if path == MOVED else 200) for path in ("/robots.txt", FERRY, MOVED, STORM)]
    )


def test_each_record_leads_to_its_page(archived: Path) -> None:
    kept = kept_in(archived)
    lines = lines_in(archived)
    assert len(lines) == 2
    for line in lines:
        page = next(each for each in kept if each.url == line["url"] and each.kind == "response")
        assert line["warc"]["record_id"] == page.warc["WARC-Record-ID"]
        assert line["fetched_at"] == page.warc["WARC-Date"]
        file = (archived / line["warc"]["file"]).read_bytes()
        member = file[line["warc"]["offset"] :][: line["warc"]["length"]]
        assert line["url"].encode() in gzip.decompress(member)


def test_a_page_is_archived_as_it_came(archived: Path) -> None:
    page = found(kept_in(archived), FERRY)
    assert page.body == PACKED
    assert page.headers["content-encoding"] == "gzip"
    assert page.headers["content-length"] == str(len(PACKED))
    assert page.warc["WARC-IP-Address"] == "127.0.0.1"


def test_secrets_are_not_archived(archived: Path) -> None:
    kept = kept_in(archived)
    request = found(kept, FERRY, "request")
    assert request.headers["accept"] == "text/html"
    assert request.headers["user-agent"].startswith("newsscraper/")
    assert request.headers["host"].startswith("127.0.0.1:")
    assert not any("hunter2" in repr(each) for each in kept)
    assert "set-cookie" not in found(kept, FERRY).headers


def test_an_archive_says_how_it_came_to_be(archived: Path) -> None:
    info = kept_in(archived)[0]
    assert info.kind == "warcinfo"
    fields = dict(line.split(": ", 1) for line in info.body.decode().splitlines() if line)
    assert fields["operator"] == "me@b.example"
    assert fields["robots"] == "RFC 9309"
    assert fields["newsscraper-archive"] == "stories"
    assert fields["http-header-user-agent"].startswith("newsscraper/")


def test_the_report_says_how_much_was_archived_and_where(archived: Path) -> None:
    report = report_of(archived)
    assert report["counts"]["archived"] == 4
    (entry,) = (each for each in report["files"] if each["file"].startswith("archive/"))
    assert (archived / entry["file"]).stat().st_size == entry["bytes"] == report["counts"]["archived_bytes"]
    assert entry["records"] == report["counts"]["archived_records"] == len(kept_in(archived))


def test_all_answers_are_archived_where_that_is_asked_for(tmp_path: Path) -> None:
    with SmallSite(PAGES) as site:
        crawl(tmp_path, site.url, NEWSSCRAPER_ARCHIVE="all")
    answers = answers_in(tmp_path / "corpus")
    assert set(answers) == EVERYTHING
    assert len(answers) == len(EVERYTHING)
    assert report_of(tmp_path / "corpus")["counts"]["archived"] == len(EVERYTHING)


def test_nothing_is_archived_where_that_is_asked_for(tmp_path: Path) -> None:
    with SmallSite(PAGES) as site:
        crawl(tmp_path, site.url, NEWSSCRAPER_ARCHIVE="none")
    assert not (tmp_path / "corpus" / "archive").exists()
    assert [line["warc"] for line in lines_in(tmp_path / "corpus")] == [None, None]


@pytest.mark.parametrize(("what", "left"), [("stories", {FERRY}), ("all", {FERRY, "/robots.txt"})])
def test_what_the_purpose_forbids_to_keep_is_not_archived(tmp_path: Path, what: str, left: set[str]) -> None:
    forbidden = HTML | {"X-Robots-Tag": "noarchive"}
    pages: Mapping[str, Reply | str] = {
        "/robots.txt": ROBOTS,
        "/": list_page(FERRY, STORM, "/gone/1004/x", more='<meta name="robots" content="noarchive">'),
        "/sitemap.xml": Reply("none", status=404, headers=forbidden),
        "/gone/1004/x": Reply("none", status=410, headers=forbidden),
        FERRY: story_page("The ferry is late"),
        STORM: Reply(story_page("The storm is over"), headers=forbidden),
    }
    with SmallSite(pages) as site:
        crawl(tmp_path, site.url, NEWSSCRAPER_ARCHIVE=what, NEWSSCRAPER_PURPOSE="archive")
    kept = {path for _, path, _ in answers_in(tmp_path / "corpus")}
    assert kept == {*left, "/robots.txt"}
    assert report_of(tmp_path / "corpus")["counts"]["withheld:noarchive"] == 1


def test_a_reservation_is_archived_with_the_stories_that_it_allows(tmp_path: Path) -> None:
    rules = json.dumps([{"location": "/news/1002/*", "tdm-reservation": 1}])
    pages = PAGES | {"/.well-known/tdmrep.json": Reply(rules, headers={"Content-Type": "application/json"})}
    with SmallSite(pages) as site:
        crawl(tmp_path, site.url, NEWSSCRAPER_PURPOSE="text-mining")
    kept = {path for _, path, _ in answers_in(tmp_path / "corpus")}
    assert kept == {"/robots.txt", "/.well-known/tdmrep.json", FERRY}


def test_a_page_that_is_what_it_was_is_told_in_a_few_bytes(tmp_path: Path) -> None:
    """One by its ETag's host, one by its bytes; one that changed around its story is not archived again."""
    with SmallSite(PAGES | {"/": list_page(FERRY, STORM)}) as site:
        crawl(tmp_path, site.url, NEWSSCRAPER_NOW="2024-03-05T12:00:00Z")
        changed = story_page("The storm is over", more='<a href="/about">About us, since the spring</a>')
        site.serve(PAGES | {STORM: changed})
        crawl(tmp_path, site.url, NEWSSCRAPER_NOW="2024-03-07T12:00:00Z")
        assert site.asked.count(STORM) == site.asked.count(FERRY) == 2
    later = [each for each in answers_in(tmp_path / "corpus") if each[1] in {FERRY, STORM}]
    assert sorted(later) == sorted([("response", FERRY, 200), ("response", STORM, 200), ("revisit", FERRY, 200)])


def test_a_story_that_changed_is_archived_again(tmp_path: Path) -> None:
    with SmallSite({"/": list_page(FERRY), FERRY: story_page("The ferry is late")}) as site:
        crawl(tmp_path, site.url, NEWSSCRAPER_NOW="2024-03-05T12:00:00Z")
        site.serve({"/": list_page(FERRY), FERRY: story_page("The ferry is lost")})
        crawl(tmp_path, site.url, NEWSSCRAPER_NOW="2024-03-07T12:00:00Z")
    lines = lines_in(tmp_path / "corpus")
    assert [line["version"] for line in lines] == [1, 2]
    pages = [each.warc["WARC-Record-ID"] for each in kept_in(tmp_path / "corpus") if each.path == FERRY and each.status]
    assert [line["warc"]["record_id"] for line in lines] == pages


def test_the_pages_of_a_story_are_archived_together(tmp_path: Path) -> None:
    with SmallSite(pages_of(3) | {"/": list_page(OWN)}) as site:
        crawl(tmp_path, site.url)
        first = site.url.rstrip("/") + OWN
    corpus = tmp_path / "corpus"
    pages = [each for each in kept_in(corpus) if each.kind == "response" and each.path.startswith(OWN)]
    assert [each.path for each in pages] == [f"{OWN}?page=2", f"{OWN}?page=3", OWN]
    assert [each.warc.get("Newsscraper-Page-Of") for each in pages] == [first, first, None]
    assert pages[2].warc["Newsscraper-Further-Pages"].count("+") == 2
    (line,) = lines_in(corpus)
    assert line["warc"]["record_id"] == pages[2].warc["WARC-Record-ID"]


def test_what_came_out_of_a_cache_is_not_archived(tmp_path: Path) -> None:
    cached = {"HTTPCACHE_ENABLED": "True", "HTTPCACHE_DIR": str(tmp_path / "cache")}
    with SmallSite(PAGES) as site:
        for name in ("first", "again"):
            (tmp_path / name).mkdir()
            crawl(tmp_path / name, site.url, **cached)
    assert len(answers_in(tmp_path / "first" / "corpus")) == 4
    assert not (tmp_path / "again" / "corpus" / "archive").exists()
    assert [line["warc"] for line in lines_in(tmp_path / "again" / "corpus")] == [None, None]


def test_a_host_with_a_stand_in_is_archived_under_its_own_name(tmp_path: Path) -> None:
    with SmallSite({"/": list_page(FERRY), FERRY: story_page("The ferry is late")}) as site:
        crawl(tmp_path, "https://tidings.example/", NEWSSCRAPER_RESOLVE=json.dumps({"tidings.example": site.address}))
    kept = kept_in(tmp_path / "corpus")
    assert {each.url for each in kept if each.kind == "response"} == {f"https://tidings.example{FERRY}"} | {
        "https://tidings.example/robots.txt"
    }
    assert found(kept, FERRY, "request").headers["host"] == "tidings.example"


def test_files_end_where_they_are_large_enough(tmp_path: Path) -> None:
    with SmallSite(PAGES) as site:
        crawl(tmp_path, site.url, NEWSSCRAPER_ARCHIVE_MB="0")
    corpus = tmp_path / "corpus"
    files = sorted((corpus / "archive").glob("*/*.warc.gz"))
    assert len(files) == 2
    assert {line["warc"]["file"] for line in lines_in(corpus)} == {
        file.relative_to(corpus).as_posix() for file in files
    }


@pytest.mark.parametrize(
    ("setting", "said"), [("NEWSSCRAPER_ARCHIVE=storeis", "stories"), ("NEWSSCRAPER_ARCHIVE_MB=-1", "0")]
)
def test_settings_that_cannot_be_used(tmp_path: Path, setting: str, said: str) -> None:
    run = crawl(tmp_path, "http://127.0.0.1:9/", "-s", setting)
    assert run.code == 1
    assert f"{setting.partition('=')[0]}: expected" in run.log
    assert said in run.log
