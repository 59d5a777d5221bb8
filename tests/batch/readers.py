"""What the pool's workers do in its tests: a task is a word and a number."""

from __future__ import annotations

import ctypes
import mmap
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

from newsscraper.errors import ModelError

Task = tuple[str, int]


def prepare() -> Callable[[Task], int]:
    return read


def prepare_wrongly() -> Callable[[Task], int]:
    raise ModelError("weights.npz: damaged")


def die_at_once() -> Callable[[Task], int]:
    os._exit(3)


def read(task: Task) -> int:
    word, number = task
    ACTIONS.get(word, lambda _: None)(number)
    return number


def loop(_number: int) -> None:
    while True:
        pass


def hang_in_c(_number: int) -> None:
    """Holding the interpreter's lock: no thread and no handler of Python's runs meanwhile."""
    ctypes.PyDLL(None).sleep(600)


def crash(_number: int) -> None:
    ctypes.string_at(0)


def die_once(number: int) -> None:
    """The first time; then it is innocent."""
    mark = Path(os.environ["TEST_MARKS"]) / str(number)
    if not mark.exists():
        mark.touch()
        os._exit(9)


def eat_memory(_number: int) -> None:
    held = []
    try:
        while True:
            held.append(mmap.mmap(-1, 64 * 1024 * 1024))
    except OSError as error:
        raise MemoryError from error


def raise_bug(number: int) -> None:
    raise KeyError(number)


def garble(_number: int) -> None:
    """As if memory were broken."""
    (line,) = [number for number in range(3, 30) if is_socket(number)]
    os.write(line, bytes(7) + b"\x05wrong")
    time.sleep(600)


def is_socket(number: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False


def nap(_number: int) -> None:
    time.sleep(0.5)


ACTIONS: dict[str, Callable[[int], None]] = {
    "loop": loop,
    "hang": hang_in_c,
    "crash": crash,
    "die once": die_once,
    "eat": eat_memory,
    "bug": raise_bug,
    "nap": nap,
    "garble": garble,
}


def prepare_lengths() -> Callable[[bytes], int]:
    return len


_kept: list[bytearray] = []


def prepare_growing() -> Callable[[Task], int]:
    return read_and_grow


def read_and_grow(task: Task) -> int:
    """Who has read it; a task to `grow` stays in memory."""
    if task[0] == "grow":
        _kept.append(bytearray(b"x") * 300_000_000)
    return os.getpid()
