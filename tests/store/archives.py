"""What the tests of archives share: exchanges, and archives read by tools that are not ours."""

from __future__ import annotations

import io
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdxj_indexer.main import CDXJIndexer
from fastwarc.warc import ArchiveIterator
from warcio.checker import Checker

from newsscraper.store.archive import Exchange
from tests.store.ledgers import HOME, SITE

AT = "2026-03-05T10:00:00Z"
PAGE = b"<html><title>Ferry</title><p>The ferry ran.</p></html>"


def exchange(path: str, body: bytes = PAGE, status: int = 200, **facts: Any) -> Exchange:
    """What came when `path` was asked for; a redirect is told where it leads by `location`."""
    location = facts.pop("location", None)
    headers = (("Content-Type", "text/html; charset=utf-8"), *((("Location", HOME + location),) if location else ()))
    values = {
        "headers": headers,
        "request_headers": (("Host", SITE), ("User-Agent", "newsscraper")),
        "reason": {200: "OK", 302: "Found", 304: "Not Modified"}.get(status, ""),
        "at": AT,
        "address": "192.0.2.7",
        **facts,
    }
    return Exchange(url=HOME + path, status=status, body=body, **values)


@dataclass(frozen=True)
class Told:
    """A record, as fastwarc reads it."""

    kind: str
    url: str | None
    offset: int
    headers: dict[str, str]
    status: int | None
    body: bytes


def archives(corpus: Path) -> list[Path]:
    """Sealed archive files."""
    return sorted((corpus / "archive").glob("*/*.warc.gz"))


def read_records(archive: Path) -> list[Told]:
    """All records, each digest verified."""
    told = []
    with archive.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            if "WARC-Block-Digest" in record.headers:
                assert record.verify_block_digest(consume=False)
            record.parse_http()
            if str(record.record_type) in {"response", "request"}:
                assert record.verify_payload_digest(consume=False)
            http = record.http_headers
            body = record.reader.read()
            told.append(
                Told(
                    kind=str(record.record_type),
                    url=record.headers.get("WARC-Target-URI"),
                    offset=record.stream_pos,
                    headers=dict(record.headers),
                    status=None if http is None else http.status_code,
                    body=body,
                )
            )
    return told


def assert_sound(corpus: Path) -> None:
    """Every archive passes `warcio check`, and cdxj-indexer indexes it as we did; nothing else lies beside it."""
    found = archives(corpus)
    assert Checker(Namespace(inputs=[str(path) for path in found], verbose=False)).process_all() == 0
    for path in found:
        assert read_records(path)[0].kind == "warcinfo"
        index = io.StringIO()
        CDXJIndexer(index, [str(path)], sort=True).process_all()
        assert path.with_name(path.name.replace(".warc.gz", ".cdxj")).read_text() == index.getvalue()
    beside = {path for path in (corpus / "archive").glob("*/*") if path.suffix != ".cdxj"}
    assert beside == set(found)
