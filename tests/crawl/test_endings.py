"""How a run that went wrong ends, and what it leaves."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsscraper.crawl.walls import ADVICE
from tests.crawl.runs import Run, run_python, run_scrapy
from tests.crawl.small_site import PARAGRAPH, Reply, SmallSite, list_page, story_page

STORIES = {f"/news/{number}/ferry": story_page(f"Ferry number {number} is late") for number in range(1001, 1021)}
FRONT = {"/": list_page(*STORIES)}


def errors_of(run: Run) -> list[str]:
    return [line.partition("ERROR: ")[2] for line in run.log.splitlines() if "] ERROR:" in line]


def test_a_failed_run_says_so_in_one_line(tmp_path: Path) -> None:
    with SmallSite({"/": Reply("no", status=403)}) as site:
        run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={site.url}")
    assert errors_of(run) == [
        f"newsscraper: {site.address}: exit 4: no story was found: the site refused or challenged us; "
        f"1 refused by the site: http_403 ({site.url} (status 403)); {ADVICE['refused']}"
    ]


def test_a_run_that_went_well_has_no_error(tmp_path: Path) -> None:
    with SmallSite(STORIES | FRONT) as site:
        run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={site.url}")
    assert errors_of(run) == []
    assert "exit" not in re.sub("exit_code", "", run.log)


def test_a_robots_txt_that_does_not_come_is_told_in_one_line(tmp_path: Path) -> None:
    with SmallSite({}) as site:
        url = site.url
    run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={url}", "-s", "RETRY_TIMES=0")
    assert "Traceback" not in run.log
    told = [line for line in run.log.splitlines() if "robots.txt could not be had" in line]
    assert len(told) == 1
    assert f"WARNING: {url}robots.txt could not be had: Connection was refused" in told[0]
    assert [error.startswith("newsscraper: ") for error in errors_of(run)] == [True]
    assert run.report["counts"]["failed:connection_refused"] == 1


def test_a_corpus_that_fails_under_way_ends_the_run_and_the_feed_has_what_came(tmp_path: Path) -> None:
    def reply(path: str) -> Reply | str | None:
        if path == "/":
            (tmp_path / "corpus" / "stories").write_text("a file")
        return (STORIES | FRONT).get(path)

    with SmallSite(reply) as site:
        options = ("-s", "CONCURRENT_REQUESTS=1", "-s", "NEWSSCRAPER_SEAL_EVERY=1", "-O", "out.jsonl")
        run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={site.url}", *options)
    first, last = errors_of(run)
    assert first.startswith(f"the stories of {site.address} could not be written: ")
    assert last == f"newsscraper: {site.address}: exit 1: {first}"
    assert "Traceback" not in run.log
    assert PARAGRAPH[:40] not in run.log
    assert 1 <= len(run.lines) < len(STORIES)
    assert (run.report["finish_reason"], run.report["counts"]["stories"]) == ("corpus_unwritable", 0)
    assert run.report["problems"] == [first]


@pytest.mark.parametrize("point", ["leasing:written:2", "settling:written:5"])
def test_a_disk_that_fills_up_ends_the_run_with_1_and_the_next_one_goes_on(tmp_path: Path, point: str) -> None:
    code = f"""
