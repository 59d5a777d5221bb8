"""The kinds that blocks are told apart into, and the label that carries one."""

from __future__ import annotations

from dataclasses import dataclass

BODY = "body"
LEAD = "lead"
SUBHEAD = "subhead"
QUOTE = "quote"
LIST = "list"
TABLE = "table"
CAPTION = "caption"
BOILERPLATE = "boilerplate"

KINDS = (BODY, LEAD, SUBHEAD, QUOTE, LIST, TABLE, CAPTION, BOILERPLATE)
BODY_KINDS = frozenset((BODY, SUBHEAD, QUOTE, LIST, TABLE))
"""The policy in one place: which kinds make up a story's `body`."""


@dataclass(slots=True)
class Label:
    """What a block is, and why."""

    kind: str
    """One of `KINDS`."""
    reason: str
    """A few words for people: what decided."""
    score: float
    """0 to 1: how sure; 1 for what rules alone decide."""
