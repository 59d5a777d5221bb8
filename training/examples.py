"""From pages to examples: the vocabulary of markup words, targets, matrices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from training.batches import PageMatrices, make_matrices
from training.learner import Example
from training.pages import TrainingPage
from training.targets import Doubts, make_targets

FEWEST_DOMAINS = 60
"""Domains that have to use a word before the network sees it: no publisher's own names, no story's own words."""
MOST_BLOCKS = 2500
"""A page of more blocks is scored, but not learnt from: it would outweigh its batch."""


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """Words to rows, sorted: those of markup with `<tag>`s, and those of short blocks."""

    markup: dict[str, int]
    text: dict[str, int]


def find_vocabularies(pages: Sequence[TrainingPage], fewest: int = FEWEST_DOMAINS) -> Vocabularies:
    """What at least `fewest` domains use."""
    markup: dict[str, set[str]] = defaultdict(set)
    text: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for word in _markup_words(page):
            markup[word].add(page.domain)
        for word in set().union(*page.features.words):
            text[word].add(page.domain)
    return Vocabularies(_number(markup, fewest), _number(text, fewest))


def _markup_words(page: TrainingPage) -> set[str]:
    words = {word for container in page.features.containers for word in (f"<{container.tag}>", *container.words)}
    return words.union(*(block.inline_words for block in page.features.blocks))


def _number(users: dict[str, set[str]], fewest: int) -> dict[str, int]:
    return {word: row for row, word in enumerate(sorted(w for w, domains in users.items() if len(domains) >= fewest))}


def prepare(pages: Sequence[TrainingPage], vocabularies: Vocabularies) -> list[PageMatrices]:
    """The pages' matrices, in order."""
    return [make_matrices(page.features, vocabularies.markup, vocabularies.text) for page in pages]


def make_examples(
    pages: Sequence[TrainingPage], matrices: Sequence[PageMatrices], doubts: Doubts, chosen: Sequence[int]
) -> list[Example]:
    """Examples of the chosen pages that have anything to teach."""
    examples = []
    for number in chosen:
        targets, weights = make_targets(pages[number], doubts)
        if weights.any() and len(weights) <= MOST_BLOCKS:
            examples.append(Example(matrices[number], targets, weights))
    return examples
