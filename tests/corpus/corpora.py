"""What the tests of corpora share: records that are quickly made, and files of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from newsscraper.record import Record
from newsscraper.story import Story

SITE = "tarn.example"
READ_BY = "newsscraper/0.1.0 body/2 model@aaaaaaaaaaaa"


def record(key: str, version: int = 1, **changes: Any) -> dict[str, Any]:
    """A record's line; story `key` of `SITE`, unless `changes` say otherwise."""
    story = Story(title=f"Ferry {key}", body="The ferry ran.\n\nNobody was late.", tags=["ferry"], language="en")
    made = Record(
        **story.to_dict(),
        story_key=key,
        version=version,
        url=f"https://{SITE}/{key}",
        fetched_at="2026-03-05T10:00:00Z",
        site=SITE,
        content_hash="1:00",
        extractor=READ_BY,
    )
    return {**made.to_dict(), **changes}


def write(path: Path, records: Iterable[Any]) -> Path:
    """`records` (or raw lines, as bytes) as a file in the form that its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        table = import_module("pyarrow").Table.from_pylist(list(records))
        import_module("pyarrow.parquet").write_table(table, path)
        return path
    lines = [each if isinstance(each, bytes) else json.dumps(each, ensure_ascii=False).encode() for each in records]
    content = b"".join(line + b"\n" for line in lines)
    if path.suffix == ".gz":
        content = gzip.compress(content)
    elif path.suffix == ".zst":
        content = import_module("backports.zstd").compress(content)
    path.write_bytes(content)
    return path
