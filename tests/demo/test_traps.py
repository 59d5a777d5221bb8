"""What the further traps and the further ways to stories do."""

from __future__ import annotations

import gzip
import json
import re
from html import unescape

import pytest
from newsscraper_demo.site import DemoSite
from newsscraper_demo.traps import DEFAULT_TRAPS, INSIDE_URLS, alias_host

from tests.demo.test_site import BASE, links_of, locs_of, page_text

STORY = 910002


def make_site(*traps: str) -> DemoSite:
    return DemoSite(traps={*DEFAULT_TRAPS, *traps})


def plain_path(url: str) -> str:
    return url.removeprefix(BASE.rstrip("/"))


def hrefs(site: DemoSite, path: str) -> list[str]:
    return [plain_path(url) for url in sorted(links_of(site.page(path, BASE).body, f"{BASE}{path.lstrip('/')}"))]


def test_facets_combine_without_bringing_stories() -> None:
    site, section = make_site("facets"), "/en/section/world"
    seen, queue = {section}, [section]
    while queue and len(seen) < 400:
        found = [href for href in hrefs(site, queue.pop(0)) if href.startswith(f"{section}?") and "page=" not in href]
        queue += [href for href in found if href not in seen]
        seen.update(found)
    assert len(seen) >= 200
    shown = [{s.path for s in site.stories if f'"{s.path}"' in page_text(site, path)} for path in sorted(seen)[:20:5]]
    own = {s.path for s in site.stories if f'"{s.path}"' in page_text(site, section)}
    assert all(len(own & stories) >= 3 for stories in shown)


@pytest.mark.parametrize(
    ("trap", "shape"), [("path_session_ids", r";jsessionid=[0-9A-F]{32}"), ("php_session_ids", r"[?&]PHPSESSID=\w{26}")]
)
def test_session_ids_of_each_kind_lead_to_the_same_story(trap: str, shape: str) -> None:
    site = make_site(trap)
    marked = [{href for href in hrefs(site, path) if re.search(shape, href)} for path in ("/en/", "/ru/", "/de/", "/")]
    assert all(marked)
    assert len({re.search(shape, href)[0] for found in marked for href in found}) == 4  # type: ignore[index]
    for href in set.union(*marked):
        own = re.sub(shape, "", href)
        assert site.story_at(href) is site.story_at(own)
        assert site.page(href, BASE) == site.page(own, BASE)


def test_months_never_end_and_link_their_days() -> None:
    site, path = make_site("calendar_months"), "/archive/2022/03/"
    assert path in hrefs(site, "/en/")
    assert "/archive/2022/03/31" in hrefs(site, path)
    for _ in range(30):
        following = re.search(r'rel="next" href="(/archive/\d{4}/\d\d/)"', page_text(site, path))
        assert following
        assert following[1] > path
        path = following[1]
    assert path == "/archive/2024/09/"
    assert site.page("/archive/2024/13/", BASE).status == 404


def test_a_days_archive_is_there_for_each_day_of_the_sites_life(site: DemoSite) -> None:
    for story in site.stories[::8]:
        assert story.path in hrefs(site, f"/archive/{story.date[:10].replace('-', '/')}/")
    bare = DemoSite(traps=())
    assert bare.page("/archive/2022/03/30/", BASE).status == 200
    assert {href for href in hrefs(bare, "/archive/2022/03/30/") if "/archive/" in href} <= {"/archive/2022/03/30/"}
    assert [bare.page(f"/archive/{day}/", BASE).status for day in ("1990/01/01", "2090/01/01", "2022/02/31")] == [
        404
    ] * 3


def test_pages_by_path_never_end() -> None:
    site = make_site("endless_paths")
    assert "/en/section/world/page/2/" in hrefs(site, "/en/section/world")
    text = page_text(site, "/en/section/world/page/400/")
    assert 'rel="next" href="/en/section/world/page/401/"' in text
    assert "/en/news/" in text


def test_mirrors_hold_the_same_story() -> None:
    site = make_site("mirror_parameters", "mirror_host")
    story = site.find(STORY)
    found = {unescape(href) for href in re.findall(r'href="([^"]+)"', page_text(site, story.path))}
    mirrors = {f"{story.path}?view=mobile", f"{story.path}?output=text&from=share"}
    assert mirrors <= found
    assert all(site.page(path, BASE) == site.page(story.path, BASE) for path in mirrors)
    assert f"http://m.demo.example{story.path}" in found
    assert story.title in site.page(story.path, "http://m.demo.example/").body.decode()


