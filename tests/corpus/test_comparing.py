"""Two corpora compared: what is told is what differs, of any size, whatever the order."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import asdict

import pytest

from newsscraper.corpus import choose_fields, compare
from newsscraper.corpus.digests import ALL, CONTENT
from newsscraper.errors import InputError

from .corpora import SITE, record, write


def compared(tmp_path, old, new, **options):
    return compare(write(tmp_path / "old.jsonl", old), write(tmp_path / "new.jsonl.gz", new), **options)


def test_the_same_records_in_any_order_and_form_are_the_same(tmp_path):
    rows = [record(key, version) for key in "abcdef" for version in (1, 2)]
    shuffled = random.Random(3).sample(rows, len(rows))
    result = compare(write(tmp_path / "old.parquet", rows), write(tmp_path / "new.jsonl", shuffled))
    assert asdict(result.counts) == {"same": 12, "changed": 0, "only_old": 0, "only_new": 0}
    assert (result.is_same, result.by_field, result.examples, result.unreadable) == (True, {}, {}, 0)


def test_only_in_one_is_told_by_key_and_version(tmp_path):
    result = compared(tmp_path, [record("a"), record("a", 2), record("b")], [record("a"), record("b"), record("c")])
    assert asdict(result.counts) == {"same": 2, "changed": 0, "only_old": 1, "only_new": 1}
    assert result.examples["only_old"][0].name == f"https://{SITE}/a (a v2)"
    assert result.examples["only_new"][0].name == f"https://{SITE}/c (c v1)"


def test_fields_are_counted_as_gained_lost_and_altered_in_the_order_of_the_record(tmp_path):
    old = [record("a", tags=[], lead="Up"), record("b", title="X"), record("c", lead="In short")]
    new = [record("a", title="New", lead="Up"), record("b", title="Y"), record("c", lead=None)]
    result = compared(tmp_path, old, new)
    assert result.counts.changed == 3
    assert {name: asdict(each) for name, each in result.by_field.items()} == {
        "title": {"changed": 2, "gained": 0, "lost": 0},
        "tags": {"changed": 1, "gained": 1, "lost": 0},
        "lead": {"changed": 1, "gained": 0, "lost": 1},
    }
    assert list(result.by_field) == ["title", "tags", "lead"]
    (example,) = result.examples["lead"]
    assert (example.before["lead"], example.after["lead"]) == ("In short", None)


def test_a_number_beyond_all_measure_ends_nothing(tmp_path):
    old = [record("a", confidence=1), record("b", confidence=10**400), record("c", confidence=10**400)]
    new = [record("a", confidence=1.0), record("b", confidence=10**400 + 1), record("c", confidence=10**400)]
    assert asdict(compared(tmp_path, old, new).counts) == {"same": 2, "changed": 1, "only_old": 0, "only_new": 0}


def test_provenance_is_left_out_unless_it_is_asked_for(tmp_path):
    old = record("a")
    new = record("a", run_id="r2", extractor="other", fetched_at="2027-01-01T00:00:00Z", content_hash="1:11", url=None)
    assert compared(tmp_path, [old], [new]).is_same
    result = compared(tmp_path, [old], [new], fields=choose_fields(["all"]))
    assert list(result.by_field) == ["url", "fetched_at", "content_hash", "run_id", "extractor"]
    assert (result.old.extractors, result.new.extractors) == ({old["extractor"]: 1}, {"other": 1})


def test_several_captures_of_one_page_are_matched_by_when_they_were_fetched(tmp_path):
    def captured(day, title):
        return record("a", title=title, fetched_at=f"2026-03-{day:02}T00:00:00Z")

    old = [captured(3, "three"), captured(1, "one"), captured(2, "two")]
    new = [captured(2, "two"), captured(4, "one"), captured(3, "three")]
    result = compared(tmp_path, old, new)
    assert asdict(result.counts) == {"same": 3, "changed": 0, "only_old": 0, "only_new": 0}
    assert (result.old.doubled, result.new.doubled) == (2, 2)
    assert asdict(compared(tmp_path, old, new[:1]).counts) == {"same": 1, "changed": 0, "only_old": 2, "only_new": 0}


def test_captures_read_from_an_archive_are_matched_with_the_versions_of_the_crawl(tmp_path):
    """Whoever reads captures one by one calls each of them version 1."""
    days = [f"2026-03-{day:02}T00:00:00Z" for day in (1, 2, 3)]
    crawled = [record("a", version, title=f"v{version}", fetched_at=days[version - 1]) for version in (1, 2, 3)]
    captured = [record("a", title=f"v{number + 1}", fetched_at=day) for number, day in reversed(list(enumerate(days)))]
    result = compared(tmp_path, crawled, captured)
    assert asdict(result.counts) == {"same": 3, "changed": 0, "only_old": 0, "only_new": 0}
    assert (result.old.doubled, result.new.doubled) == (0, 2)


def test_records_that_were_never_fetched_are_matched_by_version_alone(tmp_path):
    old = [record("a", version, fetched_at=None) for version in (1, 2)]
    result = compared(tmp_path, old, [record("a", 2, fetched_at=None), record("a", 3, fetched_at=None)])
    assert asdict(result.counts) == {"same": 1, "changed": 0, "only_old": 1, "only_new": 1}


def test_lines_that_are_no_records_are_told_and_the_rest_is_compared(tmp_path):
    result = compared(tmp_path, [record("a"), b"{", record("b")], [record("a"), b"7", record("b")])
    assert (result.counts.same, result.old.unreadable, result.new.unreadable) == (2, 1, 1)
    assert str(result.old.told[0]).startswith(f"{tmp_path / 'old.jsonl'}:2: not JSON")


def test_one_site_alone_can_be_compared(tmp_path):
    rows = [record("a"), record("b", site="other.example"), record("c", site=None, url="https://www.tarn.example/c")]
    result = compared(tmp_path, rows, rows[:1], sites=[SITE])
    assert asdict(result.counts) == {"same": 1, "changed": 0, "only_old": 1, "only_new": 0}
    assert set(compared(tmp_path, rows, rows).by_site) == {SITE, "other.example"}


def test_examples_are_as_many_as_were_asked_for_and_the_same_each_time(tmp_path):
    old = [record(f"{number:03}") for number in range(30)]
    new = [record(f"{number:03}", title="Other") for number in range(30)]
    first, again = (compared(tmp_path, rows, new, examples=4) for rows in (old, random.Random(1).sample(old, len(old))))
    names = [each.name for each in first.examples["title"]]
    assert len(names) == 4
    assert names == [each.name for each in again.examples["title"]]
    assert compared(tmp_path, old, new, examples=0).examples == {"title": []}


@pytest.mark.parametrize(
    ("names", "ignored", "expected"),
    [
        ((), (), CONTENT),
        (("all",), (), ALL),
        (("body,title",), (), ("title", "body")),
        ((), ("confidence", "images"), tuple(name for name in CONTENT if name not in {"confidence", "images"})),
    ],
)
def test_fields_are_chosen_by_name_and_group(names, ignored, expected):
    assert choose_fields(names, ignored) == expected


def test_a_field_that_records_do_not_have_is_an_error():
    with pytest.raises(InputError, match="did you mean 'title'"):
        choose_fields(["titel"])
    with pytest.raises(InputError, match="no field is left"):
        choose_fields(["title"], ["title"])


MEASURED = """
import resource, sys
from pathlib import Path
from newsscraper.corpus import compare, temporary
temporary.CACHE_KB = 1024
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = compare(Path(sys.argv[1]), Path(sys.argv[2]))
print(result.counts.changed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_does_not_grow_with_the_records(tmp_path):
    def lines(title):
        for number in range(8000):
            key = (number * 7919) % 8000
            yield b'{"story_key": "%08d", "version": 1, "title": "%s", "body": "%s"}' % (key, title, b"b" * 5000)

    files = [write(tmp_path / name, lines(title)) for name, title in (("old.jsonl", b"old"), ("new.jsonl", b"new"))]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, files)], check=True, capture_output=True, text=True, timeout=60
    )
    changed, grown_kb = map(int, done.stdout.split())
    assert changed == 8000
    assert grown_kb < 15_000, "of the 80 MB in the files"
