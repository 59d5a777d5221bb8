"""JSON lines as a file, plain or compressed: written whole or not at all, of the same lines the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Literal, get_args

from newsscraper.errors import InputError
from newsscraper.store.durable import make_folder
from newsscraper.store.faults import reach
from newsscraper.store.sealed import sync_folder

Form = Literal["plain", "gz", "zst"]
FORMS: tuple[Form, ...] = get_args(Form)
_GZIP_LEVEL = 6
_ZSTD_LEVEL = 10


def write_lines(path: Path, lines: Iterable[str], form: Form) -> tuple[int, int, str]:
    """Write `lines`, which have no line feed yet, as `path`; how many, how many bytes, and their SHA-256.

    Raises `OSError`; nothing half-written is left then. A file of that name is replaced.
    """
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.part")
    records = 0
    try:
        with _Digesting(part) as target:
            with _compressing(target, form) as stream:
                for line in lines:
                    stream.write(line.encode("utf-8") + b"\n")
                    records += 1
            target.flush()
            os.fsync(target.fileno())
            size, digest = target.tell(), target.digest.hexdigest()
        reach("sealing:written")
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return records, size, digest


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a sealed file, without their line feeds. Raises `OSError`, `EOFError`, `UnicodeDecodeError`."""
    with path.open("rb") as file, _decompressing(file, form_of(path)) as stream:
        for line in stream:
            yield line.decode("utf-8").removesuffix("\n")


def form_of(path: Path) -> Form:
    """By the file's name."""
    suffixes: dict[str, Form] = {".gz": "gz", ".zst": "zst"}
    return suffixes.get(path.suffix, "plain")


def check_form(form: str) -> None:
    """Raises `InputError` for a form that there is not, or whose library is missing."""
    if form not in FORMS:
        raise InputError(f"sealed files are plain, gz or zst: {form!r}")
    if form == "zst":
        _zstd()


def digest_file(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file. Raises `OSError`."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return stream.tell(), digest


class _Digesting(io.BufferedWriter):
    """A new file that counts its digest as it is written."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path, "w"), 1 << 20)
        self.digest = hashlib.sha256()

    def write(self, data: Any, /) -> int:
        self.digest.update(data)
        return super().write(data)


def _compressing(target: IO[bytes], form: Form) -> AbstractContextManager[Any]:
    if form == "gz":
        return gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0, compresslevel=_GZIP_LEVEL)
    if form == "zst":
        return _zstd().ZstdFile(target, "wb", level=_ZSTD_LEVEL)  # type: ignore[no-any-return]
    return nullcontext(target)


def _decompressing(file: IO[bytes], form: Form) -> AbstractContextManager[Any]:
    if form == "gz":
        return gzip.GzipFile(fileobj=file, mode="rb")
    if form == "zst":
        return _zstd().ZstdFile(file, "rb")  # type: ignore[no-any-return]
    return nullcontext(file)


def _zstd() -> Any:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise InputError("sealed files as zst need a library: pip install '.[zst]' in the checkout, or choose gz")
