"""A part is read, written whole and marked; what is done stays done, and what is not is done again."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import fsspec
import pytest

from newsscraper.batch import drawing, inputs, run
from newsscraper.batch.drawing import Page
from newsscraper.batch.in_order import Fault
from newsscraper.batch.manifest import MANIFEST, find_outstanding
from newsscraper.batch.marks import mark_path
from newsscraper.batch.reading import Read, Reading, prepare
from newsscraper.batch.run import Batch
from newsscraper.corpus.lines import find_files
from newsscraper.errors import InputError, NewsscraperError
from newsscraper.record import find_faults
from newsscraper.store.archive import ArchivedPage, Filters, PassedOver
from tests.batch.archives import Made, make_stories, make_story, write_warc
from tests.batch.conftest import begin, read_here


def do_all(batch: Batch) -> None:
    pool = read_here(batch)
    for part in batch.plan.parts:
        batch.do(part, pool, lambda *_: None)


def read_all(folder: Path, glob: str = "*.jsonl") -> list[dict[str, Any]]:
    return [
        json.loads(line) for path in sorted(folder.glob(glob)) for line in path.read_text(encoding="utf-8").splitlines()
    ]


def read_faults(folder: Path) -> list[dict[str, Any]]:
    return read_all(folder, "faults/*.faults")


def take_files(folder: Path) -> dict[str, bytes]:
    """But for what tells how long it took."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("0*")
        if path.suffix not in (".json", ".part")
    }


def test_each_page_is_in_the_output_once_in_the_order_of_the_archive(archive: Path, into: Path) -> None:
    batch = begin([archive], into)
    assert len(batch.plan.parts) > 2
    do_all(batch)
    records = read_all(into)
    assert [record["url"] for record in records] == [f"https://harbour.example/news/{number}" for number in range(12)]
    assert [fault for record in records for fault in find_faults(record)] == []
    assert {record["run_id"] for record in records} == {batch.plan.run_id}
    assert all(record["warc"]["file"] == str(archive) for record in records)
    (fault,) = read_faults(into)
    assert (fault["outcome"], fault["reason"]) == ("not_story", "no_text")
    assert (fault["source"], fault["url"]) == (str(archive), "https://harbour.example/")
    assert fault["offset"] > 0


def test_the_parts_together_say_what_one_part_would(archive: Path, into: Path, tmp_path: Path) -> None:
    do_all(begin([archive], into))
    do_all(begin([archive], tmp_path / "whole", part_bytes=10**9))
    strip = [{**record, "run_id": None} for record in read_all(into)]
    assert strip == [{**record, "run_id": None} for record in read_all(tmp_path / "whole")]


@pytest.mark.parametrize("form", ["gz", "zst", "parquet"])
def test_the_same_input_gives_the_same_bytes(archive: Path, into: Path, tmp_path: Path, form: str) -> None:
    do_all(begin([archive], into, form=form))
    do_all(begin([archive], tmp_path / "again", form=form))
    files = take_files(into)
    assert files == take_files(tmp_path / "again")
    kinds = {name.partition(".")[2] for name in files}
    packing = {"parquet": "gz"}.get(form, form)
    assert kinds == {"parquet" if form == "parquet" else f"jsonl.{form}", f"faults.{packing}"}


@pytest.mark.parametrize("form", ["plain", "gz"])
def test_no_glob_of_records_takes_the_faults(archive: Path, into: Path, form: str) -> None:
    batch = begin([archive], into, form=form, part_bytes=10**9)
    do_all(batch)
    records = "00000.jsonl" if form == "plain" else "00000.jsonl.gz"
    assert [str(path.relative_to(into)) for path in into.rglob("*.jsonl*")] == [records]
    faults = batch.find_mark(batch.plan.parts[0]).faults
    assert faults.file == ("faults/00000.faults" if form == "plain" else "faults/00000.faults.gz")
    assert (into / faults.file).stat().st_size == faults.bytes
    assert find_files(into) == find_files(into.parent) == [into / records]


def test_two_runs_at_the_same_part_leave_it_whole(archive: Path, into: Path) -> None:
    batch, other = begin([archive], into, part_bytes=10**9), begin([archive], into, part_bytes=10**9)
    (part,) = batch.plan.parts
    seen: list[dict[str, bytes]] = []

    def do_it_too(*_: object) -> None:
        if not seen:
            seen.append({})
            other.do(part, read_here(other), lambda *_: None)
            seen.append(take_files(into))

    mark = batch.do(part, read_here(batch), do_it_too)
    assert take_files(into) == seen[1]
    assert batch.find_mark(part) == mark
    assert [name for name in os.listdir(into) if name.endswith(".part")] == []


