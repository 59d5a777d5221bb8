"""Pages that are read in processes of their own, and pages over which processes die."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.runs import Run, run_python
from tests.crawl.small_site import SmallSite, list_page, story_page
from tests.crawl.test_runs_again import report_of, sealed_lines

STORIES = {f"/news/{number}/ferry": story_page(f"Ferry number {number} is late") for number in range(1001, 1007)}
SITE = STORIES | {"/": list_page(*STORIES)}
DEADLY = "/news/1003/"

SCRIPT = """
import dataclasses, json, os
from pathlib import Path
os.environ.update({environment!r})
from newsscraper.crawl.run import crawl
if __name__ == "__main__":
    (summary,) = crawl([{url!r}], corpus=Path("corpus"), quiet=True, settings={settings!r})
    print(json.dumps(dataclasses.asdict(summary)))
"""


def crawl(folder: Path, url: str, deadly: str = "", **settings: str) -> Run:
    environment = {"NEWSSCRAPER_TEST_KILL_ON": deadly, "OPENBLAS_NUM_THREADS": "1"}
    return run_python(folder, SCRIPT.format(environment=environment, url=url, settings=settings))


def paths_in(folder: Path) -> list[str]:
    return sorted("/" + line["url"].split("/", 3)[3] for line in sealed_lines(folder))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_workers_read_what_this_process_would(tmp_path: Path, workers: str) -> None:
    lines: list[list[dict[str, Any]]] = []
    with SmallSite(SITE) as site:
        for number in ("0", workers):
            folder = tmp_path / number
            folder.mkdir()
            run = crawl(folder, site.url, NEWSSCRAPER_WORKERS=number)
            assert (run.code, json.loads(run.output)["exit_code"]) == (0, 0)
            lines.append(sorted(sealed_lines(folder), key=lambda line: line["url"]))
    ours = [[{**line, "run_id": "", "fetched_at": "", "warc": None} for line in each] for each in lines]
    assert ours[0] == ours[1]
    assert len(ours[0]) == len(STORIES)


def test_a_page_that_kills_its_worker_is_set_aside_and_the_rest_is_read(tmp_path: Path) -> None:
    with SmallSite(SITE) as site:
        run = crawl(tmp_path, site.url, DEADLY, NEWSSCRAPER_WORKERS="1")
        assert site.asked.count("/news/1003/ferry") == 3
        assert paths_in(tmp_path) == sorted(path for path in STORIES if not path.startswith(DEADLY))
        counts = report_of(tmp_path)["counts"]
        assert (counts["failed:quarantined"], counts["reading_died"]) == (1, 2)
        assert json.loads(run.output)["exit_code"] == 1
        site.asked.clear()
        crawl(tmp_path, site.url, DEADLY, NEWSSCRAPER_WORKERS="1")
        assert "/news/1003/ferry" not in site.asked


def test_a_page_that_kills_the_run_is_read_in_a_worker_by_the_next(tmp_path: Path) -> None:
    with SmallSite(SITE) as site:
        run = crawl(tmp_path, site.url, DEADLY, NEWSSCRAPER_WORKERS="auto", CONCURRENT_REQUESTS="1")
        assert run.code == -9
        again = crawl(tmp_path, site.url, DEADLY, NEWSSCRAPER_WORKERS="auto", CONCURRENT_REQUESTS="1")
    assert again.code == 0
    assert paths_in(tmp_path) == sorted(path for path in STORIES if not path.startswith(DEADLY))
    assert report_of(tmp_path)["counts"]["failed:quarantined"] == 1


SLOW = """
import time
from newsscraper.crawl.reading import Reader
from newsscraper.extract.fields.language import detect_language
detect_language("Read once by each process, which is not a page's time.")
read = Reader.read
def read_slowly(self, answer, found):
    if "/news/1003/" in answer.url:
        time.sleep(100)
    return read(self, answer, found)
Reader.read = read_slowly
"""


def test_a_page_that_takes_too_long_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "sitecustomize.py").write_text(SLOW)
    with SmallSite(SITE) as site:
        # Python reads it where it starts: in the workers, and not in the run that has started already.
        folders = [str(tmp_path / "slow"), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {"PYTHONPATH": os.pathsep.join(folders)}
        settings = {"NEWSSCRAPER_WORKERS": "1", "NEWSSCRAPER_PAGE_SECONDS": "1"}
        run = run_python(tmp_path, SCRIPT.format(environment=environment, url=site.url, settings=settings))
    report = report_of(tmp_path)
    assert report["counts"]["failed:quarantined"] == 1
    assert "longer than 1 s" in " ".join(report["problems"])
    assert paths_in(tmp_path) == sorted(path for path in STORIES if not path.startswith(DEADLY))
    assert json.loads(run.output)["exit_code"] == 1
