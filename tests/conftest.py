"""What all tests share: random examples that repeat, and tests that read the folder beside the checkout."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# There are as many processes as cores: with as many threads in each, for its sums, they would all wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"

settings.register_profile("reproducible", derandomize=True, database=None, deadline=None)
settings.load_profile("reproducible")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Tests stay to the end: garbage was looked for among them some hundred times while they were collected."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `shared` are skipped where the folder is absent, but not in continuous integration, which has it."""
    if item.get_closest_marker("shared") is None or SHARED.is_dir():
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{SHARED} is missing: continuous integration must have it", pytrace=False)
    pytest.skip(f"{SHARED} is not there")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the labelled pages and the seed text; only for tests marked `shared`."""
    return SHARED
