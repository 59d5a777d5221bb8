"""How sure the body is: the probability that it is right, told from how sure the blocks were.

Right means an F1 of 0.95 or more against what a person would cut out. The weights are fitted in training, on pages of
domains that the model had not seen, and come with the model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from newsscraper.extract.blocks import Block
from newsscraper.extract.kinds import BODY_KINDS, LEAD, Label

SIGNS = ("body is unsure", "rest is unsure", "unsure blocks", "short body", "few blocks", "rest is long")
"""What the confidence is told from, each 0 where nothing is wrong and about 1 where much is."""
UNSURE = 0.8
"""Score below which a block's label is unsure."""


def read_signs(blocks: Sequence[Block], labels: Sequence[Label]) -> list[float]:
    """One number for each of `SIGNS`."""
    body = rest = body_doubt = rest_doubt = 0.0
    unsure = kept = 0
    for block, label in zip(blocks, labels, strict=True):
        doubt = (1 - label.score) * block.letters
        if label.kind in BODY_KINDS or label.kind == LEAD:
            kept += 1
            body += block.letters
            body_doubt += doubt
        else:
            rest += block.letters
            rest_doubt += doubt
        unsure += label.score < UNSURE
    return [
        body_doubt / (body + 1),
        min(2.0, rest_doubt / (body + 1)),
        min(2.0, unsure / (kept + 1)),
        math.exp(-body / 800),
        math.exp(-kept / 4),
        min(2.0, math.log1p(rest / (body + 1)) / 2),
    ]


def resolve_confidence(
    blocks: Sequence[Block], labels: Sequence[Label], weights: Sequence[float] | None
) -> float | None:
    """0 to 1; None where the model brings no calibration. `weights`: one for each of `SIGNS`, then the constant."""
    if not weights or not blocks:
        return None
    score = sum(w * sign for w, sign in zip(weights, [*read_signs(blocks, labels), 1.0], strict=True))
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 3)
