"""The sheet on which the rules write: what is weighed of a page before its blocks are labelled."""

from __future__ import annotations

from functools import cached_property

from newsscraper.extract import sheet
from newsscraper.extract.captions import find_captions
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.page import Page


class Sheet(sheet.Sheet):
    """One page's blocks with what rules found out about each."""

    def __init__(
        self, page: Page, headline: Headline, prose: list[bool], furniture: list[str], weights: list[float]
    ) -> None:
        super().__init__(page, headline)
        self._prose = prose
        self.furniture = furniture
        """For each container: why it is furniture, its ancestors' reasons included; empty when it is not."""
        self.weights = weights
        """For each block: its letters for (positive) or against being story text."""
        self.verdicts: dict[int, bool] = {}
        """Container -> what was judged of it as a whole: that a list is all links, that a table holds data."""

    @cached_property
    def captions(self) -> list[bool]:
        """For each block: it is in a figure, or called a caption."""
        return find_captions(self.page.blocks)

    def is_furniture(self, index: int) -> bool:
        """True when the block stands in furniture."""
        return bool(self.furniture[self.blocks[index].container])
