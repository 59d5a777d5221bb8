"""What a corpus is for, and what may not be in it then. No Scrapy in here, but for its settings.

The standards distinguish what is done with a text: kept (noarchive), listed (noindex), mined (TDM reservation, which
does not bind research: Directive (EU) 2019/790, articles 3 and 4), trained on (noai, train-ai).
"""

from __future__ import annotations

from typing import Literal, get_args

from scrapy.settings import BaseSettings

from newsscraper.crawl.settings import own_settings
from newsscraper.errors import InputError
from newsscraper.sites.checks import shown, suggestion
from newsscraper.story import Rights

Purpose = Literal["research", "archive", "search", "text-mining", "ai-training"]

_BARS: dict[Purpose, tuple[str, ...]] = {
    "research": (),
    "archive": ("noarchive",),
    "search": ("noindex", "none", "search=n", "search=no"),
    "text-mining": (),
    "ai-training": ("noai", "noarchive", "train-ai=n", "ai-train=no"),
}
"""Directives that keep a page out."""
_MINES = frozenset({"text-mining", "ai-training"})


def read_purpose(settings: BaseSettings) -> Purpose:
    """`NEWSSCRAPER_PURPOSE`. Raises `InputError`."""
    given = settings.get("NEWSSCRAPER_PURPOSE", own_settings()["NEWSSCRAPER_PURPOSE"])
    for purpose in get_args(Purpose):
        if given == purpose:
            known: Purpose = purpose
            return known
    names = get_args(Purpose)
    raise InputError(
        f"NEWSSCRAPER_PURPOSE: expected one of {', '.join(names)}, got {shown(given)}{suggestion(str(given), names)}"
    )


def is_bound_by_reservation(purpose: Purpose) -> bool:
    """Whether a reservation of text and data mining holds for `purpose`."""
    return purpose in _MINES


def find_bar(rights: Rights, purpose: Purpose) -> str | None:
    """What in `rights` keeps a page out of a corpus for `purpose`: a directive, or `tdm-reservation`."""
    if rights["tdm_reservation"] and is_bound_by_reservation(purpose):
        return "tdm-reservation"
    return next((directive for directive in _BARS[purpose] if directive in rights["robots"]), None)


def bars_images(rights: Rights, purpose: Purpose) -> bool:
    """Whether a page's pictures are kept out, though its text is not."""
    return purpose == "ai-training" and "noimageai" in rights["robots"]
