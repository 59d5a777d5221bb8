"""How a story came to be: every block's kind and why, every field's winner and losers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from newsscraper.extract.resolving import Resolved


@dataclass(frozen=True, slots=True)
class BlockTrace:
    """One block and what became of it."""

    text: str
    kind: str
    reason: str
    score: float
    path: str
    """Tags and classes of the containers around it, outermost first."""


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


def trace_fields(resolved: dict[str, Resolved[Any]]) -> dict[str, dict[str, Any]]:
    """The fields' accounts; dates as their ISO text."""
    return {name: _plain(one.to_dict()) for name, one in resolved.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return getattr(value, "iso", value)
