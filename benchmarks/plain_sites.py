"""Made-up sites whose furniture no single page gives away: prose among the story's paragraphs, under no name.

Each language of the demo is a site of one plain template. Every page asks for subscriptions amid the story and tells of
the publisher under it; every fourth story ends with the note of its series; each story quotes what one other quotes.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from newsscraper_demo.site import DemoSite
from newsscraper_demo.story import DemoStory, read_words

SERIES = 4
QUOTES = 2


@dataclass(frozen=True)
class PlainPage:
    """A page and its truth."""

    html: bytes
    url: str
    body: str


def make_plain_sites() -> dict[str, list[PlainPage]]:
    """Language -> the pages of its site."""
    words = read_words()
    sites: dict[str, list[DemoStory]] = {}
    for story in DemoSite().stories:
        sites.setdefault(story.language, []).append(story)
    return {
        language: [_make_page(number, stories, words[language]) for number, story in enumerate(stories)]
        for language, stories in sites.items()
    }


def _make_page(number: int, stories: list[DemoStory], words: dict[str, str]) -> PlainPage:
    story = stories[number]
    quoted = stories[number - number % QUOTES - 1].blocks[0].text
    own = [block.text.replace("\t", " ") for block in story.blocks]
    paragraphs = [*own[:2], quoted, *own[2:]]
    printed = [*paragraphs[:3], words["newsletter_text"], *paragraphs[3:]]
    if number % SERIES == 0:
        printed.append(words["comments_text"][0].format(title="").strip())
    printed.append(words["footer"])
    text = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in printed)
    html = (
        f'<!DOCTYPE html><html lang="{story.language}"><head><meta charset="utf-8"><title>{escape(story.title)}</title>'
        f"</head><body><div><h1>{escape(story.title)}</h1>\n{text}</div></body></html>"
    )
    return PlainPage(html.encode(), f"https://{story.language}.example/{story.code}", "\n\n".join(paragraphs))
