"""Which blocks of a page are its true body: a text aligned with the blocks that it was once made of.

Runs of three words that both share vote for where in the truth a block stands; a chain of blocks in the truth's own
order, found by dynamic programming, settles between places. So a sentence that stands as a teaser and in the body is
the body's where it fits in sequence.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

RUN = 3
"""Words that vote together."""
MOST_PLACES = 40
"""Places of one run in the truth that are looked at."""
DIAGONALS = 6
"""Places of one block that go into the chain."""
SLACK = 3
"""Words by which places may differ and still be one, and by which neighbours in the chain may overlap."""
LEAST_COVER = 0.5
"""Share of a block's runs that have to stand at a place."""
_WORD = re.compile(r"\w+")


class Place(NamedTuple):
    """A block may be these words of the truth."""

    block: int
    start: int
    end: int
    weight: float


class _Link(NamedTuple):
    """A place, and the chain before it."""

    place: Place
    before: _Link | None


def align(blocks: Sequence[str], truth: str) -> list[bool]:
    """For each block: it is part of the truth."""
    true_words = words_of(truth)
    chosen = _best_chain(_find_places([words_of(text) for text in blocks], true_words), len(true_words))
    inside = [False] * len(blocks)
    for place in chosen:
        inside[place.block] = True
    return inside


def words_of(text: str) -> list[str]:
    """The words of a text, without case."""
    return _WORD.findall(text.lower())


def _find_places(blocks: Sequence[list[str]], truth: list[str]) -> list[list[Place]]:
    """For each block that may stand in the truth its places, by where they start."""
    runs: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for start in range(len(truth) - RUN + 1):
        runs[tuple(truth[start : start + RUN])].append(start)
    single: dict[str, list[int]] = defaultdict(list)
    for start, word in enumerate(truth):
        single[word].append(start)
    found = []
    for index, words in enumerate(blocks):
        places = _short_places(index, words, truth, single) if len(words) < RUN else _voted(index, words, truth, runs)
        if places:
            found.append(sorted(places, key=lambda place: place.start))
    return found


def _short_places(index: int, words: list[str], truth: list[str], single: dict[str, list[int]]) -> list[Place]:
    """A block of one or two words has to stand there word for word, and counts half."""
    if not words:
        return []
    size = len(words)
    starts = [s for s in single.get(words[0], ()) if truth[s : s + size] == words][:MOST_PLACES]
    return [Place(index, start, start + size, size / 2) for start in starts]


def _voted(index: int, words: list[str], truth: list[str], runs: dict[tuple[str, ...], list[int]]) -> list[Place]:
    votes: Counter[int] = Counter()
    count = len(words) - RUN + 1
    for offset in range(count):
        for start in runs.get(tuple(words[offset : offset + RUN]), ())[:MOST_PLACES]:
            votes[start - offset] += 1
    places = []
    for diagonal, _ in votes.most_common(DIAGONALS):
        near = sum(votes.get(diagonal + by, 0) for by in range(-SLACK, SLACK + 1))
        if near >= LEAST_COVER * count:
            start, end = max(0, diagonal), min(len(truth), diagonal + len(words))
            places.append(Place(index, start, end, near + 2.0))
    return places


def _best_chain(found: list[list[Place]], length: int) -> list[Place]:
    """The heaviest sequence of places, one a block, in which block and place both rise."""
    chains = _Chains(length + 2)
    for places in found:
        grown = []
        for place in places:
            weight, chain = chains.best_until(min(length, place.start + SLACK))
            grown.append((place.end, weight + place.weight, _Link(place, chain)))
        for end, weight, chain in grown:
            chains.add(min(length, end), weight, chain)
    chosen = []
    link = chains.best_until(length)[1]
    while link is not None:
        chosen.append(link.place)
        link = link.before
    return chosen


class _Chains:
    """The heaviest chain that ends at or before a word: a Fenwick tree of maxima."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.best: list[tuple[float, _Link | None]] = [(0.0, None)] * (size + 1)

    def add(self, end: int, weight: float, chain: _Link) -> None:
        position = end + 1
        while position <= self.size:
            if weight > self.best[position][0]:
                self.best[position] = (weight, chain)
            position += position & -position

    def best_until(self, end: int) -> tuple[float, _Link | None]:
        best: tuple[float, _Link | None] = (0.0, None)
        position = end + 1
        while position > 0:
            if self.best[position][0] > best[0]:
                best = self.best[position]
            position -= position & -position
        return best
