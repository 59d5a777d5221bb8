from __future__ import annotations

import dataclasses
import time

from newsscraper.crawl.bounds import Bounds, Limits
from newsscraper.crawl.discovery.found import Found

LIMITS = Limits(
    depth=3,
    pages_per_listing=6,
    barren_pages=2,
    barren_shape=4,
    barren_folder=5,
    pages=100,
    machine_files=2,
    pages_per_story=30,
)
SITE = "https://a.example"


def page(path: str, **facts: object) -> Found:
    return dataclasses.replace(Found(url=SITE + path), **facts)


def test_a_listing_ends_when_its_pages_bring_nothing_new() -> None:
    bounds = Bounds(LIMITS)
    bounds.note_page(f"{SITE}/world?page=2", brings_news=True)
    bounds.note_page(f"{SITE}/world?page=3", brings_news=True)
    bounds.note_page(f"{SITE}/world?page=4", brings_news=False)
    assert bounds.refusal(page("/world?page=5")) is None
    bounds.note_page(f"{SITE}/world?page=5", brings_news=False)
    assert bounds.refusal(page("/world?page=6")) == "barren"
    assert bounds.refusal(page("/sport?page=6")) is None


def test_a_story_found_on_a_page_is_to_its_credit() -> None:
    bounds = Bounds(LIMITS)
    for number in (2, 3):
        bounds.note_page(f"{SITE}/world?page={number}", brings_news=False)
    assert bounds.refusal(page("/world?page=4")) == "barren"
    bounds.note_story(f"{SITE}/a7f", bounds.trail_of(f"{SITE}/world?page=3"))
    assert bounds.refusal(page("/world?page=4")) is None


def test_a_listing_has_a_last_page() -> None:
    bounds = Bounds(LIMITS)
    for number in range(6):
        bounds.note_page(f"{SITE}/world?page={number}", brings_news=True)
    assert bounds.refusal(page("/world?page=7")) == "pages_per_listing"


def test_a_calendar_loses_its_right_and_news_gives_it_back() -> None:
    bounds = Bounds(LIMITS)
    for day in range(4):
        bounds.note_page(f"{SITE}/calendar/2024/03/{day:02}/list", brings_news=False)
    assert bounds.refusal(page("/calendar/2031/01/01/list")) == "barren"
    assert bounds.refusal(page("/world/")) is None
    bounds.note_page(f"{SITE}/calendar/2024/03/09/list", brings_news=True)
    assert bounds.refusal(page("/calendar/2031/01/01/list")) is None


def test_addresses_of_stories_are_given_longer() -> None:
    bounds = Bounds(LIMITS)
    for number in range(10):
        bounds.note_waste(f"{SITE}/news/{number}/x")
    assert bounds.refusal(page("/news/11/x")) == "barren"
    assert bounds.refusal(page("/news/11/x", kind="story")) is None
    for number in range(10):
        bounds.note_waste(f"{SITE}/news/{number}/x")
    assert bounds.refusal(page("/news/11/x", kind="story")) == "barren"
    assert bounds.refusal(page("/news/11/x", kind="story", announced=True)) is None


def test_feeds_and_sitemaps_have_a_bound_of_their_own() -> None:
    bounds = Bounds(dataclasses.replace(LIMITS, pages=0))
    bounds.note_machine_file()
    assert bounds.refusal(page("/map.xml", kind="sitemap")) is None
    bounds.note_machine_file()
    assert bounds.refusal(page("/map.xml", kind="sitemap")) == "machine_files"
    assert bounds.refusal(page("/rss", kind="feed")) == "machine_files"
    assert bounds.refusal(page("/news/1", kind="story")) is None


def test_depth_and_number() -> None:
    bounds = Bounds(dataclasses.replace(LIMITS, pages=1))
    assert bounds.refusal(page("/a", depth=4)) == "depth"
    assert bounds.refusal(page("/a", depth=3)) is None
    bounds.note_page(f"{SITE}/b", brings_news=False)
    assert bounds.refusal(page("/a")) == "pages"
    assert bounds.refusal(page("/a", kind="story")) is None


