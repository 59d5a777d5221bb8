"""The same tests under the same names in every process: workers that run side by side compare their lists."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
AT_ANOTHER_TIME = "import time; now = time.time; time.time = lambda: now() + 86_400.5"
NAMES_ONLY = ["--collect-only", "-o", "addopts=", "-q", "-p", "no:cacheprovider"]


def collect(seed: str, prelude: str = "") -> list[str]:
    """Names of the tests as a process of its own finds them, under a hash seed and after some Python."""
    code = f"{prelude}\nimport pytest, sys\nsys.exit(pytest.main({NAMES_ONLY}))"
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return [line for line in done.stdout.splitlines() if "::" in line]


def test_names_depend_on_neither_time_nor_hash_order(request: pytest.FixtureRequest) -> None:
    """What this very run has collected, where that is most of the tests, or else what a process finds."""
    here = [item.nodeid for item in request.session.items]
    first = here if len(here) > 1000 else collect("1")
    assert len(first) > 1000
    chosen = set(first)
    assert [name for name in collect("2", AT_ANOTHER_TIME) if name in chosen] == first
