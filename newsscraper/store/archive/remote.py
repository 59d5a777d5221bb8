"""An archive as a stream of bytes, wherever it lies: a path, or a URL that fsspec has a library for."""

from __future__ import annotations

import os
import re
import stat
from types import TracebackType
from typing import Any, Self

from newsscraper.errors import InputError

_URL = re.compile(r"[a-z][a-z0-9+.-]+(?:://|::)", re.IGNORECASE)


class Source:
    """A file that is read from any place in it. What `fastwarc` asks of a stream."""

    def __init__(self, name: str, stream: Any, size: int | None) -> None:
        self.name = name
        self.size = size
        """In bytes; None where nobody tells."""
        self.failure: str | None = None
        """Why nothing more can be had."""
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none at the end. Raises `OSError`."""
        data: bytes = self._stream.read(size)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go on from there."""
        place: int = self._stream.seek(offset, whence)
        return place

    def tell(self) -> int:
        """How many bytes lie before what is read next."""
        place: int = self._stream.tell()
        return place

    def close(self) -> None:
        """Let the file go."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


class Window(Source):
    """A source up to a place in it."""

    def __init__(self, source: Source, end: int) -> None:
        super().__init__(source.name, source, end)
        self._source = source

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none at the end of the window. Raises `OSError`."""
        left = max(0, (self.size or 0) - self.tell())
        try:
            return super().read(left if size < 0 else min(size, left))
        finally:
            self.failure = self._source.failure


def is_remote(file: str) -> bool:
    """True for a URL, `https://...`, `s3://...`, `memory://...`: what fsspec opens."""
    return _URL.match(file) is not None


def open_source(file: str) -> Source:
    """Open a path or an fsspec URL. Raises `InputError`."""
    try:
        return _open_remote(file) if is_remote(file) else _open_local(file)
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _open_local(file: str) -> Source:
    mode = os.stat(file).st_mode
    if not stat.S_ISREG(mode):
        raise InputError(f"{file}: cannot be read: an archive is a regular file, or a URL")
    stream = open(file, "rb")  # noqa: SIM115 - closed by the source
    source = Source(file, stream, os.fstat(stream.fileno()).st_size)
    # What is appended meanwhile is not read: it may be half a record.
    return Window(source, source.size) if source.size is not None else source


def _open_remote(file: str) -> Source:
    import fsspec  # noqa: PLC0415 - takes longer to import than a small archive to read

    try:
        stream = fsspec.open(file, "rb").open()
    except ImportError as error:
        raise InputError(f"{file}: cannot be read: {error}") from error
    return Source(file, stream, getattr(stream, "size", None))
