"""Made-up pages of any size, and what they cost: time as they grow, and memory at the peak.

Each shape is read in a process of its own, since a process's peak never comes down again. The peak is what the
system has seen resident, so that libxml2's tree counts as well as Python's objects.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from typing import NamedTuple

from lxml import html

from benchmarks.memory import forget_peak, peak_memory
from benchmarks.timing import Page, Reader, time_one
from newsscraper import extract

MEGABYTE = 1_000_000
SIZES = (5 * MEGABYTE, 10 * MEGABYTE)
URL = "https://harbour.example/en/news/12/sand-is-back"
_SENTENCE = "The dredger came in on the evening tide and had cleared the mouth of the harbour before the first boat. "
_STORY = "".join(
    f"<p>{text}</p>"
    for text in (
        _SENTENCE,
        "Nobody on the quay was surprised, for the harbour office had asked for it twice since the storms of autumn.",
        "The sand goes to the beach at the far side of the bay, where the winter took forty metres of the dunes.",
    )
)


class Cost(NamedTuple):
    """What a shape of page costs at the larger of two sizes, and how that compares."""

    shape: str
    size: int
    """Bytes of the larger page."""
    seconds: float
    times_of_parse: float
    """Our time over that of lxml's bare parse of the same bytes."""
    growth: float
    """Our time over the time for the page of half the size: 2 is linear."""
    memory: float
    """Peak of memory beyond what the process held before, over the page's size."""
    parse_memory: float
    """The same for lxml's bare parse."""


def measure_all(
    shapes: list[str], sizes: tuple[int, int] = SIZES, done: Callable[[], None] = lambda: None
) -> list[Cost]:
    """The cost of each shape, at twice the size of `sizes[0]`. Raises whatever the core raises."""
    costs = []
    for shape in shapes:
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            parse_memory = pool.apply(_parse_memory, (shape, sizes[1]))
            costs.append(pool.apply(_measure, (shape, sizes, parse_memory)))
        done()
    return costs


def build(shape: str, size: int) -> bytes:
    """A story page of about `size` bytes, most of which are of that shape."""
    unit = SHAPES[shape]
    count = max(1, size // len(unit(1)))
    head = "<!doctype html><html lang=en><head><title>Sand is back in the harbour</title></head><body>"
    return f"{head}<h1>Sand is back in the harbour</h1><article>{_STORY}{unit(count)}</article></body></html>".encode()


def _paragraphs(count: int) -> str:
    return "".join(f"<p>On day {i} of the work: {_SENTENCE * 3}</p>" for i in range(count))


def _nested(count: int) -> str:
    opened = "".join(f"<div class=d{i % 7}>Tide {i}. {_SENTENCE}" for i in range(count))
    return opened + "</div>" * count


def _links(count: int) -> str:
    return f"<ul>{''.join(f'<li><a href=/n/{i}>Boat {i} left</a> on tide {i}.</li>' for i in range(count))}</ul>"


def _one_text(count: int) -> str:
    return f"<p>{_SENTENCE * count}</p>"


def _table(count: int) -> str:
    return (
        f"<table>{''.join(f'<tr><td>Boat {i}</td><td>{i * 3} t</td><td>{i}</td></tr>' for i in range(count))}</table>"
    )


def _siblings(count: int) -> str:
    return "".join(f"<span class=k{i}>tide {i} </span>" for i in range(count))


def _cards(count: int) -> str:
    return "".join(
        f"<div class=card><h3><a href=/n/{i}>Boat {i}</a></h3><p>{_SENTENCE}</p></div>" for i in range(count)
    )


def _lines(count: int) -> str:
    return "<br>".join(f"Tide {i}: {_SENTENCE}" for i in range(count))


def _pictures(count: int) -> str:
    picture = '<figure><img src="/photo/{0}.jpg" width=640 height=480><figcaption>Boat {0}</figcaption></figure>'
    return "".join(picture.format(i) for i in range(count))


def _script(count: int) -> str:
    tides = json.dumps([{"tide": i, "text": _SENTENCE} for i in range(count)])
    return f"<script>var tides = {tides};</script>"


SHAPES: dict[str, Callable[[int], str]] = {
    "paragraphs": _paragraphs,
    "deep nesting": _nested,
    "links": _links,
    "one text": _one_text,
    "table": _table,
    "siblings": _siblings,
    "cards": _cards,
    "broken lines": _lines,
    "pictures": _pictures,
    "script": _script,
}


def _measure(shape: str, sizes: tuple[int, int], parse_memory: float) -> Cost:
    """Runs in a process of its own."""
    half, whole = (Page(build(shape, size), URL) for size in sizes)
    _extract(build(shape, 20_000), URL)
    seconds, memory = _peak_of(_extract, whole)
    half_seconds = time_one(_extract, half)
    parse_seconds = min(time_one(_parse, whole) for _ in range(2))
    size = len(whole.html)
    return Cost(shape, size, seconds, seconds / parse_seconds, seconds / half_seconds, memory, parse_memory)


def _parse_memory(shape: str, size: int) -> float:
    """Runs in a process of its own."""
    return _peak_of(_parse, Page(build(shape, size), URL))[1]


def _peak_of(reader: Reader, page: Page) -> tuple[float, float]:
    """Seconds for the page, and how many times its size the process grew at the peak."""
    forget_peak()
    before = peak_memory()
    seconds = time_one(reader, page)
    return seconds, (peak_memory() - before) / len(page.html)


def _extract(page: bytes, url: str | None) -> None:
    extract(page, url, force=True)


def _parse(page: bytes, url: str | None) -> None:
    html.document_fromstring(page)
