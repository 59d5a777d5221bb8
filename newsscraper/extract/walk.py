"""One walk over the tree that yields the page's text blocks and the containers they stand in.

Every `<br>` ends a block, since old pages set date, headline and paragraphs apart by it. Lines that are only wrapped
are put together again by `wrapped`; lines that belong together, when the body is assembled.
"""

from __future__ import annotations

from lxml import etree

from newsscraper.extract.attributes import attribute_words, read_attributes
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
_MARKING = _EMPHASIS | {"a"}
"""Inline elements whose end matters."""
_NO_WORDS: frozenset[str] = frozenset()
_RUNNING = frozenset("p li blockquote h1 h2 h3 h4 h5 h6 dd figcaption pre".split())
"""Containers whose inline elements are parts of sentences, words even, rather than things beside each other."""


def find_blocks(root: etree._Element, *, with_hidden: bool = False) -> Blocks:
    """The blocks under `root`, in document order; hidden ones only if asked for."""
    return _Walk(with_hidden).run(root)


class _Walk:
    """The state of one walk: the text gathered for the block that is open."""

    __slots__ = (
        "breaks", "container", "containers", "emphasis_depth", "found", "gap", "inline_words", "is_fresh", "link_depth",
        "link_letters", "link_ranges", "link_start", "links", "pieces", "plain", "preformatted", "started_at_break",
        "times", "with_hidden",
    )  # fmt: skip

    def __init__(self, with_hidden: bool) -> None:
        self.with_hidden = with_hidden
        self.found = Blocks()
        self.containers = self.found.containers
        self.pieces: list[str] = []
        self.link_letters = self.links = self.breaks = self.gap = 0
        self.link_depth = self.emphasis_depth = self.preformatted = 0
        self.plain = self.started_at_break = False
        self.is_fresh = True
        """Nothing has come since the last block was closed."""
        self.inline_words: list[frozenset[str]] = []
        self.times: list[str] = []
        self.link_ranges: list[tuple[int, int]] = []
        """Which of the pieces are a link's."""
        self.link_start = 0
        self.container = -1

    def run(self, root: etree._Element) -> Blocks:
        """Walks without recursion, so that depth costs nothing."""
        pieces, enter, enter_inline = self.pieces, self.enter, self.enter_inline
        left_out: etree._Element | None = None
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            tag = element.tag
            if event == "start":
                if not (enter_inline(element, tag) if tag in INLINE else enter(element, tag)):
                    left_out = element
                    steps.skip_subtree()
                    continue
                text = element.text
            else:
                if element is left_out:
                    left_out = None
                elif tag not in INLINE:
                    self.leave()
                elif tag in _MARKING:
                    self.leave_mark(tag)
                text = element.tail if element is not root else None
            if not text:
                continue
            if not text.isspace():
                self.add(text)
            elif pieces:
                pieces.append(" ")
        self.flush()
        return join_wrapped(self.found)

    def enter(self, element: etree._Element, tag: str) -> bool:
        """A block-level element begins; False where it is left out."""
        if tag in SKIPPED or tag == "br":
            if self.skip(element, tag):
                return False
            words, hidden = attribute_words(element), False
        else:
            words, hidden = read_attributes(element)
        if hidden and not self.with_hidden:
            self.found.hidden += 1
            return False
        if not self.is_fresh:
            self.flush()
        if tag == "pre":
            self.preformatted += 1
        containers, parent = self.containers, self.container
        depth = containers[parent].depth + 1 if parent >= 0 else 0
        index, first = len(containers), len(self.found.blocks)
        containers.append(Container(index, parent, element, tag, words, depth, first, first))
        self.container = index
        return True

    def skip(self, element: etree._Element, tag: str) -> bool:
        """True for a line break or an element without text of its own; notes what that tells by being there."""
        if tag == "br":
            self.break_line()
        elif tag == "noscript":
            self.found.hidden += not self.with_hidden
            return not self.with_hidden
        elif tag in OFTEN_UNCLOSED and next(element.iter("p"), None) is not None:
            return False
        elif tag in ("img", "amp-img", "picture"):
            self.add_picture(element, tag)
        elif tag in ("input", "textarea") and self.container >= 0:
            self.containers[self.container].fields += (element.get("type") or "text").lower() in _TYPED_INTO
        elif tag in ("iframe", "video", "audio", "object", "embed"):
            self.flush()
        return True

    def add_picture(self, element: etree._Element, tag: str) -> None:
        image = next(element.iter("img"), None) if tag == "picture" else element
        if image is not None:
            open_text = any(not piece.isspace() for piece in self.pieces)
            self.found.pictures.append(Picture(image, len(self.found.blocks) + open_text, self.container))

    def enter_inline(self, element: etree._Element, tag: str) -> bool:
        """An inline element begins; False where it is left out."""
        words, hidden = read_attributes(element)
        if hidden and not self.with_hidden:
            self.found.hidden += 1
            return False
        self.is_fresh = False
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
        if words:
            self.inline_words.append(words)
        if tag in _APART and self.pieces:
            self.part_from_sibling(element)
        return True

    def part_from_sibling(self, element: etree._Element) -> None:
        """Parts inline siblings without a space between them that a style sheet shows apart: a date and a code.

        In running text only lower case followed by upper case says so, since word processors cut words into such
        elements.
        """
        last = self.pieces[-1][-1:]
        if last.isspace():
            return
        before = element.getprevious()
        if before is None or before.tail or before.tag not in _APART:
            return
        running = self.container >= 0 and self.containers[self.container].tag in _RUNNING
        if not running or (last.islower() and (element.text or "")[:1].isupper()):
            self.pieces.append(" ")

    def leave_mark(self, tag: str) -> None:
        """A link ends, or emphasis."""
        self.is_fresh = False
        if tag == "a":
            self.link_depth -= 1
            self.link_ranges.append((self.link_start, len(self.pieces)))
        else:
            self.emphasis_depth -= 1

    def leave(self) -> None:
        """A block-level element ends."""
        if not self.is_fresh:
            self.flush()
        container = self.containers[self.container]
        container.last = len(self.found.blocks)
        self.container = container.parent
        if container.tag == "pre":
            self.preformatted -= 1

    def break_line(self) -> None:
        breaks = self.breaks + 1
        self.flush(at_break=True)
        self.breaks = breaks
        self.is_fresh = False

    def add(self, text: str) -> None:
        """Text that is more than white space."""
        self.is_fresh = False
        if self.breaks:
            self.gap, self.breaks = self.breaks, 0
        if not self.preformatted:
            text = text.replace("\n", " ").replace("\r", " ")
        self.pieces.append(text)
        if self.link_depth:
            self.link_letters += count_letters(text.strip())
        if not self.emphasis_depth:
            self.plain = True

    def flush(self, *, at_break: bool = False) -> None:
        """Closes the open block, if it has any text."""
        pieces = self.pieces
        if pieces:
            text = fix_paragraph(pieces[0] if len(pieces) == 1 else "".join(pieces))
            if text:
                if self.link_depth:
                    self.link_ranges.append((self.link_start, len(pieces)))
                self.append(text, at_break)
            pieces.clear()
            self.link_start = 0
        if self.link_ranges:
            self.link_ranges = []
        self.started_at_break = at_break
        self.plain = False
        self.link_letters = self.breaks = self.gap = 0
        self.links = 1 if self.link_depth else 0
        if self.inline_words:
            self.inline_words = []
        self.is_fresh = True

    def link_texts(self, text: str) -> tuple[str, ...]:
        """What the links of the open block say; most are all of its text."""
        pieces, whole = self.pieces, (0, len(self.pieces))
        texts = [
            text if ends == whole else fix_paragraph("".join(pieces[ends[0] : ends[1]])) for ends in self.link_ranges
        ]
        return tuple([each for each in texts if each])

    def append(self, text: str, at_break: bool) -> None:
        blocks = self.found.blocks
        tag = self.containers[self.container].tag if self.container >= 0 else "body"
        letters = count_letters(text)
        blocks.append(
            Block(
                len(blocks),
                text,
                self.container,
                tag,
                letters,
                min(self.link_letters, letters),
                self.links,
                not self.plain,
                at_break or self.started_at_break,
                self.gap == 1 and bool(blocks) and blocks[-1].container == self.container,
                _NO_WORDS.union(*self.inline_words) if self.inline_words else _NO_WORDS,
                tuple(self.times),
                self.link_texts(text) if self.link_ranges else (),
            )
        )
        if self.times:
            self.times = []
