"""Scrapyd, started as the document says: the installed package as a project, and a project of one's own as an egg."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.crawl.small_site import SmallSite
from tests.deploy.recipes import DEPLOY, FOLDER, SCRIPTS, read_blocks
from tests.deploy.test_recipes import PAGES

ADDRESS = "http://127.0.0.1:6800"
SECONDS = 90


class Scrapyd:
    """One at work in `folder`; `asks` are requests as the document's `curl` makes them."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, command: str) -> dict[str, Any]:
        """What `curl ADDRESS -d NAME=VALUE ...` would print."""
        program, url, *options = shlex.split(command)
        assert program == "curl"
        fields = [tuple(value.split("=", 1)) for flag, value in zip(options[::2], options[1::2], strict=True)]
        assert set(options[::2]) <= {"-d"}
        url = url.replace(ADDRESS, self.address)
        return self._read(requests.post(url, data=fields, timeout=SECONDS) if fields else requests.get(url, timeout=9))

    def upload(self, project: str, egg: bytes) -> dict[str, Any]:
        fields = {"project": project, "version": "1"}
        return self._read(
            requests.post(f"{self.address}/addversion.json", data=fields, files={"egg": egg}, timeout=SECONDS)
        )

    def wait_for(self, project: str, job: str) -> None:
        """Until a job is over."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            listed = requests.get(f"{self.address}/listjobs.json", params={"project": project}, timeout=9).json()
            if any(each["id"] == job for each in listed["finished"]):
                return
            time.sleep(0.1)
        raise TimeoutError(f"the job {job} of {project} is not over: {listed}")

    @staticmethod
    def _read(response: requests.Response) -> dict[str, Any]:
        answer: dict[str, Any] = response.json()
        assert answer["status"] == "ok", answer
        return answer


@contextmanager
def started(folder: Path) -> Iterator[Scrapyd]:
    """By the command of the document, at another port."""
    shutil.copy(DEPLOY / "scrapy.cfg", folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SCRAPY", "NEWSSCRAPER_"))}
    with (folder / "scrapyd.log").open("wb") as log:
        process = subprocess.Popen(
            [SCRIPTS / "scrapyd"],
            cwd=folder,
            env=environment | {"SCRAPYD_HTTP_PORT": str(port)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for_port(process, port, folder / "scrapyd.log")
        yield Scrapyd(folder, port)
    finally:
        process.terminate()
        process.wait(SECONDS)


def _wait_for_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"Scrapyd does not answer: {log.read_text(encoding='utf-8')[-2000:]}")


def make_egg(settings: str) -> bytes:
    """What `scrapyd-deploy` uploads: a package with settings, and an entry point that names them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as egg:
        egg.writestr("own_project/__init__.py", "")
        egg.writestr("own_project/settings.py", settings)
        egg.writestr("EGG-INFO/PKG-INFO", "Metadata-Version: 1.0\nName: own_project\nVersion: 1\n")
        egg.writestr("EGG-INFO/entry_points.txt", "[scrapy]\nsettings = own_project.settings\n")
    return packed.getvalue()


def read_report(corpus: Path) -> dict[str, Any]:
    (path,) = (corpus / "runs").glob("*/*.json")
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report


def test_scrapyd_crawls_and_whoever_looks_sees_how_it_went(tmp_path: Path) -> None:
    (commands,) = (block.splitlines() for block in read_blocks("sh") if "schedule.json" in block)
    (settings,) = read_blocks("python")
    own_corpus = tmp_path / "own"
    with SmallSite(PAGES) as site, SmallSite({}) as broken, started(tmp_path) as scrapyd:
        any_site = next(command for command in commands if "spider=news " in command)
        well = scrapyd.ask(any_site.replace("https://any.example/", site.url))["jobid"]
        uploaded = scrapyd.upload("own", make_egg(settings.replace(f"{FOLDER}/corpus", str(own_corpus))))
        unwell = scrapyd.ask(
            any_site.replace("https://any.example/", broken.url).replace("project=newsscraper", "project=own")
        )["jobid"]
        scrapyd.wait_for("newsscraper", well)
        scrapyd.wait_for("own", unwell)
        listed = scrapyd.ask(next(command for command in commands if "listjobs" in command))
        assert [job["id"] for job in listed["finished"]] == [well]
    assert uploaded["spiders"] > 1
    log = (tmp_path / "logs" / "newsscraper" / "news" / f"{well}.log").read_text(encoding="utf-8")
    assert "ERROR" not in log
    (sealed,) = (tmp_path / "corpus" / "stories").glob("*/*.jsonl")
    assert len(sealed.read_text(encoding="utf-8").splitlines()) == 2
    assert read_report(tmp_path / "corpus")["exit_code"] == 0
    log = (tmp_path / "logs" / "own" / "news" / f"{unwell}.log").read_text(encoding="utf-8")
    assert re.search(rf"ERROR: newsscraper: {re.escape(broken.address)}: exit 1: ", log)
    assert read_report(own_corpus)["exit_code"] == 1
