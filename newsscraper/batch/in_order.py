"""The tasks under way, in the order in which their answers are wanted, and how many of them there may be."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

TRIES = {"died": 3, "too_slow": 2, "out_of_memory": 2}
"""Reason -> how often a task is tried over which it happens, since it may be innocent; any other is told at once."""
_MOST_BYTES = 64 * 1024 * 1024
"""Of tasks that wait to be read; of answers that wait for an earlier one."""
_MOST_WAITING = 20_000
"""Answers that wait for an earlier one: a page that hangs should hold nobody up."""

_AT_A_TIME = 100
"""Jobs drawn before workers are listened to again: most of an archive may have nothing to be read."""

Tag = TypeVar("Tag")
R = TypeVar("R")


@dataclass(frozen=True)
class Fault:
    """Why a task has no answer."""

    reason: str
    """`too_slow`, `died`, `out_of_memory`, or `unexpected`, which is a bug."""
    detail: str
    """For people."""


@dataclass
class Seat(Generic[Tag, R]):
    """A task's place in the order."""

    tag: Tag
    task: bytes
    """Pickled; let go once it is read."""
    size: int
    """Bytes of the task; once it is done, of its answer."""
    answer: R | Fault | None = None
    is_done: bool = False
    faults: int = 0


class InOrder(Generic[Tag, R]):
    """Draws jobs, pairs of a tag and a task, as there is room; a task that is None has nothing to be read."""

    def __init__(self, jobs: Iterable[tuple[Tag, object | None]]) -> None:
        self._jobs = iter(jobs)
        self._is_drawn = False
        self._seats: deque[Seat[Tag, R]] = deque()
        self.ungiven: deque[Seat[Tag, R]] = deque()
        """Tasks that no worker has, the next first."""
        self._unread = 0
        self._unread_bytes = 0
        self._waiting_bytes = 0

    @property
    def is_at_work(self) -> bool:
        """Some tasks have no answer yet."""
        return self._unread > 0

    @property
    def has_first_done(self) -> bool:
        """The next answer that is wanted is there."""
        return bool(self._seats) and self._seats[0].is_done

    def fill(self, wanted: int) -> bool:
        """Draw some jobs, until so many tasks are under way or there is no room; False when nothing is left to do."""
        for _ in range(_AT_A_TIME):
            if not self.is_short_of(wanted):
                break
            for tag, task in self._jobs:
                self._seat(tag, task)
                break
            else:
                self._is_drawn = True
        return bool(self._seats) or not self._is_drawn

    def is_short_of(self, wanted: int) -> bool:
        """Fewer tasks are under way, and more can be drawn now."""
        return not self._is_drawn and self._unread < wanted and self._has_room

    def take_done(self) -> Iterator[tuple[Tag, R | Fault | None]]:
        """Tag and answer of those at the front that are done."""
        while self.has_first_done:
            seat = self._seats.popleft()
            self._waiting_bytes -= seat.size
            yield seat.tag, seat.answer

    def finish(self, seat: Seat[Tag, R], answer: R | Fault, size: int = 0) -> None:
        """It has its answer, of so many bytes."""
        self._unread -= 1
        self._unread_bytes -= seat.size
        self._waiting_bytes += size
        seat.task, seat.size, seat.answer, seat.is_done = b"", size, answer, True

    def note_fault(self, seat: Seat[Tag, R], reason: str, detail: str) -> None:
        """It is tried again, or that is its answer."""
        seat.faults += 1
        if seat.faults < TRIES.get(reason, 1):
            self.ungiven.appendleft(seat)
        else:
            self.finish(seat, Fault(reason, detail))

    @property
    def _has_room(self) -> bool:
        """A task that is larger than all room is drawn alone."""
        is_small = not self._unread or self._unread_bytes < _MOST_BYTES
        return is_small and self._waiting_bytes < _MOST_BYTES and len(self._seats) < _MOST_WAITING

    def _seat(self, tag: Tag, task: object | None) -> None:
        if task is None:
            self._seats.append(Seat(tag, b"", 0, is_done=True))
            return
        data = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        seat: Seat[Tag, R] = Seat(tag, data, len(data))
        self._seats.append(seat)
        self.ungiven.append(seat)
        self._unread += 1
        self._unread_bytes += seat.size
