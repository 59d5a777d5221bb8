"""The page as a person sees it: its blocks in order, in the form that their tags give them, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from newsscraper.explain.holdings import Holdings
from newsscraper.explain.markup import Markup, element, join
from newsscraper.extract.kinds import BODY_KINDS, KINDS, LEAD
from newsscraper.extract.trace import BlockTrace
from newsscraper.story import Story

KEPT_KINDS = BODY_KINDS | {LEAD}
LANDMARKS = frozenset(("header", "nav", "main", "article", "aside", "footer", "form", "dialog"))
"""Elements that are named where the blocks of one begin: a page's parts."""
MAX_CELL = 160
MAX_CELLS = 12
"""A row whose cells are longer or more is a page's layout rather than a table of data."""

_FORMS = {
    **{tag: tag for tag in ("h1", "h2", "h3", "h4", "h5", "h6", "pre", "th")},
    **dict.fromkeys(("li", "dd", "dt"), "item"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
}
"""Tag -> what it looks like, where that is not a paragraph."""
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def render_blocks(blocks: Sequence[BlockTrace], story: Story | None) -> Markup:
    """All blocks, those of each part of the page together."""
    if not blocks:
        return element("p", "The page holds no block of text: whatever it shows is filled in by scripts, or a picture.")
    holdings = Holdings(story)
    language = story.language if story and story.language and _LANGUAGE_TAG.fullmatch(story.language) else None
    parts = [
        element(
            "section",
            element("p", landmark or "page", class_="part"),
            *_render_rows(list(group), holdings, language),
            class_="run",
            role="none",
        )
        for landmark, group in groupby(blocks, key=lambda block: find_landmark(block.path))
    ]
    return join(parts, "\n")


def find_landmark(path: str) -> str:
    """The innermost part of the page that a path leads through, as tag and classes; empty where there is none."""
    steps = reversed(path.split(" > "))
    return next((step for step in steps if step.split(".", 1)[0] in LANDMARKS), "")


def is_kept(block: BlockTrace) -> bool:
    """True for what stands in the story's body or lead."""
    return block.kind in KEPT_KINDS


def _render_rows(blocks: list[BlockTrace], holdings: Holdings, language: str | None) -> Iterable[Markup]:
    """The blocks, those of one table row side by side."""
    for row, group in groupby(blocks, key=lambda block: block.row):
        cells = list(group)
        rendered = [_render(block, holdings, language) for block in cells]
        if row is not None and is_row(cells):
            yield element("div", *rendered, class_="row", role="none")
        else:
            yield from rendered


def is_row(cells: Sequence[BlockTrace]) -> bool:
    """True for blocks that are each the only one of its cell, and short."""
    alone = len({cell.container for cell in cells}) == len(cells)
    return 1 < len(cells) <= MAX_CELLS and alone and all(len(cell.text) <= MAX_CELL for cell in cells)


def _render(block: BlockTrace, holdings: Holdings, language: str | None) -> Markup:
    held = holdings.of(block)
    place = block.place
    return element(
        "div",
        element("div", block.text, class_="x", dir="auto", lang=language),
        element(
            "div",
            element("span", block.kind, class_="kind"),
            *(element("span", name, class_="held") for name in held),
            element("span", block.reason, class_="reason"),
            element("span", f"{block.score:.2f}", class_="score"),
            class_="why",
            id=f"why-{place}",
        ),
        class_=" ".join(_classes(block, held)),
        id=f"block-{place}",
        tabindex=0,
        role="listitem",
        aria_describedby=f"why-{place}",
        data_path=block.path,
        data_tag=block.tag,
        data_letters=block.letters,
        data_links=round(100 * block.link_share),
    )


def _classes(block: BlockTrace, held: Sequence[str]) -> Iterable[str]:
    yield "block"
    yield "kept" if is_kept(block) else "dropped"
    if block.kind in KINDS:
        yield f"kind-{block.kind}"
    yield f"form-{_FORMS.get(block.tag, 'text')}"
    if "title" in held:
        yield "holds-title"
    if block.emphasis:
        yield "strong"
    if any(step.split(".", 1)[0] == "blockquote" for step in block.path.split(" > ")):
        yield "quoted"
