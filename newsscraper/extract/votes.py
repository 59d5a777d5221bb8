"""Network and rules put together: what each says of a block, weighed as training found it right to.

The network knows many pages, the rules know what nobody needs examples for. The weights are fitted on pages of domains
that the network had not seen, so that neither is believed more than it deserves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from newsscraper.extract.fields.title import Headline
from newsscraper.extract.kinds import Label
from newsscraper.extract.learned.network import Array

NETWORK = "network"
"""The weight by which the network's log odds are multiplied."""
ABOVE = ", above the headline"
SURE = 1e-4
"""How far from 0 and 1 a chance is kept before its logarithm is taken."""
_NAMED = re.compile(r" '.*'")

Vote = tuple[str, ...]
"""Kind; kind and reason, without the name that a template happens to use; the same with that name."""


def read_votes(labels: Sequence[Label], headline: Headline) -> list[Vote]:
    """What the rules say of each block, from the coarse to the fine."""
    start = headline.first or 0
    known: dict[tuple[str, str], tuple[str, str]] = {}
    votes: list[Vote] = []
    for index, label in enumerate(labels):
        key = (label.kind, label.reason)
        if key not in known:
            known[key] = (f"{label.kind}: {_NAMED.sub('', label.reason)}", f"{label.kind}: {label.reason}")
        reason, named = known[key]
        if index < start:
            votes.append((label.kind, reason + ABOVE))
        else:
            votes.append((label.kind, reason, named) if named != reason else (label.kind, reason))
    return votes


def log_odds(chances: Array) -> Array:
    """The logarithm of a chance over its opposite."""
    kept = np.clip(chances, SURE, 1 - SURE)
    return np.asarray(np.log(kept / (1 - kept)), np.float32)


def combine(text: Array, votes: Sequence[Vote], weights: Mapping[str, float]) -> Array:
    """For each block the chance of being story text.

    `text`: what the network gives it; `weights`: `NETWORK`'s, and what is added for each part of a vote. A reason that
    training never saw adds nothing to its kind.
    """
    sums: dict[Vote, float] = {}
    for vote in votes:
        if vote not in sums:
            sums[vote] = sum(weights.get(part, 0.0) for part in vote)
    added = np.array([sums[vote] for vote in votes], np.float32)
    odds = np.clip(weights[NETWORK] * log_odds(text) + added, -30, 30)
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)
