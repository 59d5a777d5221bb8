"""Takedown in archives: all that was captured at a story's addresses is overwritten, wherever it lies.

What lies where is told by the records themselves. An archive that was damaged loses what can be told in it; the rest is
named, and the takedown stays under way until there is a good copy. An index loses its lines last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from newsscraper.store.archive.index import Indexed, agrees, index_path, read_index, walk_archive, write_index
from newsscraper.store.archive.members import Members, read_members
from newsscraper.store.archive.records import read_head
from newsscraper.store.archive.takedown import Region, write_without
from newsscraper.store.faults import reach
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import digest_file
from newsscraper.store.ledger.forget_spans import Claims, Plan, plan_takedown
from newsscraper.store.ledger.keys import find_url_key, name_key
from newsscraper.store.ledger.place import Place
from newsscraper.store.sealed import sync_folder

_FURTHER_PAGES = "newsscraper-further-pages"


@dataclass(kw_only=True)
class Overwritten:
    """What a takedown came to, in the archives."""

    files: list[str] = field(default_factory=list)
    """Archives and indexes that were written anew, below the corpus folder."""
    left: list[str] = field(default_factory=list)
    """What could not be taken out, or not for good: a sentence each, the file first."""


@dataclass(frozen=True, kw_only=True)
class _Archive:
    number: int
    path: Path
    file: str
    members: Members
    index: list[Indexed] | None
    """None where there is none that could be read."""


def find_further(database: Database, place: Place, story: int, urls: set[int]) -> set[int]:
    """Keys of the addresses on which the story goes on, as its archived pages tell.

    Where its first page is damaged, the pages right before it that say whose they are. Raises `OSError`, `LedgerError`.
    """
    further: set[int] = set()
    for archive in _archives(database, place):
        spans = plan_takedown(archive.members, _claim(database, archive, story, urls)).spans
        for record in archive.members.records:
            if any(start <= record.offset < end for start, end in spans):
                further.update(_read_further(archive.path, record.offset))
        further.update(_pages_before(archive.members, spans, urls))
    return further


def _read_further(path: Path, offset: int) -> Iterator[int]:
    """Keys of the addresses of the further pages that the record at `offset` names."""
    head = read_head(path, offset) or {}
    for page in head.get(_FURTHER_PAGES, "").split(", "):
        place = page.partition("+")[0]
        later = read_head(path, int(place)) if place.isdecimal() else None
        key = find_url_key(later.get("warc-target-uri", "")) if later else None
        if key is not None:
            yield key


def _pages_before(members: Members, spans: list[Region], urls: set[int]) -> Iterator[int]:
    """Keys of the further pages whose records end where damaged bytes of the story begin."""
    for place in {start for start, _ in spans} & {start for start, _ in members.gaps}:
        end = place
        for record in reversed([each for each in members.records if each.end <= place]):
            is_page = record.kind == "response" and find_url_key(record.page_of) in urls
            if record.end != end or not (is_page or record.kind in ("request", "conversion")):
                break
            end = record.offset
            key = find_url_key(record.url) if is_page else None
            if key is not None:
                yield key


def forget_pages(database: Database, place: Place, story: int, urls: set[int]) -> Overwritten:
    """Overwrite what was captured of the story, as far as that can be told. Raises `OSError`, `LedgerError`."""
    done = Overwritten()
    for archive in _archives(database, place):
        claims = _claim(database, archive, story, urls)
        plan = plan_takedown(archive.members, claims)
        done.left += [f"{archive.file}: {sentence}" for sentence in plan.left]
        is_concerned = plan.spans or claims.own or any(record.is_filler for record in archive.members.records)
        if is_concerned and not _overwrite(database, archive, plan):
            done.left.append(
                f"{archive.file}: not as it was sealed: what a good copy holds of it has to be taken out, too"
            )
        if plan.spans:
            done.files.append(archive.file)
        if _write_index_without(archive, claims, plan.spans):
            done.files.append(index_path(archive.path).relative_to(place.corpus).as_posix())
        _drop_captures(database, archive, plan.spans)
        reach("forgetting:unindexed")
    return done


def _archives(database: Database, place: Place) -> Iterator[_Archive]:
    for number, file in database.rows(
        "SELECT id, file FROM files WHERE stream = 'archive' AND sha256 IS NOT NULL ORDER BY id"
    ):
        path = place.corpus / file
        if path.exists():
            index = None
            with suppress(FileNotFoundError, ValueError, KeyError):
                index = list(read_index(path))
            yield _Archive(number=number, path=path, file=file, members=read_members(path), index=index)


def _claim(database: Database, archive: _Archive, story: int, urls: set[int]) -> Claims:
    number = archive.number
    own = database.rows(
        "SELECT archive_offset, archive_length FROM versions WHERE archive = ? AND story = ?", (number, story)
    )
    others = database.rows(
        """
        SELECT archive_offset, story_key FROM versions JOIN stories ON stories.id = versions.story
        WHERE archive = ? AND story <> ? AND forgotten_at IS NULL
        """,
        (number, story),
    )
    captures = database.rows("SELECT key, offset, length FROM captures WHERE file = ?", (number,))
    names = {key for (key,) in database.rows("SELECT key FROM aliases WHERE story = ? AND standing > 0", (story,))}
    guarded = dict(others)
    is_own = _matcher(urls, names)
    lines = archive.index or []
    hints = {(offset, length) for key, offset, length in captures if key in urls}
    hints |= {(each.offset, each.length) for each in lines if is_own(each.url)}
    return Claims(
        is_own=is_own,
        own=frozenset((offset, length) for offset, length in own if offset is not None),
        others=guarded,
        own_hints=frozenset(each for each in hints if each[0] not in guarded),
        starts=frozenset({offset for _, offset, _ in captures} | {each.offset for each in lines}),
        is_told=archive.index is not None and agrees(archive.index, archive.members),
    )


def _matcher(urls: set[int], names: set[int]) -> Callable[[str], bool]:
    def is_own(url: str) -> bool:
        with suppress(ValueError):
            return find_url_key(url) in urls or name_key(url) in names
        return False

    return is_own


def _overwrite(database: Database, archive: _Archive, plan: Plan) -> bool:
    """Have the archive without `plan.spans`; whether it was as it was sealed, or such a copy of that.

    Of one that was not, the old digest stays known, so that it goes on to be told of.
    """
    number, path = archive.number, archive.path
    sealed = database.row("SELECT bytes, sha256 FROM files WHERE id = ?", (number,))
    before = digest_file(path)
    if not plan.spans:
        return before == sealed
    part, *after = write_without(path, plan.spans)
    # The latter where it was broken off right before the file got its name, or was put back from a backup.
    is_sealed = sealed in (before, tuple(after))
    reach("forgetting:overwritten")
    if is_sealed:
        database.execute("UPDATE files SET bytes = ?, sha256 = ? WHERE id = ?", (*after, number))
    part.replace(path)
    sync_folder(path.parent)
    reach("forgetting:replaced")
    return is_sealed


def _write_index_without(archive: _Archive, claims: Claims, spans: list[Region]) -> bool:
    """Whether the index was written anew: without lines of the story; one that was not right, of an archive that is."""
    if spans and not archive.members.gaps and not claims.is_told:
        write_index(archive.path, walk_archive(archive.path, archive.path.name))
        return True
    lines = archive.index or []
    gone = _taken_out(archive, spans)
    there = {record.offset for record in archive.members.records}
    kept = [
        each
        for each in lines
        if not _lies_in(each.offset, gone)
        and (each.offset in there or _lies_in(each.offset, archive.members.gaps) or not claims.is_own(each.url))
    ]
    if len(kept) < len(lines):
        write_index(archive.path, [each.line for each in kept])
    return len(kept) < len(lines)


def _drop_captures(database: Database, archive: _Archive, spans: list[Region]) -> None:
    gone = _taken_out(archive, spans)
    offsets = database.rows("SELECT offset FROM captures WHERE file = ?", (archive.number,))
    database.execute_many(
        "DELETE FROM captures WHERE file = ? AND offset = ?",
        [(archive.number, offset) for (offset,) in offsets if _lies_in(offset, gone)],
    )


def _taken_out(archive: _Archive, spans: list[Region]) -> list[Region]:
    """Now or earlier."""
    return [*spans, *((record.offset, record.end) for record in archive.members.records if record.is_filler)]


def _lies_in(offset: int, regions: list[Region]) -> bool:
    return any(start <= offset < end for start, end in regions)
