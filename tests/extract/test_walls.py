"""Headlines that only sound like walls and errors are headlines; walls and errors are told apart from them."""

from __future__ import annotations

import pytest

from newsscraper import extract
from newsscraper.errors import NotAStory

BODY = """<p>The board met on Monday in the old harbour hall and talked for three hours about the crane.</p>
<p>Nobody voted against it, and nobody was surprised by that, since the paint had been bought in spring.</p>
<p>In May the painters come, and the harbour will smell of it for a week, the harbour master wrote.</p>"""


def page(title: str, body: str = BODY) -> str:
    return f"<html lang='en'><head><title>{title} - The Quay</title></head><body><h1>{title}</h1>{body}</body></html>"


@pytest.mark.parametrize(
    "title",
    [
        "S&amp;P 500 closes at record high after rate decision",
        "More than 500 march through the old town",
        "500 march through the old town",
        "Ford recalls 410 cars",
        "Missing boy not found after third night of search",
        "One moment in time: the singer at 60",
        "Please wait your turn, says minister",
        "Attention required for cyclists at the old bridge, police say",
    ],
)
def test_headlines_stay_headlines(title: str) -> None:
    assert extract(page(title), "https://consent-news.example/a").body.count("\n\n") == 2


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("404 Not Found", "error_page"),
        ("404", "error_page"),
        ("Error 500", "error_page"),
        ("Page not found", "error_page"),
        ("Seite nicht gefunden", "error_page"),
        ("صفحه یافت نشد", "error_page"),
        ("Just a moment...", "bot_wall"),
        ("Access denied", "bot_wall"),
        ("Are you a robot?", "bot_wall"),
    ],
)
def test_walls_and_errors_are_told(title: str, reason: str) -> None:
    with pytest.raises(NotAStory) as refusal:
        extract(page(title))
    assert refusal.value.reason == reason


CONSENT = "We and our 42 partners use cookies for tracking and advertising. Manage your consent and your privacy here."


def test_consent_laid_over_a_story_is_no_wall() -> None:
    overlay = f"<div class=consent>{f'<p>{CONSENT}</p>' * 3}</div>"
    story = extract(page("The crane gets new paint", overlay + BODY))
    assert story.body.startswith("The board met")


def test_consent_and_nothing_else_is_a_wall() -> None:
    with pytest.raises(NotAStory) as refusal:
        extract(page("Before you go on", f"<div class=consent>{f'<p>{CONSENT}</p>' * 5}</div>"))
    assert refusal.value.reason == "consent_wall"
