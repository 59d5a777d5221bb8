"""Ctrl-C while the command is being loaded: nothing is begun yet, so that nothing has to be told or tidied up."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 128 + 2
"""What a shell shows for a program that ended by SIGINT."""


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Meanwhile SIGINT ends the process without a traceback; one that is ignored, or heeded otherwise, stays so."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
