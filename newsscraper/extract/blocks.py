"""One walk over the tree that yields the page's text blocks and the containers they stand in.

A block is a run of inline text between block boundaries; every `<br>` is one, since old pages set date, headline and paragraphs
apart by it. Lines that are only wrapped are put together again here, lines that belong together when the body is assembled.
Containers are the block-level elements, in
document order; each covers a contiguous range of blocks, so that whatever is summed over blocks is, for any container, one
difference of cumulative sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from newsscraper.extract.text import count_letters, fix_paragraph

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rb rtc s samp small span "
    "strike strong sub sup time tt u var wbr blink amp-fit-text gu-island o:p st1:place st1:city".split()
)
SKIPPED = frozenset(
    "script style template noscript svg math iframe object embed canvas audio video select option optgroup datalist textarea "
    "input head title map area link meta base param source track picture img amp-img rp rt frameset frame applet "
    "amp-ad amp-analytics amp-state amp-iframe amp-social-share amp-sidebar amp-consent".split()
)
"""Elements without text of the page's own. Pictures are found apart from the walk."""
OFTEN_UNCLOSED = frozenset("svg object video audio picture select canvas embed map noscript".split())
"""Elements that swallow the page where their end tag is missing: skipped only while no paragraph stands in them."""

_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}(?![a-z])|[a-z]+")
_EMPHASIS = frozenset(("b", "strong", "em", "i", "u", "big"))


@dataclass(slots=True)
class Container:
    """A block-level element. `first` and `last` bound its blocks, `last` exclusive."""

    index: int
    parent: int
    """Index of the enclosing container, -1 for the root."""
    element: etree._Element
    tag: str
    words: frozenset[str]
    """Words of its class, id, role, itemprop and data-component attributes, lower case."""
    depth: int
    first: int = 0
    last: int = 0
    fields: int = 0
    """Text fields to fill in that stand in it directly: newsletter boxes, comment forms, searches."""


@dataclass(slots=True)
class Block:
    """A run of inline text."""

    index: int
    text: str
    """Cleaned by `fix_paragraph`; single line breaks kept."""
    container: int
    """Index of the innermost container."""
    tag: str
    """Tag of that container: p, h2, li, td, figcaption, div, ..."""
    letters: int
    """Length, an ideograph counted as 2.5."""
    link_letters: int
    """How much of that stands in links."""
    links: int
    emphasis: bool
    """All of it is bold or italic."""
    broken: bool
    """Begins or ends at a `<br>` rather than at an element's edge."""
    follows: bool = False
    """A single `<br>` parts it from the block before."""
    inline_words: frozenset[str] = frozenset()
    """Class words of the inline elements in it."""
    times: tuple[str, ...] = ()
    """`datetime` attributes of the `<time>` elements in it."""
    link_texts: tuple[str, ...] = ()
    """Texts of its links."""


@dataclass(slots=True)
class Picture:
    """An image element and its place among the blocks."""

    element: etree._Element
    index: int
    """Index of the block that follows it."""
    container: int


@dataclass(slots=True)
class Blocks:
    """The walk's yield. Iterating gives the blocks."""

    blocks: list[Block] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    hidden: int = 0
    """Elements left out because the page hides them."""

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)

    def ancestors(self, block: Block) -> Iterator[Container]:
        """The containers of a block, innermost first."""
        index = block.container
        while index >= 0:
            container = self.containers[index]
            yield container
            index = container.parent


def find_blocks(root: etree._Element, *, with_hidden: bool = False) -> Blocks:
    """The blocks under `root`, in document order; hidden ones only if asked for."""
    return _Walk(with_hidden).run(root)


@lru_cache(maxsize=20_000)
def split_words(names: str) -> frozenset[str]:
    """The words in class names: `story-body__text promoBox` gives story, body, text, promo, box."""
    return frozenset(word.lower() for word in _WORD.findall(names))


def attribute_words(element: etree._Element) -> frozenset[str]:
    """`split_words` over the attributes that name an element's role."""
    get = element.attrib.get
    names = " ".join(
        filter(
            None,
            (get("class"), get("id"), get("role"), get("itemprop"), get("data-component"), get("data-testid"), get("rel")),
        )
    )
    return split_words(names) if names else frozenset()


def is_hidden(element: etree._Element) -> bool:
    """True when the page itself hides the element: `hidden`, `display:none`, a tooltip, screen-reader-only text."""
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    style = attributes.get("style")
    if style and _HIDING_STYLE.search(style):
        return True
    if attributes.get("role") == "tooltip" or attributes.get("type") == "hidden":
        return True
    names = attributes.get("class")
    return bool(names) and not _READER_ONLY.isdisjoint(names.lower().split())


