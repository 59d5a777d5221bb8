"""A story as its template dresses it, and its print view."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from .dates import print_date, print_day
from .furniture import draw_comments, draw_furniture, draw_share, make_teaser
from .markup import Markup, join, script_json
from .story import Block, DemoStory
from .view import View

_BREAK, _BREAKS = "<br>\n", "<br>\n<br>\n"
_RELATED_AFTER = 2


def draw_story_page(view: View, story: DemoStory, after: Markup | None = None) -> Markup:
    """The whole page; `after` is HTML that comes right after the story."""
    slots = _draw_slots(view, story)
    furniture = draw_furniture(view, but=story)
    shell = {
        "page_title": f"{story.title} - {view.edition.name}",
        "head": _draw_head(view, story),
        "content": join([view.part("story", **slots), after]) if after else view.part("story", **slots),
        **furniture,
    }
    if story.template == "table":
        in_page = view.edition.table_charset_in == "meta"
        shell["charset_meta"] = view.part("charset_meta", charset=story.charset) if in_page else Markup("")
    if story.template == "next":
        shell["state"] = script_json(make_state(view, story))
    return view.part("shell", **shell)


def draw_print_page(view: View, story: DemoStory) -> Markup:
    """The story with nothing around it; its canonical URL is the story's own."""
    return view.part(
        "print",
        title=story.title,
        canonical=view.url(story.path),
        day=print_date(story, view.words),
        lead=_draw_lead(view, story),
        body=_draw_blocks(view, story.blocks),
    )


def _draw_slots(view: View, story: DemoStory) -> dict[str, object]:
    tags = [view.part("tag", href=view.tag_path(tag), text=tag) for tag in story.tags]
    modified = story.modified and print_day(datetime.fromisoformat(story.modified), view.words)
    crumbs = [view.menu()[0], (view.section_path(story.section), story.section_name)]
    return {
        "title": story.title,
        "code": story.code,
        "kicker": _draw_kicker(view, story),
        "lead": _draw_lead(view, story),
        "byline": _draw_byline(view, story),
        "date_text": print_date(story, view.words),
        "date_iso": story.date,
        "updated": view.part("updated", iso=story.modified, text=modified) if modified else Markup(""),
        "modified_meta": view.part("modified_meta", iso=story.modified)
        if modified and story.template == "microdata"
        else Markup(""),
        "canonical": view.url(story.path),
        "section_name": story.section_name,
        "section_href": view.section_path(story.section),
        "breadcrumbs": _draw_breadcrumbs(view, crumbs),
        "image": f"/media/{story.code}.png",
        "alt": story.caption or story.title,
        "caption_line": story.caption or " ".join(story.title.split()[:3]),
        "figure": _draw_figure(view, story),
        "body": _draw_body(view, story),
        "tags": view.part("tags", items=join(tags, "\n")) if tags else Markup(""),
        "share": draw_share(view, story),
        "comments": draw_comments(view, story),
    }


def _draw_head(view: View, story: DemoStory) -> Markup:
    if story.template == "table":
        return Markup("")
    siblings = view.catalogue.translations(story)
    return view.part(
        "head",
        title=story.title,
        description=story.description,
        keywords=", ".join(story.tags),
        canonical=view.url(story.path),
        og_image=_draw_og_image(view, story),
        date_iso=story.date,
        alternates=join([view.part("alternate", language=s.language, href=view.url(s.path)) for s in siblings]),
        json_ld=script_json({"@context": "https://schema.org"} | _make_news_article(view, story)),
        json_graph=script_json(_make_graph(view, story)),
    )


def _draw_og_image(view: View, story: DemoStory) -> Markup:
    return view.part("og_image", image_url=view.url(story.image_path)) if story.image_path else Markup("")


def _draw_kicker(view: View, story: DemoStory) -> Markup | str:
    if not story.kicker:
        return ""
    return story.kicker if story.template == "newsstudio" else view.part("kicker", text=story.kicker)


def _draw_lead(view: View, story: DemoStory) -> Markup:
    return view.part("lead", text=story.lead) if story.lead else Markup("")


def _draw_byline(view: View, story: DemoStory) -> Markup:
    return join([view.part("byline", text=name) for name in story.authors])


def _draw_figure(view: View, story: DemoStory) -> Markup:
    if not story.caption:
        return Markup("")
    return view.part("figure", image=story.image_path, alt=story.caption, caption=story.caption)


def _draw_breadcrumbs(view: View, crumbs: list[tuple[str, str]]) -> Markup:
    items = [view.part("breadcrumb", href=h, text=t, position=i) for i, (h, t) in enumerate(crumbs, start=1)]
    return view.part("breadcrumbs", items=join(items))


