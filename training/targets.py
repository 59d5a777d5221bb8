"""From labels to what the network is to say, and how much each block counts.

Truths say what is in and what is out; they disagree about standfirsts and captions. So those two kinds are taught by
rules where a truth does not contradict, and what a set's convention leaves open counts for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from benchmarks.datasets import find_convention
from newsscraper.extract.learned.model import KINDS
from newsscraper.extract.learned.network import Array
from training.pages import INSIDE, OUTSIDE, UNKNOWN, TrainingPage

BODY, LEAD, CAPTION, BOILERPLATE = range(len(KINDS))
BASE = 0.2
"""What a block counts whatever its length."""
LONGEST = 1500.0
"""Letters beyond which a block counts no more."""
HALF_SURE = 0.5
"""What a standfirst counts in a set whose truths sometimes hold it."""
PAGE_WEIGHTS = {"truth": 1.0, "json_ld": 0.5, "snippets": 0.3}
"""What a page counts by what labels it."""
MACHINE_MADE = 0.6
"""What that is multiplied by in a set whose truths a machine made."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """What not to learn from: pages whose truth is wrong, and single blocks that it labels wrongly."""

    pages: set[str] = field(default_factory=set)
    blocks: dict[str, np.ndarray] = field(default_factory=dict)


def make_targets(page: TrainingPage, doubts: Doubts) -> tuple[Array, Array]:
    """Blocks x `KINDS`, and the weight of each block; weights sum to the page's, or to nothing."""
    inside, outside = page.inside == INSIDE, page.inside == OUTSIDE
    targets = np.zeros((len(page.inside), len(KINDS)), np.float32)
    targets[inside, BODY] = 1
    targets[outside, BOILERPLATE] = 1
    weights = weigh_blocks(page.letters)
    if page.labelled_by == "truth":
        targets[page.lead] = np.eye(len(KINDS))[LEAD]
        targets[page.caption & outside] = np.eye(len(KINDS))[CAPTION]
        weights[page.lead & inside] *= 1.0 if find_convention(page.set_name).lead_in_body else HALF_SURE
        weights[page.caption & inside] = 0
    else:
        weights[page.lead | page.caption] = 0
    weights[page.inside == UNKNOWN] = 0
    if page.key in doubts.pages:
        weights[:] = 0
    if page.key in doubts.blocks:
        weights[doubts.blocks[page.key]] = 0
    total = float(weights.sum())
    return targets, (weights * (_page_weight(page) / total) if total else weights).astype(np.float32)


def weigh_blocks(letters: Array) -> Array:
    """What each block counts by its length, before the page's weight: a long one more, but not in proportion."""
    return np.asarray(BASE + np.clip(letters, 1, LONGEST) ** 0.6 / 16, np.float32)


def _page_weight(page: TrainingPage) -> float:
    return PAGE_WEIGHTS[page.labelled_by] * (MACHINE_MADE if find_convention(page.set_name).machine_made else 1.0)
