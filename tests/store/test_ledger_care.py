"""Ledgers are checked against files and manifests, mended, and made anew."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from newsscraper.errors import LedgerError, LedgerLocked
from newsscraper.store import Ledger, check, faults, rebuild, repair
from newsscraper.store.ledger import lock
from newsscraper.store.ledger.files import write_lines
from tests.store.ledgers import (
    DAY,
    HOME,
    SITE,
    START,
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

NOW = int(START.timestamp())
STORIES = f"stories/{SITE}/r1-00000.jsonl"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three stories, one of them in two versions, an event, all sealed and reported."""
    with whole_run(tmp_path) as ledger:
        for path in "abc":
            settle(ledger, path, due=NOW + DAY, fingerprint=ord(path))
        settle(ledger, "a", record_of("a", body="It sank."), fingerprint=1)
    return tmp_path


def kinds(corpus: Path) -> list[str]:
    return [finding.kind for finding in check(corpus, SITE)]


def test_a_whole_corpus_has_no_findings(corpus: Path) -> None:
    assert check(corpus, SITE) == []
    assert repair(corpus, SITE, clock=SetClock()) == []
    assert check(corpus, "nobody.example") == []
    with whole_run(corpus, run_id="r2") as ledger:
        settle(ledger, "d")
        assert check(corpus, SITE) == []  # what is under way is no fault


def test_a_run_that_died_is_found_and_ended(corpus: Path) -> None:
    with run(corpus, run_id="r2") as ledger:
        settle(ledger, "d")
    part = corpus / "stories" / SITE / ".r0-00000.jsonl.part"
    part.write_text("{")
    assert kinds(corpus) == ["dead_run", "leftover"]
    said = repair(corpus, SITE, clock=SetClock())
    assert [each.split(":")[0] for each in said] == ["r2", f"stories/{SITE}/{part.name}"]
    assert check(corpus, SITE) == []
    assert len(read_stories(corpus)) == 5


def test_a_file_that_was_changed(corpus: Path) -> None:
    path = corpus / STORIES
    path.write_bytes(path.read_bytes().replace(b"sank", b"swam"))
    (finding,) = check(corpus, SITE)
    assert (finding.kind, finding.where, finding.mendable) == ("changed_file", STORIES, False)
    assert repair(corpus, SITE, clock=SetClock()) == []


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-20], lambda data: data + b"\xff\n", lambda data: b"{}\n" + data]
)
def test_a_file_that_cannot_be_read(corpus: Path, damage: object) -> None:
    path = corpus / STORIES
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert kinds(corpus) == ["changed_file", "broken_file"]


def test_a_file_that_is_lost_has_its_stories_asked_again(corpus: Path) -> None:
    (corpus / STORIES).unlink()
    assert kinds(corpus) == ["missing_file", *["lost_line"] * 4]
    repair(corpus, SITE, clock=SetClock())
    assert check(corpus, SITE) == []
    with whole_run(corpus, run_id="r2") as ledger:
        verdicts = []
        for lease in ledger.frontier.lease(9):
            assert lease.etag is None
            path = lease.entry.url.removeprefix(HOME)
            verdicts.append(ledger.settle(done(lease, record=record_of(path, body="As it is now."))).verdict)
    assert sorted(verdicts) == ["new", "new", "new"]
    assert sorted((line["url"], line["version"]) for line in read_stories(corpus)) == [
        (HOME + "a", 1),
        (HOME + "b", 1),
        (HOME + "c", 1),
    ]
    assert check(corpus, SITE) == []


def test_a_version_without_a_line_is_written_anew(corpus: Path) -> None:
    with Ledger.open(corpus, SITE, clock=SetClock()) as ledger:
        story = ledger.stories.find_by_name(HOME + "b")
        assert story is not None
        ledger.database.execute("UPDATE stories SET version = 2 WHERE id = ?", (story.id,))
        ledger.database.execute(
            "INSERT INTO versions (story, version, content_hash, written_at) VALUES (?, 2, '', 0)", (story.id,)
        )
    assert kinds(corpus) == ["lost_line"]
    assert len(repair(corpus, SITE, clock=SetClock())) == 1
    with whole_run(corpus, run_id="r2") as ledger:
        (lease,) = ledger.frontier.lease(9)
        committed = ledger.settle(done(lease, record=record_of("b")))
        assert (committed.verdict, committed.record.version) == ("changed", 2)
    assert check(corpus, SITE) == []


