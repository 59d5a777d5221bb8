"""Points at which a test or a benchmark lets a run die, or its disk fill up: silent unless asked for.

`NEWSSCRAPER_FAULT=sealing:renamed` kills the process when it gets there; `sealing:renamed:3` when it does so for the
third time. With `full@` before it, the disk has no more space from there on: every point fails as writing would.
`hook`, where it is set, is called with the name of each point instead.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable

hook: Callable[[str], None] | None = None


def reach(point: str) -> None:
    """The run has come to `point`."""
    if hook is not None:
        hook(point)


def killer(asked: str) -> Callable[[str], None]:
    """A hook that kills the process at the point `asked`, with a number when it gets there for so many times."""
    is_there = _counter(asked)

    def kill(reached: str) -> None:
        if is_there(reached):
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def filler(asked: str) -> Callable[[str], None]:
    """A hook that raises what a full disk does, at the point `asked` and at every one from there on."""
    is_there = _counter(asked)

    def fail(reached: str) -> None:
        if is_there(reached):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return fail


def read_fault(asked: str) -> Callable[[str], None]:
    """The hook that `NEWSSCRAPER_FAULT` asks for."""
    point = asked.removeprefix("full@")
    return killer(asked) if point == asked else filler(point)


def _counter(asked: str) -> Callable[[str], bool]:
    """Tells whether `asked`, `POINT` or `POINT:NUMBER`, has been reached by now."""
    point, _, number = asked.rpartition(":")
    point, left = (point, int(number)) if number.isdecimal() else (asked, 1)

    def is_there(reached: str) -> bool:
        nonlocal left
        left -= reached == point and left > 0
        return left <= 0

    return is_there


if os.environ.get("NEWSSCRAPER_FAULT"):
    hook = read_fault(os.environ["NEWSSCRAPER_FAULT"])
