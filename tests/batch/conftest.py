"""What the tests of batches share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsscraper.batch.drawing import Page, Place
from newsscraper.batch.output import Form
from newsscraper.batch.reading import Read, Reading, prepare
from newsscraper.batch.run import Batch, open_batch
from newsscraper.store.archive import Filters
from tests.batch.archives import make_listing, make_stories, write_warc


class HerePool:
    """The pool's interface without processes: pages are read here."""

    def __init__(self, read: Callable[[Page], Read]) -> None:
        self._read = read
        self.deaths = 0

    def __enter__(self) -> HerePool:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read_all(self, jobs: Iterable[tuple[Place, Page | None]]) -> Iterator[tuple[Place, Read | None]]:
        for place, page in jobs:
            yield place, None if page is None else self._read(page)


def read_here(batch: Batch, **_: object) -> HerePool:
    """In the place of `Batch.open_pool`."""
    described = {name: batch.plan.options[name] for name in batch.reading.describe()}
    return HerePool(prepare(batch.reading, described, batch.plan.run_id))


@pytest.fixture
def without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are read by this process, which saves half a second a worker."""
    monkeypatch.setattr(Batch, "open_pool", read_here)


def begin(paths: Iterable[Path | str], folder: Path, **options: Any) -> Batch:
    """A batch of small parts."""
    form: Form = options.pop("form", "plain")
    part_bytes: int = options.pop("part_bytes", 3_000)
    filters: Filters = options.pop("filters", Filters())
    reading = Reading(**options)
    return open_batch(map(str, paths), folder, reading=reading, filters=filters, form=form, part_bytes=part_bytes)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Twelve stories and a page that is none."""
    path = tmp_path / "a.warc.gz"
    stories = make_stories(12)
    write_warc(path, [*stories[:5], make_listing(), *stories[5:]])
    return path


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Where the batch goes."""
    return tmp_path / "into"
