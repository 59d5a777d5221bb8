"""Crawls that are answered from an archive."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newsscraper.store import Clock, Ledger
from tests.crawl.archives import kept_in, lines_in, report_of, write_foreign
from tests.crawl.runs import Run, run_python, run_scrapy
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page
from tests.crawl.test_several_pages import OWN, pages_of
from tests.store.test_archive_reading_http import zstd

SITE = "https://tidings.example"
HTML = {"Content-Type": "text/html; charset=utf-8"}
ROBOTS = Reply("User-agent: *\nDisallow: /secret/\nCrawl-delay: 30\n", headers={"Content-Type": "text/plain"})
FERRY, STORM, MOVED, QUIET = "/news/1007/ferry", "/news/1002/storm", "/moved/1003", "/told/by-the-map-alone"
NEWS = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{url}</loc><news:news>'
    "<news:title>Only the map knows</news:title></news:news></url></urlset>"
)
PAGES = pages_of(3) | {
    "/robots.txt": ROBOTS,
    "/": list_page(FERRY, MOVED, "/gone/1004/x", "/secret/1005/x", more='<link rel="next" href="/older">'),
    "/older": list_page(OWN),
    "/sitemap.xml": NEWS.format(url=SITE + QUIET),
    QUIET: story_page("Only the map knows of this", date=None),
    FERRY: Reply(gzip.compress(story_page("The ferry is late").encode()), headers=HTML | {"Content-Encoding": "gzip"}),
    MOVED: Reply(status=301, headers={"Location": STORM}),
    STORM: Reply(story_page("The storm is over"), headers=HTML | {"ETag": '"1"'}),
}
OFFLINE = """
import json, socket
from pathlib import Path
from newsscraper.crawl.run import crawl

def refuse(*arguments, **named):
    raise AssertionError(f"somebody was asked: {{arguments}}")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
(summary,) = crawl(
    {targets!r}, corpus=Path("corpus"), quiet=True, arguments={arguments!r}, settings={settings!r}
)
print(json.dumps(vars(summary)))
"""


def crawl_live(folder: Path, **settings: str) -> Path:
    """The corpus of a crawl of the site, with its archive."""
    with SmallSite(PAGES) as site:
        resolve = json.dumps({"tidings.example": site.address})
        given = settings | {"NEWSSCRAPER_RESOLVE": resolve, "NEWSSCRAPER_CONTACT": "me@b.example"}
        given |= {"NEWSSCRAPER_MAX_CRAWL_DELAY": "0"}
        options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
        assert run_scrapy(folder, "crawl", "news", "-a", f"url={SITE}/", *options).code == 0
    return folder / "corpus"


def crawl_offline(
    folder: Path, archive: Path, *targets: str, arguments: dict[str, str] | None = None, **settings: Any
) -> dict[str, Any]:
    """The summary of a crawl in which nobody can be asked."""
    folder.mkdir(exist_ok=True)
    settings = {"NEWSSCRAPER_OFFLINE": [str(archive)], "DOWNLOAD_DELAY": "60"} | settings
    given = list(targets) if targets or arguments else [f"{SITE}/"]
    run = run_python(folder, OFFLINE.format(targets=given, arguments=arguments or {}, settings=settings))
    assert "somebody was asked" not in run.log
    summary: dict[str, Any] = json.loads(run.output)
    return summary


def content_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines without what tells of the run, and of where its pages lie."""
    return [{key: value for key, value in line.items() if key not in {"run_id", "warc"}} for line in lines]


@pytest.fixture(scope="module", params=["stories", "all"])
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crawl_live(tmp_path_factory.mktemp(request.param), NEWSSCRAPER_ARCHIVE=request.param)


def test_an_archive_gives_the_stories_of_the_crawl_that_made_it(live: Path, tmp_path: Path) -> None:
    summary = crawl_offline(tmp_path, live / "archive")
    lines, before = lines_in(tmp_path / "corpus"), lines_in(live)
    assert len(before) == 4
    assert content_of(lines) == content_of(before)
    assert (summary["exit_code"], summary["problems"]) == (0, [])
    # Once more: they are known, however often that is asked for.
    again = crawl_offline(tmp_path, live / "archive", NEWSSCRAPER_NOW="2030-01-01T00:00:00Z")
    assert (again["stories"], again["exit_code"]) == (0, 0)


