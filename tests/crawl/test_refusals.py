"""Plain `scrapy` told something that it cannot do: one line says what, nothing is asked, the exit code is not 0."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.crawl.runs import Run, run_scrapy
from tests.crawl.small_site import SmallSite, list_page

URL = "url=http://127.0.0.1:9/"


def errors_of(run: Run) -> list[str]:
    """The error lines of a log that holds nothing else than Scrapy's greeting."""
    assert "Traceback" not in run.log
    lines = [line for line in run.log.splitlines() if re.match(r"\d{4}-", line) and "[scrapy.utils.log]" not in line]
    return [line.partition("] ")[2] for line in lines]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), "ERROR: nothing to crawl: give site=NAME (a profile), url=ADDRESS or urls=FILE"),
        (
            ("-a", "url=https://a.example/"),
            "ERROR: NEWSSCRAPER_CONTACT: expected a URL or a mail address for a.example",
        ),
        (
            ("-a", URL, "-s", "NEWSSCRAPER_MONITORS=maybe"),
            "ERROR: NEWSSCRAPER_MONITORS: expected True or False, got 'maybe'",
        ),
        (
            ("-a", URL, "-s", "NEWSSCRAPER_INCREMENTAL=maybe"),
            "ERROR: NEWSSCRAPER_INCREMENTAL: expected True or False, got 'maybe'",
        ),
        (("-a", "urls=missing.txt"), "ERROR: missing.txt: expected a text file with a URL a line"),
        (("-a", "url=127.0.0.1:8765"), "ERROR: not a URL that can be crawled: '127.0.0.1:8765'"),
        (
            ("-a", "ulr=http://127.0.0.1:9/"),
            "ERROR: no argument of the spider is called 'ulr' (site, url, urls, codes, since, until, limit); did",
        ),
        (("-a", URL, "-a", "urls=list.txt"), "ERROR: a URL and a file of URLs"),
        (("-a", URL, "-s", "NEWSSCRAPER_MAX_DEPTH=abc"), "ERROR: NEWSSCRAPER_MAX_DEPTH: expected a whole number"),
        (("-a", URL, "-s", "NEWSSCRAPER_MAX_DEPHT=1"), "ERROR: NEWSSCRAPER_MAX_DEPHT: no setting is called that; did"),
        (("-a", URL, "-s", "NEWSSCRAPER_MODEL=own.npz"), "ERROR: NEWSSCRAPER_MODEL: "),
        (("-a", URL, "-s", "NEWSSCRAPER_RESOLVE=x"), "ERROR: NEWSSCRAPER_RESOLVE: expected"),
        (
            ("-a", URL, "-s", "NEWSSCRAPER_CORPUS=scrapy.cfg"),
            "ERROR: scrapy.cfg: expected a folder that can be written",
        ),
    ],
)
def test_one_line_and_no_crawl(tmp_path: Path, arguments: tuple[str, ...], error: str) -> None:
    run = run_scrapy(tmp_path, "crawl", "news", *arguments, "-O", "out.jsonl")
    (line,) = errors_of(run)
    assert line.startswith(error)
    assert run.code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["scrapy.cfg"]


@pytest.mark.parametrize("command", [("list",), ("crawl", "news", "-a", URL)])
def test_a_folder_of_profiles_that_is_not_there(tmp_path: Path, command: tuple[str, ...]) -> None:
    run = run_scrapy(tmp_path, *command, "-s", "NEWSSCRAPER_SITES=nosuchdir")
    assert "error: nosuchdir: expected a folder of profiles, got nothing" in run.log
    assert "Traceback" not in run.log
    assert run.code == 2


def test_nothing_is_asked_where_the_corpus_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "runs").write_text("a file")
    with SmallSite({"/": list_page("/news/1001/ferry")}) as site:
        run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={site.url}")
    assert errors_of(run) == ["ERROR: corpus: expected a folder that can be written to: Not a directory"]
    assert (run.code, site.asked) == (1, [])