def test_pages_below_one_path_that_bring_nothing_end_it() -> None:
    bounds = Bounds(LIMITS)
    for number, name in enumerate(("sport", "world", "markets", "arts", "health")):
        assert bounds.refusal(page(f"/en/{name}")) is None, number
        bounds.note_page(f"{SITE}/en/{name}", brings_news=False)
    assert bounds.refusal(page("/en/travel")) == "barren"
    assert bounds.refusal(page("/en/travel", kind="story")) is None
    assert bounds.refusal(page("/travel")) is None


def test_lists_of_labels_end_sooner() -> None:
    bounds = Bounds(LIMITS)
    for name in ("ferry", "harbour", "dredger"):
        assert bounds.refusal(page(f"/en/tags/{name}")) is None
        bounds.note_page(f"{SITE}/en/tags/{name}", brings_news=False)
    assert bounds.refusal(page("/en/tags/storm")) == "barren"


def test_facets_of_a_path_end_however_they_are_combined() -> None:
    bounds = Bounds(LIMITS)
    for number, query in enumerate(("a=x", "a=y&b=z", "b=w", "a=x&b=w&c=v", "c=u")):
        assert bounds.refusal(page(f"/find?{query}")) is None, number
        bounds.note_page(f"{SITE}/find?{query}", brings_news=False)
    assert bounds.refusal(page("/find?c=t&a=s")) == "barren"
    assert bounds.refusal(page("/find?page=2")) is None


def test_facets_in_folders_end_whatever_folders_they_make() -> None:
    bounds = Bounds(LIMITS)
    for number in range(10):
        path = f"/find/colour-{chr(97 + number)}/size-{chr(98 + number)}/sort"
        assert bounds.refusal(page(path)) is None, number
        bounds.note_page(SITE + path, brings_news=False)
    assert bounds.refusal(page("/find/material-x/age-y/sort")) == "barren"
    assert bounds.refusal(page("/find/material-x/986527/the-ferry-is-late", kind="story")) is None
    assert bounds.refusal(page("/world/europe/north")) is None


def test_what_is_barren_beside_a_listing_ends_none_of_its_further_pages() -> None:
    bounds = Bounds(LIMITS)
    for number in range(20):
        bounds.note_page(f"{SITE}/en/world/colour-{'abcdefghijklmnopqrst'[number]}/list", brings_news=False)
    assert bounds.refusal(page("/en/world/anything/else")) == "barren"
    assert bounds.refusal(page("/en/world?page=2")) is None


def test_a_filtered_list_says_nothing_of_the_pages_of_the_whole_one() -> None:
    bounds = Bounds(LIMITS)
    for colour in ("red", "green", "blue"):
        bounds.note_page(f"{SITE}/world?colour={colour}", brings_news=False, following=f"{SITE}/world?page=2")
    assert bounds.refusal(page("/world?page=2")) is None
    for _ in range(2):
        bounds.note_page(f"{SITE}/world", brings_news=False, following=f"{SITE}/world?page=2")
    assert bounds.refusal(page("/world?page=2")) == "barren"


def test_numbered_pages_of_filtered_lists_are_all_one_affair() -> None:
    bounds = Bounds(LIMITS)
    for colour in ("red", "green", "blue", "grey", "white"):
        bounds.note_page(f"{SITE}/world/page/2/?colour={colour}", brings_news=False)
    assert bounds.refusal(page("/world/page/3/?size=large")) == "barren"
    assert bounds.refusal(page("/world/page/3/")) is None


def test_pages_of_one_shape_end_by_themselves_and_not_the_lists_around_them() -> None:
    bounds = Bounds(LIMITS)
    for number in range(1000, 1040):
        bounds.note_page(f"{SITE}/en/news/{number}/notice", brings_news=False)
        bounds.note_waste(f"{SITE}/en/news/{number}/notice")
    assert bounds.refusal(page("/en/news/2000/notice")) == "barren"
    assert bounds.refusal(page("/en/section/world")) is None


def test_addresses_that_are_too_long_are_not_asked_and_hold_nobody_up() -> None:
    bounds = Bounds(dataclasses.replace(LIMITS, url_length=2_000))
    assert bounds.refusal(page("/world?page=" + "9" * 5_000)) == "url_length"
    endless = f"{SITE}/" + "a-b-" * 5_000
    began = time.process_time()
    bounds.note_page(endless, brings_news=False)
    bounds.note_page(f"{SITE}/world?page=" + "9" * 5_000, brings_news=False)
    assert time.process_time() - began < 1
