"""How a field gets its value: candidates from ordered sources, one winner, and the losers kept for the trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Candidate(Generic[T]):
    """One value that a source gives for a field."""

    source: str
    """`json-ld`, `h1`, `meta og:title`, `label`, ..."""
    value: T
    score: float = 0.0
    """Evidence for it; only compared within one field."""
    note: str = ""
    """Why it won or lost."""


@dataclass(slots=True)
class Resolved(Generic[T]):
    """A field's value, where it came from, and what else there was."""

    value: T | None
    source: str | None = None
    candidates: list[Candidate[T]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """For the trace: value, winner, losers."""
        lost = [c for c in self.candidates if not (c.source == self.source and c.value == self.value)]
        return {
            "value": self.value,
            "source": self.source,
            "lost": [{"source": c.source, "value": c.value, "note": c.note} for c in lost],
        }


def first_of(candidates: Iterable[Candidate[T]], *, losers: bool) -> Resolved[T]:
    """The first candidate wins: sources in order of trust. The others are only looked for where `losers` are wanted."""
    found = list(candidates if losers else islice(candidates, 1))
    return Resolved(found[0].value, found[0].source, found) if found else Resolved(None)


def best_of(candidates: list[Candidate[T]]) -> Resolved[T]:
    """The candidate with the highest score wins, the earlier one on a tie."""
    if not candidates:
        return Resolved(None)
    won = max(candidates, key=lambda c: c.score)
    return Resolved(won.value, won.source, candidates)
