"""What the classifier sees of a page: numbers for each block, names for each container, and where blocks stand.

Nothing here depends on a publisher: shapes of texts, links, place, repetition, agreement with what the page tells
machines, the words of markup, and those words of short blocks that many sites use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from newsscraper.extract.blocks import Block, Container
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.learned.characters import (
    CASELESS,
    CLASSES,
    CLOSING,
    COLON,
    COMMA,
    DASH,
    DIGIT,
    LOWER,
    OPENING,
    STOP,
    SYMBOL,
    UPPER,
    Characters,
    find_words,
)
from newsscraper.extract.learned.network import Array, Tree
from newsscraper.extract.page import Page
from newsscraper.extract.structured import string_in

SHORT = 300
"""Characters below which a block is compared with the headline, and its words count: notes, labels, calls to act."""
OPENING_WORDS = 40
"""Characters of a block's beginning that are looked for in what the page tells machines."""
ENOUGH = 200
"""Characters from which an `articleBody` is a text to compare with."""

Column = tuple[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Features:
    """One page as the network sees it."""

    dense: Array
    """Blocks x `columns`."""
    columns: tuple[str, ...]
    letters: Array
    tree: Tree
    containers: list[Container]
    blocks: list[Block]
    words: list[set[str]]
    """For each short block its words, in lower case; nothing for a long one."""

    @property
    def share_in_cells(self) -> float:
        """Of the page's letters those that stand right in table cells."""
        cells = sum(block.letters for block in self.blocks if block.tag == "td")
        return float(cells / max(float(self.letters.sum()), 1.0))


def read_features(page: Page, headline: Headline) -> Features:
    """The features of a page with one block at least."""
    blocks, containers = page.blocks.blocks, page.blocks.containers
    letters = np.array([block.letters for block in blocks], np.float32)
    tree = _read_tree(blocks, containers)
    title = (headline.text or "").lower()
    *words, title_words = find_words([*(block.text if len(block.text) < SHORT else "" for block in blocks), title])
    columns = [
        *_text_columns(blocks, letters),
        *_link_columns(blocks, letters),
        *_told_columns(page, title, title_words, words),
        *_place_columns(page, headline, letters),
        *_container_columns(tree, containers),
    ]
    dense = np.stack([column for _, column in columns], axis=1, dtype=np.float32)
    return Features(dense, tuple(name for name, _ in columns), letters, tree, containers, blocks, words)


def _read_tree(blocks: list[Block], containers: list[Container]) -> Tree:
    keys: dict[tuple[int, str, frozenset[str]], int] = {}
    group = [keys.setdefault((c.parent, c.tag, c.words), len(keys)) for c in containers]
    parent = np.array([c.parent for c in containers], np.intp)
    return Tree(
        container=np.array([b.container for b in blocks], np.intp),
        parent=np.maximum(parent, 0),
        first=np.array([c.first for c in containers], np.intp),
        last=np.array([c.last for c in containers], np.intp),
        group=np.array(group, np.intp),
    )


def _text_columns(blocks: list[Block], letters: Array) -> Iterator[Column]:
    """Length, what the text is made of, how it begins and ends."""
    texts = [block.text for block in blocks]
    found = Characters(texts)
    counts, length = found.counts, found.lengths
    cased = np.maximum(counts[:, CASELESS] + counts[:, LOWER] + counts[:, UPPER], 1)
    yield "letters, logarithm", np.log1p(letters) / 6
    for cap in (1000, 200, 60):
        yield f"letters up to {cap}", np.minimum(letters, cap) / cap
    yield "digits", counts[:, DIGIT] / length
    yield "upper case", counts[:, UPPER] / cased
    yield "commas", counts[:, COMMA] / length * 20
    yield "sentence ends", counts[:, STOP] / length * 20
    yield "sentences", np.minimum(found.sentences, 8) / 4
    yield "has a sentence", found.sentences > 0
    yield "number of commas", np.minimum(counts[:, COMMA], 10) / 5
    yield "quotes and brackets", (counts[:, OPENING] + counts[:, CLOSING]) / length * 10
    yield "colons", counts[:, COLON] / length * 10
    yield "dashes", counts[:, DASH] / length * 10
    yield "symbols", counts[:, SYMBOL] / length * 10
    yield "has a digit", counts[:, DIGIT] > 0
    yield "ends in a quoted sentence", (found.last == CLOSING) & (found.before_last == STOP)
    yield "copyright sign", np.array(["©" in text for text in texts])
    yield "address", np.array(["@" in text or "http" in text for text in texts])
    yield "line break", np.array(["\n" in text for text in texts])
    for kind in range(CLASSES):
        yield f"begins with class {kind}", found.first == kind
        yield f"ends with class {kind}", found.last == kind


def _link_columns(blocks: list[Block], letters: Array) -> Iterator[Column]:
    share = np.array([block.link_letters for block in blocks], np.float32) / np.maximum(letters, 1)
    links = np.array([block.links for block in blocks], np.float32)
    yield "in links", share
    yield "all links", share > 0.9
    yield "mostly links", share > 0.5
    yield "links", np.minimum(links, 6) / 3
    yield "has a link", links > 0
    yield "emphasis", np.array([block.emphasis for block in blocks])
    yield "at a line break", np.array([block.broken for block in blocks])
    yield "follows a line break", np.array([block.follows for block in blocks])
    yield "has a time", np.array([bool(block.times) for block in blocks])


def _told_columns(page: Page, title: str, title_words: set[str], words: list[set[str]]) -> Iterator[Column]:
    """Agreement with the headline and with what the page tells machines: its description, its `articleBody`."""
    body = " ".join((string_in(page.structured.story.get("articleBody")) or "").split())
    told = _told_summary(page)
    has_body = len(body) > ENOUGH
    overlap, repeats, summary, in_body = ([0.0] * len(words) for _ in range(4))
    for index, (block, of_block) in enumerate(zip(page.blocks, words, strict=True)):
        text = block.text
        if not title_words.isdisjoint(of_block):
            overlap[index] = len(of_block & title_words) / max(len(of_block), len(title_words))
            lower = text.lower()
            repeats[index] = lower == title or (len(text) > 12 and (lower in title or title in lower))
        if told and len(text) > 30:
            summary[index] = text[:OPENING_WORDS].lower() in told
        if has_body:
            in_body[index] = text[:OPENING_WORDS] in body
    yield "words of the headline", np.array(overlap)
    yield "repeats the headline", np.array(repeats)
    yield "begins the summary", np.array(summary)
    yield "in the articleBody", np.array(in_body)
    yield "there is an articleBody", np.full(len(words), has_body)


def _told_summary(page: Page) -> str:
    structured = page.structured
    told = (
        structured.first_meta("description"),
        structured.first_meta("og:description"),
        string_in(structured.story.get("description")),
    )
    return " ".join(" ".join(text.split()) for text in told if text).lower()


def _place_columns(page: Page, headline: Headline, letters: Array) -> Iterator[Column]:
    """Where the block stands on the page: by count, by letters, and seen from the headline."""
    count = len(page.blocks)
    index = np.arange(count, dtype=np.float32)
    first, last = headline.first, headline.last
    known = first is not None and last is not None
    start, end = (first or 0, last or 0) if known else (-1, -1)
    distance = index - end if known else np.zeros(count, np.float32)
    before = np.cumsum(letters) - letters
    total = max(float(letters.sum()), 1.0)
    yield "above the headline", index < start
    yield "the headline is printed", np.full(count, known)
    yield "the headline", (index >= start) & (index < end)
    for scale in (4, 20, 100):
        yield f"distance to the headline over {scale}", np.tanh(distance / scale)
    yield "place by blocks", index / count
    yield "place by letters", before / total
    yield "blocks on the page", np.full(count, np.log1p(count) / 6)
    yield "letters on the page", np.full(count, np.log1p(total) / 10)
    repeated: dict[str, int] = {}
    for block in page.blocks:
        repeated[block.text] = repeated.get(block.text, 0) + 1
    copies = np.array([repeated[block.text] for block in page.blocks], np.float32)
    yield "printed again", copies > 1
    yield "copies", np.log1p(copies) / 2
    pictures = np.zeros(count + 1, np.float32)
    pictures[[min(picture.index, count) for picture in page.blocks.pictures]] = 1
    yield "a picture before it", pictures[:-1]
    yield "a picture after it", pictures[1:]


def _container_columns(tree: Tree, containers: list[Container]) -> Iterator[Column]:
    """What the container holds, where in it the block stands, and how many are built alike."""
    own, around, further = tree.around(3)
    first, last = tree.first[own], tree.last[own]
    size = last - first
    index = np.arange(len(own))
    depth = np.array([c.depth for c in containers], np.float32)
    fields = np.array([c.fields for c in containers], np.float32)
    sizes = np.bincount(tree.group)
    rank = np.empty(len(containers), np.float32)
    starts = np.cumsum(sizes) - sizes
    rank[np.argsort(tree.group, kind="stable")] = np.arange(len(containers)) - np.repeat(starts, sizes)
    yield "depth", depth[own] / 20
    yield "blocks in the container", np.log1p(size) / 4
    yield "alone in the container", size == 1
    yield "place in the container", (index - first) / size
    yield "first in the container", index == first
    yield "last in the container", index == last - 1
    yield "containers built alike", np.log1p(sizes[tree.group[own]]) / 3
    yield "rank among those", np.log1p(rank[own]) / 3
    yield "containers built like the one around", np.log1p(sizes[tree.group[around]]) / 3
    yield "fields to fill in", np.minimum(fields[own] + fields[around] + fields[further], 2)
