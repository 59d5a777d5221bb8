"""Every page that is no story: front pages, listings, the calendar, texts, login, errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from .dates import print_day
from .furniture import draw_furniture, make_teaser
from .markup import Markup, join
from .story import DemoStory
from .view import View

_FRONT_STORIES = 3
_PAGING = ("prev", "next")
_FACETS = {
    "color": ("blue", "green", "grey", "red", "white", "yellow"),
    "size": ("brief", "long", "short", "standard"),
    "order": ("newest", "oldest", "read"),
}

Link = tuple[str, str, str]
"""rel, path, text."""


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
    return Listing(draw_listing(view, view.edition.name, stories), changed)


def draw_edition_front(view: View) -> Listing:
    """An edition's home page."""
    stories = view.catalogue.newest(view.edition, _FRONT_STORIES)
    return Listing(draw_listing(view, view.edition.name, stories), _tell_change(view, stories))


def draw_section(view: View, section: str, page: int, *, by_path: bool = False) -> Listing | None:
    """One page of a section; past the last one that page again, or None where pagination ends.

    `by_path` is for those that are numbered in their path. What happens on the pages before it may move stories here,
    so that the change of any of them counts.
    """
    stories = view.catalogue.listed(view.edition, section)
    per_page = view.catalogue.per_page
    last = max(1, -(-len(stories) // per_page))
    endless = ("endless_paths" if by_path else "endless_pages") in view.traps
    if page < 1 or (page > last and not endless):
        return None
    shown = min(page, last)
    rels = [("prev", page - 1, "newer")] if page > 1 else []
    rels += [("next", page + 1, "older")] if page < last or endless else []
    links = [
        (rel, view.section_path(section, number, by_path=by_path), view.words[label]) for rel, number, label in rels
    ]
    links += _list_further_links(view, section, by_path=by_path)
    html = draw_listing(
        view, view.words["sections"][section], stories[(shown - 1) * per_page : shown * per_page], links
    )
    return Listing(html, _tell_change(view, stories[: shown * per_page]))


def _list_further_links(view: View, section: str, *, by_path: bool) -> list[Link]:
    """What a section leads to besides its own next page."""
    links = []
    if "endless_paths" in view.traps and not by_path:
        links.append(("section", view.section_path(section, 2, by_path=True), view.words["latest"]))
    if "facets" in view.traps:
        links += [("nofollow", href, value) for href, value in _list_facets(view)]
    return links


def _list_facets(view: View) -> list[tuple[str, str]]:
    """(path, value) of each choice that a reader has: what was chosen already stands first."""
    path, _, query = view.here.partition("?")
    chosen = {name: value for name, value in parse_qsl(query) if value in _FACETS.get(name, ())}
    facets = []
    for name, values in _FACETS.items():
        others = {key: value for key, value in chosen.items() if key != name}
        facets += [(f"{path}?{urlencode(others | {name: value})}", value) for value in values]
    return facets


def draw_tag(view: View, tag: str) -> Listing | None:
    """The stories of a tag, None for a tag that no story carries."""
    stories = view.catalogue.tagged(view.edition, tag)
    return Listing(draw_listing(view, tag, stories), _tell_change(view, stories)) if stories else None


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


def draw_listing(view: View, heading: str, stories: list[DemoStory], links: Sequence[Link] = ()) -> Markup:
    """A list of stories; `links` stand below it, and those that say what they are in the head too."""
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
    return _draw_rows(view, heading, items or [view.part("notice", text=view.words["no_stories"])], links)


def draw_links(view: View, heading: str, items: Sequence[tuple[str, str]], links: Sequence[Link] = ()) -> Markup:
    """A list of further pages: (path, text) of each."""
    return _draw_rows(view, heading, [view.part("menu_item", href=href, text=text) for href, text in items], links)


def _draw_rows(view: View, heading: str, rows: list[Markup], links: Sequence[Link]) -> Markup:
    pager = [view.part("pager_link", rel=rel, href=href, text=text) for rel, href, text in links]
    content = view.part("listing", heading=heading, items=join(rows), pager=join(pager))
    paging = [view.part("paging_link", rel=rel, href=view.url(href)) for rel, href, _ in links if rel in _PAGING]
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
