"""Where lines go: standard output, or a file that is complete when it appears."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from newsscraper.cli.program import BadUsageError

STDOUT = "-"

Write = Callable[[str], None]


@contextmanager
def open_output(target: str) -> Iterator[Write]:
    """A function that writes one line, in UTF-8, to `target`; `-` is standard output.

    A file is written beside its place under another name and renamed at the end: an error or an interruption on the
    way leaves what was there before. A device or a pipe is written as it is. Raises `BadUsageError` when `target`
    cannot be opened, `OSError` when a line cannot be written.
    """
    if target == STDOUT:
        yield lambda line: click.echo(f"{line}\n".encode(), nl=False)
    elif _is_special(target):
        with _opened(target, target) as file:
            yield lambda line: print(line, file=file)
    else:
        with _replacing(Path(os.path.realpath(target)), target) as file:
            yield lambda line: print(line, file=file)


def _is_special(target: str) -> bool:
    """True for what exists and is no regular file: to rename onto `/dev/null` would be a disaster."""
    return os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode)


def _opened(path: str | Path, target: str) -> TextIO:
    try:
        return open(path, "w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise BadUsageError(f"{target}: cannot be written: {error.strerror}") from error


@contextmanager
def _replacing(path: Path, target: str) -> Iterator[TextIO]:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with _opened(part, target) as file:
            yield file
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