def test_the_second_host_name_is_another_and_has_a_way_back() -> None:
    names = ["127.0.0.1:8000", "localhost:8000", "www.halden.example", "halden.example:81"]
    assert [alias_host(name) for name in names] == [
        "localhost:8000",
        "127.0.0.1:8000",
        "m.halden.example",
        "m.halden.example:81",
    ]


def test_a_folder_answers_whatever_it_is_asked_for() -> None:
    site = make_site("soft_404_folder")
    linked = {href for path in ("/en/", "/en/section/world", "/en/about") for href in hrefs(site, path)}
    lost = {href for href in linked if re.fullmatch(r"/en/news/94\d{4}/notice", href)}
    assert len(lost) == 3
    for path in (*lost, "/en/news/1", "/en/news/123456/anything-at-all"):
        page = site.page(path, BASE)
        assert (page.status, "Page not found" in page.body.decode()) == (200, True)
    assert site.page("/en/news/918888/withdrawn-notice", BASE).status == 404
    assert site.page("/en/newest/1", BASE).status == 404


def test_a_redirect_adds_where_one_came_from() -> None:
    site = make_site("tracking_redirects")
    story = site.find(STORY)
    assert f"/en/go/{STORY}" in hrefs(site, story.path)
    page = site.page(f"/en/go/{STORY}", BASE)
    assert page.status == 302
    assert page.headers["Location"].startswith(f"{story.url_on(BASE)}?utm_source=")
    assert site.page(plain_path(page.headers["Location"]), BASE) == site.page(story.path, BASE)


def test_links_into_the_network_stand_on_every_page() -> None:
    site = make_site("inside_links")
    for path in ("/", "/en/", site.find(STORY).path):
        assert all(f'href="{url}"' in page_text(site, path) for url in INSIDE_URLS)


def test_a_story_is_there_by_its_code_alone(site: DemoSite) -> None:
    for story in site.stories:
        path = f"/{story.edition.key}/news/{story.code}"
        assert site.page(path, BASE) == site.page(story.path, BASE)
    assert site.page("/en/news/910999", BASE).status == 404
    assert site.page("/fa/news/910001", BASE).status == 404


def test_a_json_feed_holds_what_rss_does() -> None:
    site = make_site("json_feed")
    for key in ("en", "fa", "de"):
        page = site.page(f"/{key}/feed.json", BASE)
        assert page.headers["Content-Type"] == "application/feed+json; charset=utf-8"
        feed = json.loads(page.body)
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == f"{BASE}{key}/feed.json"
        assert [item["url"] for item in feed["items"]] == locs_of(site.page(f"/{key}/rss.xml", BASE).body)[1:]
        assert all(item["title"] and item["date_published"][:2] == "20" for item in feed["items"])
        assert f'type="application/feed+json" title="{feed["title"]}" href="/{key}/feed.json"' in page_text(
            site, f"/{key}/"
        )


def read_maps(site: DemoSite, path: str) -> dict[str, str]:
    """Each sitemap below an index -> its `lastmod`."""
    body = site.page(path, BASE).body
    text = gzip.decompress(body).decode() if path.endswith(".gz") else body.decode()
    assert "<sitemapindex" in text
    return {plain_path(loc): date for loc, date in re.findall(r"<loc>(\S+?)</loc><lastmod>(\S+?)</lastmod>", text)}


def test_older_stories_lie_in_maps_by_month_below_a_packed_index(site: DemoSite) -> None:
    nested = make_site("nested_sitemaps")
    top = read_maps(nested, "/sitemap.xml")
    assert "/sitemap-archive.xml.gz" in top
    assert "/sitemap-stories-2.xml.gz" not in top
    months = read_maps(nested, "/sitemap-archive.xml.gz")
    assert max(months.values()) == top["/sitemap-archive.xml.gz"]
    found = []
    for path, changed in months.items():
        text = gzip.decompress(nested.page(path, BASE).body).decode()
        dates = re.findall(r"<lastmod>(\S+?)</lastmod>", text)
        assert dates
        assert max(dates) == changed
        found += [plain_path(unescape(loc)) for loc in locs_of(text.encode())]
    flat = gzip.decompress(site.page("/sitemap-stories-2.xml.gz", BASE).body)
    assert sorted(found) == sorted(plain_path(loc) for loc in locs_of(flat))
    assert nested.page("/sitemap-1999-01.xml.gz", BASE).status == 404


def test_only_robots_knows_the_sitemap() -> None:
    site = make_site("robots_sitemap")
    assert site.page("/sitemap.xml", BASE).status == 404
    assert f"Sitemap: {BASE}maps/2f6c/index.xml\n" in page_text(site, "/robots.txt")
    assert "/sitemap-stories-1.xml" in read_maps(site, "/maps/2f6c/index.xml")
