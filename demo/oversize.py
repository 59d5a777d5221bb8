"""Answers that are larger than any page: made while they are sent, never held."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from .fault import Asked, Kind
from .page import HTML, Page

BOMB_BYTES = 400 * 1024 * 1024
"""Unpacked."""
HUGE_BYTES = 60 * 1024 * 1024
_PIECE = 1024 * 1024
_OPENING = b"<!doctype html><html lang=en><head><title>The harbour rolls</title></head><body><h1>Harbour rolls</h1>\n"
_LINE = b"<p>Every ship that ever entered the port of Halden, one to a line, as the pilots wrote it down.</p>\n"


def make_plain(size: int) -> Iterator[bytes]:
    """HTML of `size` bytes in pieces: it opens like a page of text and goes on for ever after."""
    piece = (_LINE * (_PIECE // len(_LINE) + 1))[:_PIECE]
    yield _OPENING
    left = size - len(_OPENING)
    while left > 0:
        yield piece[:left]
        left -= _PIECE


def make_bomb(size: int = BOMB_BYTES) -> Iterator[bytes]:
    """The same, of `size` bytes, packed with gzip to about a 250th."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for piece in make_plain(size):
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _answer_bomb(_: Asked) -> Page:
    headers = {"Content-Type": HTML, "Content-Encoding": "gzip", "Connection": "close"}
    return Page(200, headers, b"", pieces=make_bomb)


def _answer_huge(_: Asked) -> Page:
    headers = {"Content-Type": HTML, "Content-Length": str(HUGE_BYTES)}
    return Page(200, headers, b"", pieces=lambda: make_plain(HUGE_BYTES))


def _answer_huge_unsaid(_: Asked) -> Page:
    return Page(200, {"Content-Type": HTML, "Connection": "close"}, b"", pieces=lambda: make_plain(HUGE_BYTES))


OVERSIZE_FAULTS = {
    "gzip_bomb": Kind(
        what="story pages are small on the wire and 400 MiB when unpacked", where="stories", answer=_answer_bomb
    ),
    "huge_page": Kind(what="story pages of 60 MiB, which the header says", where="stories", answer=_answer_huge),
    "huge_page_unsaid": Kind(
        what="story pages of 60 MiB, without a Content-Length", where="stories", answer=_answer_huge_unsaid
    ),
}
