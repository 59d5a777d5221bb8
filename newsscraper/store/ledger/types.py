"""What goes into a ledger and what comes out of it. Times are Unix seconds, UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from newsscraper.record import Record
from newsscraper.store.archive.types import Exchange

State = Literal["waiting", "ready", "leased", "done", "gone", "refused", "bounded", "quarantined", "forgotten"]
"""`waiting`: not before its due time; `done`: answered, asked again only when due or when its site says that it
changed; `bounded`: left alone for the run's bounds; `quarantined`: processes died over it; `forgotten`: taken down."""
Verdict = Literal["new", "changed", "unchanged", "rebased", "duplicate", "copy", "none"]
"""`rebased`: read by another extractor, the new text is what the next visit is compared with; `duplicate`: the story is
known by another address; `copy`: waits for the page it says it is a copy of; `none`: no story, or a forgotten one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A URL that somebody named."""

    url: str
    """As to be asked; `normalise_url(url)` is its identity."""
    kind: str = "page"
    """`story`, `listing`, `page`, `feed`, `sitemap`."""
    rank: int = 0
    """Larger is fetched first."""
    modified: int | None = None
    """What the discovery says of the page's last change."""
    data: str = ""
    """The crawl's own, a JSON object or empty."""
    due: int | None = None
    """Not before; None: now."""
    again: bool = False
    """To be asked although it has been answered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """An entry that is under way, and what its last answer was."""

    key: int
    entry: Entry
    deaths: int = 0
    """How often a process died over it."""
    suspect: bool = False
    """The last process that had it in hand died."""
    etag: str | None = None
    last_modified: str | None = None
    status: int | None = None
    digest: str | None = None
    revisits: int = 0
    """How often it was asked again since its text last changed."""
    story_key: str | None = None
    """The story that it led to."""


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What became of one response, to be committed as one."""

    key: int | None
    """The lease that is acknowledged; None for a response that nobody leased."""
    state: State
    """What the URL becomes: `done`, `gone`, `refused`, `bounded`, or `waiting` (failed: again at `due`)."""
    visited_at: int
    due: int | None = None
    """The next visit."""
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    unchanged: bool = False
    """304, or the very same bytes: nothing else is looked at."""
    record: Record | None = None
    """The story read from it, its key and version not yet settled."""
    aliases: tuple[str, ...] = ()
    """Other names of the page: URLs, and `site #code`."""
    fingerprint: int | None = None
    """Of the page's raw text, whatever the extractor; 64 bits, signed."""
    discoveries: tuple[Entry, ...] = ()
    copy_of: str | None = None
    """The URL of which the page says that it is a copy: the record waits for that page's answer."""
    also: tuple[str, ...] = ()
    """Other addresses that this answer is for, such as where a redirect led. The record's own need not be named."""
    events: tuple[dict[str, Any], ...] = ()
    """Lines of `events/`, JSON objects with an `event` each."""
    exchanges: tuple[Exchange, ...] = ()
    """What is to be archived, in the order in which it was asked: redirects, the page, its further pages. The record's
    `warc` is set by it."""


@dataclass(frozen=True, kw_only=True)
class Committed:
    """What a settlement came to."""

    verdict: Verdict
    record: Record | None = None
    """As written, with its final key and version; None unless new or changed."""
    record_as_known: Record | None = None
    """The record with its final key and version, also where nothing was written; None where there is no such story."""
    changed: tuple[str, ...] = ()
    """Fields that changed, for `changed`."""
    discovered: int = 0
    """How many URLs were new."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarantined:
    """A URL over which processes died."""

    url: str
    deaths: int
    since: int | None = field(default=None)
    """When it was last visited or added."""
