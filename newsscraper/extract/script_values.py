"""Every JSON value that a page's scripts hold, assign or push: `__NEXT_DATA__`, `self.__next_f`, Apollo and others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

_PUSH = re.compile(r"__next_f(?:\s*\|\|\s*\[\s*\]\s*\))?\s*\.push\(\s*(?=\[)")
_PARSE_CALL = re.compile(r"JSON\.parse\(\s*(\"(?:[^\"\\]|\\.)*\")", re.DOTALL)
_ASSIGNED = re.compile(
    r"(?:^|[;\s])(?:window\.|self\.|globalThis\.|var |let |const )?[\w$.\[\]\"']{2,60}\s*=\s*(?=[{\[])"
)
_ROW = re.compile(r"(?:^|\n)[0-9a-f]{1,6}:")
_MAX_ASSIGNED = 40
"""Assignments looked at in one script."""
_TEXT_ROW = re.compile(r"T([0-9a-f]{1,6}),")


def script_values(root: etree._Element) -> Iterator[Any]:
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
    for _ in range(_MAX_ASSIGNED):
        assigned = _ASSIGNED.search(source, position)
        if not assigned:
            return
        try:
            value, position = decoder.raw_decode(source, assigned.end())
            yield value
        except (ValueError, RecursionError):
            position = assigned.end() + 1


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
