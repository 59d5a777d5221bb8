"""What a worker process of a batch does: it reads what it is given, one at a time, and nothing else."""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import socket
import struct
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedRWPair
from pathlib import Path
from typing import Any

from newsscraper.errors import NewsscraperError
from newsscraper.memory import collect_seldom, give_back

if sys.platform != "win32":
    import resource

LENGTH = struct.Struct(">Q")
"""Before each answer: of how many bytes it is."""
_PATIENCE = 30.0
"""Seconds beyond a page's own after which the kernel ends a worker that nobody has ended."""
_GROWTH = 128 * 1024 * 1024
"""Bytes by which a worker may grow: what a huge page has left behind goes with its process."""
_LEFT_BEHIND = 24 * 1024 * 1024
"""Bytes beyond its usual size at which a worker gives back what it does not use."""
_FIRST_TO_GO = "500"
"""Where memory runs short, the kernel should take a worker, which costs a page, rather than the batch."""


@dataclass(frozen=True)
class Kit:
    """What a worker gets before its first task."""

    prepare: Callable[[], Callable[[Any], Any]]
    """Called once; what it returns reads a task."""
    seconds: float
    memory: int
    """Bytes of address space; 0 for no bound."""


@dataclass(frozen=True)
class Ready:
    """The worker stands by; or `fault` says why it cannot."""

    fault: str | None = None


@dataclass(frozen=True)
class Answer:
    """What became of a task."""

    value: Any = None
    fault: tuple[str, str] | None = None
    """Reason and detail, where there is no value."""
    is_last: bool = False
    """The worker ends with it."""


def serve(descriptor: int) -> None:
    """Read tasks from a socket until it is closed, an answer for each in their order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the batch ends its workers
    with socket.socket(fileno=descriptor) as line, line.makefile("rwb") as stream:
        with suppress(EOFError, ConnectionError):  # whoever gave the tasks is gone
            _serve(stream)
        os._exit(0)  # nothing to tidy up, and nobody to wait for what libraries do at their end


def _serve(stream: BufferedRWPair) -> None:
    kit: Kit = pickle.load(stream)
    read = _prepare(kit, stream)
    usual = _resident()
    largest = usual + _GROWTH
    while True:
        task = pickle.load(stream)
        _set_alarm(kit.seconds)
        answer = _answer(read, task)
        _set_alarm(0)
        del task
        if _resident() > usual + _LEFT_BEHIND:
            give_back()
            usual = max(usual, _resident())
        if answer.is_last or _resident() > largest:
            answer = Answer(answer.value, answer.fault, is_last=True)
        _send(stream, answer)
        if answer.is_last:
            return


def _prepare(kit: Kit, stream: BufferedRWPair) -> Callable[[Any], Any]:
    """Raises `EOFError` where it cannot, after it has said why."""
    try:
        read = kit.prepare()
    except NewsscraperError as error:
        _send(stream, Ready(str(error)))
        raise EOFError from error
    except Exception as error:
        _send(stream, Ready(f"unexpected {type(error).__name__}: {error}"))
        raise EOFError from error
    logging.disable(logging.CRITICAL)  # what goes wrong with a page is told in its answer
    warnings.simplefilter("ignore")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what C libraries print may hold a page's text
    _limit_memory(kit.memory)
    collect_seldom()
    _send(stream, Ready())
    return read


def _answer(read: Callable[[Any], Any], task: Any) -> Answer:
    try:
        return Answer(read(task))
    except MemoryError:
        gc.collect()
        return Answer(fault=("out_of_memory", "more memory than a page may take"), is_last=True)
    except Exception as error:
        return Answer(fault=("unexpected", f"{type(error).__name__}: {error}"))


def _send(stream: BufferedRWPair, message: Ready | Answer) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _limit_memory(size: int) -> None:
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")
    if size and sys.platform != "win32":
        with suppress(OSError, ValueError):
            hardest = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (size, hardest))


def _set_alarm(seconds: float) -> None:
    """Have the kernel end this process then, whatever library it hangs in: the batch itself may have been killed."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + _PATIENCE if seconds else 0)


def _resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0
