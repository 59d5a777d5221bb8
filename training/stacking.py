"""How much network and rules are believed: a logistic regression on held-out pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from benchmarks.datasets import find_convention
from newsscraper.extract.learned.network import Array
from newsscraper.extract.votes import NETWORK, log_odds
from training.pages import INSIDE, UNKNOWN, TrainingPage
from training.targets import BODY, LEAD, Doubts, weigh_blocks

RIDGE = 1e-2
"""What a page's worth of blocks has to say to move a weight: reasons that are rarely given keep near their kind."""


def fit_votes(pages: Sequence[TrainingPage], held_out: Mapping[str, Array], doubts: Doubts) -> dict[str, float]:
    """Weights for `votes.combine`, from pages whose truth is whole and not doubted."""
    taught = [page for page in pages if _teaches(page, doubts)]
    names = [NETWORK, *sorted({part for page in taught for vote in page.votes for part in vote})]
    place = {name: number for number, name in enumerate(names)}
    parts = [_read(page, held_out[page.key], place) for page in taught]
    inputs = sparse.csr_matrix(sparse.vstack([part[0] for part in parts]))
    targets, weights = (np.concatenate([part[number] for part in parts]) for number in (1, 2))

    def loss(fitted: np.ndarray) -> tuple[float, np.ndarray]:
        odds = inputs @ fitted
        chances = 1 / (1 + np.exp(-odds))
        cost = float((weights * (np.logaddexp(0, odds) - targets * odds)).sum()) + RIDGE * float(fitted @ fitted)
        return cost, inputs.T @ (weights * (chances - targets)) + 2 * RIDGE * fitted

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return {name: round(float(weight), 3) for name, weight in zip(names, fitted, strict=True)}


def _teaches(page: TrainingPage, doubts: Doubts) -> bool:
    return (
        page.labelled_by == "truth" and page.key not in doubts.pages and not find_convention(page.set_name).machine_made
    )


def _read(
    page: TrainingPage, chances: Array, place: Mapping[str, int]
) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    """Inputs, targets and weights of the blocks of one page; weights sum to one."""
    known = page.inside != UNKNOWN
    if not find_convention(page.set_name).lead_in_body:
        known &= ~page.lead
    odds = log_odds(chances[:, BODY] + chances[:, LEAD])
    columns = [[0, *(place[part] for part in vote if part in place)] for vote in page.votes]
    ends = np.cumsum([0] + [len(row) for row in columns])
    values = np.ones(ends[-1])
    values[ends[:-1]] = odds
    flat = [column for row in columns for column in row]
    inputs = sparse.csr_matrix((values, flat, ends), (len(odds), len(place)))
    weights = weigh_blocks(page.letters)[known]
    return inputs[known], (page.inside == INSIDE)[known].astype(float), weights / max(weights.sum(), 1e-9)
