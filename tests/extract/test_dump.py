"""Pages flattened to text."""

from __future__ import annotations

import pytest

from newsscraper import extract_text
from newsscraper.errors import NotAStory, UnreadablePage

from .pages import BODY, PARAGRAPHS, TITLE

MENU = ["Home", "Islands", "Weather"]
FEATURED = ["Mushrooms of the northern woods", "Mushrooms of the northern woods", "A bridge opens", "A bridge opens"]


def dump(*, above: list[str] | None = None, inside: list[str] | None = None, below: list[str] | None = None) -> str:
    lines = [*MENU, TITLE, *(above or []), *PARAGRAPHS[:2], *(inside or []), *PARAGRAPHS[2:], *(below or [])]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        dump(),
        dump(above=["Monday, 4 March 2024 - 10:15", "Story Code : 986527"]),
        dump(inside=[TITLE]),
        dump(inside=[TITLE[:30]]),
        dump(below=["Comments", "Your comment", *FEATURED]),
        dump(below=["Tags: ice, bread"]),
        dump().replace("\n", "\n\n \n"),
        dump().replace("\n", "\r\n"),
        "\n".join(FEATURED) + "\n" + dump(),
    ],
)
def test_title_and_body(text: str) -> None:
    story = extract_text(text)
    assert (story.title, story.body) == (TITLE, BODY)


def test_date_code_tags_and_authors_by_their_labels() -> None:
    above = ["Monday, 4 March 2024 - 10:15", "By Jane Doe", "Story Code : 986527"]
    story = extract_text(dump(above=above, below=["Tags", "ferry outer islands"]))
    assert (story.date, story.story_code) == ("2024-03-04T10:15", "986527")
    assert (story.authors, story.tags) == (["Jane Doe"], ["ferry", "outer islands"])


def test_the_label_of_publication_beats_that_of_a_change() -> None:
    assert extract_text(dump(above=["Updated: 6 March 2024", "Published: 4 March 2024"])).date == "2024-03-04"


def test_a_code_that_the_url_holds_wins() -> None:
    text = dump(above=["Story Code: 11", "News ID: 986527"])
    assert extract_text(text).story_code == "11"
    assert extract_text(text, "https://example.org/en/news/986527/x").story_code == "986527"


def test_a_first_line_that_is_no_sentence_is_the_title() -> None:
    assert extract_text("\n".join([TITLE, *PARAGRAPHS])).title == TITLE


@pytest.mark.parametrize(
    ("text", "reason"),
    [("\n".join(FEATURED * 3), "listing"), ("Home\nIslands", "no_text")],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(NotAStory) as refused:
        extract_text(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize("text", ["", " \n\t", "\x00"])
def test_nothing(text: str) -> None:
    with pytest.raises(UnreadablePage):
        extract_text(text)
