"""What a page says of itself to machines: JSON-LD, microdata, OpenGraph and meta tags, link relations.

Read from the parsed tree; JSON-LD is read as leniently as it is written in the wild.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from newsscraper.extract.text import fix_line, fix_references
from newsscraper.extract.tree import Elements, text_of

Node = dict[str, Any]

STORY_TYPES = frozenset(
    "Article NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle OpinionNewsArticle "
    "ReportageNewsArticle "
    "ReviewNewsArticle AdvertiserContentArticle Report BlogPosting LiveBlogPosting SocialMediaPosting ScholarlyArticle "
    "TechArticle MedicalScholarlyArticle SatiricalArticle Review CreativeWork Recipe HowTo".split()
)
MEDIA_TYPES = frozenset("VideoObject AudioObject PodcastEpisode ImageGallery MediaGallery NewsVideo TVEpisode".split())

_CONTROL = re.compile(r"[\x00-\x1f]")
_COMMENT_EDGES = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|"
    r"\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_RAW_NEWLINE = re.compile(r"[\r\n\t]+")
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Structured:
    """The machine-readable part of a page."""

    story: Node
    """The JSON-LD node that is the story's; empty when there is none."""
    nodes: list[Node]
    """All JSON-LD nodes, flattened, document order."""
    meta: dict[str, list[str]]
    """`<meta>` by lower-case name, property, http-equiv or itemprop; non-empty contents in document order."""
    itemprops: dict[str, list[etree._Element]]
    """Microdata elements by property."""
    links: dict[str, list[etree._Element]]
    """`<link rel>` elements by relation."""
    broken: int = 0
    """JSON-LD scripts that could not be read at all."""

    def first_meta(self, *names: str) -> str | None:
        """The first non-empty content of the first of these names that the page has."""
        return next((value for name in names for value in self.meta.get(name, ())), None)

    def all_meta(self, *names: str) -> list[str]:
        """All contents of these names, name by name."""
        return [value for name in names for value in self.meta.get(name, ())]

    def of_type(self, *types: str) -> Iterator[Node]:
        """The JSON-LD nodes of one of these types."""
        return (node for node in self.nodes if not types_of(node).isdisjoint(types))


@dataclass(slots=True)
class _Found:
    nodes: list[Node] = field(default_factory=list)
    broken: int = 0


def read_structured(elements: Elements, url: str | None) -> Structured:
    """What those of a page's elements say that carry data."""
    found = _Found()
    meta: dict[str, list[str]] = {}
    links: dict[str, list[etree._Element]] = {}
    itemprops: dict[str, list[etree._Element]] = {}
    for element in elements.of("meta"):
        _add_meta(element, meta)
    for element in elements.of("link"):
        for relation in (element.get("rel") or "").lower().split():
            links.setdefault(relation, []).append(element)
    for element in elements.of("script"):
        if "ld+json" in (element.get("type") or "").lower():
            _add_json_ld(element.text or "", found)
    for element in elements.itemprops:
        for name in element.get("itemprop", "").split():
            itemprops.setdefault(name, []).append(element)
    return Structured(choose_story(found.nodes, url), found.nodes, meta, itemprops, links, found.broken)


def _add_meta(element: etree._Element, meta: dict[str, list[str]]) -> None:
    get = element.attrib.get
    value = fix_line(get("content") or get("value") or "")
    if not value:
        return
    names = {n.strip().lower() for n in (get("property"), get("name"), get("itemprop"), get("http-equiv")) if n}
    for name in names:
        meta.setdefault(name, []).append(value)


def _add_json_ld(source: str, found: _Found) -> None:
    values = read_json_leniently(source)
    if not values and source.strip():
        found.broken += 1
    for value in values:
        found.nodes.extend(flatten_nodes(value))


def read_json_leniently(source: str) -> list[Any]:
    """The JSON values in a script, mended step by step; empty when nothing helps.

    Steps: as it is; without comment and CDATA edges; entities decoded; white space in strings; trailing commas;
    several values in a row.
    """
    source = source.strip()
    if not source:
        return []
    trimmed = _COMMENT_EDGES.sub("", source).strip().rstrip(";")
    return next(filter(None, map(_decode_all, _mended(trimmed))), [])


def _mended(source: str) -> Iterator[str]:
    """The source, mended a little more each time."""
    yield source
    yield _RAW_NEWLINE.sub(" ", source)
    yield _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", source))
    yield _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", fix_references(source)))


def _decode_all(text: str) -> list[Any]:
    decoder = json.JSONDecoder(strict=False)
    values, position = [], 0
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return []
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return values


def flatten_nodes(value: Any, depth: int = 0) -> Iterator[Node]:
    """All objects with a `@type` in a JSON-LD value: in graphs, in lists, and inside `mainEntity` and its like."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from flatten_nodes(one, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "item", "video"):
            if key in value and isinstance(value[key], dict | list):
                yield from flatten_nodes(value[key], depth + 1)


def types_of(node: Node) -> set[str]:
    """A node's types without their namespace."""
    types = node.get("@type")
    listed = types if isinstance(types, list) else [types]
    return {t.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for t in listed if isinstance(t, str)}


def choose_story(nodes: list[Node], url: str | None) -> Node:
    """The node that is the page's story: an article type with a headline, the one that names this page's URL first."""
    candidates = [
        n for n in nodes if types_of(n) & STORY_TYPES and (n.get("headline") or n.get("name") or n.get("articleBody"))
    ]
    if not candidates:
        candidates = [n for n in nodes if types_of(n) & MEDIA_TYPES and (n.get("headline") or n.get("name"))]
    if not candidates:
        return {}
    return max(candidates, key=lambda n: _rank(n, url))


def _rank(node: Node, url: str | None) -> float:
    page = node.get("mainEntityOfPage")
    claimed = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    path = _path(url) if url else ""
    names_page = bool(path) and any(isinstance(c, str) and _path(c) == path for c in claimed)
    generic = types_of(node) <= {"CreativeWork", "Review", "Article"} and len(node) < 4
    return 4 * names_page + 2 * ("headline" in node) + ("datePublished" in node) + ("articleBody" in node) - 2 * generic


def _path(url: str) -> str:
    return re.sub(r"^[a-z]+://[^/]+|[?#].*$", "", url, flags=re.IGNORECASE).rstrip("/").lower()


def itemprop_text(element: etree._Element, name: str) -> str:
    """The text of a property inside a microdata element, or of the element itself where it has no such property."""
    inner = element.find(f".//*[@itemprop='{name}']")
    chosen = element if inner is None else inner
    return fix_line(chosen.get("content") or text_of(chosen))


def strings_in(value: Any, *keys: str) -> list[str]:
    """The text of a JSON-LD value: a string, a number, an object's `name` (or the given keys), or a list of those."""
    if isinstance(value, str):
        text = fix_line(fix_references(value))
        return [text] if text else []
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [str(value)]
    if isinstance(value, dict):
        named = next((value[k] for k in (*keys, "name", "@value") if isinstance(value.get(k), str | list)), None)
        return [fixed for one in _listed(named) if isinstance(one, str) and (fixed := fix_line(fix_references(one)))]
    if isinstance(value, list):
        return [
            text for one in _listed(value) for text in (strings_in(one, *keys) if not isinstance(one, list) else [])
        ]
    return []


def _listed(value: Any) -> list[Any]:
    """A list's first entries, or a list of the value."""
    return value[:200] if isinstance(value, list) else [value]


def string_in(value: Any, *keys: str) -> str | None:
    """The first of `strings_in`."""
    return next(iter(strings_in(value, *keys)), None)
