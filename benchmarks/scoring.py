"""From predictions to a row of the table: one page scored, then many pages summed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from benchmarks.datasets import LabelledPage
from benchmarks.metrics import (
    Overlap,
    Snippets,
    count_snippets,
    harmonic_mean,
    holds_opening,
    measure_overlap,
    same_day,
    same_day_as_instant,
    same_title,
    set_f1,
)
from benchmarks.rivals import Prediction

FIELDS = ("title", "date", "authors", "tags", "body")
LEAD_CHOICES = ("as-labelled", "in", "out")


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one extractor did with one page."""

    prediction: Prediction
    seconds: float
    error: str | None = None
    """`Class: message` where the extractor raised."""
    refused: bool = False
    """The error is one that the extractor raises on purpose."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """How good a run on a page was; None where the page has no truth for a field."""

    page: LabelledPage
    run: Run
    title: float | None = None
    date: float | None = None
    authors: float | None = None
    tags: float | None = None
    overlap: Overlap | None = None
    snippets: Snippets | None = None
    opening: float | None = None
    with_lead: Overlap | None = None
    without_lead: Overlap | None = None
    """The overlap under either policy, whatever the set's is."""

    def loss(self, field: str) -> float | None:
        """What the page costs on a field of `FIELDS`: 0 none, 1 all; None without truth."""
        value = self._body_value() if field == "body" else getattr(self, field)
        return None if value is None else 1.0 - value

    def _body_value(self) -> float | None:
        if self.overlap is not None:
            return harmonic_mean(self.overlap.precision, self.overlap.recall)
        if self.snippets is not None:
            misses = self.snippets.wanted - self.snippets.hits
            total = self.snippets.hits + misses + self.snippets.leaks
            return self.snippets.hits / total if total else None
        return self.opening


def join_text(prediction: Prediction, lead_in_body: bool) -> str:
    """The predicted text under a set's convention: the body, or lead and body."""
    if lead_in_body and prediction.lead:
        return f"{prediction.lead}\n\n{prediction.body}"
    return prediction.body


def score_page(page: LabelledPage, run: Run, lead: str = LEAD_CHOICES[0]) -> Score:
    """`lead`: one of `LEAD_CHOICES`."""
    convention, prediction = page.convention, run.prediction
    text = join_text(prediction, convention.lead_in_body if lead == "as-labelled" else lead == "in")
    is_same_day = same_day_as_instant if convention.utc_dates else same_day
    return Score(
        page=page,
        run=run,
        title=None if page.title is None else float(same_title(prediction.title, page.title)),
        date=None if page.date is None else float(is_same_day(prediction.date, page.date)),
        authors=None if page.authors is None else set_f1(prediction.authors, page.authors),
        tags=None if page.tags is None else set_f1(prediction.tags, page.tags),
        overlap=None if page.body is None else measure_overlap(text, page.body),
        with_lead=None if page.body is None else measure_overlap(join_text(prediction, lead_in_body=True), page.body),
        without_lead=None if page.body is None else measure_overlap(prediction.body, page.body),
        snippets=count_snippets(text, page.withs, page.withouts) if convention.snippets == "anywhere" else None,
        opening=float(holds_opening(text, page.withs)) if convention.snippets == "opening" and page.withs else None,
    )


def summarize(scores: list[Score]) -> dict[str, Any]:
    """The metrics of a set: means over pages that have a truth, None where none has."""
    precision, recall = _precision_and_recall(scores)
    seconds = sum(score.run.seconds for score in scores)
    return {
        "pages": len(scores),
        "body_f1": None if precision is None or recall is None else harmonic_mean(precision, recall),
        "lead_in_f1": _mean_f1([score.with_lead for score in scores]),
        "lead_out_f1": _mean_f1([score.without_lead for score in scores]),
        "body_precision": precision,
        "body_recall": recall,
        "opening": _mean(score.opening for score in scores),
        "exact": _mean(float(score.overlap.exact) for score in scores if score.overlap),
        "title": _mean(score.title for score in scores),
        "date": _mean(score.date for score in scores),
        "authors": _mean(score.authors for score in scores),
        "tags": _mean(score.tags for score in scores),
        "raised": sum(score.run.error is not None for score in scores),
        "errors": dict(Counter(_name_error(score.run.error) for score in scores if score.run.error).most_common()),
        "pages_per_second": len(scores) / seconds if seconds else None,
    }


def _name_error(error: str) -> str:
    """`NotAStory: listing` of `NotAStory: listing: 40 links`: the class and a reason of one word, if there is one."""
    parts = error.split(": ")
    has_reason = len(parts) > 1 and parts[1].isidentifier()
    return ": ".join(parts[: 2 if has_reason else 1])


def _precision_and_recall(scores: list[Score]) -> tuple[float | None, float | None]:
    overlaps = [score.overlap for score in scores if score.overlap]
    if overlaps:
        return fmean(o.precision for o in overlaps), fmean(o.recall for o in overlaps)
    counts = [score.snippets for score in scores if score.snippets]
    hits, leaks, wanted = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    if not wanted:
        return None, None
    return (hits / (hits + leaks) if hits + leaks else 0.0), hits / wanted


def _mean_f1(overlaps: list[Overlap | None]) -> float | None:
    known = [overlap for overlap in overlaps if overlap is not None]
    if not known:
        return None
    return harmonic_mean(fmean(o.precision for o in known), fmean(o.recall for o in known))


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
