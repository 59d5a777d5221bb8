"""Labelled pages as the learner needs them: read once, in several processes, without their trees."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.datasets import LabelledPage
from benchmarks.folds import domain_of
from benchmarks.processes import hush
from newsscraper.errors import NewsscraperError
from newsscraper.extract.fields.title import resolve_title
from newsscraper.extract.kinds import BODY_KINDS, CAPTION, LEAD
from newsscraper.extract.learned.features import Features, read_features
from newsscraper.extract.learned.network import Array
from newsscraper.extract.reading import read_page
from newsscraper.extract.rules.label import label_by_rules
from newsscraper.extract.structured import string_in
from newsscraper.extract.votes import Vote, read_votes
from training.alignment import align, words_of

UNKNOWN, OUTSIDE, INSIDE = -1, 0, 1
FEWEST_BLOCKS = 3
"""A page of fewer blocks teaches nothing about where a story ends."""
COMPLETE_LETTERS = 600
"""Characters of an `articleBody` from which it may be the whole story."""
COMPLETE_COVER = 0.95
"""Share of its words that the blocks aligned with it have to hold."""
COMPLETE_SHARE = 0.85
"""Share of what rules take for the story that those blocks have to hold: less, and it is a teaser."""
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """One labelled page."""

    set_name: str
    id: str
    domain: str
    features: Features
    """Without elements: it crosses processes."""
    texts: list[str]
    truth: str | None
    inside: np.ndarray
    """For each block `INSIDE` the true body, `OUTSIDE`, or `UNKNOWN`."""
    lead: np.ndarray
    caption: np.ndarray
    body: np.ndarray
    """For each block what rules take it for: they tell the kinds that truths do not."""
    votes: list[Vote]
    """The same in words, as `read_votes` gives them."""
    labelled_by: str
    """`truth`, `snippets` or `json_ld`."""

    @property
    def key(self) -> str:
        """Set and id: ids repeat across sets."""
        return f"{self.set_name}/{self.id}"

    @property
    def letters(self) -> Array:
        """Letters of each block."""
        return self.features.letters


def read_pages(labelled: Iterable[LabelledPage], jobs: int, tick: Callable[[], None]) -> list[TrainingPage]:
    """The pages that have something to teach, in order."""
    with ProcessPoolExecutor(jobs, initializer=hush) as pool:
        found = []
        for page in pool.map(_read_page, labelled, chunksize=8):
            tick()
            if page is not None:
                found.append(page)
    return found


def _read_page(labelled: LabelledPage) -> TrainingPage | None:
    try:
        page = read_page(labelled.read_bytes(), labelled.url)
    except NewsscraperError:
        return None
    if len(page.blocks) < FEWEST_BLOCKS:
        return None
    headline = resolve_title(page)
    labels = label_by_rules(page, headline)
    kinds = [label.kind for label in labels]
    texts = [block.text for block in page.blocks]
    body = np.array([kind in BODY_KINDS for kind in kinds])
    features = _drop_elements(read_features(page, headline))
    inside, labelled_by = _label(labelled, texts, string_in(page.structured.story.get("articleBody")), body, features)
    if not (inside != UNKNOWN).any():
        return None
    return TrainingPage(
        set_name=labelled.set_name,
        id=labelled.id,
        domain=domain_of(labelled.url, labelled.id),
        features=features,
        texts=texts,
        truth=labelled.body,
        inside=inside,
        lead=np.array([kind == LEAD for kind in kinds]),
        caption=np.array([kind == CAPTION for kind in kinds]),
        body=body,
        votes=read_votes(labels, headline),
        labelled_by=labelled_by,
    )


def _drop_elements(features: Features) -> Features:
    containers = [replace(container, element=None) for container in features.containers]  # type: ignore[arg-type]
    return replace(features, containers=containers)


def _label(
    labelled: LabelledPage, texts: list[str], article_body: str | None, body: np.ndarray, features: Features
) -> tuple[np.ndarray, str]:
    if labelled.body:
        return np.where(align(texts, labelled.body), INSIDE, OUTSIDE), "truth"
    told = label_from_article_body(texts, article_body, body, features.letters)
    if told is not None:
        return told, "json_ld"
    return label_from_snippets(texts, labelled.withs, labelled.withouts), "snippets"


def label_from_snippets(texts: list[str], wanted: list[str], forbidden: list[str]) -> np.ndarray:
    """Blocks that alone hold a wanted snippet are inside, those that hold a forbidden one outside."""
    inside = np.full(len(texts), UNKNOWN)
    folded = [" ".join(text.split()).lower() for text in texts]
    for snippet in wanted:
        holders = [i for i, text in enumerate(folded) if " ".join(snippet.split()).lower() in text]
        if len(holders) == 1:
            inside[holders[0]] = INSIDE
    for snippet in forbidden:
        for i, text in enumerate(folded):
            if " ".join(snippet.split()).lower() in text and inside[i] == UNKNOWN:
                inside[i] = OUTSIDE
    return inside


def label_from_article_body(
    texts: list[str], article_body: str | None, body: np.ndarray, letters: Array
) -> np.ndarray | None:
    """Labels from a page's own `articleBody`, where that is the whole story; blocks amid the story stay unknown."""
    if not article_body or len(article_body) < COMPLETE_LETTERS or article_body.rstrip().endswith(("...", "…")):
        return None
    told = _TAG.sub(" ", html.unescape(article_body))
    aligned = np.array(align(texts, told))
    if not aligned.any():
        return None
    told_words, found_words = words_of(told), words_of(" ".join(t for t, a in zip(texts, aligned, strict=True) if a))
    cover = min(1.0, len(found_words) / max(1, len(told_words)))
    share = letters[aligned].sum() / letters[aligned | body].sum()
    if cover < COMPLETE_COVER or share < COMPLETE_SHARE:
        return None
    inside = np.where(aligned, INSIDE, OUTSIDE)
    first, last = np.flatnonzero(aligned)[[0, -1]]
    places = np.arange(len(texts))
    inside[(places > first) & (places < last) & ~aligned] = UNKNOWN
    return inside
