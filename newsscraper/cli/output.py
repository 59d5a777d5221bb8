"""Where lines go: standard output, or a file that is complete when it appears."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

STDOUT = "-"

Write = Callable[[str], None]


@contextmanager
def open_output(target: str) -> Iterator[Write]:
    """A function that writes one line, in UTF-8, to `target`; `-` is standard output.

    A file is written beside its place under another name and renamed at the end: an error or an interruption on the
    way leaves what was there before. A device or a pipe is written as it is. Raises `OSError`.
    """
    if target == STDOUT:
        yield lambda line: click.echo(f"{line}\n".encode(), nl=False)
    elif _is_special(target):
        with open(target, "w", encoding="utf-8", newline="\n") as file:
            yield lambda line: print(line, file=file)
    else:
        with _replacing(Path(os.path.realpath(target))) as write:
            yield write


def _is_special(target: str) -> bool:
    """True for what exists and is no regular file: to rename onto `/dev/null` would be a disaster."""
    return os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode)


@contextmanager
def _replacing(path: Path) -> Iterator[Write]:
    handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            yield lambda line: print(line, file=file)
            file.flush()
            os.fchmod(handle, _mode_of(path)) if hasattr(os, "fchmod") else None
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _mode_of(path: Path) -> int:
    """The permissions that the file has, or would get from `open`: temporary files are for their owner alone."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
