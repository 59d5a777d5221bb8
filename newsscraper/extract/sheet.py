"""What is known of a page while its blocks are labelled: the paper that the steps of a method write on."""

from __future__ import annotations

from collections.abc import Iterator

from newsscraper.extract.blocks import Block, Container
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.kinds import BODY_KINDS, BOILERPLATE, Label
from newsscraper.extract.page import Page
from newsscraper.extract.prose import find_prose


class Sheet:
    """One page's blocks; `labels` fills up step by step."""

    def __init__(self, page: Page, headline: Headline) -> None:
        self.page = page
        self.headline = headline
        self.labels: list[Label | None] = [None] * len(page.blocks)
        self._prose: list[bool] | None = None

    @property
    def prose(self) -> list[bool]:
        """For each block: it reads as sentences."""
        if self._prose is None:
            self._prose = find_prose(self.blocks)
        return self._prose

    @property
    def blocks(self) -> list[Block]:
        """All blocks, in document order."""
        return self.page.blocks.blocks

    @property
    def containers(self) -> list[Container]:
        """All containers, in document order."""
        return self.page.blocks.containers

    @property
    def open_blocks(self) -> Iterator[Block]:
        """The blocks without a label."""
        return (block for block in self.blocks if self.labels[block.index] is None)

    @property
    def body_indices(self) -> list[int]:
        """Indices of the blocks labelled as body so far."""
        return [i for i, label in enumerate(self.labels) if label and label.kind in BODY_KINDS]

    def drop(self, index: int, reason: str, score: float) -> None:
        """Labels a block as boilerplate."""
        self.labels[index] = Label(BOILERPLATE, reason, score)
