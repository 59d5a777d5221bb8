from __future__ import annotations

import pytest

from newsscraper.crawl.identity import Identity, canonical_url, page_key
from newsscraper.story import Story

SITE = "https://a.example"


def story(title: str = "Ferry runs", canonical: str | None = None, code: str | None = None) -> Story:
    return Story(title=title, body="text", canonical_url=canonical and SITE + canonical, story_code=code)


def test_the_same_page_is_the_same_story() -> None:
    identity = Identity()
    assert identity.judge(story(), f"{SITE}/1?utm_source=x", alone=False) == ("new", None)
    assert identity.judge(story("Retitled"), "http://www.a.example/1/", alone=False) == ("duplicate", None)
    assert identity.judge(story(), f"{SITE}/2", alone=False) == ("new", None)


def test_a_copy_after_its_original() -> None:
    identity = Identity()
    identity.judge(story(canonical="/1"), f"{SITE}/1", alone=False)
    assert identity.judge(story("FERRY runs!", canonical="/1"), f"{SITE}/amp/1", alone=False) == ("duplicate", None)


def test_a_copy_before_its_original() -> None:
    identity = Identity()
    assert identity.judge(story(canonical="/1"), f"{SITE}/amp/1", alone=False) == ("elsewhere", f"{SITE}/1")
    assert identity.judge(story(canonical="/1"), f"{SITE}/1", alone=False) == ("new", None)
    assert identity.released(f"{SITE}/1") == []
    assert identity.released_at_end() == []


def test_one_canonical_address_for_every_page_counts_for_nothing() -> None:
    identity = Identity()
    identity.judge(story("First", canonical="/front"), f"{SITE}/1", alone=False)
    identity.judge(story("Second", canonical="/front"), f"{SITE}/2", alone=False)
    assert identity.released(f"{SITE}/front") == [f"{SITE}/1", f"{SITE}/2"]
    assert identity.judge(story("First", canonical="/front"), f"{SITE}/1", alone=True) == ("new", None)
    assert identity.judge(story("Third", canonical="/front"), f"{SITE}/3", alone=False) == ("new", None)


def test_a_copy_of_another_title_is_a_story_of_its_own() -> None:
    identity = Identity()
    identity.judge(story("First", canonical="/1"), f"{SITE}/1", alone=False)
    assert identity.judge(story("Second", canonical="/1"), f"{SITE}/2", alone=False) == ("new", None)


def test_copies_whose_original_never_came() -> None:
    identity = Identity()
    identity.judge(story(canonical="/gone"), f"{SITE}/1", alone=False)
    assert identity.released_at_end() == [f"{SITE}/1"]
    assert identity.released_at_end() == []


def test_a_code_counts_where_the_address_confirms_it() -> None:
    identity = Identity()
    identity.judge(story(code="986527"), f"{SITE}/en/news/986527/ferry", alone=False)
    assert identity.judge(story(code="986527"), f"{SITE}/en/doc/news/986527/", alone=False)[0] == "duplicate"
    assert identity.judge(story(code="986527"), f"{SITE}/x/9865271", alone=False)[0] == "new"
    assert identity.judge(story("Andere Fähre", code="986527"), f"{SITE}/de/news/986527/", alone=False)[0] == "new"


@pytest.mark.parametrize(
    "claim", [None, SITE, f"{SITE}/", "https://b.example/1", f"{SITE}/1#x", "http://www.a.example/1/", "//:x"]
)
def test_claims_that_say_nothing(claim: str | None) -> None:
    assert canonical_url(claim, f"{SITE}/1") is None


def test_page_key() -> None:
    assert page_key("http://www.a.example/x/?b=1&a=2#c") == "a.example/x?a=2&b=1"
