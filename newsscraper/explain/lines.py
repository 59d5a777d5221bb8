"""The account of a page that was flattened to text, told by comparing its lines with the story that came of them."""

from __future__ import annotations

from newsscraper.extract.decode import Decoded
from newsscraper.extract.kinds import BODY, BOILERPLATE
from newsscraper.extract.similar import is_copy
from newsscraper.extract.text import count_letters, fix_line, fold
from newsscraper.extract.trace import BlockTrace, Trace
from newsscraper.story import Story

MAX_LINE = 100_000
"""Characters of a line that are read."""
RUNNING_TEXT = "in the run of lines that weighs most as prose"
OUTSIDE = "outside the run of lines that weighs most as prose"
SET_APART = "amid the story, but a label, or a line that the text repeats"
HEADLINE = "the headline itself"
HEADLINE_AGAIN = "the headline again, or its beginning"


def account_for_lines(decoded: Decoded, story: Story | None) -> Trace:
    """One block a line. `story` is what was read from them, None where nothing was."""
    lines = [line for line in (fix_line(line[:MAX_LINE]) for line in decoded.text.splitlines()) if line]
    kept = find_paragraphs(lines, story.body.split("\n\n") if story else [])
    window = range(kept[0], kept[-1] + 1) if kept else range(0)
    titles = _find_titles(lines, story.title if story else "", window)
    chosen = frozenset(kept)
    blocks = []
    for place, line in enumerate(lines):
        kind, reason = BOILERPLATE, OUTSIDE
        if place in chosen:
            kind, reason = BODY, RUNNING_TEXT
        elif place in titles:
            reason = titles[place]
        elif place in window:
            reason = SET_APART
        blocks.append(BlockTrace(line, kind, reason, 1.0, "", place, letters=round(count_letters(line))))
    return Trace(decoded.encoding, decoded.how, "text", blocks, {})


def find_paragraphs(lines: list[str], paragraphs: list[str]) -> list[int]:
    """Places of the lines that are the paragraphs, in their order and as close together as they stand first."""
    end = _end_of(lines, paragraphs)
    found: list[int] = []
    left = len(paragraphs)
    for place in reversed(range(end)):
        if left and lines[place] == paragraphs[left - 1]:
            left -= 1
            found.append(place)
    return found[::-1]


def _end_of(lines: list[str], paragraphs: list[str]) -> int:
    """Behind the line at which all paragraphs have been met; 0 where they are not all there."""
    met = 0
    for place, line in enumerate(lines):
        if met < len(paragraphs) and line == paragraphs[met]:
            met += 1
            if met == len(paragraphs):
                return place + 1
    return 0


def _find_titles(lines: list[str], title: str, window: range) -> dict[int, str]:
    """Lines up to the story's end that print its headline: the last such one above the text is the headline itself."""
    folded = fold(title)
    places = [
        place
        for place, line in enumerate(lines[: window.stop or None])
        if is_copy(fold(line[: len(title) + 80]), folded)
    ]
    above = [place for place in places if (not window or place <= window.start) and fold(lines[place]) == folded]
    return {place: HEADLINE if place == (above or [-1])[-1] else HEADLINE_AGAIN for place in places}
