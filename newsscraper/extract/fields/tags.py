"""The story's own keywords: declared, or printed in its tag list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsscraper.extract.blocks import Block
from newsscraper.extract.labels import HOME_WORDS, cut_label
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate, Resolved
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import strings_in
from newsscraper.extract.text import fix_line, fold, unique

TAG_WORDS = frozenset("tag tags taglist keyword keywords topic topics hashtag hashtags etiquetas temas themen schlagworte".split())
_LIST = re.compile(r"\s*[,;،؛|、，；•·#]\s*|\s+/\s+")
_ID_LIKE = re.compile(r"^[\w-]*[:=_/][\w:=/-]*$|^\d+$|^https?:")
_MAX_TAG = 60
_MANY = 40


def resolve_tags(layout: Layout) -> Resolved[list[str]]:
    """The first source that yields any: selector, JSON-LD, article tags, the printed list, then the meta keywords."""
    candidates = [Candidate(source, tags) for source, texts in _sources(layout) if (tags := clean_tags(texts, layout))]
    return Resolved(candidates[0].value, candidates[0].source, candidates) if candidates else Resolved(None)


def _sources(layout: Layout) -> Iterator[tuple[str, list[str]]]:
    structured = layout.page.structured
    yield "profile selector", select_texts(layout.page, "tags")
    keywords = structured.story.get("keywords")
    yield "json-ld keywords", _split(strings_in(keywords, "name", "termCode"), isinstance(keywords, list))
    yield "meta article:tag", _split(structured.all_meta("article:tag", "og:article:tag", "video:tag"), True)
    yield "meta news_keywords", _split(structured.all_meta("news_keywords"), False)
    yield "printed list", list(_printed(layout))
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
        if folded and len(tag) <= _MAX_TAG and folded not in site and folded not in HOME_WORDS and not _ID_LIKE.match(tag):
            kept.append(tag)
    return unique(kept)[:_MANY]


def _printed(layout: Layout) -> Iterator[str]:
    """Links with rel=tag, links in a container called tags, else what follows a label; below or above the story."""
    region = [*layout.after_body, *layout.around_headline]
    for finder in (_in_tag_container, _after_label):
        found = list(finder(layout, region))
        if found:
            yield from found
            return


def _in_tag_container(layout: Layout, region: list[Block]) -> Iterator[str]:
    """All links of the first container called so that stands in the region."""
    chosen = None
    for block in region:
        chosen = next((c for c in list(layout.page.blocks.ancestors(block))[:4] if c.words & TAG_WORDS), None)
        if chosen is not None and chosen.last - chosen.first <= _MANY:
            break
        chosen = None
    if chosen is None:
        return
    for block in layout.page.blocks.blocks[chosen.first : chosen.last]:
        if block.link_texts:
            yield from block.link_texts
        elif chosen.last - chosen.first == 1:
            yield from _unlinked(block.text, layout)


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
            yield from _following(layout, blocks[block.index + 1 : block.index + 1 + _MANY], block)
        else:
            continue
        return


def _following(layout: Layout, blocks: list[Block], label: Block) -> Iterator[str]:
    """Short blocks after a label that stands alone, as long as they are links; or one line of plain words."""
    if blocks and not blocks[0].links and blocks[0].letters < 200 and cut_label(blocks[0].text, "tags") is None:
        yield from _unlinked(blocks[0].text, layout)
        return
    for block in blocks:
        if not block.link_texts or block.link_letters < 0.6 * block.letters or block.letters > 200 or block.tag in ("h2", "h3", "h4"):
            return
        if block.index - label.index > 1 and layout.repeated[block.index] != layout.repeated[label.index + 1]:
            return
        yield from block.link_texts


def _unlinked(line: str, layout: Layout) -> list[str]:
    parts = [p for p in _LIST.split(line) if p]
    if len(parts) > 1:
        return parts
    text = "\n".join(layout.page.blocks.blocks[i].text for i in layout.body_indices)
    return split_tag_line(line, f"{layout.headline.text or ''}\n{text}")


def split_tag_line(line: str, story: str) -> list[str]:
    """Tags on one line with no separator: the longest run of words that stands as such in the story is one tag, else each word is."""
    terms = fix_line(line).split(" ")
    folded_story = f" {fold(story)} "
    tags, start = [], 0
    while start < len(terms):
        length = next(
            (n for n in range(min(6, len(terms) - start), 1, -1) if f" {fold(' '.join(terms[start : start + n]))} " in folded_story), 1
        )
        tags.append(" ".join(terms[start : start + length]))
        start += length
    return tags
