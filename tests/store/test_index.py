"""Indexes are read whoever wrote them; what is none is told in one way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newsscraper.store.archive.index import index_path, read_index

FACTS: dict[str, Any] = {"url": "https://harbour.example/a", "status": "200", "offset": "354", "length": "1280"}


def write(folder: Path, line: str) -> Path:
    archive = folder / "a.warc.gz"
    index_path(archive).write_text(line, encoding="utf-8")
    return archive


@pytest.mark.parametrize("facts", [FACTS, FACTS | {"status": 200, "offset": 354, "length": 1280}])
def test_numbers_are_read_as_texts_and_as_numbers(tmp_path: Path, facts: dict[str, Any]) -> None:
    (line,) = read_index(write(tmp_path, f"example,harbour)/a 20260305100000 {json.dumps(facts)}\n"))
    assert (line.url, line.status, line.offset, line.length) == (FACTS["url"], 200, 354, 1280)


@pytest.mark.parametrize("status", ["-", "", None, [200], True])
def test_a_status_that_is_none_is_left_out(tmp_path: Path, status: object) -> None:
    facts = json.dumps(FACTS | {"status": status})
    assert [each.status for each in read_index(write(tmp_path, f"a 20260305100000 {facts}\n"))] == [None]


@pytest.mark.parametrize(
    "told",
    ["[1, 2]", "null", "7", "[" * 100_000, "{}", '{"url": 1}']
    + [json.dumps(FACTS | change) for change in ({"offset": None}, {"offset": -1}, {"length": [1]}, {"url": {}})],
)
def test_a_line_that_is_none_is_a_value_error(tmp_path: Path, told: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        list(read_index(write(tmp_path, f"example,harbour)/a 20260305100000 {told}\n")))
