"""How far the confidence can be believed: its bins, its diagram, its error."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.datasets import LabelledPage
from benchmarks.reliability import expected_error, format_bins, is_body_right, make_bins
from benchmarks.rivals import Prediction
from benchmarks.scoring import Run, Score, score_page

BODY = "The dredger came in on the evening tide."


def score(confidence: float | None, body: str = BODY, lead: str | None = None, truth: str | None = BODY) -> Score:
    page = LabelledPage(set_name="wcxb", id="x", file=Path("x"), url=None, body=truth)
    return score_page(page, Run(prediction=Prediction(body=body, lead=lead, confidence=confidence), seconds=1.0))


def test_a_body_is_right_with_the_lead_or_without_it() -> None:
    assert is_body_right(score(None)) is True
    assert is_body_right(score(None, body="It came in on the evening tide.", lead="The dredger left.")) is False
    assert is_body_right(score(None, body="on the evening tide.", lead="The dredger came in")) is True
    assert is_body_right(score(None, truth=None)) is None


def test_bins_hold_what_was_said_and_what_was_so() -> None:
    scores = [score(0.82), score(0.88, body="Nothing of it is in the truth."), score(1.0), score(0.12), score(None)]
    bins = [(one.low, one.pages, one.confidence, one.right) for one in make_bins(scores)]
    assert bins == [(0.1, 1, 0.12, 1.0), (0.8, 2, pytest.approx(0.85), 0.5), (0.9, 1, 1.0, 1.0)]


def test_the_error_counts_each_page_alike() -> None:
    bins = make_bins([score(0.5), score(0.5, body="Nothing of it is in the truth."), score(0.7), score(0.7)])
    assert expected_error(bins) == pytest.approx((0 + 0.3 * 2) / 4)


def test_the_diagram_marks_where_the_bar_should_end() -> None:
    diagram = format_bins(make_bins([score(0.5), score(0.5, body="Nothing of it is in the truth.")]))
    assert f"{'#' * 20}|" in diagram
    assert "2 pages, said 0.50, right 0.50" in diagram
    assert "no reliability diagram" in format_bins([])
