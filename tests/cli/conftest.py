import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from newsscraper.cli import main


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
