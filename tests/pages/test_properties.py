"""Whatever comes in: a story that fulfils the schema, or an error of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsscraper import Story, extract, extract_text
from newsscraper.errors import InputError, NewsscraperError
from newsscraper.record import find_faults

bounded = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
few = settings(bounded, max_examples=15)

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
URLS = [
    "https://a.example/en/news/12/x",
    "",
    "http://[",
    "http://[bad",
    "nota url",
    "http://x:99999999/",
    "http://x:port/en/news/12/x",
    "//",
    "http://\ud800.example/",
    "javascript:void(0)",
    "/en/news/12/x",
]
urls = st.one_of(st.none(), st.sampled_from(URLS), st.text(max_size=20))
FETCH_TIMES = ["2022-04-01T00:00:00Z", "2022-04-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
fetch_times = st.one_of(st.none(), st.sampled_from(FETCH_TIMES))
NO_FETCH_TIMES = ["yesterday", "12", "2022-13-45T00:00:00Z"]

CHARSETS = [
    "utf-8",
    "windows-1256",
    "idna",
    "punycode",
    "undefined",
    "hex",
    "rot13",
    "unicode_escape",
    "raw_unicode_escape",
    "utf-7",
    "utf-16",
    "iso-2022-jp",
    "base64",
    "zip",
    "x-user-defined",
    "mbcs",
    "a b",
    "\x00",
    "é",
    "u" * 5000,
    "",
]
MANY_DIGITS = "9" * 5000
SENTENCE = "The dredger came in on the evening tide and had cleared the mouth of the harbour before the first boat."
PARAGRAPHS = [
    SENTENCE,
    "Nobody on the quay was surprised, for the harbour office had asked for it twice since the storms of autumn.",
    "The sand goes to the beach at the far side of the bay, where the winter took forty metres of the dunes.",
]
DUMP = "\n".join(["Sand is back in the harbour", "30 March 2022 21:50", "Story Code : 12", *PARAGRAPHS])
KEYS = [
    "@type",
    "@id",
    "headline",
    "name",
    "datePublished",
    "dateModified",
    "dateCreated",
    "author",
    "creator",
    "keywords",
    "articleBody",
    "articleSection",
    "image",
    "thumbnailUrl",
    "isAccessibleForFree",
    "wordCount",
    "identifier",
    "publisher",
    "inLanguage",
    "license",
    "description",
    "url",
    "mainEntityOfPage",
    "itemListElement",
]
PLACEHOLDER = "five thousand digits"
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.just(PLACEHOLDER),
    st.sampled_from(
        ["2022-03-30T21:50:00+04:30", "NewsArticle", "BreadcrumbList", "en", "False", "http://[bad", "x" * 999]
    ),
    st.text(any_character, max_size=20),
)
inner_keys = st.one_of(
    st.sampled_from(["@type", "@id", "@value", "name", "url", "item", "position", "width", "height", "logo", "@graph"]),
    st.text(any_character, max_size=5),
)
json_values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(inner_keys, inner, max_size=4)),
    max_leaves=12,
)
breadcrumbs = st.fixed_dictionaries(
    {
        "@type": st.one_of(st.just("BreadcrumbList"), json_values),
        "itemListElement": st.lists(
            st.fixed_dictionaries({"position": json_values, "name": json_values}, optional={"item": json_values}),
            max_size=5,
        ),
    }
)


def check(run: Callable[[], Story]) -> None:
    try:
        story = run()
    except NewsscraperError:
        return
    assert find_faults(story.to_dict()) == []
    assert Story.from_dict(story.to_dict()) == story
    json.dumps(story.to_dict(), ensure_ascii=False).encode("utf-8")


def check_story(run: Callable[[], Story]) -> None:
    """As `check`, where the page is good: it must come out as its story."""
    check(run)
    story = run()
    assert story.title == "Sand is back in the harbour"
    assert SENTENCE in story.body


def good_page(head: str = "", below: str = "") -> str:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<html lang=en><head>{head}<title>Sand is back in the harbour</title></head><body>"
        f"<article><h1>Sand is back in the harbour</h1><p>30 March 2022 21:50</p>{story}{below}</article></body></html>"
    )


def page_with(facts: dict[str, Any], *others: dict[str, Any]) -> str:
    """A good page whose JSON-LD says this of it, and holds these nodes beside."""
    told = {"@type": "NewsArticle", "headline": "Sand is back in the harbour", "datePublished": "2022-03-30", **facts}
    scripts = (f'<script type="application/ld+json">{json_text(node)}</script>' for node in (told, *others))
    return good_page("".join(scripts))


def json_text(value: Any) -> str:
    """The value as JSON, each placeholder a number of more digits than Python's `int` reads."""
    return json.dumps(value, ensure_ascii=False).replace(f'"{PLACEHOLDER}"', MANY_DIGITS)


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


@pytest.mark.parametrize("key", KEYS)
@few
@given(json_values, urls)
def test_any_value_at_a_known_key_of_json_ld(key: str, value: Any, url: str | None) -> None:
    check(lambda: extract(page_with({key: value}), url))


