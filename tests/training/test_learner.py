from __future__ import annotations

import random

import numpy as np
import pytest

from newsscraper.extract.fields.title import resolve_title
from newsscraper.extract.learned.features import Features, read_features
from newsscraper.extract.reading import read_page
from tests.training.made_up import make_page
from training.batches import BAGS, Batch, make_matrices
from training.learner import Example, Learner, Settings, train

SETTINGS = Settings(hidden=5, epochs=2, pages_per_step=2)
VOCABULARY = {"<p>": 0, "<div>": 1, "teaser": 2, "menu": 3}
TEXT = {"ferry": 0, "rights": 1}


def made_up_features(count: int) -> list[Features]:
    chance = random.Random(3)
    found = []
    for site in range(count):
        page = read_page(make_page(chance, site)[0])
        found.append(read_features(page, resolve_title(page)))
    return found


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    chance = np.random.default_rng(0)
    found = []
    for features in made_up_features(4):
        page = make_matrices(features, VOCABULARY, TEXT)
        targets = np.eye(4, dtype=np.float32)[chance.integers(0, 4, page.size)]
        found.append(Example(page, targets, np.full(page.size, 1 / page.size, np.float32)))
    return found


def test_gradients_are_those_of_the_loss(examples: list[Example]) -> None:
    """Compared with differences, for some numbers of each array.

    The loss has the noise of single precision, about 1e-8, so steps are long; where one crosses a bend of the network,
    the difference of one side is still right.
    """
    learner = Learner(examples[0].page.dense.shape[1], [len(VOCABULARY)] * (BAGS - 1) + [len(TEXT)], 4, SETTINGS)
    learner.weights = {name: array.astype(np.float64) for name, array in learner.weights.items()}
    batch = Batch([example.page for example in examples[:2]])
    batch.dense = batch.dense.astype(np.float64)
    targets = np.concatenate([example.targets for example in examples[:2]]).astype(np.float64)
    weights = np.concatenate([example.weights for example in examples[:2]]).astype(np.float64)
    masks = learner.draw_masks(batch)
    here, gradients = learner.loss(batch, targets, weights, masks)
    chance, step = np.random.default_rng(1), 2e-4
    for name, array in learner.weights.items():
        for place in chance.integers(0, array.size, 6):
            index = np.unravel_index(place, array.shape)
            before = array[index]
            array[index] = before + step
            above = learner.loss(batch, targets, weights, masks)[0]
            array[index] = before - step
            below = learner.loss(batch, targets, weights, masks)[0]
            array[index] = before
            slopes = [(above - below) / (2 * step), (above - here) / step, (here - below) / step]
            assert any(gradients[name][index] == pytest.approx(slope, rel=0.02, abs=4e-4) for slope in slopes), name


def test_pages_of_a_batch_do_not_see_each_other(examples: list[Example]) -> None:
    learner = train(examples, SETTINGS)
    alone = learner.probabilities(examples[1].page)
    batch = Batch([example.page for example in examples])
    start = examples[0].page.size
    together = learner._forward(batch, None)["scores"][start : start + examples[1].page.size]
    scores = learner._forward(Batch([examples[1].page]), None)["scores"]
    np.testing.assert_allclose(together, scores, rtol=1e-4, atol=1e-5)
    assert alone.sum(axis=1) == pytest.approx(np.ones(len(alone)), abs=1e-5)


def test_training_is_the_same_for_a_seed_and_another_for_another(examples: list[Example]) -> None:
    first, again = train(examples, SETTINGS).weights, train(examples, SETTINGS).weights
    other = train(examples, Settings(hidden=5, epochs=2, pages_per_step=2, seed=1)).weights
    assert all((first[name] == again[name]).all() for name in first)
    assert any((first[name] != other[name]).any() for name in first)


def test_what_can_be_learnt_is_learnt(examples: list[Example]) -> None:
    """Blocks in links against others: one column says it."""
    columns = made_up_features(1)[0].columns
    linked = columns.index("all links")
    taught = [
        Example(e.page, np.eye(4, dtype=np.float32)[(e.page.dense[:, linked] > 0).astype(int) * 3], e.weights)
        for e in examples
    ]
    learner = train(taught, Settings(hidden=8, epochs=60, pages_per_step=2, rate=1e-2))
    for example in taught:
        assert (learner.probabilities(example.page).argmax(axis=1) == example.targets.argmax(axis=1)).mean() > 0.95
