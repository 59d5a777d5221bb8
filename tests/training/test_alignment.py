from __future__ import annotations

from training.alignment import align

FIRST = "The ferry left the harbour at dawn with forty passengers on board."
SECOND = "Nobody on the island had expected it to return before the winter."
TEASER = "Bridge to reopen in spring after two years of work on its pillars."


def test_blocks_of_the_truth_are_found_and_others_are_not() -> None:
    assert align([TEASER, FIRST, SECOND, "Share this"], f"{FIRST}\n\n{SECOND}") == [False, True, True, False]


def test_a_copy_out_of_sequence_is_none() -> None:
    """The sentence stands as a teaser above the menu, and in the body behind the first paragraph."""
    assert align([SECOND, TEASER, FIRST, SECOND], f"{FIRST} {SECOND}") == [False, False, True, True]


def test_small_differences_do_not_matter() -> None:
    changed = FIRST.replace("forty", "some forty")
    assert align([changed, SECOND], f"{FIRST}\n{SECOND}") == [True, True]


def test_a_subhead_of_one_word_is_found_where_it_fits() -> None:
    truth = f"{FIRST}\n\nOutlook\n\n{SECOND}"
    assert align(["Outlook", FIRST, "Outlook", SECOND], truth) == [False, True, True, True]


def test_an_empty_truth_holds_nothing() -> None:
    assert align([FIRST, ""], "") == [False, False]
