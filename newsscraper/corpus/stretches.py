"""An archive as a row of stretches, each a record or damage: what is broken costs itself, and nothing behind it.

Where records begin is told by the reader that extraction uses; whether each is what it says, by warcio.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsscraper.store.archive.forms import read_form
from newsscraper.store.archive.remote import Source, Window, open_source
from newsscraper.store.archive.walking import Came, Damage, walk

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Bytes of an archive from `offset` on: one gzip member, or one record where nothing is packed."""

    offset: int
    length: int = 0
    """In bytes; 0 of damage."""
    record_id: str = ""
    kind: str = ""
    """`response`, `revisit`, ..."""
    fault: str | None = None
    """Why nothing in it can be trusted."""
    wrong_digests: tuple[str, ...] = ()
    """In which of its digests it is not what it says, in warcio's words."""


def read_stretches(path: Path) -> Iterator[Stretch]:
    """Those of an archive, in order. Raises `InputError` where it cannot be opened, `OSError`."""
    with open_source(str(path)) as source, open_source(str(path)) as aside:
        # warcio knows no Zstandard: of such an archive it is known where its records lie, and no more.
        is_known = read_form(aside).packing != "zstd"
        for stretch in _walk(source):
            yield _examine(stretch, aside) if is_known and stretch.fault is None else stretch


def _walk(source: Source) -> Iterator[Stretch]:
    """Of records that share a member the first: they are one stretch."""
    last: Came | None = None
    name = kind = ""
    for step in walk(source):
        if isinstance(step, Came):
            last = step
            name, kind = step.record.headers.get("WARC-Record-ID") or "", str(step.record.record_type)
        elif isinstance(step, Damage):
            last = None
            yield Stretch(offset=step.offset, fault=f"{step.reason}: {step.detail}")
        elif last is not None:
            place, is_shared, last = last.offset, last.is_shared, None
            if step.reason is not None:
                yield Stretch(offset=place, fault=f"{step.reason}: {step.detail}")
            elif not is_shared:
                yield Stretch(offset=place, length=step.end - place, record_id=name, kind=kind)


def _examine(stretch: Stretch, source: Source) -> Stretch:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - of this command alone

    source.seek(stretch.offset)
    window = Window(source, stretch.offset + stretch.length)
    with redirect_stderr(io.StringIO()) as said:  # warcio prints what it cannot unpack, and takes it for the end
        try:
            problems = _read_digests(ArchiveIterator(window, check_digests=True))
        except Exception as fault:  # warcio lets out whatever a damaged file makes of it
            return Stretch(offset=stretch.offset, fault=_describe(fault))
    if said.getvalue():
        return Stretch(offset=stretch.offset, fault=said.getvalue().splitlines()[0])
    return Stretch(
        offset=stretch.offset,
        length=stretch.length,
        record_id=stretch.record_id,
        kind=stretch.kind,
        wrong_digests=tuple(problems),
    )


def _read_digests(records: Any) -> list[str]:
    """What is wrong with the only record of `records`. Raises whatever warcio does, `OSError` for more than one."""
    record = next(records)
    while record.content_stream().read(_PIECE):
        pass
    checker = record.digest_checker
    problems = list(checker.problems) if checker.passed is False else []
    records.read_to_end(record)
    if next(records, None) is not None:
        raise OSError("more than one record lies there")
    return problems


def _describe(fault: Exception) -> str:
    """Its first line: warcio's go on with advice."""
    said = next((line.strip() for line in str(fault).splitlines() if line.strip()), "")
    return f"{type(fault).__name__}: {said}" if said else type(fault).__name__
