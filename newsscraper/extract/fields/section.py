"""Where the story stands on its site: the breadcrumb without home and without the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsscraper.extract.blocks import Container
from newsscraper.extract.fields.relations import find_related
from newsscraper.extract.labels import HOME_WORDS
from newsscraper.extract.layout import BEFORE_HEADLINE, Layout
from newsscraper.extract.resolving import Candidate, Resolved, first_of
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.similar import is_copy
from newsscraper.extract.structured import Node, string_in, strings_in
from newsscraper.extract.text import fix_line, fold, read_number, unique
from newsscraper.extract.tree import text_of

_TRAIL = re.compile(r"\s[>/»›→|]\s|[»›→]")
CRUMB_WORDS = frozenset("breadcrumb breadcrumbs crumb crumbs brotkrumen ariane".split())


def resolve_section(layout: Layout, *, losers: bool = True) -> Resolved[list[str]]:
    """Selector, JSON-LD BreadcrumbList, printed breadcrumb, declared section."""
    candidates = (
        Candidate(source, section) for source, texts in _sources(layout) if (section := _clean(texts, layout))
    )
    return first_of(candidates, losers=losers)


def _sources(layout: Layout) -> Iterator[tuple[str, list[str]]]:
    structured = layout.page.structured
    yield "profile selector", select_texts(layout.page, "section")
    yield "json-ld breadcrumb", _listed(next(structured.of_type("BreadcrumbList"), {}))
    yield "printed breadcrumb", _printed(layout)
    yield "json-ld articleSection", strings_in(structured.story.get("articleSection"))
    yield "meta article:section", structured.all_meta("article:section", "og:article:section")[:1]
    yield (
        "meta section",
        structured.all_meta("parsely-section", "section", "category", "dc.subject", "cxenseparse:category")[:1],
    )


def _listed(node: Node) -> list[str]:
    entries = node.get("itemListElement")
    if not isinstance(entries, list):
        return []
    rows = [e for e in entries if isinstance(e, dict)]
    rows.sort(key=_position)
    return [name for e in rows if (name := string_in(e.get("name")) or string_in(e.get("item")))]


def _position(entry: Node) -> int:
    position = read_number(string_in(entry.get("position")))
    return 99 if position is None else position


def _printed(layout: Layout) -> list[str]:
    blocks = layout.page.blocks
    for container in blocks.containers:
        if 0 < container.last - container.first <= 12 and _is_breadcrumb(container):
            texts: list[str] = []
            for block in blocks.blocks[container.first : container.last]:
                texts += block.link_texts or [block.text]
            return texts
    return _home_trail(layout) or _category_links(layout)


def _is_breadcrumb(container: Container) -> bool:
    return (
        not CRUMB_WORDS.isdisjoint(container.words) or "breadcrumb" in container.element.get("aria-label", "").lower()
    )


def _home_trail(layout: Layout) -> list[str]:
    """A short block above the headline whose first link leads home: a breadcrumb, whatever it is called."""
    for block in layout.page.blocks.blocks[max(0, layout.start - BEFORE_HEADLINE) : layout.start]:
        texts = block.link_texts
        if 2 <= len(texts) <= 5 and block.letters < 150 and fold(texts[0]) in HOME_WORDS and _TRAIL.search(block.text):
            return list(texts)
    return []


def _category_links(layout: Layout) -> list[str]:
    """Links with rel="category tag", as WordPress writes them."""
    return [fix_line(text_of(a)) for a in find_related(layout, "category")[:3]]


def _clean(texts: list[str], layout: Layout) -> list[str]:
    title = fold(layout.headline.text or "")
    steps = [fix_line(t).strip(" />»›|:-–•→") for t in texts]
    kept = [s for s in steps if s and len(s) <= 60 and not s.startswith("http")]
    site = layout.page.site_names
    return [
        s for s in unique(kept) if fold(s) not in HOME_WORDS and fold(s) not in site and not is_copy(fold(s), title)
    ]
