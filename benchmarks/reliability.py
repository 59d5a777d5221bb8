"""Is the confidence what it says? Of the bodies that are said to be right with 80%, 80% should be."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from benchmarks.metrics import harmonic_mean
from benchmarks.scoring import Score

RIGHT = 0.95
"""F1 from which a body is right, with or without the lead, as truths differ."""
BINS = 10
WIDTH = 40


class Bin(NamedTuple):
    """The pages whose confidence lies between two tenths."""

    low: float
    high: float
    pages: int
    confidence: float
    """Mean of what was said."""
    right: float
    """Share of the bodies that are right."""


def is_body_right(score: Score) -> bool | None:
    """None where the page has no true body."""
    if score.with_lead is None or score.without_lead is None:
        return None
    return any(harmonic_mean(o.precision, o.recall) >= RIGHT for o in (score.with_lead, score.without_lead))


def make_bins(scores: Sequence[Score]) -> list[Bin]:
    """Bins with pages in them, from unsure to sure."""
    known = [
        (said, float(right))
        for score in scores
        if (said := score.run.prediction.confidence) is not None and (right := is_body_right(score)) is not None
    ]
    bins = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        within = [(said, right) for said, right in known if low <= said < high or (said == 1.0 and number == BINS - 1)]
        if within:
            means = (fmean(said for said, _ in within), fmean(right for _, right in within))
            bins.append(Bin(low, high, len(within), *means))
    return bins


def expected_error(bins: Sequence[Bin]) -> float:
    """Mean distance between what was said and what was so, each page alike (ECE)."""
    pages = sum(one.pages for one in bins)
    return sum(one.pages * abs(one.confidence - one.right) for one in bins) / pages if pages else 0.0


def format_bins(bins: Sequence[Bin]) -> str:
    """A reliability diagram in letters: `#` what was right, `|` where it should have been."""
    if not bins:
        return "No page with a true body and a confidence: no reliability diagram."
    lines = [f"\nConfidence that the body is right (F1 of {RIGHT} or more), all sets; | is where # should end"]
    for one in bins:
        bar = ["#" if place < round(one.right * WIDTH) else " " for place in range(WIDTH + 1)]
        bar[round(one.confidence * WIDTH)] = "|"
        numbers = f"{one.pages:>5} pages, said {one.confidence:.2f}, right {one.right:.2f}"
        lines.append(f"  {one.low:.1f} to {one.high:.1f}  {''.join(bar)}  {numbers}")
    return "\n".join([*lines, f"  expected calibration error {expected_error(bins):.3f}"])
