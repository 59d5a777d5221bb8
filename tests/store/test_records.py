from __future__ import annotations

import dataclasses
import hashlib

from newsscraper.extract import EXTRACTION, TEXT_EXTRACTION, Evidence
from newsscraper.extract.learned.model import shipped_model
from newsscraper.record import find_faults
from newsscraper.sites import Profile
from newsscraper.store import describe_extractor, hash_content, make_record
from newsscraper.store.records import package_version
from newsscraper.story import Story

STORY = Story(title="Ferry runs again", body="The ferry ran.\n\nPeople cheered.", tags=["ferry"])
MODEL = shipped_model()
PROFILE = Profile(name="marrow", version="ab12cd34ef56", hosts=("marrow.example",))


def test_a_record_is_valid_and_knows_where_it_came_from() -> None:
    record = make_record(
        STORY,
        url="https://www.marrow.example/news/1?utm_source=x",
        fetched_url="http://marrow.example/n/1",
        fetched_at="2024-03-05T10:00:00Z",
        http_status=200,
        model=MODEL,
        profile=PROFILE,
        run_id="20240305T100000Z-000000",
    )
    assert find_faults(record.to_dict()) == []
    assert record.url == "https://www.marrow.example/news/1"
    assert record.fetched_url == "http://marrow.example/n/1"
    assert (record.site, record.profile, record.version) == ("marrow.example", "marrow", 1)
    digest = MODEL.digest.removeprefix("sha256:")[:12]
    assert record.extractor == f"newsscraper/{package_version()} {EXTRACTION} model@{digest} marrow@ab12cd34ef56"
    assert (record.title, record.body, record.tags) == (STORY.title, STORY.body, STORY.tags)


def test_the_key_follows_the_address_and_nothing_else() -> None:
    first = make_record(STORY, url="https://marrow.example/news/1?fbclid=1", model=MODEL)
    again = make_record(
        Story(title="Another text", body="of the same page"), url="https://marrow.example/news/1#top", model=MODEL
    )
    other = make_record(STORY, url="https://marrow.example/news/2", model=MODEL)
    assert first.story_key == again.story_key != other.story_key
    assert len(first.story_key) == 16
    assert first.story_key.isalnum()
    assert "marrow" not in first.story_key


def test_a_page_without_address_is_known_by_its_content() -> None:
    record = make_record(STORY, url=None, model=MODEL)
    assert find_faults(record.to_dict()) == []
    assert (record.url, record.site, record.fetched_url) == (None, None, None)
    assert record.story_key == make_record(STORY, url=None, model=MODEL).story_key
    assert record.story_key != make_record(Story(title="Other", body="text"), url=None, model=MODEL).story_key


def test_content_hash_sees_words_not_white_space() -> None:
    assert hash_content(Story(title="A  b", body="c\n\nd")) == hash_content(Story(title="A b", body="c d"))
    assert hash_content(Story(title="é", body="x")) == hash_content(Story(title="e\u0301", body="x"))
    assert hash_content(Story(title="A", body="b c")) != hash_content(Story(title="A b", body="c"))
    assert hash_content(STORY).startswith("1:")


def test_a_page_flattened_to_text_is_read_without_weights() -> None:
    assert describe_extractor(None) == f"newsscraper/{package_version()} {TEXT_EXTRACTION}"


def test_other_weights_are_another_extractor() -> None:
    other = dataclasses.replace(MODEL, digest="sha256:0f5c1e9a7b42d3c1")
    assert describe_extractor(other) == f"newsscraper/{package_version()} {EXTRACTION} model@0f5c1e9a7b42"
    assert describe_extractor(other) != describe_extractor(MODEL)


def test_the_extractor_names_the_evidence_that_was_used() -> None:
    record = make_record(STORY, url=None, model=MODEL, profile=PROFILE, evidence=Evidence(3))
    expected = hashlib.sha256(b'{"pages":3,"standing":{},"version":1}').hexdigest()[:12]
    assert record.extractor == f"{describe_extractor(MODEL, PROFILE)} evidence@{expected}"


def test_the_content_hash_can_be_recomputed_from_its_description() -> None:
    story = Story(title="\ufeff Cafe\u0301\u00a0\u3000at 5 ", body="One,\tTwo.\n\nمی\u200cشود\x1f!")
    hashed = "\ufeff Caf\u00e9 at 5\nOne, Two. می\u200cشود !".encode()
    assert hash_content(story) == f"1:{hashlib.sha256(hashed).hexdigest()}"
