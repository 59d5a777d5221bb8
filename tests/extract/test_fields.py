"""Title, tags, dates, access, genre, pictures: which source wins, and what is cleaned away."""

from __future__ import annotations

from typing import Any

import pytest

from newsscraper.extract.fields.tags import split_tag_line
from newsscraper.extract.fields.title import drop_site_name
from newsscraper.sites.profile import Profile

from .pages import BODY, PARAGRAPHS, TITLE, json_ld, meta, page, paragraphs, read

LONGER = "Ferry to outer islands: all about timetable and fares in the new season"


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("Ferry sails | The Example", "Ferry sails"),
        ("Ferry sails - The Example", "Ferry sails"),
        ("The Example :: Ferry sails", "Ferry sails"),
        ("Ferry sails | News | The Example", "Ferry sails | News"),
        ("Ferry sails – and returns", "Ferry sails – and returns"),
        ("Ferry sails_The Example", "Ferry sails_The Example"),
        ("The Example", "The Example"),
    ],
)
def test_site_names_are_cut(title: str, cut: str) -> None:
    assert drop_site_name(title, ["the example"]) == cut


@pytest.mark.parametrize(
    ("html", "title"),
    [
        pytest.param(page(), TITLE, id="h1"),
        pytest.param(page(head=meta("og:title", f"{TITLE} | Example")), TITLE, id="confirmed by og:title"),
        pytest.param(page().replace("h1>", "h2>"), TITLE, id="h2 confirmed by the title tag"),
        pytest.param(page().replace("h1>", "p>"), TITLE, id="a paragraph that the title tag confirms"),
        pytest.param(
            page().replace(f"<h1>{TITLE}</h1>", f"<h1>{LONGER}</h1><h2>{TITLE}</h2>", 1).replace(
                "</head>", json_ld() + "</head>"
            ),
            TITLE,
            id="declared headline beside an h1 for search engines",
        ),
        pytest.param(
            page(head=json_ld()).replace(f"<h1>{TITLE}", f"<h1>Islands: {TITLE}"), TITLE, id="kicker in the h1"
        ),
        pytest.param(
            page(head=json_ld()).replace(f"<h1>{TITLE}", f"<h1><span>Islands</span>{TITLE}"),
            TITLE,
            id="kicker glued to the headline",
        ),
        pytest.param(
            page(head=json_ld() + meta("og:title", f"Isles: {TITLE}")).replace(f"<h1>{TITLE}", f"<h1>Isles: {TITLE}"),
            f"Isles: {TITLE}",
            id="a colon of the headline's own",
        ),
        pytest.param(
            page().replace(f"<title>{TITLE}", f"<title>Example - {TITLE}").replace("h1>", "div>"),
            TITLE,
            id="the printed part of the title tag",
        ),
        pytest.param(page(above="<h1>Example</h1>", head=meta("og:site_name", "Example")), TITLE, id="site name in h1"),
    ],
)  # fmt: skip
def test_title(html: str, title: str) -> None:
    assert read(html).title == title


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("Outer Islands ferry", ["Outer Islands", "ferry"]),
        ("ice bread", ["ice", "bread"]),
        ("Outer Islands Harbour Office", ["Outer Islands", "Harbour Office"]),
        ("", [""]),
    ],
)
def test_tags_on_a_line_without_separators(line: str, tags: list[str]) -> None:
    assert split_tag_line(line, "The Outer Islands wait, the Harbour Office wrote; ice, no bread, a ferry") == tags


@pytest.mark.parametrize(
    ("head", "below", "tags"),
    [
        (json_ld(keywords=["ice", "sea"]), "", ["ice", "sea"]),
        (json_ld(keywords="ice, sea"), "", ["ice", "sea"]),
        (json_ld(keywords=["ice", "site:sport", "type=story", "12345", "https://x.example/"]), "", ["ice"]),
        (meta("article:tag", "ice") + meta("article:tag", "sea"), "", ["ice", "sea"]),
        (meta("news_keywords", "ice; sea; Ice"), "", ["ice", "sea"]),
        (meta("keywords", "ice، sea"), "", ["ice", "sea"]),
        (meta("keywords", "ice,Example") + meta("og:site_name", "Example"), "", ["ice"]),
        ("", '<div class="tags"><a href="/t/1">ice</a> <a href="/t/2">sea</a></div>', ["ice", "sea"]),
        ("", '<p>Tags: <a href="/t/1">ice</a>, <a href="/t/2">sea</a></p>', ["ice", "sea"]),
        ("", "<p>Tags: ice, sea</p>", ["ice", "sea"]),
        ("", '<p><a rel="tag" href="/t/1">ice</a> <a rel="tag" href="/t/2">#sea</a></p>', ["ice", "sea"]),
        ("", '<p><a rel="category tag" href="/c/1">Transport</a></p>', []),
    ],
)
def test_tags(head: str, below: str, tags: list[str]) -> None:
    assert read(page(head=head, body=paragraphs() + below)).tags == tags


