"""Where on the page things stand, once the headline is found and the blocks are labelled: what "near the headline" means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from newsscraper.extract.blocks import Block, Container
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.kinds import BODY_KINDS, Label
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

    @cached_property
    def body_indices(self) -> list[int]:
        """Indices of the blocks that are body."""
        return [i for i, label in enumerate(self.labels) if label.kind in BODY_KINDS]

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
        """For each block: it stands in a group of three or more containers built alike that hold blocks of their own.

        Teasers, comments, result lists: told by structure, whatever their class names say.
        """
        return self._in_groups(lambda container: True)

    @cached_property
    def teasers(self) -> list[bool]:
        """For each block: it stands in such a group, and each member of it holds a link of a headline's length."""
        blocks = self.page.blocks.blocks
        linked = [b.link_letters > 0.9 * b.letters and b.letters >= 15 for b in blocks]
        return self._in_groups(lambda c: any(linked[c.first : c.last]) and c.last - c.first <= 8)

    def _in_groups(self, is_member: Callable[[Container], bool]) -> list[bool]:
        blocks = self.page.blocks
        groups: dict[tuple[int, str, frozenset[str]], int] = {}
        members = [c.last - c.first >= 2 and c.tag not in ("tr", "p") and is_member(c) for c in blocks.containers]
        for c, member in zip(blocks.containers, members, strict=True):
            if member:
                key = (c.parent, c.tag, c.words)
                groups[key] = groups.get(key, 0) + 1
        flags: list[bool] = []
        for c, member in zip(blocks.containers, members, strict=True):
            own = member and groups[(c.parent, c.tag, c.words)] >= 3
            flags.append(own or (c.parent >= 0 and flags[c.parent]))
        return [b.container >= 0 and flags[b.container] for b in blocks]


def body_letters(layout: Layout) -> int:
    """Letters of the blocks that are body."""
    return sum(layout.page.blocks.blocks[i].letters for i in layout.body_indices)
