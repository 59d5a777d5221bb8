"""One run of a crawler as a command: what it took, children and all."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """Of one run."""

    code: int
    seconds: float
    cpu: float
    """Seconds of processor time, with that of all children that were waited for."""
    peak: int
    """Bytes of the largest of its processes."""


def run_command(words: Sequence[str], log: Path, folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """To its end."""
    begin = time.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(
        process.returncode,
        time.monotonic() - begin,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * 1024,
    )
