"""Processes that run cases, each watched: one that hangs in a page is ended, and another goes on behind that page."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import pickle
import resource
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.cases import Case, Corpus, make_case
from benchmarks.judging import Fault, Verdict, judge, minimise
from benchmarks.memory import resident_memory
from benchmarks.processes import ONE_THREAD, hush

EVERY = 50
"""Cases after which a worker reports."""
PATIENCE = 6.0
"""How many times the limit of processor time a page may take by the clock: other processes may be at work."""
GRACE = 300.0
"""Seconds for what takes long without being stuck: starting, making a page smaller."""
SAMPLES = 3
"""Cases of one fault that are made smaller and kept."""


@dataclass(frozen=True)
class Plan:
    """What all workers share."""

    seed: int
    limit: float
    """Seconds of processor time for a page."""
    corpus: Corpus
    jobs: int
    last: int
    """The number behind the last case."""


@dataclass(frozen=True)
class Finding:
    """A case with a fault, and the smallest page that shows it."""

    number: int
    fault: Fault
    case: Case
    smallest: Case | None
    """None where no smaller one was looked for."""


@dataclass(frozen=True)
class Progress:
    """What a worker did since it last said so."""

    worker: int
    next: int
    """The number of the case that comes next."""
    verdicts: list[tuple[int, Verdict]]
    """What became of the case of each number."""
    findings: list[Finding]
    memory: int
    """Bytes of the worker that are resident."""


def run(plan: Plan, start: int, deadline: float) -> Iterator[Progress]:
    """Cases from `start` on, until all are done or the monotonic clock says `deadline`."""
    os.environ.update({**ONE_THREAD, **os.environ})
    workers = [_Worker(plan, index, start + index) for index in range(min(plan.jobs, plan.last - start))]
    try:
        while workers and time.monotonic() < deadline:
            by_pipe = {worker.pipe: worker for worker in workers}
            for pipe in wait(list(by_pipe), timeout=0.5):
                yield by_pipe[pipe].receive()  # type: ignore[index]
            for worker in workers:
                if worker.is_stuck:
                    yield worker.give_up("no answer")
            workers = [worker for worker in workers if not worker.is_done]
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """A process, and how far it is. The number of its case and when that began are in memory that both see."""

    def __init__(self, plan: Plan, index: int, first: int) -> None:
        self.plan, self.index, self.next = plan, index, first
        self.is_done = False
        self.start()

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.state = context.Array("d", [self.next, time.monotonic() + GRACE], lock=False)
        handle, name = tempfile.mkstemp(prefix="stack-")
        os.close(handle)
        self.stack = Path(name)
        self.pipe, sending = context.Pipe(duplex=False)
        task = _Task(self.plan, self.index, range(self.next, self.plan.last, self.plan.jobs), name)
        self.process = context.Process(target=_work, args=(task, self.state, sending), daemon=True)
        self.process.start()
        sending.close()

    @property
    def is_stuck(self) -> bool:
        """The page has taken too long by the clock: longer than its limit of processor time explains."""
        return not self.is_done and time.monotonic() - self.state[1] > PATIENCE * self.plan.limit

    def receive(self) -> Progress:
        """What the process says; or that it is gone."""
        try:
            progress: Progress = self.pipe.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return self.give_up("the process is gone")
        self.next = progress.next
        if self.next >= self.plan.last:
            self.is_done = True
            self.end()
        return progress

    def give_up(self, why: str) -> Progress:
        """The case that the process is in is a finding; another process goes on behind it."""
        number = int(self.state[0])
        self.process.join(0.5)
        code = self.process.exitcode
        if code is None and self.process.pid:
            os.kill(self.process.pid, signal.SIGUSR1)  # writes down where it is
            time.sleep(0.5)
        account = self.stack.read_text(encoding="utf-8", errors="replace")
        self.end()
        case = make_case(self.plan.seed, number, self.plan.corpus)
        fault = Fault(f"Stopped: {why}" if code is None else f"Crashed: exit code {code}", account)
        self.next = number + self.plan.jobs
        if self.next < self.plan.last:
            self.start()
        else:
            self.is_done = True
        verdict = Verdict("stopped", PATIENCE * self.plan.limit, fault)
        return Progress(self.index, self.next, [(number, verdict)], [Finding(number, fault, case, None)], 0)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()
        self.stack.unlink(missing_ok=True)


class _Task(NamedTuple):
    plan: Plan
    worker: int
    numbers: range
    stack: str
    """The file in which to write down where the process is, when asked to or when it crashes."""


def _work(task: _Task, state: Any, pipe: Connection) -> None:
    """Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hush()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    plan, numbers = task.plan, task.numbers
    with Path(task.stack).open("w", encoding="utf-8") as file:
        faulthandler.enable(file)
        faulthandler.register(signal.SIGUSR1, file)
        seen: Counter[str] = Counter()
        for some in (numbers[place : place + EVERY] for place in range(0, len(numbers), EVERY)):
            verdicts, findings = [], []
            for number in some:
                state[0], state[1] = number, time.monotonic()
                case = make_case(plan.seed, number, plan.corpus)
                verdict = judge(case, plan.limit)
                verdicts.append((number, verdict))
                if fault := verdict.fault:
                    seen[fault.signature] += 1
                    if seen[fault.signature] <= SAMPLES:
                        state[1] = time.monotonic() + GRACE
                        findings.append(Finding(number, fault, case, minimise(case, fault, plan.limit)))
            pipe.send(Progress(task.worker, some[-1] + plan.jobs, verdicts, findings, resident_memory()))
