"""May all read it, and is all of it here?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector

from newsscraper.extract.fields.identity import resolve_canonical_url
from newsscraper.extract.fields.offers import shows_meter, shows_wall
from newsscraper.extract.further_pages import FurtherPages, find_further_pages, mentions_further_pages
from newsscraper.extract.layout import Layout
from newsscraper.extract.structured import Node, Structured, string_in
from newsscraper.extract.text import count_letters, fix_digits, has_digit, read_number
from newsscraper.extract.tree import text_of

_TIERS = {
    "free": "free",
    "metered": "metered",
    "locked": "paywalled",
    "paid": "paywalled",
    "premium": "paywalled",
    "subscriber": "paywalled",
}
_TIER_NAMES = ("article:content_tier", "content_tier", "lp.article:content_tier", "og:article:content_tier")
_PAID_NAME = re.compile(r"(?:is_?paid_?content|is_?premium|premium|subscribers?[_-]only|paywall)$")
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W*$")
_WHOLE = 1200
"""Letters of body from which a declared paywall is taken to have let all of it through."""
_CERTAINLY_WHOLE = 3600
"""The same where the page shows that it cuts stories off."""
_PART = 200
"""Letters of a part behind the paywall that make it text rather than an offer."""
_FIRST_OF = re.compile(
    r"\W*(?:page|seite|pagina|página|strona|strana|stránka|sida|side|sivu|oldal|sayfa|halaman|trang|страница|стор\w*|"
    r"σελίδα|עמוד|صفحة|صفحه|صفحہ|पृष्ठ|পৃষ্ঠা|หน้า|第|ページ|페이지)\W{0,3}1\s*(?:页|頁|ページ|페이지)?\s*"
    r"(?:/|of|von|de|di|van|z|ze|av|af|sur|din|از|من|із|з|из|dari|trên|από|מתוך|共)\s*[2-9]",
    re.IGNORECASE,
)
_COUNT_LENGTH = 30
_NEAR = 6
"""Blocks behind the text in which the pages are counted."""
_FEW = 400


def resolve_access(layout: Layout) -> str | None:
    """Content-tier meta tags, `isAccessibleForFree`, other meta tags; else what is shown: a wall, a meter."""
    structured = layout.page.structured
    declared = _declared_free(structured)
    tier = (structured.first_meta(*_TIER_NAMES) or "").lower()
    if tier in _TIERS and not (tier == "free" and declared is False):
        return _TIERS[tier]
    if declared is not None:
        return "free" if declared else "paywalled"
    if _is_called_paid(structured) or shows_wall(layout):
        return "paywalled"
    return "metered" if shows_meter(layout) else None


def _declared_free(structured: Structured) -> bool | None:
    """`isAccessibleForFree` of the story, of microdata, of any other node that is the page rather than a part of it."""
    told = [structured.story.get("isAccessibleForFree"), structured.first_meta("isaccessibleforfree")]
    told += [node.get("isAccessibleForFree") for node in structured.nodes if "cssSelector" not in node]
    told += [node.get("isAccessibleForFree") for node in structured.nodes]
    return next((free for value in told if (free := _read_truth(value)) is not None), None)


def _read_truth(value: object) -> bool | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().lower().rpartition("/")[2]
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word)
    return None


def _is_called_paid(structured: Structured) -> bool:
    """A meta tag such as `isPaidContent` or `premium` says yes."""
    return any(_read_truth(values[0]) is True for name, values in structured.meta.items() if _PAID_NAME.search(name))


def resolve_complete(layout: Layout, body: str, access: str | None) -> bool:
    """False where the page shows that text is missing: behind a paywall, shorter than declared, on further pages."""
    if _is_paged(layout) or _counts_pages(layout):
        return False
    letters = count_letters(body)
    cut = _CUT_OFF.search(body[-20:]) is not None
    if access != "paywalled":
        return not (cut and letters < _FEW) and not shows_wall(layout)
    declared = read_number(string_in(layout.page.structured.story.get("wordCount")))
    words = len(body.split())
    # Where no spaces are written, nobody knows what was counted.
    if declared and letters < 12 * words:
        return words >= 0.7 * declared
    if cut or shows_wall(layout):
        return letters >= _CERTAINLY_WHOLE
    paid = _letters_of_paid_parts(layout)
    if paid is None:
        return letters >= _WHOLE
    return paid >= _PART or letters >= _CERTAINLY_WHOLE


def _counts_pages(layout: Layout) -> bool:
    """True where a line under the headline or behind the text says that this is the first of several pages."""
    blocks = layout.page.blocks.blocks[layout.start : layout.end + _NEAR]
    return any(
        len(block.text) <= _COUNT_LENGTH
        and has_digit(block.text)
        and _FIRST_OF.match(fix_digits(block.text)) is not None
        for block in blocks
    )


def _letters_of_paid_parts(layout: Layout) -> int | None:
    """Letters in what `hasPart` names as paid; None where that is not on the page, or holds the teaser, too."""
    structured = layout.page.structured
    selectors = list(_paid_selectors(structured))
    if not selectors or not layout.body_indices:
        return None
    parts = [element for selector in selectors for element in _select(selector, layout.page.root)]
    if not parts:
        return None
    containers = layout.page.blocks.containers
    first = layout.page.blocks.blocks[layout.body_indices[0]].container
    while first >= 0:
        if any(containers[first].element is part for part in parts):
            return None
        first = containers[first].parent
    return sum(count_letters(" ".join(text_of(part, " ").split())) for part in parts)


def _paid_selectors(structured: Structured) -> Iterator[str]:
    for part in _parts(structured.story):
        selector = part.get("cssSelector")
        if isinstance(selector, str) and _read_truth(part.get("isAccessibleForFree")) is False:
            yield selector


def _parts(node: Node) -> list[Node]:
    parts = node.get("hasPart")
    return [part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict)]


def _select(selector: str, root: etree._Element) -> list[etree._Element]:
    """The elements that a page's own selector finds; none where it is no selector."""
    try:
        return cast("list[etree._Element]", CSSSelector(selector, translator="html")(root))
    except (ValueError, SyntaxError, etree.XPathError):
        return []


def _is_paged(layout: Layout) -> bool:
    """True where the page leads to a further page of its story, or is one itself."""
    page = layout.page
    url = page.url or resolve_canonical_url(page)
    if url is None or not mentions_further_pages(page.decoded.text, url):
        return False
    return find_further_pages(page.root, url) != FurtherPages()
