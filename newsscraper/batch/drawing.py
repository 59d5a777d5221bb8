"""The pages of a part, one after the other, for workers to read; and whether its input is still what was planned."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import NamedTuple

from newsscraper.batch.files import Source
from newsscraper.batch.inputs import Input
from newsscraper.batch.parts import Part
from newsscraper.errors import InputError
from newsscraper.store.archive import ArchivedPage, Filters, PassedOver, read_archive
from newsscraper.store.archive.remote import is_remote
from newsscraper.store.pages import MAX_BYTES

_CHUNK = 1 << 20


class Place(NamedTuple):
    """Where a page lies."""

    source: str
    """The file."""
    offset: int | None
    """In an archive, in bytes of the file as it lies there."""
    url: str | None
    done: int
    """Bytes of the part that lie before it, or in a file's case up to its end."""
    passed: PassedOver | None = None
    """Where there is no page, why."""


Page = ArchivedPage | Source


def draw_pages(part: Part, start: int, end: int, filters: Filters) -> Iterator[tuple[Place, Page | None]]:
    """Each page with its place; of an archive also what gives no page, where it lies.

    Raises `InputError` where the input cannot be read to its end: a part is done as a whole, and later then.
    """
    if part.is_archive:
        return _draw_archive(part.inputs[0].name, start, end, filters)
    return _draw_files(part)


def digest_input(part: Part, start: int, end: int) -> str | None:
    """SHA-256 of what the part reads: of the bytes of an archive from `start` to `end`; of page files, of all in turn.

    None where it lies elsewhere, since all of it would have to come twice. Raises `InputError`.
    """
    if is_remote(part.inputs[0].name):
        return None
    digest = hashlib.sha256()
    for each in part.inputs:
        if each.is_found and not os.path.isfile(each.name):  # a pipe would be waited for, perhaps for ever
            continue
        try:
            _digest_file(digest, each, start if part.is_archive else 0, end if part.is_archive else MAX_BYTES)
        except OSError as error:
            if not each.is_found:
                raise InputError(f"{each.name}: cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()


def refuse_changed(part: Part) -> None:
    """Raises `InputError` where an input has another size than was planned."""
    for each in part.inputs:
        if is_remote(each.name):
            continue
        try:
            size = os.stat(each.name).st_size
        except OSError as error:
            if each.is_found and not each.size:
                continue
            raise InputError(f"{each.name}: cannot be read: {error.strerror or error}") from error
        if size != each.size:
            raise InputError(
                f"{each.name}: has changed since the batch was planned: {each.size:,} bytes then, {size:,} now"
            )


def _draw_archive(name: str, start: int, end: int, filters: Filters) -> Iterator[tuple[Place, Page | None]]:
    for found in read_archive(name, start=start, end=end, filters=filters):
        if isinstance(found, ArchivedPage):
            offset = found.warc["offset"]
            yield Place(name, offset, found.url, offset - start), found
        elif found.reason == "unreachable":
            raise InputError(f"{name}: cannot be read from byte {found.offset:,} on: {found.detail}")
        else:
            yield Place(name, found.offset, found.url, found.offset - start, found), None


def _draw_files(part: Part) -> Iterator[tuple[Place, Page | None]]:
    done = 0
    for each in part.inputs:
        done += each.size
        yield Place(each.name, None, None, done), Source(path=each.name, is_found=each.is_found)


def _digest_file(digest: hashlib._Hash, file: Input, start: int, end: int) -> None:
    with open(file.name, "rb") as stream:
        stream.seek(start)
        left = end - start
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
