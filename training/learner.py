"""The network's training: forward and backward by hand, AdamW, one cosine, an average of the weights.

A framework for two layers of 48 would weigh hundreds of megabytes; a test compares these gradients with differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from newsscraper.extract.learned.network import SURROUNDINGS, Array, softmax
from training.batches import BAGS, Batch, PageMatrices

Weights = dict[str, Array]
HALF_LIFE_FIRST, HALF_LIFE_SECOND = 0.9, 0.995
LARGEST_STEP = 1.0
"""Norm to which a gradient is cut."""
WARM_UP = 0.1
"""Share of the steps over which the rate rises."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to train."""

    hidden: int = 48
    epochs: int = 14
    pages_per_step: int = 16
    rate: float = 3e-3
    decay: float = 2e-3
    dropout: float = 0.25
    nameless: float = 0.2
    """Share of pages whose names are hidden at each step, as on sites that hash their class names."""
    wordless: float = 0.3
    """Share of pages whose blocks' words are hidden at each step, as in languages that few pages are in."""
    averaging: float = 0.995
    """How slowly the averaged weights follow."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A page to learn from."""

    page: PageMatrices
    targets: Array
    """Blocks x kinds, rows that sum to one, or to nothing where nothing is known."""
    weights: Array
    """How much each block counts; they sum to the page's weight."""


class Learner:
    """Weights in training.

    The model has the parts of `names` side by side; here each is an array of its own, and the last part is the blocks'
    words.
    """

    def __init__(self, columns: int, vocabularies: Sequence[int], kinds: int, settings: Settings) -> None:
        self.settings = settings
        self.chance = np.random.default_rng(settings.seed)
        width = settings.hidden
        around = SURROUNDINGS * width
        self.weights: Weights = {
            "dense": self._draw(columns, width, 1 / columns),
            "bias": np.zeros(width, np.float32),
            **{f"names_{part}": self._draw(size, width, 0.02) for part, size in enumerate(vocabularies)},
            "near_weights": self._draw(around, width, 2 / around),
            "near_bias": np.zeros(width, np.float32),
            "far_weights": self._draw(around, width, 2 / around),
            "far_bias": np.zeros(width, np.float32),
            "out_weights": self._draw(2 * width, kinds, 1 / (2 * width)),
            "out_bias": np.zeros(kinds, np.float32),
        }

    def _draw(self, rows: int, columns: int, variance: float) -> Array:
        return np.asarray(self.chance.standard_normal((rows, columns)) * np.sqrt(variance), np.float32)

    def probabilities(self, page: PageMatrices) -> Array:
        """Blocks x kinds."""
        return softmax(self._forward(Batch([page]), None)["scores"])

    def loss(
        self, batch: Batch, targets: Array, weights: Array, masks: dict[str, Array] | None
    ) -> tuple[float, Weights]:
        """Cross entropy, and the gradient of each of the weights."""
        values = self._forward(batch, masks)
        chances = softmax(values["scores"])
        loss = -float((weights[:, None] * targets * np.log(chances + 1e-7)).sum())
        known = targets.sum(axis=1, keepdims=True)
        return loss, self._backward(batch, values, masks, (chances * known - targets) * weights[:, None])

    def _forward(self, batch: Batch, masks: dict[str, Array] | None) -> dict[str, Array]:
        w = self.weights
        parts = [bag @ w[f"names_{part}"] for part, bag in enumerate(batch.names)]
        named = sum(part * masks[f"names_{number}"] if masks else part for number, part in enumerate(parts))
        first = np.maximum(batch.dense @ w["dense"] + named + w["bias"], 0)
        around_first = batch.surround(first * masks["first"] if masks else first)
        near = np.maximum(around_first @ w["near_weights"] + w["near_bias"], 0)
        kept_near = near * masks["near"] if masks else near
        around_near = batch.surround(kept_near)
        far = np.maximum(around_near @ w["far_weights"] + w["far_bias"], 0)
        out = np.concatenate([kept_near, far], axis=1)
        values = {"first": first, "around_first": around_first, "near": near, "around_near": around_near, "far": far}
        return {**values, "out": out, "scores": out @ w["out_weights"] + w["out_bias"]}

    def _backward(self, batch: Batch, values: dict[str, Array], masks: dict[str, Array] | None, top: Array) -> Weights:
        w, width = self.weights, self.settings.hidden
        found: Weights = {"out_weights": values["out"].T @ top, "out_bias": top.sum(axis=0)}
        below = top @ w["out_weights"].T
        far = below[:, width:] * (values["far"] > 0)
        found |= {"far_weights": values["around_near"].T @ far, "far_bias": far.sum(axis=0)}
        near = below[:, :width] + batch.surround_gradient(far @ w["far_weights"].T, width)
        near = (near * masks["near"] if masks else near) * (values["near"] > 0)
        found |= {"near_weights": values["around_first"].T @ near, "near_bias": near.sum(axis=0)}
        first = batch.surround_gradient(near @ w["near_weights"].T, width)
        first = (first * masks["first"] if masks else first) * (values["first"] > 0)
        found |= {"dense": batch.dense.T @ first, "bias": first.sum(axis=0)}
        for part, bag in enumerate(batch.names):
            found[f"names_{part}"] = bag.T @ (first * masks[f"names_{part}"] if masks else first)
        return found

    def draw_masks(self, batch: Batch) -> dict[str, Array]:
        """What is hidden at one step: values at random, and all names of some pages."""
        shape = (len(batch.dense), self.settings.hidden)
        kept = 1 - self.settings.dropout
        pages = batch.page_of[-1] + 1
        nameless = self.chance.random(pages) < self.settings.nameless
        wordless = self.chance.random(pages) < self.settings.wordless
        masks = {name: (self.chance.random(shape, np.float32) < kept) / np.float32(kept) for name in ("first", "near")}
        hidden = [nameless] * (BAGS - 1) + [wordless]
        return masks | {
            f"names_{part}": np.float32(1) - of_page[batch.page_of, None].astype(np.float32)
            for part, of_page in enumerate(hidden)
        }


