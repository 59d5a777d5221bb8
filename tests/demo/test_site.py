"""What links to what: every story is within reach, and every trap does what it says."""

from __future__ import annotations

import gzip
import re
from collections import deque
from html import unescape
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest
from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite
from newsscraper_demo.story import DemoStory
from newsscraper_demo.traps import DEFAULT_TRAPS, FORBIDDEN_PATH, OFFSITE_HOST, TRAPS

BASE = "http://demo.example/"
BOUND = 3000


def links_of(body: bytes, url: str) -> set[str]:
    hrefs = re.findall(r'<(?:a|link)\b[^>]*?\bhref="([^"]+)"', body.decode("utf-8", "replace"), re.IGNORECASE)
    return {urljoin(url, unescape(href)).partition("#")[0] for href in hrefs}


def locs_of(body: bytes) -> list[str]:
    return [unescape(loc) for loc in re.findall(r"<(?:loc|link)>([^<]+)</", body.decode())]


def page_text(site: DemoSite, path: str) -> str:
    return site.page(path, BASE).body.decode()


def walk(site: DemoSite, start: str = "/") -> dict[str, int]:
    """Breadth first over links; path -> status. Calendar and page numbers are followed a little way only."""
    seen: dict[str, int] = {}
    queue = deque([urljoin(BASE, start)])
    while queue and len(seen) < BOUND:
        url = queue.popleft()
        path = url.removeprefix(BASE.rstrip("/"))
        too_deep = re.search(r"page=[5-9]|/archive/(?!2022/0[34])", path)
        if not url.startswith(BASE) or path in seen or too_deep or "/login" in path:
            continue
        page = site.page(path, BASE)
        seen[path] = page.status
        if page.status == 301:
            queue.append(page.headers["Location"])
        elif page.headers.get("Content-Type", "").startswith("text/html"):
            queue.extend(sorted(links_of(page.body, url)))
    return seen


@pytest.fixture(scope="module")
def linked(site: DemoSite) -> set[str]:
    return {path for path, status in walk(site).items() if status == 200}


def stories_that_reach(site: DemoSite, *reaches: str) -> set[str]:
    return {story.path for story in site.stories if story.reach in reaches}


def test_links_reach_the_stories_meant_for_links_and_no_other(site: DemoSite, linked: set[str]) -> None:
    assert stories_that_reach(site, "everywhere", "pages") <= linked
    assert not stories_that_reach(site, "sitemap", "feed") & linked


def sitemap_paths(site: DemoSite) -> set[str]:
    robots = page_text(site, "/robots.txt")
    index = re.search(r"^Sitemap: (\S+)$", robots, re.MULTILINE)
    assert index
    found = set()
    for loc in locs_of(site.page(urlsplit(index[1]).path, BASE).body):
        body = site.page(urlsplit(loc).path, BASE).body
        plain = gzip.decompress(body) if loc.endswith(".gz") else body
        found |= {url.removeprefix(BASE.rstrip("/")) for url in locs_of(plain)}
    return found


def test_sitemaps_hold_theirs(site: DemoSite) -> None:
    found = sitemap_paths(site)
    assert stories_that_reach(site, "everywhere", "sitemap") <= found
    assert not stories_that_reach(site, "feed", "pages") & found


def test_news_sitemap_carries_titles_and_dates(site: DemoSite) -> None:
    text = page_text(site, "/sitemap-news.xml")
    story = next(s for s in site.stories if s.reach == "everywhere")
    assert f"<news:title>{story.title}</news:title>" in text
    assert f"<news:publication_date>{story.published.isoformat()}</news:publication_date>" in text


def test_feeds_hold_theirs(site: DemoSite) -> None:
    found = set()
    for key in ("en", "fa", "ar", "de", "ru", "intl"):
        assert f"/{key}/rss.xml" in page_text(site, f"/{key}/")
        found |= {url.removeprefix(BASE.rstrip("/")) for url in locs_of(site.page(f"/{key}/rss.xml", BASE).body)}
    assert stories_that_reach(site, "feed") <= found
    assert not stories_that_reach(site, "sitemap", "pages") & found
    assert page_text(site, "/atom.xml").count("<entry") == 20


def test_stories_on_later_pages_stand_on_no_other(site: DemoSite) -> None:
    for story in (s for s in site.stories if s.reach == "pages"):
        section = f"/{story.edition.key}/section/{story.section}"
        assert story.path not in page_text(site, section)
        assert any(story.path in page_text(site, f"{section}?page={number}") for number in (2, 3, 4))


def test_every_absolute_link_carries_the_base(site: DemoSite) -> None:
    story = next(s for s in site.stories if s.template == "newsstudio")
    for path in (story.path, "/", "/robots.txt", "/sitemap.xml", "/en/rss.xml"):
        text = site.page(path, "http://islamtimes.org/").body.decode()
        assert "http://islamtimes.org/" in text
        assert "demo.example" not in text


def find_story(site: DemoSite, template: str) -> DemoStory:
    return next(s for s in site.stories if s.template == template and s.code % 2 == 0)


def test_calendar_never_ends(site: DemoSite) -> None:
    path = "/archive/2022/03/31"
    assert path in page_text(site, "/en/")
    for _ in range(100):
        following = re.search(r'<a class="pager" rel="next" href="(/archive/[\d/]+)"', page_text(site, path))
        assert following
        assert following[1] > path
        path = following[1]
    assert site.page("/archive/2022/02/31", BASE).status == 404


def test_pagination_never_ends(site: DemoSite) -> None:
    text = page_text(site, "/en/section/world?page=400")
    assert 'rel="next" href="/en/section/world?page=401"' in text
    assert "/en/news/" in text


