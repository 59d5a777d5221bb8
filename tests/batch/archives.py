"""Made-up pages, and archives of them, for the tests of batches."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_SENTENCES = (
    "The council of the harbour town has agreed on a new timetable for its ferries.",
    "From spring on, the boats will leave every forty minutes instead of once an hour.",
    "Fishermen had asked for room at the eastern pier, which the plan leaves to them.",
    "Two of the captains said that the crossing in winter would still depend on the ice.",
    "A decision on the price of tickets is expected when the assembly meets again in May.",
)


@dataclass(frozen=True)
class Made:
    """A page as it lies in an archive."""

    url: str
    body: bytes
    status: str = "200 OK"
    kind: str = "text/html; charset=utf-8"


def make_story(number: int) -> Made:
    """A page with a headline of its own and text enough under it."""
    paragraphs = "".join(f"<p>{sentence} It is paragraph {number}.{at}.</p>" for at, sentence in enumerate(_SENTENCES))
    html = (
        f"<!doctype html><html lang=en><head><title>Ferry report {number}</title></head><body><main><article>"
        f"<h1>Ferry report number {number} from the harbour</h1>{paragraphs}</article></main></body></html>"
    )
    return Made(f"https://harbour.example/news/{number}", html.encode())


def make_listing() -> Made:
    """A page that is no story."""
    links = "".join(f"<li><a href=/news/{number}>Ferry report {number}</a></li>" for number in range(30))
    return Made("https://harbour.example/", f"<html><body><ul>{links}</ul></body></html>".encode())


def write_warc(path: Path, pages: Iterable[Made], *, packed: bool = True) -> list[int]:
    """An archive of a `warcinfo`, and of each page a response and its request; where the responses begin."""
    places = []
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "made up"}))
        for page in pages:
            places.append(file.tell())
            headers = StatusAndHeaders(page.status, [("Content-Type", page.kind)], protocol="HTTP/1.1")
            dates = {"WARC-Date": "2024-03-01T10:00:00Z"}
            response = writer.create_warc_record(
                page.url, "response", io.BytesIO(page.body), http_headers=headers, warc_headers_dict=dates
            )
            asked = StatusAndHeaders(f"GET {page.url} HTTP/1.1", [("Host", "harbour.example")], is_http_request=True)
            request = writer.create_warc_record(page.url, "request", http_headers=asked, warc_headers_dict=dates)
            writer.write_request_response_pair(request, response)
    return places


def make_stories(count: int) -> Sequence[Made]:
    """So many, each another."""
    return [make_story(number) for number in range(count)]
