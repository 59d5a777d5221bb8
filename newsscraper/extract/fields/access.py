"""May all read it, and is all of it here?"""

from __future__ import annotations

import re

from newsscraper.extract.fields.identity import resolve_canonical_url
from newsscraper.extract.further_pages import FurtherPages, find_further_pages, mentions_further_pages
from newsscraper.extract.layout import Layout
from newsscraper.extract.structured import string_in
from newsscraper.extract.text import read_number

_TIERS = {
    "free": "free",
    "metered": "metered",
    "locked": "paywalled",
    "paid": "paywalled",
    "premium": "paywalled",
    "subscriber": "paywalled",
}
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
_WALL_WORDS = frozenset("paywall regwall piano meteredwall premiumwall".split())
_SHORT = 1200
"""Letters of body below which a declared paywall is taken to have cut the text."""


def resolve_access(layout: Layout) -> str | None:
    """`isAccessibleForFree`, then content-tier meta tags; None when the page says nothing."""
    structured = layout.page.structured
    declared = _declared_free(structured.story.get("isAccessibleForFree"))
    if declared is None:
        declared = next(
            (d for n in structured.nodes if (d := _declared_free(n.get("isAccessibleForFree"))) is not None), None
        )
    tier = (structured.first_meta("article:content_tier", "content_tier", "lp.article:content_tier") or "").lower()
    if tier in _TIERS and not (tier == "free" and declared is False):
        return _TIERS[tier]
    if declared is None:
        return None
    return "free" if declared else "paywalled"


def _declared_free(value: object) -> bool | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(
            value.strip().lower()
        )
    return None


def resolve_complete(layout: Layout, body: str, access: str | None) -> bool:
    """False where the page shows that text is missing: behind a paywall, shorter than declared, on further pages."""
    structured = layout.page.structured
    if _is_paged(layout):
        return False
    if access not in ("paywalled", "metered"):
        return not (_CUT_OFF.search(body) and len(body) < 400)
    declared = read_number(string_in(structured.story.get("wordCount")))
    if declared:
        return len(body.split()) >= 0.7 * declared
    if _CUT_OFF.search(body) or any(c.words & _WALL_WORDS for c in layout.page.blocks.containers):
        return len(body) >= 3 * _SHORT
    return len(body) >= _SHORT


def _is_paged(layout: Layout) -> bool:
    """True where the page leads to a further page of its story, or is one itself."""
    page = layout.page
    url = page.url or resolve_canonical_url(page)
    if url is None or not mentions_further_pages(page.decoded.text, url):
        return False
    return find_further_pages(page.root, url) != FurtherPages()
