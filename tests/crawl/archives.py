"""Archives as a reader sees them that is not ours (warcio), and archives that are none of ours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


@dataclass(frozen=True)
class Kept:
    """A record of an archive."""

    kind: str
    url: str
    warc: dict[str, str]
    status: int | None
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    """As it lies there, packed or not."""

    @property
    def path(self) -> str:
        return "/" + self.url.split("/", 3)[3] if self.url else ""


def kept_in(corpus: Path) -> list[Kept]:
    """Every record of the archives of `corpus`, in order."""
    kept = []
    for file in sorted((corpus / "archive").glob("*/*.warc.gz")):
        with file.open("rb") as stream:
            kept += [_read(record) for record in ArchiveIterator(stream)]
    return kept


def _read(record: Any) -> Kept:
    http = record.http_headers
    is_answer = http is not None and record.rec_type != "request"
    return Kept(
        kind=record.rec_type,
        url=record.rec_headers.get_header("WARC-Target-URI") or "",
        warc=dict(record.rec_headers.headers),
        status=int(http.get_statuscode()) if is_answer else None,
        headers={name.lower(): value for name, value in http.headers} if http is not None else {},
        body=record.raw_stream.read(),
    )


def answers_in(corpus: Path) -> list[tuple[str, str, int | None]]:
    """Kind, path and status of each answer that was archived, in order."""
    return [(each.kind, each.path, each.status) for each in kept_in(corpus) if each.kind in {"response", "revisit"}]


def write_foreign(file: Path, answers: Iterable[tuple[str, str, int, Mapping[str, str], bytes]]) -> None:
    """An archive with nothing but answers, as those of web-wide crawls: URL, WARC-Date, status, headers, body."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, at, status, headers, body in answers:
            http = StatusAndHeaders(f"{status} Told", list(headers.items()), protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url, "response", payload=BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": at}
            )
            writer.write_record(record)


def lines_in(corpus: Path) -> list[dict[str, Any]]:
    """The sealed stories, by address."""
    files = sorted((corpus / "stories").glob("*/*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return sorted(lines, key=lambda line: str(line["url"]))


def report_of(corpus: Path) -> dict[str, Any]:
    """Of the latest run."""
    path = max((corpus / "runs").glob("*/*.json"), key=lambda each: each.stat().st_mtime_ns)
    report: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return report
