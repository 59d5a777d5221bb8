"""What a reader steers the explanation with: search, filters by kind that are its legend, the bar with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from newsscraper.explain.blocks import KEPT_KINDS
from newsscraper.explain.markup import Markup, element, join
from newsscraper.extract.kinds import KINDS
from newsscraper.extract.trace import BlockTrace

MEANINGS = {
    "body": "running text",
    "lead": "the standfirst, kept apart from the body",
    "subhead": "a heading inside the story",
    "quote": "a quotation or an embedded post",
    "list": "an entry of a list",
    "table": "a cell of a table",
    "caption": "goes with a picture, not into the body",
    "boilerplate": "no part of the story's text",
}


def render_filters(blocks: Sequence[BlockTrace]) -> Markup:
    """Kinds that the page has, with their counts, in two groups: kept and dropped. Each can be switched off."""
    counts = Counter(block.kind for block in blocks)
    kept = [kind for kind in KINDS if kind in KEPT_KINDS and counts[kind]]
    dropped = [kind for kind in KINDS if kind not in KEPT_KINDS and counts[kind]]
    return join((_render_group("kept", kept, counts), _render_group("dropped", dropped, counts)))


def _render_group(name: str, kinds: Sequence[str], counts: Counter[str]) -> Markup:
    total = sum(counts[kind] for kind in kinds)
    return element(
        "div",
        _render_switch(f"show-{name}", name, total, f"All blocks that are {name}", f"all {name}"),
        *(_render_switch(f"show-{kind}", kind, counts[kind], MEANINGS[kind], f"kind-{kind}") for kind in kinds),
        role="group",
        aria_label=name,
        class_="group",
    )


def _render_switch(identity: str, name: str, count: int, meaning: str, classes: str) -> Markup:
    return element(
        "label",
        element("input", type="checkbox", id=identity, checked=True),
        element("span", name),
        element("b", f"{count:,}"),
        class_=f"switch {classes}",
        title=meaning,
    )
