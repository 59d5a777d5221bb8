"""What a worker process does: it reads pages, one at a time, and nothing else. No Scrapy in here."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.reading import Reader
from newsscraper.crawl.scope import Scope
from newsscraper.extract import Model, choose_model
from newsscraper.memory import collect_seldom
from newsscraper.sites import Profile


@dataclass(frozen=True)
class Task:
    """One page to be read."""

    answer: Answer
    found: Found
    profile: Profile | None
    articles_are_declared: bool


@dataclass
class _Kit:
    scope: Scope
    model: Model
    follow: bool


_kit: list[_Kit] = []


def prepare(scope: Scope, model_file: str, *, follow: bool) -> None:
    """Called once in each worker; `model_file` is empty for the weights of the package. Raises `ModelError`."""
    # What goes wrong with a page is in its outcome, which the run tells.
    logging.getLogger().addHandler(logging.NullHandler())
    collect_seldom()
    _kit[:] = [_Kit(scope, choose_model(model_file or None), follow)]


def stand_by() -> None:
    """Nothing, done: the process has started."""


def read(task: Task) -> tuple[Outcome, bool]:
    """What the page turned out to be, and whether the site's stories say that they are articles."""
    (kit,) = _kit
    reader = Reader(kit.scope, lambda _: task.profile, kit.model, follow=kit.follow)
    reader.articles_are_declared = task.articles_are_declared
    outcome = reader.read(task.answer, task.found)
    return outcome, reader.articles_are_declared
