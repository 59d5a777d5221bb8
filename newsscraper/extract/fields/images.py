"""The story's own pictures with their captions."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from newsscraper.extract import page_words as words
from newsscraper.extract.attributes import attribute_words
from newsscraper.extract.fields.identity import resolve_canonical_url
from newsscraper.extract.kinds import CAPTION
from newsscraper.extract.layout import Layout
from newsscraper.extract.page import absolute
from newsscraper.extract.selecting import select_elements
from newsscraper.extract.similar import is_copy
from newsscraper.extract.structured import string_in
from newsscraper.extract.text import fix_line, fold, read_number
from newsscraper.story import Image

_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-url",
    "data-image",
    "data-hi-res-src",
    "data-full-src",
    "data-original-src",
    "data-actualsrc",
    "data-echo",
    "data-lazyload",
    "data-defer-src",
    "data-img-url",
)
_PLACEHOLDER = re.compile(
    r"^data:|blank\.|placeholder|spacer|transparent|1x1|pixel\.|/px\.|lazy\.|loading\.|no[-_]?(?:image|photo|img|foto)\b",
    re.IGNORECASE,
)
_SMALL_FOLDER = re.compile(
    r"/(?:logos?|icons?|avatars?|sprites?|emojis?|badges?|buttons?|ads?|themes?|plugins|banners?|partners|tracking|spinner)/",
    re.IGNORECASE,
)
_SMALL_FILE = re.compile(
    r"(?:^|[_.=-]|(?<=[a-z])(?=[A-Z]))"
    r"(?i:logos?|icons?|avatars?|sprites?|emojis?|badges?|gravatar|buttons?|tracking|tracker|fallback|loader)"
    r"(?=[_.\d-]|$)"
)
_THUMBNAIL = re.compile(r"(?<!\d)\d\dx\d\d(?!\d)")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)$", re.IGNORECASE)
_SLUG = 3
"""Words of a file's name above which it is a headline rather than what the file is: `a-style-icon-at-eighty.jpg`."""
_SIZE = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)[wx]$")
ABOVE_HEADLINE = 3
"""Blocks above the headline in which its own picture may stand."""


def resolve_images(layout: Layout) -> list[Image]:
    """Pictures that stand between headline and the story's end, else the one that the page declares."""
    found: dict[str, Image] = {}
    for element, caption in _selected(layout) or _pictures(layout):
        url = _source(element, layout)
        # A drawing without a caption is an icon nearly always.
        if url and url not in found and (caption or not url.partition("?")[0].endswith(".svg")):
            found[url] = Image(url=url, caption=caption)
    if not found:
        declared, caption = _declared_image(layout)
        url = absolute(
            declared or layout.page.structured.first_meta("og:image", "twitter:image", "og:image:url"),
            layout.page.base_url,
        )
        if url and not _PLACEHOLDER.search(url) and not _is_small(url):
            found[url] = Image(url=url, caption=caption)
    return list(found.values())[:50]


def _selected(layout: Layout) -> list[tuple[etree._Element, str | None]]:
    """The images that the profile's selector finds, or those inside what it finds."""
    found = select_elements(layout.page, "images")
    images = [image for element in found for image in element.iter("img", "amp-img")]
    return [(image, _caption(image)) for image in images]


def _declared_image(layout: Layout) -> tuple[str | None, str | None]:
    """JSON-LD's image and its caption: a URL, an object with one, or a reference to another node of the page."""
    image = layout.page.structured.story.get("image")
    image = image[0] if isinstance(image, list) and image else image
    if isinstance(image, dict) and set(image) == {"@id"}:
        image = next((n for n in layout.page.structured.of_type("ImageObject") if n.get("@id") == image["@id"]), None)
    caption = string_in(image.get("caption")) if isinstance(image, dict) else None
    return string_in(image, "url", "contentUrl", "src", "href"), caption


def _pictures(layout: Layout) -> list[tuple[etree._Element, str | None]]:
    """Images from shortly above the headline to the story's end, outside furniture, each with its caption."""
    if not layout.body_indices:
        return []
    teasers, comments = layout.page.teasers, layout.page.comments
    title = fold(layout.headline.text or "")
    end = layout.end
    while end < len(layout.labels) and layout.labels[end].kind == CAPTION and not layout.teasers[end]:
        end += 1
    containers = layout.page.blocks.containers
    last_part = layout.page.blocks.blocks[end - 1].container
    last_parts = {last_part, containers[last_part].parent}
    pictures: list[tuple[etree._Element, str | None]] = []
    for picture in layout.page.blocks.pictures:
        if not layout.start - ABOVE_HEADLINE <= picture.index <= end:
            continue
        if picture.index == end and picture.container not in last_parts:
            continue
        if teasers[picture.container] or comments[picture.container] or _in_furniture(picture.element):
            continue
        if _leads_elsewhere(picture.element, layout):
            continue
        caption = _caption(picture.element)
        pictures.append((picture.element, None if caption and is_copy(fold(caption), title) else caption))
    return pictures


