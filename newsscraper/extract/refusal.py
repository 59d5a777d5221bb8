"""Is it a story at all? A page without a headline that has text of its own under it is refused, with the reason."""

from __future__ import annotations

from newsscraper.errors import NotAStory
from newsscraper.extract.fields.access import resolve_access
from newsscraper.extract.fields.genre import shown_medium
from newsscraper.extract.layout import Layout
from newsscraper.extract.listing import has_teasers, is_listing
from newsscraper.extract.structured import types_of
from newsscraper.extract.text import count_letters
from newsscraper.extract.walls import is_error_title, refuse_walls

MIN_TEXT = 140
"""Letters of body that make a story without any other evidence."""
MIN_TEXT_DECLARED = 25
"""Letters of body where the page declares itself a story, or shows pictures or a player under a name for them."""


def refuse_not_story(layout: Layout, body: str) -> None:
    """Raises `NotAStory` for walls of all kinds, error pages, listings, and pages without headline or text."""
    letters = count_letters(body)
    title = layout.headline.text or ""
    declared = _declares_story(layout)
    own = letters - sum(layout.page.blocks.blocks[i].letters for i in layout.body_indices if layout.teasers[i])
    refuse_walls(layout, title, letters, declared=declared)
    if not declared and own < 1500 and title and is_error_title(title, layout):
        raise NotAStory("error_page", f"its headline reads as an error: {title[:80]!r}")
    if letters >= MIN_TEXT or (letters >= MIN_TEXT_DECLARED and (declared or shown_medium(layout))):
        if is_listing(layout, letters, declared=declared):
            raise NotAStory("listing", "its text is a list of teasers that link to other pages")
    elif resolve_access(layout) == "paywalled" and (declared or not has_teasers(layout)):
        raise NotAStory(
            "paywall", f"the page says that its story has to be paid for, and shows {letters} letters of it"
        )
    elif len(layout.page.blocks) <= 1 and letters == 0:
        raise NotAStory("empty", "the page is an empty shell: whatever it shows is filled in by scripts")
    elif has_teasers(layout):
        raise NotAStory("listing", "headlines that link to other pages, and no text of its own")
    else:
        raise NotAStory(
            "no_text", f"{letters} letters of text were found under the headline; a story has {MIN_TEXT} or more"
        )
    if not title:
        raise NotAStory("no_headline", "there is text, but no heading, title or metadata names it")


def _declares_story(layout: Layout) -> bool:
    structured = layout.page.structured
    types = types_of(structured.story)
    if types and not types <= {"CreativeWork", "Review", "Article"}:
        return True
    return bool(
        structured.story.get("articleBody") or structured.first_meta("article:published_time", "datepublished")
    ) or (
        (structured.first_meta("og:type") or "").lower().startswith("article")
        and bool(structured.story or structured.meta.get("author"))
    )
