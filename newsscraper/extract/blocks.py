"""The shapes that the walk over a page yields: its text blocks, the containers they stand in, its pictures.

A block is a run of inline text between block boundaries. Containers are the block-level elements, in document order;
each covers a contiguous range of blocks, so that whatever is summed over blocks is, for any container, one difference
of cumulative sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from lxml import etree

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@dataclass(slots=True)
class Container:
    """A block-level element. `first` and `last` bound its blocks, `last` exclusive."""

    index: int
    parent: int
    """Index of the enclosing container, -1 for the root."""
    element: etree._Element
    tag: str
    words: frozenset[str]
    """Words of its class, id, role, itemprop and data-component attributes, lower case."""
    depth: int
    first: int = 0
    last: int = 0
    fields: int = 0
    """Text fields to fill in that stand in it directly: newsletter boxes, comment forms, searches."""

    @property
    def size(self) -> int:
        """How many blocks it covers."""
        return self.last - self.first


Build = tuple[int, str, frozenset[str]]
"""What containers built alike share: parent, tag, words."""
_CELLS = frozenset(("tr", "p", "td", "th", "tbody"))


@dataclass(slots=True)
class Block:
    """A run of inline text."""

    index: int
    text: str
    """Cleaned by `fix_paragraph`; single line breaks kept."""
    container: int
    """Index of the innermost container."""
    tag: str
    """Tag of that container: p, h2, li, td, figcaption, div, ..."""
    letters: int
    """Length, an ideograph counted as 2.5."""
    link_letters: int
    """How much of that stands in links."""
    links: int
    emphasis: bool
    """All of it is bold or italic."""
    broken: bool
    """Begins or ends at a `<br>` rather than at an element's edge."""
    follows: bool = False
    """A single `<br>` parts it from the block before."""
    inline_words: frozenset[str] = frozenset()
    """Class words of the inline elements in it."""
    times: tuple[str, ...] = ()
    """`datetime` attributes of the `<time>` elements in it."""
    link_texts: tuple[str, ...] = ()
    """Texts of its links."""


@dataclass(slots=True)
class Picture:
    """An image element and its place among the blocks."""

    element: etree._Element
    index: int
    """Index of the block that follows it."""
    container: int


@dataclass
class Blocks:
    """The walk's yield, which nothing changes once it is out. Iterating gives the blocks."""

    blocks: list[Block] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    hidden: int = 0
    """Elements left out because the page hides them."""

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)

    @cached_property
    def letters_before(self) -> list[int]:
        """`cumulative_letters` of all blocks."""
        return cumulative_letters(self.blocks)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all containers: most of what is looked for in their names is in none of them."""
        return frozenset[str]().union(*{container.words for container in self.containers})

    @cached_property
    def builds(self) -> list[Build | None]:
        """For each container what those built like it share; None for one that is too little for a group, or alone."""
        builds = [
            (c.parent, c.tag, c.words) if c.last - c.first >= 2 and c.tag not in _CELLS else None
            for c in self.containers
        ]
        counts = Counter(builds)
        return [build if counts[build] > 1 else None for build in builds]

    def are_alike(self, first: int, second: int) -> bool:
        """Two containers are one, or stand under one parent and are called alike: entries of one list."""
        a, b = self.containers[first], self.containers[second]
        return (a.parent, a.words) == (b.parent, b.words)

    def within(self, container: Container) -> list[Block]:
        """The blocks that a container covers."""
        return self.blocks[container.first : container.last]

    def ancestors(self, block: Block) -> Iterator[Container]:
        """The containers of a block, innermost first."""
        index = block.container
        while index >= 0:
            container = self.containers[index]
            yield container
            index = container.parent


def cumulative_letters(blocks: Sequence[Block], counted: Sequence[bool] | None = None) -> list[int]:
    """Letters of the blocks before each index, and of all at the end; of those `counted` only, where that is given."""
    if counted is None:
        return [0, *accumulate([block.letters for block in blocks])]
    return [0, *accumulate([block.letters if counted[block.index] else 0 for block in blocks])]
