"""Real pages, read from beside the checkout: each is a story that fulfils the schema, none makes the core stumble."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.datasets import list_sets, read_set, sample_pages
from newsscraper import extract
from newsscraper.errors import NewsscraperError
from newsscraper.record import find_faults

pytestmark = pytest.mark.shared

SAMPLE = 25


def find_problems(data: Path, name: str, sample: int | None, *, may_refuse: bool) -> list[str]:
    """Pages that broke the schema or raised what they should not, each with what was wrong."""
    pages = read_set(data, name)
    problems = []
    for page in pages if sample is None else sample_pages(pages, sample):
        try:
            faults = find_faults(extract(page.read_bytes(), page.url).to_dict())
        except NewsscraperError as error:
            faults = [] if may_refuse else [repr(error)]
        problems += [f"{page.id}: {fault}" for fault in faults]
    return problems


def test_every_page_of_a_set_of_stories_is_one(shared: Path) -> None:
    assert find_problems(shared / "data", "fundus", None, may_refuse=False) == []


@pytest.mark.parametrize("name", ["ads", "wcxb", "tra", "postlight", "readability", "dates"])
def test_pages_of_all_kinds_give_a_story_or_a_refusal(shared: Path, name: str) -> None:
    assert name in list_sets(shared / "data")
    assert find_problems(shared / "data", name, SAMPLE, may_refuse=True) == []
