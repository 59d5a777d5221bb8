from __future__ import annotations

import hashlib

from newsscraper.extract import EXTRACTION, Evidence
from newsscraper.record import find_faults
from newsscraper.sites import Profile
from newsscraper.store import describe_extractor, hash_content, make_record
from newsscraper.store.records import package_version
from newsscraper.story import Story

STORY = Story(title="Ferry runs again", body="The ferry ran.\n\nPeople cheered.", tags=["ferry"])
PROFILE = Profile(name="marrow", version="ab12cd34ef56", hosts=("marrow.example",))


def test_a_record_is_valid_and_knows_where_it_came_from() -> None:
    record = make_record(
        STORY,
        url="https://www.marrow.example/news/1?utm_source=x",
        fetched_url="http://marrow.example/n/1",
        fetched_at="2024-03-05T10:00:00Z",
        http_status=200,
        profile=PROFILE,
        run_id="20240305T100000Z-000000",
    )
    assert find_faults(record.to_dict()) == []
    assert record.url == "https://www.marrow.example/news/1"
    assert record.fetched_url == "http://marrow.example/n/1"
    assert (record.site, record.profile, record.version) == ("marrow.example", "marrow", 1)
    assert record.extractor == f"newsscraper/{package_version()} {EXTRACTION} marrow@ab12cd34ef56"
    assert (record.title, record.body, record.tags) == (STORY.title, STORY.body, STORY.tags)


def test_the_key_follows_the_address_and_nothing_else() -> None:
    first = make_record(STORY, url="https://marrow.example/news/1?fbclid=1")
    again = make_record(Story(title="Another text", body="of the same page"), url="https://marrow.example/news/1#top")
    other = make_record(STORY, url="https://marrow.example/news/2")
    assert first.story_key == again.story_key != other.story_key
    assert len(first.story_key) == 16
    assert first.story_key.isalnum()
    assert "marrow" not in first.story_key


def test_a_page_without_address_is_known_by_its_content() -> None:
    record = make_record(STORY, url=None)
    assert find_faults(record.to_dict()) == []
    assert (record.url, record.site, record.fetched_url) == (None, None, None)
    assert record.story_key == make_record(STORY, url=None).story_key
    assert record.story_key != make_record(Story(title="Other", body="text"), url=None).story_key


def test_content_hash_sees_words_not_white_space() -> None:
    assert hash_content(Story(title="A  b", body="c\n\nd")) == hash_content(Story(title="A b", body="c d"))
    assert hash_content(Story(title="é", body="x")) == hash_content(Story(title="e\u0301", body="x"))
    assert hash_content(Story(title="A", body="b c")) != hash_content(Story(title="A b", body="c"))
    assert hash_content(STORY).startswith("1:")


def test_extractor_without_a_profile() -> None:
    assert describe_extractor() == f"newsscraper/{package_version()} {EXTRACTION}"


def test_the_extractor_names_the_evidence_that_was_used() -> None:
    record = make_record(STORY, url=None, profile=PROFILE, evidence=Evidence(3))
    expected = hashlib.sha256(b'{"pages":3,"standing":{},"version":1}').hexdigest()[:12]
    assert record.extractor == f"{describe_extractor(PROFILE)} evidence@{expected}"


def test_the_content_hash_can_be_recomputed_from_its_description() -> None:
    story = Story(title="\ufeff Cafe\u0301\u00a0\u3000at 5 ", body="One,\tTwo.\n\nمی\u200cشود\x1f!")
    hashed = "\ufeff Caf\u00e9 at 5\nOne, Two. می\u200cشود !".encode()
    assert hash_content(story) == f"1:{hashlib.sha256(hashed).hexdigest()}"
