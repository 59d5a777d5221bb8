"""A list of pages and their addresses: `path<TAB>url` a line."""

from __future__ import annotations

import codecs
import dataclasses
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from newsscraper.batch import Source
from newsscraper.cli.options import is_http_url
from newsscraper.cli.program import BadUsageError

_Place = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    line: int
    path: str
    """As written."""
    url: str


def read_url_list(file: Path) -> tuple[dict[_Place, Entry], list[str]]:
    """The entries by the place of their page, and what is wrong with the other lines; empty lines say nothing.

    Paths are relative to the list's folder, or absolute. Raises `BadUsageError` when the list cannot be read.
    """
    try:
        content = file.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise BadUsageError(f"{file}: cannot be read: {error.strerror}") from error
    entries: dict[_Place, Entry] = {}
    faults: list[str] = []
    for number, raw in enumerate(content.split(b"\n"), 1):
        line = os.fsdecode(raw.removesuffix(b"\r"))
        if not line.strip():
            continue
        path, _, url = line.partition("\t")
        place = _place_of(file.parent / path)
        if not path or not is_http_url(url):
            faults.append(f"{file}: line {number}: expected a path, a tab, and an http or https URL, got {line!r}")
        elif place in entries:
            faults.append(f"{file}: line {number}: {path} has an address already, from line {entries[place].line}")
        else:
            entries[place] = Entry(number, path, url)
    return entries, faults


def with_urls(sources: Iterable[Source], file: Path) -> tuple[list[Source], list[str]]:
    """The sources with their addresses out of the list, which thereby are named; and what is wrong with the list.

    The list itself is no source where a folder that is read holds it.
    """
    entries, faults = read_url_list(file)
    own = _place_of(file)
    named, met = [], set()
    for source in sources:
        place = _place_of(Path(source.path))
        if place == own and source.is_found:
            continue
        met.add(place)
        entry = entries.get(place)
        named.append(dataclasses.replace(source, url=entry.url, is_found=False) if entry else source)
    faults += [
        f"{file}: line {entry.line}: {entry.path} is none of the pages"
        for place, entry in entries.items()
        if place not in met
    ]
    return named, faults


def _place_of(path: Path) -> _Place:
    """A file however its path is written: its folder with links followed, and its name."""
    absolute = os.path.abspath(path)
    return os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute)
