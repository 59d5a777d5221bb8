"""The crawl benchmark: its server, its spiders, what it counts and how it judges."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from benchmarks.crawl import judge_discovery, judge_speeds, main
from benchmarks.crawl_memory import Discovery, make_sitemaps
from benchmarks.crawl_requests import Run, judge
from benchmarks.crawl_rivals import BARE, OURS, TRAFILATURA, count_records, list_crawlers
from benchmarks.crawl_runs import run_command
from benchmarks.crawl_speed import Load, Speed, make_pages, measure_speeds
from benchmarks.crawl_spiders import TrafilaturaPipeline
from benchmarks.loopback import Loopback
from benchmarks.shims import ShimError, build_shim

PAGE = (
    "<!DOCTYPE html><html lang='en'><title>Story {n}</title><article><h1>Story {n} of the harbour</h1>"
    + "<p>The ferry left at nine with {n} passengers, a goat and the mail for the outer islands.</p>" * 3
    + "</article></html>"
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.html.gz" for number in range(6)]
    for number, path in enumerate(paths):
        path.write_bytes(gzip.compress(PAGE.format(n=number).encode()))
    return paths


def test_pages_are_served_with_their_latency_and_counted(files: list[Path]) -> None:
    with Loopback(partial(make_pages, files, 0.2)) as server:
        begin = time.monotonic()
        with urlopen(f"{server.url}news/3/anything") as answer:
            assert answer.read().decode() == PAGE.format(n=3)
        assert time.monotonic() - begin >= 0.2
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{server.url}news/99/none")
        figures = server.take_figures()
        assert (figures.requests, figures.pages) == (2, 1)
        assert figures.first < figures.last < figures.first + 60
        assert server.take_figures().requests == 0


def test_the_spider_that_ours_is_compared_with_reads_every_page(files: list[Path], tmp_path: Path) -> None:
    crawlers = {BARE: list_crawlers(None, {})[BARE]}
    (speed,) = measure_speeds(crawlers, Load(files, latency=0.01, at_once=4), tmp_path / "runs", 1, lambda: None)
    assert speed.written == len(files)
    assert speed.pages_a_second > 0
    (items,) = (tmp_path / "runs").glob("*[!w]/items.jsonl")
    lines = [json.loads(line) for line in items.read_text().splitlines()]
    assert sorted(line["size"] for line in lines) == [len(PAGE.format(n=number)) for number in range(len(files))]


def test_trafilatura_is_given_each_page_and_asked_for_its_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in, since the library is there only where it is measured."""

    def bare_extraction(html: bytes, *, url: str, with_metadata: bool) -> SimpleNamespace:
        return SimpleNamespace(title=f"{url} {with_metadata}", text=html.decode())

    monkeypatch.setitem(sys.modules, "trafilatura", SimpleNamespace(bare_extraction=bare_extraction))
    pipeline = TrafilaturaPipeline()
    item = pipeline.process_item({"url": "http://x.example/1", "html": b"<p>x</p>"})
    assert (item["url"], item["title"], item["text"]) == ("http://x.example/1", "http://x.example/1 True", "<p>x</p>")
    assert item["date"] is None
    assert "html" not in item
    assert pipeline.process_item({"url": "http://x.example/1"}) == {"url": "http://x.example/1"}


def test_a_run_is_counted_with_its_children(tmp_path: Path) -> None:
    spin = "import time\nwhile time.process_time() < 0.3: pass\n"
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {spin!r}])\n{spin}"
    cost = run_command([sys.executable, "-c", code], tmp_path / "log", tmp_path)
    assert cost.code == 0
    assert 0.6 <= cost.cpu < 3
    assert cost.peak > 1_000_000


def test_records_of_each_kind_are_counted(tmp_path: Path) -> None:
    (tmp_path / "items.jsonl").write_bytes(b"{}\n{}\n")
    sealed = tmp_path / "corpus" / "stories" / "x"
    sealed.mkdir(parents=True)
    (sealed / "a.jsonl").write_bytes(b"{}\n")
    assert count_records(tmp_path) == 3


def make_speed(name: str, pages_a_second: float) -> Speed:
    return Speed(name, 1, pages_a_second, 0.1, 1, 1)


def test_three_times_the_speed_is_asked_for() -> None:
    assert judge_speeds([make_speed(OURS, 30), make_speed(TRAFILATURA, 10)]) == []
    assert judge_speeds([make_speed(OURS, 29), make_speed(TRAFILATURA, 10)]) != []


def test_memory_and_completeness_are_judged() -> None:
    good = Discovery(1_000_000, 60, 299_000_000, 400_000_000, 1, 0)
    assert judge_discovery(good, 1_000_000) == []
    for bad in (
        Discovery(1_000_000, 60, 301_000_000, 1, 1, 0),
        Discovery(999_999, 60, 1, 1, 1, 0),
        Discovery(1_000_000, 60, 1, 1, 1, -signal.SIGKILL),
    ):
        assert len(judge_discovery(bad, 1_000_000)) == 1


def test_the_synthetic_site_names_every_url_once() -> None:
    answers = make_sitemaps(120_000)
    index = answers("/sitemap.xml", "http://x.example").body.decode()
    maps = re.findall(r"<loc>([^<]+)</loc>", index)
    assert maps == [f"http://x.example/map-{number}.xml" for number in range(3)]
    bodies = [answers(url.removeprefix("http://x.example"), "http://x.example").body for url in maps]
    locs = [loc for body in bodies for loc in body.split(b"<loc>")[1:]]
    assert len(locs) == len(set(locs)) == 120_000


GOOD = (Run("first", 120, 0, 100, 0, 1.0), Run("second", 6, 6, 0, 0, 1.0), Run("third", 30, 6, 15, 10, 1.0))


def test_runs_that_keep_the_promises_are_let_through() -> None:
    assert judge(100, *GOOD) == []


@pytest.mark.parametrize(
    ("place", "run"),
    [
        (0, Run("first", 131, 0, 100, 0, 1.0)),
        (0, Run("first", 120, 0, 99, 0, 1.0)),
        (1, Run("second", 7, 7, 0, 0, 1.0)),
        (1, Run("second", 6, 2, 0, 0, 1.0)),
        (1, Run("second", 6, 6, 1, 0, 1.0)),
        (2, Run("third", 30, 6, 15, 9, 1.0)),
        (2, Run("third", 30, 6, 16, 10, 1.0)),
    ],
)
def test_runs_that_do_not_are_told(place: int, run: Run) -> None:
    runs = [*GOOD]
    runs[place] = run
    assert len(judge(100, *runs)) == 1


def test_without_anything_to_measure_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 2
    assert "nothing to measure" in capsys.readouterr().err


def test_the_shifted_clock_is_told_to_every_call(tmp_path: Path) -> None:
    try:
        shim = build_shim("clock_shim", tmp_path)
    except ShimError as fault:
        pytest.skip(str(fault))
    code = "import time, datetime as d\nprint(time.time(), d.datetime.now().timestamp(), time.monotonic())"
    environment = {**os.environ, "LD_PRELOAD": str(shim), "CLOCK_SHIFT": "-864000"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    by_time, by_datetime, monotonic = map(float, done.stdout.split())
    assert abs(time.time() - 864_000 - by_time) < 60
    assert abs(by_time - by_datetime) < 5
    assert abs(time.monotonic() - monotonic) < 60
