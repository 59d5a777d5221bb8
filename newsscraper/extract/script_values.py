"""Every value that a page's scripts hold, assign or push: `__NEXT_DATA__`, `self.__next_f`, Nuxt, Apollo and others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from newsscraper.extract.script_literals import fix_escapes, read_call, read_literal

_PUSH = re.compile(r"__next_f(?:\s*\|\|\s*\[\s*\]\s*\))?\s*\.push\(\s*(?=\[)")
_PARSE_CALL = re.compile(
    r"JSON\.parse\(\s*(?P<encoded>decodeURIComponent\(\s*)?(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", re.DOTALL
)
_ASSIGNED = re.compile(
    r"(?:^|[;\s])(?:window\.|self\.|globalThis\.|var |let |const )?[\w$.\[\]\"']{2,60}\s*=\s*"
    r"(?:(?=[{\[])|(?P<call>(?=\(?\s*function\s*\())|(?P<quoted>(?=[\"'][{\[]|[\"']%7B)))"
)
_ROW = re.compile(r"(?:^|\n)[0-9a-f]{1,6}:")
_MAX_ASSIGNED = 40
"""Assignments looked at in one script."""
_MAX_LITERALS = 8
"""Of these, those that are not JSON: each costs a reading of its own."""
_TEXT_ROW = re.compile(r"T([0-9a-f]{1,6}),")
_WRAPPERS = frozenset("Reactive ShallowReactive Ref ShallowRef EmptyRef EmptyShallowRef Set NuxtError Date".split())
_DEEPEST = 60


def script_values(root: etree._Element) -> Iterator[Any]:
    """Every JSON value that the page's scripts hold or assign."""
    pushed: list[str] = []
    for script in root.iter("script"):
        source = script.text or ""
        kind = (script.get("type") or "").lower()
        if len(source) < 200 or "ld+json" in kind:
            continue
        if "json" in kind:
            yield from map(_unflattened, _decoded(source))
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
    for match in _PARSE_CALL.finditer(source):
        text = _string(match["text"])
        yield from _decoded(unquote(text) if match["encoded"] else text)
    position = literals = 0
    for _ in range(_MAX_ASSIGNED):
        assigned = _ASSIGNED.search(source, position)
        if not assigned:
            return
        start = assigned.end()
        position = start + 1
        try:
            if assigned["quoted"] is not None:
                value, position = _quoted(source, start)
            elif assigned["call"] is not None:
                value, position = read_call(source, start)
            else:
                value, position = _read(source, start, literals=literals < _MAX_LITERALS)
            yield value
        except (ValueError, RecursionError):
            literals += 1


def _read(source: str, start: int, *, literals: bool) -> tuple[Any, int]:
    """JSON, or what JavaScript takes for it where that may be tried."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(source, start)
    except ValueError:
        if not literals:
            raise
    return read_literal(source, start)


def _quoted(source: str, start: int) -> tuple[Any, int]:
    """JSON inside a string, escaped for a script or for a URL."""
    text, end = read_literal(source, start)
    return json.loads(unquote(text) if text.startswith("%7B") else text, strict=False), end


def _string(literal: str) -> str:
    """The text of a JavaScript string."""
    return fix_escapes(literal[1:-1])


def _unflattened(value: Any) -> Any:
    """A payload written flat, `[["Reactive",1],{"title":2},"Ferry"]`, as the tree that it stands for; others as is.

    Nuxt 3 and SvelteKit write a list of all values, in which every part of an object or a list is the index of one.
    """
    if not (isinstance(value, list) and len(value) > 2 and isinstance(value[0], dict | list) and _is_flat(value[0])):
        return value
    return _resolved(value, 0, {}, 0)


def _is_flat(first: Any) -> bool:
    parts = first.values() if isinstance(first, dict) else first[1:]
    return bool(parts) and all(type(part) is int for part in parts)


def _resolved(values: list[Any], index: Any, known: dict[int, Any], depth: int) -> Any:
    if type(index) is not int or not 0 <= index < len(values) or depth > _DEEPEST:
        return None
    if index in known:
        return known[index]
    value = values[index]
    known[index] = None
    if isinstance(value, dict):
        known[index] = {key: _resolved(values, part, known, depth + 1) for key, part in value.items()}
    elif isinstance(value, list) and value and isinstance(value[0], str):
        inner = value[1] if len(value) > 1 and value[0] in _WRAPPERS else None
        known[index] = inner if isinstance(inner, str) else _resolved(values, inner, known, depth + 1)
    elif isinstance(value, list):
        known[index] = [_resolved(values, part, known, depth + 1) for part in value]
    else:
        known[index] = value
    return known[index]


def _pushed(source: str) -> Iterator[str]:
    """The strings of `self.__next_f.push([1, "..."])`, and of the same on `(self.__next_f = self.__next_f || [])`."""
    decoder = json.JSONDecoder(strict=False)
    for match in _PUSH.finditer(source):
        try:
            value, _ = decoder.raw_decode(source, match.end())
        except (ValueError, RecursionError):
            continue
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
