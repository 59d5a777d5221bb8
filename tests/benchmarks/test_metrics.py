"""The metrics against values worked out by hand."""

from __future__ import annotations

import pytest

from benchmarks.metrics import (
    Overlap,
    Snippets,
    count_shingles,
    count_snippets,
    fold,
    harmonic_mean,
    holds_opening,
    measure_overlap,
    same_day,
    same_day_as_instant,
    same_title,
    set_f1,
)


def test_shingles_are_a_multiset_of_runs_of_four() -> None:
    shingles = count_shingles(["a", "b", "c", "d", "a", "b", "c", "d"])
    assert shingles["a", "b", "c", "d"] == 2
    assert shingles.total() == 5


def test_a_short_text_is_one_shingle_and_no_text_none() -> None:
    assert count_shingles(["a", "b"]) == {("a", "b"): 1}
    assert count_shingles([]) == {}


@pytest.mark.parametrize(
    ("predicted", "true", "overlap"),
    [
        ("a b c d", "a b c d", Overlap(1.0, 1.0, True)),
        ("a, b: c! d", "a b c d", Overlap(1.0, 1.0, True)),
        ("a b c d e", "a b c d", Overlap(0.5, 1.0, False)),
        ("a b c d", "a b c d e", Overlap(1.0, 0.5, False)),
        ("a b c d a b c d", "a b c d", Overlap(0.2, 1.0, False)),
        ("", "a b c d", Overlap(0.0, 0.0, False)),
        ("a b c d", "", Overlap(0.0, 0.0, False)),
        ("", "", Overlap(1.0, 1.0, True)),
        ("A b c d", "a b c d", Overlap(0.0, 0.0, False)),
    ],
)
def test_overlap(predicted: str, true: str, overlap: Overlap) -> None:
    assert measure_overlap(predicted, true) == overlap


def test_harmonic_mean() -> None:
    assert harmonic_mean(0.5, 1.0) == pytest.approx(2 / 3)
    assert harmonic_mean(0.0, 0.0) == 0.0


def test_folding_drops_format_characters_case_and_punctuation() -> None:
    assert fold("Straßen\u00adbahn:\u00a0„Ja“  –  ﬁn") == "strassenbahn ja fin"


@pytest.mark.parametrize(
    ("predicted", "true", "same"),
    [
        ("Kreml: “no”", "kreml no", True),
        ("Kreml no", "Kreml now", False),
        (None, "Kreml", False),
    ],
)
def test_title(predicted: str | None, true: str, same: bool) -> None:
    assert same_title(predicted, true) is same


@pytest.mark.parametrize(
    ("predicted", "true", "f1"),
    [
        (["Ada Quill"], ["ada quill"], 1.0),
        (["Ada Quill", "Bo Marl"], ["Ada Quill"], 2 / 3),
        ([], ["Ada Quill"], 0.0),
        (["Ada Quill"], [], 0.0),
        ([], [], 1.0),
        (["Ada Quill", "ADA QUILL", "..."], ["Ada Quill"], 1.0),
    ],
)
def test_set_f1(predicted: list[str], true: list[str], f1: float) -> None:
    assert set_f1(predicted, true) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("predicted", "true", "same"),
    [
        ("2024-05-03", "2024-05-03 15:47:42.389000+00:00", True),
        ("2024-05-03T23:50", "2024-05-03", True),
        ("2024-05-04T00:30+02:00", "2024-05-03 22:30:00+00:00", True),
        ("2024-05-04T00:30", "2024-05-03 22:30:00+00:00", False),
        ("2024-05-04", "2024-05-03", False),
        (None, "2024-05-03", False),
    ],
)
def test_same_day(predicted: str | None, true: str, same: bool) -> None:
    assert same_day(predicted, true) is same


@pytest.mark.parametrize(
    ("predicted", "same"),
    [
        ("2016-12-16T23:19+02:00", True),
        ("2016-12-16T16:19-05:00", True),
        ("2016-12-16T21:19+00:00", True),
        ("2016-12-17T01:19+04:00", True),
        ("2016-12-16T01:00+04:00", False),
        ("2016-12-16", True),
        ("2016-12-17", False),
        (None, False),
    ],
)
def test_same_day_as_instant(predicted: str | None, same: bool) -> None:
    assert same_day_as_instant(predicted, "2016-12-16T21:19:00.000Z") is same


def test_snippets_fold_white_space_only() -> None:
    text = "The dredger\n\ncame in.  Share this"
    assert count_snippets(text, ["dredger came", "Dredger came"], ["Share  this", "Login"]) == Snippets(1, 1, 2)


def test_an_opening_may_be_spelt_in_entities() -> None:
    assert holds_opening("Photo. \u2014 The dredger came", ["&#8212; The dredger"])
    assert not holds_opening("The dredger came", ["A dredger"])
