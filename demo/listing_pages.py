"""Every page that is no story: front pages, listings, the calendar, texts, login, errors."""

from __future__ import annotations

from datetime import date, timedelta

from .catalogue import PER_PAGE
from .dates import print_day
from .furniture import draw_furniture, make_teaser
from .markup import Markup, join
from .story import DemoStory
from .view import View

_FRONT_STORIES = 3


def draw_site_front(view: View) -> Markup:
    """The home page of all editions."""
    stories = [s for e in view.catalogue.editions.values() for s in view.catalogue.newest(e, _FRONT_STORIES)]
    return _draw_listing(view, view.edition.name, stories)


def draw_edition_front(view: View) -> Markup:
    """An edition's home page."""
    return _draw_listing(view, view.edition.name, view.catalogue.newest(view.edition, _FRONT_STORIES))


def draw_section(view: View, section: str, page: int) -> Markup | None:
    """One page of a section; past the last one that page again, or None where pagination ends."""
    stories = view.catalogue.listed(view.edition, section)
    last = max(1, -(-len(stories) // PER_PAGE))
    endless = "endless_pages" in view.traps
    if page < 1 or (page > last and not endless):
        return None
    shown = min(page, last)
    rels = [("prev", page - 1, "newer")] if page > 1 else []
    rels += [("next", page + 1, "older")] if page < last or endless else []
    links = [(rel, view.section_path(section, number), view.words[label]) for rel, number, label in rels]
    return _draw_listing(
        view, view.words["sections"][section], stories[(shown - 1) * PER_PAGE : shown * PER_PAGE], links
    )


def draw_tag(view: View, tag: str) -> Markup | None:
    """The stories of a tag, None for a tag that no story carries."""
    stories = view.catalogue.tagged(view.edition, tag)
    return _draw_listing(view, tag, stories) if stories else None


def draw_calendar_day(view: View, day: date) -> Markup:
    """The archive of one day, whether anything appeared on it or not, with links to its neighbours."""
    links = [
        (rel, f"/archive/{other:%Y/%m/%d}", view.words[label])
        for rel, other, label in (
            ("prev", day - timedelta(days=1), "previous_day"),
            ("next", day + timedelta(days=1), "next_day"),
        )
    ]
    return _draw_listing(view, print_day(day, view.words), view.catalogue.of_day(day), links)


def draw_text_page(view: View, name: str) -> Markup:
    """About, contact or privacy."""
    heading = view.words[name]
    return _draw_page(view, heading, _draw_text(view, heading, view.words[f"{name}_text"]))


def draw_login(view: View) -> Markup:
    """The login form."""
    return _draw_page(view, view.words["login"], view.part("login", action=view.here))


def draw_not_found(view: View) -> Markup:
    """The page for what is not there."""
    heading = view.words["not_found"]
    return _draw_page(view, heading, _draw_text(view, heading, [view.words["not_found_text"]]))


def draw_forbidden(view: View) -> Markup:
    """What robots.txt keeps crawlers from: a text that would pass for a story."""
    return _draw_page(
        view, view.words["press_review"], _draw_text(view, view.words["press_review"], view.words["about_text"])
    )


def _draw_listing(
    view: View, heading: str, stories: list[DemoStory], links: list[tuple[str, str, str]] | None = None
) -> Markup:
    items = [
        view.part(
            "listing_item",
            href=story.path,
            title=story.title,
            day=print_day(story.published.date(), view.catalogue.words[story.language]),
            teaser=make_teaser(story),
        )
        for story in stories
    ]
    pager = [view.part("pager_link", rel=rel, href=href, text=text) for rel, href, text in links or ()]
    rows = items or [view.part("notice", text=view.words["no_stories"])]
    content = view.part("listing", heading=heading, items=join(rows), pager=join(pager))
    paging = [view.part("paging_link", rel=rel, href=view.url(href)) for rel, href, _ in links or ()]
    return _draw_page(view, heading, content, join(paging))


def _draw_text(view: View, heading: str, texts: list[str]) -> Markup:
    paragraphs = join([view.part("p", text=text) for text in texts])
    return view.part("text_page", heading=heading, paragraphs=paragraphs)


def _draw_page(view: View, heading: str, content: Markup, paging: Markup | None = None) -> Markup:
    return view.part(
        "shell",
        page_title=f"{heading} - {view.edition.name}" if heading != view.edition.name else heading,
        head=view.part("page_head", canonical=view.url(view.here), paging=paging or ""),
        content=content,
        **draw_furniture(view),
    )