def test_each_record_of_an_offline_crawl_leads_into_the_archive(live: Path, tmp_path: Path) -> None:
    crawl_offline(tmp_path, live / "archive")
    pointers = {line["url"]: line["warc"] for line in lines_in(live)}
    for line in lines_in(tmp_path / "corpus"):
        expected = pointers[line["url"]]
        assert line["warc"] == {**expected, "file": str(live / expected["file"])}
    assert not (tmp_path / "corpus" / "archive").exists()


def test_an_archive_of_the_same_corpus_is_pointed_at_below_it(live: Path, tmp_path: Path) -> None:
    shutil.copytree(live / "archive", tmp_path / "corpus" / "archive")
    crawl_offline(tmp_path, tmp_path / "corpus" / "archive")
    assert [line["warc"] for line in lines_in(tmp_path / "corpus")] == [line["warc"] for line in lines_in(live)]


def test_the_corpus_that_made_the_archive_learns_nothing_from_it(live: Path, tmp_path: Path) -> None:
    shutil.copytree(live, tmp_path / "corpus")
    summary = crawl_offline(tmp_path, tmp_path / "corpus" / "archive")
    assert (summary["stories"], summary["exit_code"], summary["problems"]) == (0, 0, [])
    foreign(tmp_path / "other.warc.gz", ("https://elsewhere.example/", "2024-03-06T10:00:00Z", 200, HTML, b"x"))
    other = crawl_offline(tmp_path, tmp_path / "other.warc.gz")
    assert (other["exit_code"], other["problems"]) == (1, ["no story was found: nothing of the site is in the archive"])


def test_what_is_not_archived_is_told_and_no_fault_of_the_site(tmp_path: Path) -> None:
    corpus = crawl_live(tmp_path)
    summary = crawl_offline(tmp_path / "offline", corpus / "archive")
    counts = report_of(tmp_path / "offline" / "corpus")["counts"]
    assert counts["not_archived"] >= 1
    assert (summary["exit_code"], summary["failures"], summary["problems"]) == (0, 0, [])
    assert report_of(tmp_path / "offline" / "corpus")["examples"]["not_archived"][0] == f"{SITE}/"
    with Ledger.open(tmp_path / "offline" / "corpus", "tidings.example", clock=Clock()) as ledger:
        left = ledger.frontier.known(f"{SITE}/")
    assert left in {"ready", "waiting"}, "a crawl of the site itself asks for it"


def page(title: str, number: int = 1001) -> tuple[str, bytes]:
    return f"{SITE}/news/{number}/ferry", story_page(title).encode()


def foreign(file: Path, *answers: tuple[str, str, int, dict[str, str], bytes]) -> Path:
    write_foreign(file, answers)
    return file


def test_an_archive_of_another_maker_is_crawled(tmp_path: Path) -> None:
    at = "2024-03-06T10:00:00.123Z"
    (ferry, late), (storm, over) = page("The ferry is late"), page("The storm is over", 1002)
    archive = foreign(
        tmp_path / "CC-NEWS-1.warc.gz",
        (ferry, at, 200, HTML | {"Content-Encoding": "gzip", "X-Crawl-Note": "unpacked long ago"}, late),
        (storm, at, 200, HTML, over),
        (f"{SITE}/news/1003/x", at, 404, HTML, b"<p>gone"),
        (f"{SITE}/about", at, 200, HTML, b"<html><body><h1>About</h1><p>Us.</p></body></html>"),
        (f"{SITE}/logo.png", at, 200, {"Content-Type": "image/png"}, b"\x89PNG"),
        ("https://elsewhere.example/news/1/x", at, 200, HTML, late),
    )
    summary = crawl_offline(tmp_path, archive)
    lines = lines_in(tmp_path / "corpus")
    assert [(line["url"], line["title"]) for line in lines] == [
        (ferry, "The ferry is late"),
        (storm, "The storm is over"),
    ]
    assert {line["fetched_at"] for line in lines} == {"2024-03-06T10:00:00Z"}
    assert summary["exit_code"] == 0


