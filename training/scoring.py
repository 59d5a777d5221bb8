"""What a model is worth: pages of domains that it has not seen, through the whole core, against their truths."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.datasets import LabelledPage
from benchmarks.folds import held_out_file
from benchmarks.metrics import harmonic_mean, measure_overlap
from benchmarks.rivals import Prediction
from benchmarks.scoring import Run, Score, score_page
from newsscraper.errors import NewsscraperError
from newsscraper.extract.assemble import assemble_body, assemble_lead
from newsscraper.extract.confidence import read_signs
from newsscraper.extract.core import find_story
from newsscraper.extract.learned.model import Model, load_model
from newsscraper.extract.reading import read_page

RIGHT = 0.95
"""F1 from which a body is right."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A page, scored, with what its confidence is told from."""

    score: Score
    signs: list[float] | None
    """None where the page was refused or could not be read."""
    lead: str

    @property
    def is_right(self) -> bool | None:
        """With or without the lead, as truths differ; None where the page has no true body."""
        page = self.score.page
        if page.body is None or self.signs is None:
            return None
        prediction = self.score.run.prediction
        texts = (prediction.body, f"{self.lead}\n\n{prediction.body}")
        overlaps = [measure_overlap(text, page.body) for text in texts]
        return max(harmonic_mean(o.precision, o.recall) for o in overlaps) >= RIGHT


def score_held_out(pages: Sequence[LabelledPage], folder: Path, jobs: int, tick: Callable[[], None]) -> list[Outcome]:
    """Each page read with the model in `folder` that has not seen its domain, in order; lead and body only."""
    with ProcessPoolExecutor(jobs) as pool:
        outcomes = []
        for outcome in pool.map(
            _score, [(page, held_out_file(folder, page.url, page.id)) for page in pages], chunksize=8
        ):
            tick()
            outcomes.append(outcome)
    return outcomes


def _score(task: tuple[LabelledPage, Path]) -> Outcome:
    labelled, path = task
    logging.disable(logging.CRITICAL)
    begin, error, signs, prediction = time.perf_counter(), None, None, Prediction()
    try:
        layout = find_story(read_page(labelled.read_bytes(), labelled.url), model=_model(path))
        blocks = layout.page.blocks
        prediction = Prediction(body=assemble_body(blocks, layout.labels), lead=assemble_lead(blocks, layout.labels))
        signs = read_signs(blocks.blocks, layout.labels)
    except NewsscraperError as raised:
        error = str(raised)
    run = Run(prediction=prediction, seconds=time.perf_counter() - begin, error=error, refused=error is not None)
    return Outcome(score_page(labelled, run), signs, prediction.lead or "")


@cache
def _model(path: Path) -> Model:
    return load_model(path)
