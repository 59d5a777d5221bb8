"""Whatever comes in: a story that fulfils the schema, or an error of ours."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsscraper import Story, extract, extract_text
from newsscraper.errors import NewsscraperError
from newsscraper.record import find_faults

bounded = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

TAGS = [
    "p",
    "div",
    "h1",
    "h2",
    "a",
    "table",
    "tr",
    "td",
    "ul",
    "li",
    "br",
    "figure",
    "figcaption",
    "time",
    "span",
    "script",
]
ATTRIBUTES = [
    'class="tags"',
    'class="lead"',
    'id="docDiv3TitrMain"',
    'href="/a"',
    'src="x.jpg"',
    'datetime="2022-03-30T21:50"',
    'type="application/ld+json"',
    'itemprop="headline"',
    "hidden",
    "",
]
any_character = st.characters(exclude_categories=())
words = st.one_of(
    st.sampled_from(
        [
            "By Ada Quill",
            "30 March 2022",
            "چهارشنبه ۱۰ فروردين ۱۴۰۱ ساعت ۲۱:۵۰",
            "Story Code : 1",
            "٣٠ آذار ٢٠٢٢",
            '{"@type": "NewsArticle", "headline": "x", "datePublished": "2022"}',
            "The dredger came in on the evening tide and had cleared the mouth of the harbour before the first boat.",
            "self.__next_f.push([1,",
            "&nbsp;&#0;&shy;",
            "<!--",
            "]]>",
        ]
    ),
    st.text(any_character, max_size=30),
)
opening = st.builds("<{} {}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES))
closing = st.builds("</{}>".format, st.sampled_from(TAGS))
soup = st.lists(st.one_of(opening, closing, words), max_size=60).map("".join)
urls = st.one_of(st.none(), st.sampled_from(["https://a.example/en/news/12/x", "", "http://["]), st.text(max_size=20))
fetch_times = st.one_of(st.none(), st.just("2022-04-01T00:00:00Z"))


def check(run: Callable[[], Story]) -> None:
    try:
        story = run()
    except NewsscraperError:
        return
    assert find_faults(story.to_dict()) == []
    assert Story.from_dict(story.to_dict()) == story
    json.dumps(story.to_dict(), ensure_ascii=False).encode("utf-8")


@bounded
@given(st.binary(max_size=600), st.one_of(st.none(), st.sampled_from(["utf-8", "gbk", "utf-16", "x", "windows-1256"])))
def test_any_bytes(page: bytes, charset: str | None) -> None:
    check(lambda: extract(page, charset=charset))


@bounded
@given(st.text(any_character, max_size=300), urls)
def test_any_text(page: str, url: str | None) -> None:
    check(lambda: extract(page, url))


@bounded
@given(soup, urls, fetch_times)
def test_tag_soup(page: str, url: str | None, fetched_at: str | None) -> None:
    check(lambda: extract(page, url, fetched_at=fetched_at))


@bounded
@given(soup, st.sampled_from(["utf-8", "utf-16", "cp1252", "gbk", "cp1256"]))
def test_tag_soup_in_bytes(page: str, encoding: str) -> None:
    check(lambda: extract(f"<h1>Sand is back</h1>{page}".encode(encoding, errors="replace")))


@bounded
@given(st.lists(words, max_size=40).map("\n".join), urls, fetch_times)
def test_any_text_dump(text: str, url: str | None, fetched_at: str | None) -> None:
    check(lambda: extract_text(text, url, fetched_at=fetched_at))
