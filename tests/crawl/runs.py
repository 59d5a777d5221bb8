"""Crawls as people start them: `scrapy` in a process of its own, in a folder that only has a `scrapy.cfg`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

SCRAPY_CFG = "[settings]\ndefault = newsscraper.crawl.settings\n"
TIMEOUT = 120


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


def run_scrapy(folder: Path, *arguments: str) -> Run:
    """`scrapy ARGUMENTS` in `folder`."""
    if not (folder / "scrapy.cfg").exists():
        (folder / "scrapy.cfg").write_text(SCRAPY_CFG)
    return _run(folder, [sys.executable, "-m", "scrapy", *arguments])


def run_python(folder: Path, code: str) -> Run:
    """`python -c CODE` in `folder`."""
    return _run(folder, [sys.executable, "-c", code])


def _run(folder: Path, command: list[str]) -> Run:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SCRAPY_", "NEWSSCRAPER_"))}
    done = subprocess.run(
        command, cwd=folder, env=clean, capture_output=True, text=True, encoding="utf-8", timeout=TIMEOUT, check=False
    )
    return Run(folder=folder, code=done.returncode, log=done.stderr, output=done.stdout)
