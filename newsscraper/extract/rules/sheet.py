"""What is known of a page while its blocks are labelled: the paper that the steps of `classify` write on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from newsscraper.extract.blocks import Block, Container
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.kinds import BODY_KINDS, BOILERPLATE, Label
from newsscraper.extract.page import Page


@dataclass(slots=True)
class Sheet:
    """One page's blocks with what was found out about each; `labels` fills up step by step."""

    page: Page
    headline: Headline
    prose: list[bool]
    """For each block: it reads as sentences."""
    furniture: list[str]
    """For each container: why it is furniture, its ancestors' reasons included; empty when it is not."""
    weights: list[float]
    """For each block: its letters for (positive) or against being story text."""
    labels: list[Label | None] = field(default_factory=list)
    verdicts: dict[int, bool] = field(default_factory=dict)
    """Container -> what was judged of it as a whole: that a list is all links, that a table holds data."""

    def __post_init__(self) -> None:
        self.labels = [None] * len(self.blocks)

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

    def is_furniture(self, index: int) -> bool:
        """True when the block stands in furniture."""
        return bool(self.furniture[self.blocks[index].container])

    def drop(self, index: int, reason: str, score: float) -> None:
        """Labels a block as boilerplate."""
        self.labels[index] = Label(BOILERPLATE, reason, score)
