"""Broken pages: a story with nulls or our own error, in bounded time, and no text lost without a word."""

from __future__ import annotations

import json
import time

import pytest

from newsscraper import Story, extract, extract_text
from newsscraper.errors import NewsscraperError
from newsscraper.record import find_faults

TITLE = "Dredger frees the harbour mouth in a single night"
PARAGRAPHS = [
    "The dredger came in on the evening tide and had cleared the harbour mouth before the first boat was to leave.",
    "Its crew of nine, who had been promised two nights and a hot meal, took the meal and left the second night.",
    "Sand will be back by the autumn, the pilot said, because sand has nowhere else that it would rather be.",
]
SECONDS = 20
"""Far above what any of these pages should take, on a slow machine under load."""


def write_page(*, head: str = "", before: str = "", after: str = "", paragraphs: list[str] | None = None) -> str:
    text = "\n".join(f"<p>{p}</p>" for p in (PARAGRAPHS if paragraphs is None else paragraphs))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>{head}</head>'
        f"<body>{before}<h1>{TITLE}</h1>{text}{after}</body></html>"
    )


def extract_or_refuse(page: bytes | str) -> Story | NewsscraperError:
    """The checked story, or the error of ours; any other error fails the test."""
    try:
        return check(extract(page))
    except NewsscraperError as error:
        return error


def check(story: Story) -> Story:
    assert find_faults(story.to_dict()) == []
    story.body.encode("utf-8")
    return story


def test_the_page_itself_is_well() -> None:
    story = check(extract(write_page()))
    assert (story.title, story.body) == (TITLE, "\n\n".join(PARAGRAPHS))


@pytest.mark.parametrize("as_bytes", [True, False], ids=["bytes", "str"])
def test_nuls(as_bytes: bool) -> None:
    page = write_page().replace("dredger", "dred\x00ger").replace("<h1>", "\x00<h1>\x00")
    story = check(extract(page.encode() if as_bytes else page))
    assert story.title == TITLE
    assert "\x00" not in story.body
    assert "had cleared the harbour mouth" in story.body


def test_control_characters() -> None:
    story = check(extract(write_page().replace("evening", "eve\x0bning").replace("hot", "h\x1bot")))
    assert story.title == TITLE
    assert story.body.count("\n\n") == 2


def test_lone_surrogates() -> None:
    story = check(extract(write_page().replace("evening", "eve\ud800ning")))
    assert story.title == TITLE
    assert story.body.endswith(PARAGRAPHS[2])


def test_a_lone_surrogate_in_the_headline() -> None:
    check(extract(write_page().replace("Dredger", "Dred\udfffger")))


@pytest.mark.parametrize("reference", ["&#0;", "&#xD800;", "&#x110000;", "&#xFFFE;", "&#99999999999;"])
def test_impossible_character_references(reference: str) -> None:
    story = check(extract(write_page().replace("evening", f"eve{reference}ning")))
    assert story.body.endswith(PARAGRAPHS[2])


def test_utf_8_declared_as_ascii_and_latin_1() -> None:
    sentence = "Der Lotse sagte, für so eine Nacht habe er fünfzehn Jahre lang geübt und „nie daran geglaubt“."
    page = write_page(paragraphs=[*PARAGRAPHS, sentence]).replace("utf-8", "us-ascii")
    assert sentence in check(extract(page.encode("utf-8"), charset="utf-8")).body


def test_a_label_that_names_no_encoding() -> None:
    page = write_page().replace("single night", "single nuit d’été").replace("utf-8", "no-such-thing")
    assert check(extract(page.encode("utf-8"), charset="x-unheard-of")).title.endswith("nuit d’été")


def test_latin_1_declared_as_utf_8() -> None:
    page = write_page(paragraphs=[*PARAGRAPHS, "Le pilote était déjà à l'écluse, où l'on fêtait la marée haute."])
    story = check(extract(page.encode("cp1252")))
    assert story.title == TITLE
    assert PARAGRAPHS[0] in story.body


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote"])
def test_ten_thousand_nested_tags_lose_no_text(tag: str) -> None:
    text = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    page = write_page(paragraphs=[], after=f"<{tag}>" * 10_000 + text + f"</{tag}>" * 10_000)
    start = time.monotonic()
    story = check(extract(page))
    assert time.monotonic() - start < SECONDS
    assert [p for p in PARAGRAPHS if p not in story.body] == []


