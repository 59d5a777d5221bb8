"""`since`, `until`, `codes`, `limit` as a user writes them, and what the dates in URLs, feeds and pages say of them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest

from newsscraper.crawl.bounds import Bounds, Limits
from newsscraper.crawl.discovery.codes import MAX_CODES, read_codes
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.templates import find_archives, find_stories_by_code
from newsscraper.crawl.discovery.url_dates import span_of_url
from newsscraper.crawl.discovery.windows import Window, read_window
from newsscraper.crawl.entries import make_entry, rank_of, read_entry
from newsscraper.crawl.target import read_target
from newsscraper.errors import InputError
from newsscraper.sites import Edition, Profile

NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)
MARCH = Window(date(2022, 3, 1), date(2022, 4, 1))
NOON = Window(datetime(2022, 3, 1, 12, tzinfo=UTC), datetime(2022, 3, 2, 12, tzinfo=UTC))
SITE = "https://a.example"


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("since", "until", "window"),
    [
        ("2022-03-01", "2022-03-31", MARCH),
        ("2022-03", "2022-03", MARCH),
        ("2022", "2022", Window(date(2022, 1, 1), date(2023, 1, 1))),
        ("2022-03-01T12:00:00Z", "2022-03-02T15:30:00+03:30", NOON),
        ("2022-03-01T12:00", "2022-03-02 12:00", NOON),
        ("7d", None, Window(datetime(2022, 4, 24, 12, tzinfo=UTC))),
        ("36h", "2w", None),
        (None, "2022-03", Window(None, date(2022, 4, 1))),
    ],
)
def test_bounds_as_written(since: str | None, until: str | None, window: Window | None) -> None:
    if window is None:
        with pytest.raises(InputError, match="expected since to lie before until"):
            read_window(since, until, NOW)
    else:
        assert read_window(since, until, NOW) == window


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("yesterday", None, "since=yesterday: expected a day, month or year"),
        ("2022-02-30", None, "since=2022-02-30: expected"),
        ("", None, "since=: expected"),
        ("1401-01-10", None, "of the Gregorian calendar"),
        ("2022-06-01", None, "lies ahead"),
        ("2022-04", "2022-03", "before until"),
        (None, "99999d", "until=99999d"),
    ],
)
def test_bounds_that_are_none(since: str | None, until: str | None, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_window(since, until, datetime(200, 1, 1, tzinfo=UTC) if until == "99999d" else NOW)


@pytest.mark.parametrize(
    ("window", "printed", "instant", "side"),
    [
        (MARCH, "2022-03-01", None, None),
        (MARCH, "2022-02-28T23:59:00+03:30", None, "before"),
        (MARCH, "2022-03-31T23:30:00-05:00", "2022-04-01T04:30:00Z", None),  # the day that the site prints
        (MARCH, "2022-04-01T00:10:00+04:30", "2022-03-31T19:40:00Z", "after"),
        (MARCH, None, None, None),
        (NOON, "2022-03-01T15:00:00+03:30", "2022-03-01T11:30:00Z", "before"),
        (NOON, "2022-03-01T12:00:00", None, None),
        (NOON, "2022-03-01", None, None),  # some time on that day
        (NOON, "2022-02-28", None, "before"),
        (NOON, "2022-03-03", None, "after"),
    ],
)
def test_a_story_by_its_own_date(window: Window, printed: str | None, instant: str | None, side: str | None) -> None:
    assert window.side_of_story(printed, instant) == side


@pytest.mark.parametrize(
    ("found", "side"),
    [
        (Found(url=f"{SITE}/2022/02/28/x", kind="story"), "before"),
        (Found(url=f"{SITE}/2022/04/01/x", kind="story"), "after"),
        (Found(url=f"{SITE}/2022/03/x", kind="story"), None),
        (Found(url=f"{SITE}/2022/02/28/x", kind="page", entrance=True), None),
        (Found(url=f"{SITE}/1", modified=seconds("2022-02-20T00:00:00Z")), "before"),
        (Found(url=f"{SITE}/1", modified=seconds("2022-04-20T00:00:00Z")), None),
        (Found(url=f"{SITE}/1", published=seconds("2022-04-20T00:00:00Z")), "after"),
        (
            Found(url=f"{SITE}/1", published=seconds("2022-02-20T00:00:00Z"), modified=seconds("2022-03-20T00:00Z")),
            "before",
        ),
        (Found(url=f"{SITE}/1", published=seconds("2022-02-28T20:00:00Z")), None),  # in some zone it is March
        (Found(url=f"{SITE}/1", modified=seconds("2022-02-28T00:00:00Z")), None),  # a mere day, perhaps
        (Found(url=f"{SITE}/1", own_date="2022-02-28T23:00:00+03:30"), "before"),
        (Found(url=f"{SITE}/sitemap-2022-02.xml", kind="sitemap"), "before"),
        (Found(url=f"{SITE}/sitemap-2021.xml", kind="sitemap"), None),  # the 2021st, perhaps
    ],
)
def test_what_is_known_before_it_is_fetched(found: Found, side: str | None) -> None:
    assert MARCH.side_of_found(found) == side


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/2022/03/30/slug", date(2022, 3, 30)),
        ("/world/2022/mar/30/slug", date(2022, 3, 30)),
        ("/2022/march/slug", date(2022, 3, 1)),
        ("/2022/03/5-things-to-know", date(2022, 3, 1)),
        ("/world/ferry-is-late-2022-03-30/", date(2022, 3, 30)),
        ("/20220330/k1001.html", date(2022, 3, 30)),
        ("/fa/1401/01/10/slug", date(2022, 3, 30)),
        ("/archive?date=2022-03-30", date(2022, 3, 30)),
        ("/archive?year=2022&month=3&day=30", date(2022, 3, 30)),
        ("/2022/market/slug", None),
        ("/news/20101117", None),
        ("/budget-2011-12/x", None),
        ("/2022/13/01/slug", None),
        ("/elections/2020/", None),
        ("/news/986527/slug", None),
    ],
)
def test_the_day_in_a_url(path: str, first: date | None) -> None:
    span = span_of_url(SITE + path)
    assert (span[0] if span else None) == first


def test_codes() -> None:
    assert read_codes("3-5, 9,4") == ("9", "5", "4", "3")
    assert read_codes("0007-0009") == ("0009", "0008", "0007")
    for text in ("", "a", "5-3", "1,,2", "-4", f"0-{MAX_CODES}", "1.5"):
        with pytest.raises(InputError, match=f"codes={text}: expected"):
            read_codes(text)
    found = find_stories_by_code(["/en/{code}", "https://b.example/{code}/x"], f"{SITE}/fa/", ["7"])
    assert [each.url for each in found] == [f"{SITE}/en/7", "https://b.example/7/x"]


def test_archives_are_filled_in_the_calendar_of_their_edition() -> None:
    profile = Profile(
        name="a",
        hosts=("a.example",),
        archives=("/en/{yyyy}/{m}/{d}", "/fa/{yyyy}/{mm}/{dd}/", "/en/months/{yy}{mm}"),
        editions=(Edition(language="en", path="/en/"), Edition(language="fa", path="/fa/", calendar="jalali")),
    )
    window = Window(date(2022, 3, 20), date(2022, 3, 22))
    urls = [each.url.removeprefix(SITE) for each in find_archives(profile, SITE, window, NOW.date())]
    assert urls == ["/en/2022/3/21", "/en/2022/3/20", "/fa/1401/01/01/", "/fa/1400/12/29/", "/en/months/2203"]
    assert find_archives(profile, SITE, Window(None, date(2022, 3, 22)), NOW.date()) == ()
    ahead = find_archives(profile, SITE, Window(date(2022, 4, 30)), NOW.date())
    assert "/en/2022/5/2" not in [each.url.removeprefix(SITE) for each in ahead]
    months = dataclasses.replace(profile, archives=("/m/{yyyy}/{mm}",))
    year = [
        each.url[-7:] for each in find_archives(months, SITE, Window(date(2021, 1, 31), date(2022, 2, 2)), NOW.date())
    ]
    assert year == [f"{y}/{m:02}" for y, m in [(2022, 2), (2022, 1), *((2021, m) for m in range(12, 0, -1))]]


def test_arguments_become_a_target() -> None:
    target = read_target(site="islamtimes", codes="986000-986002", since="2022-03", limit="5", now=NOW)
    assert [each.url for each in target.start] == [
        f"https://www.islamtimes.com/en/news/{code}" for code in (986002, 986001, 986000)
    ]
    assert (target.follow, target.limit, target.window.since) == (False, 5, date(2022, 3, 1))
    for arguments, words in (
        ({"url": f"{SITE}/", "codes": "1"}, "there is no profile with a template"),
        ({"url": f"{SITE}/{{code}}"}, "and no codes"),
        ({"site": "avapress", "codes": "1"}, "'avapress' has no template"),
        ({"urls": "x", "codes": "1"}, "one at a time"),
        ({"url": f"{SITE}/", "limit": "many"}, "limit=many: expected a number"),
    ):
        with pytest.raises(InputError, match=words):
            read_target(**arguments)


def test_dates_outlast_the_frontier_and_order_it() -> None:
    story = Found(url=f"{SITE}/1", kind="story", published=seconds("2022-03-01T00:00:00Z"), own_date="2022-03-01")
    assert read_entry(make_entry(story)) == story
    changed = Found(url=f"{SITE}/2", kind="story", modified=seconds("2022-02-01T00:00:00Z"))
    dated = Found(url=f"{SITE}/2022/01/01/x", kind="story")
    numbered = Found(url=f"{SITE}/news/999999999", kind="story")
    older_map = Found(url=f"{SITE}/s.xml", kind="sitemap", modified=seconds("2022-02-15T00:00:00Z"))
    undated_map = Found(url=f"{SITE}/t.xml", kind="sitemap")
    wanted = [undated_map, story, older_map, changed, dated, numbered, Found(url=f"{SITE}/world/")]
    assert sorted(wanted, key=rank_of, reverse=True) == wanted


def test_pages_behind_one_whose_stories_are_too_old_are_not_asked() -> None:
    limits = Limits(
        depth=9, pages_per_listing=9, barren_pages=9, barren_shape=9, barren_folder=9, pages=9, machine_files=9,
        pages_per_story=9,
    )  # fmt: skip
    bounds = Bounds(limits, MARCH)
    trail = bounds.trail_of(f"{SITE}/world/")
    behind = Found(url=f"{SITE}/world/?page=2", kind="listing", later=True, trail=trail)
    bounds.note_age(trail, is_old=True)
    assert bounds.refusal(behind) is None
    assert bounds.refusal(Found(url=f"{SITE}/2022/01/05/x", kind="story", trail=trail)) == "before_since"
    assert bounds.refusal(behind) == "before_since"
    bounds.note_age(trail, is_old=False)
    assert bounds.refusal(behind) is None
    assert bounds.refusal(Found(url=f"{SITE}/2022/04/05/x", kind="story")) == "after_until"
