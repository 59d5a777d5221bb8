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
        _, self.group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
        self.group_starts = np.cumsum(sizes) - sizes
        self.totals = self._sums(np.ones((1, count, 1), np.float32))

    def means(self, values: Array) -> tuple[Array, Array, Array]:
        """For networks x blocks x values: the means of the containers in `rows`, of the groups, and of the page."""
        sums = self._sums(values)
        containers, groups, page = (
            np.asarray(part / np.maximum(of, TINY), np.float32) for part, of in zip(sums, self.totals, strict=True)
        )
        return containers, groups, page

    def _sums(self, values: Array) -> tuple[Array, Array, Array]:
        weighted = values * self.weights
        networks, blocks, width = values.shape
        sums = np.zeros((networks, blocks + 1, width), np.float64)
        np.cumsum(weighted, axis=1, dtype=np.float64, out=sums[:, 1:])
        containers = (sums[:, self.last] - sums[:, self.first]).astype(np.float32)
        groups = np.add.reduceat(weighted[:, self.order], self.group_starts, axis=1)
        return containers, groups, sums[:, -1:].astype(np.float32)


def surround(values: Array, pools: Pools) -> Array:
    """Networks x blocks x values to networks x blocks x (values times `SURROUNDINGS`)."""
    networks, blocks, width = values.shape
    around = np.zeros((networks, blocks, SURROUNDINGS * width), np.float32)
    parts = [around[:, :, start : start + width] for start in range(0, SURROUNDINGS * width, width)]
    parts[0][:] = values
    for part, by in zip(parts[1:], NEIGHBOURS, strict=False):
        if by > 0:
            part[:, :-by] = values[:, by:]
        else:
            part[:, -by:] = values[:, :by]
    containers, groups, page = pools.means(values)
    for part, rows in zip(parts[-POOLS:], pools.rows, strict=False):
        part[:] = containers[:, rows]
    parts[-2][:] = groups[:, pools.group_of]
    parts[-1][:] = page
    return around


@dataclass(frozen=True, slots=True)
class Layers:
    """The weights behind the first layer, those of several networks one behind the other.

    Those of the features stand with the vocabulary, in `model`.
    """

    near_weights: Array
    near_bias: Array
    far_weights: Array
    far_bias: Array
    out_weights: Array
    out_bias: Array

    def probabilities(self, first: Array, pools: Pools) -> Array:
        """Blocks x kinds, the mean of all networks; `first`: the first layer's values before its rectifier.

        These are blocks x (networks times hidden).
        """
        networks = len(self.out_bias)
        hidden = np.maximum(first, 0).reshape(len(first), networks, -1).transpose(1, 0, 2)
        near = np.maximum(surround(hidden, pools) @ self.near_weights + self.near_bias[:, None], 0)
        far = np.maximum(surround(near, pools) @ self.far_weights + self.far_bias[:, None], 0)
        out = np.concatenate([near, far], axis=2) @ self.out_weights + self.out_bias[:, None]
        return np.asarray(softmax(out).mean(axis=0), np.float32)


def softmax(values: Array) -> Array:
    """Chances that sum to one along the last axis."""
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
