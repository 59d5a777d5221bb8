"""The weights of the confidence: a logistic regression from a page's signs to whether its body was right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from newsscraper.extract.confidence import SIGNS

RIDGE = 1e-3
"""What keeps a weight near nothing that few pages speak for."""


def fit_confidence(signs: Sequence[Sequence[float]], right: Sequence[bool]) -> list[float]:
    """One weight for each of `SIGNS`, then the constant."""
    inputs = np.column_stack([np.array(signs), np.ones(len(signs))])
    targets = np.array(right, float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = inputs @ weights
        chances = 1 / (1 + np.exp(-scores))
        cost = np.mean(np.logaddexp(0, scores) - targets * scores) + RIDGE * float(weights[:-1] @ weights[:-1])
        slope = inputs.T @ (chances - targets) / len(targets)
        slope[:-1] += 2 * RIDGE * weights[:-1]
        return float(cost), slope

    fitted = minimize(loss, np.zeros(len(SIGNS) + 1), jac=True, method="L-BFGS-B")
    return [round(float(weight), 4) for weight in fitted.x]
