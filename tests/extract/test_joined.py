"""Pages of one story put together: each paragraph once, nothing lost that a story may say twice."""

from __future__ import annotations

import dataclasses

from newsscraper.extract.joined import FetchedPage, covers, join_fetched, join_pages, read_further
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


URL = "https://a.example/news/ferry"


def fetched(number: int, *links: int, url: str | None = None) -> FetchedPage:
    """A page of the story at `URL`, which leads to pages of those numbers."""
    anchors = "".join(f'<a href="{URL}?page={to}">{to}</a>' for to in links)
    body = f'<html><body><p>{LONG}{number}</p><div class="pagination">{anchors}</div></body></html>'
    return FetchedPage(url=url or (URL if number == 1 else f"{URL}?page={number}"), body=body.encode(), charset="utf-8")


def read(page: FetchedPage) -> Story | None:
    """What stands in the page's one paragraph."""
    paragraph = page.body.decode().partition("<p>")[2].partition("</p>")[0]
    return story(paragraph) if paragraph else None


def join(first: FetchedPage, *further: FetchedPage, story: Story | None = None) -> tuple[str, bool]:
    """The numbers of the pages that went into the story, and whether it is whole."""
    one = read(first)
    assert one is not None
    joined = join_fetched(story or dataclasses.replace(one, complete=False), first, further, read)
    return "".join(text.rpartition(". ")[2] for text in joined.body.split("\n\n")), joined.complete


def test_pages_that_came_are_put_together_up_to_the_last() -> None:
    assert join(fetched(1, 2, 3), fetched(2, 1, 3), fetched(3, 1, 2)) == ("123", True)


def test_a_story_whose_last_pages_did_not_come_is_not_complete() -> None:
    assert join(fetched(1, 2, 3), fetched(2, 1, 3)) == ("12", False)


def test_without_further_pages_the_story_stays_as_it_was_read() -> None:
    assert join(fetched(1, 2)) == ("1", False)


def test_a_page_that_came_before_or_says_nothing_new_ends_the_story() -> None:
    assert join(fetched(1, 2, 3), fetched(2, 3), fetched(2, 3)) == ("12", False)
    again = dataclasses.replace(fetched(2, 3), url=f"{URL}?page=3")
    assert join(fetched(1, 2, 3), fetched(2, 3), again) == ("12", False)


def test_a_page_that_cannot_be_read_ends_the_story() -> None:
    empty = FetchedPage(url=f"{URL}?page=2", body=b"", charset=None)
    assert join(fetched(1, 2, 3), empty, fetched(3)) == ("1", False)


def test_a_further_page_may_be_short_but_has_to_be_one() -> None:
    texts = {
        f"<h1>Ferry sails</h1><p>{LONG}</p>": LONG.strip(),
        "\x00\x01PNG\x02" * 200: None,
        "": None,
    }
    for body, text in texts.items():
        page = FetchedPage(url=f"{URL}?page=2", body=body.encode(), charset="utf-8")
        told = read_further(page, profile=None, fetched_at=None, model=None)
        assert (told and told.body) == text


def test_the_view_on_one_page_counts_where_it_covers_the_first() -> None:
    whole = FetchedPage(url=f"{URL}?view=all", body=f"<p>{LONG}1\n\n{LONG}2\n\n{LONG}3</p>".encode(), charset=None)
    assert join(fetched(1, 2, 3), whole) == ("123", True)
    other = FetchedPage(url=f"{URL}?view=all", body=f"<p>{LONG}7</p>".encode(), charset=None)
    assert join(fetched(1, 2, 3), other, fetched(2, 3), fetched(3, 1)) == ("123", True)


def test_behind_a_paywall_no_story_is_complete() -> None:
    paid = story(f"{LONG}1")
    paid = dataclasses.replace(paid, access="paywalled", complete=False)
    assert join(fetched(1, 2), fetched(2, 1), story=paid) == ("12", False)
