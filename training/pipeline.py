"""The whole of training, step by step."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.datasets import LabelledPage
from benchmarks.folds import FOLDS, fold_file, fold_of
from benchmarks.progress import progress
from newsscraper import __version__
from newsscraper.errors import InputError
from newsscraper.extract import learned
from newsscraper.extract.learned.model import KINDS, LAYERS, SHIPPED, write_model
from newsscraper.extract.learned.network import Array, Indices
from training.batches import BAGS
from training.examples import FEWEST_DOMAINS, Vocabularies, find_vocabularies, make_examples, prepare
from training.learner import Example, Learner, Settings, train
from training.noise import find_doubts
from training.pages import TrainingPage, read_pages
from training.report import fit_outcomes, format_report, summarize_sets
from training.scoring import Outcome, score_held_out
from training.stacking import fit_votes
from training.targets import Doubts

MEMBERS = 3
"""Networks that are trained from different seeds and asked together."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be trained on what."""

    pages: list[LabelledPage]
    out: Path = Path(learned.__path__[0]) / SHIPPED
    folds_out: Path | None = None
    report: Path | None = None
    settings: Settings = field(default_factory=Settings)
    jobs: int = 2
    fewest_domains: int = FEWEST_DOMAINS


def train_model(plan: Plan) -> None:
    """From labelled pages to a file of weights, with what it is worth."""
    with progress(len(plan.pages), "reading pages") as tick:
        pages = read_pages(plan.pages, plan.jobs, tick)
    desk = Desk(plan, pages, find_vocabularies(pages, plan.fewest_domains))
    first = desk.train_folds(Doubts(), 1, "looking for wrong truths")
    doubts = find_doubts(pages, desk.predict_held_out(first))
    folds = desk.train_folds(doubts, MEMBERS, "training on all folds but one")
    about = {**desk.describe(doubts), "votes": fit_votes(pages, desk.predict_held_out(folds), doubts)}
    with tempfile.TemporaryDirectory() as scratch:
        folder = plan.folds_out or Path(scratch)
        outcomes = _score_folds(plan, desk, folds, folder, about)
        about |= {"confidence": fit_outcomes(outcomes), "held_out": summarize_sets(outcomes)}
        if plan.folds_out:
            _write_folds(desk, folds, folder, about)
    print(format_report(outcomes, doubts))
    desk.write(plan.out, desk.train_all(doubts), about)
    print(f"weights written to {plan.out}")
    if plan.report:
        plan.report.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _score_folds(
    plan: Plan, desk: Desk, folds: list[list[Learner]], folder: Path, about: Mapping[str, Any]
) -> list[Outcome]:
    _write_folds(desk, folds, folder, about)
    with progress(len(plan.pages), "scoring held-out pages") as tick:
        return score_held_out(plan.pages, folder, plan.jobs, tick)


def _write_folds(desk: Desk, folds: list[list[Learner]], folder: Path, about: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for fold, networks in enumerate(folds):
        desk.write(fold_file(folder, fold), networks, {**about, "held_out_fold": fold})


class Desk:
    """The pages ready to be learnt from, and the files that come of it."""

    def __init__(self, plan: Plan, pages: Sequence[TrainingPage], vocabularies: Vocabularies) -> None:
        self.plan, self.pages, self.vocabularies = plan, pages, vocabularies
        self.matrices = prepare(pages, vocabularies)
        self.folds = np.array([fold_of(page.domain) for page in pages])

    def predict_held_out(self, networks: list[list[Learner]]) -> dict[str, Array]:
        """For each page, by its key, the chances that those networks give which have not seen its domain."""
        found = {}
        for number, page in enumerate(self.pages):
            asked = networks[int(self.folds[number])]
            found[page.key] = np.mean([network.probabilities(self.matrices[number]) for network in asked], axis=0)
        return found

    def train_folds(self, doubts: Doubts, members: int, what: str) -> list[list[Learner]]:
        """For each fold the networks that have seen all others."""
        return self._train([np.flatnonzero(self.folds != fold) for fold in range(FOLDS)], doubts, members, what)

    def train_all(self, doubts: Doubts) -> list[Learner]:
        """The networks that have seen everything."""
        return self._train([np.arange(len(self.pages))], doubts, MEMBERS, "training on everything")[0]

    def _train(self, chosen: list[Indices], doubts: Doubts, members: int, what: str) -> list[list[Learner]]:
        """Networks from different seeds on each choice of pages, several at a time in processes of their own."""
        lessons = [make_examples(self.pages, self.matrices, doubts, pages.tolist()) for pages in chosen]
        if not all(lessons):
            raise InputError(
                f"{len(self.pages)} labelled pages of {len({page.domain for page in self.pages})} domains are too few: "
                f"each of {FOLDS} folds of domains has to leave some to learn from"
            )
        tasks = [
            (number, self.plan.settings.seed + member) for number in range(len(lessons)) for member in range(members)
        ]
        # Forked, so that the examples are shared rather than sent.
        with progress(len(tasks), what) as tick, _forked(self.plan, lessons) as pool:
            networks = []
            for network in pool.map(_train_one, tasks):
                networks.append(network)
                tick()
        return [networks[start : start + members] for start in range(0, len(networks), members)]

    def write(self, path: Path, networks: Sequence[Learner], about: Mapping[str, Any]) -> None:
        """One file of networks side by side."""
        every = [network.weights for network in networks]
        names = [np.concatenate([w[f"names_{part}"] for w in every], axis=1) for part in range(BAGS)]
        arrays = {
            "names": np.concatenate(names[:-1], axis=1),
            "words": names[-1],
            "dense": np.concatenate([w["dense"] for w in every], axis=1),
            "bias": np.concatenate([w["bias"] for w in every]),
            **{layer: np.stack([w[layer] for w in every]) for layer in LAYERS},
        }
        words = {
            "vocabulary": list(self.vocabularies.markup),
            "text_vocabulary": list(self.vocabularies.text),
            "columns": list(self.pages[0].features.columns),
            "kinds": list(KINDS),
        }
        write_model(path, arrays, {**words, **about})

    def describe(self, doubts: Doubts) -> dict[str, Any]:
        """Where the weights come from."""
        sets = Counter(page.set_name for page in self.pages)
        domains = sorted({page.domain for page in self.pages})
        return {
            "made": datetime.now(UTC).date().isoformat(),
            "version": __version__,
            "sets": dict(sorted(sets.items())),
            "labelled_by": dict(sorted(Counter(page.labelled_by for page in self.pages).items())),
            "domains": len(domains),
            "domains_digest": "sha256:" + hashlib.sha256("\n".join(domains).encode()).hexdigest(),
            "dropped_truths": sorted(doubts.pages),
            "settings": asdict(self.plan.settings),
            "members": MEMBERS,
            "folds": FOLDS,
        }


_lessons: list[list[Example]] = []
_settings = Settings()


def _forked(plan: Plan, lessons: list[list[Example]]) -> ProcessPoolExecutor:
    global _lessons, _settings
    _lessons, _settings = lessons, plan.settings
    return ProcessPoolExecutor(plan.jobs, mp_context=get_context("fork"))


def _train_one(task: tuple[int, int]) -> Learner:
    number, seed = task
    return train(_lessons[number], replace(_settings, seed=seed))