@bounded
@given(st.dictionaries(st.sampled_from(KEYS), json_values, max_size=8), st.booleans())
def test_any_values_at_all_known_keys_of_json_ld(facts: dict[str, Any], in_bytes: bool) -> None:
    page = page_with(facts)
    check(lambda: extract(page.encode("utf-8", errors="replace") if in_bytes else page))


@bounded
@given(breadcrumbs)
def test_any_breadcrumbs(trail: dict[str, Any]) -> None:
    check(lambda: extract(page_with({}, trail)))


@bounded
@given(st.one_of(json_values, breadcrumbs))
def test_any_value_for_a_whole_script(value: Any) -> None:
    check(lambda: extract(good_page(f'<script type="application/ld+json">{json_text(value)}</script>')))


@pytest.mark.parametrize(
    "facts",
    [
        f'"author": {"[" * 500}"Ada Quill"{"]" * 500}',
        '"author": ' + '{"author": ' * 500 + '"Ada Quill"' + "}" * 500,
        f'"wordCount": {MANY_DIGITS}, "isAccessibleForFree": false',
        f'"wordCount": "{MANY_DIGITS}", "isAccessibleForFree": false',
        '"wordCount": 1e999, "isAccessibleForFree": false',
        '"wordCount": NaN, "isAccessibleForFree": "False"',
        f'"image": {{"@type": "ImageObject", "url": "/a.jpg", "width": {MANY_DIGITS}, "height": "{MANY_DIGITS}"}}',
        f'"datePublished": {MANY_DIGITS}',
        f'"identifier": "{MANY_DIGITS}"',
    ],
    ids=lambda facts: facts[:40],
)
def test_a_hostile_fact_does_not_cost_the_story(facts: str) -> None:
    node = f'{{"@type": "NewsArticle", "headline": "Sand is back in the harbour", {facts}}}'
    page = good_page(f'<script type="application/ld+json">{node}</script>')
    check_story(lambda: extract(page, "https://a.example/en/news/12/x"))


@pytest.mark.parametrize("number", [MANY_DIGITS, f"-{MANY_DIGITS}", "9" * 400 + ".5", "1e999", "nan", "٣", "²", ""])
def test_the_size_of_a_picture_may_be_any_text(number: str) -> None:
    picture = f'<figure><img src="/a.jpg" width="{number}" height="{number}" srcset="/b.jpg {number}w"></figure>'
    head = f'<meta property="og:image" content="/a.jpg"><meta property="og:image:width" content="{number}">'
    check_story(lambda: extract(good_page(head, picture), "https://a.example/en/news/12/x"))


@pytest.mark.parametrize("charset", CHARSETS, ids=lambda charset: ascii(charset[:20]))
@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "cp1256"])
def test_a_charset_may_be_any_text(charset: str, encoding: str) -> None:
    text = {"ascii": SENTENCE, "utf-8": "Ærø € " + SENTENCE, "cp1256": "سارا گفت. " + SENTENCE}[encoding]
    labels = [f'<meta charset="{charset}">', f'<meta http-equiv=content-type content="text/html; charset={charset}">']
    for head in ["", *labels]:
        page = good_page(head, f"<p>{text}</p>").encode(encoding, errors="replace")
        check_story(lambda page=page: extract(page))
        check(lambda page=page: extract(page, charset=charset))


@pytest.mark.parametrize("url", URLS, ids=ascii)
def test_a_url_may_be_any_text(url: str) -> None:
    links = f'<link rel=canonical href="{url}"><base href="{url}"><meta property="og:url" content="{url}">'
    picture = f'<figure><img src="{url}"></figure><a href="{url}">More</a>'
    check_story(lambda: extract(good_page(), url))
    check_story(lambda: extract(good_page(links, picture), "https://a.example/en/news/12/x"))
    check_story(lambda: extract(good_page(links, picture), url))
    check_story(lambda: extract_text(DUMP, url))
    check_story(lambda: extract_text(DUMP, url, profile="islamtimes"))
    check_story(lambda: extract(good_page(links, picture), url, profile="islamtimes"))


@pytest.mark.parametrize("fetched_at", NO_FETCH_TIMES)
def test_a_fetch_time_that_is_none_is_told(fetched_at: str) -> None:
    with pytest.raises(InputError):
        extract(good_page(), fetched_at=fetched_at)
    with pytest.raises(InputError):
        extract_text(DUMP, fetched_at=fetched_at)


@pytest.mark.parametrize("fetched_at", FETCH_TIMES)
def test_any_fetch_time_is_taken(fetched_at: str) -> None:
    check_story(lambda: extract(good_page(), fetched_at=fetched_at))
    check_story(lambda: extract_text(DUMP, fetched_at=fetched_at))


@bounded
@given(st.lists(words, max_size=40).map("\n".join), urls, fetch_times)
def test_any_text_dump_of_a_known_site(text: str, url: str | None, fetched_at: str | None) -> None:
    check(lambda: extract_text(text, url, profile="islamtimes", fetched_at=fetched_at))


@bounded
@given(soup, urls, fetch_times)
def test_tag_soup_of_a_known_site(page: str, url: str | None, fetched_at: str | None) -> None:
    check(lambda: extract(page, url, profile="islamtimes", fetched_at=fetched_at))
