"""Who may read the story, and whether all of it is on the page."""

from __future__ import annotations

import pytest

from .pages import PARAGRAPHS, json_ld, meta, page, paragraphs, read

LONG = paragraphs([f"{text} It was the {n}th winter of its kind." for n in range(12) for text in PARAGRAPHS])
TEASER = paragraphs(PARAGRAPHS[:2])


@pytest.mark.parametrize(
    ("head", "access"),
    [
        (json_ld(isAccessibleForFree=True), "free"),
        (json_ld(isAccessibleForFree="True"), "free"),
        (json_ld(isAccessibleForFree="http://schema.org/False"), "paywalled"),
        (json_ld(isAccessibleForFree=[False]), "paywalled"),
        (
            json_ld(hasPart={"@type": "WebPageElement", "isAccessibleForFree": "false", "cssSelector": ".x"}),
            "paywalled",
        ),
        (json_ld(isAccessibleForFree=True) + meta("article:content_tier", "metered"), "metered"),
        (json_ld(isAccessibleForFree=False) + meta("article:content_tier", "free"), "paywalled"),
        (meta("article:content_tier", "locked"), "paywalled"),
        (meta("og:article:content_tier", "free"), "free"),
        (meta("isAccessibleForFree", "false"), "paywalled"),
        (meta("cxenseparse:abc-ispaidcontent", "true"), "paywalled"),
        (meta("subscriber_only", "false"), None),
        (json_ld(isAccessibleForFree="perhaps"), None),
    ],
)
def test_declared(head: str, access: str | None) -> None:
    assert read(page(head=head, body=LONG)).access == access


@pytest.mark.parametrize(
    "offer",
    [
        "<p>Subscribe to continue reading this story.</p>",
        "<div class='box'><h3>Jetzt weiterlesen mit Plus</h3><p>Vier Wochen für einen Euro.</p></div>",
        "<p>Pour lire la suite, abonnez-vous dès 1 €.</p>",
        "<p>Чтобы читать дальше, оформите подписку.</p>",
        "<p>この記事は有料記事です。残り900文字</p>",
        "<div class='paywall'><p>Only a moment.</p></div>",
    ],
)
def test_an_offer_behind_a_teaser_is_a_wall(offer: str) -> None:
    story = read(page(body=TEASER, below=offer))
    assert (story.access, story.complete) == ("paywalled", False)


@pytest.mark.parametrize(
    "below",
    [
        "<p>Subscribe to our newsletter.</p>",
        "<ul><li><a href='/a'>For subscribers only: the story behind the ferry</a></li></ul>",
        "",
    ],
)
def test_other_boxes_are_none(below: str) -> None:
    story = read(page(body=TEASER, below=below))
    assert (story.access, story.complete) == (None, True)


def test_an_offer_under_a_whole_story_is_an_advertisement() -> None:
    story = read(page(body=LONG, below="<p>Subscribe to continue reading stories like this one.</p>"))
    assert (story.access, story.complete) == (None, True)


def test_a_meter_counts() -> None:
    meter = '<div class="meter"><p>You have read 2 of 5 stories this month.</p></div>'
    story = read(page(above=meter))
    assert (story.access, story.complete) == ("metered", True)


def paid(selector: str) -> str:
    part = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": selector}
    return json_ld(isAccessibleForFree=False, hasPart=part)


@pytest.mark.parametrize(
    ("head", "body", "complete"),
    [
        pytest.param(paid(".paid"), f"{TEASER}<div class='paid'></div>", False, id="nothing behind the wall"),
        pytest.param(
            paid(".paid"),
            f"{TEASER}<div class='paid'>{paragraphs(PARAGRAPHS[2:])}</div>",
            True,
            id="text behind the wall",
        ),
        pytest.param(paid(".paid"), f"<div class='paid'>{TEASER}</div>", False, id="a teaser behind the wall"),
        pytest.param(paid(".paid"), f"<div class='paid'>{LONG}</div>", True, id="all behind the wall"),
        pytest.param(paid(".none"), LONG, True, id="a selector that finds nothing"),
        pytest.param(paid(":nonsense("), LONG, True, id="no selector"),
        pytest.param(json_ld(isAccessibleForFree=False, wordCount=900), LONG, True, id="as long as declared"),
        pytest.param(json_ld(isAccessibleForFree=False, wordCount=3000), LONG, False, id="shorter than declared"),
        pytest.param(json_ld(isAccessibleForFree=False), TEASER, False, id="short"),
    ],
)
def test_what_is_behind_the_wall(head: str, body: str, complete: bool) -> None:
    assert read(page(head=head, body=body)).complete is complete


@pytest.mark.parametrize(
    ("line", "complete"),
    [("Page 1 of 3", False), ("Seite 1 von 2", False), ("صفحه ۱ از ۲", False), ("第1页 共3页", False),
     ("Страница 1 из 4", False), ("Page 1 of 1", True), ("Page 3 of 3", True),
     ("Page one of the logbook is missing", True)],
)  # fmt: skip
def test_pages_that_are_only_counted(line: str, complete: bool) -> None:
    assert read(page(below=f"<div>{line}</div>")).complete is complete


def test_a_further_page_is_missing() -> None:
    pager = '<div class="pagination"><a href="?page=2">2</a></div>'
    assert read(page(below=pager)).complete is False
    assert read(page(below=pager), None).complete is True
    canonical = '<link rel="canonical" href="https://example.org/news/ferry">'
    assert read(page(head=canonical, below=pager), None).complete is False
