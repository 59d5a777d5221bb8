"""How a batch is cut into parts: by the inputs and the size of a part alone, so that everybody cuts it alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsscraper.batch.inputs import Input
from newsscraper.errors import InputError

_MOST_FILES = 5_000
"""Page files of a part."""
_SHARD = re.compile(r"(\d+)/(\d+)")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A share of a batch, done as a whole, which becomes one file."""

    number: int
    """From 0."""
    inputs: tuple[Input, ...]
    """An archive, or a run of page files."""
    piece: int = 0
    """Which piece of its archive it is."""
    pieces: int = 1

    @property
    def name(self) -> str:
        """`00017`."""
        return f"{self.number:05d}"

    @property
    def size(self) -> int:
        """Bytes to be read, about."""
        return sum(each.size for each in self.inputs) // self.pieces

    @property
    def is_archive(self) -> bool:
        """It is an archive, or a piece of one."""
        return self.inputs[0].kind == "archive"


def cut_parts(inputs: Sequence[Input], part_bytes: int) -> tuple[Part, ...]:
    """Archives in pieces of about `part_bytes` (from two thirds of it to one and a half), page files in runs of it."""
    found: list[Part] = []
    for group in _groups(inputs, part_bytes):
        pieces = count_pieces(group[0].size, part_bytes) if group[0].kind == "archive" else 1
        for piece in range(pieces):
            found.append(Part(number=len(found), inputs=group, piece=piece, pieces=pieces))
    return tuple(found)


def count_pieces(size: int, part_bytes: int) -> int:
    """In how many an archive of `size` bytes is cut."""
    return max(1, (2 * size + part_bytes) // (2 * part_bytes))


def _groups(inputs: Iterable[Input], part_bytes: int) -> Iterator[tuple[Input, ...]]:
    """Each archive by itself; page files that follow one another, as many as a part may hold."""
    run: list[Input] = []
    size = 0
    for each in inputs:
        if run and (each.kind == "archive" or len(run) >= _MOST_FILES or size + each.size > part_bytes):
            yield tuple(run)
            run, size = [], 0
        if each.kind == "archive":
            yield (each,)
        else:
            run.append(each)
            size += each.size
    if run:
        yield tuple(run)


def read_shard(text: str) -> tuple[int, int]:
    """`3/16` as (3, 16), the first of which is 1. Raises `InputError`."""
    match = _SHARD.fullmatch(text.strip())
    number, of = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= of:
        raise InputError(f"expected a shard i/n, i from 1 to n, such as 3/16, got {text!r}")
    return number, of


def choose_parts(parts: Sequence[Part], shard: tuple[int, int] = (1, 1)) -> list[Part]:
    """The parts of shard i of n: those whose number leaves i - 1 when divided by n."""
    number, of = shard
    return [part for part in parts if part.number % of == number - 1]
