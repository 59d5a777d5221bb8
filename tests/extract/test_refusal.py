"""Pages that are no story, and why."""

from __future__ import annotations

import pytest

from newsscraper.errors import NotAStory

from .pages import PARAGRAPHS, TITLE, json_ld, page, read

CARD = (
    '<div class="card"><h3><a href="/{0}">A headline that leads to another page, number {0}</a></h3><p>Short.</p></div>'
)
CARDS = "".join(CARD.format(n) for n in range(12))


def bare(title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("html", "url", "reason"),
    [
        (bare("Just a moment...", "<p>Checking your browser</p>"), None, "bot_wall"),
        (bare("Example", '<h1>Example</h1><div class="g-recaptcha"></div>'), None, "bot_wall"),
        (bare("Seite nicht gefunden", f"<h1>Seite nicht gefunden</h1><p>{PARAGRAPHS[0]}</p>"), None, "error_page"),
        (bare("404", f"<h1>404</h1><p>{' '.join(PARAGRAPHS)}</p>"), None, "error_page"),
        (bare("Example", f"<h1>Example</h1>{CARDS}"), "https://example.org/", "listing"),
        (bare("Ice", f"<h1>Ice</h1>{CARDS}"), "https://example.org/tag/ice", "listing"),
        (bare("Example", "<div id=root></div>"), None, "empty"),
        (bare(TITLE, f"<h1>{TITLE}</h1><p>Soon.</p>"), None, "no_text"),
        (
            bare("Example", "<h1>Example</h1><p>Our partners use cookies for tracking, with your consent.</p>" * 3),
            "https://consent.example.org/x",
            "consent_wall",
        ),
    ],
)  # fmt: skip
def test_refused(html: str, url: str | None, reason: str) -> None:
    with pytest.raises(NotAStory) as refused:
        read(html, url)
    assert refused.value.reason == reason


def test_force_reads_it_all_the_same() -> None:
    assert read(bare(TITLE, f"<h1>{TITLE}</h1><p>Soon.</p>"), force=True).title == TITLE


def test_nothing_to_name_it_by_is_refused_even_by_force() -> None:
    with pytest.raises(NotAStory) as refused:
        read("<html><body><img src=a></body></html>", None, force=True)
    assert refused.value.reason == "no_headline"


def test_a_declared_story_may_be_short() -> None:
    short = page(body="<p>The ferry sailed again on Monday.</p>")
    with pytest.raises(NotAStory):
        read(short)
    assert read(short.replace("</head>", json_ld(datePublished="2024-03-04") + "</head>")).body


def test_a_story_above_teasers_is_one() -> None:
    assert read(page(below=f"<div>{CARDS}</div>")).title == TITLE


PLACE = (
    '<div class="card"><h3><a href="https://place{0}.example/">A clinic by the sea, number {0}, with beds</a></h3>'
    "<p>Open on weekdays from nine; it takes whoever comes, asks what they can pay, and turns nobody away.</p></div>"
)
PLACES = "".join(PLACE.format(n) for n in range(12))


def test_a_list_of_places_elsewhere_is_no_section() -> None:
    """Sections lead to stories of their own site."""
    html = bare(TITLE, f"<h1>{TITLE}</h1>{PLACES}")
    assert "turns nobody away" in read(html, "https://example.org/help/clinics").body
    with pytest.raises(NotAStory) as refused:
        read(html.replace("https://place", "https://example.org/place"), "https://example.org/help/clinics")
    assert refused.value.reason == "listing"


def test_a_list_of_headlines_is_no_story() -> None:
    items = "".join(f"<li><a href=/a{n}>Mayor opens bridge number {n} over the river</a></li>" for n in range(30))
    with pytest.raises(NotAStory) as refused:
        read(bare("City news", f"<h1>City</h1><ul>{items}</ul>"), "https://example.org/city")
    assert refused.value.reason == "listing"