PRINTED = "<p>Monday, 4 March 2024, 10:15</p>"


@pytest.mark.parametrize(
    ("head", "under_title", "date"),
    [
        (json_ld(datePublished="2024-03-04T10:15:00+01:00"), "", "2024-03-04T10:15:00+01:00"),
        ("", PRINTED, "2024-03-04T10:15"),
        (json_ld(datePublished="2024-03-04T00:00:00Z"), PRINTED, "2024-03-04T10:15"),
        (json_ld(datePublished="2024-03-04T09:15:00Z"), PRINTED, "2024-03-04T10:15:00+01:00"),
        (meta("article:published_time", "2024-03-04"), "", "2024-03-04"),
        ("", '<time datetime="2024-03-04T10:15">some time ago</time>', "2024-03-04T10:15"),
        (json_ld(dateModified="2024-03-05"), "", "2024-03-05"),
        ("", "<p>چهارشنبه ۱۰ فروردين ۱۴۰۱ ساعت ۲۱:۵۰</p>", "2022-03-30T21:50"),
        ("", "", None),
    ],
)
def test_date(head: str, under_title: str, date: str | None) -> None:
    assert read(page(head=head, under_title=under_title)).date == date


def test_dates_of_the_sidebar_are_not_the_storys() -> None:
    cards = "".join(
        f'<li><a href="/{n}">A headline that leads elsewhere, {n}</a><br>{n} May 2021</li>' for n in range(1, 9)
    )
    assert read(page(below=f"<ul>{cards}</ul>" + "<p>x</p>" * 20)).date is None


def test_a_date_after_the_fetch_is_none() -> None:
    html = page(head=json_ld(datePublished="2031-01-01"))
    assert read(html, fetched_at="2024-03-05T00:00:00Z").date is None
    assert read(html).date == "2031-01-01"


def test_a_change_before_publication_is_none() -> None:
    facts = {"datePublished": "2024-03-04", "dateModified": "2024-03-01"}
    assert read(page(head=json_ld(**facts))).date_modified is None
    assert read(page(head=json_ld(**{**facts, "dateModified": "2024-03-06"}))).date_modified == "2024-03-06"


def test_the_profiles_zone_is_put_on_a_printed_time() -> None:
    story = read(page(under_title=PRINTED), profile=Profile(name="x", zone="Asia/Tehran"))
    assert (story.date, story.date_utc) == ("2024-03-04T10:15+03:30", "2024-03-04T06:45:00Z")
    assert story.date_raw == "Monday, 4 March 2024, 10:15"


@pytest.mark.parametrize(
    ("facts", "access", "complete"),
    [
        ({}, None, True),
        ({"isAccessibleForFree": True}, "free", True),
        ({"isAccessibleForFree": "False"}, "paywalled", False),
        ({"isAccessibleForFree": False, "wordCount": len(BODY.split())}, "paywalled", True),
        ({"isAccessibleForFree": False, "wordCount": 5000}, "paywalled", False),
    ],
)
def test_access(facts: dict[str, Any], access: str | None, complete: bool) -> None:
    story = read(page(head=json_ld(**facts)))
    assert (story.access, story.complete) == (access, complete)


def test_a_metered_page() -> None:
    assert read(page(head=meta("article:content_tier", "metered"))).access == "metered"


def test_a_story_on_further_pages_is_not_complete() -> None:
    head = '<link rel="next" href="https://example.org/news/ferry?page=2">'
    assert not read(page(head=head)).complete
    assert read(page(head=head.replace("ferry?page=2", "next-story"))).complete


@pytest.mark.parametrize(
    ("head", "genre"),
    [
        ("", "story"),
        (json_ld(**{"@type": "LiveBlogPosting"}), "live"),
        (json_ld(**{"@type": "OpinionNewsArticle"}), "opinion"),
        (json_ld(articleSection="Meinung"), "opinion"),
        (json_ld(articleSection="Islands"), "story"),
        (json_ld(**{"@type": "ImageGallery"}), "gallery"),
        (json_ld(**{"@type": "VideoObject"}), "video"),
        (json_ld(**{"@type": "PodcastEpisode"}), "audio"),
    ],
)
def test_genre(head: str, genre: str) -> None:
    assert read(page(head=head)).genre == genre


