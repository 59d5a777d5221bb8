"""One walk over the tree that yields the page's text blocks and the containers they stand in.

Every `<br>` ends a block, since old pages set date, headline and paragraphs apart by it. Lines that are only wrapped
are put together again by `wrapped`; lines that belong together, when the body is assembled.
"""

from __future__ import annotations

from lxml import etree

from newsscraper.extract.attributes import attribute_words, is_hidden
from newsscraper.extract.blocks import Block, Blocks, Container, Picture
from newsscraper.extract.text import count_letters, fix_paragraph
from newsscraper.extract.wrapped import join_wrapped

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q ruby rb rtc s samp "
    "small span "
    "strike strong sub sup time tt u var wbr blink amp-fit-text gu-island o:p st1:place st1:city".split()
)
SKIPPED = frozenset(
    "script style template noscript svg math iframe object embed canvas audio video select option optgroup "
    "datalist textarea "
    "input head title map area link meta base param source track picture img amp-img rp rt frameset frame applet "
    "amp-ad amp-analytics amp-state amp-iframe amp-social-share amp-sidebar amp-consent".split()
)
"""Elements without text of the page's own. Pictures are found apart from the walk."""
OFTEN_UNCLOSED = frozenset("svg object video audio picture select canvas embed map noscript".split())
"""Elements that swallow the page where their end tag is missing: skipped only while no paragraph stands in them."""

_EMPHASIS = frozenset(("b", "strong", "em", "i", "u", "big"))
_TYPED_INTO = frozenset(("text", "email", "search", "tel", "password"))
_APART = frozenset("span a time label small cite abbr data".split())
_RUNNING = frozenset("p li blockquote h1 h2 h3 h4 h5 h6 dd figcaption pre".split())
"""Containers whose inline elements are parts of sentences, words even, rather than things beside each other."""


def find_blocks(root: etree._Element, *, with_hidden: bool = False) -> Blocks:
    """The blocks under `root`, in document order; hidden ones only if asked for."""
    return _Walk(with_hidden).run(root)


class _Walk:
    """The state of one walk: the text gathered for the block that is open."""

    def __init__(self, with_hidden: bool) -> None:
        self.with_hidden = with_hidden
        self.found = Blocks()
        self.pieces: list[str] = []
        self.link_letters = self.links = self.plain_letters = self.breaks = self.gap = 0
        self.link_depth = self.emphasis_depth = 0
        self.started_at_break = False
        self.inline_words: set[str] = set()
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
            if not entering:
                self.leave(tag)
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
                self.inline_words.update(attribute_words(element))
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
        """Parts inline siblings without a space between them that a style sheet shows apart: a date and a code.

        In running text only lower case followed by upper case says so, since word processors cut words into such
        elements.
        """
        before = element.getprevious()
        if before is None or before.tail or before.tag not in _APART or tag not in _APART or not self.pieces:
            return
        last, text = self.pieces[-1][-1:], element.text or ""
        running = self.container >= 0 and self.found.containers[self.container].tag in _RUNNING
        if last.islower() and text[:1].isupper() if running else not last.isspace():
            self.pieces.append(" ")

    def leave(self, tag: str) -> None:
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
        self.inline_words = set()

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
                inline_words=frozenset(self.inline_words),
                times=tuple(self.times),
                link_texts=tuple(self.link_texts),
            )
        )
        self.times, self.link_texts = [], []
