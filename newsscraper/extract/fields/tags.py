"""The story's own keywords: declared, or printed in its tag list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from newsscraper.extract.blocks import Block
from newsscraper.extract.fields.relations import find_related
from newsscraper.extract.labels import HOME_WORDS, cut_label, is_label
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate, Resolved, first_of
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import strings_in
from newsscraper.extract.text import fix_line, fold, unique
from newsscraper.extract.tree import text_of

TAG_WORDS = frozenset(
    "tag tags taglist keyword keywords topic topics hashtag hashtags etiquetas temas themen schlagworte".split()
)
_LIST = re.compile(r"\s*[,;،؛|、，；•·#]\s*|\s+/\s+")
_ID_LIKE = re.compile(r"^[\w-]*[:=_/][\w:=/-]*$|^\d+$|^https?:")
_MAX_TAG = 60
_MANY = 40


def resolve_tags(layout: Layout, *, losers: bool = True) -> Resolved[list[str]]:
    """The first source that yields any: selector, JSON-LD, article tags, the printed list, then the meta keywords."""
    candidates = (Candidate(source, tags) for source, texts in _sources(layout) if (tags := clean_tags(texts, layout)))
    return first_of(candidates, losers=losers)


def _sources(layout: Layout) -> Iterator[tuple[str, list[str]]]:
    structured = layout.page.structured
    yield "profile selector", select_texts(layout.page, "tags")
    keywords = structured.story.get("keywords")
    yield (
        "json-ld keywords",
        _split(strings_in(keywords, "name", "label", "title", "text", "termCode"), isinstance(keywords, list)),
    )
    yield "meta article:tag", _split(structured.all_meta("article:tag", "og:article:tag", "video:tag"), True)
    yield "meta news_keywords", _split(structured.all_meta("news_keywords"), False)
    yield "printed list", _printed(layout)
    yield "meta parsely-tags", _split(structured.all_meta("parsely-tags", "sailthru.tags", "cxenseparse:tags"), False)
    yield "meta keywords", _split(structured.all_meta("keywords")[:1], False)


def _split(texts: list[str], is_list: bool) -> list[str]:
    if is_list and len(texts) > 1:
        return texts
    return [part for text in texts for part in _LIST.split(text)]


def clean_tags(texts: list[str], layout: Layout) -> list[str]:
    """Tags without machine identifiers, site names, home words and `#`; none twice."""
    site = layout.page.site_names
    kept = []
    for text in texts:
        tag = fix_line(text).strip(" #,;،·•|")
        folded = fold(tag)
        if is_label(tag, "tags", layout.page.profile):
            continue
        if (
            folded
            and len(tag) <= _MAX_TAG
            and folded not in site
            and folded not in HOME_WORDS
            and not _ID_LIKE.match(tag)
        ):
            kept.append(tag)
    return unique(kept)[:_MANY]


def _printed(layout: Layout) -> list[str]:
    """Links with rel=tag, links in a container called tags, else what follows a label; below or above the story."""
    region = [*layout.after_body, *layout.around_headline]
    ending = [layout.page.blocks.blocks[i] for i in layout.body_indices[-2:]]
    sources = (
        _rel_tag(layout), _in_tag_container(layout, region), _after_label(layout, [*ending, *region]),
        _links_below(layout),
    )  # fmt: skip
    return next(filter(None, map(list, sources)), [])


def _rel_tag(layout: Layout) -> Iterator[str]:
    """Links with `rel=tag` alone (`rel="category tag"` is a section), where they are few enough to be one story's."""
    anchors = find_related(layout, "tag", alone=True)
    if len(anchors) <= _MANY:
        yield from (fix_line(text_of(a)) for a in anchors)


def _links_below(layout: Layout) -> Iterator[str]:
    """The first run of short links right below the story, most of them words of the story itself."""
    for block in layout.after_body[:2]:
        texts = block.link_texts
        if texts and block.link_letters >= 0.9 * block.letters and all(len(t) <= 40 for t in texts):
            if len(texts) >= 2 and _count_told(texts, layout) >= max(2, 0.6 * len(texts)):
                yield from texts
            return