def test_an_archive_elsewhere_is_read_and_its_size_asked_once(
    archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "memory://archives/a.warc.gz"
    fsspec.filesystem("memory").pipe("/archives/a.warc.gz", archive.read_bytes())
    batch = begin([url], into)
    assert len(batch.plan.parts) > 2
    do_all(batch)
    assert [record["url"] for record in read_all(into)] == [
        f"https://harbour.example/news/{number}" for number in range(12)
    ]
    assert json.loads(mark_path(into, batch.plan.parts[0]).read_bytes())["input"]["sha256"] is None
    monkeypatch.setattr(inputs, "open_source", lambda _: pytest.fail("asked again"))
    assert begin([url], into).plan == batch.plan


def test_page_files_and_dumps_are_parts_too(tmp_path: Path, into: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.html").write_bytes(make_story(number).body)
    (folder / "3.html.gz").write_bytes(gzip.compress(make_story(3).body))
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    batch = begin([folder], into, part_bytes=10**6)
    do_all(batch)
    assert [record["title"].split()[3] for record in read_all(into)] == ["0", "1", "2", "3"]
    (fault,) = read_faults(into)
    assert (fault["outcome"], fault["reason"], fault["offset"]) == ("passed_over", "image", None)
    mark = json.loads(mark_path(into, batch.plan.parts[0]).read_bytes())
    assert mark["input"]["count"] == 5
    assert len(mark["input"]["sha256"]) == 64


def test_a_mark_tells_what_was_read_and_what_came_of_it(archive: Path, into: Path) -> None:
    batch = begin([archive], into, part_bytes=10**9)
    mark = batch.do(batch.plan.parts[0], read_here(batch), lambda *_: None)
    assert mark.counts == {"not_story": 1, "story": 12}
    assert mark.reasons == {"no_text": 1}
    assert mark.input["files"] == [str(archive)]
    assert (mark.input["start"], mark.input["end"]) == (0, archive.stat().st_size)
    assert mark.input["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert mark.versions["newsscraper"]
    assert batch.find_mark(batch.plan.parts[0]) == mark


def test_what_gives_no_page_is_told_with_its_place_and_does_no_harm(tmp_path: Path, into: Path) -> None:
    path = tmp_path / "a.warc.gz"
    odd = [
        Made("https://harbour.example/gone", b"gone", status="404 Not Found"),
        Made("https://harbour.example/a.pdf", b"%PDF-1.4", kind="application/pdf"),
    ]
    places = write_warc(path, [*make_stories(2), *odd, make_story(7)])
    content = bytearray(path.read_bytes())
    content[places[1] + 40] ^= 0xFF
    path.write_bytes(content)
    batch = begin([path], into, part_bytes=10**9)
    do_all(batch)
    assert [record["url"][-1] for record in read_all(into)] == ["0", "7"]
    faults = {fault["offset"]: (fault["outcome"], fault["reason"]) for fault in read_faults(into)}
    assert faults == {
        places[1]: ("error", "corrupt"),
        places[2]: ("passed_over", "http_error"),
        places[3]: ("passed_over", "not_html"),
    }


def test_what_a_filter_keeps_out_is_counted_and_not_listed(archive: Path, into: Path) -> None:
    batch = begin([archive], into, part_bytes=10**9, filters=Filters(hosts=frozenset({"elsewhere.example"})))
    mark = batch.do(batch.plan.parts[0], read_here(batch), lambda *_: None)
    assert mark.reasons == {"filtered:host": 13}
    assert mark.faults is None
    assert read_all(into) == []


def test_a_page_that_could_not_be_read_is_named_in_the_mark(archive: Path, into: Path) -> None:
    batch = begin([archive], into, part_bytes=10**9)
    pool = read_here(batch)
    pool._read = lambda _: Fault("too_slow", "took longer than 60 s")
    mark = batch.do(batch.plan.parts[0], pool, lambda *_: None)
    assert mark.counts == {"error": 13}
    assert {page["reason"] for page in mark.set_aside} == {"too_slow"}
    assert len({page["offset"] for page in mark.set_aside}) == 13


def test_a_record_that_breaks_the_schema_is_no_line(archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = begin([archive], into, part_bytes=10**9)
    pool = read_here(batch)
    monkeypatch.setattr("newsscraper.batch.reading.find_faults", lambda data: ["body: odd"] * ("/3" in data["url"]))
    mark = batch.do(batch.plan.parts[0], pool, lambda *_: None)
    assert mark.reasons["invalid"] == 1
    assert mark.counts["story"] == 11


def test_progress_is_told_page_by_page_in_bytes_of_the_part(archive: Path, into: Path) -> None:
    batch = begin([archive], into, part_bytes=10**9)
    told: list[tuple[str, int]] = []
    batch.do(batch.plan.parts[0], read_here(batch), lambda kind, done: told.append((kind, done)))
    assert len(told) == 13
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert 0 < told[-1][1] < archive.stat().st_size


def test_a_source_that_breaks_off_leaves_nothing_of_its_part(
    archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = begin([archive], into, part_bytes=10**9)

    def break_off(name: str, **_: object) -> Iterator[ArchivedPage | PassedOver]:
        yield from list(drawing_read(name))[:3]
        yield PassedOver(file=name, offset=777, reason="unreachable", detail="connection reset")

    drawing_read = drawing.read_archive
    monkeypatch.setattr(drawing, "read_archive", break_off)
    with pytest.raises(InputError, match=r"a\.warc\.gz: cannot be read from byte 777 on: connection reset"):
        do_all(batch)
    assert [name for name in os.listdir(into) if name.strip(".").startswith("0")] == []
    assert find_outstanding(batch.plan, into) == list(batch.plan.parts)


def test_an_input_that_grows_meanwhile_leaves_nothing_of_its_part(archive: Path, into: Path) -> None:
    batch = begin([archive], into, part_bytes=10**9)
    pool = read_here(batch)

    def read(page: Page, read: Callable[[Page], Read]) -> Read:
        with archive.open("ab") as file:
            file.write(b"x")
        return read(page)

    pool._read = partial(read, read=pool._read)
    with pytest.raises(InputError, match=r"a\.warc\.gz: has changed since the batch was planned"):
        batch.do(batch.plan.parts[0], pool, lambda *_: None)
    assert sorted(os.listdir(into)) == ["plan.json"]


def _drop(path: Path) -> None:
    path.unlink()


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[content.index(b":") + 2] ^= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


@pytest.mark.parametrize("spoil", [_drop, _flip, _cut])
@pytest.mark.parametrize("name", ["00001.jsonl", "00001.json"])
def test_a_part_whose_output_or_mark_is_not_what_it_was_is_done_again(
    archive: Path, into: Path, name: str, spoil: Callable[[Path], None]
) -> None:
    batch = begin([archive], into)
    do_all(batch)
    before = take_files(into)
    spoil(into / name)
    again = begin([archive], into)
    undone = [part for part in again.plan.parts if again.find_mark(part) is None]
    assert [part.number for part in undone] == [1]
    for part in undone:
        again.do(part, read_here(again), lambda *_: None)
    assert take_files(into) == before


def test_marks_of_another_plan_count_for_nothing(archive: Path, into: Path) -> None:
    batch = begin([archive], into, part_bytes=10**9)
    do_all(batch)
    path = mark_path(into, batch.plan.parts[0])
    path.write_text(path.read_text().replace(batch.plan.digest, "0" * 64))
    assert batch.find_mark(batch.plan.parts[0]) is None


def test_the_manifest_appears_once_all_parts_are_done_and_sums_them_up(archive: Path, into: Path) -> None:
    batch = begin([archive], into)
    pool = read_here(batch)
    for part in batch.plan.parts:
        assert not batch.finish()
        assert not (into / MANIFEST).exists()
        batch.do(part, pool, lambda *_: None)
    assert batch.finish()
    first = (into / MANIFEST).read_bytes()
    assert batch.finish()
    assert (into / MANIFEST).read_bytes() == first
    told = json.loads(first)
    assert told["counts"] == {"not_story": 1, "story": 12}
    assert [part["part"] for part in told["parts"]] == list(range(len(batch.plan.parts)))
    assert told["inputs"] == {"count": 1, "bytes": archive.stat().st_size}


def test_the_manifest_names_all_versions_that_read_pages(
    archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = begin([archive], into)
    pool = read_here(batch)
    versions = [{"lxml": "6.1"} if part.number == 1 else {"lxml": "6.0"} for part in batch.plan.parts]
    assert len(versions) > 2
    monkeypatch.setattr(run, "tell_versions", partial(next, iter(versions)))
    for part in batch.plan.parts:
        batch.do(part, pool, lambda *_: None)
    assert batch.finish()
    assert json.loads((into / MANIFEST).read_bytes())["versions"] == [{"lxml": "6.0"}, {"lxml": "6.1"}]


def test_weights_or_profiles_that_change_meanwhile_stop_the_workers(archive: Path, into: Path) -> None:
    batch = begin([archive], into)
    described = batch.reading.describe()
    with pytest.raises(NewsscraperError, match="have changed since the batch began"):
        prepare(batch.reading, {**described, "profiles": "another"}, batch.plan.run_id)


def test_profiles_are_known_by_what_they_say(tmp_path: Path) -> None:
    (tmp_path / "hosts").mkdir()
    reading = Reading(sites_dirs=(str(tmp_path),))
    before = reading.describe()
    (tmp_path / "hosts" / "harbour.toml").write_text(
        'hosts = ["harbour.example"]\n[evidence]\nhosts = { seen_live = true, source = "seen" }\n'
    )
    after = reading.describe()
    assert before["profiles"] == Reading().describe()["profiles"] != after["profiles"]
    assert dataclasses.replace(reading, site=None).describe()["profiles"] is None
