"""`newsscraper corpus diff`: what is said, and how it ends."""

from __future__ import annotations

import json

import pytest

from tests.corpus.corpora import READ_BY, SITE, record, write

BODY = "The ferry ran.\n\nNobody was late.\n\nIt rained."


@pytest.fixture
def pair(tmp_path):
    """A corpus of two sites, and what a newer extractor made of it."""
    old = [record("a", body=BODY), record("b"), record("c", site="other.example")]
    new = [
        record("a", body=BODY.replace("Nobody", "No one"), lead="In short"),
        record("b", extractor="newer"),
        record("d", title="Late \x1b[31mferry"),
    ]
    write(tmp_path / "old" / "stories" / SITE / "r1-00000.jsonl", old[:2])
    write(tmp_path / "old" / "stories" / "other.example" / "r1-00000.jsonl", old[2:])
    write(tmp_path / "new" / "00000.jsonl.zst", new)
    return tmp_path / "old", tmp_path / "new"


def test_what_differs_is_told(invoke, pair):
    old, new = pair
    result = invoke("corpus", "diff", *pair)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        result.stdout
        == f"""\
old  {old}: 3 records in 2 files
     3 by {READ_BY}
new  {new}: 3 records in 1 file
     2 by {READ_BY}
     1 by newer

same         1  50.0%
changed      1  50.0%
only in old  1
only in new  1

field  changed  share  gained  lost
body         1  50.0%       0     0
lead         1  50.0%       1     0

site           same  changed  only in old  only in new
tarn.example      1        1            0            1
other.example     0        0            1            0

body
  https://tarn.example/a (a v1)
    = 1 the same
    - Nobody was late.
    + No one was late.
    = 1 the same

lead
  https://tarn.example/a (a v1)
    - null
    + In short

only in old
  https://tarn.example/c (c v1): Ferry c

only in new
  https://tarn.example/d (d v1): Late \\x1b[31mferry
"""
    )


def test_json_has_all_of_it(invoke, pair):
    result = invoke("corpus", "diff", *pair, "--json", "--fields", "lead", "--examples", 1)
    told = json.loads(result.stdout)
    assert (told["same"], told["changed"], told["only_old"], told["only_new"]) == (1, 1, 1, 1)
    assert told["compared"] == ["lead"]
    assert told["fields"] == {"lead": {"changed": 1, "gained": 1, "lost": 0, "share": 0.5}}
    assert told["new"]["extractors"] == {READ_BY: 2, "newer": 1}
    assert told["sites"]["other.example"] == {"same": 0, "changed": 0, "only_old": 1, "only_new": 0}
    assert told["examples"]["lead"] == [
        {
            "story_key": "a",
            "version": 1,
            "url": f"https://{SITE}/a",
            "title": "Ferry a",
            "before": None,
            "after": "In short",
        }
    ]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 0),
        (("--fail-on-change",), 1),
        (("--fail-on-change", "--site", f"https://{SITE}/", "--fields", "title"), 1),
        (("--fail-on-change", "--site", "absent.example"), 2),
        (("--fields", "titel"), 2),
    ],
)
def test_it_ends_with_what_scripts_need(invoke, pair, options, code):
    assert invoke("corpus", "diff", *pair, *options).exit_code == code


def test_the_same_twice_is_well(invoke, pair):
    result = invoke("corpus", "diff", pair[1], pair[1], "--fail-on-change")
    assert result.exit_code == 0
    assert "changed      0    0.0%" in result.stdout


def test_what_cannot_be_read_is_told_and_ends_with_1(invoke, tmp_path):
    old = write(tmp_path / "old.jsonl", [record("a"), *[b"{\x1b"] * 30])
    new = write(tmp_path / "new.jsonl", [record("a")])
    result = invoke("corpus", "diff", old, new, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["old"]["unreadable"] == 30
    *told, last = result.stderr.splitlines()
    assert told[0].startswith(f"{old}:2: not JSON")
    assert (len(told), last) == (20, f"{old}: and 10 more like these")
    assert "\x1b" not in result.stderr


def test_a_place_without_records_is_wrong_usage(invoke, tmp_path):
    result = invoke("corpus", "diff", tmp_path / "missing", tmp_path)
    assert result.exit_code == 2
    assert "no such file or folder" in result.stderr
