"""Python's collector of cycles, which rests while a page is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting_collector() -> Iterator[None]:
    """No search for cycles for as long as this lasts, unless somebody has switched it off for good.

    A page makes some ten thousand objects, none of them in a cycle, and all are gone when it has been read: the
    collector would go through them, and through what else the process holds, several times for nothing.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