import sys
from newsscraper.store import faults
faults.hook = faults.read_fault("full@{point}")
from newsscraper.cli import main
sys.argv[1:] = ["crawl", URL]
main()
"""
    with SmallSite(STORIES | FRONT) as site:
        run = run_python(tmp_path, code.replace("URL", repr(site.url)))
        assert run.code == 1
        assert f"problem: the stories of {site.address} could not be written: " in run.output
        assert "No space left on device" in run.output
        assert "Traceback" not in run.output + run.log
        assert list((tmp_path / "corpus").rglob("*.part")) == []
        done = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={site.url}")
    assert done.code == 0
    lines = [json.loads(line) for file in (tmp_path / "corpus/stories").glob("*/*") for line in file.open("rb")]
    assert len(lines) == len({line["url"] for line in lines}) == len(STORIES)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send there")
def test_a_run_that_is_ended_by_force_says_so(tmp_path: Path) -> None:
    release = threading.Event()

    def reply(path: str) -> Reply | str | None:
        if path == "/news/1020/ferry":
            release.wait(30)
        return (STORIES | FRONT).get(path)

    command = [sys.executable, "-m", "newsscraper", "crawl"]
    with SmallSite(reply) as site:
        crawl = subprocess.Popen([*command, site.url], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        for _ in range(2):
            wait_for(lambda: "/news/1020/ferry" in site.asked)
            crawl.send_signal(signal.SIGINT)
            time.sleep(0.3)
        output, _ = crawl.communicate(timeout=30)
        release.set()
    assert crawl.returncode == 1
    assert "problem: the run was ended by force: the next one seals what it kept" in output


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM to send there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_asked_to_stop_can_be_gone_on_with(tmp_path: Path, number: signal.Signals) -> None:
    release = threading.Event()

    def reply(path: str) -> Reply | str | None:
        if path in STORIES and len(site.asked) > 8:
            release.wait(10)
        return (STORIES | FRONT).get(path)

    command = [sys.executable, "-m", "newsscraper", "crawl", "-q"]
    with SmallSite(reply) as site:
        crawl = subprocess.Popen([*command, site.url], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: len(site.asked) > 10)
        crawl.send_signal(number)
        time.sleep(0.3)
        release.set()
        _, errors = crawl.communicate(timeout=30)
        (report,) = (tmp_path / "corpus" / "runs").glob("*/*.json")
        first = json.loads(report.read_text("utf-8"))
        assert crawl.returncode == 1
        assert "cut short (shutdown)" in errors
        assert 0 < first["counts"]["new"] < len(STORIES)
        done = subprocess.run([*command, site.url], cwd=tmp_path, check=False)
    assert done.returncode == 0
    lines = [json.loads(line) for file in (tmp_path / "corpus/stories").glob("*/*") for line in file.open("rb")]
    assert len(lines) == len({line["url"] for line in lines}) == len(STORIES)


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise TimeoutError


def test_each_site_of_a_list_has_its_own_report(tmp_path: Path) -> None:
    with SmallSite(STORIES) as one, SmallSite({"/news/1001/ferry": STORIES["/news/1001/ferry"]}) as other:
        stories = [f"{one.url}news/{number}/ferry" for number in (1001, 1002, 1003)]
        lines = [*stories, "no url", f"{other.url}news/1001/ferry", f"{other.url}gone/7"]
        (tmp_path / "urls.txt").write_text("\n".join(lines) + "\n")
        run = run_scrapy(tmp_path, "crawl", "news", "-a", "urls=urls.txt")
    reports = {}
    for path in (tmp_path / "corpus" / "runs").glob("*/*.json"):
        report = json.loads(path.read_text("utf-8"))
        reports[report["site"]] = report
    first, second = reports[one.address], reports[other.address]
    assert first["counts"]["stories"] == first["counts"]["story"] == 3
    assert first["counts"]["requests"] == len(one.asked) == 4
    assert second["counts"]["stories"] == second["counts"]["story"] == second["counts"]["gone"] == 1
    assert second["counts"]["requests"] == len(other.asked) == 3
    files = [seal for seal in (*first["files"], *second["files"]) if seal["file"].startswith("stories/")]
    assert [seal["records"] for seal in files] == [3, 1]
    line = "1 no URL (urls.txt:4: 'no url')"
    gone = f"1 gone ({other.url}gone/7 (status 404))"
    assert sorted([first["problems"], second["problems"]]) == sorted(
        [[line], [gone]] if one.address == min(reports, key=lambda site: (len(site), site)) else [[], [line, gone]]
    )
    assert run.log.count("urls.txt:4") == 1
    assert all(error.startswith("newsscraper: 127.0.0.1:") for error in errors_of(run))
