"""What became of a value, short enough to be read."""

from __future__ import annotations

import pytest

from newsscraper.corpus.excerpts import LINES, WIDTH, tell_change


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("title", "One", "One", []),
        ("title", "One", "Two", ["- One", "+ Two"]),
        ("lead", None, "Up", ["- null", "+ Up"]),
        ("confidence", 0.5, 0.75, ["- 0.5", "+ 0.75"]),
        ("body", "", "A", ["+ A"]),
        ("body", "A\n\nB\n\nC", "A\n\nC", ["= 1 the same", "- B", "= 1 the same"]),
        (
            "body",
            "A\n\nX\n\nB\n\nC",
            "A\n\nB\n\nY\n\nC",
            ["= 1 the same", "- X", "= 1 the same", "+ Y", "= 1 the same"],
        ),
        ("tags", ["a", "b"], ["b", "a"], ["+ b", "= 1 the same", "- b"]),
        ("rights", {"noai": True, "robots": []}, {"noai": False, "robots": []}, ["- noai: true", "+ noai: false"]),
        ("images", [{"url": "u", "caption": "ü"}], [], ['- {"url": "u", "caption": "ü"}']),
    ],
)
def test_a_change_is_told_in_a_few_lines(name, before, after, told):
    assert tell_change(name, before, after) == told


def test_of_a_long_text_the_place_is_shown_where_it_differs():
    before, after = tell_change("description", "x" * 900 + "old" + "y" * 900, "x" * 900 + "new" + "y" * 900)
    assert "xoldy" in before
    assert "xnewy" in after
    assert max(len(before), len(after)) <= WIDTH + 4


def test_of_many_paragraphs_a_few_lines_are_shown():
    old, new = ("\n\n".join(f"{word} {number}" for number in range(50)) for word in ("old", "new"))
    told = tell_change("body", old, new)
    assert len(told) == LINES + 1
    assert told[-1] == "…"


def test_a_text_of_very_many_paragraphs_is_not_compared_one_by_one():
    old, new = ("\n\n".join(f"{word} {number % 7}" for number in range(20_000)) for word in ("old", "new"))
    assert tell_change("body", f"same\n\n{old}", f"same\n\n{new}") == [
        "= 1 the same",
        "- 20,000, of which the first is old 0",
        "+ 20,000, of which the first is new 0",
    ]
