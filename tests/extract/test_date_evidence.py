"""What a page tells machines weighed against what it prints: which date wins, and where nothing does."""

from __future__ import annotations

import json

import pytest

from newsscraper import extract, trace
from newsscraper.story import Story

TITLE = "The old crane may stay"
PROSE = "".join(
    f"<p>The harbour board met for the {nth} time and talked for three hours about the old crane and its paint.</p>"
    for nth in ("first", "second", "third", "fourth")
)


def page(
    near: str = "",
    *,
    head: str = "",
    told: str | None = None,
    changed: str | None = None,
    below: str = "",
    lang: str = "en-GB",
) -> str:
    """A story page: `near` stands under the headline, `below` under the text."""
    data = {"@type": "NewsArticle", "headline": TITLE, "datePublished": told, "dateModified": changed}
    script = f'<script type="application/ld+json">{json.dumps({k: v for k, v in data.items() if v})}</script>'
    head += script if told or changed else ""
    return (
        f'<html lang="{lang}"><head><title>{TITLE}</title>{head}</head><body><main><article>'
        f"<h1>{TITLE}</h1>{near}<div>{PROSE}</div>{below}</article></main></body></html>"
    )


def read(html: str, url: str | None = "https://harbour.example/crane", fetched_at: str | None = None) -> Story:
    return extract(html, url, fetched_at=fetched_at)


def test_an_earlier_printed_date_wins() -> None:
    story = read(
        page("<p class=date>3 May 2020</p>", told="2022-06-01T10:00:00+01:00", changed="2022-06-01T10:00:00+01:00")
    )
    assert story.date == "2020-05-03"


def test_a_later_printed_date_that_is_the_change_does_not_win() -> None:
    story = read(page("<p>1 June 2022</p>", told="2020-05-03T10:00:00+01:00", changed="2022-06-01T10:00:00+01:00"))
    assert (story.date, story.date_modified) == ("2020-05-03T10:00:00+01:00", "2022-06-01T10:00:00+01:00")


def test_a_later_printed_date_that_is_no_change_wins() -> None:
    story = read(page("<p>13 May 2020</p>", told="2020-05-03T10:00:00+01:00"))
    assert story.date == "2020-05-13"


def test_a_later_printed_date_that_another_source_tells_wins() -> None:
    html = page(
        "<p>1 June 2022</p>",
        head='<meta property="article:published_time" content="2022-06-01T09:00:00+01:00">',
        told="2020-05-03T10:00:00+01:00",
        changed="2022-06-01T10:00:00+01:00",
    )
    assert (read(html).date or "")[:10] == "2022-06-01"


def test_what_the_url_confirms_is_not_contradicted() -> None:
    html = page("<p>2 May 2020</p>", told="2020-05-12T10:00:00+01:00")
    assert read(html, "https://harbour.example/2020/05/12/crane").date == "2020-05-12T10:00:00+01:00"
    assert read(html).date == "2020-05-02"


def test_a_labelled_change_is_no_publication() -> None:
    story = read(page("<p>Published 3 May 2020, 10:15 | Updated 5 May 2020, 11:30</p>"))
    assert (story.date, story.date_modified) == ("2020-05-03T10:15", "2020-05-05T11:30")
    story = read(page("<p>Updated 5 May 2020, 11:30 | Published 3 May 2020, 10:15</p>"))
    assert (story.date, story.date_modified) == ("2020-05-03T10:15", "2020-05-05T11:30")


def test_the_label_may_stand_in_the_block_before() -> None:
    story = read(page("<dl><dt>Updated</dt><dd>5 May 2020</dd><dt>Published</dt><dd>3 May 2020</dd></dl>"))
    assert (story.date, story.date_modified) == ("2020-05-03", "2020-05-05")


def test_first_publication_told_below_beats_a_date_without_label() -> None:
    below = "<p class=note>This story was originally published on 26 September 2019 and has been updated since</p>"
    assert read(page("<p>30 September 2022</p>", below=below)).date == "2019-09-26"


def test_a_caption_and_a_teaser_date_nothing() -> None:
    figure = "<figure><img src=a.jpg><figcaption>The crane on 2 March 2019, when it still turned</figcaption></figure>"
    html = page(figure, told="2020-05-03T10:00:00+01:00")
    assert read(html).date == "2020-05-03T10:00:00+01:00"


