"""The tasks of one batch that a Dask cluster has in hand: sent, waited for, sent again, given up."""

from __future__ import annotations

import queue
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from newsscraper.batch.errands import Errand, Report, run_errand
from newsscraper.errors import InputError, NewsscraperError

Client = Any
"""`distributed.Client`, an extra whose annotations are not to be relied on; so is `Future`."""
Future = Any

_LOOK_SECONDS = 5.0
"""Between two looks at whether anybody is there."""
_ANSWER_SECONDS = 60.0
"""For the answer of a task that is done to come here."""
_TRIES = 3
"""How often a part is tried by itself that fails, or over which Dask gives up."""
_BAD_USAGE = 2
"""The command's exit code where it cannot be used as it is."""
_MOST_SAID = 600
"""Characters of what a command said that a message has room for."""


@dataclass(frozen=True)
class Done:
    """A part is done."""

    part: int
    mark: str
    """The text of its mark."""


@dataclass(frozen=True)
class Lost:
    """A part is set aside: it was tried time and again."""

    part: int
    why: str


@dataclass(frozen=True)
class Word:
    """Something that whoever watches should be told."""

    line: str


def do_errand(told: dict[str, Any], parts: tuple[int, ...]) -> Report:
    """On a worker, in one of its threads: these parts, unless the task is cancelled meanwhile."""
    from distributed import get_worker, utils  # noqa: PLC0415 - an extra

    worker, key = get_worker(), utils.thread_state.key  # type: ignore[attr-defined]

    def is_wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is None or task.state != "cancelled"

    return run_errand(Errand(**told), parts, worker=worker.address, is_wanted=is_wanted)


def put_on_one_line(text: str) -> str:
    """For a message: the lines of `text` with bars between them."""
    return " | ".join(line.strip() for line in text.splitlines() if line.strip())


def _carry() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """What is sent in the place of functions of this package: a scheduler, which unpickles them, may be without it.

    A function within a function travels as its code.
    """

    def give(told: dict[str, Any]) -> dict[str, Any]:
        return told

    def call(told: dict[str, Any], parts: tuple[int, ...]) -> Any:
        from newsscraper.batch.crew import do_errand  # noqa: PLC0415 - on the worker

        return do_errand(told, parts)

    return give, call


class Crew:
    """Sends tasks to the workers of a scheduler and hears what comes of them."""

    def __init__(self, client: Client, address: str, errand: Errand) -> None:
        self._client = client
        self._address = address
        self._name = f"newsscraper-{uuid4().hex[:12]}"
        give, self._call = _carry()
        # A task of its own, for the others to refer to: a command with the names of a thousand archives is long. Dask
        # groups tasks by how their names begin, and keeps those back that have but a few others before them.
        self._errand = client.submit(give, asdict(errand), key=f"errand-{self._name}", pure=False)
        self._sent = 0
        self._under_way: dict[str, tuple[Future, tuple[int, ...]]] = {}
        self._ended: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._failures: Counter[int] = Counter()
        self._unfit: set[str] = set()
        self._is_alone = False

    def send(self, parts: tuple[int, ...]) -> None:
        """One task more; workers that are known to be unfit get it only where there is no other."""
        self._sent += 1
        key = f"{self._name}-{self._sent}-part-{parts[0]}"
        fit = [address for address in self._client.nthreads() if address not in self._unfit] if self._unfit else []
        future = self._client.submit(
            self._call, self._errand, parts, key=key, pure=False, workers=fit or None, allow_other_workers=bool(fit)
        )
        self._under_way[key] = future, parts
        future.add_done_callback(lambda ended: self._ended.put(ended.key))

    def listen(self) -> Iterator[Done | Lost | Word]:
        """What came of each, until none is under way."""
        while self._under_way:
            try:
                key = self._ended.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                yield from self._look()
                continue
            future, parts = self._under_way.pop(key)
            yield from self._settle(future, parts)

    def cancel(self) -> None:
        """Whatever is under way: its workers end it."""
        if self._client.status == "running":
            with suppress(Exception):  # a scheduler that is gone by now has nothing under way
                self._client.cancel([future for future, _ in self._under_way.values()], force=True)

    def refuse_gone(self, error: Exception | None = None) -> None:
        """Raises `NewsscraperError` where the scheduler is gone."""
        if self._client.status != "running":
            raise NewsscraperError(
                f"{self._address}: the scheduler is gone; parts that are done stay, the same command goes on with the"
                " rest"
            ) from error

    def _look(self) -> Iterator[Word]:
        self.refuse_gone()
        is_alone = not self._client.nthreads()
        if is_alone and not self._is_alone:
            yield Word(f"{self._address} has no workers: waiting until there are some")
        self._is_alone = is_alone

    def _settle(self, future: Future, parts: tuple[int, ...]) -> Iterator[Done | Lost | Word]:
        try:
            report: Report = future.result(timeout=_ANSWER_SECONDS)
        except Exception as error:
            yield from self._try_again(parts, self._explain(error))
        else:
            yield from self._read(report, parts)

    def _explain(self, error: Exception) -> str:
        """Why a task has no answer. Raises what ends the batch."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        if isinstance(error, KilledWorker):
            return f"{error.allowed_failures + 1} workers died over it, the last one at {error.last_worker.address}"
        self.refuse_gone(error)
        if isinstance(error, ImportError):
            raise InputError(
                f"a worker of {self._address} cannot run newsscraper ({error}): the same version has to be installed"
                " on all machines"
            ) from error
        return put_on_one_line(f"{type(error).__name__}: {error}")

    def _read(self, report: Report, parts: tuple[int, ...]) -> Iterator[Done | Lost | Word]:
        if report.unfit is not None:
            yield from self._note_unfit(report)
            self.send(parts)
            return
        done = dict(report.done)
        yield from (Done(part, mark) for part, mark in done.items())
        left = tuple(part for part in parts if part not in done)
        said = put_on_one_line(report.said[-_MOST_SAID:]) or "it said nothing"
        if left and report.code == _BAD_USAGE:
            raise InputError(f"refused by the worker {report.worker} on {report.machine}: {said}")
        yield from self._try_again(left, f"ended with {report.code} on {report.machine}: {said}")

    def _note_unfit(self, report: Report) -> Iterator[Word]:
        line = f"the worker {report.worker} on {report.machine} can do nothing: {report.unfit}"
        is_new = report.worker not in self._unfit
        self._unfit.add(report.worker)
        there = set(self._client.nthreads())
        if there and there <= self._unfit:
            raise InputError(f"{line}; there is no other")
        if is_new:
            yield Word(f"{line}; the others go on")

    def _try_again(self, parts: tuple[int, ...], why: str) -> Iterator[Lost]:
        """Each by itself, so that one does not answer for another."""
        for part in parts:
            if len(parts) == 1:
                self._failures[part] += 1
            if self._failures[part] >= _TRIES:
                yield Lost(part, why)
            else:
                self.send((part,))
