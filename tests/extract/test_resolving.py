"""Which of a field's sources are looked at."""

from __future__ import annotations

from collections.abc import Iterator

from newsscraper.extract.resolving import Candidate, first_of


def sources(asked: list[str]) -> Iterator[Candidate[str]]:
    for source in ("selector", "json-ld", "meta"):
        asked.append(source)
        yield Candidate(source, f"by {source}")


def test_behind_the_winner_no_source_is_asked() -> None:
    asked: list[str] = []
    assert first_of(sources(asked), losers=False).value == "by selector"
    assert asked == ["selector"]


def test_all_are_asked_where_the_losers_are_told() -> None:
    asked: list[str] = []
    resolved = first_of(sources(asked), losers=True)
    assert resolved.source == "selector"
    assert [lost["source"] for lost in resolved.to_dict()["lost"]] == ["json-ld", "meta"]
    assert asked == ["selector", "json-ld", "meta"]