def _count_told(terms: tuple[str, ...], layout: Layout) -> int:
    """How many of the terms stand in the story's beginning or its headline."""
    body = "\n".join(layout.page.blocks.blocks[i].text for i in layout.body_indices)
    story = fold(body[:20_000] + (layout.headline.text or ""))
    return sum(_stem(term) in story for term in terms)


def _stem(term: str) -> str:
    """A folded term without its last letters, where languages inflect."""
    folded = fold(term)
    return folded[: max(4, len(folded) - 3)] if folded.isascii() or len(folded) > 6 else folded


def _in_tag_container(layout: Layout, region: list[Block]) -> Iterator[str]:
    """All links of the first container called so that stands in the region."""
    chosen = None
    for block in region:
        around = islice(layout.page.blocks.ancestors(block), 4)
        chosen = next((c for c in around if not TAG_WORDS.isdisjoint(c.words)), None)
        if chosen is not None and _is_list_of_links(layout.page.blocks.blocks[chosen.first : chosen.last]):
            break
        chosen = None
    if chosen is None:
        return
    for block in layout.page.blocks.blocks[chosen.first : chosen.last]:
        if block.link_texts:
            yield from block.link_texts
        elif chosen.last - chosen.first == 1:
            rest = cut_label(block.text, "tags", layout.page.profile)
            if rest or (rest is None and _LIST.search(block.text)):
                yield from _unlinked(rest or block.text, layout)


def _is_list_of_links(within: list[Block]) -> bool:
    letters = sum(b.letters for b in within)
    linked = sum(b.link_letters for b in within)
    return (
        len(within) <= _MANY
        and letters < 1000
        and (linked >= 0.5 * letters or (len(within) == 1 and not linked and letters < 200))
    )


def _after_label(layout: Layout, region: list[Block]) -> Iterator[str]:
    blocks = layout.page.blocks.blocks
    for block in region:
        rest = cut_label(block.text, "tags", layout.page.profile) if block.letters < 300 else None
        if rest is None:
            continue
        if block.link_texts:
            yield from block.link_texts
        elif rest and (_LIST.search(rest) or re.search(r"[:：]", block.text[: len(block.text) - len(rest)])):
            yield from _unlinked(rest, layout)
        elif not rest:
            yield from _following(layout, blocks[block.index + 1 : block.index + 1 + _MANY])
        else:
            continue
        return


def _following(layout: Layout, blocks: list[Block]) -> Iterator[str]:
    """Short blocks after a label that stands alone, as long as they are links; or one line of plain words."""
    if blocks and not blocks[0].links and blocks[0].letters < 200 and cut_label(blocks[0].text, "tags") is None:
        yield from _unlinked(blocks[0].text, layout)
        return
    group = blocks[0].container if blocks else -1
    for block in blocks:
        if not layout.page.blocks.are_alike(block.container, group):
            return
        if (
            not block.link_texts
            or block.link_letters < 0.6 * block.letters
            or block.letters > 200
            or block.tag in ("h2", "h3", "h4")
        ):
            return
        yield from block.link_texts


def _unlinked(line: str, layout: Layout) -> list[str]:
    parts = [p for p in _LIST.split(line) if p]
    if len(parts) > 1:
        return parts
    text = "\n".join(layout.page.blocks.blocks[i].text for i in layout.body_indices)
    return split_tag_line(line, f"{layout.headline.text or ''}\n{text}")


def split_tag_line(line: str, story: str) -> list[str]:
    """Tags on a line with no separator: the longest run of words that stands in the story is one, else each word is."""
    terms = fix_line(line).split(" ")
    folded_story = f" {fold(story)} "
    tags, start = [], 0
    while start < len(terms):
        length = next(
            (
                n
                for n in range(min(6, len(terms) - start), 1, -1)
                if f" {fold(' '.join(terms[start : start + n]))} " in folded_story
            ),
            1,
        )
        tags.append(" ".join(terms[start : start + length]))
        start += length
    return tags
