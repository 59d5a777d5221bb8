"""CDXJ: which capture lies where in an archive file, one line each, sorted; as cdxj-indexer writes it."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsscraper.store.archive.members import Members
from newsscraper.store.durable import write_whole

if TYPE_CHECKING:
    from cdxj_indexer.main import CDXJIndexer

_FIELDS = ("url", "mime", "status", "digest", "length", "offset", "filename")
_END_OF_MIME = re.compile(r"[;\s]")
_CAPTURES = ("response", "revisit")
_NO_DIGIT = re.compile(r"\D")


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """A line of an index."""

    url: str
    at: str
    """`20220330172000`."""
    mime: str | None
    status: int | None
    digest: str | None
    offset: int
    length: int
    line: str
    """As it stands, with its line feed."""


def index_path(archive: Path) -> Path:
    """Where the index of `archive`, a `.warc.gz`, lies."""
    return archive.with_name(archive.name.removesuffix(".warc.gz") + ".cdxj")


def archive_of(index: Path) -> Path:
    """The archive that an index is of."""
    return index.with_name(f"{index.stem}.warc.gz")


def index_line(url: str, at: str, facts: Mapping[str, object]) -> str:
    """A capture's line, with its line feed. `at` is a WARC-Date; `facts` are those of `Indexed`, and `filename`."""
    mime = _END_OF_MIME.split(str(facts["mime"] or ""), maxsplit=1)[0].strip()
    told = {"url": url, **facts, "mime": mime}
    ordered = {name: str(told[name]) for name in _FIELDS if told[name]}
    # No offset is 0: every file begins with its `warcinfo`.
    return f"{_key_of(url)} {_NO_DIGIT.sub('', at)[:14]} {json.dumps(ordered)}\n"


def write_index(archive: Path, lines: Iterable[str]) -> None:
    """`lines`, sorted, as the index of `archive`. Raises `OSError`."""
    write_whole(index_path(archive), "".join(sorted(set(lines))).encode())


def read_index(archive: Path) -> Iterator[Indexed]:
    """The lines of the index of `archive`. Raises `OSError`, `ValueError` for what is none."""
    with index_path(archive).open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield _read_line(line)


def agrees(index: Iterable[Indexed], members: Members) -> bool:
    """Whether an index names every capture of an archive that can be read, and nothing that is not there.

    What cannot be read may be what it says.
    """
    told = {each.offset: each.length for each in index}
    records = {each.offset: each for each in members.records if not each.is_filler}
    captures = (each for each in records.values() if each.kind in _CAPTURES and each.url.startswith("http"))
    return all(each.offset in told for each in captures) and all(
        records[offset].end == offset + length
        if offset in records
        else any(start <= offset < end for start, end in members.gaps)
        for offset, length in told.items()
    )


def find_captures(archive: Path) -> list[Indexed]:
    """The captures of `archive`, in order. Raises `OSError`. An index that is gone, or none, is made anew."""
    try:
        captures = list(read_index(archive))
    except (FileNotFoundError, ValueError, KeyError):
        write_index(archive, walk_archive(archive, archive.name))
        captures = list(read_index(archive))
    return sorted(captures, key=lambda each: each.offset)


def walk_archive(path: Path, name: str) -> list[str]:
    """The lines of an archive, read from the file `path` itself, which is to be called `name`, up to the first damage.

    Raises `OSError`.
    """
    from cdxj_indexer.main import CDXJIndexer  # noqa: PLC0415 (see `_indexer`)
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    found = io.StringIO()
    with suppress(ArchiveLoadFailed, EOFError, ValueError, zlib.error):
        CDXJIndexer(found, [str(path)], filename=name).process_all()
    return found.getvalue().splitlines(keepends=True)


def _key_of(url: str) -> str:
    return str(_indexer().get_url_key(url))


@cache
def _indexer() -> CDXJIndexer:
    from cdxj_indexer.main import CDXJIndexer  # noqa: PLC0415 (a fifth of a second at every start)

    return CDXJIndexer(None, [])


def _read_line(line: str) -> Indexed:
    _, at, told = line.split(" ", 2)
    facts = _read_facts(told)
    url, offset, length = _text(facts, "url"), _number(facts, "offset"), _number(facts, "length")
    if url is None or offset is None or length is None:
        raise ValueError(f"a line without url, offset and length: {line[:80]!r}")
    return Indexed(
        url=url,
        at=at,
        mime=_text(facts, "mime"),
        status=_number(facts, "status"),
        digest=_text(facts, "digest"),
        offset=offset,
        length=length,
        line=line,
    )


def _read_facts(told: str) -> dict[str, object]:
    try:
        facts = json.loads(told)
    except RecursionError as fault:
        raise ValueError("a line nested too deeply") from fault
    if not isinstance(facts, dict):
        raise ValueError(f"a line that is no JSON object: {told[:80]!r}")
    return facts


def _text(facts: Mapping[str, object], name: str) -> str | None:
    value = facts.get(name)
    return value if isinstance(value, str) else None


def _number(facts: Mapping[str, object], name: str) -> int | None:
    """Some tools write numbers as texts, as cdxj-indexer does, others as numbers."""
    value = facts.get(name)
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
