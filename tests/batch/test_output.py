"""Files of a batch are whole when they appear, and of the same lines the same bytes."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet
import pytest
from backports import zstd

from newsscraper.batch import output
from newsscraper.batch.output import FORMS, SUFFIXES, Form, Lines, drop_leftovers, hidden_name, write_once
from newsscraper.batch.parquet import record_columns
from newsscraper.record import Record, record_schema
from newsscraper.store.lines import to_line
from newsscraper.story import Image, Rights, Translation

FULL = Record(
    title="فيضان \u2028 في \U0001f30d",
    date="2024-03-01",
    body="One.\n\nTwo.",
    tags=["a", "b"],
    authors=[],
    section=["World"],
    images=[Image(url="https://x.example/a.jpg", caption=None)],
    translations=[Translation(language="fa", url="https://x.example/fa")],
    rights=Rights(robots=["noarchive"], noai=False, tdm_reservation=None, tdm_policy="https://x.example/tdm"),
    confidence=0.75,
    complete=True,
    story_key="abc",
    http_status=200,
    warc={"file": "a.warc.gz", "offset": 5_000_000_000, "length": 9, "record_id": "<urn:uuid:1>"},
    content_hash="1:" + "0" * 64,
    extractor="newsscraper/0",
)
BARE = dataclasses.replace(FULL, date=None, tags=[], images=[], translations=[], confidence=None, warc=None)
RECORDS = [dataclasses.replace(record, version=number) for number in range(1, 1_200) for record in (FULL, BARE)]


def write(path: Path, form: Form, records: list[Record]) -> output.Written:
    with Lines(path.parent, path.name, form) as lines:
        for record in records:
            lines.write(to_line(record.to_dict()))
        return lines.seal()


def read(path: Path, form: Form) -> list[dict[str, object]]:
    if form == "parquet":
        rows: list[dict[str, object]] = pyarrow.parquet.read_table(path).to_pylist()
        return rows
    content = path.read_bytes()
    if form != "plain":
        content = gzip.decompress(content) if form == "gz" else zstd.decompress(content)
    return [json.loads(line) for line in content.decode().splitlines()]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_comes_back_and_the_same_lines_give_the_same_bytes(tmp_path: Path, form: Form) -> None:
    records = RECORDS if form == "parquet" else RECORDS[:50]
    first = write(tmp_path / f"a{SUFFIXES[form]}", form, records)
    second = write(tmp_path / f"b{SUFFIXES[form]}", form, records)
    assert read(tmp_path / first.file, form) == [record.to_dict() for record in records]
    assert (first.sha256, first.bytes, first.records) == (second.sha256, second.bytes, len(records))
    assert sorted(os.listdir(tmp_path)) == [first.file, second.file]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_without_a_line_is_a_whole_one_too(tmp_path: Path, form: Form) -> None:
    written = write(tmp_path / "a", form, [])
    assert written.records == 0
    assert read(tmp_path / "a", form) == []


def test_parquet_has_a_column_for_each_key_in_their_order_each_of_the_type_that_the_schema_tells() -> None:
    schema = record_schema()["properties"]
    assert record_columns().names == list(schema)
    numbers = {"integer": "int64", "number": "double", "boolean": "bool"}
    for field in record_columns():
        told = json.dumps(schema[field.name])
        simple = [kind for word, kind in numbers.items() if f'"type": "{word}"' in told and '"object"' not in told]
        if simple:
            assert str(field.type) == simple[0], field.name
        elif field.name not in ("tags", "authors", "section", "images", "translations", "rights", "warc"):
            assert str(field.type) in ("string", "int64"), field.name


def test_nothing_is_there_before_it_is_whole_and_nothing_stays_of_what_broke_off(tmp_path: Path) -> None:
    with Lines(tmp_path, "a.jsonl", "plain") as lines:
        lines.write(b"{}\n")
        assert [name[0] for name in os.listdir(tmp_path)] == ["."]
    assert os.listdir(tmp_path) == []


def test_who_is_first_stays(tmp_path: Path) -> None:
    write_once(tmp_path / "plan.json", b"one")
    write_once(tmp_path / "plan.json", b"two")
    assert (tmp_path / "plan.json").read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["plan.json"]


def test_what_a_dead_run_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    path = tmp_path / "00001.jsonl.gz"
    code = f"from newsscraper.batch.output import *; hidden_name(Path({str(path)!r})).touch()"
    subprocess.run([sys.executable, "-c", code], check=True)
    dead = os.listdir(tmp_path)
    mine = hidden_name(path)
    mine.touch()
    elsewhere = tmp_path / ".00001.jsonl.gz.ffffffff-1-abcd.part"
    elsewhere.touch()
    long_ago = tmp_path / ".00002.jsonl.gz.ffffffff-1-abcd.part"
    long_ago.touch()
    os.utime(long_ago, (1, time.time() - 90_000))
    assert drop_leftovers(tmp_path) == sorted([*dead, long_ago.name])
    assert sorted(os.listdir(tmp_path)) == sorted([mine.name, elsewhere.name])


def test_a_form_whose_library_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(output.InputError, match=r"pip install '.\[parquet\]'"):
        output.check_form("parquet")
    with pytest.raises(output.InputError, match=r"pip install '.\[zst\]'"):
        output.check_form("zst")
