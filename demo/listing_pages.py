"""Every page that is no story: front pages, listings, the calendar, texts, login, errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .dates import print_day
from .furniture import draw_furniture, make_teaser
from .markup import Markup, join
from .story import DemoStory
from .view import View

_FRONT_STORIES = 3


@dataclass(frozen=True)
class Listing:
    """A page that lists stories, and when its list last changed; None where there are none."""

    html: Markup
    changed: datetime | None


def draw_site_front(view: View) -> Listing:
    """The home page of all editions."""
    editions = list(view.catalogue.editions.values())
    stories = [s for e in editions for s in view.catalogue.newest(e, _FRONT_STORIES)]
    changed = view.catalogue.last_change(stories, view.catalogue.withdrawn_from(editions))
    return Listing(_draw_listing(view, view.edition.name, stories), changed)


def draw_edition_front(view: View) -> Listing:
    """An edition's home page."""
    stories = view.catalogue.newest(view.edition, _FRONT_STORIES)
    return Listing(_draw_listing(view, view.edition.name, stories), _tell_change(view, stories))


def draw_section(view: View, section: str, page: int) -> Listing | None:
    """One page of a section; past the last one that page again, or None where pagination ends.

    What happens on the pages before it may move stories here, so that the change of any of them counts.
    """
    stories = view.catalogue.listed(view.edition, section)
    per_page = view.catalogue.per_page
    last = max(1, -(-len(stories) // per_page))
    endless = "endless_pages" in view.traps
    if page < 1 or (page > last and not endless):
        return None
    shown = min(page, last)
    rels = [("prev", page - 1, "newer")] if page > 1 else []
    rels += [("next", page + 1, "older")] if page < last or endless else []
    links = [(rel, view.section_path(section, number), view.words[label]) for rel, number, label in rels]
    html = _draw_listing(
        view, view.words["sections"][section], stories[(shown - 1) * per_page : shown * per_page], links
    )
    return Listing(html, _tell_change(view, stories[: shown * per_page]))


def draw_tag(view: View, tag: str) -> Listing | None:
    """The stories of a tag, None for a tag that no story carries."""
    stories = view.catalogue.tagged(view.edition, tag)
    return Listing(_draw_listing(view, tag, stories), _tell_change(view, stories)) if stories else None


def draw_calendar_day(view: View, day: date) -> Listing:
    """The archive of one day, whether anything appeared on it or not, with links to its neighbours."""
    links = [
        (rel, f"/archive/{other:%Y/%m/%d}", view.words[label])
        for rel, other, label in (
            ("prev", day - timedelta(days=1), "previous_day"),
            ("next", day + timedelta(days=1), "next_day"),
        )
    ]
    stories = view.catalogue.of_day(day)
    changed = view.catalogue.last_change(stories, [w for w in view.catalogue.withdrawals if stories])
    return Listing(_draw_listing(view, print_day(day, view.words), stories, links), changed)


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


def draw_gone(view: View) -> Markup:
    """The page for a story that was taken down."""
    return _draw_page(view, view.words["withdrawn"], _draw_text(view, view.words["withdrawn"], []))


def _tell_change(view: View, stories: list[DemoStory]) -> datetime | None:
    return view.catalogue.last_change(stories, view.catalogue.withdrawn_from([view.edition]))


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
