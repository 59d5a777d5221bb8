"""How alike two short texts are."""

from __future__ import annotations

from collections import Counter


def units(folded: str) -> Counter[str]:
    """What to compare folded texts by: words, and pairs of characters where a script writes no spaces."""
    words = folded.split()
    if words and len(folded) / len(words) > 14:
        return Counter(folded[i : i + 2] for i in range(len(folded) - 1))
    return Counter(words)


def count_units(folded: str) -> int:
    """How many `units` a folded text has."""
    words = folded.count(" ") + 1 if folded else 0
    return len(folded) - 1 if words and len(folded) / words > 14 else words


def overlap_folded(a: str, b: str) -> float:
    """Dice coefficient over `units`, 0 to 1, of two folded texts."""
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    first, second = units(a), units(b)
    return 2 * (first & second).total() / (first.total() + second.total())


def contained(part: str, whole: str) -> float:
    """Share of the units of `part` that stand in `whole`, both folded, 0 to 1."""
    units_of_part = units(part)
    total = units_of_part.total()
    if not total:
        return 0.0
    return (units_of_part & units(whole)).total() / total


def is_copy(text: str, of: str) -> bool:
    """True when folded `text` is folded `of`, or its beginning, cut after twelve characters or more."""
    if not text or not of:
        return False
    return (
        text == of
        or (len(text) >= 12 and of.startswith(text))
        or (len(of) >= 12 and text.startswith(of) and len(text) < len(of) * 1.15)
    )
