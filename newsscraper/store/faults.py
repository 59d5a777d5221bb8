"""Points at which a test or a benchmark lets a run die: silent unless asked for.

`NEWSSCRAPER_FAULT=sealing:renamed` kills the process when it gets there; `sealing:renamed:3` when it does so for the
third time. `hook`, where it is set, is called with the name of each point instead.
"""

from __future__ import annotations

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
    point, _, number = asked.rpartition(":")
    point, left = (point, int(number)) if number.isdecimal() else (asked, 1)

    def kill(reached: str) -> None:
        nonlocal left
        left -= reached == point
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


if os.environ.get("NEWSSCRAPER_FAULT"):
    hook = killer(os.environ["NEWSSCRAPER_FAULT"])
