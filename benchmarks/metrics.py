"""What counts as right: pure functions, prediction and truth in, a number between 0 and 1 out.

Body: multisets of 4-word shingles, after the article-extraction benchmark of Zyte. Title, authors, tags: compared after
folding. Date: the same calendar day.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import NamedTuple

SHINGLE = 4
_TOKEN = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")


class Overlap(NamedTuple):
    """How far a predicted text covers the true one, and nothing else."""

    precision: float
    recall: float
    exact: bool


class Snippets(NamedTuple):
    """Counts over the snippets of a page: wanted ones found, forbidden ones found, all wanted ones."""

    hits: int
    leaks: int
    wanted: int


def tokenize(text: str) -> list[str]:
    return _TOKEN.findall(text)


def count_shingles(tokens: Sequence[str]) -> Counter[tuple[str, ...]]:
    """All runs of four tokens; a shorter text is one shingle, an empty one none."""
    if not tokens:
        return Counter()
    last = max(len(tokens) - SHINGLE, 0)
    return Counter(tuple(tokens[i : i + SHINGLE]) for i in range(last + 1))


def measure_overlap(predicted: str, true: str) -> Overlap:
    predicted_tokens, true_tokens = tokenize(predicted), tokenize(true)
    ours, truth = count_shingles(predicted_tokens), count_shingles(true_tokens)
    both = (ours & truth).total()
    precision = both / ours.total() if ours else float(not truth)
    recall = both / truth.total() if truth else float(not ours)
    return Overlap(precision, recall, predicted_tokens == true_tokens)


def harmonic_mean(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def fold(text: str) -> str:
    """NFKC, no format characters (soft hyphens), no case, no punctuation, single spaces."""
    folded = unicodedata.normalize("NFKC", text)
    folded = "".join(c for c in folded if unicodedata.category(c) != "Cf").casefold()
    folded = "".join(c for c in folded if not unicodedata.category(c).startswith("P"))
    return fold_space(folded)


def fold_space(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def same_title(predicted: str | None, true: str) -> bool:
    return fold(predicted or "") == fold(true)


def set_f1(predicted: Iterable[str], true: Iterable[str]) -> float:
    """F1 of two sets of names, folded; names that fold to nothing do not count."""
    ours = {fold(name) for name in predicted} - {""}
    truth = {fold(name) for name in true} - {""}
    if not ours or not truth:
        return float(ours == truth)
    both = len(ours & truth)
    return harmonic_mean(both / len(ours), both / len(truth))


def same_day(predicted: str | None, true: str) -> bool:
    """The same calendar day, as written; or, where both name a zone, in the truth's zone."""
    if not predicted:
        return False
    if predicted[:10] == true[:10]:
        return True
    ours, truth = _parse(predicted), _parse(true)
    if ours is None or truth is None or ours.tzinfo is None or truth.tzinfo is None:
        return False
    return ours.astimezone(truth.tzinfo).date() == truth.date()


def same_day_as_instant(predicted: str | None, true: str) -> bool:
    """The truth is an instant in UTC: a prediction with a zone is read in UTC, one without as it is written."""
    if not predicted:
        return False
    ours = _parse(predicted)
    if ours is None or ours.tzinfo is None:
        return predicted[:10] == true[:10]
    return ours.astimezone(UTC).date().isoformat() == true[:10]


def _parse(date: str) -> datetime | None:
    try:
        return datetime.fromisoformat(date)
    except ValueError:
        return None


def count_snippets(text: str, wanted: Iterable[str], forbidden: Iterable[str]) -> Snippets:
    """White space folded on both sides; nothing else is."""
    page, needles = fold_space(text), [fold_space(s) for s in wanted]
    return Snippets(
        hits=sum(needle in page for needle in needles),
        leaks=sum(fold_space(s) in page for s in forbidden),
        wanted=len(needles),
    )


def holds_opening(text: str, openings: Iterable[str]) -> bool:
    """Every opening stands in the text, in whatever entities the truth spells it."""
    page = fold_space(text)
    return all(fold_space(unescape(opening)) in page for opening in openings)