def test_every_page_of_an_archive_is_read_however_many_bring_nothing(tmp_path: Path) -> None:
    at, thin = "2024-03-06T10:00:00Z", b"<html><body><h1>About</h1><p>Us.</p></body></html>"
    ferry, late = page("The ferry is late")
    pages = [(f"{SITE}/town/{number:03}/about", at, 200, HTML, thin) for number in range(30)]
    summary = crawl_offline(tmp_path, foreign(tmp_path / "a.warc.gz", (ferry, at, 200, HTML, late), *pages))
    counts = report_of(tmp_path / "corpus")["counts"]
    assert (summary["stories"], counts["not_story:no_text"]) == (1, 30)
    assert "bounded:barren" not in counts
    assert (summary["not_stories"], summary["not_archived"]) == (30, counts["not_archived"])


@pytest.mark.parametrize(
    ("now", "title"),
    [("", "The ferry is found"), ("2024-03-07T00:00:00Z", "The ferry is lost"), ("2024-03-05T12:00:00Z", None)],
)
def test_the_latest_capture_counts_or_the_latest_before_now(tmp_path: Path, now: str, title: str | None) -> None:
    told = [
        ("06T10:00:00Z", "The ferry is lost"),
        ("09T10:00:00Z", "The ferry is found"),
        ("06T09:00:00Z", "The ferry"),
    ]
    answers = [(page(text)[0], f"2024-03-{at}", 200, HTML, page(text)[1]) for at, text in told]
    archive = foreign(tmp_path / "one.warc.gz", *answers)
    crawl_offline(tmp_path, archive, NEWSSCRAPER_NOW=now)
    assert [line["title"] for line in lines_in(tmp_path / "corpus")] == [title] * (title is not None)


