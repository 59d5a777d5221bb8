"""Lines that are only wrapped at a width are put together again.

Every `<br>` ends a block on the walk, since old pages set date, headline and paragraphs apart by it; text that was
wrapped by hand or by a mail program has one at each line's end.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsscraper.extract.blocks import Block, Blocks

WRAPPED = range(35, 125)
"""Letters of a line in text that was wrapped by hand or by a mail program."""


def join_wrapped(found: Blocks) -> Blocks:
    """Runs of lines parted by single `<br>` that are one text wrapped at a width: joined to one block each."""
    if sum([block.follows for block in found.blocks]) < 3:
        return found
    merged: list[Block] = []
    new_index: list[int] = []
    for run in _runs(found.blocks):
        if _is_wrapped(run):
            new_index += [len(merged)] * len(run)
            merged.append(_joined(run))
        else:
            for block in run:
                new_index.append(len(merged))
                merged.append(block)
    if len(merged) == len(found.blocks):
        return found
    new_index.append(len(merged))
    for index, block in enumerate(merged):
        block.index = index
    for container in found.containers:
        container.first, container.last = new_index[container.first], new_index[container.last]
    for picture in found.pictures:
        picture.index = new_index[min(picture.index, len(new_index) - 1)]
    found.blocks = merged
    return found


def _runs(blocks: list[Block]) -> Iterator[list[Block]]:
    run: list[Block] = []
    for block in blocks:
        if run and not block.follows:
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _is_wrapped(run: list[Block]) -> bool:
    """Four lines or more, nearly all of one width, and few of them ending where a sentence does."""
    if len(run) < 4:
        return False
    inner = run[:-1]
    of_width = sum(b.letters in WRAPPED for b in inner)
    ended = sum(b.text[-1:] in '.!?…。！？؟۔»”"' for b in inner)
    widest = max(b.letters for b in inner)
    wide = sum(b.letters > 0.6 * widest for b in inner)
    return of_width >= 0.9 * len(inner) and wide >= 0.75 * len(inner) and ended <= 0.35 * len(inner)


def _joined(run: list[Block]) -> Block:
    first = run[0]
    first.text = " ".join(b.text for b in run)
    first.letters = sum(b.letters for b in run) + len(run) - 1
    first.link_letters = sum(b.link_letters for b in run)
    first.links = sum(b.links for b in run)
    first.emphasis = all(b.emphasis for b in run)
    first.times = tuple(t for b in run for t in b.times)
    first.link_texts = tuple(t for b in run for t in b.link_texts)
    return first
