"""What a model is worth: pages of domains that it has not seen, through the whole core, against their truths."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.datasets import LabelledPage
from benchmarks.folds import held_out_file, read_weights
from benchmarks.processes import hush
from benchmarks.reliability import is_body_right
from benchmarks.rivals import Prediction
from benchmarks.scoring import Run, Score, score_page
from newsscraper.errors import NewsscraperError
from newsscraper.extract.assemble import assemble_body, assemble_lead
from newsscraper.extract.confidence import read_signs
from newsscraper.extract.core import find_story
from newsscraper.extract.reading import read_page


@dataclass(frozen=True, slots=True)
class Outcome:
    """A page, scored, with what its confidence is told from."""

    score: Score
    signs: list[float] | None
    """None where the page was refused or could not be read."""

    @property
    def is_right(self) -> bool | None:
        """None where the page has no true body, or was not read."""
        return None if self.signs is None else is_body_right(self.score)


def score_held_out(pages: Sequence[LabelledPage], folder: Path, jobs: int, tick: Callable[[], None]) -> list[Outcome]:
    """Each page read with the model in `folder` that has not seen its domain, in order; lead and body only."""
    with ProcessPoolExecutor(jobs, initializer=hush) as pool:
        outcomes = []
        for outcome in pool.map(
            _score, [(page, held_out_file(folder, page.url, page.id)) for page in pages], chunksize=8
        ):
            tick()
            outcomes.append(outcome)
    return outcomes


def _score(task: tuple[LabelledPage, Path]) -> Outcome:
    labelled, path = task
    begin, error, signs, prediction = time.perf_counter(), None, None, Prediction()
    try:
        layout = find_story(read_page(labelled.read_bytes(), labelled.url), model=read_weights(path))
        blocks = layout.page.blocks
        prediction = Prediction(body=assemble_body(blocks, layout.labels), lead=assemble_lead(blocks, layout.labels))
        signs = read_signs(blocks.blocks, layout.labels)
    except NewsscraperError as raised:
        error = str(raised)
    run = Run(prediction=prediction, seconds=time.perf_counter() - begin, error=error, refused=error is not None)
    return Outcome(score_page(labelled, run), signs)
