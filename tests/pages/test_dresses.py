"""One story in many dresses: the first five fields come out the same, with the platform's profile and without."""

from __future__ import annotations

from typing import Any

import pytest

from newsscraper import extract, extract_text
from newsscraper.story import Story
from tests.pages.fixtures import FOLDER, Fixture

FIRST_FIELDS = ("title", "date", "story_code", "body", "tags")
DRESSES = sorted(folder.name for folder in FOLDER.glob("dress-*") if not folder.name.endswith("-profile"))
ENGLISH = [name for name in DRESSES if name not in ("dress-fa", "dress-ar")]


def first_fields(story: Story) -> dict[str, Any]:
    return {name: getattr(story, name) for name in FIRST_FIELDS}


def extract_with(fixture: Fixture, profile: str | None) -> Story:
    """The fixture's story under another profile than its own."""
    url = fixture.meta["url"]
    if fixture.is_dump:
        return extract_text((fixture.folder / "source.txt").read_text(encoding="utf-8"), url, profile=profile)
    return extract((fixture.folder / "source.html").read_bytes(), url, profile=profile)


def test_there_are_enough_dresses() -> None:
    assert len(DRESSES) >= 7
    truths = [Fixture(FOLDER / name).expected for name in ENGLISH]
    assert all(
        {key: truth[key] for key in FIRST_FIELDS} == {key: truths[0][key] for key in FIRST_FIELDS} for truth in truths
    )


@pytest.mark.parametrize("name", DRESSES)
@pytest.mark.parametrize("profile", [None, "islamtimes"])
def test_first_fields(name: str, profile: str | None) -> None:
    """The profile's zone, Tehran's, is the one thing that it may change."""
    fixture = Fixture(FOLDER / name)
    expected = {key: fixture.expected[key] for key in FIRST_FIELDS}
    if profile:
        expected["date"] += "+04:30"
    assert first_fields(extract_with(fixture, profile)) == expected