def test_of_a_version_in_several_lines_one_is_kept(corpus: Path) -> None:
    lines = [json.dumps(line, ensure_ascii=False) for line in read_stories(corpus)]
    with whole_run(corpus, run_id="r2") as ledger:
        settle(ledger, "d", record_of("d", body="As it was committed."))
    whole = read_stories(corpus)
    other = json.dumps(whole[-1] | {"body": "Of somebody else.", "content_hash": "1:0"}, ensure_ascii=False)
    new = json.dumps(record_of("e").to_dict(), ensure_ascii=False)
    write_lines(corpus / "stories" / SITE / "r0-00000.jsonl", [other, lines[1], new], "plain")
    write_lines(corpus / "stories" / SITE / "r9-00000.jsonl.gz", [lines[2], lines[2]], "gz")
    found = [(finding.kind, finding.mendable) for finding in check(corpus, SITE)]
    assert found == [("unknown_file", True)] * 2 + [("doubled", True)] * 4
    said = repair(corpus, SITE, clock=SetClock())
    assert f"stories/{SITE}/r0-00000.jsonl: written anew without 1 of its lines, which stand in another place" in said
    assert f"stories/{SITE}/r9-00000.jsonl.gz: removed without 2 of its lines, which stand in another place" in said
    assert check(corpus, SITE) == []
    assert repair(corpus, SITE, clock=SetClock()) == []
    left = {(line["story_key"], line["version"]): line["body"] for line in read_stories(corpus)}
    assert left == {(line["story_key"], line["version"]): line["body"] for line in (*whole, json.loads(new))}
    assert len(read_stories(corpus)) == len(left)
    with Ledger.open(corpus, SITE, clock=SetClock()) as ledger:
        stray = "SELECT count(*) FROM versions WHERE file IS NULL OR file NOT IN (SELECT id FROM files)"
        assert ledger.database.value(stray) == 0


def test_a_file_that_somebody_changed_is_not_mended_by_dropping_lines(corpus: Path) -> None:
    path = corpus / STORIES
    path.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[0])
    assert [(finding.kind, finding.mendable) for finding in check(corpus, SITE)] == [
        ("changed_file", False),
        ("doubled", False),
    ]
    assert repair(corpus, SITE, clock=SetClock()) == []
    assert kinds(corpus) == ["changed_file", "doubled"]
    rebuild(corpus, SITE, clock=SetClock())
    repair(corpus, SITE, clock=SetClock())
    assert check(corpus, SITE) == []
    assert len(read_stories(corpus)) == 4


