"""Text to tree: one parse with lxml, whose limit on depth costs no text here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from newsscraper.errors import UnreadablePage

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

FLAT_DEPTH = 200
"""Open elements kept on top of each other when a page has to be flattened; libxml2 gives up at 2,048."""

_RAW_TEXT = re.compile(r"<(script|style|template|textarea)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(
    _RAW_TEXT.pattern + r"|<(?P<slash>/?)(?P<name>[a-z][a-z0-9:-]{0,40})(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_BEGINS_BODY = frozenset("article aside details dialog figure footer header main nav search section".split())
"""Elements younger than HTML 4 that stand in a body alone."""
_NOT_COUNTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr "
    "p li dt dd option tr td th tbody html body".split()
)
"""Void elements, and those whose end tag may be left out: counting them would drift."""


@dataclass(frozen=True, slots=True)
class Elements:
    """A tree's elements in document order, found in one pass for all who ask: each pass costs as much as a parse."""

    by_tag: dict[str, list[etree._Element]]
    itemprops: list[etree._Element]
    """Those that have an `itemprop`, the root aside."""

    def of(self, tag: str) -> list[etree._Element]:
        """Those of one tag."""
        return self.by_tag.get(tag, [])


def find_elements(root: etree._Element) -> Elements:
    """All elements of a tree."""
    found = Elements({}, [])
    by_tag, itemprops = found.by_tag, found.itemprops
    for element in root.iter():
        tag = element.tag
        if tag in by_tag:
            by_tag[tag].append(element)
        else:
            by_tag[tag] = [element]
        if element.get("itemprop") and element is not root:
            itemprops.append(element)
    return found


def text_of(element: etree._Element, between: str = "") -> str:
    """All text in an element, its parts joined by `between`."""
    return between.join(str(part) for part in element.itertext())


def parse(text: str) -> etree._Element:
    """The root of a page's tree. Raises `UnreadablePage` where no element comes out."""
    root, too_deep = _parse(text)
    if too_deep:
        root, too_deep = _parse(flatten(text))
    if too_deep:
        root, _ = _parse(_ANY_TAG.sub(" ", _RAW_TEXT.sub(" ", text)))
    if root is None:
        raise UnreadablePage("the page holds no element and no text that a browser would show")
    _begin_body(root)
    return root


def _begin_body(root: etree._Element) -> None:
    """Moves what the parser left in the head into the body.

    Where a page leaves out `<body>`, libxml2 lets it begin at the elements of HTML 4 only, not at an `<article>`.
    """
    head = next(iter(root), None)
    if head is None or head.tag != "head":
        return
    strays = [child for child in head if isinstance(child.tag, str) and child.tag in _BEGINS_BODY]
    if not strays:
        return
    moved = list(head)[head.index(strays[0]) :]
    body = next((child for child in root if child.tag == "body"), None)
    if body is None:
        body = etree.SubElement(root, "body")
    if body.text:
        moved[-1].tail, body.text = f"{moved[-1].tail or ''}{body.text}", None
    body[:0] = moved


def _parse(text: str) -> tuple[etree._Element | None, bool]:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    log = parser.error_log
    too_deep = len(log) > 0 and any(e.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for e in log)
    return root, too_deep


def flatten(text: str) -> str:
    """The page without the tags that would open more than `FLAT_DEPTH` elements inside each other; no text is lost."""
    pieces: list[str] = []
    open_tags: list[bool] = []  # for each open element: was its tag kept?
    depth = position = 0
    for match in _TAG.finditer(text):
        name = (match["name"] or "").lower()
        if not name or name in _NOT_COUNTED:
            continue
        if not match["slash"]:
            keep = depth < FLAT_DEPTH
            open_tags.append(keep)
            depth += keep
        elif open_tags:
            keep = open_tags.pop()
            depth -= keep
        else:
            keep = True
        if not keep:
            pieces += [text[position : match.start()], " "]
            position = match.end()
    pieces.append(text[position:])
    return "".join(pieces)