@pytest.mark.parametrize(
    ("picture", "image"),
    [
        ('<img src="/a.jpg">', ("https://example.org/a.jpg", None)),
        ('<img src="data:image/gif;base64,R0" data-src="/a.jpg">', ("https://example.org/a.jpg", None)),
        ('<img src="/blank.gif" data-original="/a.jpg">', ("https://example.org/a.jpg", None)),
        ('<img srcset="/s.jpg 320w, /l.jpg 1280w">', ("https://example.org/l.jpg", None)),
        ('<picture><source srcset="/l.jpg 2x"><img></picture>', ("https://example.org/l.jpg", None)),
        (
            '<figure><img src="/a.jpg"><figcaption>The quay <i class="credit">Photo: Doe</i></figcaption></figure>',
            ("https://example.org/a.jpg", "The quay"),
        ),
        (f'<figure><img src="/a.jpg"><figcaption>{TITLE}</figcaption></figure>', ("https://example.org/a.jpg", None)),
        ('<img src="/logo.svg">', None),
        ('<img src="/a.jpg" width="1" height="1">', None),
        ('<aside><img src="/a.jpg"></aside>', None),
    ],
)
def test_images(picture: str, image: tuple[str, str | None] | None) -> None:
    body = paragraphs(PARAGRAPHS[:2]) + picture + paragraphs(PARAGRAPHS[2:])
    found = [(one["url"], one["caption"]) for one in read(page(body=body)).images]
    assert found == ([image] if image else [])


def test_a_declared_image_stands_in_where_none_is_printed() -> None:
    image = {"@type": "ImageObject", "url": "https://example.org/a.jpg", "caption": "The quay"}
    assert read(page(head=json_ld(image=image))).images == [{"url": "https://example.org/a.jpg", "caption": "The quay"}]


@pytest.mark.parametrize(
    ("head", "under_title", "authors"),
    [
        (json_ld(author={"@type": "Person", "name": "Jane Doe"}), "", ["Jane Doe"]),
        (json_ld(author=[{"name": "Jane Doe"}, {"name": "John Roe"}]), "", ["Jane Doe", "John Roe"]),
        (json_ld(author={"name": "Example"}) + meta("og:site_name", "Example"), "<p>By Jane Doe</p>", ["Jane Doe"]),
        (meta("author", "Jane Doe"), "", ["Jane Doe"]),
        ("", '<p class="byline">Jane Doe</p>', ["Jane Doe"]),
        ("", "<p>By Jane Doe | 4 March 2024</p>", ["Jane Doe"]),
        ("", '<p><a rel="author" href="/jane">Jane Doe</a></p>', ["Jane Doe"]),
        ("", "", []),
    ],
)
def test_authors(head: str, under_title: str, authors: list[str]) -> None:
    assert read(page(head=head, under_title=under_title)).authors == authors


@pytest.mark.parametrize(
    ("note", "url", "code"),
    [
        ("<p>Story Code: 986527</p>", None, "986527"),
        ("<p>Story Code:</p><p>986527</p>", None, "986527"),
        ("<p>Story Code: 11</p><p>News ID: 986527</p>", "https://example.org/news/986527/x", "986527"),
        ("", "https://example.org/news/986527/x", None),
    ],
)
def test_story_code(note: str, url: str | None, code: str | None) -> None:
    assert read(page(under_title=note), url).story_code == code


@pytest.mark.parametrize(
    ("opening", "date"),
    [
        ("Karlsruhe, (12.11.2021). The board met. ", "2021-11-12"),
        ("KARSK, 12 November 2021 — The board met. ", "2021-11-12"),
        ("On 12 November 2021 the board met, and nobody came. ", None),
        ("The board, which had been waiting for it since the spring, met on 12 November 2021: nobody came. ", None),
    ],
)
def test_a_dateline_dates_the_story(opening: str, date: str | None) -> None:
    assert read(page(body=paragraphs().replace("<p>", f"<p>{opening}", 1))).date == date


def test_the_only_date_of_a_page_dates_the_story() -> None:
    far = "<p>x</p>" * 20
    note = "<div>This was written by Heiner on 14 December 2015 and put under workshop.</div>"
    assert read(page(below=far + note)).date == "2015-12-14"
    assert read(page(below=far + note + far + "<div>Changed on 3 May 2016 by Olga</div>")).date is None
    assert read(page(below=far + "<div>© 14 December 2015 The Quay</div>")).date is None


@pytest.mark.parametrize(("name", "kept"), [("shared-layout commentary-body authoritative", True), ("comments", False)])
def test_a_part_is_named_by_whole_words(name: str, kept: bool) -> None:
    picture = f'<div class="{name}"><img src="/ice.jpg" alt=""></div>'
    first, rest = paragraphs().split("</p>", 1)
    images = read(page(body=f"{first}</p>{picture}{rest}")).images
    assert [image["url"].endswith("/ice.jpg") for image in images] == ([True] if kept else [])
