"""How much network and rules are believed: a logistic regression on held-out pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import minimize

from benchmarks.datasets import CONVENTIONS, Convention
from newsscraper.extract.learned.network import Array
from newsscraper.extract.votes import VOTES, log_odds
from training.pages import INSIDE, UNKNOWN, TrainingPage
from training.targets import BASE, BODY, LEAD, LONGEST, Doubts

RIDGE = 1e-2


def fit_votes(pages: Sequence[TrainingPage], held_out: Mapping[str, Array], doubts: Doubts) -> dict[str, float]:
    """Weights for `votes.combine`, from pages whose truth is whole and not doubted."""
    parts = [_read(page, held_out[page.key]) for page in pages if _teaches(page, doubts)]
    inputs, targets, weights = (np.concatenate(column) for column in zip(*parts, strict=True))

    def loss(fitted: np.ndarray) -> tuple[float, np.ndarray]:
        odds = inputs @ fitted
        chances = 1 / (1 + np.exp(-odds))
        cost = float((weights * (np.logaddexp(0, odds) - targets * odds)).sum()) + RIDGE * float(fitted @ fitted)
        return cost, inputs.T @ (weights * (chances - targets)) + 2 * RIDGE * fitted

    fitted = minimize(loss, np.zeros(1 + len(VOTES)), jac=True, method="L-BFGS-B").x
    return {name: round(float(weight), 3) for name, weight in zip(("network", *VOTES), fitted, strict=True)}


def _teaches(page: TrainingPage, doubts: Doubts) -> bool:
    return page.labelled_by == "truth" and page.key not in doubts.pages and page.set_name != "readability"


def _read(page: TrainingPage, chances: Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, targets and weights of the blocks of one page; weights sum to one."""
    known = page.inside != UNKNOWN
    if not CONVENTIONS.get(page.set_name, Convention()).lead_in_body:
        known &= ~page.lead
    odds = log_odds(chances[:, BODY] + chances[:, LEAD])
    inputs = np.column_stack([odds, np.eye(len(VOTES))[page.votes]])[known]
    weights = (BASE + np.clip(page.letters, 1, LONGEST) ** 0.6 / 16)[known]
    return inputs, (page.inside == INSIDE)[known].astype(float), weights / max(weights.sum(), 1e-9)
