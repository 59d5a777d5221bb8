"""Which blocks print what became a field: a headline or a date line is no body, and yet not lost."""

from __future__ import annotations

from newsscraper.extract.text import fold
from newsscraper.extract.trace import BlockTrace
from newsscraper.story import Story

MAX_LETTERS = 300
"""A longer block is prose: that it names an author says nothing."""


class Holdings:
    """What a story's fields say, in a form to find it in blocks."""

    def __init__(self, story: Story | None) -> None:
        self.title = fold(story.title) if story else ""
        self.date = fold(story.date_raw or "") if story else ""
        self.code = fold(story.story_code or "") if story else ""
        self.authors = [name for name in map(fold, story.authors) if name] if story else []
        self.tags = frozenset(filter(None, map(fold, story.tags))) if story else frozenset()

    def of(self, block: BlockTrace) -> list[str]:
        """Names of the fields whose text stands in a block: `title`, `date`, `story_code`, `authors`, `tags`."""
        if len(block.text) > MAX_LETTERS:
            return []
        text = fold(block.text)
        spaced = f" {text} "
        found = {
            "title": bool(self.title) and text == self.title,
            "date": bool(self.date) and f" {self.date} " in spaced,
            "story_code": bool(self.code) and f" {self.code} " in spaced,
            "authors": any(f" {name} " in spaced for name in self.authors),
            "tags": text in self.tags,
        }
        return [name for name, is_held in found.items() if is_held]
