"""`check`, `repair` and `rebuild` where there are archives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsscraper.store import check, rebuild, repair
from newsscraper.store.archive import ArchivedPage, read_at
from tests.store.archives import PAGE, archives, assert_sound, exchange, read_records
from tests.store.ledgers import HOME, SITE, SetClock, read_stories, report, run, settle

FILE = f"archive/{SITE}/r1-00000.warc.gz"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    with run(tmp_path) as ledger:
        for path in "abc":
            settle(ledger, path, exchanges=(exchange(path, PAGE + path.encode()),))
        ledger.seal(archive=True)
        report(tmp_path, ledger)
    return tmp_path


def kinds_of(corpus: Path) -> list[tuple[str, str]]:
    return [(finding.kind, finding.where) for finding in check(corpus, SITE)]


def test_an_archive_that_was_changed(corpus: Path) -> None:
    with (corpus / FILE).open("r+b") as stream:
        stream.seek(600)
        stream.write(b"\0\0\0\0")
    assert ("changed_file", FILE) in kinds_of(corpus)
    assert not [finding for finding in check(corpus, SITE) if finding.kind == "changed_file" and finding.mendable]


def test_a_line_that_leads_to_no_page(corpus: Path) -> None:
    stories = corpus / "stories" / SITE / "r1-00000.jsonl"
    lines = [json.loads(line) for line in stories.read_text().splitlines()]
    lines[1]["warc"]["offset"] += 1
    lines[2]["warc"]["record_id"] = lines[0]["warc"]["record_id"]
    stories.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines))
    (lost,) = [finding for finding in check(corpus, SITE) if finding.kind == "lost_page"]
    assert (lost.where, lost.mendable) == (FILE, False)
    assert f"2 lines were read from, such as that of {lines[1]['story_key']} version 1" in lost.what


def test_an_archive_that_is_lost_is_dropped_and_may_come_back(corpus: Path) -> None:
    data = (corpus / FILE).read_bytes()
    (corpus / FILE).unlink()
    assert kinds_of(corpus) == [("missing_file", FILE)]
    assert repair(corpus, SITE, clock=SetClock()) == [f"{FILE}: dropped from ledger and manifest"]
    assert check(corpus, SITE) == []
    (corpus / "runs" / SITE / "r1.json").unlink()
    repair(corpus, SITE, clock=SetClock())
    assert FILE not in (corpus / "runs" / SITE / "r1.json").read_text()
    (corpus / FILE).write_bytes(data)
    assert kinds_of(corpus) == [("unknown_file", FILE)]
    assert repair(corpus, SITE, clock=SetClock())[0] == f"{FILE}: taken into the ledger"
    assert check(corpus, SITE) == []
    assert_known(corpus)


@pytest.mark.parametrize("damage", ["lost", "none", "longer"])
def test_an_index_is_made_anew(corpus: Path, damage: str) -> None:
    index = corpus / FILE.replace(".warc.gz", ".cdxj")
    good = index.read_text()
    if damage == "lost":
        index.unlink()
    else:
        index.write_text({"none": "no index", "longer": good.replace('"offset": "', '"offset": "9999')}[damage])
    where = f"archive/{SITE}/r1-00000.cdxj"
    assert kinds_of(corpus) == [("index", where)]
    assert repair(corpus, SITE, clock=SetClock()) == [f"{where}: made anew"]
    assert index.read_text() == good
    assert check(corpus, SITE) == []


def assert_known(corpus: Path) -> None:
    """The ledger knows what is archived: pages are given, and what has not changed is only referred to."""
    with run(corpus, run_id="r5") as ledger:
        for path in "abc":
            story = ledger.stories.find_by_name(HOME + path)
            assert story is not None
            page = ledger.archived(story)
            assert page is not None
            assert page.body == PAGE + path.encode()
            settle(ledger, path, exchanges=(exchange(path, PAGE + path.encode()),))
        ledger.seal(archive=True)
        report(corpus, ledger)
    assert [told.kind for told in read_records(archives(corpus)[-1])] == ["warcinfo", *["revisit", "request"] * 3]
    assert_sound(corpus)
    assert check(corpus, SITE) == []


@pytest.mark.parametrize("state", ["lost", "rebuilt", "damaged"])
def test_a_ledger_made_anew_knows_its_archives(corpus: Path, state: str) -> None:
    ledger = corpus / "ledger" / f"{SITE}.sqlite"
    if state == "lost":
        ledger.unlink()
    elif state == "damaged":
        ledger.write_bytes(b"no database at all" * 1000)
    if state != "lost":
        rebuilt = rebuild(corpus, SITE, clock=SetClock())
        assert (rebuilt.files, rebuilt.versions) == (2, 3)
    assert_known(corpus)


def test_an_archive_that_grew_when_its_run_and_its_ledger_died_is_finished(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        for path in "abc":
            settle(ledger, path, exchanges=(exchange(path, PAGE + path.encode()),))
        ledger.seal()
    (tmp_path / "ledger" / f"{SITE}.sqlite").unlink()
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.recovered == ("r1",)
    assert check(tmp_path, SITE) == []
    assert_known(tmp_path)


def test_an_unfinished_archive_that_the_ledger_does_not_know_is_taken_in(corpus: Path) -> None:
    data = (corpus / FILE).read_bytes()
    (corpus / "archive" / SITE / "r0-00000.warc.gz.open").write_bytes(data + data[:99])
    where = f"archive/{SITE}/r0-00000.warc.gz"
    assert kinds_of(corpus) == [("unknown_file", where)]
    assert repair(corpus, SITE, clock=SetClock())[0] == f"{where}: taken into the ledger"
    assert check(corpus, SITE) == []
    assert_sound(corpus)
    assert (corpus / where).read_bytes() == data


def test_a_file_that_was_never_finished_is_removed(corpus: Path) -> None:
    (corpus / "archive" / SITE / ".r1-00000.warc.gz.part").write_bytes(b"x")
    assert [kind for kind, _ in kinds_of(corpus)] == ["leftover"]
    repair(corpus, SITE, clock=SetClock())
    assert check(corpus, SITE) == []


def test_pages_of_a_corpus_without_its_archives_are_asked_for_nothing(corpus: Path) -> None:
    for path in (corpus / "archive" / SITE).iterdir():
        path.unlink()
    (corpus / "ledger" / f"{SITE}.sqlite").unlink()
    rebuild(corpus, SITE, clock=SetClock())
    assert [kind for kind, _ in kinds_of(corpus)] == ["lost_page"]
    (line, *_) = read_stories(corpus)
    with run(corpus, run_id="r2") as ledger:
        story = ledger.stories.find_by_name(line["url"])
        assert story is not None
        assert ledger.archived(story) is None


def test_the_line_still_leads_to_its_page_after_a_repair(corpus: Path) -> None:
    with run(corpus, run_id="r2") as ledger:
        ledger.database.execute("DELETE FROM files WHERE stream = 'archive'")
    repair(corpus, SITE, clock=SetClock())
    for line in read_stories(corpus):
        page = read_at(str(corpus / FILE), line["warc"]["offset"], line["warc"]["length"])
        assert isinstance(page, ArchivedPage)
        assert page.url == line["url"]
    assert check(corpus, SITE) == []
