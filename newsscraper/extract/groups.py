"""Repetition on a page: containers built alike, side by side, as teasers, comments and results are in any language."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from newsscraper.extract.blocks import HEADINGS, Block, Blocks, Build, Container
from newsscraper.extract.dates import find_dates

_SENTENCE_ENDS = frozenset(".!…。！؟۔।")
GROUP = 3
"""Members from which alike containers under one parent are a group."""
BLURB = 600
"""Letters of text beside its headline that a teaser has at most."""
HEADLINE = 15
"""Letters of a linked headline at least."""


def find_repeated(blocks: Blocks) -> list[bool]:
    """For each container: it is a member of a group, or stands in one."""
    return _in_groups(blocks, [build is not None for build in blocks.builds])


def find_teasers(blocks: Blocks) -> list[bool]:
    """For each container: it is in a group of teasers: headlines that lead elsewhere, short texts beside them."""
    headlines = [b.link_letters > 0 and _is_linked_headline(b) for b in blocks.blocks]
    return _in_groups(
        blocks,
        [
            build is not None and _is_teaser(blocks, container, headlines)
            for build, container in zip(blocks.builds, blocks.containers, strict=True)
        ],
    )


def find_comments(blocks: Blocks) -> list[bool]:
    """For each container: it is in one of two or more comments: a short name, a full date, then prose, built alike."""
    return _in_groups(
        blocks,
        [
            build is not None and container.size <= 12 and _is_comment(blocks.within(container))
            for build, container in zip(blocks.builds, blocks.containers, strict=True)
        ],
        least=2,
        whole=False,
    )


def _is_comment(within: list[Block]) -> bool:
    """A short line that is no heading, a date in the first three blocks, and text of some length that is no link."""
    if not 2 <= len(within) <= 12 or within[0].letters > 120 or any(b.tag in HEADINGS for b in within):
        return False
    text = max(within, key=lambda b: b.letters)
    if text is within[0] or text.letters < 30 or text.link_letters > 0.4 * text.letters:
        return False
    return any(b.letters <= 120 and (b.times or find_dates(b.text)) for b in within[:3])


def _is_teaser(blocks: Blocks, container: Container, headlines: list[bool]) -> bool:
    """A headline that is a link among the first three blocks, and little text that is none."""
    first, last = container.first, container.last
    if last - first > 10 or not any(headlines[first : min(last, first + 3)]):
        return False
    return sum([b.letters - b.link_letters for b in blocks.blocks[first:last]]) <= BLURB


def _is_linked_headline(block: Block) -> bool:
    """A short block that is a link of a headline's length, a date or a cut copy of it beside it perhaps."""
    if block.letters > 300 or block.link_letters < 0.4 * block.letters or block.text[-1:] in _SENTENCE_ENDS:
        return block.letters >= HEADLINE and block.link_letters > 0.9 * block.letters
    return any(len(text) >= HEADLINE for text in block.link_texts)


def _in_groups(blocks: Blocks, members: list[bool], least: int = GROUP, *, whole: bool = True) -> list[bool]:
    """For each container: it stands in a group of parts built alike, at least `least` of which are members.

    With `whole`, half of the group have to be members, and the others count with them.
    """
    if True not in members:
        return [False] * len(members)
    sums = blocks.letters_before
    groups = _find_groups(blocks, members, least, whole=whole)
    if not groups:
        return [False] * len(members)
    flags: list[bool] = []
    for container, build, member in zip(blocks.containers, blocks.builds, members, strict=True):
        inside = container.parent >= 0 and flags[container.parent]
        if not inside and build is not None and (member or whole):
            group = groups.get(build)
            inside = group is not None and not group.is_outweighed_by(sums[container.last] - sums[container.first])
        flags.append(inside)
    return flags


class _Group(NamedTuple):
    """Containers built alike under one parent."""

    size: int
    letters: int

    def is_outweighed_by(self, own: int) -> bool:
        """One is longer than all others together: the main column, not one of a kind; of two comments one may be."""
        return self.size != 2 and 2 * own > self.letters


def _find_groups(blocks: Blocks, members: list[bool], least: int, *, whole: bool) -> dict[Build, _Group]:
    """The groups of parts built alike that have members enough."""
    counts = Counter([build for build, member in zip(blocks.builds, members, strict=True) if member and build])
    alike: dict[Build, list[Container]] = {build: [] for build, count in counts.items() if count >= least}
    for container, build in zip(blocks.containers, blocks.builds, strict=True):
        if build in alike:
            alike[build].append(container)
    sums = blocks.letters_before
    return {
        build: _Group(len(parts), sum([sums[c.last] - sums[c.first] for c in parts]))
        for build, parts in alike.items()
        if not whole or counts[build] >= 0.5 * len(parts)
    }
