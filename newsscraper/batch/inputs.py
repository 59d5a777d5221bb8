"""What a batch reads: archives and page files, as they were named or found, with their sizes."""

from __future__ import annotations

import os
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
    for what cannot be read, and where there is nothing at all.
    """
    found: dict[str, Input] = {}
    for path in paths:
        if is_remote(path):
            found.setdefault(path, (known or {}).get(path) or _look_elsewhere(path))
            continue
        for source in find_pages([path]):
            if not (source.is_found and source.path.lower().endswith(_NO_INPUTS)):
                found.setdefault(source.path, _look_at(source))
    if not found:
        raise InputError(f"{', '.join(paths)}: nothing to be read is there")
    return tuple(found.values())


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
    except (OSError, ValueError) as error:
        if not source.is_found:  # a dangling link in a folder, say, is told by whoever reads it
            raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    kind: Kind = "archive" if source.is_archive else "file"
    return Input(name=path, kind=kind, size=size, modified=modified, is_found=source.is_found)