def _draw_body(view: View, story: DemoStory) -> Markup:
    """The body with a related link inside, after its second paragraph."""
    related = view.others(story.code % 11, 1, story)[0]
    promo = view.part("inline_related", href=related.path, title=related.title)
    head, tail = story.blocks[:_RELATED_AFTER], story.blocks[_RELATED_AFTER:]
    between = _find_break(story)
    if between is None:
        return join([_draw_blocks(view, head), promo, _draw_blocks(view, tail)])
    return join([_draw_lines(view, head, between), promo, _draw_lines(view, tail, between)])


def _find_break(story: DemoStory) -> str | None:
    """What stands between two paragraphs of bare text; None where paragraphs are elements.

    One `<br>` alone ends a paragraph only in stories whose every line is a paragraph: after a subhead it could not.
    """
    if story.template not in ("newsstudio", "table") or (story.template == "newsstudio" and story.code % 4 == 0):
        return None
    has_subheads = any(block.kind == "subhead" for block in story.blocks)
    return _BREAK if story.code % 3 == 0 and not has_subheads else _BREAKS


def _draw_blocks(view: View, blocks: tuple[Block, ...]) -> Markup:
    pieces = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [block.text for block in group]
        match kind:
            case "item":
                pieces.append(view.part("list", items=join([view.part("item", text=text) for text in texts])))
            case "row":
                pieces.append(view.part("table", rows=join([_draw_row(view, text) for text in texts])))
            case _:
                pieces.extend(view.part(kind, text=text) for text in texts)
    return join(pieces)


def _draw_lines(view: View, blocks: tuple[Block, ...], between: str) -> Markup:
    """Paragraphs as bare text with `between` between them; lists, tables and quotations as elements of their own."""
    pieces: list[Markup] = []
    for is_line, group in groupby(blocks, key=lambda block: block.kind in ("p", "subhead")):
        if is_line:
            lines = [view.part("subhead" if b.kind == "subhead" else "bare", text=b.text) for b in group]
            pieces.append(join(lines, between))
        else:
            pieces.append(_draw_blocks(view, tuple(group)))
    return join(pieces)


def _draw_row(view: View, text: str) -> Markup:
    return view.part("row", cells=join([view.part("cell", text=cell) for cell in text.split("\t")], ""))


def _make_news_article(view: View, story: DemoStory) -> dict[str, Any]:
    """The story as schema.org sees it, without its text."""
    data: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.description,
        "datePublished": story.date,
        "dateModified": story.modified,
        "inLanguage": story.language,
        "articleSection": story.section_name,
        "keywords": list(story.tags),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": story.publisher},
        "mainEntityOfPage": view.url(story.path),
        "image": view.url(story.image_path) if story.image_path else None,
    }
    if story.template == "modern":
        data |= {"identifier": str(story.code), "isAccessibleForFree": True}
    return {key: value for key, value in data.items() if value}


def _make_graph(view: View, story: DemoStory) -> dict[str, Any]:
    organisation = {"@type": "NewsMediaOrganization", "@id": view.url("/#org"), "name": story.publisher}
    site = {"@type": "WebSite", "@id": view.url("/#site"), "name": view.edition.name, "url": view.base}
    crumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": view.words["home"], "item": view.url(view.edition.path)},
            {
                "@type": "ListItem",
                "position": 2,
                "name": story.section_name,
                "item": view.url(view.section_path(story.section)),
            },
        ],
    }
    article = _make_news_article(view, story) | {"publisher": {"@id": organisation["@id"]}}
    return {"@context": "https://schema.org", "@graph": [organisation, site, crumbs, article]}


def make_state(view: View, story: DemoStory) -> dict[str, Any]:
    """What the page's script would draw the story from: half of them as blocks, half as one string of HTML."""
    body: dict[str, Any] = (
        {"blocks": [{"type": block.kind, "text": block.text} for block in story.blocks]}
        if story.code % 2
        else {"html": _draw_blocks(view, story.blocks)}
    )
    content = {
        "id": story.code,
        "headline": story.title,
        "standfirst": story.lead,
        "publishedAt": story.date.replace("+00:00", "Z"),
        "updatedAt": story.modified and story.modified.replace("+00:00", "Z"),
        "language": story.language,
        "section": {"slug": story.section, "name": story.section_name},
        "authors": [{"name": name} for name in story.authors],
        "tags": [{"label": tag} for tag in story.tags],
        "image": {"src": story.image_path, "caption": story.caption} if story.caption else None,
        "body": body,
    }
    others = view.others(view.number % 7, 4, story)
    teasers = [{"headline": s.title, "href": s.path, "publishedAt": s.date, "summary": make_teaser(s)} for s in others]
    page = {"story": content, "featured": teasers, "cookieNotice": view.words["cookies"]}
    return {
        "props": {"pageProps": page},
        "page": "/[section]/[slug]",
        "query": {"id": str(story.code)},
        "buildId": "d3m0",
    }
