"""Are a corpus's archives whole, and does every line lead to its page? Read by libraries that did not write them."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cdxj_indexer.main import CDXJIndexer
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecord
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from newsscraper import extract

OPEN = ".open"
_PIECE = 1 << 20


def sealed_archives(corpus: Path) -> Iterator[Path]:
    """Files below `archive/` under their final names, sorted."""
    yield from sorted(path for path in corpus.glob("archive/*/*.warc.gz") if not path.name.startswith("."))


def check_archives(corpus: Path) -> list[str]:
    """Archives that are not whole, or whose index is not theirs; what was never finished."""
    faults = [f"never finished: {path.relative_to(corpus)}" for path in sorted(corpus.glob(f"archive/*/*{OPEN}"))]
    for path in sealed_archives(corpus):
        name = path.relative_to(corpus)
        faults += [f"{name}: {what}" for what in _find_broken(path)]
        if not faults and not _is_indexed(path):
            faults.append(f"{name}: its index is not what cdxj-indexer makes of it")
    return faults


def find_wrong_pages(corpus: Path, records: Iterable[dict[str, Any]], *, reads: bool = True) -> list[str]:
    """Records whose `warc` leads to no page, or to another one; with `reads` they are extracted again from it."""
    faults = []
    for record in records:
        pointer = record["warc"]
        if pointer and (what := _find_fault(corpus, record, pointer, reads=reads)):
            faults.append(f"{record['story_key']} version {record['version']}: {pointer['file']}: {what}")
    return faults


def _find_broken(path: Path) -> list[str]:
    broken = []
    try:
        with gzip.open(path) as unpacked:
            while unpacked.read(_PIECE):
                pass
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=True):
                while record.content_stream().read(_PIECE):
                    pass
                broken += record.digest_checker.problems
    except (ArchiveLoadFailed, OSError, EOFError, ValueError, zlib.error) as fault:
        broken.append(f"cannot be read whole: {fault}")
    return broken


def _is_indexed(path: Path) -> bool:
    expected = io.StringIO()
    CDXJIndexer(expected, [str(path)], sort=True).process_all()
    index = path.with_name(path.name.removesuffix(".warc.gz") + ".cdxj")
    return index.exists() and index.read_text(encoding="utf-8") == expected.getvalue()


def _find_fault(corpus: Path, record: dict[str, Any], pointer: dict[str, Any], *, reads: bool) -> str | None:
    path = corpus / pointer["file"]
    path = path if path.exists() else path.with_name(path.name + OPEN)
    if not path.exists():
        return "is not there"
    with path.open("rb") as stream:
        stream.seek(pointer["offset"])
        member = io.BytesIO(stream.read(pointer["length"]))
    try:
        found = next(FastIterator(member), None)
    except OSError:
        found = None
    if found is None:
        return f"nothing lies at {pointer['offset']}"
    if found.headers.get("WARC-Record-ID") != pointer["record_id"]:
        return f"another record lies at {pointer['offset']}"
    if found.headers.get("WARC-Target-URI") not in {record["url"], record["fetched_url"]}:
        return f"the page of {found.headers.get('WARC-Target-URI')}"
    is_right = not reads or _read_title(found, record["url"]) == record["title"]
    return None if is_right else "the page of another story"


def _read_title(found: WarcRecord, url: str) -> str:
    http, body = found.http_headers, found.reader.read()
    if http and http.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return extract(body, url, charset=found.http_charset if http else "utf-8").title
