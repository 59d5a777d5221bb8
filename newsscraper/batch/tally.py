"""What became of the pages of a part: counted, and where there is no record, told."""

from __future__ import annotations

from collections import Counter
from typing import Any

from newsscraper.batch.drawing import Place
from newsscraper.batch.in_order import TRIES, Fault
from newsscraper.batch.pages import FAULTS
from newsscraper.batch.reading import Read

_MOST_SET_ASIDE = 1_000
"""Pages that a mark names; all of them stand among the faults."""
FILTERED = "filtered:"
"""What the reasons for which filters keep records out begin with."""


class Tally:
    """Counts of one part."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """`story`, `not_story`, `error`, `passed_over`."""
        self.reasons: Counter[str] = Counter()
        """Why there is no record."""
        self.set_aside: list[dict[str, Any]] = []
        """Pages that took too long, or over which workers died: the first thousand."""

    def add(self, place: Place, read: Read) -> dict[str, Any] | None:
        """Count it; what is to be told of it: nothing of a story, nor of what a filter keeps out."""
        self.counts[read.kind] += 1
        if read.kind == "story":
            return None
        self.reasons[read.reason] += 1
        told = {
            "source": place.source,
            "offset": place.offset,
            "url": place.url,
            "outcome": read.kind,
            "reason": read.reason,
            "detail": read.detail,
        }
        if read.reason in TRIES and len(self.set_aside) < _MOST_SET_ASIDE:
            self.set_aside.append(told)
        return None if read.reason.startswith(FILTERED) else told


def judge(place: Place, answer: Read | Fault | None) -> Read:
    """What became of the page there: as a worker says, or what befell it, or why it is none."""
    if isinstance(answer, Read):
        return answer
    if isinstance(answer, Fault):
        return Read("error", reason=answer.reason, detail=answer.detail)
    if place.passed is None:
        raise ValueError(f"{place}: a page without an answer")
    is_fault = place.passed.reason in FAULTS
    return Read("error" if is_fault else "passed_over", reason=place.passed.reason, detail=place.passed.detail)
