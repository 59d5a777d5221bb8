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
    """Weighted means over the parts of one page that its blocks stand in.

    Blocks share the containers around them, so that what is made of a mean is made once for each container.
    """

    def __init__(self, tree: Tree, letters: Array) -> None:
        count = len(letters)
        self.weights = (np.minimum(letters, WEIGHT_CAP) ** WEIGHT_EXPONENT + 1)[:, None].astype(np.float32)
        self.levels: list[Indices] = []
        """For each level, innermost first, the containers that blocks see there."""
        self.within: list[Indices] = []
        """Where among those stands the container of each block; then, of each container of a level, the one around."""
        containers = tree.container
        for _ in range(LEVELS):
            level, places = find_distinct(containers)
            self.levels.append(level)
            self.within.append(places)
            containers = tree.parent[level]
        self.first, self.last = (ends[np.concatenate(self.levels)] for ends in (tree.first, tree.last))
        groups, self.group_of = find_distinct(tree.group[tree.container])
        self.order = np.argsort(self.group_of, kind="stable")
        sizes = np.bincount(self.group_of, minlength=len(groups))
        self.group_starts = np.cumsum(sizes) - sizes
        self.totals = self._sums(np.ones((1, count, 1), np.float32))

    def means(self, values: Array) -> tuple[Array, Array, Array]:
        """For networks x blocks x values: the means of all levels' containers, of the groups, and of the page."""
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
        containers = (sums.take(self.last, axis=1) - sums.take(self.first, axis=1)).astype(np.float32)
        groups = np.add.reduceat(weighted.take(self.order, axis=1), self.group_starts, axis=1)
        return containers, groups, sums[:, -1:].astype(np.float32)


def find_distinct(indices: Indices) -> tuple[Indices, Indices]:
    """The distinct ones of some indices, in order, and for each of all its place among those."""
    marks = np.zeros(int(indices.max()) + 1, np.bool_)
    marks[indices] = True
    return np.flatnonzero(marks), (np.cumsum(marks) - 1)[indices]


def weigh_surroundings(values: Array, weights: Array, pools: Pools) -> Array:
    """What surroundings add up to: networks x blocks x values to networks x blocks x outputs.

    `weights`: networks x (values times `SURROUNDINGS`) x outputs, for the block's own vector, its neighbours', the
    pools'. No block's surroundings are laid side by side: each part is multiplied where it stands once.
    """
    networks, _, width = values.shape
    outputs = weights.shape[-1]
    beside = 1 + len(NEIGHBOURS)
    products = values[:, None] @ weights[:, : beside * width].reshape(networks, beside, width, outputs)
    sums = products[:, 0]
    for place, by in enumerate(NEIGHBOURS, 1):
        if by > 0:
            sums[:, :-by] += products[:, place, by:]
        else:
            sums[:, -by:] += products[:, place, :by]
    containers, groups, page = pools.means(values)
    *of_levels, of_groups, of_page = np.split(weights[:, beside * width :], POOLS, axis=1)
    around, stop = page @ of_page, containers.shape[1]
    inwards = zip(pools.levels, of_levels, [*pools.within[1:], np.zeros(len(pools.levels[-1]), np.intp)], strict=True)
    for level, of_level, places in reversed(list(inwards)):
        start = stop - len(level)
        around = containers[:, start:stop] @ of_level + around.take(places, axis=1)
        stop = start
    sums += around.take(pools.within[0], axis=1)
    sums += (groups @ of_groups).take(pools.group_of, axis=1)
    return np.asarray(sums, np.float32)


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
        hidden = np.ascontiguousarray(np.maximum(first, 0).reshape(len(first), networks, -1).transpose(1, 0, 2))
        near = np.maximum(weigh_surroundings(hidden, self.near_weights, pools) + self.near_bias[:, None], 0)
        far = np.maximum(weigh_surroundings(near, self.far_weights, pools) + self.far_bias[:, None], 0)
        out = np.concatenate([near, far], axis=2) @ self.out_weights + self.out_bias[:, None]
        return np.asarray(softmax(out).mean(axis=0), np.float32)


def softmax(values: Array) -> Array:
    """Chances that sum to one along the last axis."""
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
