"""Where things stand once the headline is found and the blocks are labelled: what "near the headline" means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from newsscraper.extract.blocks import Block
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.kinds import BODY_KINDS, LEAD, Label
from newsscraper.extract.page import Page

BEFORE_HEADLINE = 12
AFTER_BODY = 14
"""Blocks looked at before the headline and after the story's end."""


@dataclass(frozen=True)
class Layout:
    """A page with its headline and labels."""

    page: Page
    headline: Headline
    labels: list[Label]
    confidence: float | None = None
    """Probability that the body is right."""

    @cached_property
    def body_indices(self) -> list[int]:
        """Indices of the blocks that are body."""
        return [i for i, label in enumerate(self.labels) if label.kind in BODY_KINDS]

    @cached_property
    def lead_indices(self) -> list[int]:
        """Indices of the blocks that are lead."""
        return [i for i, label in enumerate(self.labels) if label.kind == LEAD]

    @cached_property
    def start(self) -> int:
        """Index of the headline's first block, else of the body's."""
        if self.headline.first is not None:
            return self.headline.first
        return self.body_indices[0] if self.body_indices else 0

    @cached_property
    def end(self) -> int:
        """Index behind the last body block."""
        return self.body_indices[-1] + 1 if self.body_indices else min(len(self.page.blocks), self.start + 12)

    @cached_property
    def around_headline(self) -> list[Block]:
        """Blocks from shortly before the headline to the body's second block: nearest first."""
        blocks = self.page.blocks.blocks
        body_start = next((i for i in self.body_indices if i >= self.start), self.start + 10)
        first, last = max(0, self.start - BEFORE_HEADLINE), min(len(blocks), min(body_start, self.start + 40) + 2)
        after = blocks[self.start : last]
        before = blocks[first : self.start]
        return after + before[::-1]

    @cached_property
    def after_body(self) -> list[Block]:
        """The first blocks behind the story's end."""
        return self.page.blocks.blocks[self.end : self.end + AFTER_BODY]

    @cached_property
    def language_hint(self) -> str | None:
        """The declared language, before the text was looked at; with a region where one is declared."""
        from newsscraper.extract.fields.language import normalise_tag  # noqa: PLC0415  (fields import this module)

        page = self.page
        edition = page.profile.edition_of(page.url)
        tag = normalise_tag(edition.language if edition else page.root.get("lang"))
        locale = normalise_tag(page.structured.first_meta("og:locale"))
        if tag is None or (locale and "-" not in tag and locale.startswith(tag)):
            return locale or tag
        return tag

    @cached_property
    def repeated(self) -> list[bool]:
        """For each block: it stands in a group of containers built alike."""
        flags = self.page.repeated
        return [b.container >= 0 and flags[b.container] for b in self.page.blocks]

    @cached_property
    def teasers(self) -> list[bool]:
        """For each block: it stands in a group of teasers."""
        flags = self.page.teasers
        return [b.container >= 0 and flags[b.container] for b in self.page.blocks]


def body_letters(layout: Layout) -> int:
    """Letters of the blocks that are body."""
    return sum(layout.page.blocks.blocks[i].letters for i in layout.body_indices)