def test_session_ids_and_tracking_lead_to_the_same_story(site: DemoSite) -> None:
    text = page_text(site, "/en/") + page_text(site, "/ru/")
    assert re.search(r"\?sid=[0-9a-f]{8}", text)
    assert "utm_source=most-read" in text
    for template in ("newsstudio", "table"):
        story = find_story(site, template)
        mark = "&" if "?" in story.path else "?"
        assert site.page(f"{story.path}{mark}sid=0badcafe&utm_source=x", BASE) == site.page(story.path, BASE)


def test_missing_pages_soft_and_hard(site: DemoSite) -> None:
    front = page_text(site, "/fa/")
    soft, gone = "/fa/news/919999/service-update", "/fa/news/918888/withdrawn-notice"
    assert soft in front
    assert gone in front
    assert (site.page(soft, BASE).status, site.page(gone, BASE).status) == (200, 404)
    assert "صفحه پیدا نشد" in page_text(site, soft)


def test_second_addresses_of_a_story(site: DemoSite) -> None:
    story = find_story(site, "newsstudio")
    canonical = f'<link rel="canonical" href="{story.url_on(BASE)}"'
    moved = site.page(f"/{story.edition.key}/old/{story.code}.html", BASE)
    assert (moved.status, moved.headers["Location"]) == (301, story.url_on(BASE))
    for path in (story.path, f"/{story.edition.key}/doc/news/{story.code}/", f"/print/{story.code}"):
        text = page_text(site, path)
        assert canonical in text
        assert story.title in text


def test_robots_forbids_what_is_linked(site: DemoSite, linked: set[str]) -> None:
    assert FORBIDDEN_PATH in linked
    rules = re.findall(r"^Disallow: (\S+)$", page_text(site, "/robots.txt"), re.MULTILINE)
    assert any(FORBIDDEN_PATH.startswith(rule) for rule in rules)
    assert not any(story.path.startswith(rule) for story in site.stories for rule in rules)


LINKS = {
    "calendar": "/archive/",
    "endless_pages": "?page=3",
    "session_ids": "sid=",
    "tracking": "utm_source",
    "soft_404": "/919999/",
    "gone": "/918888/",
    "redirect": "/old/",
    "alias": "/doc/news/",
    "print": "/print/",
    "tags": "/tags/",
    "login": "/login",
    "offsite": OFFSITE_HOST,
    "text_pages": "/about",
    "disallowed": FORBIDDEN_PATH,
    "facets": "color=red",
    "path_session_ids": ";jsessionid=",
    "php_session_ids": "?PHPSESSID=",
    "calendar_months": '/archive/2022/03/"',
    "endless_paths": "/page/2/",
    "mirror_parameters": "?output=text&amp;from=share",
    "mirror_host": "http://m.demo.example/en/news/",
    "soft_404_folder": "/notice",
    "tracking_redirects": "/en/go/",
    "inside_links": "http://169.254.169.254/",
    "json_feed": "application/feed+json",
    "nested_sitemaps": "/sitemap-archive.xml.gz",
    "robots_sitemap": "/maps/2f6c/index.xml",
}
ANSWERS = {
    "calendar": "/archive/2022/03/31",
    "endless_pages": "/en/section/world?page=99",
    "soft_404": "/en/news/919999/service-update",
    "redirect": "/en/old/910002.html",
    "alias": "/en/doc/news/910002/",
    "print": "/print/910002",
    "tags": "/en/tags/Tolvania",
    "login": "/login",
    "text_pages": "/en/privacy",
    "disallowed": FORBIDDEN_PATH,
    "calendar_months": "/archive/2022/03/",
    "endless_paths": "/en/section/world/page/99/",
    "soft_404_folder": "/en/news/941234/notice",
    "tracking_redirects": "/en/go/910002",
    "json_feed": "/en/feed.json",
    "nested_sitemaps": "/sitemap-archive.xml.gz",
    "robots_sitemap": "/maps/2f6c/index.xml",
}
SHOWN = ("/", "/en/", "/en/section/world?page=2", "/robots.txt", "/sitemap.xml")


@pytest.mark.parametrize("trap", TRAPS)
def test_each_trap_can_be_left_out_by_itself(site: DemoSite, trap: str) -> None:
    with_it = site if trap in DEFAULT_TRAPS else DemoSite(traps={*DEFAULT_TRAPS, trap})
    without = DemoSite(traps=DEFAULT_TRAPS.keys() - {trap})
    stories = [s.path for s in site.stories if s.template == "newsstudio"]
    pages = [path for path in (*SHOWN, *stories) if with_it.page(path, BASE).status == 200]
    assert any(LINKS[trap] in page_text(with_it, path) for path in pages)
    assert not any(LINKS[trap] in page_text(without, path) for path in pages)
    if path := ANSWERS.get(trap):
        assert with_it.page(path, BASE).status in (200, 301, 302)
        assert without.page(path, BASE).status == 404


def test_without_traps_a_plain_walk_ends(site: DemoSite) -> None:
    found = walk(DemoSite(traps=()))
    assert len(found) < 130
    assert set(found.values()) == {200}
    assert stories_that_reach(site, "everywhere", "pages") <= found.keys()


def test_unknown_trap_is_refused() -> None:
    with pytest.raises(ValueError, match="bear_pit"):
        DemoSite(traps=["bear_pit"])


def test_links_work_over_http(server: DemoServer, site: DemoSite) -> None:
    with urlopen(server.url) as answer:
        links = links_of(answer.read(), server.url)
    stories = {s.url_on(server.url) for s in site.stories}
    assert len(stories & links) >= 10
    for url in sorted(stories & links)[:5]:
        with urlopen(url) as answer:
            assert answer.status == 200
