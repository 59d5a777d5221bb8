"""Printed bylines: names that the page marks, labels, links to or prints beside its date, near the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree

from newsscraper.extract import page_words as words
from newsscraper.extract.attributes import attribute_words
from newsscraper.extract.blocks import HEADINGS, Block
from newsscraper.extract.fields.names import (
    clean_handles,
    clean_names,
    cut_at_date,
    is_full_name,
    is_name,
    read_byline,
    read_label_inside,
    read_mixed_byline,
)
from newsscraper.extract.labels import cut_label
from newsscraper.extract.layout import Layout
from newsscraper.extract.text import fix_digits, fix_line, fold, has_digit, unique
from newsscraper.extract.tree import text_of

LONGEST = 160
"""Letters of a block that may be a byline."""
_INLINE = ("a", "span", "b", "strong", "em", "i", "cite", "small", "address", "abbr", "font")
NEAR = 4
"""Blocks behind the headline in which a byline stands whatever else is built like it."""
MANY_LINKS = 8
"""Links of a block that may be a byline."""
_MANY_ELEMENTS = 400
"""Inline elements of a container that are looked at."""
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|as|i)?|auteurs?|autore|autori|profiles?|people|person|staff|writers?|contributors?|"
    r"journalists?|journalistes?|reporters?|columnists?|redakteure?|yazar(?:lar)?|penulis|kirjoittaja|skribent|"
    r"author-[\w-]+)/[^/?#]{2,}",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[|•·●⋅,]|\s[-–—]\s")
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./]\d{1,2}[./]\d{2}|\d{1,2}:\d\d")


def find_marked(layout: Layout) -> Iterator[str]:
    """Short blocks in containers called a byline, near the headline, then below the body."""
    for blocks in (layout.around_headline, layout.after_body[:5]):
        found = [block for block in blocks if _is_open(block, layout) and _is_byline(block, layout)]
        if found:
            group = found[0].container
            for block in found[:4]:
                if layout.page.blocks.are_alike(block.container, group):
                    yield from _marked_names(block, layout)
            return


def find_handles(layout: Layout) -> list[str]:
    """What the page marks as an author right around the headline, though it is not written as names are: `jdoe`."""
    for block in layout.around_headline:
        if _is_open(block, layout) and _names_author(block.inline_words):
            for texts in _author_elements(block, layout):
                if handles := clean_handles(texts):
                    return handles[:1]
    return []


def find_linked(layout: Layout) -> Iterator[str]:
    """Names near the headline that link to a page of an author; those of the first block that has any."""
    for block in (*layout.around_headline, *layout.after_body[:4]):
        if not 0 < len(block.link_texts) <= MANY_LINKS or not _is_open(block, layout):
            continue
        texts = {text for text in block.link_texts if is_full_name(text)}
        if not texts:
            continue
        container = layout.page.blocks.containers[block.container].element
        found = [
            text
            for a in islice(container.iter("a"), _MANY_ELEMENTS)
            if _leads_to_author(a.get("href") or "", layout) and (text := fix_line(text_of(a))) in texts
        ]
        if found:
            yield from found
            return


def _leads_to_author(href: str, layout: Layout) -> bool:
    """True where a link stays on the site and its path is one of an author."""
    host = next(iter(layout.page.host_names), "")
    return _AUTHOR_PATH.search(href) is not None and (
        not href.startswith(("http", "//")) or (bool(host) and host in href)
    )


def find_labelled(layout: Layout) -> Iterator[str]:
    """`By Jane Doe`: the first short block that begins with a label of authors and goes on with names.

    The label may stand behind a date or words such as "posted", or in a block of its own before the names.
    """
    profile, blocks = layout.page.profile, layout.page.blocks.blocks
    ending = [blocks[i] for i in layout.body_indices[-2:]]
    for block in (*layout.around_headline, *ending, *layout.after_body[:4]):
        if not _is_open(block, layout) or _is_credit(block.text):
            continue
        names = read_byline(block.text, profile) or read_label_inside(block.text)
        if names is None and layout.start < block.index < len(blocks) - 1 and block.letters < 24:
            following = blocks[block.index + 1]
            if following.letters < 60 and cut_label(block.text, "authors", profile) == "":
                names = cut_at_date(following.text)
        if names and fold(names) not in layout.page.site_names and clean_names([names]):
            yield names
            return


def find_beside_date(layout: Layout) -> Iterator[str]:
    """A full name that a separator parts from a date, right around the headline: `4 March 2024 | Jane Doe`.

    A name on a line of its own counts where a date stands beside it and the page prints it below the story again, as
    in a box on its author.
    """
    blocks = layout.page.blocks.blocks
    near = [
        block
        for block in blocks[max(0, layout.start - 1) : layout.start + 2 * NEAR]
        if block.letters < 80 and block.tag not in HEADINGS and _is_open(block, layout) and not _is_credit(block.text)
    ]
    dated = {b.index for b in near if has_digit(b.text) and _DATED.search(fix_digits(b.text))}
    for block in near:
        if block.index in dated:
            names = read_mixed_byline(block.text, layout.page.profile) if _PARTED.search(block.text) else []
        elif dated.isdisjoint((block.index - 1, block.index + 1, block.index + 2)) or not is_full_name(block.text):
            continue
        else:
            names = [block.text] if any(b.text == block.text for b in blocks[block.index + NEAR :]) else []
        if names:
            yield from names
            return


def _is_open(block: Block, layout: Layout) -> bool:
    """Short, and not of a list of things built alike, unless right below the headline."""
    if block.letters >= LONGEST or block.tag in ("h1", "figcaption"):
        return False
    return not layout.repeated[block.index] or layout.start < block.index <= layout.start + NEAR


def _is_credit(text: str) -> bool:
    """A line on whose picture it is rather than whose story."""
    return text[:14].lower().lstrip("(© ").startswith(words.CREDIT_STARTS)


def _is_byline(block: Block, layout: Layout) -> bool:
    containers = layout.page.blocks.containers
    container = containers[block.container]
    if _names_author(container.words) or _names_author(block.inline_words):
        return True
    parent = containers[container.parent] if container.parent >= 0 else None
    return parent is not None and parent.size <= 4 and _names_author(parent.words)


@lru_cache(maxsize=4096)
def _names_author(called: frozenset[str]) -> bool:
    if not words.AUTHOR.isdisjoint(called):
        return True
    return any(word.startswith(words.AUTHOR_STARTS) and not word.startswith("authori") for word in called)


def _marked_names(block: Block, layout: Layout) -> list[str]:
    """The text of the elements called an author, innermost first; else a byline's links; else its text up to a date."""
    if _names_author(block.inline_words):
        for texts in _author_elements(block, layout):
            if clean_names(texts):
                return texts
    linked = [text for text in block.link_texts if is_name(text)]
    if linked and len(linked) == len(block.link_texts):
        return linked
    inside = read_label_inside(block.text)
    if inside and clean_names([inside]):
        return [inside]
    text = cut_at_date(block.text)
    apart = _full_names_apart(block, layout) if text.count(" ") > 2 else []
    if " ".join(apart) != text and clean_names([text]):
        return [text]
    if apart or not has_digit(block.text):
        return apart
    return read_mixed_byline(block.text, layout.page.profile)


def _full_names_apart(block: Block, layout: Layout) -> list[str]:
    """Full names that stand in inline elements of their own, with nothing between them but a style."""
    container = layout.page.blocks.containers[block.container].element
    texts = [fix_line(text_of(e)) for e in islice(container.iter(*_INLINE), _MANY_ELEMENTS)]
    return unique(text for text in texts if text in block.text and is_full_name(text))


def _author_elements(block: Block, layout: Layout) -> Iterator[list[str]]:
    """Texts of a block's inline elements called an author: of the innermost ones, then of the outermost."""
    container = layout.page.blocks.containers[block.container].element
    line = fix_line(block.text)
    found: list[tuple[etree._Element, str]] = []
    for element in islice(container.iter(*_INLINE), _MANY_ELEMENTS):
        if element.attrib and _names_author(attribute_words(element)):
            text = fix_line(text_of(element))
            if text and text in line:
                found.append((element, text))
    inner = [
        text for i, (e, text) in enumerate(found) if i + 1 == len(found) or e not in found[i + 1][0].iterancestors()
    ]
    yield inner
    yield [cut_at_date(text) for _, text in found[:1]]