def test_a_megabyte_without_a_tag() -> None:
    text = "The dredger came in on the evening tide, said the pilot, and went out on the morning one. "
    start = time.monotonic()
    with pytest.raises(NewsscraperError):
        extract(text * (1_000_000 // len(text)))
    assert time.monotonic() - start < SECONDS


def test_a_megabyte_in_one_paragraph() -> None:
    long = "The dredger came in on the evening tide, and the pilot said so in many words. " * 13_000
    start = time.monotonic()
    story = check(extract(write_page(paragraphs=[*PARAGRAPHS, long.strip()])))
    assert time.monotonic() - start < SECONDS
    assert len(story.body) > 1_000_000


def test_a_megabyte_of_attributes_and_open_brackets() -> None:
    junk = "<div " + "data-x='1' " * 20_000 + ">" + "<" * 100_000
    start = time.monotonic()
    assert extract_or_refuse(write_page(after=junk))
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "null",
        "[]",
        "42",
        '"NewsArticle"',
        "[[[[]]]]",
        "{" * 5_000,
        "[" * 100_000,
        '{"@type": "NewsArticle", "headline": ',
        '{"@type": "NewsArticle", "headline": 17, "datePublished": {"a": []}, "author": 3, "keywords": {"x": 1}}',
        '{"@type": ["NewsArticle", 3, null], "author": [null, [], {"name": ["A", {}]}], "publisher": [1]}',
        '{"@graph": {"@graph": {"@graph": 1}}}',
        '{"@type": "NewsArticle", "image": [null, 4, {"url": {"url": 1}}], "datePublished": "never"}',
        "<!-- not json at all --> &quot;&quot;",
        '{"@type": "NewsArticle", "headline": NaN, "wordCount": 1e99999}',
    ],
)
def test_broken_json_ld_never_hides_the_story(data: str) -> None:
    story = check(extract(write_page(head=f'<script type="application/ld+json">{data}</script>')))
    assert story.title == TITLE
    assert story.body == "\n\n".join(PARAGRAPHS)
    assert story.date is None


@pytest.mark.parametrize("data", ["{", "null", "[" * 50_000, '{"props": {"pageProps": []}}', '{"a": ' * 3_000])
def test_broken_script_state(data: str) -> None:
    script = (
        f'<script id="__NEXT_DATA__" type="application/json">{data}</script><script>window.__STATE__ = {data}</script>'
    )
    assert check(extract(write_page(after=script))).body == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
def test_truncated_html(share: float) -> None:
    page = write_page(head='<script type="application/ld+json">{"@type": "NewsArticle"}</script>').encode()
    outcome = extract_or_refuse(page[: int(len(page) * share)])
    assert isinstance(outcome, NewsscraperError) or TITLE.startswith(outcome.title)


def test_an_unclosed_comment_or_script_keeps_the_text_before_it() -> None:
    for junk in ("<!-- forgotten", "<script>var a = '", "<style>p {", "<textarea>"):
        assert check(extract(write_page(after=junk))).body == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "url", ["", "not a url", "http://", "http://[::1", "mailto:a@b.example", "//x", "http://x:99999/"]
)
def test_a_broken_url(url: str) -> None:
    image = '<figure><img src="http://[bad/a.jpg"><figcaption>The dredger.</figcaption></figure>'
    assert check(extract(write_page(after=image), url)).title == TITLE


@pytest.mark.parametrize(
    "date", ["0000-00-00", "9999-12-31T23:59:59+14:00", "2022-02-30", "1", "0001-01-01T00:00+14:00"]
)
def test_an_impossible_date_is_no_date(date: str) -> None:
    head = f'<meta property="article:published_time" content="{date}">'
    story = check(extract(write_page(head=head), fetched_at="2024-01-01T00:00:00Z"))
    assert story.date is None


def test_json_ld_may_hold_surrogates_and_nuls() -> None:
    data = json.dumps(
        {"@type": "NewsArticle", "author": {"name": "A\ud800nn\x00a Pilot"}, "keywords": ["sand\x00", "\udc00"]}
    )
    check(extract(write_page(head=f'<script type="application/ld+json">{data}</script>')))


@pytest.mark.parametrize("text", ["", " \n\t\n", "\x00\x01", "\ufeff", "one line"])
def test_text_without_a_story(text: str) -> None:
    with pytest.raises(NewsscraperError):
        extract_text(text)


def test_a_text_dump_with_surrogates_and_nuls() -> None:
    check(extract_text("\n".join([TITLE, "", *PARAGRAPHS]).replace("evening", "eve\ud800ning\x00")))
