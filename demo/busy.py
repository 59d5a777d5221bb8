"""A site that asks for patience: it answers later, or as slowly as it can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime

from .fault import Asked, Kind
from .markup import fill
from .page import Page, make_notice

_PIECE = 64


def _answer_503(asked: Asked) -> Page:
    return make_notice(fill("faults", "busy"), 503, Retry_After=f"{asked.seconds:.0f}")


def _answer_503_with_date(asked: Asked) -> Page:
    when = (asked.now + timedelta(seconds=asked.seconds)).replace(microsecond=0)
    return make_notice(fill("faults", "busy"), 503, Retry_After=format_datetime(when, usegmt=True))


def _answer_429(asked: Asked) -> Page:
    return make_notice(fill("faults", "too_many"), 429, Retry_After=f"{asked.seconds:.0f}")


def _answer_in_drops(asked: Asked) -> Page:
    """The page as it is, a few bytes at a time: never quiet for long, and never done."""
    page = asked.page

    def drip() -> Iterator[bytes]:
        for start in range(0, len(page.body), _PIECE):
            yield page.body[start : start + _PIECE]

    headers = page.headers | {"Content-Length": str(len(page.body))}
    return Page(page.status, headers, b"", pieces=drip, pause=asked.seconds)


def _answer_never(asked: Asked) -> Page:
    return Page(0, {}, b"", silence=asked.seconds)


def _cut_off(asked: Asked) -> Page:
    """Half of what the length promises."""
    page = asked.page
    headers = page.headers | {"Content-Length": str(len(page.body))}
    return Page(page.status, headers, b"", pieces=lambda: iter([page.body[: len(page.body) // 2]]))


BUSY_FAULTS = {
    "flaky_503": Kind(
        what="an address answers 503 with Retry-After in seconds the first time it is asked, and well after that",
        where="pages",
        answer=_answer_503,
        times=1,
        seconds=1,
    ),
    "flaky_503_date": Kind(
        what="the same with an HTTP date for Retry-After",
        where="pages",
        answer=_answer_503_with_date,
        times=1,
        seconds=2,
    ),
    "too_many_requests": Kind(
        what="an address answers 429 with Retry-After the first time it is asked, and well after that",
        where="pages",
        answer=_answer_429,
        times=1,
        seconds=1,
    ),
    "slow_drip": Kind(
        what="story pages come 64 bytes at a time, one second apart",
        where="stories",
        answer=_answer_in_drops,
        seconds=1,
    ),
    "no_answer": Kind(
        what="story pages are never answered: silence for ten minutes, then the line is cut",
        where="stories",
        answer=_answer_never,
        seconds=600,
    ),
    "cut_off": Kind(what="story pages end half-way, with the length of the whole", where="stories", answer=_cut_off),
}
