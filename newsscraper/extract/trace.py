"""How a story came to be: every block's kind and why, every field's winner and losers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from newsscraper.extract.blocks import Blocks, Container
from newsscraper.extract.kinds import Label
from newsscraper.extract.resolving import Resolved

MAX_STEPS = 64
"""Containers that a path names, the innermost: pages nested by the thousand would cost the square of their depth."""
MAX_NAME = 80
"""Characters of a class that a path shows."""
CUT = "…"
"""Stands at the front of a path that had more."""


@dataclass(frozen=True, slots=True)
class BlockTrace:
    """One block and what became of it."""

    text: str
    kind: str
    reason: str
    """A few words for people; where several things decided, joined by `; `."""
    score: float
    path: str
    """Tags and classes of the containers around it, outermost first."""
    place: int = 0
    """Its number in document order, from 0."""
    tag: str = ""
    """Tag of the innermost container: p, h2, li, td, figcaption, div, ...; empty where there is no markup."""
    letters: int = 0
    """Length as the core counts it, an ideograph as 2.5."""
    link_share: float = 0.0
    """0 to 1: how much of its letters stands in links."""
    emphasis: bool = False
    """All of it is bold or italic."""
    container: int = -1
    """Number of the innermost container, one for each element; -1 for none."""
    row: int | None = None
    """Number of the table row that it is a cell of, one for each row; None outside of table cells."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The core's account of one page."""

    encoding: str | None
    encoding_from: str
    source: str
    """Where the blocks come from: `tree`, `script_state`, `json_ld` or `text`."""
    blocks: list[BlockTrace]
    fields: dict[str, dict[str, Any]]
    """Field -> `{value, source, lost: [{source, value, note}]}`."""
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return dataclasses.asdict(self)


def trace_blocks(blocks: Blocks, labels: Sequence[Label]) -> list[BlockTrace]:
    """The blocks' accounts, in document order. Raises `ValueError` unless there is one label a block."""
    paths = _trace_paths(blocks.containers)
    return [
        BlockTrace(
            text=block.text,
            kind=label.kind,
            reason=label.reason,
            score=label.score,
            path=" > ".join(paths[block.container]) if block.container >= 0 else "",
            place=place,
            tag=block.tag,
            letters=round(block.letters),
            link_share=round(block.link_letters / block.letters, 3) if block.letters else 0.0,
            emphasis=block.emphasis,
            container=block.container,
            row=_row_of(blocks.containers, block.container),
        )
        for place, (block, label) in enumerate(zip(blocks, labels, strict=True))
    ]


def trace_fields(resolved: dict[str, Resolved[Any]]) -> dict[str, dict[str, Any]]:
    """The fields' accounts; dates as their ISO text."""
    return {name: _plain(one.to_dict()) for name, one in resolved.items()}


def _trace_paths(containers: Sequence[Container]) -> list[list[str]]:
    """For each container, the steps that lead to it; a container's parent stands before it."""
    paths: list[list[str]] = []
    for one in containers:
        above = paths[one.parent] if one.parent >= 0 else []
        if len(above) >= MAX_STEPS:
            above = [CUT, *above[2:]] if above[0] == CUT else [CUT, *above[1:]]
        paths.append([*above, _step(one)])
    return paths


def _step(container: Container) -> str:
    names = (container.element.get("class") or "").split()
    return ".".join([container.tag, *(name[:MAX_NAME] for name in names[:2])])


def _row_of(containers: Sequence[Container], cell: int) -> int | None:
    if cell < 0 or containers[cell].tag not in ("td", "th"):
        return None
    row = containers[cell].parent
    return row if row >= 0 and containers[row].tag == "tr" else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return getattr(value, "iso", value)
