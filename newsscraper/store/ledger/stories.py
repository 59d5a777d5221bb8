"""Which story a page is, and in which version: keys are minted here, and lines come into being here.

An alias has a standing. The story's own address leads to it whatever its text says now; so does an address that has
answered as that story before. A name that a page merely claims counts only where the title bears it out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from newsscraper.record import Record
from newsscraper.store.identity import fold_title
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.keys import find_url_key, hash_key, name_key, story_id
from newsscraper.store.ledger.known import COLUMNS, KnownStory, asked_name, base_columns, own_name, read_row
from newsscraper.store.ledger.types import Settlement, Verdict
from newsscraper.store.ledger.versions import Reread, judge
from newsscraper.store.records import mint_story_key

CLAIMED, ANSWERED, OWN = range(3)
"""The standing of an alias."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What came of a record."""

    verdict: Verdict
    story: int | None = None
    record: Record | None = None
    """To be written."""
    as_known: Record | None = None
    changed: tuple[str, ...] = ()
    moved_from: str | None = None
    held_until: int | None = None
    """A running blog's new text that is no version yet: when it becomes one."""


class StoryStore:
    """The stories of a site."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, story_key: str) -> KnownStory | None:
        """The story of that key, forgotten ones included."""
        known = self._load(story_id(story_key))
        return known if known is not None and known.story_key == story_key else None

    def find_by_name(self, name: str) -> KnownStory | None:
        """The story that a URL or `site #code` leads to. Raises `ValueError` for a URL that is none."""
        alias = self._alias(name_key(name))
        return None if alias is None else self._load(alias[0])

    def totals(self) -> dict[str, int]:
        """`stories`, `versions`, `gone`, `forgotten`. Reads the whole table."""
        row = self._database.row(
            """
            SELECT count(*) - count(forgotten_at), coalesce(sum(CASE WHEN forgotten_at IS NULL THEN version END), 0),
                count(CASE WHEN forgotten_at IS NULL THEN gone_at END), count(forgotten_at) FROM stories
            """
        )
        return dict(zip(("stories", "versions", "gone", "forgotten"), row or (0, 0, 0, 0), strict=True))

    def commit(
        self,
        record: Record,
        settlement: Settlement,
        reread: Reread | None,
        has_answered: Callable[[str], bool] = lambda url: False,
    ) -> Written:
        """Settle what `record` is, and take it in. Belongs into a transaction.

        `has_answered` tells whether a URL has been answered in this run, under another key than this settlement's.
        """
        known, how = self._identify(record, settlement)
        if known is None:
            return self._take_in(record, settlement)
        if known.forgotten_at is not None:
            self._name(known.id, record, settlement)
            return Written(verdict="none", story=known.id)
        # Its own address in another spelling, read twice in one run: what differs is no version.
        is_second = how == "own" and known.url not in (None, record.url) and has_answered(known.url or "")
        if how == "alias" or is_second:
            self._name(known.id, record, settlement)
            as_known = dataclasses.replace(record, story_key=known.story_key, version=known.base.version)
            return Written(verdict="duplicate", story=known.id, as_known=as_known)
        return self._compare(known, record, settlement, reread, moved=how == "moved")

    def restore(self, record: Record, file: int | None, at: int) -> None:
        """Take in a line that was written before, in the sealed file `file`. The latest version counts."""
        settlement = Settlement(key=None, state="done", visited_at=at)
        story = story_id(record.story_key)
        self._database.execute(
            f"""
            INSERT INTO stories ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)
            ON CONFLICT (id) DO UPDATE SET url = excluded.url, name = excluded.name, title = excluded.title,
                version = excluded.version, content_hash = excluded.content_hash, fields = excluded.fields,
                fingerprint = NULL, extractor = excluded.extractor, genre = excluded.genre,
                versioned_at = excluded.versioned_at
            WHERE excluded.version > version AND forgotten_at IS NULL
            """,
            (
                story,
                record.story_key,
                record.url,
                *base_columns(record, settlement)[:2],
                record.version,
                *base_columns(record, settlement)[2:],
            ),
        )
        self._database.execute(
            """
            INSERT INTO versions (
                story, version, content_hash, written_at, file, archive, archive_offset, archive_length)
            VALUES (?, ?, ?, ?, ?, (SELECT id FROM files WHERE file = ?), ?, ?)
            ON CONFLICT (story, version) DO UPDATE SET file = coalesce(file, excluded.file)
            """,
            (story, record.version, record.content_hash, at, file, *_page_columns(record)),
        )
        self._name(story, record, settlement, standing=OWN)

    def move(self, story: int, url: str) -> None:
        """The story's own address is `url` now. Belongs into a transaction."""
        name = name_key(url)
        self._database.execute(
            "UPDATE aliases SET standing = ? WHERE story = ? AND standing = ?", (CLAIMED, story, OWN)
        )
        self._database.execute("UPDATE stories SET url = ?, name = ? WHERE id = ?", (url, name, story))
        if self._load(story) is not None:
            self.name(story, name, OWN)

    def note_gone(self, story: int, url: str, at: int) -> None:
        """The page at `url` is gone; so is the story where that is its own address."""
        self._database.execute(
            "UPDATE stories SET gone_at = ? WHERE id = ? AND name = ? AND gone_at IS NULL", (at, story, name_key(url))
        )

    def name(self, story: int, name: int, standing: int) -> None:
        """Let `name`, a key, lead to a story; a better standing wins over the one that it has."""
        self._database.execute(
            """
            INSERT INTO aliases (key, story, standing) VALUES (?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET story = excluded.story, standing = excluded.standing
            WHERE excluded.standing > standing
            """,
            (name, story, standing),
        )

    def is_story_of_title(self, url: str, title: str) -> bool:
        """Whether the page at `url` is a story with this headline."""
        known = self.find_by_name(url)
        return known is not None and known.title == hash_key(fold_title(title))

    def is_known(self, record: Record, settlement: Settlement) -> bool:
        """Whether it leads to a story that is there already."""
        return self._identify(record, settlement)[0] is not None

    def is_of_forgotten(self, record: Record, settlement: Settlement) -> bool:
        """Whether it leads to a story that was taken down."""
        if not self._has_forgotten():
            return False
        known, _ = self._identify(record, settlement)
        return known is not None and known.forgotten_at is not None

    def is_forgotten(self, url: str) -> bool:
        """Whether a story that was taken down is known by `url`."""
        if find_url_key(url) is None or not self._has_forgotten():
            return False
        alias = self._alias(name_key(url))
        known = None if alias is None or alias[1] == CLAIMED else self._load(alias[0])
        return known is not None and known.forgotten_at is not None

    def _has_forgotten(self) -> bool:
        return bool(self._database.value("SELECT 1 FROM stories WHERE forgotten_at IS NOT NULL LIMIT 1"))

    def _identify(
        self, record: Record, settlement: Settlement
    ) -> tuple[KnownStory | None, Literal["own", "alias", "moved"]]:
        title = hash_key(fold_title(record.title))
        for number, name in enumerate(_names(record, settlement)):
            alias = None if name is None else self._alias(name)
            if alias is None:
                continue
            known, is_address = self._load(alias[0]), number == 0
            if known is None:
                continue
            if is_address and alias[1] == OWN:
                return known, "own"
            if known.title == title or (is_address and alias[1] == ANSWERED):
                has_moved = known.gone_at is not None or asked_name(record) == known.name
                return known, "moved" if has_moved else "alias"
        return None, "own"

    def _take_in(self, record: Record, settlement: Settlement) -> Written:
        story_key = self._mint(record)
        final = dataclasses.replace(record, story_key=story_key, version=1)
        story = story_id(story_key)
        self._database.execute(
            f"INSERT INTO stories ({COLUMNS}) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, NULL, NULL)",
            (story, story_key, final.url, *base_columns(final, settlement)),
        )
        self._name(story, record, settlement, standing=OWN)
        self._note_version(story, final, settlement.visited_at)
        return Written(verdict="new", story=story, record=final, as_known=final)

    def _compare(
        self, known: KnownStory, record: Record, settlement: Settlement, reread: Reread | None, *, moved: bool
    ) -> Written:
        judgement = judge(known.base, record, settlement.fingerprint, settlement.visited_at, reread)
        is_new = judgement.verdict == "changed"
        version = known.base.version + is_new
        final = dataclasses.replace(record, story_key=known.story_key, version=version)
        if judgement.becomes_base:
            self._rebase(known, final, settlement, is_new=is_new)
        if moved and known.name is not None:
            # Whatever stands at the old address from now on is that story only if its title says so.
            self._database.execute("UPDATE aliases SET standing = ? WHERE key = ?", (CLAIMED, known.name))
        self._database.execute(
            "UPDATE stories SET url = ?, name = ?, gone_at = NULL WHERE id = ?",
            (final.url, own_name(record), known.id),
        )
        self._name(known.id, record, settlement, standing=OWN)
        if is_new:
            self._note_version(known.id, final, settlement.visited_at)
        return Written(
            # A version that was lost is written anew; the first one is news.
            verdict="new" if is_new and version == 1 else judgement.verdict,
            story=known.id,
            record=final if is_new else None,
            as_known=final,
            changed=judgement.changed,
            moved_from=known.url if moved else None,
            held_until=judgement.held_until,
        )

    def _rebase(self, known: KnownStory, record: Record, settlement: Settlement, *, is_new: bool) -> None:
        versioned_at = settlement.visited_at if is_new else known.base.versioned_at
        columns = base_columns(record, settlement)[1:-1]
        self._database.execute(
            """
            UPDATE stories SET title = ?, content_hash = ?, fields = ?, fingerprint = ?, extractor = ?, genre = ?,
                version = ?, versioned_at = ? WHERE id = ?
            """,
            (*columns, record.version, versioned_at, known.id),
        )
        if not is_new:
            self._note_page(known, record)

    def _note_page(self, known: KnownStory, record: Record) -> None:
        """Where the version's own page is not archived, this one stands for it: later visits are compared with it."""
        if record.warc is not None:
            self._database.execute(
                """
                UPDATE versions SET archive = (SELECT id FROM files WHERE file = ?), archive_offset = ?,
                    archive_length = ? WHERE story = ? AND version = ? AND archive IS NULL
                """,
                (*_page_columns(record), known.id, known.base.version),
            )

    def _mint(self, record: Record) -> str:
        """The first address's key, or the next one where that is another story's by now."""
        story_key, number = record.story_key, 1
        while self._load(story_id(story_key)) is not None:
            number += 1
            story_key = mint_story_key(record.site or "", f"{record.url} {number}")
        return story_key

    def _name(self, story: int, record: Record, settlement: Settlement, standing: int = ANSWERED) -> None:
        own, *others = _names(record, settlement)
        if own is not None:
            self.name(story, own, standing)
        for name in others:
            if name is not None and name != own:
                self.name(story, name, CLAIMED)

    def _note_version(self, story: int, record: Record, at: int) -> None:
        self._database.execute(
            """
            INSERT INTO versions (story, version, content_hash, written_at, archive, archive_offset, archive_length)
            VALUES (?, ?, ?, ?, (SELECT id FROM files WHERE file = ?), ?, ?)
            """,
            (story, record.version, record.content_hash, at, *_page_columns(record)),
        )

    def _alias(self, name: int) -> tuple[int, int] | None:
        row = self._database.row("SELECT story, standing FROM aliases WHERE key = ?", (name,))
        return None if row is None else (row[0], row[1])

    def _load(self, story: int) -> KnownStory | None:
        row = self._database.row(f"SELECT {COLUMNS} FROM stories WHERE id = ?", (story,))
        return None if row is None else read_row(row)


def _page_columns(record: Record) -> tuple[str | None, int | None, int | None]:
    """Where its page is archived: file, offset, length."""
    pointer = record.warc
    return (None, None, None) if pointer is None else (pointer["file"], pointer["offset"], pointer["length"])


def _names(record: Record, settlement: Settlement) -> Iterator[int | None]:
    """The page's own address, then what else it is called: what was asked, what lay between, what it claims."""
    yield own_name(record)
    yield asked_name(record)
    for name in (*settlement.also, *settlement.aliases):
        yield name_key(name)
