"""What in a store could be a story's text: markup, lists of text parts, React paragraphs; and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from newsscraper.extract.store_facts import find_facts
from newsscraper.extract.text import count_letters, fix_paragraph, fix_references

_MARKUP = re.compile(r"<(?:p|br|div|h[2-4]|li)\b", re.IGNORECASE)
_MARKUP_TAGS = re.compile(r"</?(?:p|br|div|h[1-6]|li|ul|ol|td|tr|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]+>")
_TEXT_KEYS = ("text", "content", "html", "value", "body", "children", "paragraph", "data", "rendered", "copy", "raw")
_MAX_NODES = 200_000


@dataclass(slots=True)
class StoredStory:
    """Paragraphs found in a store, and what stands beside them."""

    paragraphs: list[tuple[str, str]]
    """(tag, text or markup)."""
    letters: int
    facts: dict[str, Any] = field(default_factory=dict)
    source: str = "script_state"


def has_markup(text: str) -> bool:
    """True for text with tags of paragraphs, headings or lists."""
    return _MARKUP.search(text) is not None


def drop_tags(text: str, replacement: str = "") -> str:
    """Text without its tags."""
    return _TAGS.sub(replacement, text)


def _flat(text: str) -> str:
    """A paragraph without its tags: those of parts of a sentence leave no gap."""
    return drop_tags(_MARKUP_TAGS.sub(" ", text))


def find_stories(value: Any) -> Iterator[StoredStory]:
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
            if len(node) > 200 and has_markup(node):
                yield StoredStory([("html", node)], count_letters(drop_tags(node)), find_facts(owners))
        elif isinstance(node, dict):
            stack.extend((v, (*owners[-5:], node)) for v in node.values() if isinstance(v, str | dict | list))
        elif isinstance(node, list):
            if _is_react(node):
                paragraphs = _react_paragraphs(node)
            else:
                paragraphs = _listed_paragraphs([_dereferenced(part, root) for part in node])
            letters = sum(count_letters(drop_tags(text) if tag == "html" else text) for tag, text in paragraphs)
            if letters > 200:
                yield StoredStory(paragraphs, letters, find_facts(owners))
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
    """A list of strings, or of parts with a text each, as paragraphs; empty when its entries are other stories."""
    paragraphs = []
    for part in node:
        if (
            isinstance(part, dict)
            and {"url", "link", "href", "slug"} & part.keys()
            and {"title", "headline"} & part.keys()
        ):
            return []
        tag, text = ("p", part) if isinstance(part, str) else _part_text(part)
        if text.count("<p") > 1:
            tag = "html"
        else:
            text = fix_paragraph(fix_references(_flat(text))) if "<" in text else fix_paragraph(text)
        if len(text) > 1 and not text.startswith(("http", "/")):
            paragraphs.append((tag, text))
    prose = sum(
        len(text) for _, text in paragraphs if (len(text) > 60 and " " in text) or count_letters(text) > 1.5 * len(text)
    )
    return paragraphs if prose > 0.7 * sum(len(text) for _, text in paragraphs) else []


def _part_text(part: Any, depth: int = 0) -> tuple[str, str]:
    """(tag, text) of one part of a rich text: `{type: "paragraph", text: ...}`, nested children included."""
    if not isinstance(part, dict) or depth > 12:
        return "p", ""
    kind = str(
        part.get("type") or part.get("__typename") or part.get("nodeType") or part.get("kind") or part.get("name") or ""
    ).lower()
    if re.search(
        r"image|figure|video|embed|\bads?\b|advert|promo|related|newsletter|gallery|interstitial|link_list", kind
    ):
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
