"""One test for each field of each saved page, so that a failure names both."""

from __future__ import annotations

from typing import Any

import pytest

from newsscraper.record import find_faults
from tests.pages.fixtures import FIELDS, META_KEYS, Fixture, extract_fixture, list_fixtures, read_known_failures

FIXTURES = list_fixtures()
KNOWN_FAILURES = read_known_failures()


def list_cases() -> list[Any]:
    cases = []
    for fixture in FIXTURES:
        known = KNOWN_FAILURES.get(fixture.name, {})
        for field in FIELDS:
            marks = [pytest.mark.xfail(reason=known[field], strict=True)] if field in known else []
            cases.append(pytest.param(fixture, field, id=f"{fixture.name}-{field}", marks=marks))
    return cases


def split_for_diff(value: Any) -> Any:
    """A body as its paragraphs: a failing test then shows the one that differs."""
    return value.split("\n\n") if isinstance(value, str) and "\n\n" in value else value


@pytest.mark.parametrize(("fixture", "field"), list_cases())
def test_field(fixture: Fixture, field: str) -> None:
    assert split_for_diff(extract_fixture(fixture.name)[field]) == split_for_diff(fixture.expected[field])


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda f: f.name)
def test_output_fulfils_the_schema(fixture: Fixture) -> None:
    assert find_faults(fixture.extract().to_dict()) == []


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda f: f.name)
def test_expectation_fulfils_the_schema(fixture: Fixture) -> None:
    expected = fixture.expected
    assert tuple(expected) == FIELDS
    assert find_faults({**expected, "confidence": None}) == []


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda f: f.name)
def test_meta_is_complete(fixture: Fixture) -> None:
    assert tuple(fixture.meta) == META_KEYS
    assert fixture.meta["features"]


def test_known_failures_name_fixtures_and_fields() -> None:
    names = {fixture.name for fixture in FIXTURES}
    assert set(KNOWN_FAILURES) <= names
    assert {field for fields in KNOWN_FAILURES.values() for field in fields} <= set(FIELDS)


def test_fixtures_span_languages_and_years() -> None:
    expected = [fixture.expected for fixture in FIXTURES]
    years = {story["date"][:4] for story in expected if story["date"]}
    assert len({story["language"] for story in expected}) >= 14
    assert min(years) <= "2009"
    assert max(years) >= "2026"