def test_a_page_that_was_what_it_had_been_is_read_from_its_first_capture(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    crawl_live(site, NEWSSCRAPER_NOW="2024-03-05T12:00:00Z")
    corpus = crawl_live(site, NEWSSCRAPER_NOW="2024-03-07T12:00:00Z")
    assert {each.path for each in kept_in(corpus) if each.kind == "revisit"} >= {FERRY, QUIET}
    crawl_offline(tmp_path, corpus / "archive")
    assert content_of(lines_in(tmp_path / "corpus")) == content_of(lines_in(corpus))


def test_only_what_a_list_names_is_read(tmp_path: Path) -> None:
    (ferry, late), (storm, over) = page("The ferry is late"), page("The storm is over", 1002)
    at = "2024-03-06T10:00:00Z"
    archive = foreign(tmp_path / "a.warc.gz", (ferry, at, 200, HTML, late), (storm, at, 200, HTML, over))
    (tmp_path / "urls.txt").write_text(f"{storm}\n{SITE}/news/1009/x\n")
    summary = crawl_offline(tmp_path, archive, arguments={"urls": "urls.txt"})
    assert [line["url"] for line in lines_in(tmp_path / "corpus")] == [storm]
    assert (summary["exit_code"], summary["problems"]) == (1, [f"1 not in the archive ({SITE}/news/1009/x)"])


def test_a_site_that_the_archive_does_not_hold_is_told(tmp_path: Path) -> None:
    archive = foreign(tmp_path / "a.warc.gz", ("https://elsewhere.example/", "2024-03-06T10:00:00Z", 200, HTML, b"x"))
    summary = crawl_offline(tmp_path, archive)
    assert summary["exit_code"] == 1
    assert summary["problems"][0] == "no story was found: nothing of the site is in the archive"


def test_a_damaged_archive_gives_what_is_whole(tmp_path: Path) -> None:
    (ferry, late), (storm, over) = page("The ferry is late"), page("The storm is over", 1002)
    at = "2024-03-06T10:00:00Z"
    archive = foreign(tmp_path / "a.warc.gz", (ferry, at, 200, HTML, late), (storm, at, 200, HTML, over))
    archive.write_bytes(archive.read_bytes()[:-60])
    crawl_offline(tmp_path, tmp_path)
    assert [line["url"] for line in lines_in(tmp_path / "corpus")] == [ferry]


@pytest.mark.parametrize("form", ["gz", "zst"])
def test_an_archive_packed_as_one_is_refused_with_what_helps(tmp_path: Path, form: str) -> None:
    (ferry, late), (storm, over) = page("The ferry is late"), page("The storm is over", 1002)
    at = "2024-03-06T10:00:00Z"
    one_by_one = foreign(tmp_path / "a.warc.gz", (ferry, at, 200, HTML, late), (storm, at, 200, HTML, over))
    plain, together = gzip.decompress(one_by_one.read_bytes()), tmp_path / f"b.warc.{form}"
    together.write_bytes(gzip.compress(plain) if form == "gz" else zstd(plain))
    summary = crawl_offline(tmp_path / "alone", together)
    assert summary["exit_code"] == 2
    (told,) = summary["problems"]
    assert f"{together}: its records are packed together" in told
    assert ("warcio recompress" if form == "gz" else "zstd -d") in told
    # Beside others it is told, and they are crawled.
    assert crawl_offline(tmp_path / "beside", tmp_path)["stories"] == 2


def test_an_answer_larger_than_the_bound_is_not_read(tmp_path: Path) -> None:
    (ferry, late), (storm, over) = page("The ferry is late"), page("The storm is over", 1002)
    at, bomb = "2024-03-06T10:00:00Z", gzip.compress(late + b" " * 20_000_000)
    packed = HTML | {"Content-Encoding": "gzip"}
    archive = foreign(tmp_path / "a.warc.gz", (ferry, at, 200, packed, bomb), (storm, at, 200, HTML, over))
    crawl_offline(tmp_path, archive)
    assert [line["url"] for line in lines_in(tmp_path / "corpus")] == [storm]


def test_without_a_file_of_reservations_nothing_is_kept_that_one_might_bind(tmp_path: Path) -> None:
    url, body = page("The ferry is late")
    archive = foreign(tmp_path / "a.warc.gz", (url, "2024-03-06T10:00:00Z", 200, HTML, body))
    summary = crawl_offline(tmp_path, archive, NEWSSCRAPER_PURPOSE="text-mining")
    assert summary["stories"] == 0
    assert report_of(tmp_path / "corpus")["counts"]["withheld:tdm-unknown"] == 1


def scrapy_offline(folder: Path, given: str) -> Run:
    return run_scrapy(folder, "crawl", "news", "-a", f"url={SITE}/", "-s", f"NEWSSCRAPER_OFFLINE={given}")


def test_files_are_named_by_pattern_and_as_a_list(tmp_path: Path) -> None:
    (ferry, late), (storm, over) = page("The ferry is late"), page("The storm is over", 1002)
    at = "2024-03-06T10:00:00Z"
    foreign(tmp_path / "one" / "x-1.warc.gz", (ferry, at, 200, HTML, late))
    foreign(tmp_path / "two" / "y.warc.gz", (storm, at, 200, HTML, over))
    assert scrapy_offline(tmp_path, "one/x-*.warc.gz:t?o").code == 0
    assert [line["url"] for line in lines_in(tmp_path / "corpus")] == [ferry, storm]


def test_an_archive_that_is_not_there_stops_the_crawl(tmp_path: Path) -> None:
    run = scrapy_offline(tmp_path, "nowhere/*.warc.gz")
    assert run.code == 1
    assert "NEWSSCRAPER_OFFLINE: expected archives (.warc, .warc.gz), found none at 'nowhere/*.warc.gz'" in run.log
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize("options", [("--offline", ""), ("-s", "NEWSSCRAPER_OFFLINE=")])
def test_an_archive_elsewhere_has_to_be_fetched_first(tmp_path: Path, options: tuple[str, str]) -> None:
    option, prefix = options
    command = [sys.executable, "-m", "newsscraper", "crawl", f"{SITE}/", option, f"{prefix}https://a.example/b.warc.gz"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "'https://a.example/b.warc.gz' lies elsewhere: fetch it first" in done.stderr + done.stdout


def test_another_spider_of_the_project_asks_nobody_either(tmp_path: Path) -> None:
    url, body = page("The ferry is late")
    archive = foreign(tmp_path / "a.warc.gz", (url, "2024-03-06T10:00:00Z", 200, HTML, body))
    run = run_scrapy(tmp_path, "fetch", "--nolog", url, "-s", f"NEWSSCRAPER_OFFLINE={archive}")
    assert "<h1>The ferry is late</h1>" in run.output
