"""Text that lives in script state: `__NEXT_DATA__`, `self.__next_f`, Apollo and other stores, and JSON-LD's articleBody.

A second source of blocks for pages whose tree holds little more than a headline. What is found is laid out as a plain tree
(`<h1>`, `<p>`), so that everything after it is as for any page.
"""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from newsscraper.extract.assemble import assemble_body
from newsscraper.extract.blocks import find_blocks
from newsscraper.extract.layout import Layout
from newsscraper.extract.page import Page
from newsscraper.extract.similar import contained, overlap_folded
from newsscraper.extract.text import count_letters, fix_paragraph, fold
from newsscraper.extract.tree import parse

ENOUGH_IN_TREE = 900
"""Letters of body in the tree above which no other source is looked at."""
MIN_GAIN = 2.0
"""How many times the tree's text another source must hold."""

_PUSH = re.compile(r"self\.__next_f\.push\(\s*(\[.*\])\s*\)", re.DOTALL)
_PARSE_CALL = re.compile(r"JSON\.parse\(\s*(\"(?:[^\"\\]|\\.)*\")", re.DOTALL)
_ASSIGNED = re.compile(r"(?:^|[;\s])(?:window\.|self\.|globalThis\.|var |let |const )?[\w$.\[\]\"']{2,60}\s*=\s*(?=[{\[])")
_ROW = re.compile(r"(?:^|\n)[0-9a-f]{1,6}:")
_TEXT_ROW = re.compile(r"T([0-9a-f]{1,6}),")
_MARKUP = re.compile(r"<(?:p|br|div|h[2-4]|li)\b", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]+>")
_TEXT_KEYS = ("text", "content", "html", "value", "body", "children", "paragraph", "data", "rendered", "copy", "raw")
_HEADLINE_KEYS = ("headline", "title", "name", "hed")
_LEAD_KEYS = ("standfirst", "subtitle", "subheadline", "dek", "lead", "intro", "chapo", "summary", "excerpt", "abstract")
_DATE_KEYS = ("datepublished", "publishedat", "published_at", "publisheddate", "publishdate", "publishedtime", "firstpublished", "firstpublishedat", "publicationdate", "published", "pubdate", "display_date", "date", "createdat")  # fmt: skip
_AUTHOR_KEYS = ("authors", "author", "byline", "bylines", "credits")
_TAG_KEYS = ("keywords", "tags", "topics")
_MAX_NODES = 200_000


@dataclass(slots=True)
class _Story:
    """Paragraphs found in a store, and what stands beside them."""

    paragraphs: list[tuple[str, str]]
    """(tag, text or markup)."""
    letters: int
    facts: dict[str, Any] = field(default_factory=dict)
    source: str = "script_state"


def with_script_state(layout: Layout, lay_out: Callable[[Page], Layout]) -> Layout:
    """The layout given, or that of the page's script state where the text lives there."""
    page = layout.page
    in_tree = assemble_body(page.blocks, layout.labels)
    letters = count_letters(in_tree)
    if letters >= ENOUGH_IN_TREE:
        return layout
    found = [story for story in _find_stories(page) if story.letters > max(MIN_GAIN * letters, 200)]
    title = fold(layout.headline.text or "")
    fitting = [story for story in found if _belongs(story, title, fold(in_tree[:2000]))]
    if not fitting:
        return layout
    best = max(fitting, key=lambda s: s.letters)
    return lay_out(_as_page(page, best, layout.headline.text))


def _belongs(story: _Story, title: str, in_tree: str) -> bool:
    """The story in the store is the page's: it has the page's headline, or the text that the tree shows."""
    if story.source == "json_ld":
        return True
    headline = fold(str(story.facts.get("headline") or ""))
    if title and headline and overlap_folded(title, headline) > 0.5:
        return True
    text = fold(" ".join(_TAGS.sub(" ", t) for _, t in story.paragraphs)[:20_000])
    if len(in_tree) > 60 and contained(in_tree, text) > 0.85:
        return True
    return not title or (not headline and contained(title, text) > 0.6)


def _as_page(page: Page, story: _Story, title: str | None) -> Page:
    """A page with the same head, whose body is the story found."""
    headline = title or str(story.facts.get("headline") or "")
    body = "".join(text if tag == "html" else f"<{tag}>{html.escape(text, quote=False)}</{tag}>" for tag, text in story.paragraphs)
    lead = story.facts.get("lead")
    standfirst = f'<p class="standfirst">{html.escape(_TAGS.sub("", lead))}</p>' if isinstance(lead, str) else ""
    root = parse(f"<html><body><article><h1>{html.escape(headline)}</h1>{standfirst}<div>{body}</div></article></body></html>")
    told = {key: value for key, value in story.facts.items() if key != "lead"}
    if str(told.get("identifier")) not in (page.url or ""):
        told.pop("identifier", None)
    facts = {key: value for key, value in told.items() if value and not page.structured.story.get(key)}
    structured = dataclasses.replace(page.structured, story={**page.structured.story, **facts})
    shell = _with_head(root, page)
    notes = [*page.notes, f"the text was read from {story.source.replace('_', ' ')}"]
    return Page(shell, page.decoded, find_blocks(shell), structured, page.url, page.profile, page.fetched_at, story.source, notes)


