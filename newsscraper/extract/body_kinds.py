"""What the markup makes of a block that is story text: subhead, quotation, list, table, or plain body."""

from __future__ import annotations

from newsscraper.extract.blocks import HEADINGS, Block, Blocks, Container
from newsscraper.extract.kinds import BODY, LIST, QUOTE, SUBHEAD, TABLE
from newsscraper.extract.prose import is_prose

_STORY_TAGS = frozenset(("article", "main", "body", "section"))
"""A container of these may hold a whole story: what stands around it says nothing of a block."""
_ENTRIES = frozenset(("li", "dt", "dd"))
_CELLS = frozenset(("td", "th", "caption"))
MOST_PROSE = 0.3
"""Share of a data table's blocks that may be prose."""


class BodyKinds:
    """Tells kinds of body on one page; tables are judged once, however many cells ask."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._tables: dict[int, bool] = {}

    def tell(self, block: Block) -> str:
        """One of `BODY_KINDS`."""
        if block.tag in HEADINGS:
            return SUBHEAD
        if block.tag == "p" and not self._is_nested(block):
            return BODY
        around = self._around(block)
        tags = {container.tag for container in around}
        if "blockquote" in tags:
            return QUOTE
        if not tags.isdisjoint(_ENTRIES):
            return LIST
        if not tags.isdisjoint(_CELLS):
            table = next((c for c in around if c.tag == "table"), None)
            return TABLE if table is not None and self._is_data(table) else BODY
        return BODY

    def _is_nested(self, block: Block) -> bool:
        parent = self._blocks.containers[block.container].parent
        return parent >= 0 and self._blocks.containers[parent].tag not in _STORY_TAGS

    def _around(self, block: Block) -> list[Container]:
        """The containers of a block, innermost first, up to the first that may hold a whole story."""
        around = []
        for container in self._blocks.ancestors(block):
            if container.tag in _STORY_TAGS:
                break
            around.append(container)
        return around

    def _is_data(self, table: Container) -> bool:
        if table.index not in self._tables:
            self._tables[table.index] = is_data_table(self._blocks, table)
        return self._tables[table.index]


def is_data_table(blocks: Blocks, table: Container) -> bool:
    """Two rows and two columns or more, and cells that are short and no prose: not a table that lays out the page."""
    within = blocks.within(table)
    rows = sum(1 for _ in table.element.iter("tr"))
    cells = len({block.container for block in within})
    prose = sum(is_prose(block) for block in within)
    return rows >= 2 and cells >= 2 * rows - 1 and prose <= MOST_PROSE * len(within)
