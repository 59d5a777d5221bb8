"""One `newsscraper batch` as a process group of its own: how long it took, how much processor time and memory."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import ONE_THREAD

COMMAND = (sys.executable, "-m", "newsscraper", "batch")
_EVERY = 0.25
"""Seconds between two looks at how much memory is used."""


@dataclass(frozen=True, kw_only=True)
class BatchRun:
    """What a run came to."""

    code: int
    seconds: float
    """On the wall."""
    processor: float
    """Seconds of processor time, of the command and of all its workers."""
    main_processor: float
    """Of these, seconds of the process that reads the archive and writes the shards."""
    main_peak: int
    """Bytes resident, at most, of the process that reads the archive and writes the shards."""
    peak: int
    """Bytes that are in no other process's memory, at most, of all processes together."""


def run_batch(
    inputs: Sequence[Path], into: Path, log: Path, *, options: Sequence[str] = (), environment: Mapping[str, str] = {}
) -> BatchRun:
    """Let it come to its end; what it says goes to `log`."""
    words = [*COMMAND, *map(str, inputs), "--into", str(into), *options]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **ONE_THREAD, **environment},
        )
    main_peak = peak = 0
    main_processor = 0.0
    try:
        while process.poll() is None:
            time.sleep(_EVERY)
            main_processor = max(main_processor, _read_processor(process.pid))
            own, whole = _read_memory(process.pid)
            main_peak, peak = max(main_peak, own), max(peak, whole)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return BatchRun(
        code=process.returncode,
        seconds=time.monotonic() - begin,
        processor=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        main_processor=main_processor,
        main_peak=main_peak,
        peak=peak,
    )


def _read_processor(process: int) -> float:
    """Seconds that a process has used, without its children; 0 where it is no more."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read_memory(group: int) -> tuple[int, int]:
    """Resident bytes of the group's first process; bytes of all of its processes, shared ones counted once."""
    own = whole = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) != group:
                continue
            rollup = (process / "smaps_rollup").read_text(encoding="ascii")
        except (OSError, ValueError):
            continue
        sizes = {
            name: int(size.split()[0]) * 1024
            for name, _, size in (line.partition(":") for line in rollup.splitlines()[1:])
        }
        whole += sizes.get("Pss", 0)
        if int(process.name) == group:
            own = sizes.get("Rss", 0)
    return own, whole
