"""`newsscraper corpus forget`: whose story it is, what is said, and that nothing is left of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsscraper.store import Entry, Ledger, check, read_status
from tests.store.archives import exchange
from tests.store.ledgers import HOME, SITE, SetClock, done, read_events, read_stories, record_of, run, settle, whole_run

NAME = "Alma Ferrant"
OTHER = "early.example"
FILE = f"stories/{SITE}/r1-00000.jsonl"


@pytest.fixture
def key(tmp_path: Path) -> str:
    """A corpus of two sites, in `tmp_path`; the key of one of the first's two stories."""
    with Ledger.open(tmp_path, "aaa.example", clock=SetClock(), run_id="o1") as ledger:
        ledger.frontier.add([Entry(url="https://aaa.example/")])
    with whole_run(tmp_path) as ledger:
        settle(ledger, "other")
        return str(settle(ledger, "ferrant", record_of("ferrant", title=NAME)).record.story_key)


def forget(invoke, corpus, *arguments):
    return invoke("corpus", "forget", *arguments, "--why", "a court said so", "--corpus", corpus)


@pytest.mark.parametrize("by", ["key", "url", "other scheme", "key and site"])
def test_a_story_is_taken_down(invoke, tmp_path, key, by):
    arguments = {
        "key": (key,),
        "url": (f"{HOME}ferrant?utm_source=x#top",),
        "other scheme": (f"http://www.{SITE}/ferrant",),
        "key and site": (key, "--site", HOME),
    }[by]
    result = forget(invoke, tmp_path, *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{SITE}: {key} is forgotten, 1 file written anew\n  {tmp_path / FILE}\n"
    assert [line["url"] for line in read_stories(tmp_path)] == [f"{HOME}other"]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and NAME.encode() in path.read_bytes()]
    assert [(event["event"], event["why"]) for event in read_events(tmp_path)] == [("forgotten", "a court said so")]
    assert (read_status(tmp_path, SITE).stories, read_status(tmp_path, SITE).forgotten) == (1, 1)
    assert check(tmp_path, SITE) == []


def test_what_was_forgotten_already_is_told_and_makes_no_second_event(invoke, tmp_path, key):
    forget(invoke, tmp_path, key)
    result = forget(invoke, tmp_path, key)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{SITE}: {key} was forgotten already, 0 files written anew\n"
    assert [event["event"] for event in read_events(tmp_path)] == ["forgotten"]
    assert check(tmp_path, SITE) == []


def test_what_cannot_be_taken_out_is_told_by_name(invoke, tmp_path, key):
    file = f"archive/{SITE}/r2-00000.warc.gz"
    with run(tmp_path, run_id="r2") as ledger:
        settle(ledger, "third", exchanges=(exchange("third"),))
        ledger.seal(archive=True)
        known = ledger.stories.find_by_name(f"{HOME}third")
        third = known.story_key if known else ""
    with (tmp_path / file).open("ab") as stream:
        stream.write(b"no record")
    result = forget(invoke, tmp_path, third)
    assert result.exit_code == 1
    assert f"{third} is forgotten, but not all of it could be taken out, " in result.stdout
    assert f"{SITE}: {file}: not as it was sealed" in result.stderr
    assert "put back good copies" in result.stderr.splitlines()[-1]


def test_quiet(invoke, tmp_path, key):
    result = forget(invoke, tmp_path, key, "--quiet")
    assert (result.exit_code, result.stdout) == (0, "")
    assert len(read_stories(tmp_path)) == 1


@pytest.mark.parametrize("why", [(), ("--why", "  ")])
def test_a_reason_is_required(invoke, tmp_path, key, why):
    result = invoke("corpus", "forget", key, *why, "--corpus", tmp_path)
    assert result.exit_code == 2
    assert "--why" in result.stderr
    assert len(read_stories(tmp_path)) == 2


@pytest.mark.parametrize("story", ["aaaabbbbccccdddd", f"{HOME}unknown", "https://nobody.example/a"])
def test_a_story_that_nobody_knows(invoke, tmp_path, key, story):
    result = forget(invoke, tmp_path, story)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert f"no story is known by '{story}'" in result.stderr
    assert not (tmp_path / "ledger" / "nobody.example.sqlite").exists()
    assert forget(invoke, tmp_path, story, "--site", SITE).exit_code == 2
    assert len(read_stories(tmp_path)) == 2


def test_ledgers_that_cannot_be_read_are_told_where_the_story_is_in_no_other(invoke, tmp_path, key):
    (tmp_path / "ledger" / "aaa.example.sqlite").write_bytes(b"no database at all, " * 400)
    result = forget(invoke, tmp_path, "aaaabbbbccccdddd")
    assert result.exit_code == 2
    told, last = result.stderr.splitlines()
    assert "aaa.example.sqlite: " in told
    assert "in the ledgers that can be read no story is known by 'aaaabbbbccccdddd'" in last
    assert forget(invoke, tmp_path, key).exit_code == 0


def settle_elsewhere(corpus: Path, path: str) -> str:
    """The same page in the ledger of another site; its key there."""
    with Ledger.open(corpus, OTHER, clock=SetClock(), run_id="t1") as ledger:
        committed = ledger.settle(done(None, record=record_of(path, title=NAME)))
        ledger.seal()
    return str(committed.record.story_key)


def test_of_a_url_its_own_site_comes_first(invoke, tmp_path, key):
    settle_elsewhere(tmp_path, "ferrant")
    assert forget(invoke, tmp_path, f"{HOME}ferrant").stdout.startswith(f"{SITE}: {key} is forgotten")
    assert read_status(tmp_path, OTHER).stories == 1


def test_a_url_that_another_site_leads_to(invoke, tmp_path, key):
    moved = settle_elsewhere(tmp_path, "moved")
    assert forget(invoke, tmp_path, f"{HOME}moved").stdout.startswith(f"{OTHER}: {moved} is forgotten, 1 file")


def test_a_key_that_two_sites_know(invoke, tmp_path, key):
    assert settle_elsewhere(tmp_path, "ferrant") == key
    result = forget(invoke, tmp_path, key)
    assert result.exit_code == 2
    assert f"{key} is a story of {OTHER} and of {SITE}: say which with --site" in result.stderr
    assert forget(invoke, tmp_path, key, "--site", OTHER).exit_code == 0
    assert (read_status(tmp_path, SITE).stories, read_status(tmp_path, OTHER).stories) == (2, 0)


def test_a_site_at_work(invoke, tmp_path, key):
    with run(tmp_path, run_id="r2"):
        result = forget(invoke, tmp_path, key)
    assert result.exit_code == 2
    assert "run r2 of this site is at work" in result.stderr
    assert len(read_stories(tmp_path)) == 2


def test_the_reports_still_check_out(invoke, tmp_path, key):
    forget(invoke, tmp_path, key)
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "runs").rglob("*.json")]
    assert {each["file"]: each["records"] for report in reports for each in report["files"]}[FILE] == 1
