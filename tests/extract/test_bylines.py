"""Which printed line names the authors, and which of the sources that disagree is believed."""

from __future__ import annotations

import pytest

from .pages import json_ld, meta, page, paragraphs, read

ARTICLE_BY_SITE = json_ld(author={"@type": "Organization", "name": "Example"}) + meta("og:site_name", "Example")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        pytest.param(
            '<div class="meta"><span class="date">4 March 2024</span> <span class="author vcard"><a class="fn url" '
            'href="/a">Jane Doe</a></span> <span class="cat">Sea, Ice</span></div>',
            ["Jane Doe"],
            id="an element called an author in a mixed line",
        ),
        pytest.param(
            '<p class="meta"><span class="author">jdoe</span> 4 March 2024</p>', ["jdoe"], id="an account's name"
        ),
        pytest.param('<p class="authorname">Jane Doe</p>', ["Jane Doe"], id="a joined class name"),
        pytest.param('<p>Published 4 March 2024 by Jane Doe</p>', ["Jane Doe"], id="a label behind a date"),
        pytest.param('<p>Ein Interview von Eva Muster</p>', ["Eva Muster"], id="a label behind what it is"),
        pytest.param('<p>By</p><p>Jane Doe</p>', ["Jane Doe"], id="a label in a block of its own"),
        pytest.param('<p><a href="/authors/jane-doe">Jane Doe</a></p>', ["Jane Doe"], id="a link to an author"),
        pytest.param('<p><a href="/islands/outer">Outer Islands</a></p>', [], id="a link to a section"),
        pytest.param('<p>04.03.2024 | 13:10 | Jane Doe</p>', ["Jane Doe"], id="parted from the date"),
        pytest.param('<p>4 March 2024</p><p>Outer Islands</p>', [], id="a topic beside the date"),
        pytest.param('<p>Photo: Jane Doe</p>', [], id="a credit"),
        pytest.param('<p class="byline">Updated 4 March</p>', [], id="a byline without a name"),
        pytest.param(
            '<p class="byline"><span>Jane Doe</span> <span>Ann Poe</span> <span>John Roe</span></p>',
            ["Jane Doe", "Ann Poe", "John Roe"],
            id="names in elements of their own",
        ),
        pytest.param(
            '<p class="byline">Jane Doe, Gardener</p>', ["Jane Doe"], id="what somebody does"
        ),
        pytest.param('<p>제비: 김예시</p>', [], id="a label that is not known"),
    ],
)  # fmt: skip
def test_printed_bylines(line: str, authors: list[str]) -> None:
    assert read(page(under_title=line)).authors == authors


def test_a_name_of_its_own_beside_a_date_counts_where_the_story_ends_with_it_again() -> None:
    line = "<p>Jane Doe</p><p>4 March 2024</p>"
    assert read(page(under_title=line)).authors == []
    assert read(page(under_title=line, below="<aside><p>Jane Doe</p><p>sails herself.</p></aside>")).authors == [
        "Jane Doe"
    ]


@pytest.mark.parametrize(
    ("head", "under_title", "authors"),
    [
        pytest.param(ARTICLE_BY_SITE, "<p>By Jane Doe</p>", ["Jane Doe"], id="a person rather than the site"),
        pytest.param(ARTICLE_BY_SITE, "", ["Example"], id="the site where nobody else is named"),
        pytest.param(meta("author", "Quay Press Ltd"), "<p>By Jane Doe</p>", ["Jane Doe"], id="rather than a company"),
        pytest.param(meta("author", "Jane"), "<p>By Jane Doe</p>", ["Jane Doe"], id="the full name"),
        pytest.param(meta("author", "jdoe"), "", ["jdoe"], id="an account's name where there is no other"),
        pytest.param(meta("author", "admin"), "", [], id="nobody"),
        pytest.param(
            meta("author", "Ed Itor"),
            '<p class="byline">By <a rel="author" href="/authors/jane">Jane Doe</a></p>',
            ["Jane Doe"],
            id="printed twice against a meta tag",
        ),
        pytest.param(
            json_ld(author={"name": "Ann Poe"}), "<p>By Jane Doe</p>", ["Ann Poe"], id="JSON-LD against one line"
        ),
        pytest.param(
            json_ld(author={"name": "Jane Doe"}),
            '<p class="byline">By <a rel="author" href="/1">Jane Doe</a> and <a rel="author" href="/2">Ann Poe</a></p>',
            ["Jane Doe", "Ann Poe"],
            id="JSON-LD that forgets one",
        ),
        pytest.param(
            json_ld(author={"@id": "#jane"})
            + '<script type="application/ld+json">{"@type": "Person", "@id": "#jane", "name": "Jane Doe"}</script>',
            "",
            ["Jane Doe"],
            id="an author that is a reference",
        ),
    ],
)
def test_which_source_is_believed(head: str, under_title: str, authors: list[str]) -> None:
    assert read(page(head=head, under_title=under_title)).authors == authors


def test_microdata_of_teasers_names_no_authors_of_the_story() -> None:
    marked = '<span itemprop="author">{}</span>'
    teasers = "".join(f"<div><p>Ice on the sound, {name}</p>{marked.format(name)}</div>" for name in ("Al Fa", "Be Ta"))
    html = page(under_title=f'<p class="byline">By {marked.format("Jane Doe")}</p>', below=teasers)
    assert read(html).authors == ["Jane Doe"]


def test_a_byline_below_the_story() -> None:
    assert read(page(body=paragraphs() + "<p>Autorin: Eva Muster</p>")).authors == ["Eva Muster"]
