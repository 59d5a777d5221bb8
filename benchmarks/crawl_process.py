"""One `newsscraper crawl` as a process group of its own, which can be stopped, or killed as a whole."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from weakref import WeakSet

COMMAND = (sys.executable, "-m", "newsscraper", "crawl")
PATIENCE = 300.0
"""Seconds after which a run that ought to end counts as hung."""

_running: WeakSet[Crawl] = WeakSet()


class Crawl:
    """Running from when it is made. Its output goes to `log`."""

    def __init__(
        self,
        url: str,
        corpus: Path,
        log: Path,
        *,
        settings: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        words = [*COMMAND, url, "--corpus", str(corpus)]
        for name, value in (settings or {}).items():
            words += ["-s", f"{name}={value}"]
        self.log = log
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
                cwd=log.parent,
            )
        self.begun = time.monotonic()
        self.was_stopped = False
        """It was asked to end while it ran, and says so by its exit code."""
        _running.add(self)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    def kill(self) -> bool:
        """`kill -9` for the whole group; False when it had already ended."""
        lived = self.code is None
        self._signal_group(signal.SIGKILL)
        self._process.wait()
        return lived and self._process.returncode == -signal.SIGKILL

    def stop(self, how: signal.Signals, *, group: bool = False) -> None:
        """As `kill` does it for the one process, or as Ctrl-C in a terminal for the whole group."""
        self.was_stopped = self.was_stopped or self.code is None
        if group:
            self._signal_group(how)
        elif self.code is None:
            self._process.send_signal(how)

    def wait(self, seconds: float = PATIENCE) -> int:
        """The exit code. Raises `TimeoutError`, and kills the group, where the run does not end."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as fault:
            self.kill()
            raise TimeoutError(f"the crawl did not end within {seconds:g} s: {self.log}") from fault
        finally:
            self._signal_group(signal.SIGKILL)

    def tell_end(self, lines: int = 6) -> str:
        """The last words of its log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def _signal_group(self, how: signal.Signals) -> None:
        try:
            os.killpg(self.pid, how)
        except ProcessLookupError:
            return


def leave_none_behind() -> None:
    """Runs end with this process, be it by Ctrl-C or by `kill`."""
    atexit.register(lambda: [run.kill() for run in list(_running)])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def crawl(
    url: str,
    corpus: Path,
    log: Path,
    *,
    settings: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Crawl:
    """A run that was left to finish."""
    run = Crawl(url, corpus, log, settings=settings, environment=environment)
    run.wait()
    return run
