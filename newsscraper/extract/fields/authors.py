"""Who wrote it: declared names first, then bylines near the headline or below the story."""

from __future__ import annotations

from collections.abc import Iterator

from newsscraper.extract import page_words as words
from newsscraper.extract.blocks import Block
from newsscraper.extract.fields.names import clean_names, cut_at_date, is_name, read_byline
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate, Resolved
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import itemprop_text, strings_in
from newsscraper.extract.text import fix_line, fold, unique
from newsscraper.extract.tree import text_of

AUTHOR_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator",
    "citation_author", "article:author_name",
    "cxenseparse:author", "authors", "article.author", "rbauthors", "og:author", "article_author", "bt:author",
    "creator", "twitter:data1",
)  # fmt: skip


def resolve_authors(layout: Layout) -> Resolved[list[str]]:
    """The first source that yields people; an agency or the publisher only when no source does."""
    candidates = [
        Candidate(source, names)
        for source, texts in _sources(layout)
        if (names := clean_names(texts, layout.page.profile))
    ]
    site = set(layout.page.site_names)
    for candidate in candidates:
        people = [name for name in candidate.value if fold(name) not in site]
        candidate.score = 1.0 if people else 0.0
        if people:
            candidate.value = people
    won = next((c for c in candidates if c.score), candidates[0] if candidates else None)
    return Resolved(won.value, won.source, candidates) if won else Resolved(None)


def _sources(layout: Layout) -> Iterator[tuple[str, list[str]]]:
    page, structured = layout.page, layout.page.structured
    yield "profile selector", select_texts(page, "authors")
    yield "json-ld author", strings_in(structured.story.get("author"))
    yield "json-ld creator", strings_in(structured.story.get("creator"))
    for name in AUTHOR_META:
        yield f"meta {name}", structured.all_meta(name)
    yield "microdata author", [itemprop_text(e, "name") for e in structured.itemprops.get("author", ())[:6]]
    yield "rel=author", list(_author_links(layout))
    yield "byline", list(_bylines(layout))
    yield "printed label", list(_labelled(layout))
    yield "json-ld contributor", strings_in(structured.story.get("contributor"))


def _author_links(layout: Layout) -> Iterator[str]:
    """Links with `rel=author` and hCard names called an author, outside repeated parts; none where they are many."""
    anchors = [a for a in layout.page.root.iterfind(".//a[@rel]") if "author" in (a.get("rel") or "").lower().split()]
    names = unique(fix_line(text_of(a)) for a in anchors)
    if len(names) <= 4:
        yield from names


def _bylines(layout: Layout) -> Iterator[str]:
    """Short blocks in containers called a byline, links with rel=author, near the headline, then below the body."""
    for blocks in (layout.around_headline, layout.after_body[:5]):
        found = [b for b in blocks if b.letters < 160 and not layout.repeated[b.index] and _is_byline(b, layout)]
        if found:
            group = found[0].container
            for block in found[:4]:
                if layout.page.blocks.are_alike(block.container, group):
                    yield from _names_in(block)
            return


def _names_in(block: Block) -> list[str]:
    """The links of a byline where they are names, else its text up to the date."""
    linked = [text for text in block.link_texts if is_name(text)]
    return linked if len(linked) == len(block.link_texts) and linked else [cut_at_date(block.text)]


def _is_byline(block: Block, layout: Layout) -> bool:
    containers = layout.page.blocks.containers
    container = containers[block.container]
    named = container.words | block.inline_words
    if container.parent >= 0 and containers[container.parent].size <= 4:
        named |= containers[container.parent].words
    return bool(named & words.AUTHOR)


def _labelled(layout: Layout) -> Iterator[str]:
    """`By Jane Doe`: the first short block that begins with a label of authors and goes on with names."""
    for block in (*layout.around_headline, *layout.after_body[:4]):
        names = None if layout.repeated[block.index] else read_byline(block.text, layout.page.profile)
        if names:
            yield names
            return
