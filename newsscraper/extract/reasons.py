"""Why a block was kept or dropped, in words: for the trace only, so that it costs nothing when not asked for.

A label has the reason of the rule or step that settled it, or says that the network did. Plain facts about the block,
which anyone can check on the page, are added to it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from newsscraper.extract.blocks import Block, Container
from newsscraper.extract.classify import UNLIKELY
from newsscraper.extract.kinds import BODY_KINDS, CAPTION, LEAD, Label
from newsscraper.extract.layout import Layout

MANY = 4
"""Containers built alike from which that is worth saying."""
MOSTLY = 0.5
"""Share of a block in links from which that is worth saying."""

_Build = tuple[int, str, frozenset[str]]


def give_reasons(layout: Layout) -> list[Label]:
    """The layout's labels, with the facts that speak for or against them."""
    alike = Counter(_build(container) for container in layout.page.blocks.containers)
    return [
        replace(label, reason="; ".join([label.reason, *_tell_facts(layout, block, label, alike)]))
        for block, label in zip(layout.page.blocks, layout.labels, strict=True)
    ]


def _tell_facts(layout: Layout, block: Block, label: Label, alike: Counter[_Build]) -> list[str]:
    facts = []
    share = block.link_letters / max(1, block.letters)
    if label.kind in BODY_KINDS or label.kind == LEAD:
        return [f"kept although {share:.0%} of it is links"] if share > MOSTLY else []
    if label.reason == UNLIKELY:
        facts.append(_tell_place(layout, block.index))
    if share > MOSTLY and label.score < 1:
        facts.append(f"{share:.0%} of it is links")
    count = alike[_build(layout.page.blocks.containers[block.container])] if block.container >= 0 else 0
    if count >= MANY and label.kind != CAPTION and label.score < 1:
        facts.append(f"one of {count} parts built alike")
    return facts


def _tell_place(layout: Layout, index: int) -> str:
    body = layout.body_indices
    if not body:
        return "the page has no body"
    if index > body[-1]:
        return "below the story's last line"
    if index < body[0]:
        first = layout.headline.first
        return "above the headline" if first is not None and index < first else "above the story's first line"
    return "amid the story"


def _build(container: Container) -> _Build:
    return container.parent, container.tag, container.words
