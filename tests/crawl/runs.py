"""Crawls as people start them: `scrapy` in a process of its own, in a folder that only has a `scrapy.cfg`."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.crawl.launcher import Request

SCRAPY_CFG = "[settings]\ndefault = newsscraper.crawl.settings\n"
TIMEOUT = 120
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Run:
    """What a crawl left behind."""

    folder: Path
    code: int
    log: str
    output: str

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The feed, `out.jsonl`."""
        return [json.loads(line) for line in (self.folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]

    @cached_property
    def sealed(self) -> list[Path]:
        return sorted((self.folder / "corpus" / "stories").glob("*/*"))

    @cached_property
    def report(self) -> dict[str, Any]:
        (path,) = (self.folder / "corpus" / "runs").glob("*/*.json")
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return report


def write_configuration(folder: Path) -> None:
    """The one file that makes a folder a project of ours, where it has none."""
    if not (folder / "scrapy.cfg").exists():
        (folder / "scrapy.cfg").write_text(SCRAPY_CFG)


def run_scrapy(folder: Path, *arguments: str) -> Run:
    """`scrapy ARGUMENTS` in `folder`."""
    write_configuration(folder)
    return _run(folder, arguments=list(arguments))


def run_python(folder: Path, code: str) -> Run:
    """`python -c CODE` in `folder`."""
    return _run(folder, code=code)


def start_python(folder: Path, *arguments: str) -> Run:
    """`python ARGUMENTS` in `folder`, in a Python that starts for it."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=_environment(), capture_output=True, timeout=TIMEOUT, check=False
    )
    return Run(folder, done.returncode, done.stderr.decode(), done.stdout.decode())


def _environment() -> dict[str, str]:
    """This process's, without what it says of crawls."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SCRAPY_", "NEWSSCRAPER_"))}


def _run(folder: Path, *, arguments: list[str] | None = None, code: str | None = None) -> Run:
    with TemporaryDirectory() as streams:
        output, log = Path(streams, "output"), Path(streams, "log")
        request: Request = {
            "folder": str(folder),
            "environment": _environment(),
            "module": "scrapy",
            "arguments": arguments or [],
            "code": code,
            "output": str(output),
            "log": str(log),
            "seconds": TIMEOUT,
        }
        exit_code = _launcher().run(request)
        if exit_code == -signal.SIGALRM:
            raise TimeoutError(f"a crawl took longer than {TIMEOUT} s: {log.read_text(encoding='utf-8')[-2000:]}")
        return Run(folder, exit_code, log.read_text(encoding="utf-8"), output.read_text(encoding="utf-8"))


class _Launcher:
    """The process of `tests.crawl.launcher`, which ends with this one."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.crawl.launcher"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)
        atexit.register(self._process.communicate)

    def run(self, request: Request) -> int:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())


_launcher = cache(_Launcher)
