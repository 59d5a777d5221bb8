"""What lies in wait for a crawler, by name; each can be left out of the site."""

from __future__ import annotations

from collections.abc import Iterable

TRAPS: dict[str, str] = {
    "calendar": "an archive by day that links the next day for ever",
    "endless_pages": "`?page=N` answers past the last page, and always names a next one",
    "session_ids": "story links in sidebars carry `?sid=`, another on every page",
    "tracking": "story links in most-read lists carry `?utm_source=`",
    "soft_404": "a linked page that says 'not found' with status 200",
    "gone": "a linked page that answers 404",
    "redirect": "an old address that answers 301 with the story's own",
    "alias": "a story linked under a second URL with the same canonical one",
    "print": "a print view of every story",
    "tags": "listings by tag",
    "login": "a login page that names the page it was reached from",
    "offsite": "a link to another host",
    "text_pages": "about, contact, privacy: long text, and no story",
    "disallowed": "a linked page that robots.txt forbids",
}

OFFSITE_HOST = "www.tidewater-wire.example"
OFFSITE_PATH = "/en/news/300017/spring-tides-reach-their-height"
GONE_PATH = "/{key}/news/918888/withdrawn-notice"
SOFT_404_PATH = "/{key}/news/919999/service-update"
FORBIDDEN_PATH = "/internal/press-review"


def read_traps(names: Iterable[str] | None) -> frozenset[str]:
    """The traps to set: all for None. Raises `ValueError` on a name that is none of `TRAPS`."""
    chosen = frozenset(TRAPS if names is None else names)
    if unknown := sorted(chosen - TRAPS.keys()):
        raise ValueError(f"unknown traps {unknown}; there are {sorted(TRAPS)}")
    return chosen
