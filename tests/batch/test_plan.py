"""A folder holds one batch: of the same inputs and options, or what differs is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from newsscraper.batch.plan import PLAN, Plan, make_plan, read_plan
from newsscraper.errors import InputError
from tests.batch.archives import make_stories, write_warc


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.warc.gz"
    write_warc(path, make_stories(4))
    return path


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "into"


def plan(into: Path, *paths: Path, part_bytes: int = 10**6, **options: Any) -> tuple[Plan, list[str]]:
    return make_plan(list(map(str, paths)), into, part_bytes, {"form": "gz", "force": False} | options)


def test_the_plan_is_the_same_whoever_makes_it(archive: Path, into: Path, tmp_path: Path) -> None:
    first, _ = plan(into, archive)
    before = (into / PLAN).read_bytes()
    second, notes = plan(into, archive)
    elsewhere, _ = plan(tmp_path / "elsewhere", archive)
    assert first.digest == second.digest == elsewhere.digest
    assert (into / PLAN).read_bytes() == before == (tmp_path / "elsewhere" / PLAN).read_bytes()
    assert notes == []
    assert read_plan(into) == first


def test_another_option_is_refused_with_both_values(archive: Path, into: Path) -> None:
    plan(into, archive)
    with pytest.raises(InputError, match=r"another plan: part: 1 MB there, 2 MB here; force: false there, true here"):
        plan(into, archive, part_bytes=2 * 10**6, force=True)


def test_an_input_that_is_new_missing_or_of_another_size_is_named(archive: Path, into: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.warc.gz"
    write_warc(other, make_stories(2))
    plan(into, archive)
    with pytest.raises(InputError, match=r"1 inputs are missing \(\S+a\.warc\.gz\); 1 inputs are new \(\S+b\.warc\.gz"):
        plan(into, other)
    with archive.open("ab") as file:
        file.write(b"more")
    with pytest.raises(InputError, match=r"1 inputs have another size \(\S+a\.warc\.gz\)"):
        plan(into, archive)


def test_another_order_is_another_batch(archive: Path, into: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.warc.gz"
    write_warc(other, make_stories(2))
    plan(into, archive, other)
    with pytest.raises(InputError, match="given in another order"):
        plan(into, other, archive)


def test_an_input_written_since_at_the_same_size_is_told_and_may_go_on(archive: Path, into: Path) -> None:
    plan(into, archive)
    os.utime(archive, (1, 1))
    _, notes = plan(into, archive)
    assert len(notes) == 1
    assert "a.warc.gz" in notes[0]


def test_a_folder_with_something_else_in_it_is_left_alone(archive: Path, into: Path) -> None:
    into.mkdir()
    (into / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds other files \(thesis\.txt\)"):
        plan(into, archive)
    assert [path.name for path in into.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 99}', b'{"format": 1, "inputs": [{"name": 1}]}'])
def test_a_damaged_plan_is_told_by_its_name(archive: Path, into: Path, content: bytes) -> None:
    into.mkdir()
    (into / PLAN).write_bytes(content)
    with pytest.raises(InputError, match=r"plan\.json: "):
        plan(into, archive)


def test_a_folder_is_taken_in_order_without_what_lies_beside_archives(tmp_path: Path, into: Path) -> None:
    folder = tmp_path / "archive"
    (folder / "sub").mkdir(parents=True)
    for name in ("z.warc.gz", "sub/a.warc.gz", "sub/b.warc.gz.open"):
        write_warc(folder / name, make_stories(1))
    (folder / "z.cdxj").write_text('example,harbour)/news/0 20240301100000 {"url": "https://harbour.example/news/0"}\n')
    (folder / "page.html").write_bytes(make_stories(1)[0].body)
    (folder / ".hidden.html").write_bytes(b"<html>")
    made, _ = plan(into, folder)
    told = [(os.path.relpath(each.name, folder), each.kind) for each in made.inputs]
    assert told == [("page.html", "file"), ("sub/a.warc.gz", "archive"), ("z.warc.gz", "archive")]


def test_what_is_named_twice_is_done_once(archive: Path, into: Path) -> None:
    made, _ = plan(into, archive, archive, archive.parent)
    assert [each.name for each in made.inputs] == [str(archive)]


def test_an_input_that_is_not_there_is_named(into: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.warc\.gz: cannot be read: No such file"):
        plan(into, tmp_path / "gone.warc.gz")
    assert not into.exists()
