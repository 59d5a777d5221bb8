"""What the stories of a run look like, in running sums: which fields they have, how long and how sure their text is.

All stories that were read count, also those that the corpus already had as they are. A page that its site said, or
showed, to be unchanged is not read, and does not.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from newsscraper.crawl.settled import Settled
from newsscraper.store import Settlement
from newsscraper.story import Story

FIELDS = ("date", "authors", "tags", "lead", "section", "language", "story_code", "images")
"""Fields of which a story may have none. Without title and body a page is no story, which is counted by itself."""
BINS = 20
"""Of confidence, from 0 to 1, for its low decile."""

_STARTS = 50
_LOW = 0.1


@dataclass
class Sums:
    """Of numbers, one a story."""

    number: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """One more."""
        self.number += 1
        self.total += value
        self.squares += value * value

    def to_dict(self) -> dict[str, Any]:
        """`stories`, `mean`, `deviation`."""
        mean = self.total / self.number if self.number else 0.0
        variance = self.squares / self.number - mean * mean if self.number else 0.0
        deviation = math.sqrt(max(0.0, variance))
        return {"stories": self.number, "mean": round(mean, 4), "deviation": round(deviation, 4)}


@dataclass
class Quality:
    """One site's part of a run."""

    stories: int = 0
    """That were read."""
    with_field: Counter[str] = field(default_factory=Counter)
    """How many of them have a value there."""
    letters: Sums = field(default_factory=Sums)
    """Of the body."""
    confidence: Sums = field(default_factory=Sums)
    bins: list[int] = field(default_factory=lambda: [0] * BINS)
    """Stories by confidence."""
    no_stories: int = 0
    """Pages that were thought to be stories, by their address or by a feed, and were none."""
    starts: dict[str, int] = field(default_factory=dict)
    """How many links to stories, known or new, a page where the crawl begins and a feed named, by URL."""

    def note(self, settled: Settled) -> None:
        """What an answer turned out to be, as far as no record of it was written."""
        settlement, found = settled.settlement, settled.found
        if settlement.record is not None:
            self.note_story(settlement.record)
            return
        if not _was_read(settlement):
            return
        if found.kind == "story":
            self.no_stories += 1
        elif (found.entrance or found.kind == "feed") and not found.later and len(self.starts) < _STARTS:
            self.starts[found.url] = sum(entry.kind == "story" for entry in settlement.discoveries)

    def note_story(self, story: Story) -> None:
        """A story that was read."""
        self.stories += 1
        self.with_field.update(name for name in FIELDS if getattr(story, name))
        self.letters.add(len(story.body))
        if story.confidence is not None:
            self.confidence.add(story.confidence)
            self.bins[min(BINS - 1, int(story.confidence * BINS))] += 1

    def to_dict(self) -> dict[str, Any]:
        """As it stands in a run's report."""
        return {
            "stories": self.stories,
            "fields": {name: {"stories": self.with_field[name], "share": self._share(name)} for name in FIELDS},
            "letters": self.letters.to_dict(),
            "confidence": self.confidence.to_dict() | {"low_decile": low_decile(self.bins), "bins": self.bins},
            "story_pages": {"read": self.stories + self.no_stories, "stories": self.stories},
            "story_links": self.starts,
        }

    def _share(self, name: str) -> float | None:
        return round(self.with_field[name] / self.stories, 4) if self.stories else None


def low_decile(bins: list[int]) -> float | None:
    """The confidence below which a tenth of the stories lie, to the upper edge of its bin; None without any."""
    wanted, seen = _LOW * sum(bins), 0
    for number, stories in enumerate(bins):
        seen += stories
        if seen and seen >= wanted:
            return round((number + 1) / len(bins), 4)
    return None


def _was_read(settlement: Settlement) -> bool:
    """An answer that came, was anew, and was neither refused nor beyond us."""
    return settlement.state == "done" and settlement.digest is not None and not settlement.unchanged
