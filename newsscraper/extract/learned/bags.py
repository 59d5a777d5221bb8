"""Bags of words as rows of a table, and the sums of the rows of each: for all bags of a page at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np

from newsscraper.extract.learned.network import Array, Indices


@dataclass(frozen=True, slots=True)
class Bags:
    """The rows of some bags, one bag behind the other, each in order: sums are the same however sets are laid out."""

    rows: Indices
    starts: Indices
    counts: Indices
    """For each bag where its rows begin, and how many they are."""

    def sum_rows(self, table: Array, chosen: Indices) -> Array:
        """For each of the chosen bags the sum of its rows of the table.

        The first rows of all are added at once, then the second ones, and so on: the largest bags stand first, so that
        those which have another row are always the first few.
        """
        counts = self.counts[chosen]
        order = np.argsort(-counts, kind="stable")
        starts, descending = self.starts[chosen[order]], -counts[order]
        sums = np.zeros((len(chosen), table.shape[1]), np.float32)
        places = np.arange(-descending[0] if len(chosen) else 0)
        for place, having in enumerate(np.searchsorted(descending, -places).tolist()):
            sums[:having] += table.take(self.rows[starts[:having] + place], axis=0)
        found = np.empty_like(sums)
        found[order] = sums
        return found


def read_bags(vocabulary: Mapping[str, int], bags: Sequence[Collection[str]]) -> Bags:
    """The rows of the words that the vocabulary has; each word stands once in a bag."""
    sizes = np.fromiter(map(len, bags), np.intp, len(bags))
    rows = np.fromiter(map(vocabulary.get, chain.from_iterable(bags), repeat(-1)), np.intp, int(sizes.sum()))
    known = rows >= 0
    owners = np.repeat(np.arange(len(bags)), sizes)[known]
    keys = np.sort(owners * len(vocabulary) + rows[known])
    counts = np.bincount(owners, minlength=len(bags))
    return Bags(keys % max(len(vocabulary), 1), np.cumsum(counts) - counts, counts)
