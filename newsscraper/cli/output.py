"""Where lines go: standard output, or a file that is complete when it appears."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from newsscraper.cli.program import BadUsageError

STDOUT = "-"


class Output:
    """A binary stream that takes whole lines."""

    def __init__(self, file: BinaryIO | None, name: str) -> None:
        self._file = file
        self._name = name
        self.lines = 0
        self.size = 0
        """Bytes of the lines written whole."""

    def write(self, line: str) -> None:
        """Write one line, in UTF-8; what is read at once where it is standard output. Raises `OSError`."""
        data = f"{line}\n".encode()
        with _naming(self._name):
            if self._file is None:
                click.echo(data, nl=False)
            else:
                self._file.write(data)
        self.lines += 1
        self.size += len(data)


@contextmanager
def open_output(target: str) -> Iterator[Output]:
    """An `Output` into `target`; `-` is standard output.

    A file is written beside its place under another name and renamed at the end: an error on the way leaves what was
    there before, and so does an output without a line. A device or a pipe is written as it is. Raises `BadUsageError`
    when `target` cannot be opened, `OSError` with its name when a line cannot be written.
    """
    if target == STDOUT:
        yield Output(None, "standard output")
    elif _is_special(target):
        with _opened(target, target) as file:
            yield Output(file, target)
    else:
        with _replacing(Path(os.path.realpath(target)), target) as output:
            yield output


def refuse_inputs(option: str, target: str | Path | None, inputs: Iterable[str | Path | None]) -> None:
    """Raises `BadUsageError` where `option` would write over one of the files that are read, however it is named."""
    if target is None or target == STDOUT:
        return
    if any(path is not None and is_same_file(path, target) for path in inputs):
        raise BadUsageError(f"{target}: is one of the files to be read; {option} takes another one")


def is_same_file(path: str | Path, target: str | Path) -> bool:
    """True for two names of one regular file."""
    try:
        return os.path.isfile(target) and os.path.samefile(path, target)
    except (OSError, ValueError):
        return False


def _is_special(target: str) -> bool:
    """True for what exists and is no regular file: to rename onto `/dev/null` would be a disaster."""
    return os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode)


@contextmanager
def _naming(target: str) -> Iterator[None]:
    """Errors of writing, which come without a name, with that of what was written."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or target
        raise


@contextmanager
def _opened(path: str | Path, target: str) -> Iterator[BinaryIO]:
    try:
        file = open(path, "wb")  # noqa: SIM115 - closed below, where its errors get their name
    except OSError as error:
        raise BadUsageError(f"{target}: cannot be written: {error.strerror}") from error
    try:
        yield file
    except BaseException:
        with contextlib.suppress(OSError):  # the first error counts; what is left to write fails like it
            file.close()
        raise
    with _naming(target):
        file.close()


@contextmanager
def _replacing(path: Path, target: str) -> Iterator[Output]:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with _opened(part, target) as file:
            output = Output(file, target)
            yield output
            with _naming(target):
                file.truncate(output.size)  # an interruption may have come within a line
        if path.exists():
            if not output.lines:
                part.unlink()
                return
            shutil.copymode(path, part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