@pytest.mark.parametrize("point", ["sealing:written", "sealing:renamed", "sealing:done"])
def test_a_repair_of_doubled_lines_that_is_broken_off_is_finished(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    class Killed(BaseException):
        pass

    def die(reached: str) -> None:
        if reached == point:
            raise Killed

    lines = [json.dumps(line, ensure_ascii=False) for line in read_stories(corpus)]
    new = json.dumps(record_of("e").to_dict(), ensure_ascii=False)
    write_lines(corpus / "stories" / SITE / "r9-00000.jsonl", [lines[1], new], "plain")
    with monkeypatch.context() as patched:
        patched.setattr(faults, "hook", die)
        with pytest.raises(Killed):
            repair(corpus, SITE, clock=SetClock())
    repair(corpus, SITE, clock=SetClock())
    assert check(corpus, SITE) == []
    assert len(read_stories(corpus)) == 5


def test_a_file_that_the_ledger_does_not_know_is_taken_in(corpus: Path) -> None:
    line = json.dumps(record_of("d").to_dict(), ensure_ascii=False)
    write_lines(corpus / "stories" / SITE / "r9-00000.jsonl", [line], "plain")
    assert kinds(corpus) == ["unknown_file"]
    assert len(repair(corpus, SITE, clock=SetClock())) == 2
    assert check(corpus, SITE) == []
    with run(corpus, run_id="r2") as ledger:
        assert settle(ledger, "d").verdict == "unchanged"


def test_manifests_are_put_right(corpus: Path) -> None:
    manifest = corpus / "runs" / SITE / "r1.json"
    whole = json.loads(manifest.read_text())
    for damaged in ({"files": []}, {"files": [{**each, "sha256": "0"} for each in whole["files"]]}):
        manifest.write_text(json.dumps(whole | damaged))
        assert kinds(corpus) == ["manifest", "manifest"]
        assert len(repair(corpus, SITE, clock=SetClock())) == 2
        mended = json.loads(manifest.read_text())
        assert sorted(mended["files"], key=lambda each: each["file"]) == whole["files"]
        assert mended["problems"] == whole["problems"]
    manifest.unlink()
    assert kinds(corpus) == ["manifest", "manifest"]
    repair(corpus, SITE, clock=SetClock())
    assert check(corpus, SITE) == []
    shutil.copy(manifest, manifest.with_name("r0.json"))
    assert [finding.mendable for finding in check(corpus, SITE)] == [False, False]


@pytest.mark.parametrize("back", [0, 5 * DAY])
@pytest.mark.parametrize(("died", "reason", "code"), [(False, "report_lost", 0), (True, "killed", 1)])
def test_a_report_that_was_lost_is_no_sign_of_a_death(
    tmp_path: Path, died: bool, reason: str, code: int, back: int
) -> None:
    with run(tmp_path, SetClock()) as ledger:
        settle(ledger, "a")
        if not died:
            ledger.seal()
    with whole_run(tmp_path, SetClock(), run_id="r2"):
        pass  # it ends the one that died, the clock standing still
    for path in (tmp_path / "runs" / SITE).glob("r1*"):
        path.unlink()
    repair(tmp_path, SITE, clock=SetClock(START - timedelta(seconds=back)))
    mended = json.loads((tmp_path / "runs" / SITE / "r1.json").read_text())
    assert (mended["finish_reason"], mended["exit_code"], mended["counts"]["new"]) == (reason, code, 1)
    assert len(mended["problems"]) == 1
    assert check(tmp_path, SITE) == []


def test_a_damaged_ledger(corpus: Path) -> None:
    path = corpus / "ledger" / f"{SITE}.sqlite"
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 5] = b"\x55" * 8192
    path.write_bytes(data)
    assert "damaged_ledger" in kinds(corpus)
    path.write_bytes(b"nothing of the kind" * 1000)
    assert kinds(corpus) == ["damaged_ledger"]


def test_a_ledger_that_is_gone(corpus: Path) -> None:
    shutil.rmtree(corpus / "ledger")
    assert kinds(corpus) == ["no_ledger"]
    assert len(repair(corpus, SITE, clock=SetClock())) == 1
    assert check(corpus, SITE) == []


