"""What a page says: the content half of a record.

A `Story` knows its page and nothing else: no corpus, no crawl, no time of fetching. Its fields, in this order, are the
first keys of a JSON line; all are always present, `None` or empty when the page does not tell.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Self, TypedDict

GENRES = ("story", "live", "gallery", "video", "audio", "opinion")
ACCESS = ("free", "metered", "paywalled")


class Image(TypedDict):
    """One picture of the story: absolute URL where the page's URL is known, and its printed caption."""

    url: str
    caption: str | None


class Translation(TypedDict):
    """An hreflang sibling: a story of its own in another language (BCP 47)."""

    language: str
    url: str


class Rights(TypedDict):
    """Signals about reuse, as found on the page, or on any page of a story on several; nothing is inferred."""

    robots: list[str]
    """Directives of `<meta name=robots>` and its like, in a crawl of X-Robots-Tag, Content-Usage and Content-Signal,
    too: lower case, page order; those for one robot alone as `robot:directive`."""
    noai: bool
    """The page carries `noai` or `noimageai`."""
    tdm_reservation: bool | None
    """`<meta name=tdm-reservation>`, in a crawl else the header, else `tdmrep.json`: 1 is True, 0 False."""
    tdm_policy: str | None
    """`<meta name=tdm-policy>`: a URL."""


def no_rights() -> Rights:
    """The value for a page without any signal."""
    return Rights(robots=[], noai=False, tdm_reservation=None, tdm_policy=None)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One news story as its page prints it. `docs/record.md` tells what counts as what."""

    title: str
    """The headline as printed: no site name, no kicker, no soft hyphens."""
    date: str | None = None
    """Publication, ISO 8601, as precise as the page is; offset only when the zone is known."""
    story_code: str | None = None
    """The site's own number for the story, ASCII digits."""
    body: str = ""
    """Paragraphs joined by one blank line; NFC; no no-break spaces; ZWNJ kept."""
    tags: list[str] = field(default_factory=list)
    """The story's own keywords, page order, no duplicates."""
    authors: list[str] = field(default_factory=list)
    """People or agencies, without "By", titles or addresses."""
    lead: str | None = None
    """The standfirst between headline and body; not repeated in `body`."""
    description: str | None = None
    """The page's own summary."""
    section: list[str] = field(default_factory=list)
    """Breadcrumb without home."""
    language: str | None = None
    """BCP 47, of the text rather than of the template."""
    date_utc: str | None = None
    """`date` as an instant, `2022-03-30T17:20:00Z`, when its zone is known."""
    date_modified: str | None = None
    """Last change, in the form of `date`."""
    date_raw: str | None = None
    """The very text that `date` was read from."""
    images: list[Image] = field(default_factory=list)
    """The story's own pictures."""
    genre: str = "story"
    """One of `GENRES`."""
    access: str | None = None
    """One of `ACCESS`, as the page declares or shows."""
    complete: bool = True
    """False when the page itself shows that text is missing."""
    canonical_url: str | None = None
    """What the page claims; never identity."""
    translations: list[Translation] = field(default_factory=list)
    """hreflang siblings."""
    publisher: str | None = None
    """As declared."""
    license: str | None = None
    """As declared."""
    rights: Rights = field(default_factory=no_rights)
    """Reuse signals as found."""
    confidence: float | None = None
    """0 to 1: how sure the body is; None where nothing calibrated says so."""

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict with every key, in the order of the fields."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_dict`. Raises `TypeError` on missing or unknown keys."""
        names = {f.name for f in dataclasses.fields(cls)}
        unknown, missing = sorted(data.keys() - names), sorted(names - data.keys())
        if unknown or missing:
            raise TypeError(f"{cls.__name__}: unknown keys {unknown}, missing keys {missing}")
        return cls(**data)
