"""`since`, `until`, `codes`, `limit`: what a run need not fetch for them it does not fetch; requests are counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawl.runs import Run, run_scrapy
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page

MARCH = ("-a", "since=2022-03-01", "-a", "until=2022-03-31")
NOW = ("-s", "NEWSSCRAPER_NOW=2022-05-01T12:00:00Z")
XML = {"Content-Type": "application/xml"}
MONTHS = ("2022-01", "2022-02", "2022-03", "2022-04")
NEWS_NAMESPACE = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def crawl(folder: Path, site: SmallSite, *arguments: str, start: str = "") -> Run:
    address = ("-a", f"url={start or site.url}") if "site=" not in " ".join(arguments) else ()
    run = run_scrapy(folder, "crawl", "news", *address, *NOW, "-O", "out.jsonl", *arguments)
    assert run.lines is not None  # read now: the next run writes the same file
    return run


def asked_of(site: SmallSite) -> list[str]:
    """What was asked but for robots.txt, sorted."""
    return sorted(path for path in site.asked if path != "/robots.txt")


def story_on(day: str, name: str = "ferry") -> str:
    return story_page(f"The {name} of {day} is late", date=f"{day}T10:00:00+00:00")


def urlset(*entries: str) -> Reply:
    return Reply(
        f"<urlset {NEWS_NAMESPACE}>{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>", headers=XML
    )


def index(*entries: tuple[str, str]) -> Reply:
    files = "".join(f"<sitemap><loc>{url}</loc><lastmod>{day}</lastmod></sitemap>" for url, day in entries)
    return Reply(f"<sitemapindex>{files}</sitemapindex>", headers=XML)


def test_sitemaps_are_pruned_by_lastmod_and_by_the_month_in_their_name(tmp_path: Path) -> None:
    pages: dict[str, Reply | str] = {"/": list_page()}
    for month in MONTHS:
        pages |= {f"/news/{month.replace('-', '')}{day}/x": story_on(f"{month}-{day}") for day in (10, 20)}
        pages[f"/map-{month}.xml"] = urlset(
            *(f"<loc>/news/{month.replace('-', '')}{day}/x</loc><lastmod>{month}-{day}</lastmod>" for day in (10, 20))
        )
    pages["/sitemap.xml"] = index(*((f"/map-{month}.xml", f"{month}-20") for month in MONTHS))
    with SmallSite(pages) as site:
        run = crawl(tmp_path, site, *MARCH)
        assert asked_of(site) == ["/", "/map-2022-03.xml", "/news/20220310/x", "/news/20220320/x", "/sitemap.xml"]
        assert sorted(line["date"][:10] for line in run.lines) == ["2022-03-10", "2022-03-20"]
        assert (run.report["counts"]["bounded:before_since"], run.report["counts"]["bounded:after_until"]) == (2, 1)
        assert run.code == 0

        site.asked.clear()
        april = crawl(tmp_path, site, "-a", "since=2022-04")
        assert sorted(line["date"][:10] for line in april.lines) == ["2022-04-10", "2022-04-20"]
        assert {"/map-2022-04.xml", "/news/20220410/x", "/news/20220420/x"} <= set(site.asked)
        assert not any("202203" in path or "2022-03" in path for path in site.asked)


def test_stories_are_pruned_by_what_feeds_and_news_sitemaps_say_of_them(tmp_path: Path) -> None:
    days = ("2022-02-10", "2022-03-10", "2022-04-10")
    items = ",".join(f'{{"id": "/a{day}a", "url": "/a{day}a", "date_published": "{day}T08:00:00Z"}}' for day in days)
    feed = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [{items}]}}'
    link = '<link rel="alternate" type="application/feed+json" href="/feed.json">'
    pages: dict[str, Reply | str] = {
        "/": list_page(more=link),
        "/feed.json": Reply(feed, headers={"Content-Type": "application/feed+json"}),
        "/sitemap.xml": urlset(
            *(
                f"<loc>/b{day}b</loc><news:news><news:publication_date>{day}T08:00:00Z</news:publication_date></news:news>"
                for day in days
            ),
            # Changed long after it appeared: nothing tells that it is too new.
            "<loc>/c</loc><lastmod>2022-04-20</lastmod>",
        ),
        "/c": story_on("2022-03-15", "coal"),
    }
    pages |= {f"/{letter}{day}{letter}": story_on(day, letter) for letter in "ab" for day in days}
    with SmallSite(pages) as site:
        run = crawl(tmp_path, site, *MARCH)
        asked = asked_of(site)
    assert asked == ["/", "/a2022-03-10a", "/b2022-03-10b", "/c", "/feed.json", "/sitemap.xml"]
    assert sorted(line["date"][:10] for line in run.lines) == ["2022-03-10", "2022-03-10", "2022-03-15"]


def test_a_story_that_turns_out_to_lie_outside_is_dropped_and_left_to_another_run(tmp_path: Path) -> None:
    pages = {"/": list_page("/news/4001/x", "/news/4002/x"), "/news/4001/x": story_on("2022-02-28")}
    pages["/news/4002/x"] = story_on("2022-03-31")
    with SmallSite(pages) as site:
        run = crawl(tmp_path, site, *MARCH)
        assert [line["date"][:10] for line in run.lines] == ["2022-03-31"]
        assert run.report["counts"]["out_of_range"] == 1
        assert run.code == 0

        site.asked.clear()
        assert crawl(tmp_path, site, *MARCH).lines == []
        assert "/news/4001/x" not in site.asked  # its date is known now

        site.asked.clear()
        february = crawl(tmp_path, site, "-a", "since=2022-02")
        assert [line["date"][:10] for line in february.lines] == ["2022-02-28"]
        assert "/news/4001/x" in site.asked


def test_a_listing_is_not_followed_past_the_page_whose_stories_are_all_too_old(tmp_path: Path) -> None:
    days = ["2022-04-05", "2022-03-20", "2022-02-10", "2022-01-10", "2021-12-10", "2021-11-10"]
    pages: dict[str, Reply | str] = {"/": list_page("/world/")}
    for number, day in enumerate(days, start=1):
        own = [f"/world/{number}{letter}-ferry-late-again" for letter in "abc"]
        pages |= {path: story_on(day, path[-22:]) for path in own}
        path = "/world/" if number == 1 else f"/world/?page={number}"
        pages[path] = list_page(*own, more=f'<link rel="next" href="/world/?page={number + 1}">')
    with SmallSite(pages) as site:
        run = crawl(tmp_path, site, *MARCH)
        listings = [path for path in asked_of(site) if path.startswith("/world/?")]
    assert listings == ["/world/?page=2", "/world/?page=3"]
    assert {line["date"][:10] for line in run.lines} == {"2022-03-20"}
    assert len(run.lines) == 3


PROFILE = """
hosts = ["127.0.0.1"]
start_urls = ["{url}"]
[templates]
archive = ["/days/{{yyyy}}/{{mm}}/{{dd}}/"]
story = ["/news/{{code}}"]
[evidence]
hosts = {{ seen_live = false, source = "made up" }}
start_urls = {{ seen_live = false, source = "made up" }}
templates = {{ seen_live = false, source = "made up" }}
"""


def own_sites(folder: Path, site: SmallSite) -> tuple[str, ...]:
    (folder / "sites").mkdir()
    (folder / "sites" / "marrow.toml").write_text(PROFILE.format(url=site.url))
    return "-s", "NEWSSCRAPER_SITES=sites", "-a", "site=marrow"


def test_archives_are_asked_for_the_days_within_and_no_other(tmp_path: Path) -> None:
    def serve(path: str) -> str | None:
        if path == "/":
            return list_page()
        parts = path.strip("/").split("/")
        if parts[0] == "days":
            return list_page(f"/harbour-{'-'.join(parts[1:])}-report")
        return story_on(path[9:19]) if path.startswith("/harbour-") else None

    with SmallSite(serve) as site:
        run = crawl(tmp_path, site, "-a", "since=2022-03-29", "-a", "until=2022-03-31", *own_sites(tmp_path, site))
        days = [path for path in asked_of(site) if path.startswith("/days/")]
        assert days == ["/days/2022/03/29/", "/days/2022/03/30/", "/days/2022/03/31/"]
        assert len(site.asked) == 3 + 3 + len(["/robots.txt", "/", "/sitemap.xml"])
    assert sorted(line["date"][:10] for line in run.lines) == ["2022-03-29", "2022-03-30", "2022-03-31"]


def test_codes_ask_for_those_stories_and_nothing_else(tmp_path: Path) -> None:
    pages = {f"/news/{code}": story_page(f"Ferry number {code} is late") for code in (5001, 5002, 5003, 5006, 5009)}
    with SmallSite({"/": list_page(*pages), **pages}) as site:
        own = own_sites(tmp_path, site)
        run = crawl(tmp_path, site, "-a", "codes=5001-5004,5009", *own)
        assert asked_of(site) == [f"/news/{code}" for code in (5001, 5002, 5003, 5004, 5009)]
        assert (run.code, len(run.lines)) == (0, 4)  # that 5004 is none is no fault

        site.asked.clear()
        run = crawl(tmp_path, site, "-a", "codes=5002-5003,5006", *own)
        assert asked_of(site) == ["/news/5006"]
        assert len(run.lines) == 1


def test_codes_on_a_site_without_a_profile(tmp_path: Path) -> None:
    with SmallSite({"/n/7.html": story_on("2022-03-30")}) as site:
        run = crawl(tmp_path, site, "-a", "codes=7-8", start=f"{site.url}n/{{code}}.html")
        assert asked_of(site) == ["/n/7.html", "/n/8.html"]
    assert len(run.lines) == 1


def test_a_limit_takes_the_newest_and_leaves_the_rest_to_the_next_run(tmp_path: Path) -> None:
    days = [f"2022-03-{day:02}" for day in range(1, 13)]
    pages: dict[str, Reply | str] = {"/": list_page()} | {
        f"/news/{number}/x": story_on(day) for number, day in enumerate(days, 5000)
    }
    maps = {"/old.xml": range(6), "/new.xml": range(6, 12)}
    newest = [f"/news/{number}/x" for number in range(5008, 5012)]
    for name, numbers in maps.items():
        pages[name] = urlset(*(f"<loc>/news/{5000 + n}/x</loc><lastmod>{days[n]}T10:00:00Z</lastmod>" for n in numbers))
    pages["/sitemap.xml"] = index(("/old.xml", "2022-03-06T10:00:00Z"), ("/new.xml", "2022-03-12T10:00:00Z"))
    with SmallSite(pages) as site:
        run = crawl(tmp_path, site, "-a", "limit=4")
        assert sorted(line["date"][:10] for line in run.lines) == days[-4:]
        # Not the sitemap that has nothing newer.
        assert asked_of(site) == ["/", "/new.xml", *newest, "/sitemap.xml"]
        assert (run.code, run.report["finish_reason"]) == (0, "finished")
        assert run.report["counts"]["limit_reached"] == 1

        site.asked.clear()
        rest = crawl(tmp_path, site, "-a", "limit=100")
        assert sorted(line["date"][:10] for line in rest.lines) == days[:-4]
        assert set(newest).isdisjoint(site.asked)


@pytest.mark.parametrize("argument", ["since=yesterday", "codes=5-1", "limit=0", "until=1401-01-10"])
def test_nonsense_is_told_before_anything_is_asked(tmp_path: Path, argument: str) -> None:
    with SmallSite({"/": list_page()}) as site:
        run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={site.url}", "-a", argument)
        assert run.code != 0
        assert f"{argument}: expected" in run.log
        assert "Traceback" not in run.log
        assert site.asked == []


def test_a_list_of_what_lies_outside_is_no_news_for_ever(tmp_path: Path) -> None:
    def serve(path: str) -> str | None:
        plain, _, page = path.partition("?page=")
        if plain not in {"/", "/world/"}:
            return None
        return list_page("/2022/04/05/ferry-is-late", "/2022/04/06/ferry-is-late", f"/world/?page={int(page or 1) + 1}")

    with SmallSite(serve) as site:
        crawl(tmp_path, site, *MARCH)
        assert len(site.asked) <= 10
