"""How a batch is cut depends on its inputs alone, and whoever does which part."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsscraper.batch.inputs import Input
from newsscraper.batch.parts import choose_parts, count_pieces, cut_parts, read_shard
from newsscraper.errors import InputError


def archive(name: str, size: int) -> Input:
    return Input(name=name, kind="archive", size=size)


def page(name: str, size: int) -> Input:
    return Input(name=name, kind="file", size=size)


def test_a_large_archive_is_cut_and_page_files_go_together() -> None:
    inputs = [archive("a", 260), page("1", 30), page("2", 60), page("3", 20), archive("b", 90), page("4", 500)]
    parts = cut_parts(inputs, 100)
    told = [([each.name for each in part.inputs], part.piece, part.pieces) for part in parts]
    assert told == [
        (["a"], 0, 3),
        (["a"], 1, 3),
        (["a"], 2, 3),
        (["1", "2"], 0, 1),
        (["3"], 0, 1),
        (["b"], 0, 1),
        (["4"], 0, 1),
    ]
    assert [part.name for part in parts] == [f"{number:05d}" for number in range(7)]


@given(st.integers(0, 10**12), st.integers(1, 10**10))
def test_a_piece_is_neither_much_larger_nor_much_smaller_than_asked_for(size: int, part_bytes: int) -> None:
    pieces = count_pieces(size, part_bytes)
    assert pieces == 1 or size / pieces >= part_bytes * 2 / 3
    assert size / pieces <= part_bytes * 3 / 2


def test_no_part_has_more_page_files_than_can_be_done_at_a_stretch() -> None:
    parts = cut_parts([page(str(number), 1) for number in range(12_001)], 10**9)
    assert [len(part.inputs) for part in parts] == [5_000, 5_000, 2_001]


@given(st.integers(0, 60), st.integers(1, 20))
def test_each_part_is_in_exactly_one_shard(count: int, shards: int) -> None:
    parts = cut_parts([archive(str(number), 1) for number in range(count)], 10)
    done = Counter(part.number for number in range(1, shards + 1) for part in choose_parts(parts, (number, shards)))
    assert done == Counter(range(count))


def test_a_shard_is_read_as_people_count() -> None:
    assert read_shard("3/16") == (3, 16)
    assert [part.number for part in choose_parts(cut_parts([archive(c, 1) for c in "abcde"], 1), (2, 2))] == [1, 3]


@pytest.mark.parametrize("text", ["0/4", "5/4", "1/0", "1", "a/b", "-1/4", "1/4/2", ""])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected a shard i/n"):
        read_shard(text)
