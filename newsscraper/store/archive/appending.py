"""A settlement's exchanges in an archive: what is written whole, and what as a reference to an earlier capture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from newsscraper.record import WarcPointer
from newsscraper.store.archive.types import Exchange
from newsscraper.store.archive.writer import (
    NOT_MODIFIED,
    SAME_PAYLOAD,
    ArchiveWriter,
    Capture,
    digest_payload,
)

FindCapture = Callable[[str], Capture | None]
"""The last capture of a URL, where it is still there to be referred to."""


@dataclass
class Appended:
    """What came of a settlement's exchanges."""

    captures: list[tuple[str, WarcPointer]] = field(default_factory=list)
    """URL and record of what later answers may refer to."""
    page: WarcPointer | None = None
    """Where the page itself lies: the last of them that is no further page."""


@dataclass(frozen=True)
class _Answer:
    exchange: Exchange
    digest: str
    capture: Capture | None
    """The earlier answer that it repeats."""


def append_exchanges(writer: ArchiveWriter, exchanges: Sequence[Exchange], find_capture: FindCapture) -> Appended:
    """Write them, further pages of a story before its first one. Raises `OSError`."""
    ordered = sorted(exchanges, key=lambda exchange: exchange.page_of is None)
    answers = _keep_together([_compare(exchange, find_capture) for exchange in ordered])
    appended = Appended()
    further: list[WarcPointer] = []
    for answer in answers:
        is_further = answer.exchange.page_of is not None
        response, page = _append(writer, answer, further if answer is answers[-1] else ())
        if answer.capture is None and _is_page(answer.exchange):
            appended.captures.append((answer.exchange.url, response))
            further += [page] if is_further else []
        appended.page = None if is_further else page
    return appended


def _compare(exchange: Exchange, find_capture: FindCapture) -> _Answer:
    digest = digest_payload(exchange.body)
    capture = None
    if exchange.method == "GET" and (exchange.status == 304 or _is_page(exchange)):
        capture = find_capture(exchange.url)
    if capture is not None and exchange.status != 304 and capture.digest != digest:
        capture = None
    return _Answer(exchange, digest, capture)


def _is_page(exchange: Exchange) -> bool:
    return exchange.status == 200 and bool(exchange.body) and exchange.method == "GET"


def _keep_together(answers: Sequence[_Answer]) -> list[_Answer]:
    """Of a story of several pages all repeat what is known, or all are written: the first says where the others lie."""
    pages = [each for each in answers if each.exchange.page_of is not None or each is answers[-1]]
    first = pages[-1].capture
    # What a browser drew lies in this file, and says where the others do.
    is_repeated = all(each.capture is not None and each.exchange.drawn is None for each in pages)
    if len(pages) == 1 or (is_repeated and first is not None and first.has_further):
        return list(answers)
    return [
        _Answer(each.exchange, each.digest, None) if each in pages and each.exchange.status != 304 else each
        for each in answers
    ]


def _append(writer: ArchiveWriter, answer: _Answer, further: Sequence[WarcPointer]) -> tuple[WarcPointer, WarcPointer]:
    """The record of the answer, or of the one it repeats; and the one to be read, which a browser may have drawn."""
    exchange = answer.exchange
    if answer.capture is not None:
        profile = NOT_MODIFIED if exchange.status == 304 else SAME_PAYLOAD
        writer.write_revisit(exchange, answer.capture, profile)
        response = answer.capture.pointer
    else:
        response = writer.write_response(exchange, digest=answer.digest, further=further)
    if exchange.drawn is None:
        return response, response
    return response, writer.write_drawn(exchange, response["record_id"], further=further)
