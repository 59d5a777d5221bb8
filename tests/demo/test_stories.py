"""The stories as data: complete, true to the schema, each its own."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import datetime

import pytest
from newsscraper_demo.dates import print_date
from newsscraper_demo.site import DemoSite
from newsscraper_demo.story import LANGUAGES, REACHES, TEMPLATES, DemoStory, read_editions, read_stories, read_words

from newsscraper.record import find_faults
from newsscraper.story import Story

WORDS = read_words()
STORIES = read_stories(read_editions(), WORDS)
BASE = "http://demo.example/"

each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.code))


def test_there_are_enough_in_every_language_template_and_reach() -> None:
    assert len(STORIES) >= 72
    assert all(n >= 12 for n in Counter(s.language for s in STORIES).values())
    assert {s.language for s in STORIES} == set(LANGUAGES)
    assert all(n >= 5 for n in Counter(s.template for s in STORIES).values())
    assert {s.template for s in STORIES} == set(TEMPLATES)
    reached = Counter(s.reach for s in STORIES)
    assert set(reached) == set(REACHES)
    assert min(reached.values()) >= 4


def test_codes_paths_and_titles_are_unique() -> None:
    for values in ([s.code for s in STORIES], [s.path for s in STORIES], [s.title for s in STORIES]):
        assert len(set(values)) == len(values)


def test_no_two_stories_share_a_paragraph_or_a_long_run_of_words() -> None:
    owners: dict[str, int] = {}
    for story in STORIES:
        for text in [story.lead or "", *(b.text for b in story.blocks)]:
            words = re.findall(r"\w+", text.casefold())
            pieces = {" ".join(words[i : i + 9]) for i in range(max(1, len(words) - 8)) if words}
            for piece in pieces | {" ".join(words)} - {""}:
                if len(piece.split()) > 2:
                    assert owners.setdefault(piece, story.code) == story.code, piece


def test_every_kind_of_block_occurs() -> None:
    kinds = Counter(block.kind for story in STORIES for block in story.blocks)
    assert kinds.keys() == {"p", "subhead", "quote", "item", "row"}
    assert min(kinds.values()) >= 4


@each_story
def test_truth_is_a_valid_story(story: DemoStory) -> None:
    assert find_faults(Story(**story.truth).to_dict()) == []
    assert find_faults(Story(**story.truth_on(BASE)).to_dict()) == []


@each_story
def test_body_is_prose_of_four_to_nine_paragraphs(story: DemoStory) -> None:
    assert 4 <= len([b for b in story.blocks if b.kind in ("p", "quote")]) <= 9
    assert len(story.body) > 450
    assert all(b.text.endswith((".", ":", "»", "”", '"', "؟", "?")) for b in story.blocks if b.kind == "p")


@each_story
def test_text_holds_no_placeholder_and_no_mark_of_the_story_files(story: DemoStory) -> None:
    text = "\n".join([story.title, story.lead or "", story.caption or "", *story.tags, story.body])
    assert not re.search(r"[{}$<>|*#\\]|\bNone\b|TODO|XXX|  ", text)
    assert unicodedata.normalize("NFC", text) == text


@each_story
def test_text_is_in_the_script_of_its_language(story: DemoStory) -> None:
    text = "\n".join([story.title, story.lead or "", story.caption or "", *story.tags, *story.authors, story.body])
    foreign = {
        "en": r"[\u0370-\u06ff]",
        "de": r"[\u0370-\u06ff]",
        "ru": r"[A-Za-z\u0600-\u06ff]",
        "fa": r"[A-Za-zيك٠-٩0-9]",
        "ar": r"[A-Za-zیکپگچژ۰-۹]",
    }
    assert not re.search(foreign[story.language], text)


@each_story
def test_date_is_past_and_carries_a_zone_where_the_page_prints_one(story: DemoStory) -> None:
    assert datetime(2022, 1, 1).astimezone() < story.published < datetime(2025, 7, 1).astimezone()
    has_offset = datetime.fromisoformat(story.date).tzinfo is not None
    assert has_offset is story.says_zone
    if story.modified:
        assert datetime.fromisoformat(story.modified) > story.published


@pytest.mark.parametrize(
    ("code", "printed", "zoned"),
    [
        (910001, "Wednesday 30 March 2022 - 21:50", "2022-03-30T21:50+04:30"),
        (910003, "Thursday 2 February 2023 - 17:20", "2023-02-02T17:20+03:30"),
        (910101, "چهارشنبه ۱۰ فروردين ۱۴۰۱ ساعت ۲۱:۵۰", "2022-03-30T21:50+04:30"),
        (910151, "الأربعاء ٣٠ آذار ٢٠٢٢ - ٢٠:١٥", "2022-03-30T20:15+04:30"),
        (910306, "Mittwoch, 13. April 2022, 18:30 Uhr", "2022-04-13T18:30+02:00"),
        (910308, "Dienstag, 21. März 2023", "2023-03-21"),
        (910406, "17 мая 2022, 11:25", "2022-05-17T11:25+03:00"),
        (910241, "Friday 14 June 2024 - 09:00", "2024-06-14T09:00:00+00:00"),
    ],
)
def test_dates_are_printed_as_each_language_does(site: DemoSite, code: int, printed: str, zoned: str) -> None:
    story = next(s for s in site.stories if s.code == code)
    assert print_date(story, WORDS[story.language]) == printed
    assert story.date_with_zone == zoned