def _with_head(root: etree._Element, page: Page) -> etree._Element:
    """The new tree under the old root's attributes, with a copy of its `<title>`."""
    for name, value in page.root.attrib.items():
        root.set(name, value)
    head = etree.Element("head")
    etree.SubElement(head, "title").text = page.document_title
    root.insert(0, head)
    return root


def _find_stories(page: Page) -> Iterator[_Story]:
    for value in _script_values(page.root):
        yield from _stories_in(value)
    body = page.structured.story.get("articleBody")
    if isinstance(body, str) and len(body) > 200 and not body.rstrip().endswith(("...", "…")):
        text = html.unescape(body)
        if _MARKUP.search(text):
            yield _Story([("html", text)], count_letters(_TAGS.sub("", text)), {}, "json_ld")
        else:
            paragraphs = [("p", line.strip()) for line in text.splitlines() if line.strip()]
            yield _Story(paragraphs, count_letters(text), {}, "json_ld")


def _script_values(root: etree._Element) -> Iterator[Any]:
    """Every JSON value that the page's scripts hold or assign."""
    pushed: list[str] = []
    for script in root.iter("script"):
        source = script.text or ""
        kind = (script.get("type") or "").lower()
        if len(source) < 200 or "ld+json" in kind:
            continue
        if "json" in kind:
            yield from _decoded(source)
        elif "__next_f" in source:
            pushed += _pushed(source)
        else:
            yield from _assigned(source)
    if pushed:
        yield from _rows("".join(pushed))


def _decoded(source: str) -> Iterator[Any]:
    try:
        yield json.loads(source, strict=False)
    except (ValueError, RecursionError):
        return


