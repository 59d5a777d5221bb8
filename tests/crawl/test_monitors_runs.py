"""Two runs over a site that breaks between them: what the second one says, in its summary, its log and its report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.runs import Run, run_scrapy, start_python
from tests.crawl.small_site import PARAGRAPH, Reply, SmallSite, list_page, story_page

Pages = dict[str, Reply | str]

WALL = (
    "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before accessing</h1>"
    "<p>Enable JavaScript and cookies to continue.</p></body></html>"
)


def stories(numbers: range, make: Callable[[str], str] = story_page) -> Pages:
    return {f"/news/{number}/ferry": make(f"Ferry number {number} is late") for number in numbers}


SECRETS = ("-s", "NEWSSCRAPER_WEBHOOK=http://127.0.0.1:9/hushed", "-s", "SPIDERMON_SMTP_PASSWORD=hushed")
OLD = stories(range(1001, 1009))
NEW = range(1009, 1017)


def reports_in(folder: Path) -> list[dict[str, Any]]:
    """The oldest first: two runs may begin in one second, which is all that their names tell."""
    paths = sorted((folder / "corpus" / "runs").glob("*/*.json"), key=lambda path: path.stat().st_mtime_ns)
    return [json.loads(path.read_text("utf-8")) for path in paths]


def crawl(folder: Path, site: SmallSite, *options: str) -> Run:
    return run_scrapy(folder, "crawl", "news", "-a", f"url={site.url}", *options)


def crawl_twice(folder: Path, second: Pages, *options: str) -> tuple[Run, str]:
    """The second of two runs, and the site's name; in between it turns to `second`."""
    with SmallSite(OLD | {"/": list_page(*OLD)}) as site:
        first = crawl(folder, site)
        assert reports_in(folder)[0]["exit_code"] == 0, first.log
        site.serve(second)
        return crawl(folder, site, *options), site.address


def lines_of(run: Run) -> list[str]:
    """What a scheduler would grep for."""
    return re.findall(r"newsscraper: .*: exit \d: .*", run.log)


def without_date(title: str) -> str:
    return story_page(title, date=None)


def without_text(title: str) -> str:
    return story_page(title).replace("<p>", '<p data-text="').replace("</p>", '"></p>')


@pytest.mark.parametrize(
    ("make", "what", "sentence"),
    [
        (
            without_date,
            "date",
            "date: the share of stories that have it fell from 100% (the run before) to 0% (0 of 8)",
        ),
        (without_text, "story_pages", "the share of those that are fell from 100% (the run before) to 0% (0 of 8)"),
    ],
)
def test_markup_that_breaks_between_two_runs(
    tmp_path: Path, make: Callable[[str], str], what: str, sentence: str
) -> None:
    new = stories(NEW, make)
    run, address = crawl_twice(tmp_path, OLD | new | {"/": list_page(*new, *OLD)}, *SECRETS)
    first, second = reports_in(tmp_path)
    assert [each["what"] for each in second["findings"]] == [what]
    assert second["exit_code"] == 3
    assert sentence in second["problems"][0]
    assert f"NEWSSCRAPER_MONITOR_SINCE={second['started_at']}" in second["problems"][-1]
    (line,) = lines_of(run)
    assert line.startswith(f"newsscraper: {address}: exit 3: ")
    assert sentence in line
    assert first["quality"]["fields"]["date"] == {"stories": 8, "share": 1.0}
    assert "hushed" not in json.dumps(second)


def test_the_command_ends_with_3_and_says_what_fell(tmp_path: Path) -> None:
    with SmallSite(OLD | {"/": list_page(*OLD)}) as site:
        crawl(tmp_path, site)
        site.serve(OLD | {"/": f"<html><title>a</title><body><p>{PARAGRAPH}</p></body></html>"})
        run = start_python(tmp_path, "-m", "newsscraper", "crawl", site.url)
    assert run.code == 3
    first, second, *_ = run.output.splitlines()
    assert first.startswith(f"{site.address}: 0 stories, ")
    assert second == (
        "  problem: links to stories: the pages where the crawl begins and the feeds name 0, where they named 8: "
        f"{site.url} fell from 8 to 0"
    )


def test_a_site_with_nothing_new_is_well(tmp_path: Path) -> None:
    """Once with the same front, and once with one that only looks different."""
    run, _ = crawl_twice(tmp_path, OLD | {"/": list_page(*OLD, more="<meta name=a>")})
    assert [each["exit_code"] for each in reports_in(tmp_path)] == [0, 0]
    assert lines_of(run) == []


@pytest.mark.parametrize(
    ("walled", "problem"),
    [
        ({"/": Reply(WALL, status=403)}, "no story was found: the site refused or challenged us"),
        (
            dict.fromkeys(stories(NEW), WALL),
            "refusals: the share of requests that were refused or challenged rose from 0%",
        ),
    ],
)
def test_a_site_that_turns_to_challenges(tmp_path: Path, walled: Pages, problem: str) -> None:
    new = stories(NEW)
    run, address = crawl_twice(tmp_path, OLD | new | {"/": list_page(*new, *OLD)} | walled)
    assert reports_in(tmp_path)[1]["exit_code"] == 4
    (line,) = lines_of(run)
    assert line.startswith(f"newsscraper: {address}: exit 4: ")
    assert problem in line


def test_stories_that_are_what_they_were_are_looked_at_too(tmp_path: Path) -> None:
    """Every page is asked again and has lost its date: none of them is a new story."""
    changed = {path: page.replace("article:published_time", "x") for path, page in OLD.items() if isinstance(page, str)}
    _, _ = crawl_twice(tmp_path, changed | {"/": list_page(*OLD)}, "-s", "NEWSSCRAPER_INCREMENTAL=False")
    second = reports_in(tmp_path)[1]
    assert (second["quality"]["stories"], second["quality"]["fields"]["date"]["stories"]) == (8, 0)
    assert second["exit_code"] == 3
