"""Truths that are wrong: what predictions made without them, and rules that never saw them, both contradict.

Truths are cut off after a story's first part, hold another story, or the page's menu. A page is dropped where both
readers lose precision (the truth ends early) or recall (it holds what is no story); a block, where both are sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.metrics import Overlap, measure_overlap
from newsscraper.extract.learned.network import Array
from training.pages import INSIDE, OUTSIDE, TrainingPage
from training.targets import BODY, BOILERPLATE, LEAD, Doubts

LEAST_PRECISION, LEAST_RECALL = 0.7, 0.6
SURE = 0.97


def find_doubts(pages: Sequence[TrainingPage], held_out: Mapping[str, Array]) -> Doubts:
    """`held_out`: for each page, by its key, the probabilities of a model that did not see its domain."""
    doubts = Doubts()
    for page in pages:
        if page.labelled_by != "truth":
            continue
        chances = held_out[page.key]
        text = chances[:, BODY] + chances[:, LEAD]
        by_model, by_rules = _overlap(page, text > 0.5), _overlap(page, page.body | page.lead)
        if (_is_cut(by_model) and _is_cut(by_rules)) or (_is_foreign(by_model) and _is_foreign(by_rules)):
            doubts.pages.add(page.key)
        wrongly_out = (text > SURE) & (page.inside == OUTSIDE) & page.body
        wrongly_in = (chances[:, BOILERPLATE] > SURE) & (page.inside == INSIDE) & ~page.body
        if (wrongly_out | wrongly_in).any():
            doubts.blocks[page.key] = wrongly_out | wrongly_in
    return doubts


def _overlap(page: TrainingPage, kept: np.ndarray) -> Overlap:
    return measure_overlap("\n".join(t for t, k in zip(page.texts, kept, strict=True) if k), page.truth or "")


def _is_cut(overlap: Overlap) -> bool:
    return overlap.precision < LEAST_PRECISION


def _is_foreign(overlap: Overlap) -> bool:
    return overlap.recall < LEAST_RECALL
