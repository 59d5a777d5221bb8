"""How a process of our own keeps its memory."""

from __future__ import annotations

import gc
from functools import cache

_SELDOM = (20_000, 20, 100)


@cache
def collect_seldom() -> None:
    """Let the garbage collector leave what is loaded alone, and look at the rest less often than is its habit.

    A page is some ten thousand objects that are given up together, hardly any in a cycle: looking for cycles among them
    again and again takes an eighth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
