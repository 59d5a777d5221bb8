"""Further stories than the hand-written ones: nonsense from their words, the same on every machine.

Each takes a hand-written story as its pattern (edition, template, section, tags, authors, what is printed of it) and
has a title, a slug and a text that no other story has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from .story import Block, DemoStory

FIRST_CODE = 920_001
_FIRST_DAY = datetime(2022, 2, 1, 6, tzinfo=UTC)
_SPAN = 3 * 365 * 24 * 60
_STEP = 48_611  # minutes between two stories in the order of making, modulo `_SPAN`; shares no factor with that

_END = (".", "!", "?", "؟")
_BEFORE_END = ".!?؟,،;؛:"
_BRACKETS = re.compile(r"[«»“”„\"‘’()\[\]]")
_NO_WORDS = re.compile(r"(?<!\S)[^\w\s]+(?!\S)")
_SENTENCE = (8, 22)


class Words:
    """What sentences of a language are made of: which word follows which in the hand-written stories."""

    def __init__(self, stories: Sequence[DemoStory]) -> None:
        texts = [block.text for story in stories for block in story.blocks if block.kind == "p"]
        self._lines = [_NO_WORDS.sub("", _BRACKETS.sub(" ", text)).split() for text in texts]

    @cached_property
    def _followers(self) -> dict[str, list[str]]:
        followers: dict[str, list[str]] = {}
        for line in self._lines:
            for word, following in pairwise(line):
                if not word.endswith(_END):
                    followers.setdefault(word, []).append(following)
        return followers

    @cached_property
    def _openers(self) -> list[str]:
        pairs = [(".", line[0]) for line in self._lines if line]
        pairs += [pair for line in self._lines for pair in pairwise(line)]
        return [word for before, word in pairs if before.endswith(_END) and word in self._followers]

    def make_sentence(self, random: Random) -> str:
        """With a full stop."""
        least, most = _SENTENCE
        return " ".join(self._chain(random, random.randint(least, most))).rstrip(_BEFORE_END) + "."

    def make_heading(self, random: Random, length: int) -> str:
        """Some words without marks."""
        return " ".join(word.strip(_BEFORE_END) for word in self._chain(random, length))

    def make_paragraph(self, random: Random) -> str:
        """Two to four sentences."""
        return " ".join(self.make_sentence(random) for _ in range(random.randint(2, 4)))

    def _chain(self, random: Random, length: int) -> list[str]:
        words = [random.choice(self._openers)]
        while len(words) < length:
            following = self._followers.get(words[-1])
            if following is None:  # a sentence ended here
                words[-1] = words[-1].rstrip(_BEFORE_END)
                following = self._followers.get(words[-1]) or self._openers
            words.append(random.choice(following))
        return words


class StoryMaker:
    """Makes stories by number, each number once; `patterns` are the hand-written ones, in a settled order."""

    def __init__(self, patterns: Sequence[DemoStory]) -> None:
        self._patterns = sorted(patterns, key=lambda story: story.code)
        self._slugs = {make_slug(story.title) for story in patterns}
        languages = {story.language for story in patterns}
        self._words = {name: Words([s for s in self._patterns if s.language == name]) for name in languages}
        self._next = 0

    def make_old(self) -> DemoStory:
        """The next story, of some time in the years of the hand-written ones."""
        minutes = self._next * _STEP % _SPAN
        pattern = self._patterns[self._next % len(self._patterns)]
        return self._make(pattern, _FIRST_DAY + timedelta(minutes=minutes))

    def make_new(self, now: datetime) -> DemoStory:
        """The next story, published at `now` and linked everywhere; its edition is another than the last one's."""
        editions = self._newsroom
        patterns = editions[self._next % len(editions)]
        return self._make(patterns[self._next // len(editions) % len(patterns)], now)

    def change(self, story: DemoStory, now: datetime) -> DemoStory:
        """The story with another text: by turns a paragraph more at its end and the one before its last anew."""
        revision = story.revision + 1
        new = Block("p", self._words[story.language].make_paragraph(Random(f"{story.code}/{revision}")))
        paragraphs = [place for place, block in enumerate(story.blocks) if block.kind == "p"]
        blocks = list(story.blocks)
        if (story.code + revision) % 2 or len(paragraphs) < 3:
            blocks.append(new)
        else:
            blocks[paragraphs[-2]] = new
        return replace(story, blocks=tuple(blocks), revision=revision, **_date_change(story, now))

    @cached_property
    def _newsroom(self) -> list[list[DemoStory]]:
        """A list an edition of the patterns that print a time and are linked everywhere."""
        editions: dict[str, list[DemoStory]] = {}
        for story in self._patterns:
            if story.reach == "everywhere" and len(story.date) > len("2022-03-30"):
                editions.setdefault(story.edition.key, []).append(story)
        return list(editions.values())

    def _make(self, pattern: DemoStory, when: datetime) -> DemoStory:
        code, words = FIRST_CODE + self._next, self._words[pattern.language]
        self._next += 1
        random = Random(code)
        title = self._make_title(words, random)
        return replace(
            pattern,
            code=code,
            title=title,
            slug=make_slug(title),
            date=_print_like(pattern, when),
            lead=words.make_sentence(random) if pattern.lead else None,
            caption=words.make_heading(random, 8) if pattern.caption else None,
            blocks=_make_blocks(pattern, words, random),
            modified=None,
            group=None,
        )

    def _make_title(self, words: Words, random: Random) -> str:
        while True:
            title = words.make_heading(random, random.randint(6, 9))
            title = title[:1].upper() + title[1:]
            if make_slug(title) not in self._slugs:
                self._slugs.add(make_slug(title))
                return title


def make_slug(title: str) -> str:
    """`a-title-s-words`, in the title's own script."""
    return "-".join(re.findall(r"\w+", title.casefold()))


def _make_blocks(pattern: DemoStory, words: Words, random: Random) -> tuple[Block, ...]:
    blocks = [Block("p", words.make_paragraph(random)) for _ in range(random.randint(4, 12))]
    kinds = {block.kind for block in pattern.blocks}
    if "quote" in kinds:
        blocks.insert(2, Block("quote", words.make_paragraph(random)))
    if "subhead" in kinds:
        blocks.insert(2, Block("subhead", words.make_heading(random, 4)))
    return tuple(blocks)


def _print_like(pattern: DemoStory, when: datetime) -> str:
    """`when` as precise as the pattern's page prints its date, with an offset where that has one."""
    local = when.astimezone(ZoneInfo(pattern.edition.zone))
    if len(pattern.date) == len("2022-03-30"):
        return local.date().isoformat()
    if datetime.fromisoformat(pattern.date).tzinfo is None:
        return local.replace(tzinfo=None).isoformat(timespec="minutes")
    return local.isoformat(timespec="seconds")


def _date_change(story: DemoStory, now: datetime) -> dict[str, datetime | str]:
    """What says when the story changed: its page where that prints such dates, and the site in any case."""
    local = now.astimezone(ZoneInfo(story.edition.zone))
    return {"touched": now} | ({"modified": local.isoformat(timespec="seconds")} if story.says_modified else {})
