"""What stands around every page: menu, sidebars, comments, boxes, footer."""

from __future__ import annotations

from datetime import timedelta

from .dates import print_day
from .markup import Markup, join
from .story import DemoStory
from .view import View, old_path, print_path, tracked_path

_FEATURED = 6
_MOST_READ = 5
_COMMENTS = 2


def draw_furniture(view: View, but: DemoStory | None = None) -> dict[str, Markup]:
    """Slot of the page's shell -> what fills it; `but` is the story on the page, which no sidebar repeats."""
    return {
        "menu": join([view.part("menu_item", href=href, text=text) for href, text in view.menu()]),
        "editions": _draw_editions(view),
        "featured": _draw_featured(view, but),
        "most_read": _draw_most_read(view, but),
        "newsletter": view.part("newsletter"),
        "cookies": view.part("cookies"),
        "footer": view.part("footer", links=_draw_links(view, "footer_link", view.footer_links())),
        "feeds": _draw_feeds(view),
    }


def draw_comments(view: View, story: DemoStory) -> Markup:
    """Readers' comments under a story, longer than its paragraphs."""
    texts, names = view.words["comments_text"], view.words["commenters"]
    items = []
    for step in range(_COMMENTS):
        day = story.published.date() + timedelta(days=step + 1)
        items.append(
            view.part(
                "comment",
                name=names[(story.code + step * 2) % len(names)],
                day=print_day(day, view.words),
                text=texts[(story.code + step) % len(texts)].format(title=story.title),
            )
        )
    return view.part("comments", items=join(items))


def draw_share(view: View, story: DemoStory) -> Markup:
    """The share bar: two networks, and the page's own print view and first address."""
    links = [
        (f"https://{name}.example/share?u={view.url(story.path)}", name, "nofollow") for name in ("flock", "pigeon")
    ]
    if "print" in view.traps:
        links.append((print_path(story), view.words["print"], "alternate"))
    if "redirect" in view.traps and story.code % 2 == 0:
        links.append((old_path(story), view.words["old_address"], "prev"))
    if "tracking_redirects" in view.traps:
        links.append((tracked_path(story), view.words["newsletter_title"], "bookmark"))
    links += [(href, view.words["other_view"], "alternate") for href in view.mirrors(story)]
    return view.part("share", links=join([view.part("share_link", href=h, text=t, rel=r) for h, t, r in links]))


def make_teaser(story: DemoStory) -> str:
    """Lead and opening of a story in one: longer than most paragraphs."""
    opening = next(block.text for block in story.blocks if block.kind == "p")
    return f"{story.lead} {opening}" if story.lead else f"{opening} …"


def make_caption_line(story: DemoStory) -> str:
    """What a sidebar prints under a story's picture: its headline again, for every other story cut short."""
    words = story.title.split()
    return " ".join(words[: max(3, len(words) // 2)]) if story.code % 2 else story.title


def _draw_editions(view: View) -> Markup:
    others = [edition for edition in view.catalogue.editions.values() if edition != view.edition]
    return join(
        [view.part("edition_item", href=e.path, language=e.language, text=e.name) for e in others],
    )


def _draw_feeds(view: View) -> Markup:
    has_json = "json_feed" in view.traps
    json_feed = view.part("json_feed", href=f"{view.edition.path}feed.json") if has_json else Markup("")
    return view.part("feeds", rss=f"{view.edition.path}rss.xml", atom="/atom.xml", json_feed=json_feed)


def _draw_featured(view: View, but: DemoStory | None) -> Markup:
    stories = view.others(view.number % 7, _FEATURED, but)
    items = [
        view.part(
            "featured_item",
            href=view.sidebar_href(story),
            image=f"/media/{story.code}.png",
            title=story.title,
            caption=make_caption_line(story),
            day=print_day(story.published.date(), view.words),
            teaser=make_teaser(story),
        )
        for story in stories
    ]
    return view.part("featured", items=join(items))


def _draw_most_read(view: View, but: DemoStory | None) -> Markup:
    stories = view.others(view.number % 5 + _FEATURED, _MOST_READ, but)
    items = [view.part("most_read_item", href=view.most_read_href(story), title=story.title) for story in stories]
    return view.part("most_read", items=join(items))


def _draw_links(view: View, part: str, links: list[tuple[str, str]]) -> Markup:
    return join([view.part(part, href=href, text=text) for href, text in links])
