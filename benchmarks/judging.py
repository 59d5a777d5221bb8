"""One case judged: did the core keep its promises, and in time? And the smallest page that shows the same fault."""

from __future__ import annotations

import contextlib
import dataclasses
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from benchmarks.cases import Case
from benchmarks.contract import find_breaches
from newsscraper import extract
from newsscraper.errors import NewsscraperError

TRIES = 400
"""Runs that making a page smaller may take."""
_PACKAGE = str(Path(extract.__code__.co_filename).parents[1])


@dataclasses.dataclass(frozen=True)
class Fault:
    """A promise that was not kept."""

    signature: str
    """What and where, alike for cases that show one and the same fault."""
    account: str
    """The traceback, or what is wrong with the story."""


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What became of a case."""

    outcome: str
    """`story`, or the class of the error."""
    seconds: float
    fault: Fault | None


class TooSlow(BaseException):
    """A page took longer than it may; not to be caught by code that catches any `Exception`."""


def judge(case: Case, limit: float) -> Verdict:
    """Runs a case once. `limit`: seconds of processor time."""
    begin = time.process_time()
    try:
        with _time_limit(limit):
            story = case.run()
    except NewsscraperError as error:
        return Verdict(type(error).__name__, time.process_time() - begin, None)
    except (Exception, TooSlow) as error:
        return Verdict(type(error).__name__, time.process_time() - begin, _describe(error))
    seconds = time.process_time() - begin
    breaches = find_breaches(story, case.arguments.get("fetched_at"))
    if not breaches:
        return Verdict("story", seconds, None)
    return Verdict("story", seconds, Fault(f"story {breaches[0].split(':')[0]}", "\n".join(breaches)))


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raises `TooSlow` after so much processor time, once Python code runs again."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds:g} s")

    previous = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)


def _describe(error: BaseException) -> Fault:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(_PACKAGE)]
    place = f"{Path(frames[-1].filename).stem}.{frames[-1].name}" if frames else "outside the package"
    return Fault(f"{type(error).__name__} {place}", "".join(traceback.format_exception(error)))


def minimise(case: Case, fault: Fault, limit: float) -> Case:
    """The case with as little of its page as still shows the fault; arguments that do not matter are dropped."""
    tries = 40 if fault.signature.startswith(TooSlow.__name__) else TRIES

    def shows(candidate: Case) -> bool:
        nonlocal tries
        tries -= 1
        if tries < 0:
            return False
        found = judge(candidate, limit).fault
        return found is not None and found.signature == fault.signature

    for name, plain in (("charset", None), ("url", None), ("fetched_at", None), ("profile", None), ("force", True)):
        if case.arguments.get(name, plain) != plain:
            simpler = dataclasses.replace(case, arguments={**case.arguments, name: plain})
            case = simpler if shows(simpler) else case
    return dataclasses.replace(case, page=_shrink(case.page, lambda page: shows(dataclasses.replace(case, page=page))))


def _shrink(page: bytes | str, shows: Callable[[bytes | str], bool]) -> bytes | str:
    """Halves are left out, then quarters, and so on, for as long as the rest still shows it."""
    size = len(page) // 2
    while size:
        place = 0
        while place < len(page):
            rest = page[:place] + page[place + size :]  # type: ignore[operator]
            if shows(rest):
                page = rest
            else:
                place += size
        size //= 2
    return page
