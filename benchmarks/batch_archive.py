"""An archive of as many pages as are wanted, made from labelled ones: no two alike, so that nothing that is remembered
of one page helps with another.

Each round over the labelled pages changes every text of some length, every class, and the host. What stays is what
costs time: the markup, its nesting, its scripts, and how much text there is. Of the same arguments come the same pages.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.datasets import LabelledPage, list_sets, read_set

_APART = re.compile(rb"<(script|style|textarea|title)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TEXT = re.compile(rb">([^<>{}]{24,})<")
_CLASS = re.compile(rb"""(\sclass\s*=\s*)("[^"<>]*"|'[^'<>]*')""", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_AT = "2026-01-15T08:00:00Z"


class MadePage(NamedTuple):
    """A page as a site might have sent it."""

    url: str
    html: bytes


def read_labelled(data: Path) -> list[LabelledPage]:
    """All pages that stand below `data`, set by set."""
    return [page for name in list_sets(data) for page in read_set(data, name)]


def vary_pages(labelled: Sequence[LabelledPage], number: int) -> Iterator[MadePage]:
    """`number` pages: those given, changed anew in every round. Whole numbers of the sets are spread, not in a row."""
    order = list(labelled)
    random.Random(0).shuffle(order)
    made = (_vary(page, turn) for turn in count() for page in order)
    return islice(made, number)


def write_archive(path: Path, pages: Iterator[MadePage], done: Callable[[], None] = lambda: None) -> int:
    """One WARC file, a gzip member a record, as crawls of the news write them; the bytes of all pages together."""
    # Imported where an archive is made: this is the one benchmark that needs it.
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    size = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "newsscraper benchmarks"}))
        for page in pages:
            headers = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(page.html)))], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                page.url,
                "response",
                payload=io.BytesIO(page.html),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": _AT},
            )
            writer.write_record(record)
            size += len(page.html)
            done()
    return size


def _vary(page: LabelledPage, turn: int) -> MadePage:
    rng = random.Random(f"{turn} {page.set_name} {page.id}")
    url = page.url or f"https://{page.set_name}.example/{page.id}"
    parts = urlsplit(url)
    return MadePage(parts._replace(netloc=f"n{turn}.{parts.netloc}").geturl(), vary_page(page.read_bytes(), rng))


def vary_page(html: bytes, rng: random.Random) -> bytes:
    """`html` with a word more in each longer text and each class; what has no ASCII in it stays as it is."""
    if html.startswith(_WIDE):
        return html
    parts, end = [], 0
    for apart in _APART.finditer(html):
        parts += [_vary_markup(html[end : apart.start()], rng), apart[0]]
        end = apart.end()
    return b"".join([*parts, _vary_markup(html[end:], rng)])


def _vary_markup(html: bytes, rng: random.Random) -> bytes:
    html = _CLASS.sub(lambda match: match[1] + match[2][:-1] + b" " + _word(rng) + match[2][-1:], html)
    return _TEXT.sub(lambda match: b">" + _with_word(match[1], rng) + b"<", html)


def _with_word(text: bytes, rng: random.Random) -> bytes:
    """After the first blank, so that how a text begins and ends stays what it was."""
    head, blank, tail = text.partition(b" ")
    return head + blank + _word(rng) + b" " + tail if blank and tail.strip() else text


def _word(rng: random.Random) -> bytes:
    return bytes(rng.choices(b"abdeghiklmnoprstu", k=6))
