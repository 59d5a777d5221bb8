"""How a process of our own keeps its memory."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
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


def give_back() -> None:
    """Let the allocator hand to the system what large pages have left behind; where it cannot (other than glibc's), no.

    It takes some milliseconds.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