_READER_ONLY = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader screenreader screen-reader-only element-invisible "
    "u-visually-hidden is-visually-hidden assistive-text a11y-hidden offscreen off-screen d-none tooltip-text tooltiptext".split()
)


_TYPED_INTO = frozenset(("text", "email", "search", "tel", "password"))
_APART = frozenset("span a time label small cite abbr data".split())
_RUNNING = frozenset("p li blockquote h1 h2 h3 h4 h5 h6 dd figcaption pre".split())
"""Containers whose inline elements are parts of sentences, words even, rather than things beside each other."""


class _Walk:
    """The state of one walk: the text gathered for the block that is open."""

    def __init__(self, with_hidden: bool) -> None:
        self.with_hidden = with_hidden
        self.found = Blocks()
        self.pieces: list[str] = []
        self.link_letters = self.links = self.plain_letters = self.breaks = self.gap = 0
        self.link_depth = self.emphasis_depth = 0
        self.started_at_break = False
        self.inline_words: frozenset[str] = frozenset()
        self.times: list[str] = []
        self.link_texts: list[str] = []
        self.link_start = 0
        self.container = -1
        self.preformatted = 0

    def run(self, root: etree._Element) -> Blocks:
        """Walks without recursion, so that depth costs nothing."""
        stack: list[tuple[etree._Element, bool]] = [(root, True)]
        while stack:
            element, entering = stack.pop()
            tag = element.tag
            if not isinstance(tag, str):
                if entering:
                    self.add(element.tail)
                continue
            if not entering:
                self.leave(element, tag)
                self.add(element.tail if element is not root else None)
            elif tag == "br":
                self.break_line()
                self.add(element.tail)
            elif self.is_left_out(element, tag):
                self.skip(element, tag)
            else:
                self.enter(element, tag)
                stack.append((element, False))
                self.add(element.text)
                stack.extend((child, True) for child in reversed(element))
        self.flush()
        return join_wrapped(self.found)

    def is_left_out(self, element: etree._Element, tag: str) -> bool:
        """Hidden, or an element without text of its own."""
        if tag in SKIPPED:
            if tag == "noscript":
                return not self.with_hidden
            return tag not in OFTEN_UNCLOSED or element.find(".//p") is None
        return not self.with_hidden and is_hidden(element)

    def skip(self, element: etree._Element, tag: str) -> None:
        """Leaves an element out, but for what it tells by being there."""
        if tag not in SKIPPED or tag == "noscript":
            self.found.hidden += 1
        elif tag in ("img", "amp-img", "picture"):
            open_text = any(not piece.isspace() for piece in self.pieces)
            image = element.find(".//img") if tag == "picture" else element
            if image is not None:
                self.found.pictures.append(Picture(image, len(self.found.blocks) + open_text, self.container))
        elif tag in ("input", "textarea") and self.container >= 0:
            self.found.containers[self.container].fields += (element.get("type") or "text").lower() in _TYPED_INTO
        elif tag in ("iframe", "video", "audio", "object", "embed"):
            self.flush()
        self.add(element.tail)

    def enter(self, element: etree._Element, tag: str) -> None:
        if tag in INLINE:
            if tag == "a":
                self.link_depth += 1
                self.links += 1
                self.link_start = len(self.pieces)
            elif tag in _EMPHASIS:
                self.emphasis_depth += 1
            elif tag == "time" and element.get("datetime"):
                self.times.append(element.get("datetime", ""))
            elif tag == "abbr" and (element.get("title") or " ")[0].isdecimal():
                self.times.append(element.get("title", ""))
            if element.attrib:
                self.inline_words |= attribute_words(element)
            self.part_from_sibling(element, tag)
            return
        self.flush()
        if tag == "pre":
            self.preformatted += 1
        containers = self.found.containers
        depth = containers[self.container].depth + 1 if self.container >= 0 else 0
        index = len(containers)
        first = len(self.found.blocks)
        containers.append(Container(index, self.container, element, tag, attribute_words(element), depth, first, first))
        self.container = index

    def part_from_sibling(self, element: etree._Element, tag: str) -> None:
        """Inline siblings without a space between them that a style sheet shows apart: a date and a code, a kicker and its headline.

        In running text only lower case followed by upper case says so, since word processors cut words into such elements.
        """
        before = element.getprevious()
        if before is None or before.tail or before.tag not in _APART or tag not in _APART or not self.pieces:
            return
        last, text = self.pieces[-1][-1:], element.text or ""
        running = self.container >= 0 and self.found.containers[self.container].tag in _RUNNING
        if last.islower() and text[:1].isupper() if running else not last.isspace():
            self.pieces.append(" ")

    def leave(self, element: etree._Element, tag: str) -> None:
        if tag in INLINE:
            if tag == "a":
                self.link_depth -= 1
                self.close_link()
            elif tag in _EMPHASIS:
                self.emphasis_depth -= 1
            return
        self.flush()
        if tag == "pre":
            self.preformatted -= 1
        container = self.found.containers[self.container]
        container.last = len(self.found.blocks)
        self.container = container.parent

    def close_link(self) -> None:
        text = fix_paragraph("".join(self.pieces[self.link_start :]))
        if text:
            self.link_texts.append(text)

    def break_line(self) -> None:
        breaks = self.breaks + 1
        self.flush(at_break=True)
        self.breaks = breaks

    def add(self, text: str | None) -> None:
        if not text:
            return
        if text.isspace():
            self.pieces.append(" ")
            return
        if self.breaks:
            self.gap, self.breaks = self.breaks, 0
        if not self.preformatted and ("\n" in text or "\r" in text):
            text = text.replace("\n", " ").replace("\r", " ")
        self.pieces.append(text)
        if self.link_depth:
            self.link_letters += count_letters(text.strip())
        if not self.emphasis_depth:
            self.plain_letters += len(text.strip())

    def flush(self, *, at_break: bool = False) -> None:
        """Closes the open block, if it has any text."""
        if self.pieces:
            text = fix_paragraph("".join(self.pieces))
            if text:
                if self.link_depth:
                    self.close_link()
                self.append(text, at_break)
            self.pieces = []
            self.link_start = 0
        self.started_at_break = at_break
        self.link_letters = self.plain_letters = self.breaks = self.gap = 0
        self.links = 1 if self.link_depth else 0
        self.inline_words = frozenset()

    def append(self, text: str, at_break: bool) -> None:
        blocks = self.found.blocks
        tag = self.found.containers[self.container].tag if self.container >= 0 else "body"
        letters = count_letters(text)
        blocks.append(
            Block(
                index=len(blocks),
                text=text,
                container=self.container,
                tag=tag,
                letters=letters,
                link_letters=min(self.link_letters, letters),
                links=self.links,
                emphasis=self.plain_letters == 0,
                broken=at_break or self.started_at_break,
                follows=self.gap == 1 and bool(blocks) and blocks[-1].container == self.container,
                inline_words=self.inline_words,
                times=tuple(self.times),
                link_texts=tuple(self.link_texts),
            )
        )
        self.times, self.link_texts = [], []


