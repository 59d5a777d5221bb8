"""Story pages drawn as no template has them: broken by a redesign, behind a paywall, left to a script."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from html import escape
from typing import Any

from .dates import print_date, print_day
from .furniture import draw_comments, draw_furniture
from .markup import Markup, fill, join, script_json
from .story import Block, DemoStory
from .story_page import draw_story_page, make_state
from .view import View

DRESSES = ("no_title", "no_date", "no_body", "paywall", "script_state", "script_only")
_BROKEN = frozenset({"no_title", "no_date", "no_body"})
_SCRIPTS = frozenset({"script_state", "script_only"})

_MARK = "\ue000"
"""Stands for a text until it is taken out."""
_NAMES = re.compile(r"(?<= )(class|id)=\"([^\"]+)\"")
_TITLE = re.compile(r"<title>[^<]*</title>", re.IGNORECASE)
_BOXES = ("featured", "most_read", "newsletter", "footer", "cookies")
_EMPTY = re.compile(
    r"<meta [^<>]*content=\"\"\s*/?>|<(h1|p|time|b|font|span|div)(?: [^<>]*)?>\s*</\1>|\"\w+\": \"\",? ?", re.IGNORECASE
)


def is_script(dress: Collection[str]) -> bool:
    """Whether the page is drawn by a script, so that nothing of the story's template is left of it."""
    return not _SCRIPTS.isdisjoint(dress)


def draw_dressed(view: View, story: DemoStory, dress: Collection[str]) -> Markup:
    """The story's page in one or more of `DRESSES`."""
    if "script_only" in dress:
        return _draw_for_script(view, story)
    if "script_state" in dress:
        return _draw_state(view, story)
    return _draw_broken(view, story, dress) if _BROKEN & set(dress) else _draw_teaser(view, story)


def tell_story(view: View, story: DemoStory) -> dict[str, Any]:
    """What a page's script draws the story from, where nothing but the script does."""
    return {
        "code": story.code,
        "title": story.title,
        "lead": story.lead,
        "date": story.date,
        "day": print_date(story, view.words),
        "authors": list(story.authors),
        "paragraphs": [block.text for block in story.blocks],
    }


def api_path(story: DemoStory) -> str:
    """Where a page's script asks for `tell_story`."""
    return f"/api/stories/{story.code}.json"


def _draw_broken(view: View, story: DemoStory, dress: Collection[str]) -> Markup:
    """After a redesign: everything bears another name, and what `dress` says is no longer in the page.

    Boxes and comments are gone too, so that nothing of theirs passes for what is missing.
    """
    shown, dropped = story, []
    if "no_title" in dress:
        shown = replace(shown, title=_MARK)
    if "no_body" in dress:
        shown = replace(shown, blocks=(Block("p", _MARK),), lead=None)
    if "no_date" in dress:
        dropped = _list_dates(view, story)
    html: str = _draw_teaser(view, shown) if "paywall" in dress else draw_story_page(view, shown)
    furniture = draw_furniture(view, but=shown)
    boxes = [draw_comments(view, shown), *(furniture[box] for box in _BOXES)]
    for text in [*boxes, _MARK, *dropped]:
        html = html.replace(text, "")
    if "no_title" in dress:
        html = _TITLE.sub("", html)
    html = _NAMES.sub(_rename, html)
    while (tidied := _EMPTY.sub("", html)) != html:
        html = tidied
    return Markup(html)


def _list_dates(view: View, story: DemoStory) -> list[str]:
    """The ways in which the page tells when the story appeared and changed, longest first."""
    told = {print_date(story, view.words)}
    for iso in (story.date, story.modified):
        if iso:
            told |= {iso, escape(iso), iso.replace("+00:00", "Z"), print_day(datetime.fromisoformat(iso), view.words)}
    return sorted(told, key=len, reverse=True)


def _rename(match: re.Match[str]) -> str:
    names = " ".join(
        name if name.startswith("__") else f"r{sha256(name.encode()).hexdigest()[:5]}" for name in match[2].split()
    )
    return f'{match[1]}="{names}"'


def _draw_teaser(view: View, story: DemoStory) -> Markup:
    """The first paragraph, and a box that sells the rest."""
    opening = next(block for block in story.blocks if block.kind == "p")
    box = fill("faults", "paywall_box", **view.labels, code=story.code)
    html = draw_story_page(view, replace(story, blocks=(opening,)), box)
    return Markup(html.replace('"isAccessibleForFree": true', '"isAccessibleForFree": false'))


def make_paywall_data() -> Markup:
    """What schema.org has for a text that is not free, for the head of the page."""
    part = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".subscribers-only"}
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "isAccessibleForFree": False, "hasPart": part}
    return fill("faults", "paywall_data", data=script_json(data))


def _draw_state(view: View, story: DemoStory) -> Markup:
    """The text lies in a variable of a script, and in the tree there is nothing."""
    script = fill("faults", "state", state=script_json(make_state(view, story)))
    return _draw_empty(view, story.title, script)


def _draw_for_script(view: View, story: DemoStory) -> Markup:
    """Not a word of the story: a script asks the site for it, and draws it."""
    return _draw_empty(view, view.edition.name, fill("faults", "rendering", source=api_path(story)))


def _draw_empty(view: View, page_title: str, script: Markup) -> Markup:
    menu = join([fill("faults", "menu_item", href=href, text=text) for href, text in view.menu()])
    return fill("faults", "app", **view.labels, page_title=page_title, menu=menu, script=script)
