"""Is a block a picture's caption? Told by the element around it and by the names that templates give."""

from __future__ import annotations

from newsscraper.extract import page_words as words
from newsscraper.extract.blocks import Block, Blocks, Container

LONGEST = 400
"""Letters from which a block that is called a caption is none."""
_FIGURES = frozenset(("figcaption", "figure"))
_NEAR = 3
"""Containers of a block, innermost first, among which a figure makes it a caption."""


def find_captions(blocks: Blocks) -> list[bool]:
    """For each block: it is in a figure, or called a caption."""
    in_figure = _find_in_figures(blocks.containers)
    called = [False] * len(blocks.containers)
    if not words.CAPTION.isdisjoint(blocks.words):
        called = [not words.CAPTION.isdisjoint(c.words) for c in blocks.containers]
        called = [own or (c.parent >= 0 and called[c.parent]) for own, c in zip(called, blocks.containers, strict=True)]
    return [
        in_figure[b.container]
        or (b.letters < LONGEST and (called[b.container] or not words.CAPTION.isdisjoint(b.inline_words)))
        for b in blocks
    ]


def is_called_caption(block: Block, named: frozenset[str]) -> bool:
    """True for a block of a caption's length one of whose names says so."""
    return block.letters < LONGEST and not words.CAPTION.isdisjoint(named)


def _find_in_figures(containers: list[Container]) -> list[bool]:
    """For each container: a figure is it, or close around it."""
    steps: list[int] = []
    for container in containers:
        around = steps[container.parent] if container.parent >= 0 else _NEAR
        steps.append(0 if container.tag in _FIGURES else around + 1)
    return [distance < _NEAR for distance in steps]
