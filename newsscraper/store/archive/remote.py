"""An archive as a stream of bytes, wherever it lies: a path, or a URL that fsspec has a library for."""

from __future__ import annotations

import io
import os
import re
import stat
import time
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import Any, Self

from newsscraper.errors import InputError

PAUSES = (0.5, 2.0, 5.0, 10.0)
"""Seconds before a file elsewhere is asked for again."""
BLOCK = 1 << 20
"""Bytes that a server is asked for at a time."""
_PATIENCE = 60.0
"""Seconds that a server may be silent."""
_STEP = 1 << 20
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


def size_of(file: str) -> int:
    """In bytes; 0 where it cannot be told without opening what lies elsewhere."""
    try:
        return 0 if is_remote(file) else os.stat(file).st_size
    except (OSError, ValueError):
        return 0


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
    try:
        return Elsewhere(file)
    except ImportError as error:
        raise InputError(f"{file}: cannot be read: {error}") from error
    except InputError:
        raise
    except Exception as error:  # each of fsspec's libraries has errors of its own
        raise InputError(f"{file}: cannot be read: {describe(error)}") from error


def describe(error: BaseException) -> str:
    """What went wrong, for people: the cause, where the error itself only repeats the URL."""
    if isinstance(error, FileNotFoundError):
        return describe(error.__cause__) if error.__cause__ is not None else "there is no such file"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


class Elsewhere(Source):
    """A file behind a URL, read as a stream. A connection that breaks is made anew, and the reading goes on there."""

    def __init__(self, file: str) -> None:
        """Raises whatever the library for such URLs does."""
        self._has_leaps = True
        stream = self._connect(file)
        super().__init__(file, stream, getattr(stream, "size", None))
        self._place = 0
        self._wanted = 0

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none at the end. Raises `OSError` where some attempts in a row have failed."""
        for pause in (*PAUSES, None):
            try:
                return self._read(size)
            except Exception as error:  # as in `_open_remote`
                if pause is None:
                    self.failure = f"cannot be read from byte {self._wanted} on: {describe(error)}"
                    raise OSError(self.failure) from error
                self._drop()
                if isinstance(error, ValueError) and self._has_leaps:
                    self._has_leaps = False  # the server has given the whole file where a part was asked for
                else:
                    time.sleep(pause)
        raise AssertionError

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go on from there, as soon as something is read."""
        if whence == os.SEEK_END and self.size is None:
            raise OSError("how large the file is, nobody tells")
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._wanted, os.SEEK_END: self.size or 0}[whence]
        self._wanted = max(0, base + offset)
        return self._wanted

    def tell(self) -> int:
        """How many bytes lie before what is read next."""
        return self._wanted

    def close(self) -> None:
        """Let the connection go."""
        self._drop()

    def _read(self, size: int) -> bytes:
        if self._stream is None:
            self._stream, self._place = self._connect(self.name), 0
        if self._place != self._wanted:
            self._move()
        data: bytes = self._stream.read(size)
        if not data and size and self.size is not None and self._place < self.size:
            raise EOFError("the answer ended too early")
        if not data and size:
            self.size = self._place
        self._place += len(data)
        self._wanted = self._place
        return data

    def _move(self) -> None:
        """To `_wanted`: by a leap where the server knows leaps, else by reading what lies before it."""
        try:
            self._stream.seek(self._wanted)
            self._place = self._wanted
        except (ValueError, NotImplementedError, io.UnsupportedOperation):
            if self._place > self._wanted:
                self._drop()
                self._stream, self._place = self._connect(self.name), 0
            while self._place < self._wanted:
                skipped = self._stream.read(min(_STEP, self._wanted - self._place))
                if not skipped:
                    raise EOFError("the answer ended too early") from None
                self._place += len(skipped)

    def _drop(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with suppress(Exception):  # as in `_open_remote`
                stream.close()

    def _connect(self, file: str) -> Any:
        """The opened file. Raises whatever the library does."""
        import fsspec  # noqa: PLC0415 - takes longer to import than a small archive to read

        options: dict[str, Any] = {}
        if file.lower().startswith(("http:", "https:")):
            http = import_module(fsspec.get_filesystem_class("https").__module__)  # says what is missing, if it is
            # A file takes as long as it takes; it is a server that falls silent that is waited for no longer.
            timeout = http.aiohttp.ClientTimeout(total=None, sock_connect=_PATIENCE, sock_read=_PATIENCE)
            options = {"client_kwargs": {"timeout": timeout}, "skip_instance_cache": True}
            options["block_size"] = BLOCK if self._has_leaps else 0
        return fsspec.open(file, "rb", **options).open()
