"""Files of records, as whoever hands them over leaves them."""

from __future__ import annotations

import gzip
import os

import pytest

from newsscraper.corpus import lines
from newsscraper.corpus.lines import Line, Unreadable, find_files, read_records
from newsscraper.errors import InputError

from .corpora import SITE, record, write


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet"])
def test_records_come_out_of_every_form_as_they_went_in(tmp_path, name):
    rows = [record("a", images=[{"url": "https://tarn.example/1.jpg", "caption": None}]), record("b")]
    found = list(read_records(write(tmp_path / name, rows)))
    assert [(line.number, line.data) for line in found] == [(1, rows[0]), (2, rows[1])]


def test_what_a_file_is_its_content_says(tmp_path):
    plain = write(tmp_path / "a.jsonl", [record("a")])
    misnamed = tmp_path / "b.jsonl"
    misnamed.write_bytes(gzip.compress(plain.read_bytes()))
    assert [line.data["story_key"] for line in read_records(misnamed)] == ["a"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1]", "no JSON object"),
        (b"[" * 100_000, "not JSON"),
        (b'{"version": 1}', "story_key is no text"),
        (b'{"story_key": "\\ud800", "version": 1}', "story_key is no text"),
        (b'{"story_key": "a"}', "version is no whole number"),
        (b'{"story_key": "a", "version": true}', "version is no whole number"),
        (b'{"story_key": "a", "version": 99999999999}', "version is no whole number"),
        (b'{"story_key": "a", "version": 1e999}', "version is no whole number"),
    ],
)
def test_a_line_that_is_no_record_is_told_with_its_number_and_costs_no_other(tmp_path, line, what):
    found = list(read_records(write(tmp_path / "a.jsonl", [record("a"), b"", line, record("b")])))
    (wrong,) = [each for each in found if isinstance(each, Unreadable)]
    assert str(wrong).startswith(f"{tmp_path / 'a.jsonl'}:3: ")
    assert what in wrong.what
    assert [each.data["story_key"] for each in found if isinstance(each, Line)] == ["a", "b"]


def test_a_line_that_is_too_long_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_LINE", 5000)
    found = list(read_records(write(tmp_path / "a.jsonl", [b'{"a": "' + b"x" * 20_000 + b'"}', record("b")])))
    assert [each.number for each in found] == [1, 2]
    assert isinstance(found[0], Unreadable)
    assert isinstance(found[1], Line)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.parquet"])
def test_of_a_damaged_file_what_can_be_read_is(tmp_path, name):
    rows = [record(f"{number:06}", body=os.urandom(2000).hex()) for number in range(200)]
    path = write(tmp_path / name, rows)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    *good, last = read_records(path)
    assert isinstance(last, Unreadable)
    assert "damaged" in last.what
    assert [line.data for line in good] == rows[: len(good)]
    assert name.endswith("parquet") or good


def test_of_a_corpus_its_stories_are_read(tmp_path):
    stories = write(tmp_path / "stories" / SITE / "r1-00000.jsonl", [record("a")])
    other = write(tmp_path / "stories" / "other.example" / "r1-00000.jsonl.gz", [record("b")])
    write(tmp_path / "events" / SITE / "r1-00000.jsonl", [{"event": "gone"}])
    write(tmp_path / "stories" / SITE / ".r1-00001.jsonl.part", [record("c")])
    assert find_files(tmp_path) == [other, stories]
    assert find_files(tmp_path, [SITE]) == [stories]


def test_of_a_batch_its_parts_are_read(tmp_path):
    parts = [write(tmp_path / name, [record("a")]) for name in ("00000.jsonl", "00001.parquet")]
    write(tmp_path / "00000.faults.jsonl.gz", [{"fault": "x"}])
    write(tmp_path / "notes.jsonl", [{"note": "x"}])
    (tmp_path / "00000.json").write_text("{}", encoding="utf-8")
    assert find_files(tmp_path) == parts


def test_of_another_folder_all_files_of_records_below_it_are_read(tmp_path):
    found = [write(tmp_path / name, [record("a")]) for name in ("a/x.jsonl", "b/y.jsonl.zst")]
    write(tmp_path / ".hidden" / "z.jsonl", [record("a")])
    write(tmp_path / "c" / "00000.faults.jsonl.gz", [{"fault": "x"}])
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert find_files(tmp_path) == found


def test_a_place_without_records_is_an_error_that_says_what_was_expected(tmp_path):
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("empty", "expected a corpus"), ("missing", "no such file"), ("pipe", "is a pipe")):
        with pytest.raises(InputError, match=said):
            find_files(tmp_path / name)
