from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.datasets import read_set
from newsscraper.extract.learned.model import KINDS
from tests.training.made_up import write_set
from training.noise import find_doubts
from training.pages import INSIDE, OUTSIDE, TrainingPage, read_pages
from training.targets import BODY, BOILERPLATE, make_targets


def confident(page: TrainingPage, inside: np.ndarray) -> np.ndarray:
    """Chances of a model that is sure of this."""
    chances = np.full((len(inside), len(KINDS)), 0.005, np.float32)
    chances[inside, BODY] = chances[~inside, BOILERPLATE] = 0.985
    return chances


def test_a_truth_cut_off_is_found_and_teaches_nothing(tmp_path: Path) -> None:
    labelled = read_set(write_set(tmp_path, "mine", sites=2, pages=2), "mine")
    whole = labelled[0].body or ""
    cut = replace(labelled[0], body=whole.split("\n\n")[0])
    pages = read_pages([cut, *labelled[1:]], 1, lambda: None)
    held_out = {page.key: confident(page, page.body) for page in pages}
    doubts = find_doubts(pages, held_out)
    assert doubts.pages == {pages[0].key}
    assert not make_targets(pages[0], doubts)[1].any()
    assert make_targets(pages[1], doubts)[1].any()


def test_a_block_that_both_are_sure_of_is_left_out(tmp_path: Path) -> None:
    pages = read_pages(read_set(write_set(tmp_path, "mine", sites=1, pages=1), "mine"), 1, lambda: None)
    page = pages[0]
    wrong = int(np.flatnonzero(page.inside == INSIDE)[0])
    page.inside[wrong] = OUTSIDE
    doubts = find_doubts(pages, {page.key: confident(page, page.body)})
    assert not doubts.pages
    assert np.flatnonzero(doubts.blocks[page.key]).tolist() == [wrong]
    weights = make_targets(page, doubts)[1]
    assert weights[wrong] == 0
    assert weights.sum() > 0.99
