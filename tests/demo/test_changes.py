"""A site that changes: what moves with a change, what stays, and what was taken away."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape

import pytest
from newsscraper_demo.site import DemoSite, Page
from newsscraper_demo.story import DemoStory

from tests.demo.test_site import BASE, page_text, sitemap_paths

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
EDITIONS = ("en", "fa", "ar", "de", "ru", "intl")
MAPS = ("sitemap-stories-1.xml", "sitemap-stories-2.xml.gz", "sitemap-news.xml", "sitemap-pages.xml")


@pytest.fixture
def site() -> DemoSite:
    return DemoSite(stories=120)


def ask(site: DemoSite, path: str) -> Page:
    return site.page(path, BASE)


def changed_at(page: Page) -> datetime:
    return parsedate_to_datetime(page.headers["Last-Modified"])


def index_dates(site: DemoSite) -> dict[str, str]:
    return dict(re.findall(rf"<loc>{BASE}(\S+?)</loc><lastmod>(\S+?)</lastmod>", page_text(site, "/sitemap.xml")))


def map_dates(site: DemoSite) -> dict[str, str]:
    texts = [ask(site, f"/{name}").body for name in MAPS[:2]]
    plain = [gzip.decompress(text) if text[:2] == b"\x1f\x8b" else text for text in texts]
    pairs = [pair for text in plain for pair in re.findall(r"<loc>(.+?)</loc><lastmod>(.+?)</lastmod>", text.decode())]
    return {unescape(url).removeprefix(BASE.rstrip("/")): date for url, date in pairs}


def linked_stories(site: DemoSite) -> list[DemoStory]:
    return [story for story in site.stories if story.reach == "everywhere"]


def all_pages(site: DemoSite) -> dict[str, Page]:
    paths = [story.path for story in site.stories]
    paths += ["/", "/atom.xml", "/sitemap.xml", *(f"/{name}" for name in MAPS)]
    for key in EDITIONS:
        paths += [f"/{key}/", f"/{key}/rss.xml"]
    paths += sorted({f"/{s.edition.key}/section/{s.section}{page}" for s in site.stories for page in ("", "?page=2")})
    return {path: ask(site, path) for path in paths}


def test_what_does_not_change_stays_as_it_is_with_its_tag_and_date(site: DemoSite) -> None:
    assert all_pages(site) == all_pages(site)
    for path, page in all_pages(site).items():
        assert page.headers["ETag"], path
        assert changed_at(page) < NOW


def test_a_change_alters_text_dates_and_tag_of_that_story_alone(site: DemoSite) -> None:
    before = all_pages(site)
    victims = linked_stories(site)[20:60:4]
    changed = site.change([story.code for story in victims], NOW)
    after = all_pages(site)
    assert [story.code for story in changed] == [story.code for story in victims]
    for old, new in zip(victims, changed, strict=True):
        assert site.find(old.code) == new
        assert (new.title, new.path, new.date) == (old.title, old.path, old.date)
        assert len({*new.blocks} - {*old.blocks}) == 1
        assert new.blocks[0] == old.blocks[0]
        assert changed_at(after[new.path]) == NOW
        assert after[new.path].headers["ETag"] != before[new.path].headers["ETag"]
        assert datetime.fromisoformat(map_dates(site)[new.path]) == NOW
    untouched = {s.path for s in site.stories} - {s.path for s in changed}
    assert all(after[path] == before[path] for path in untouched)


def test_changes_add_and_alter_by_turns(site: DemoSite) -> None:
    code = site.stories[3].code
    lengths = [len(site.find(code).blocks)]
    for hour in range(4):
        (story,) = site.change([code], NOW + timedelta(hours=hour))
        lengths.append(len(story.blocks))
    assert lengths[-1] == lengths[0] + 2
    assert site.find(code).revision == 4


def test_the_page_says_when_it_changed_where_its_template_does(site: DemoSite) -> None:
    stories = {story.template: story for story in linked_stories(site)}
    site.change([story.code for story in stories.values()], NOW)
    for template, story in stories.items():
        modified = site.find(story.code).modified
        assert (modified is not None) is (template not in ("newsstudio", "table"))
        assert modified is None or datetime.fromisoformat(modified) == NOW


def test_the_index_moves_only_for_sitemaps_in_which_something_did(site: DemoSite) -> None:
    before = index_dates(site)
    assert before.keys() == set(MAPS)
    mapped = [story for story in site.stories if story.path in map_dates(site)]
    site.change([mapped[-1].code], NOW)
    after = index_dates(site)
    assert {name for name in MAPS if before[name] != after[name]} == {"sitemap-stories-2.xml.gz"}
    assert datetime.fromisoformat(after["sitemap-stories-2.xml.gz"]) == NOW
    site.publish(3, NOW + timedelta(hours=1))
    moved = {name for name in MAPS if index_dates(site)[name] != after[name]}
    assert moved == {"sitemap-stories-1.xml", "sitemap-news.xml"}


def test_new_stories_stand_on_front_pages_in_feeds_sections_and_sitemaps(site: DemoSite) -> None:
    before = {story.code for story in site.stories}
    new = site.publish(6, NOW)
    assert len({story.edition.key for story in new}) == 6
    assert before.isdisjoint(story.code for story in new)
    assert site.stories[:6] == sorted(new, key=lambda story: (story.published, story.code), reverse=True)
    for story in new:
        home = f"/{story.edition.key}/"
        assert timedelta(0) <= NOW - story.published < timedelta(minutes=2)
        assert ask(site, story.path).status == 200
        assert story.path in page_text(site, home)
        assert story.path in page_text(site, f"{home}rss.xml")
        assert story.path in page_text(site, f"{home}section/{story.section}")
        assert story.path in sitemap_paths(site)
        assert changed_at(ask(site, home)) > NOW - timedelta(minutes=2)


def test_new_stories_leave_the_pages_of_old_ones_alone(site: DemoSite) -> None:
    pages = {story.path: ask(site, story.path) for story in site.stories}
    site.publish(12, NOW)
    assert {path: ask(site, path) for path in pages} == pages


def test_lists_that_changed_say_so_by_tag_and_by_date(site: DemoSite) -> None:
    before = all_pages(site)
    site.publish(4, NOW)
    site.remove(linked_stories(site)[30].code, NOW + timedelta(hours=1))
    for path, page in all_pages(site).items():
        if path in before and "/section/" in path and page.headers["ETag"] != before[path].headers["ETag"]:
            assert changed_at(page) > changed_at(before[path]), path


def test_a_removed_story_is_gone_from_everywhere(site: DemoSite) -> None:
    story = next(story for story in linked_stories(site) if story.template == "newsstudio")
    listing = f"/{story.edition.key}/section/{story.section}"
    before = changed_at(ask(site, listing))
    site.remove(story.code)
    addresses = (
        story.path,
        f"{story.path}?sid=1",
        f"/print/{story.code}",
        f"/{story.edition.key}/doc/news/{story.code}/",
    )
    assert [ask(site, path).status for path in addresses] == [410, 410, 410, 410]
    assert story.path not in sitemap_paths(site)
    assert not any(story.path in page.body.decode("utf-8", "replace") for page in all_pages(site).values())
    assert changed_at(ask(site, listing)) > before
    with pytest.raises(KeyError):
        site.find(story.code)


@pytest.mark.parametrize("template", ["newsstudio", "modern", "hashed", "table", "next", "microdata"])
def test_a_moved_story_answers_at_its_new_address_and_redirects_from_its_old(site: DemoSite, template: str) -> None:
    for old in [story for story in linked_stories(site) if story.template == template][:2]:
        new = site.move(old.code, NOW)
        assert new.path != old.path
        answer = ask(site, old.path)
        assert (answer.status, answer.headers["Location"]) == (301, new.url_on(BASE))
        assert ask(site, f"/{old.edition.key}/old/{old.code}.html").headers["Location"] == new.url_on(BASE)
        page = ask(site, new.path)
        assert (page.status, changed_at(page)) == (200, NOW)
        assert new.path in sitemap_paths(site)
        assert old.path not in sitemap_paths(site)


def test_a_story_moved_twice_is_found_from_both_addresses_before(site: DemoSite) -> None:
    first = linked_stories(site)[5]
    second = site.move(first.code, NOW)
    third = site.move(first.code, NOW + timedelta(days=1))
    for story in (first, second):
        assert ask(site, story.path).headers["Location"] == third.url_on(BASE)


def test_two_sites_that_were_told_the_same_are_the_same() -> None:
    sites = [DemoSite(stories=90), DemoSite(stories=90)]
    for each in sites:
        each.publish(5, NOW)
        each.change([story.code for story in each.stories[10:20]], NOW)
        each.move(each.stories[30].code)
        each.remove(each.stories[40].code)
    assert all_pages(sites[0]) == all_pages(sites[1])
