"""What became of a value, in a few short lines: `- ` what was, `+ ` what is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice, zip_longest
from typing import Any

from newsscraper.extract.joined import split_paragraphs

WIDTH = 240
"""Characters of a value that are shown."""
LINES = 12
"""Of one example."""
_BEFORE = 60
"""Characters shown before the first one that differs."""
_MOST_PARAGRAPHS = 400
"""Compared one by one; what texts beyond have in common at either end is told, and no more."""


def tell_change(name: str, before: Any, after: Any) -> list[str]:
    """What became of the field `name`; nothing where both are the same. At most `LINES` and one more."""
    told = list(islice(_tell(name, before, after), LINES + 1))
    return [*told[:LINES], "…"] if len(told) > LINES else told


def shorten(text: str, start: int = 0) -> str:
    """So much of `text` as is shown, from `start` on, a few characters before it included."""
    start = max(0, start - _BEFORE) if len(text) > WIDTH else 0
    start = min(start, max(0, len(text) - WIDTH))
    return f"{'…' if start else ''}{text[start : start + WIDTH]}{'…' if start + WIDTH < len(text) else ''}"


def _tell(name: str, before: Any, after: Any) -> Iterator[str]:
    if name == "body" and isinstance(before, str) and isinstance(after, str):
        yield from _tell_sequence(split_paragraphs(before), split_paragraphs(after))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _tell_sequence([_show(each) for each in before], [_show(each) for each in after])
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            for line in _tell(key, before.get(key), after.get(key)):
                yield f"{line[:2]}{key}: {line[2:]}"
    elif before != after:
        yield from _tell_pair(_show(before), _show(after))


def _tell_pair(before: str | None, after: str | None) -> Iterator[str]:
    """None where there is nothing to tell."""
    start = _count_common(before or "", after or "")
    if before is not None:
        yield f"- {shorten(before, start)}"
    if after is not None:
        yield f"+ {shorten(after, start)}"


def _tell_sequence(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Paragraphs or members: those that went, those that came, and how many stayed."""
    head = _count_common(before, after)
    tail = min(_count_common(before[::-1], after[::-1]), min(len(before), len(after)) - head)
    if head:
        yield f"= {head:,} the same"
    before, after = before[head : len(before) - tail], after[head : len(after) - tail]
    if max(len(before), len(after)) > _MOST_PARAGRAPHS:
        yield f"- {len(before):,}, of which the first is {shorten(before[0]) if before else 'none'}"
        yield f"+ {len(after):,}, of which the first is {shorten(after[0]) if after else 'none'}"
    else:
        yield from _tell_middle(before, after)
    if tail:
        yield f"= {tail:,} the same"


def _tell_middle(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield f"= {end - start:,} the same"
        for old, new in zip_longest(before[start:end], after[new_start:new_end]) if kind != "equal" else ():
            yield from _tell_pair(old, new)


def _count_common(before: Sequence[str], after: Sequence[str]) -> int:
    for number, (old, new) in enumerate(zip(before, after, strict=False)):
        if old != new:
            return number
    return min(len(before), len(after))


def _show(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
