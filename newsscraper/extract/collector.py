"""Python's collector of cycles, which rests while a page is read."""

from __future__ import annotations

import gc
from types import TracebackType


class RestingCollector:
    """No search for cycles for as long as this lasts, unless somebody has switched it off for good.

    A page makes some ten thousand objects, none of them in a cycle, and all are gone when it has been read: the
    collector would go through them, and through what else the process holds, several times for nothing.
    """

    __slots__ = ("_was_on",)

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._was_on:
            gc.enable()