@pytest.mark.parametrize("state", ["whole", "lost", "nonsense", "holes"])
def test_a_ledger_is_made_anew(corpus: Path, state: str) -> None:
    with run(corpus, run_id="r2") as ledger:
        settle(ledger, "a", record_of("moved", asked="a", body="It sank.", title="Ferry a"))
        settle(ledger, "d")  # committed, never sealed
        key = lease_one(ledger, "deadly").key
        while not ledger.frontier.note_death(key):
            pass
    path = corpus / "ledger" / f"{SITE}.sqlite"
    assert not path.with_name(path.name + "-wal").exists()
    if state == "lost":
        path.unlink()
    if state == "nonsense":
        path.write_bytes(b"nothing of the kind" * 1000)
    if state == "holes":
        data = path.read_bytes()
        path.write_bytes(data[:8192] + b"\x55" * (len(data) - 8192))
    rebuilt = rebuild(corpus, SITE, clock=SetClock())
    is_whole = state == "whole"
    assert rebuilt.files == 2
    assert (rebuilt.stories, rebuilt.versions, rebuilt.lines) == ((4, 5, 2) if is_whole else (3, 4, 0))
    assert (rebuilt.kept is None) == (state == "lost")
    assert check(corpus, SITE) == []
    with run(corpus, run_id="r3") as ledger:
        assert ledger.recovered == ()
        assert not is_whole or [each.url for each in ledger.frontier.quarantined()] == [HOME + "deadly"]
        assert ledger.frontier.known(HOME + "a") == "done"
        address = "moved" if is_whole else "a"
        same = settle(ledger, address, record_of(address, title="Ferry a", body="It sank."))
        assert same.verdict == "unchanged"
        changed = settle(ledger, "b", record_of("b", body="Anew."), fingerprint=ord("b"))
        assert changed.verdict == ("unchanged" if is_whole else "changed")
        assert settle(ledger, "d").verdict == ("unchanged" if is_whole else "new")
        ledger.seal()
    lines = [(line["story_key"], line["version"]) for line in read_stories(corpus)]
    assert len(lines) == len(set(lines)) == (5 if is_whole else 6)


def test_lines_whose_file_had_its_name_already_are_not_doubled(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(point: str) -> None:
        if point == "sealing:renamed":
            raise KeyboardInterrupt

    monkeypatch.setattr(faults, "hook", stop)
    with run(corpus, run_id="r2") as ledger:
        settle(ledger, "d")
        settle(ledger, "b", record_of("b", body="Changed."))
        with pytest.raises(KeyboardInterrupt):
            ledger.seal()
    monkeypatch.undo()
    rebuilt = rebuild(corpus, SITE, clock=SetClock())
    assert (rebuilt.files, rebuilt.lines) == (3, 1)  # of the two streams, one had been renamed
    assert [finding.kind for finding in check(corpus, SITE)] == []
    lines = [(line["story_key"], line["version"]) for line in read_stories(corpus)]
    assert len(lines) == len(set(lines)) == 6
    assert [event["version"] for event in read_events(corpus) if event["event"] == "changed"] == [2, 2]


def test_what_has_moved_is_found_where_it_is_after_a_rebuild(corpus: Path) -> None:
    with whole_run(corpus, run_id="r2") as ledger:
        settle(ledger, "b", record_of("new", asked="b", title="Ferry b"))
    (corpus / "ledger" / f"{SITE}.sqlite").unlink()
    rebuild(corpus, SITE, clock=SetClock())
    with run(corpus, run_id="r3") as ledger:
        changed = settle(ledger, "new", record_of("new", title="Quite other", body="Quite other."))
        assert (changed.verdict, changed.record.version) == ("changed", 2)


def test_the_old_ledger_is_kept_each_time(corpus: Path) -> None:
    kept = [rebuild(corpus, SITE, clock=SetClock()).kept for _ in range(2)]
    assert kept == [f"ledger/{SITE}.sqlite.broken-{number}" for number in (1, 2)]
    old = sqlite3.connect(corpus / str(kept[0]))
    assert old.execute("SELECT count(*) FROM stories").fetchone() == (3,)
    old.close()


def test_a_damaged_file_stops_a_rebuild_and_the_old_ledger_stays(corpus: Path) -> None:
    (corpus / STORIES).write_bytes(b'{"no": "record"}\n')
    with pytest.raises(LedgerError, match="damaged"):
        rebuild(corpus, SITE, clock=SetClock())
    with Ledger.read(corpus, SITE) as ledger:
        assert ledger.stories.totals()["stories"] == 3


def test_a_run_at_work_is_left_alone(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_PAUSE", 0)
    with run(corpus, run_id="r2"):
        with pytest.raises(LedgerLocked):
            rebuild(corpus, SITE, clock=SetClock())
        (corpus / "runs" / SITE / "r1.json").unlink()
        with pytest.raises(LedgerLocked):
            repair(corpus, SITE, clock=SetClock())
    assert read_events(corpus) != []
