from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from newsscraper.store.faults import read_fault

CODE = "from newsscraper.store.faults import reach; reach('a:b'); print('once', flush=True); reach('a:c'); reach('a:b')"


def test_a_run_dies_where_the_environment_says() -> None:
    command = [sys.executable, "-c", f"{CODE}; print('twice')"]
    environment = {**os.environ, "NEWSSCRAPER_FAULT": "a:b:2"}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "once\n")


def test_a_disk_that_is_full_stays_so() -> None:
    hook = read_fault("full@a:b:2")
    for point in ("a:b", "a:c"):
        hook(point)
    for point in ("a:b", "a:c", "a:b"):
        with pytest.raises(OSError, match="No space left"):
            hook(point)
