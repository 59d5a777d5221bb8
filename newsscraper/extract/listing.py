"""Is the page a list of stories rather than one?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsscraper.extract.layout import Layout
from newsscraper.extract.text import fold

_LISTING_TYPES = frozenset("CollectionPage SearchResultsPage ProfilePage ContactPage AboutPage CheckoutPage".split())
_PAGING_PATH = re.compile(
    r"/(?:tag|tags|topic|topics|category|categories|author|authors|search|page|archive|archives|login|signin|"
    r"register|contact|about|privacy|terms)(?:/|$)",
    re.IGNORECASE,
)


def is_listing(layout: Layout, letters: int, *, declared: bool) -> bool:
    """Most of the body stands in teasers; or the page is the site's root or says that it lists, and shows teasers."""
    blocks = layout.page.blocks.blocks
    in_teasers = sum(blocks[i].letters for i in layout.body_indices if layout.teasers[i])
    structured = layout.page.structured
    says_so = any(structured.of_type(*_LISTING_TYPES)) and not structured.story.get("articleBody")
    path = urlsplit(layout.page.url or "").path
    at_root = bool(layout.page.url) and path.strip("/") == "" and not urlsplit(layout.page.url or "").query
    teasers = _teaser_count(layout)
    if declared:
        return at_root and teasers >= 10 and in_teasers > 0.6 * letters
    if at_root:
        return teasers >= 6 and (letters < 3000 or in_teasers > 0.5 * letters)
    if in_teasers > 0.6 * letters and teasers >= 4:
        return in_teasers < 400 * teasers
    return (
        (says_so or bool(_PAGING_PATH.search(path))) and (in_teasers > 0.3 * letters or letters < 1000) and teasers >= 4
    )


def _teaser_count(layout: Layout) -> int:
    """Distinct headings, or blocks of some length, that are wholly a link."""
    linked = {
        fold(b.text)
        for b in layout.page.blocks
        if b.link_letters > 0.9 * b.letters
        and b.letters >= 20
        and (b.tag in ("h1", "h2", "h3", "h4") or b.letters >= 30)
    }
    return len(linked)


def has_teasers(layout: Layout) -> bool:
    """True when several headlines on the page are links."""
    return _teaser_count(layout) >= 4
