"""The pooling network: each block's features, then twice its surroundings, then the kinds' probabilities.

Surroundings are the two blocks before and after, and weighted means over the block's container, the three containers
around that, the containers built like its own, and the page. Since a container covers a contiguous range of blocks,
every such mean is one difference of cumulative sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

NEIGHBOURS = (-1, 1, -2, 2)
LEVELS = 4
"""Containers whose means a block sees: its own, and three around it."""
POOLS = LEVELS + 2
SURROUNDINGS = 1 + len(NEIGHBOURS) + POOLS
"""How many vectors stand beside each other before a layer: the block's own, its neighbours', the pools'."""
WEIGHT_EXPONENT = 0.7
WEIGHT_CAP = 1500.0
"""A block weighs min(letters, cap) ** exponent + 1 in every mean."""
TINY = 1e-3


@dataclass(frozen=True, slots=True)
class Tree:
    """Where a page's blocks stand."""

    container: Indices
    """For each block its container."""
    parent: Indices
    """For each container the one around it; the root is its own."""
    first: Indices
    last: Indices
    """For each container its range of blocks, `last` exclusive."""
    group: Indices
    """For each container the number of its group: the containers under one parent that are built alike."""

    def around(self, levels: int) -> list[Indices]:
        """For each block its container, the container around that, and so on."""
        steps = [self.container]
        while len(steps) < levels:
            steps.append(self.parent[steps[-1]])
        return steps


class Pools:
    """Weighted means over the parts of one page that its blocks stand in."""

    def __init__(self, tree: Tree, letters: Array) -> None:
        count = len(letters)
        self.weights = (np.minimum(letters, WEIGHT_CAP) ** WEIGHT_EXPONENT + 1)[:, None].astype(np.float32)
        # Only containers that blocks see are worth a row; blocks share them, so few rows are needed.
        seen, rows = np.unique(np.stack(tree.around(LEVELS)), return_inverse=True)
        self.rows = rows.reshape(LEVELS, count)
        self.first, self.last = tree.first[seen], tree.last[seen]
        groups = tree.group[tree.container]
        self.order = np.argsort(groups, kind="stable")
        sizes = np.unique(groups[self.order], return_counts=True, return_inverse=True)
        self.group_ends = np.cumsum(sizes[2])
        self.group_of = np.empty(count, np.intp)
        self.group_of[self.order] = sizes[1]
        self.totals = self._sums(np.ones((count, 1), np.float32))

    def means(self, values: Array) -> list[Array]:
        """For blocks x values: the means of containers, group and page that each block sees, blocks x values each."""
        containers, groups, page = self._sums(values)
        of_containers = containers / np.maximum(self.totals[0], TINY)
        of_groups = groups / np.maximum(self.totals[1], TINY)
        of_page = page / np.maximum(self.totals[2], TINY)
        seen = [of_containers[row] for row in self.rows]
        return [*seen, of_groups[self.group_of], np.broadcast_to(of_page, values.shape)]

    def _sums(self, values: Array) -> tuple[Array, Array, Array]:
        weighted = values * self.weights
        sums = _cumulate(weighted)
        by_group = _cumulate(weighted[self.order])[self.group_ends]
        groups = np.diff(by_group, axis=0, prepend=np.zeros((1, values.shape[1]), np.float64))
        containers = sums[self.last] - sums[self.first]
        return containers.astype(np.float32), groups.astype(np.float32), sums[-1:].astype(np.float32)


def _cumulate(values: Array) -> npt.NDArray[np.float64]:
    """Sums of the rows before each row, and of all at the end."""
    sums = np.zeros((len(values) + 1, values.shape[1]), np.float64)
    np.cumsum(values, axis=0, dtype=np.float64, out=sums[1:])
    return sums


def surround(values: Array, pools: Pools) -> Array:
    """Blocks x values to blocks x (values times `SURROUNDINGS`)."""
    return np.concatenate([values, *(shift(values, by) for by in NEIGHBOURS), *pools.means(values)], axis=1)


def shift(values: Array, by: int) -> Array:
    """Row i holds row i + by; zeros beyond the ends."""
    shifted = np.zeros_like(values)
    if by > 0:
        shifted[:-by] = values[by:]
    else:
        shifted[-by:] = values[:by]
    return shifted


@dataclass(frozen=True, slots=True)
class Layers:
    """The weights behind the first layer; those of the features stand with the vocabulary, in `model`."""

    near_weights: Array
    near_bias: Array
    far_weights: Array
    far_bias: Array
    out_weights: Array
    out_bias: Array

    def probabilities(self, first: Array, pools: Pools) -> Array:
        """Blocks x kinds, from the first layer's values before its rectifier."""
        hidden = np.maximum(first, 0)
        near = np.maximum(surround(hidden, pools) @ self.near_weights + self.near_bias, 0)
        far = np.maximum(surround(near, pools) @ self.far_weights + self.far_bias, 0)
        return softmax(np.concatenate([near, far], axis=1) @ self.out_weights + self.out_bias)


def softmax(values: Array) -> Array:
    """Rows that sum to one."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
