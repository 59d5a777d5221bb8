import gzip
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from newsscraper.cli import main

from .pages import LISTING, page


@pytest.fixture(autouse=True)
def _no_own_folder(monkeypatch):
    monkeypatch.delenv("NEWSSCRAPER_SITES", raising=False)


@pytest.fixture
def invoke():
    """Run the command in this process: `invoke("extract", path, input=...)` -> click's Result."""

    def run(*arguments, **options):
        return CliRunner().invoke(main, [str(argument) for argument in arguments], **options)

    return run


@pytest.fixture
def spawn():
    """Run the command as a process: `spawn("extract", path)` -> CompletedProcess with bytes."""

    def run(*arguments, **options):
        command = [sys.executable, "-m", "newsscraper", *map(str, arguments)]
        environment = {**os.environ, "PYTHONUTF8": "0", **options.pop("env", {})}
        return subprocess.run(command, capture_output=True, timeout=60, check=False, env=environment, **options)

    return run


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.html"
    path.write_text(page(), encoding="utf-8")
    return path


@pytest.fixture
def mixed(tmp_path):
    """A folder of two stories, a listing, a broken archive."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_text(page(), encoding="utf-8")
    (folder / "b.html.gz").write_bytes(gzip.compress(page().encode())[:-9])
    (folder / "c.html").write_text(LISTING, encoding="utf-8")
    (folder / "d.html").write_text(page("Another headline of the harbour town"), encoding="utf-8")
    return folder


def records(output):
    """The records of an output, a line each."""
    return [json.loads(line) for line in output.split("\n") if line]
