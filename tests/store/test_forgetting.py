"""Takedown: nothing of a story is left, in whatever file it stood, and its page is not fetched again."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from newsscraper.errors import InputError, LedgerError
from newsscraper.store import Entry, Form, Ledger, check, faults, rebuild
from tests.store.ledgers import (
    HOME,
    SITE,
    SetClock,
    done,
    lease_one,
    read_events,
    read_stories,
    record_of,
    run,
    settle,
    whole_run,
)

NAME = "Alma Ferrant"
CODE = (f"{SITE} #986527",)


def make_corpus(corpus: Path, form: Form = "plain") -> str:
    """The story of a person in two versions, in two files, under two addresses, with events; its key."""
    with whole_run(corpus, form=form) as ledger:
        settle(ledger, "other")
        first = settle(ledger, "ferrant", record_of("ferrant", title=NAME, body=f"{NAME} was fined."), aliases=CODE)
    with whole_run(corpus, run_id="r2", form=form) as ledger:
        settle(ledger, "f/986527", record_of("f/986527", title=NAME, body="Copy."), aliases=CODE)
        settle(ledger, "ferrant", record_of("ferrant", title=NAME, body=f"{NAME} was not fined."))
        met = ({"event": "refused", "url": HOME + "ferrant"}, {"event": "refused", "url": HOME + "other"})
        ledger.settle(done(lease_one(ledger, "x"), state="refused", events=met))
    return str(first.record.story_key)


def forget(corpus: Path, story: str) -> tuple[str, ...]:
    with run(corpus, run_id="r9") as ledger:
        return ledger.forget(story, why="a court said so").files


def assert_forgotten(corpus: Path, story_key: str) -> None:
    assert check(corpus, SITE) == []
    for path in corpus.rglob("*"):
        if path.is_file():
            assert NAME.encode() not in path.read_bytes(), path
            assert b"ferrant" not in path.read_bytes(), path
    assert [line["url"] for line in read_stories(corpus)] == [HOME + "other"]
    (event,) = [event for event in read_events(corpus) if event["event"] == "forgotten"]
    assert (event["story_key"], event["why"]) == (story_key, "a court said so")
    assert {event["url"] for event in read_events(corpus) if event["event"] != "forgotten"} <= {HOME + "other"}


def assert_never_again(corpus: Path, run_id: str = "r10") -> None:
    with run(corpus, run_id=run_id) as ledger:
        paths = ("ferrant", "ferrant/", "f/986527")
        entries = [Entry(url=HOME + path, again=True, modified=2**31) for path in paths]
        ledger.frontier.add([*entries, Entry(url=f"http://www.{SITE}/ferrant")])
        assert {lease.entry.url for lease in ledger.frontier.lease(9)} <= {HOME + "other"}
        assert ledger.frontier.known(HOME + "ferrant") == "forgotten"
        redirected = settle(ledger, "hop", record_of("ferrant", asked="hop", title=NAME, body="Again."))
        assert (redirected.verdict, redirected.record, redirected.record_as_known) == ("none", None, None)
        assert ledger.frontier.known(HOME + "hop") == "forgotten"
        assert settle(ledger, "third").verdict == "new"
        ledger.seal()


@pytest.mark.parametrize("form", ["plain", "gz"])
@pytest.mark.parametrize("by", ["key", "url", "alias"])
def test_a_story_is_forgotten_everywhere(tmp_path: Path, form: Form, by: str) -> None:
    key = make_corpus(tmp_path, form)
    old = tmp_path / "ledger" / f"{SITE}.sqlite.before-2"
    old.write_text(NAME)
    files = forget(tmp_path, {"key": key, "url": HOME + "ferrant", "alias": HOME + "f/986527"}[by])
    suffix = {"plain": "", "gz": ".gz"}[form]
    assert sorted(files) == [
        f"events/{SITE}/r2-00000.jsonl{suffix}",
        f"stories/{SITE}/r1-00000.jsonl{suffix}",
        f"stories/{SITE}/r2-00000.jsonl{suffix}",
    ]
    assert_forgotten(tmp_path, key)
    assert_never_again(tmp_path)


def test_manifests_say_that_files_were_written_anew(tmp_path: Path) -> None:
    key = make_corpus(tmp_path)
    forget(tmp_path, key)
    notes = json.loads((tmp_path / "runs" / SITE / "r2.json").read_text())["notes"]
    assert len(notes) == 2
    assert "taken down" in notes[0]
    own = json.loads((tmp_path / "runs" / SITE / "r9.json").read_text())
    assert (own["finish_reason"], own["exit_code"], own["counts"]) == ("forgotten", 0, {"forgotten": 1})


def test_what_is_not_sealed_yet_is_forgotten_too(tmp_path: Path) -> None:
    with whole_run(tmp_path) as ledger:
        settle(ledger, "other")
        key = settle(ledger, "ferrant", record_of("ferrant", title=NAME, body=f"{NAME} " * 9000)).record.story_key
        assert ledger.forget(key, why="a court said so").files == ()
        for path in (tmp_path / "ledger").iterdir():
            assert NAME.encode() not in path.read_bytes(), path
    assert_forgotten(tmp_path, key)


@pytest.mark.parametrize(
    "point", ["forgetting:entered", "forgetting:rewritten", "forgetting:rewritten:2", "forgetting:done"]
)
def test_a_takedown_that_is_broken_off_is_finished(tmp_path: Path, point: str) -> None:
    key = make_corpus(tmp_path)
    child = os.fork()
    if not child:
        faults.hook = faults.killer(point)
        try:
            forget(tmp_path, key)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with Ledger.open(tmp_path, SITE, clock=SetClock()) as ledger:
        assert ledger.recovered == ("r9",)
    assert_forgotten(tmp_path, key)
    assert_never_again(tmp_path)


def test_forgotten_outlasts_a_rebuild(tmp_path: Path) -> None:
    key = make_corpus(tmp_path)
    forget(tmp_path, key)
    (tmp_path / "ledger" / f"{SITE}.sqlite").unlink()
    rebuild(tmp_path, SITE, clock=SetClock())
    assert_never_again(tmp_path)


def test_forgotten_twice_is_forgotten_once_more(tmp_path: Path) -> None:
    key = make_corpus(tmp_path)
    forget(tmp_path, key)
    with run(tmp_path, run_id="r11") as ledger:
        assert ledger.forget(key, why="again").files == ()
        assert ledger.stories.totals()["forgotten"] == 1
    assert_never_again(tmp_path, "r12")


def test_a_story_that_nobody_knows(tmp_path: Path) -> None:
    key = make_corpus(tmp_path)
    with run(tmp_path, run_id="r3") as ledger:
        for name in (HOME + "nothing", "abcdefgh12345678"):
            with pytest.raises(InputError, match="give its story_key or its URL"):
                ledger.forget(name, why="")
    with Ledger.open(tmp_path, SITE, clock=SetClock()) as ledger, pytest.raises(LedgerError, match="without a run"):
        ledger.forget(key, why="")
    assert len(read_stories(tmp_path)) == 3
