"""Records as they lie in files: JSON lines, plain or compressed, and Parquet; what a file is, its content says.

Nothing in a file ends the reading of the others: a line that is no record is an `Unreadable`, and so is the place from
which on a damaged file can no longer be read.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from newsscraper.errors import InputError
from newsscraper.store import folder_of

LONGEST_LINE = 1 << 26
"""Bytes: a longer line is no record but an accident."""
MOST_VERSIONS = 1 << 31
_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet")
_NUMBERED = re.compile(r"\d+\.(?:jsonl(?:\.gz|\.zst)?|parquet)")
"""A part of a batch's output."""
_FAULTS = re.compile(r"\.faults\.jsonl(?:\.gz|\.zst)?$")
"""What it says of pages without a record."""
_GZIP, _ZSTD, _PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
_ROWS = 256
"""Of a Parquet file, how many are in memory at a time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A record, and where it stands."""

    file: Path
    number: int
    """From 1; of a Parquet file the row."""
    data: dict[str, Any]
    """Has a `story_key`, a text, and a `version`, a whole number from 1; nothing else is certain."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """A line that is no record, or, where `number` is 0, a file that cannot be read (any further)."""

    file: Path
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number}: {self.what}" if self.number else f"{self.file}: {self.what}"


def find_files(path: Path, sites: Iterable[str] = ()) -> list[Path]:
    """The files of records that `path` means, sorted: itself, a batch's parts, a corpus's stories, or all below it.

    Of a corpus only the `sites`, where there are any. Raises `InputError` where there is no such file.
    """
    if path.is_file():
        return [path]
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    if not path.is_dir():
        raise InputError(f"{path}: is a pipe or device; records are read twice, so save them to a file first")
    if (path / "stories").is_dir():
        folders = [path / "stories" / folder_of(site) for site in sites] or [path / "stories"]
        files = [file for folder in folders for file in _files_below(folder)]
    else:
        parts = sorted(file for file in path.iterdir() if _NUMBERED.fullmatch(file.name) and file.is_file())
        files = parts or _files_below(path)
    if not files:
        of_sites = f" of {', '.join(sites)}" if sites else ""
        raise InputError(
            f"{path}: no file of records{of_sites}: expected a corpus (a folder with stories/), a batch's output, or "
            f"files named {', '.join(f'*{suffix}' for suffix in _SUFFIXES)}"
        )
    return files


def read_records(file: Path) -> Iterator[Line | Unreadable]:
    """Every record of `file`, and what is none, in order. Raises `InputError` where a library is missing."""
    read = _read_parquet if _head_of(file) == _PARQUET else _read_lines
    try:
        yield from read(file)
    except OSError as fault:
        yield Unreadable(file=file, number=0, what=fault.strerror or str(fault))


def _files_below(folder: Path) -> list[Path]:
    """Those whose names say that they hold records, without hidden ones and what lies in hidden folders."""
    return sorted(
        Path(place) / name
        for place, folders, names in _walk(folder)
        for name in names
        if name.endswith(_SUFFIXES) and not name.startswith(".") and not _FAULTS.search(name)
    )


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield place, folders, names


def _head_of(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(4)
    except OSError:
        return b""


def _read_lines(file: Path) -> Iterator[Line | Unreadable]:
    opening, damages = _choose_opening(_head_of(file), file)
    number = 0
    try:
        with file.open("rb") as raw, opening(raw) as stream:
            for number, line in enumerate(_split(stream), 1):
                if not line.strip():
                    continue
                found = _parse(line)
                if isinstance(found, str):
                    yield Unreadable(file=file, number=number, what=found)
                else:
                    yield Line(file=file, number=number, data=found)
    except damages as fault:
        yield Unreadable(file=file, number=0, what=f"damaged after line {number:,}: {fault}")


def _split(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines; of one that is too long only so much that this is seen."""
    while line := stream.readline(LONGEST_LINE + 1):
        whole = line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE + 1)
            if not line:
                break
        yield whole


def _parse(line: bytes) -> dict[str, Any] | str:
    """The record, or what is wrong with the line."""
    if len(line) > LONGEST_LINE:
        return f"more than {LONGEST_LINE >> 20} MB in one line"
    try:
        data = json.loads(line)
    except UnicodeDecodeError:
        return "not UTF-8"
    except (ValueError, RecursionError) as fault:
        return f"not JSON: {fault}"
    return _check(data)


def _check(data: Any) -> dict[str, Any] | str:
    if not isinstance(data, dict):
        return "not a record: no JSON object"
    key, version = data.get("story_key"), data.get("version")
    if not isinstance(key, str) or not _can_be_written(key):
        return "not a record: story_key is no text"
    if not isinstance(version, int) or isinstance(version, bool) or not 0 < version < MOST_VERSIONS:
        return "not a record: version is no whole number from 1"
    return data


def _can_be_written(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _read_parquet(file: Path) -> Iterator[Line | Unreadable]:
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError as missing:
        raise InputError(f"{file}: Parquet needs a library: pip install '.[parquet]' in the checkout") from missing
    number = 0
    try:
        with closing(parquet.ParquetFile(file)) as table:
            for batch in table.iter_batches(batch_size=_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    found = _check(row)
                    if isinstance(found, str):
                        yield Unreadable(file=file, number=number, what=found)
                    else:
                        yield Line(file=file, number=number, data=found)
    except import_module("pyarrow").ArrowException as fault:
        yield Unreadable(file=file, number=0, what=f"damaged after row {number:,}: {fault}")


def _choose_opening(
    head: bytes, file: Path
) -> tuple[Callable[[IO[bytes]], AbstractContextManager[Any]], tuple[type[Exception], ...]]:
    """How a file that begins with `head` is decompressed, and what that raises where it is damaged."""
    if head.startswith(_GZIP):
        return lambda raw: gzip.GzipFile(fileobj=raw), (EOFError, zlib.error, gzip.BadGzipFile)
    if head == _ZSTD:
        zstd = _import_zstd(file)
        return lambda raw: zstd.ZstdFile(raw, "rb"), (EOFError, zstd.ZstdError)
    return nullcontext, ()


def _import_zstd(file: Path) -> Any:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise InputError(f"{file}: Zstandard needs a library: pip install '.[zst]' in the checkout")
