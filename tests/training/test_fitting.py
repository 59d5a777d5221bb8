"""What is fitted on held-out pages: the confidence, and how much network and rules are believed."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.datasets import read_set
from newsscraper.extract.confidence import SIGNS
from newsscraper.extract.votes import NETWORK, combine
from tests.training.made_up import write_set
from training.calibration import fit_confidence
from training.pages import INSIDE, TrainingPage, read_pages
from training.stacking import fit_votes
from training.targets import BODY, BOILERPLATE, Doubts


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[TrainingPage]:
    data = write_set(tmp_path_factory.mktemp("votes"), "mine", sites=4, pages=2)
    return read_pages(read_set(data, "mine"), 1, lambda: None)


def say(page: TrainingPage, inside: np.ndarray) -> np.ndarray:
    """Chances of a network that is fairly sure that these blocks are the body."""
    chances = np.zeros((len(inside), 4), np.float32)
    chances[:, BODY] = np.where(inside, 0.9, 0.1)
    chances[:, BOILERPLATE] = 1 - chances[:, BODY]
    return chances


def test_confidence_falls_with_a_sign_of_trouble_and_is_calibrated() -> None:
    """Bodies are right nine times of ten where nothing is wrong, and one time of ten where the first sign is there."""
    signs = [[float(bad)] + [0.0] * (len(SIGNS) - 1) for bad in (0, 1) for _ in range(200)]
    right = [n % 10 != 0 for n in range(200)] + [n % 10 == 0 for n in range(200)]
    *weights, constant = fit_confidence(signs, right)
    assert len(weights) == len(SIGNS)
    assert 1 / (1 + np.exp(-constant)) == pytest.approx(0.9, abs=0.02)
    assert 1 / (1 + np.exp(-constant - weights[0])) == pytest.approx(0.1, abs=0.02)
    assert weights[1:] == [0.0] * (len(SIGNS) - 1)


def test_a_network_that_is_right_is_believed_and_one_that_is_not_is_outvoted(pages: list[TrainingPage]) -> None:
    right = {page.key: say(page, page.inside == INSIDE) for page in pages}
    assert fit_votes(pages, right, Doubts())[NETWORK] > 0.5
    wrong = {page.key: say(page, page.inside != INSIDE) for page in pages}
    weights = fit_votes(pages, wrong, Doubts())
    for page in pages:
        text = combine(wrong[page.key][:, BODY], page.votes, weights)
        assert ((text > 0.5) == (page.inside == INSIDE)).all()


def test_doubted_truths_fit_nothing(pages: list[TrainingPage]) -> None:
    """The network contradicts the truth of one page: that truth left out, it changes nothing."""
    chances = {page.key: say(page, (page.inside == INSIDE) == (page is not pages[0])) for page in pages}
    without = fit_votes(pages[1:], chances, Doubts())
    assert fit_votes(pages, chances, Doubts(pages={pages[0].key})) == without
    assert fit_votes(pages, chances, Doubts()) != without
