"""Several sites in one command: each in a process of its own, whose end is its own affair."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsscraper.crawl import apart
from newsscraper.crawl.apart import Job, crawl_apart
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page
from tests.crawl.test_endings import wait_for

STORIES = {f"/news/{number}/ferry": story_page(f"Ferry number {number} is late") for number in range(1001, 1004)}
PAGES = STORIES | {"/": list_page(*STORIES)}


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "newsscraper", "crawl", *arguments]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def children_of(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]


def reports_in(folder: Path) -> dict[str, dict[str, Any]]:
    reports = [json.loads(path.read_text("utf-8")) for path in (folder / "corpus" / "runs").glob("*/*.json")]
    return {report["site"]: report for report in reports}


def held(gate: threading.Event) -> Callable[[str], Reply | str | None]:
    """A site whose stories come only when `gate` opens."""

    def reply(path: str) -> Reply | str | None:
        if path.startswith("/news"):
            gate.wait(60)
        return PAGES.get(path)

    return reply


def test_a_summary_of_each_and_one_of_all(tmp_path: Path) -> None:
    with SmallSite(PAGES) as well, SmallSite({"/": Reply("no", status=403)}) as refusing:
        crawl = start(tmp_path, well.url, refusing.url, "-s", "LOG_LEVEL=INFO")
        output, log = crawl.communicate(timeout=90)
        assert crawl.returncode == 4, log
        lines = output.splitlines()
        assert lines[0].startswith(f"{well.address}: 3 stories, ")
        assert any(line.startswith(f"{refusing.address}: 0 stories, ") for line in lines[1:])
        assert re.fullmatch(r"2 sites: 3 stories, \d+ requests, \d+ failures?", lines[-2])
        assert lines[-1] == f"not well: {refusing.address} (exit 4)"
        assert {site: report["exit_code"] for site, report in reports_in(tmp_path).items()} == {
            well.address: 0,
            refusing.address: 4,
        }
        assert all(line.startswith((f"[{well.address}] ", f"[{refusing.address}] ")) for line in log.splitlines())


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no list of child processes to be had")
def test_a_process_that_dies_takes_no_other_along(tmp_path: Path) -> None:
    gate = threading.Event()
    with SmallSite(held(gate)) as dying, SmallSite(PAGES) as well:
        crawl = start(tmp_path, "-q", dying.url, well.url, "--jobs", "1")
        wait_for(lambda: any(path.startswith("/news") for path in dying.asked))
        assert well.asked == []
        (child,) = children_of(crawl.pid)
        os.kill(child, signal.SIGKILL)
        _, log = crawl.communicate(timeout=90)
        gate.set()
        assert crawl.returncode == 1
        assert log.splitlines() == [
            f"{dying.address}: its process ended by signal 9 before it could say what it did: the next run seals what "
            "it kept"
        ]
        assert reports_in(tmp_path)[well.address]["exit_code"] == 0


DIES = """
import os, signal, subprocess, sys
waits = "import pathlib, time; time.sleep(30); pathlib.Path(OVER).touch()"
worker = subprocess.Popen([sys.executable, "-c", waits], stdin=subprocess.DEVNULL)
print("worker", worker.pid, file=sys.stderr, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="processes are killed by signal")
def test_a_process_that_dies_is_not_waited_for_while_its_worker_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    over = tmp_path / "over"
    (tmp_path / "site_that_dies.py").write_text(DIES.replace("OVER", repr(str(over))))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(apart, "_MODULE", "site_that_dies")
    monkeypatch.setattr(apart, "_LAST_WORDS", 1.0)
    job = Job(target="", label="a.example", corpus=tmp_path, arguments={}, settings={}, quiet=True)
    (summary,) = crawl_apart([job], at_once=1)
    said = re.search(r"^\[a\.example\] worker (\d+)$", capsys.readouterr().err, re.MULTILINE)
    assert said
    assert not over.exists()
    os.kill(int(said[1]), signal.SIGKILL)
    assert (summary.finish_reason, summary.exit_code) == ("killed", 1)
    assert "ended by signal 9" in summary.problems[0]


@pytest.mark.parametrize(("number", "at_once"), [(signal.SIGTERM, 2), (signal.SIGINT, 1)])
def test_a_signal_ends_all_of_them_and_begins_no_other(tmp_path: Path, number: signal.Signals, at_once: int) -> None:
    gate = threading.Event()
    with SmallSite(held(gate)) as one, SmallSite(held(gate)) as two, SmallSite(PAGES) as waiting:
        begun = (one, two)[:at_once]
        crawl = start(tmp_path, *(site.url for site in (*begun, waiting)), "--jobs", str(at_once))
        for site in begun:
            wait_for(lambda site=site: any(path.startswith("/news") for path in site.asked))
        crawl.send_signal(number)
        threading.Timer(0.3, gate.set).start()
        output, log = crawl.communicate(timeout=90)
        assert crawl.returncode == 1
        reasons = {site: report["finish_reason"] for site, report in reports_in(tmp_path).items()}
        assert reasons == {site.address: "shutdown" for site in begun}
        assert waiting.asked == []
        assert "problem: not begun: the crawl was ended before its turn came" in output
        assert "Traceback" not in log


def test_a_parent_that_is_killed_leaves_no_crawl_behind(tmp_path: Path) -> None:
    gate = threading.Event()
    with SmallSite(held(gate)) as site:
        crawl = start(tmp_path, "-q", site.url, "http://127.0.0.1:9/", "--jobs", "1")
        wait_for(lambda: any(path.startswith("/news") for path in site.asked))
        crawl.kill()
        crawl.wait(timeout=30)
        threading.Timer(0.3, gate.set).start()
        wait_for(lambda: bool(reports_in(tmp_path)))
        assert reports_in(tmp_path)[site.address]["finish_reason"] == "shutdown"
        crawl.communicate(timeout=30)