def test_a_time_tag_that_contradicts_its_text_is_a_leftover() -> None:
    assert read(page('<p><time datetime="2019-09-03">14 December 2023</time></p>')).date == "2023-12-14"


def test_a_date_glued_to_the_next_word_is_read() -> None:
    html = page().replace("<h1>", '<h1><span class="topline"><span class="date">27.01.2022</span></span>')
    assert read(html).date == "2022-01-27"


def test_figures_are_read_in_the_order_that_another_source_shows() -> None:
    near = "<p>03/10/2023</p>"
    assert read(page(near, lang="en-US")).date == "2023-03-10"
    assert read(page(near, lang="en-US"), "https://harbour.example/2023/october/3/crane").date == "2023-10-03"
    assert read(page(near, lang="en-US", below="<p class=date>Comments closed 28/10/2023</p>")).date == "2023-10-03"


def test_day_and_month_told_in_the_wrong_order_yield_to_print() -> None:
    assert read(page("<p>9 March 2026</p>", told="2026-09-03")).date == "2026-03-09"


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta name="w-published-date" content="2025-05-27T06:03:43Z">', "2025-05-27T06:03:43+00:00"),
        ('<meta property="site:published-on" content="2025-05-27">', "2025-05-27"),
        ('<script>var state = {"id": 7, "publishedAt": "2025-05-27T06:03:43Z"};</script>', "2025-05-27T06:03:43+00:00"),
        ('<meta name="data" content="{&quot;datePublished&quot;: &quot;2025-05-27&quot;}">', "2025-05-27"),
        ('<script>{"createdAt":"2025-05-27","updatedAt":"2025-06-01T00:00:00Z"}</script>', "2025-05-27"),
        ('<script>[{"publishedAt":"2025-05-27"},{"publishedAt":"2025-05-21"}]</script>', None),
        ('<meta name="regdate" content="20250527060343">', "2025-05-27T06:03:43"),

    ],
)  # fmt: skip
def test_names_of_the_sites_own(head: str, date: str | None) -> None:
    assert read(page(head=head)).date == date


def test_a_later_publication_is_told_as_a_change() -> None:
    head = '<meta name="last-published-date" content="2025-05-27">'
    story = read(page(head=head, told="2025-05-20T10:00:00+01:00"))
    assert (story.date, story.date_modified) == ("2025-05-20T10:00:00+01:00", "2025-05-27")


def test_url_with_a_months_name() -> None:
    assert read(page(), "https://harbour.example/2023/dec/21/crane").date == "2023-12-21"


def test_told_from_the_fetch_only_where_that_is_known() -> None:
    html = page("<p>By Ann Field, 3 hours ago</p>")
    assert read(html).date is None
    assert read(html, fetched_at="2022-03-30T14:20:00Z").date == "2022-03-30"
    assert read(page("<p>Updated 3 hours ago</p>"), fetched_at="2022-03-30T14:20:00Z").date is None


def test_an_instant_falls_on_the_day_of_its_place() -> None:
    told = "2023-11-09T02:11:03+00:00"
    near = '<p><time datetime="2023-11-08T21:11:03-05:00">November 8, 2023</time></p>'
    story = read(page(near, told=told))
    assert (story.date, story.date_utc) == ("2023-11-08T21:11:03-05:00", "2023-11-09T02:11:03Z")
    story = read(page("<p>5 November 2021</p>", told="2021-11-04T23:00:00Z"))
    assert story.date == "2021-11-05T00:00:00+01:00"
    story = read(page("<p>8 November 2023</p>", told=told, lang="en-US"), "https://harbour.com/crane")
    assert story.date == told  # which of the country's zones?
    story = read(page("<p>9 listopada 2023</p>", told="2023-11-08T23:11:03Z", lang="pl"), "https://port.pl/zuraw")
    assert story.date == "2023-11-09T00:11:03+01:00"


def test_the_trace_says_why_print_won() -> None:
    html = page("<p class=date>3 May 2020</p>", told="2022-06-01T10:00:00+01:00")
    fields = trace(html, "https://harbour.example/crane")[1].to_dict()["fields"]
    assert fields["date"]["source"] == "printed near the headline"
    assert [lost["source"] for lost in fields["date"]["lost"]] == ["json-ld datePublished"]
