"""Strings: fixes, folding, likeness, prose."""

from __future__ import annotations

import pytest

from newsscraper.extract.notes import is_date_line
from newsscraper.extract.prose import ends_sentence
from newsscraper.extract.similar import contained, is_copy, overlap_folded
from newsscraper.extract.text import (
    count_letters,
    fix_digits,
    fix_direction,
    fix_line,
    fix_paragraph,
    fix_references,
    fold,
    has_digit,
    unique,
)


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("  a  b ", "a b"),
        ("a\u00a0b\u2003c", "a b c"),
        ("Cafe\u0301", "Café"),
        ("soft\u00adhyphen", "softhyphen"),
        ("می\u200cرود", "می\u200cرود"),
        ("a \n\n b", "a\nb"),
        ("a\x00b\x9fc", "abc"),
        ("\ufeffa", "a"),
    ],
)
def test_fix_paragraph(text: str, fixed: str) -> None:
    assert fix_paragraph(text) == fixed


def test_fix_line_has_no_breaks_and_no_marks_at_its_ends() -> None:
    assert fix_line("\u200f a\n b\r\u200e") == "a b"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("The “Ferry”, again!", "the ferry again"),
        ("ＦＥＲＲＹ", "ferry"),
        ("علي كريم", "علی کریم"),
        ("می\u200cرود", "میرود"),
        ("co\u00adop", "coop"),
        ("Straße", "strasse"),
        ("...", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(("text", "digits"), [("۱۴۰۱", "1401"), ("٣٠", "30"), ("३०", "30"), ("a1", "a1"), ("½", "½")])
def test_fix_digits(text: str, digits: str) -> None:
    assert fix_digits(text) == digits


def test_fix_direction() -> None:
    assert fix_direction("\u202bکد\u202c: 5\u200f") == "کد: 5"


@pytest.mark.parametrize(("text", "letters"), [("abc", 3), ("é", 1), ("渡輪", 5), ("渡a", 3), ("한글", 5), ("کد", 2)])
def test_count_letters(text: str, letters: int) -> None:
    assert count_letters(text) == letters


@pytest.mark.parametrize(("text", "has"), [("no", False), ("4", True), ("۴", True), ("Ⅳ", False)])
def test_has_digit(text: str, has: bool) -> None:
    assert has_digit(text) is has


def test_unique_keeps_the_first_spelling() -> None:
    assert unique(["Sea", "", "sea", "SEA!", "Ice"]) == ["Sea", "Ice"]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("Yes.", True),
        ("هل؟", True),
        ("是。", True),
        ("ہے۔", True),
        ("Read more", False),
        ("(ice)", True),
        ("A,", False),
    ],
)
def test_ends_sentence(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


@pytest.mark.parametrize(
    ("text", "of", "copy"),
    [
        ("the ferry sails again", "the ferry sails again", True),
        ("the ferry sails", "the ferry sails again", True),
        ("the ferry", "the ferry sails again", False),
        ("a ferry sails again", "the ferry sails again", False),
        ("", "the ferry", False),
    ],
)
def test_is_copy(text: str, of: str, copy: bool) -> None:
    assert is_copy(text, of) is copy


def test_overlap_and_containment() -> None:
    assert overlap_folded(fold("ice on the sea"), fold("sea, on the ice")) == 1.0
    assert overlap_folded(fold("ice"), fold("fire")) == 0.0
    assert overlap_folded(fold("渡輪重新開航了今天在港口"), fold("渡輪重新開航了今天在港口")) == 1.0
    assert contained("ice sea", "the ice on the sea") == 1.0
    assert contained("", "ice") == 0.0


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Monday, 4 March 2024", True),
        ("Published 4 March 2024, 10:15", True),
        ("چهارشنبه ۱۰ فروردین ۱۴۰۱", True),
        ("On 4 March 2024 the ferry sailed again after four weeks of ice.", False),
        ("No date at all", False),
    ],
)
def test_date_line(text: str, is_one: bool) -> None:
    assert is_date_line(text) is is_one


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("a &amp; b &#8211; c", "a & b – c"),
        (f"a &#{'9' * 5000}; b &eacute;", "a  b é"),
        ("no reference", "no reference"),
    ],
)
def test_references_stand_for_characters(text: str, fixed: str) -> None:
    assert fix_references(text) == fixed
