"""What a worker of a cluster does: a few parts of a batch, by the very command that a person would give.

The command is a process of its own: a page that takes all memory or hangs in a library takes neither the worker nor its
other tasks with it, and a worker may be a daemon, which must not start children by `multiprocessing`. It ends with its
worker (`leash.py`), and when nobody wants its answer any more.
"""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LEASH = Path(__file__).with_name("leash.py")
_LOOK_SECONDS = 1.0
"""Between two looks at whether an answer is still wanted."""
_MOST_SAID = 8_000
"""Bytes of the end of what a command said that are worth a message."""
_UNFIT_SECONDS = 0.2
"""A worker that can do nothing should not be the first to ask for more."""


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What is the same for all parts. Travels to the workers."""

    words: tuple[str, ...]
    """The command without its interpreter: `-P -m newsscraper batch ...`, up to `--part`, which each task adds."""
    rest: tuple[str, ...] = ()
    """What comes after that."""
    at: str
    """The folder that its relative paths are meant from."""
    witness: str
    """A file of the batch that each worker has to see, as it is."""
    digest: str
    """Its SHA-256."""
    release: str
    """The version of newsscraper that started the batch."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What is set beside the worker's own."""
    mark: str
    """The file that stands once a part is done, the part as `{part}`, such as `/srv/out/{part:05}.json`."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came of an errand."""

    done: tuple[tuple[int, str], ...] = ()
    """Each part that is done, with the text of its mark: as its worker sees it, which a network's file system may show
    to others later."""
    code: int | None = None
    """The command's exit code; None where it was not started, or ended before it had one."""
    said: str = ""
    """The end of what it said."""
    unfit: str | None = None
    """Why this worker can do no part at all."""
    worker: str = ""
    """Whose it is: the address that the cluster knows it by."""
    machine: str = ""
    """The name of its machine."""


def run_errand(
    errand: Errand, parts: tuple[int, ...], *, worker: str = "", is_wanted: Callable[[], bool] = lambda: True
) -> Report:
    """Do these parts. Raises nothing; `is_wanted` is asked now and then, and after a no the command is ended."""
    here = Report(worker=worker, machine=socket.gethostname())
    unfit = find_hindrance(errand)
    if unfit:
        time.sleep(_UNFIT_SECONDS)
        return replace(here, unfit=unfit)
    try:
        code, said = _run(errand, parts, is_wanted)
    except OSError as error:
        return replace(here, unfit=f"the command cannot be started: {error}")
    return replace(here, done=_read_marks(errand, parts), code=code, said=said)


def find_hindrance(errand: Errand) -> str | None:
    """Why no part can be done on this machine, or None."""
    try:
        with open(errand.witness, "rb") as file:
            is_same = hashlib.file_digest(file, "sha256").hexdigest() == errand.digest
    except OSError as error:
        return f"it does not see {errand.witness} ({error.strerror}): the folder has to be shared by all machines"
    if not is_same:
        return f"its {errand.witness} is another file: the folder has to be the same one on all machines"
    if not os.path.isdir(errand.at):
        return f"it does not see {errand.at}, which the command's relative paths are meant from"
    release = find_release()
    if release != errand.release:
        return f"its newsscraper is {release}, and {errand.release} is wanted: install the same on all machines"
    return None


def find_release() -> str:
    """The version of newsscraper that is installed here."""
    try:
        return version("newsscraper")
    except PackageNotFoundError:
        return "not installed"


def _run(errand: Errand, parts: tuple[int, ...], is_wanted: Callable[[], bool]) -> tuple[int | None, str]:
    """Exit code, None where it was ended for want of interest; the end of what it said."""
    command = [sys.executable, *errand.words, "--part", ",".join(map(str, parts)), *errand.rest]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            [sys.executable, "-I", "-S", str(_LEASH), *command],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            cwd=errand.at,
            env={**os.environ, **errand.environment},
            start_new_session=True,
        ) as process:
            code = _wait(process, is_wanted)
        said.seek(max(0, said.seek(0, os.SEEK_END) - _MOST_SAID))
        return code, said.read().decode("utf-8", "replace").strip()


def _wait(process: subprocess.Popen[bytes], is_wanted: Callable[[], bool]) -> int | None:
    assert process.stdin is not None
    while is_wanted():
        with suppress(subprocess.TimeoutExpired):
            return process.wait(_LOOK_SECONDS)
    process.stdin.close()
    process.wait()
    return None


def _read_marks(errand: Errand, parts: tuple[int, ...]) -> tuple[tuple[int, str], ...]:
    found = []
    for part in parts:
        with suppress(OSError):
            found.append((part, Path(errand.mark.format(part=part)).read_text(encoding="utf-8")))
    return tuple(found)
