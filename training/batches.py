"""Pages as the learner takes them: several at a time, their means as one sparse matrix.

Inference computes means from cumulative sums, which is quick for one page; a sparse matrix gives the same numbers, and
its transpose the gradients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from newsscraper.extract.learned.features import Features
from newsscraper.extract.learned.model import DECAY, NAME_LEVELS
from newsscraper.extract.learned.network import (
    LEVELS,
    NEIGHBOURS,
    POOLS,
    WEIGHT_CAP,
    WEIGHT_EXPONENT,
    Array,
    Indices,
)

BAGS = 4
"""Bags of words a block: `PageMatrices.names`."""


@dataclass(frozen=True, slots=True)
class PageMatrices:
    """One page: its features, its names as bags of words, its means as a matrix."""

    dense: Array
    names: tuple[sparse.csr_matrix, ...]
    """Blocks x vocabulary: names of the own container, of the one around it, of those further out; and the blocks' own
    words, of another vocabulary."""
    pools: sparse.csr_matrix
    """Pools x blocks: each row a weighted mean."""
    seen: Indices
    """`POOLS` x blocks: the rows of `pools` that a block sees."""

    @property
    def size(self) -> int:
        """How many blocks it has."""
        return len(self.dense)


def make_matrices(features: Features, vocabulary: dict[str, int], text_vocabulary: dict[str, int]) -> PageMatrices:
    """A page for the learner; words outside the vocabularies are left out."""
    names = (*_name_bags(features, vocabulary), _bag(features.words, text_vocabulary))
    pools, seen = _pool_matrix(features)
    return PageMatrices(features.dense, names, pools, seen)


def _name_bags(features: Features, vocabulary: dict[str, int]) -> tuple[sparse.csr_matrix, ...]:
    containers = _bag([{f"<{c.tag}>", *c.words} for c in features.containers], vocabulary)
    inline = _bag([set(block.inline_words) for block in features.blocks], vocabulary)
    own, near, *far = features.tree.around(NAME_LEVELS)
    further = sum(containers[level] * np.float32(weight) for weight, level in zip(DECAY, far, strict=True))
    return containers[own] + inline, containers[near], sparse.csr_matrix(further)


def _bag(words_of_each: list[set[str]], vocabulary: dict[str, int]) -> sparse.csr_matrix:
    rows = [sorted(vocabulary[word] for word in words if word in vocabulary) for words in words_of_each]
    ends = np.cumsum([0] + [len(row) for row in rows])
    columns = np.fromiter((column for row in rows for column in row), np.int32, ends[-1])
    ones = np.ones(len(columns), np.float32)
    return sparse.csr_matrix((ones, columns, ends), (len(rows), len(vocabulary)))


def _pool_matrix(features: Features) -> tuple[sparse.csr_matrix, Indices]:
    tree, count = features.tree, len(features.letters)
    weights = np.minimum(features.letters, WEIGHT_CAP) ** WEIGHT_EXPONENT + 1
    levels, rows = np.unique(np.stack(tree.around(LEVELS)), return_inverse=True)
    _, group = np.unique(tree.group[tree.container], return_inverse=True)
    page = len(levels) + group.max() + 1
    blocks = np.arange(count)
    row_parts = [np.full(tree.last[c] - tree.first[c], number) for number, c in enumerate(levels)]
    column_parts = [np.arange(tree.first[c], tree.last[c]) for c in levels]
    row = np.concatenate([*row_parts, len(levels) + group, np.full(count, page)])
    column = np.concatenate([*column_parts, blocks, blocks])
    sums = sparse.csr_matrix((weights[column], (row, column)), (page + 1, count), dtype=np.float32)
    totals = np.asarray(sums.sum(axis=1)).ravel()
    means = sparse.csr_matrix(sparse.diags(1 / totals) @ sums, dtype=np.float32)
    seen = np.concatenate([rows.reshape(LEVELS, count), [len(levels) + group, np.full(count, page)]])
    return means, seen


class Batch:
    """Some pages one after the other, none of which sees another."""

    def __init__(self, pages: Sequence[PageMatrices]) -> None:
        self.dense = np.concatenate([page.dense for page in pages])
        self.names = [sparse.vstack([page.names[part] for page in pages], "csr") for part in range(BAGS)]
        self.pools = sparse.csr_matrix(sparse.block_diag([page.pools for page in pages], "csr"))
        self.pools_turned = self.pools.T.tocsr()
        offsets = np.cumsum([0] + [page.pools.shape[0] for page in pages[:-1]])
        self.seen = np.concatenate([page.seen + offset for page, offset in zip(pages, offsets, strict=True)], axis=1)
        count = len(self.dense)
        ones, blocks = np.ones(count, np.float32), np.arange(count)
        shape = (self.pools.shape[0], count)
        self.seers = [sparse.csr_matrix((ones, (row, blocks)), shape) for row in self.seen]
        self.page_of = np.repeat(np.arange(len(pages)), [page.size for page in pages])
        self.inside = {by: self._has_neighbour(by)[:, None] for by in NEIGHBOURS}

    def _has_neighbour(self, by: int) -> Array:
        """1 where the block `by` further on stands on the same page."""
        there = np.zeros(len(self.page_of), np.float32)
        if by > 0:
            there[:-by] = self.page_of[:-by] == self.page_of[by:]
        else:
            there[-by:] = self.page_of[-by:] == self.page_of[:by]
        return there

    def surround(self, values: Array) -> Array:
        """As `network.surround`, for all pages at once."""
        means = self.pools @ values
        beside = [np.roll(values, -by, axis=0) * self.inside[by] for by in NEIGHBOURS]
        return np.concatenate([values, *beside, *(means[row] for row in self.seen)], axis=1)

    def surround_gradient(self, gradient: Array, width: int) -> Array:
        """The gradient of what `surround` was given, from the gradient of what it gave."""
        parts = np.split(gradient, gradient.shape[1] // width, axis=1)
        total = parts[0].copy()
        for by, part in zip(NEIGHBOURS, parts[1:], strict=False):
            total += np.roll(part * self.inside[by], by, axis=0)
        of_pools = sum(seer @ np.ascontiguousarray(part) for seer, part in zip(self.seers, parts[-POOLS:], strict=True))
        return np.asarray(total + self.pools_turned @ of_pools)
