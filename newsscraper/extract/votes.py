"""Network and rules put together: what each says of a block, weighed as training found it right to.

The network knows many pages, the rules know what nobody needs examples for. The weights are fitted on pages of domains
that the network had not seen, so that it is not believed more than it deserves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from newsscraper.extract.edges import OUTSIDE
from newsscraper.extract.kinds import BOILERPLATE, KINDS, Label
from newsscraper.extract.learned.network import Array

FURNITURE = "furniture"
VOTES = (*KINDS, "outside", FURNITURE)
"""What rules may say: a kind, and for boilerplate that it stands outside the story's container, or in furniture."""
SURE = 1e-4
"""How far from 0 and 1 a chance is kept before its logarithm is taken."""


def read_votes(labels: Sequence[Label]) -> list[int]:
    """For each label of the rules its place in `VOTES`."""
    return [VOTES.index(_name_vote(label)) for label in labels]


def _name_vote(label: Label) -> str:
    if label.kind != BOILERPLATE:
        return label.kind
    if label.reason == OUTSIDE:
        return "outside"
    return FURNITURE if label.reason.startswith("inside ") else BOILERPLATE


def log_odds(chances: Array) -> Array:
    """The logarithm of a chance over its opposite."""
    kept = np.clip(chances, SURE, 1 - SURE)
    return np.log(kept / (1 - kept))


def combine(text: Array, votes: Sequence[int], weights: Mapping[str, Any]) -> Array:
    """For each block the chance of being story text.

    `text`: what the network gives it; `weights`: `network`, by which its log odds are multiplied, and for each of
    `VOTES` what is added to them.
    """
    added = np.array([weights[vote] for vote in VOTES], np.float32)
    odds = weights["network"] * log_odds(text) + added[np.asarray(votes, np.intp)]
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)
