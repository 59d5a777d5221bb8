"""Pages of one story put together: each paragraph once, nothing lost that a story may say twice."""

from __future__ import annotations

from newsscraper.extract.joined import covers, join_pages
from newsscraper.story import Image, Story

LONG = "The ferry to the outer islands sailed again on Monday, four weeks after ice had closed the sound. "
FIRST = Story(title="Ferry sails", body=f"{LONG}1\n\nYes.\n\n{LONG}2", lead="At last.", complete=False, tags=["ice"])


def story(*paragraphs: str, lead: str | None = None, images: tuple[str, ...] = ()) -> Story:
    pictures = [Image(url=url, caption=None) for url in images]
    return Story(title="Ferry sails", body="\n\n".join(paragraphs), lead=lead, images=pictures)


def joined(*further: Story) -> list[str]:
    return join_pages([FIRST, *further], complete=True).body.split("\n\n")[3:]


def test_headline_and_lead_of_every_page_are_not_repeated() -> None:
    assert joined(story("Ferry Sails!", "At last.", f"{LONG}3")) == [f"{LONG}3"]


def test_what_stands_at_the_end_of_every_page_is_not_repeated() -> None:
    assert joined(story(f"{LONG}3", "Yes.", f"{LONG}2")) == [f"{LONG}3"]


def test_a_short_answer_may_be_given_twice_but_no_paragraph() -> None:
    assert joined(story(f"{LONG}3", "Yes.", f"{LONG}1", f"{LONG}4")) == [f"{LONG}3", "Yes.", f"{LONG}4"]


def test_what_a_later_page_takes_for_its_lead_is_text() -> None:
    assert joined(story(f"{LONG}4", lead=f"{LONG}3")) == [f"{LONG}3", f"{LONG}4"]
    assert joined(story(f"{LONG}4", lead="At last.")) == [f"{LONG}4"]


def test_three_pages_in_their_order() -> None:
    assert joined(story(f"{LONG}3"), story(f"{LONG}3", f"{LONG}4")) == [f"{LONG}3", f"{LONG}4"]


def test_other_fields_are_the_first_pages() -> None:
    whole = join_pages([FIRST, story(f"{LONG}3", images=("https://a.example/1.jpg",))], complete=True)
    assert (whole.title, whole.lead, whole.tags, whole.complete) == ("Ferry sails", "At last.", ["ice"], True)
    assert [image["url"] for image in whole.images] == ["https://a.example/1.jpg"]


def test_the_view_on_one_page_holds_the_first_and_more() -> None:
    assert covers(story(f"{LONG}1", "Yes.", f"{LONG}2", f"{LONG}3"), FIRST)
    assert not covers(story(f"{LONG}7", f"{LONG}8", f"{LONG}9", f"{LONG}10"), FIRST)
    assert not covers(FIRST, FIRST)