def _assigned(source: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    for match in _PARSE_CALL.finditer(source):
        for text in _decoded(match[1]):
            if isinstance(text, str):
                yield from _decoded(text)
    position = 0
    for _ in range(40):
        match = _ASSIGNED.search(source, position)
        if not match:
            return
        try:
            value, position = decoder.raw_decode(source, match.end())
            yield value
        except (ValueError, RecursionError):
            position = match.end() + 1


def _pushed(source: str) -> Iterator[str]:
    for match in _PUSH.finditer(source):
        for value in _decoded(match[1]):
            if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
                yield value[1]


def _rows(stream: str) -> Iterator[Any]:
    """The rows of a React server stream: `id:json`, or `id:Tlength,text` with the length in bytes, hexadecimal."""
    decoder = json.JSONDecoder(strict=False)
    for match in _ROW.finditer(stream):
        start = match.end()
        text_row = _TEXT_ROW.match(stream, start)
        if text_row:
            data = stream[text_row.end() : text_row.end() + int(text_row[1], 16)].encode()[: int(text_row[1], 16)]
            yield {"content": data.decode("utf-8", "ignore")}
        elif stream[start : start + 1] in ("[", "{"):
            try:
                yield decoder.raw_decode(stream, start)[0]
            except (ValueError, RecursionError):
                continue


def _stories_in(value: Any) -> Iterator[_Story]:
    """Every markup string, list of text parts or run of React paragraphs in a store that could be a story's text.

    Walked with a stack; `owners` are the objects around a value, innermost last, where headline and date stand.
    """
    root = value if isinstance(value, dict) else {}
    stack: list[tuple[Any, tuple[dict[str, Any], ...]]] = [(value, ())]
    for _ in range(_MAX_NODES):
        if not stack:
            return
        node, owners = stack.pop()
        if isinstance(node, str):
            if len(node) > 200 and _MARKUP.search(node):
                yield _Story([("html", node)], count_letters(_TAGS.sub("", node)), _facts(owners))
        elif isinstance(node, dict):
            stack.extend((v, (*owners[-5:], node)) for v in node.values() if isinstance(v, str | dict | list))
        elif isinstance(node, list):
            paragraphs = _react_paragraphs(node) if _is_react(node) else _listed_paragraphs([_dereferenced(part, root) for part in node])
            letters = sum(count_letters(text) for _, text in paragraphs)
            if letters > 200:
                yield _Story(paragraphs, letters, _facts(owners))
            stack.extend((v, owners) for v in node if isinstance(v, str | dict | list))


def _dereferenced(part: Any, root: dict[str, Any]) -> Any:
    """What a normalised store's `{"__ref": "Block:0"}`, or `{"type": "id", "id": "Block:0"}`, stands for."""
    if isinstance(part, dict) and len(part) <= 4:
        key = part.get("__ref") or (part.get("id") if part.get("type") == "id" else None)
        if isinstance(key, str) and isinstance(root.get(key), dict):
            return root[key]
    return part


def _is_react(node: list[Any]) -> bool:
    return len(node) >= 4 and node[0] == "$" and isinstance(node[1], str) and isinstance(node[3], dict)


def _react_paragraphs(node: list[Any]) -> list[tuple[str, str]]:
    """The paragraphs and headings in a React element, in order."""
    paragraphs: list[tuple[str, str]] = []
    stack: list[Any] = [node]
    for _ in range(20_000):
        if not stack:
            break
        one = stack.pop()
        if not isinstance(one, list):
            continue
        if not _is_react(one):
            stack.extend(reversed(one))
        elif one[1] in ("p", "h2", "h3", "h4", "li", "blockquote"):
            text = fix_paragraph(_react_text(one[3].get("children")))
            if text:
                paragraphs.append((one[1], text))
        else:
            stack.append(one[3].get("children"))
    return paragraphs


def _react_text(children: Any, depth: int = 0) -> str:
    if isinstance(children, str):
        return "" if children.startswith("$") else children
    if depth > 30 or not isinstance(children, list):
        return ""
    if _is_react(children):
        return _react_text(children[3].get("children"), depth + 1)
    return "".join(_react_text(child, depth + 1) for child in children)


def _listed_paragraphs(node: list[Any]) -> list[tuple[str, str]]:
    """A list of strings, or of parts with a text each, as paragraphs; empty when its entries are stories of their own."""
    paragraphs = []
    for part in node:
        if isinstance(part, dict) and {"url", "link", "href", "slug"} & part.keys() and {"title", "headline"} & part.keys():
            return []
        tag, text = ("p", part) if isinstance(part, str) else _part_text(part)
        text = fix_paragraph(html.unescape(_TAGS.sub(" ", text))) if "<" in text else fix_paragraph(text)
        if len(text) > 1 and not text.startswith(("http", "/")):
            paragraphs.append((tag, text))
    prose = sum(len(text) for _, text in paragraphs if len(text) > 60 and " " in text or count_letters(text) > 1.5 * len(text))
    return paragraphs if prose > 0.7 * sum(len(text) for _, text in paragraphs) else []


def _part_text(part: Any, depth: int = 0) -> tuple[str, str]:
    """(tag, text) of one part of a rich text: `{type: "paragraph", text: ...}`, nested children included."""
    if not isinstance(part, dict) or depth > 12:
        return "p", ""
    kind = str(part.get("type") or part.get("__typename") or part.get("nodeType") or part.get("kind") or part.get("name") or "").lower()
    if re.search(r"image|figure|video|embed|\bads?\b|advert|promo|related|newsletter|gallery|interstitial|link_list", kind):
        return "p", ""
    tag = "h2" if re.search(r"head|title|h[2-4]\b", kind) else "blockquote" if "quote" in kind else "p"
    for key in _TEXT_KEYS:
        value = part.get(key)
        if isinstance(value, str) and value.strip():
            return tag, value
        if isinstance(value, dict):
            text = _part_text(value, depth + 1)[1]
            if text:
                return tag, text
        if isinstance(value, list):
            text = "".join(v if isinstance(v, str) else _part_text(v, depth + 1)[1] for v in value)
            if text.strip():
                return tag, text
    return tag, ""


_FACTS = {
    "headline": _HEADLINE_KEYS,
    "lead": _LEAD_KEYS,
    "datePublished": _DATE_KEYS,
    "dateModified": ("datemodified", "modifiedat", "modified_at", "updatedat", "updated_at", "lastmodified", "lastupdated", "modified", "updated", "modifieddate", "updateddate"),
    "author": _AUTHOR_KEYS,
    "keywords": _TAG_KEYS,
    "articleSection": ("section", "sections", "category", "categories", "channel", "rubric"),
    "identifier": ("storycode", "newsid", "storyid", "articleid", "code", "id"),
    "image": ("image", "leadimage", "heroimage", "mainimage", "featuredimage", "promoimage"),
}  # fmt: skip
"""JSON-LD's names for what stores hold under many."""


def _facts(owners: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """Headline, dates, authors and so on that stand beside the text, the nearest object that has a headline last; JSON-LD's names."""
    facts: dict[str, Any] = {}
    for owner in reversed(owners):
        lowered = {key.lower(): value for key, value in owner.items()}
        for name, keys in _FACTS.items():
            value = next((lowered[k] for k in keys if lowered.get(k)), None)
            if name not in facts and value is not None and not isinstance(value, bool):
                facts[name] = _plain_fact(value)
        if "headline" in facts:
            return facts
    return {}


def _plain_fact(value: Any) -> Any:
    """A value as JSON-LD would have it: numbers as text, `{default: ...}` and its like unwrapped."""
    if isinstance(value, dict):
        return value.get("default") or value.get("basic") or value.get("rendered") or value
    return str(value) if isinstance(value, int | float) else value
