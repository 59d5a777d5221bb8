"""What a batch reads: archives and page files, as they were named or found, with their sizes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from newsscraper.batch.files import Source, find_pages
from newsscraper.errors import InputError
from newsscraper.store.archive.remote import is_remote, open_source

Kind = Literal["archive", "file"]

_NO_INPUTS = (".cdxj", ".cdx", ".cdxj.gz", ".cdx.gz", ".open")
"""What lies beside archives: indexes, and archives that are still written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """One file to be read."""

    name: str
    """As given, or the folder's and what is below; or an fsspec URL."""
    kind: Kind
    size: int
    """Bytes."""
    modified: int | None = None
    """When its content changed last, in seconds since 1970; None where nobody tells."""
    is_found: bool = False
    """It was come upon in a folder: should it be no page, nobody said it was one."""


def find_inputs(paths: Iterable[str], known: Mapping[str, Input] | None = None) -> tuple[Input, ...]:
    """The files of `paths` in their order, those of a folder sorted; each once, however often it is named.

    `known` holds what an earlier plan tells of those that lie elsewhere, which are not asked again. Raises `InputError`
    for what cannot be read or is a whole corpus, and where there is nothing at all.
    """
    found: dict[str, Input] = {}
    for path in paths:
        if is_remote(path):
            found.setdefault(path, (known or {}).get(path) or _look_elsewhere(path))
            continue
        _refuse_corpus(path)
        for source in find_pages([path]):
            if not (source.is_found and source.path.lower().endswith(_NO_INPUTS)):
                found.setdefault(source.path, _look_at(source))
    if not found:
        raise InputError(f"{', '.join(paths)}: nothing to be read is there")
    return tuple(found.values())


def _refuse_corpus(path: str) -> None:
    """Raises `InputError`: beside its archives there is much that is no page, and would only be passed over."""
    has = {name for name in ("archive", "stories", "ledger", "runs") if os.path.isdir(os.path.join(path, name))}
    if has & {"archive", "stories"} and has & {"ledger", "runs"}:
        archives = os.path.join(path, "archive")
        advice = f"give its archives, {archives}" if "archive" in has else "it has no archives, and so no pages"
        raise InputError(f"{path}: is the corpus of a crawl: {advice}")


def _look_elsewhere(url: str) -> Input:
    with open_source(url) as source:
        if source.size is None:
            raise InputError(f"{url}: its server does not tell how large it is: fetch it first")
        return Input(name=url, kind="archive", size=source.size)


def _look_at(source: Source) -> Input:
    path, size, modified = source.path, 0, None
    try:
        facts = os.stat(path)
        size, modified = facts.st_size, int(facts.st_mtime)
        if not source.is_found:
            _refuse_special(path, facts.st_mode)
    except (OSError, ValueError) as error:
        if not source.is_found:  # a dangling link in a folder, say, is told by whoever reads it
            raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    kind: Kind = "archive" if source.is_archive else "file"
    return Input(name=path, kind=kind, size=size, modified=modified, is_found=source.is_found)


def _refuse_special(path: str, mode: int) -> None:
    """Raises `InputError` for a folder that has no file, and for what comes once only, if ever: a pipe, a device."""
    if stat.S_ISDIR(mode):
        raise InputError(f"{path}: holds no page: the folder has no file but hidden ones")
    if not stat.S_ISREG(mode):
        raise InputError(f"{path}: cannot be read: a pipe or device, and a batch reads files, to be read again at need")