def _leads_elsewhere(element: etree._Element, layout: Layout) -> bool:
    """True for a picture that is a link to another page: another story's, unless it has a caption that is none."""
    link = next(islice(element.iterancestors("a"), 1), None)
    target = absolute(link.get("href"), layout.page.base_url) if link is not None else None
    own = layout.page.url or resolve_canonical_url(layout.page)
    if not target or not own:
        return False
    path, own_path = target.partition("?")[0].rstrip("/"), own.partition("?")[0].rstrip("/")
    if _PICTURE_FILE.search(path) or path.startswith(own_path):
        return False
    figure = next(element.iterancestors("figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    return caption is None or caption.find(".//a") is not None or next(caption.iterancestors("a"), None) is not None


def _in_furniture(element: etree._Element) -> bool:
    parent = element.getparent()
    for _ in range(6):
        if parent is None or parent.tag in ("article", "main", "body"):
            return False
        if parent.tag in ("aside", "nav", "footer") or attribute_words(parent) & words.PICTURES_OF_OTHERS:
            return True
        parent = parent.getparent()
    return False


def _caption(element: etree._Element) -> str | None:
    """The caption in the smallest part around a picture that has one: by tag, by name, or repeating its `alt`."""
    alternative = fold(element.get("alt") or "")
    parent = element.getparent()
    for _ in range(5):
        if parent is None or len(list(islice(parent.iter("p", "img", "amp-img", "h1"), 5))) > 4:
            return None
        for node in parent.iter():
            if not isinstance(node.tag, str) or node is element:
                continue
            named = (
                node.tag == "figcaption" or node.get("itemprop") == "caption" or attribute_words(node) & words.CAPTION
            )
            if named or (len(alternative) > 12 and node.text and fold(node.text) == alternative):
                text = _without_credit(node)
                if text:
                    return text
        parent = parent.getparent()
    return None


def _without_credit(node: etree._Element) -> str:
    """A caption's text without the parts that are called a credit."""
    pieces: list[str] = []
    stack: list[tuple[etree._Element, bool]] = [(node, True)]
    while stack:
        element, entering = stack.pop()
        if entering:
            credit = element is not node and bool(attribute_words(element) & words.CREDIT)
            if not credit:
                pieces.append(element.text or "")
            stack.append((element, False))
            if not credit:
                stack.extend((child, True) for child in reversed(element))
        elif element is not node:
            pieces.append(element.tail or "")
    return fix_line(" ".join(pieces))


def _source(element: etree._Element, layout: Layout) -> str | None:
    """The picture's URL: the largest of `srcset`, else `src`, lazy attributes where that is a placeholder."""
    srcset = element.get("srcset") or element.get("data-srcset") or element.get("data-lazy-srcset")
    candidates = [_largest(srcset), element.get("src"), *(element.get(name) for name in _LAZY)]
    picture = next(
        element.iterancestors("picture"), None
    )  # not always the parent: the parser nests what follows <source>
    if not srcset and picture is not None:
        srcset = next((s.get("srcset") or s.get("data-srcset") for s in picture.iter("source")), None)
        candidates.append(_largest(srcset))
    for candidate in candidates:
        if candidate and not _PLACEHOLDER.search(candidate) and not _is_small(candidate) and not _is_tiny(element):
            return absolute(candidate, layout.page.base_url)
    return None


def _is_small(url: str) -> bool:
    """True where the address names a part of the template: a logo, an icon, a face."""
    folder, _, file = url.partition("?")[0].rpartition("/")
    if _SMALL_FOLDER.search(f"/{folder}/") or "gravatar." in folder:
        return True
    if _THUMBNAIL.search(file):
        return True
    return file.count("-") + file.count("_") < _SLUG and _SMALL_FILE.search(file) is not None


def _largest(srcset: str | None) -> str | None:
    """The candidate of a `srcset` that is widest or densest, the last of those without a size."""
    if not srcset:
        return None
    found: list[tuple[float, str]] = []
    for token in srcset.replace(", ", " ").split():
        before, comma, after = token.partition(",")
        size = _SIZE.match(before)
        if size and found:
            found[-1] = (float(size[1]), found[-1][1])
            if comma and after:
                found.append((0.0, after))
        else:
            found.append((0.0, token.rstrip(",")))
    return max(reversed(found), key=lambda each: each[0])[1] if found else None


def _is_tiny(element: etree._Element) -> bool:
    return any(size is not None and size < 60 for size in map(read_number, map(element.get, ("width", "height"))))
