"""Is the page a list of stories rather than one?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsscraper.extract.blocks import Block, cumulative_letters
from newsscraper.extract.layout import Layout
from newsscraper.extract.page import absolute
from newsscraper.extract.text import fix_digits, fold

_LISTING_TYPES = frozenset("CollectionPage SearchResultsPage ProfilePage ContactPage AboutPage CheckoutPage".split())
_POSTS = 3
"""Posts that make a page one of several."""
_POST = 200
"""Letters of prose that make a post."""
_BEHIND = 30
"""Blocks that the last post of a page may have."""
_NOTHING_BUT_LINKS = 0.85
"""Share of the body that is links from which it is a list of headlines."""
_MOST_AWAY = 0.3
"""Share of a section's teasers that may lead to other sites; with more, the page is a list of places elsewhere."""
_YEAR = re.compile(r"(?<!\d)(?:1[34]|19|20|25)\d\d(?!\d)")
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
    if has_several_posts(layout):
        return True
    linked = sum(min(blocks[i].link_letters, blocks[i].letters) for i in layout.body_indices)
    if linked > _NOTHING_BUT_LINKS * letters and teasers >= 4:
        return _share_leading_away(layout) < _MOST_AWAY
    if in_teasers > 0.6 * letters and teasers >= 4:
        return in_teasers < 400 * teasers and _share_leading_away(layout) < _MOST_AWAY
    return (
        (says_so or bool(_PAGING_PATH.search(path))) and (in_teasers > 0.3 * letters or letters < 1000) and teasers >= 4
    )


def has_several_posts(layout: Layout) -> bool:
    """Three or more linked headings alike, each dated and over prose, and no story above them: a blog's front page.

    Where one of them serves as the page's headline, or what does has no text of its own, the page is none of them.
    """
    blocks = layout.page.blocks.blocks
    heads = [b for b in blocks if b.tag in ("h1", "h2", "h3") and b.letters >= 8 and b.link_letters > 0.9 * b.letters]
    if len(heads) < _POSTS or len({_leads_to(head, layout) for head in heads} - {None}) < _POSTS:
        return False
    alike: dict[tuple[str, frozenset[str]], list[int]] = {}
    for head in heads:
        alike.setdefault((head.tag, layout.page.blocks.containers[head.container].words), []).append(head.index)
    prose = cumulative_letters(blocks, [b.link_letters < 0.5 * b.letters for b in blocks])
    for group in alike.values():
        ends = [*group[1:], min(group[-1] + _BEHIND, len(blocks))]
        posts = sum(
            prose[end] - prose[first + 1] >= _POST and _is_dated(blocks[max(0, first - 1) : first + 3])
            for first, end in zip(group, ends, strict=True)
        )
        own = layout.headline.first
        above = own is None or own in group or (own < group[0] and prose[group[0]] - prose[own + 1] < _POST)
        if posts >= _POSTS and above:
            return True
    return False


def _is_dated(around: list[Block]) -> bool:
    """A time or a year stands at a post's heading."""
    return any(block.times or _YEAR.search(fix_digits(block.text[:60])) for block in around)


def _leads_to(block: Block, layout: Layout) -> str | None:
    """Where the first link around a block leads; None for a place on the same page."""
    page = layout.page
    link = next(page.blocks.containers[block.container].element.iter("a"), None)
    target = absolute(link.get("href"), page.base_url) if link is not None else None
    path = (target or "").partition("#")[0]
    return path if path and path != (page.url or "").partition("#")[0] else None


def _share_leading_away(layout: Layout) -> float:
    """Of the blocks in the body or in teasers that are wholly a link, how many lead to another site."""
    page, body = layout.page, set(layout.body_indices)
    linked = (
        b for b in page.blocks if b.link_letters > 0.9 * b.letters and (layout.teasers[b.index] or b.index in body)
    )
    hosts = [_host_of(target) for target in {_leads_to(block, layout) for block in linked} if target]
    own = _host_of(page.base_url)
    away = [
        host for host in hosts if host and own and not f".{host}".endswith(f".{own}") and not own.endswith(f".{host}")
    ]
    return len(away) / len(hosts) if hosts else 0.0


def _host_of(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


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