WRAPPED = range(35, 125)
"""Letters of a line in text that was wrapped by hand or by a mail program."""


def join_wrapped(found: Blocks) -> Blocks:
    """Runs of lines parted by single `<br>` that are one text wrapped at a width: joined to one block each."""
    merged: list[Block] = []
    new_index: list[int] = []
    for run in _runs(found.blocks):
        if _is_wrapped(run):
            new_index += [len(merged)] * len(run)
            merged.append(_joined(run))
        else:
            for block in run:
                new_index.append(len(merged))
                merged.append(block)
    if len(merged) == len(found.blocks):
        return found
    new_index.append(len(merged))
    for index, block in enumerate(merged):
        block.index = index
    for container in found.containers:
        container.first, container.last = new_index[container.first], new_index[container.last]
    for picture in found.pictures:
        picture.index = new_index[min(picture.index, len(new_index) - 1)]
    found.blocks = merged
    return found


def _runs(blocks: list[Block]) -> Iterator[list[Block]]:
    run: list[Block] = []
    for block in blocks:
        if run and not block.follows:
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _is_wrapped(run: list[Block]) -> bool:
    """Four lines or more, nearly all of one width, and few of them ending where a sentence does."""
    if len(run) < 4:
        return False
    inner = run[:-1]
    of_width = sum(b.letters in WRAPPED for b in inner)
    ended = sum(b.text[-1:] in ".!?…。！？؟۔»”\"" for b in inner)
    widest = max(b.letters for b in inner)
    wide = sum(b.letters > 0.6 * widest for b in inner)
    return of_width >= 0.9 * len(inner) and wide >= 0.75 * len(inner) and ended <= 0.35 * len(inner)


def _joined(run: list[Block]) -> Block:
    first = run[0]
    first.text = " ".join(b.text for b in run)
    first.letters = sum(b.letters for b in run) + len(run) - 1
    first.link_letters = sum(b.link_letters for b in run)
    first.links = sum(b.links for b in run)
    first.emphasis = all(b.emphasis for b in run)
    first.times = tuple(t for b in run for t in b.times)
    first.link_texts = tuple(t for b in run for t in b.link_texts)
    return first