def train(examples: Sequence[Example], settings: Settings, tick: Callable[[], None] = lambda: None) -> Learner:
    """A learner with averaged weights. `tick` is called after each step, `count_steps` times."""
    page = examples[0].page
    sizes = [bag.shape[1] for bag in page.names]
    learner = Learner(page.dense.shape[1], sizes, examples[0].targets.shape[1], settings)
    optimizer = _AdamW(learner.weights, settings, count_steps(len(examples), settings))
    for chosen in _draw_batches(len(examples), learner.chance, settings):
        batch = Batch([examples[i].page for i in chosen])
        targets = np.concatenate([examples[i].targets for i in chosen])
        weights = np.concatenate([examples[i].weights for i in chosen]) / len(chosen)
        _, gradients = learner.loss(batch, targets, weights, learner.draw_masks(batch))
        optimizer.step(gradients)
        tick()
    learner.weights = optimizer.average
    return learner


def count_steps(examples: int, settings: Settings) -> int:
    """Steps that `train` takes."""
    return settings.epochs * -(-examples // settings.pages_per_step)


def _draw_batches(count: int, chance: np.random.Generator, settings: Settings) -> Iterator[np.ndarray]:
    for _ in range(settings.epochs):
        order = chance.permutation(count)
        yield from (order[i : i + settings.pages_per_step] for i in range(0, count, settings.pages_per_step))


class _AdamW:
    """Loshchilov and Hutter's AdamW with a warm-up and a cosine, and an average of the weights on the way."""

    def __init__(self, weights: Weights, settings: Settings, steps: int) -> None:
        self.weights, self.settings, self.steps, self.done = weights, settings, steps, 0
        self.first = {name: np.zeros_like(array) for name, array in weights.items()}
        self.second = {name: np.zeros_like(array) for name, array in weights.items()}
        self.average = {name: array.copy() for name, array in weights.items()}

    def step(self, gradients: Weights) -> None:
        self.done += 1
        norm = float(np.sqrt(sum(float((g**2).sum()) for g in gradients.values())))
        scale, rate = min(1.0, LARGEST_STEP / (norm + 1e-6)), self._rate()
        correction_first, correction_second = 1 - HALF_LIFE_FIRST**self.done, 1 - HALF_LIFE_SECOND**self.done
        follow = 1 - min(self.settings.averaging, (1 + self.done) / (10 + self.done))
        for name, array in self.weights.items():
            gradient = gradients[name] * np.float32(scale)
            self.first[name] += (1 - HALF_LIFE_FIRST) * (gradient - self.first[name])
            self.second[name] += (1 - HALF_LIFE_SECOND) * (gradient**2 - self.second[name])
            move = self.first[name] / correction_first / (np.sqrt(self.second[name] / correction_second) + 1e-6)
            if array.ndim > 1:
                move = move + self.settings.decay * array
            np.subtract(array, (rate * move).astype(np.float32), out=array)
            self.average[name] += np.float32(follow) * (array - self.average[name])

    def _rate(self) -> float:
        done = self.done / self.steps
        if done < WARM_UP:
            return self.settings.rate * done / WARM_UP
        return self.settings.rate * 0.5 * (1 + float(np.cos(np.pi * (done - WARM_UP) / (1 - WARM_UP))))
