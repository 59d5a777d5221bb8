"""Several sites at once, each in a process of its own: one that dies or hangs takes no other along."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from newsscraper.crawl.summary import RunSummary, without_report

_MODULE = "newsscraper.crawl.one_site"
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_LAST_WORDS = 5.0
"""Seconds for what a process that has ended said on standard error."""
_OWN_GROUP: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}


@dataclass(frozen=True, kw_only=True)
class Job:
    """One site's crawl, as its process is told; `label` names the site until its run does."""

    target: str
    label: str
    corpus: Path
    arguments: Mapping[str, str]
    settings: Mapping[str, Any]
    quiet: bool
    answer: str = ""
    """The file that the summaries are written to."""


def crawl_apart(jobs: Sequence[Job], *, at_once: int) -> list[RunSummary]:
    """Crawl every site, at most `at_once` at a time; the summaries in the order of `jobs`.

    What a process says on standard error comes out here, each line behind its site. SIGINT, SIGTERM and SIGHUP are
    handed to all of them, and no further one is begun.
    """
    crew = _Crew()
    with ThreadPoolExecutor(max(1, at_once)) as pool, crew.heeding_signals():
        ended = [pool.submit(crew.run, job) for job in jobs]
        wait(ended)
    return [summary for each in ended for summary in each.result()]


class _Crew:
    """The processes that are at work."""

    def __init__(self) -> None:
        self._at_work: set[subprocess.Popen[bytes]] = set()
        self._stopping = threading.Event()

    def run(self, job: Job) -> list[RunSummary]:
        """One site, from its start to its end."""
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder) / "summaries"
            try:
                process = self._start()
            except OSError as fault:
                return [without_report(job.label, "not_started", f"its process could not be started: {fault}")]
            if process is None:
                return [without_report(job.label, "cancelled", "not begun: the crawl was ended before its turn came")]
            assert process.stdin is not None
            assert process.stderr is not None
            # A process that has died already is told of below.
            with contextlib.suppress(OSError):
                pickle.dump(Job(**{**vars(job), "answer": str(answer)}), process.stdin)
                process.stdin.flush()
            sayings = threading.Thread(target=_say_all, args=(job.label, process.stderr), daemon=True)
            sayings.start()
            code = process.wait()
            # Its own workers hold the pipe as well, and one of them may outlive it.
            sayings.join(_LAST_WORDS)
            # Open up to here: its end tells the process that this one has died.
            with contextlib.suppress(OSError):
                process.stdin.close()
            self._at_work.discard(process)
            return _read_answer(answer, job.label, code)

    def _start(self) -> subprocess.Popen[bytes] | None:
        if self._stopping.is_set():
            return None
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            # A terminal sends its signals to a whole group: so each comes to a site once, from here.
            **_OWN_GROUP,
        )
        self._at_work.add(process)
        if self._stopping.is_set():  # since then, and perhaps too early to be among those that were told
            process.terminate()
        return process

    @contextlib.contextmanager
    def heeding_signals(self) -> Iterator[None]:
        """While the block runs, signals end the crawls; only the main thread can heed them."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
        heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, self._pass_on) for number in heeded}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        self._stopping.set()
        # Scrapy knows what to do with the first two; the end of a terminal is no reason to end otherwise.
        sent = signal.SIGINT if number == signal.SIGINT else signal.SIGTERM
        for process in list(self._at_work):
            with contextlib.suppress(OSError):
                process.send_signal(sent)


def _say_all(label: str, lines: IO[bytes]) -> None:
    for line in lines:
        _say(label, line)


def _say(label: str, line: bytes) -> None:
    text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
    sys.stderr.write(f"[{label}] {text}\n")
    sys.stderr.flush()


def _read_answer(answer: Path, label: str, code: int) -> list[RunSummary]:
    try:
        summaries: list[RunSummary] = pickle.loads(answer.read_bytes())
    except (OSError, EOFError, pickle.UnpicklingError):
        how = f"by signal {-code}" if code < 0 else f"with code {code}"
        problem = f"its process ended {how} before it could say what it did: the next run seals what it kept"
        return [without_report(label, "killed", problem)]
    return summaries
