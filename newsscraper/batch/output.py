"""What a batch writes: files that are whole when they appear, of the same lines the same bytes.

Several may write in one folder, on several machines: until it is done, each writes under a hidden name of its own.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import secrets
import socket
import time
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self, get_args

from newsscraper.errors import InputError
from newsscraper.store.durable import make_folder
from newsscraper.store.faults import reach
from newsscraper.store.ledger.files import digest_file
from newsscraper.store.lines import to_line
from newsscraper.store.sealed import sync_folder

Form = Literal["plain", "gz", "zst", "parquet"]
FORMS: tuple[Form, ...] = get_args(Form)
SUFFIXES: dict[Form, str] = {"plain": ".jsonl", "gz": ".jsonl.gz", "zst": ".jsonl.zst", "parquet": ".parquet"}
_FAULTS = "faults"
_PACKINGS: dict[Form, str] = {"plain": "", "gz": ".gz", "zst": ".zst"}
_GZIP_LEVEL = 4
"""Half the time of the usual 6, for files a twenty-fifth larger: one process packs what all workers have read."""
_ZSTD_LEVEL = 6
_PART = ".part"
_ABANDONED = 24 * 3600.0
"""Seconds without a write after which a hidden file of another machine's is nobody's any more."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file that is there."""

    file: str
    """Its name in the batch's folder, below which it may lie."""
    records: int
    bytes: int
    sha256: str


def check_form(form: Form) -> None:
    """Raises `InputError` where the library for it is missing."""
    if form == "zst":
        _zstd()
    if form == "parquet":
        from newsscraper.batch.parquet import pyarrow  # noqa: PLC0415 - an extra, which takes a while to import

        pyarrow()


def open_records(folder: Path, name: str, form: Form) -> Lines:
    """The file for the records of the part called `name`: `00017.jsonl.gz`."""
    return Lines(folder, f"{name}{SUFFIXES[form]}", form)


def open_faults(folder: Path, name: str, form: Form) -> Lines:
    """The file for its pages without a record: `faults/00017.faults.gz`, which no glob of records takes; no Parquet."""
    packing: Form = "gz" if form == "parquet" else form
    return Lines(folder, f"{_FAULTS}/{name}.{_FAULTS}{_PACKINGS[packing]}", packing)


class Lines:
    """JSON lines on their way into one file, which is there, whole, when `seal` returns. A context: no rest stays."""

    def __init__(self, folder: Path, name: str, form: Form) -> None:
        self.records = 0
        """Lines so far."""
        self._name = name
        self._path = folder / name
        # In the batch's own folder: one that lies below it comes into being with the first file that it has.
        self._part = hidden_name(folder / self._path.name)
        self._open = ExitStack()
        file = self._open.enter_context(self._part.open("wb"))
        self._stream: Any = self._open.enter_context(_packing(file, form))

    def write(self, line: bytes) -> None:
        """One line, with its line feed. Raises `OSError`."""
        self._stream.write(line)
        self.records += 1

    def write_object(self, data: dict[str, Any]) -> None:
        """`data` as one line. Raises `OSError`."""
        self.write(to_line(data))

    def seal(self) -> Written:
        """Give the file its name, once it is on the disk. Raises `OSError`."""
        self._open.close()
        with self._part.open("rb+") as file:
            os.fsync(file.fileno())
        size, digest = digest_file(self._part)
        reach("part:written")
        make_folder(self._path.parent)
        self._part.replace(self._path)
        reach("part:named")
        sync_folder(self._path.parent)
        return Written(file=self._name, records=self.records, bytes=size, sha256=digest)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):  # what could not be written cannot be closed well
            self._open.close()
        self._part.unlink(missing_ok=True)


def write_document(path: Path, data: bytes) -> None:
    """`data` as the file `path`, whole, in the place of what was there. Raises `OSError`."""
    part = _write_hidden(path, data)
    part.replace(path)
    sync_folder(path.parent)


def write_once(path: Path, data: bytes) -> None:
    """`data` as the file `path`, whole, unless somebody was first: then theirs stays. Raises `OSError`."""
    part = _write_hidden(path, data)
    try:
        os.link(part, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links: whoever comes last wins
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def hidden_name(path: Path) -> Path:
    """What nobody else writes: `.00017.jsonl.gz.4b2f90ce-4711-9f3c.part`, with place and number of this process."""
    return path.with_name(f".{path.name}.{_place()}-{os.getpid()}-{secrets.token_hex(2)}{_PART}")


def drop_leftovers(folder: Path) -> list[str]:
    """Remove the hidden files whose writers are no more, and tell their names. Raises `OSError`.

    A writer on this machine is looked for by its number; one elsewhere is taken for dead after a day without a write.
    """
    dropped = []
    for path in sorted(folder.glob(f".*{_PART}")):
        with suppress(FileNotFoundError):
            if _is_abandoned(path):
                path.unlink()
                dropped.append(path.name)
    return dropped


def drop_own(folder: Path) -> None:
    """Remove the hidden files of this process, where it was interrupted at whatever step. Raises `OSError`."""
    for path in folder.glob(f".*.{_place()}-{os.getpid()}-*{_PART}"):
        path.unlink(missing_ok=True)


def _write_hidden(path: Path, data: bytes) -> Path:
    make_folder(path.parent)
    part = hidden_name(path)
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return part


def _is_abandoned(path: Path) -> bool:
    place, _, rest = path.name.removesuffix(_PART).rpartition(".")[2].partition("-")
    number = rest.partition("-")[0]
    if place == _place() and number.isdecimal() and not _is_alive(int(number)):
        return True
    return time.time() - path.stat().st_mtime > _ABANDONED


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@cache
def _place() -> str:
    """Of this machine and, where it has several, of the room in which process numbers count."""
    try:
        room = os.readlink("/proc/self/ns/pid")
    except OSError:
        room = ""
    return hashlib.sha256(f"{socket.gethostname()} {room}".encode()).hexdigest()[:8]


def _packing(file: BinaryIO, form: Form) -> AbstractContextManager[Any]:
    if form == "gz":
        return gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=_GZIP_LEVEL)
    if form == "zst":
        stream = _zstd().ZstdFile(file, "wb", level=_ZSTD_LEVEL)
        stream.write(b"")  # without a line, too, it is a whole file of its kind
        return stream  # type: ignore[no-any-return]
    if form == "parquet":
        from newsscraper.batch.parquet import ParquetLines  # noqa: PLC0415 - as in `check_form`

        return ParquetLines(file)
    return nullcontext(file)


def _zstd() -> Any:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise InputError("files as zst need a library: pip install '.[zst]' in the checkout, or choose gz")
