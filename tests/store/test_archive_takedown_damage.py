"""Takedown in archives that are damaged: no other page is lost by it, and nothing is said to be gone that is not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from newsscraper.store import Forgotten, Ledger, check, repair
from newsscraper.store.archive import ArchivedPage, read_at
from newsscraper.store.archive.members import read_members
from tests.store.archives import PAGE, assert_sound, exchange
from tests.store.ledgers import HOME, SITE, SetClock, read_events, read_stories, record_of, report, run, settle

FILE = f"archive/{SITE}/r1-00000.warc.gz"
PATHS = ("a", "b", "ferrant", "d", "e")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Five stories in one archive, each with a page of several thousand bytes that do not compress."""
    with run(tmp_path) as ledger:
        for path in PATHS:
            settle(ledger, path, record_of(path), exchanges=(exchange(path, PAGE + os.urandom(9000)),))
        ledger.seal(archive=True)
        report(tmp_path, ledger)
    return tmp_path


def pointer_of(corpus: Path, path: str) -> dict[str, int]:
    (line,) = [line for line in read_stories(corpus) if line["url"] == HOME + path]
    return line["warc"]  # type: ignore[no-any-return]


def damage(corpus: Path, path: str, into: int = 4000) -> None:
    """Overwrite eight bytes of the page of `path`."""
    with (corpus / FILE).open("r+b") as stream:
        stream.seek(pointer_of(corpus, path)["offset"] + into)
        stream.write(b"\xff" * 8)


def forget(corpus: Path, path: str = "ferrant", run_id: str = "r9") -> Forgotten:
    with run(corpus, run_id=run_id) as ledger:
        return ledger.forget(HOME + path, why="a court said so")


def put_back(corpus: Path, data: bytes) -> None:
    (corpus / FILE).write_bytes(data)


def kinds_of(corpus: Path) -> set[str]:
    return {finding.kind for finding in check(corpus, SITE)}


def read_pages(corpus: Path) -> set[str]:
    """The stories whose pages can be read where their lines say."""
    pages = set()
    for line in read_stories(corpus):
        page = read_at(str(corpus / line["warc"]["file"]), line["warc"]["offset"], line["warc"]["length"])
        assert isinstance(page, ArchivedPage)
        assert page.body.startswith(PAGE)
        pages.add(line["url"].removeprefix(HOME))
    return pages


@pytest.mark.parametrize("damaged", ["a", "b", "d", "e"])
def test_damage_elsewhere_costs_no_page_of_a_good_copy(corpus: Path, damaged: str) -> None:
    good, where = (corpus / FILE).read_bytes(), pointer_of(corpus, "ferrant")
    index = (corpus / FILE.replace(".warc.gz", ".cdxj")).read_text().splitlines()
    damage(corpus, damaged)
    forgotten = forget(corpus)
    assert good[where["offset"] + 1000 :][:1000] not in (corpus / FILE).read_bytes()
    assert forgotten.left == (f"{FILE}: not as it was sealed: what a good copy holds of it has to be taken out, too",)
    assert (corpus / FILE.replace(".warc.gz", ".cdxj")).read_text().splitlines() == [
        line for line in index if "ferrant" not in line
    ]
    assert {"changed_file", "forgetting"} <= kinds_of(corpus)
    put_back(corpus, good)
    repair(corpus, SITE, clock=SetClock())
    assert read_pages(corpus) == {"a", "b", "d", "e"}
    assert check(corpus, SITE) == []
    assert_sound(corpus)
    assert good[where["offset"] + 1000 :][:1000] not in (corpus / FILE).read_bytes()


def test_what_is_damaged_goes_on_to_be_told_of(corpus: Path) -> None:
    damage(corpus, "d")
    forget(corpus)
    for _ in range(2):
        assert "brought to its end" not in "".join(repair(corpus, SITE, clock=SetClock()))
        assert {"changed_file", "forgetting"} <= kinds_of(corpus)
    (told,) = [event for event in read_events(corpus) if event["event"] == "forgotten_in_part"]
    assert "not as it was sealed" in told["left"][0]
    manifest = json.loads((corpus / "runs" / SITE / "r1.json").read_text())
    (sealed,) = [each["sha256"] for each in manifest["files"] if each["file"] == FILE]
    with Ledger.read(corpus, SITE) as ledger:
        assert ledger.database.value("SELECT sha256 FROM files WHERE file = ?", (FILE,)) == sealed


@pytest.mark.parametrize("into", [0, 200, 4000])
def test_a_damaged_page_is_overwritten_by_the_pointer_to_it(corpus: Path, into: int) -> None:
    good, where = (corpus / FILE).read_bytes(), pointer_of(corpus, "ferrant")
    damage(corpus, "ferrant", into)
    forgotten = forget(corpus)
    assert len(forgotten.left) == 1
    assert "not as it was sealed" in forgotten.left[0]
    now = (corpus / FILE).read_bytes()
    assert len(now) == len(good)
    assert good[where["offset"] + 5000 :][:1000] not in now
    members = read_members(corpus / FILE)
    assert members.gaps == []
    assert {record.url for record in members.records} == {"", *(HOME + path for path in ("a", "b", "d", "e"))}
    assert read_pages(corpus) == {"a", "b", "d", "e"}


def test_a_damaged_request_is_named(corpus: Path) -> None:
    where = pointer_of(corpus, "ferrant")
    damage(corpus, "ferrant", where["length"] + 60)
    end = where["offset"] + where["length"]
    (sentence, sealed) = forget(corpus).left
    assert sentence.startswith(f"{FILE}: bytes {end} to ")
    assert sentence.endswith("are damaged, and may tell what it was asked with")
    assert "not as it was sealed" in sealed
    assert read_pages(corpus) == {"a", "b", "d", "e"}


def test_bytes_that_no_index_tells_of_are_named(corpus: Path) -> None:
    damage(corpus, "d")
    (corpus / FILE.replace(".warc.gz", ".cdxj")).unlink()
    where = pointer_of(corpus, "d")
    left = forget(corpus).left
    assert f"{FILE}: bytes {where['offset']} to {where['offset'] + where['length']}" in left[0]
    assert "no index tells whose they are" in left[0]


def test_a_page_that_is_not_where_it_should_be_is_named(corpus: Path) -> None:
    offset = pointer_of(corpus, "ferrant")["offset"]
    with (corpus / FILE).open("r+b") as stream:
        stream.truncate(offset - 10)
    assert f"{FILE}: its page at byte {offset} is not there" in forget(corpus).left


def test_a_pointer_that_leads_into_another_story_takes_nothing(corpus: Path) -> None:
    good = (corpus / FILE).read_bytes()
    where = pointer_of(corpus, "ferrant")
    damage(corpus, "ferrant")
    damaged = (corpus / FILE).read_bytes()
    with run(corpus, run_id="r8") as ledger:
        ledger.database.execute(
            "UPDATE versions SET archive_length = ? WHERE archive_offset = ?", (99_999, where["offset"])
        )
        ledger.database.execute("DELETE FROM captures WHERE offset = ?", (where["offset"],))
        report(corpus, ledger)
    (corpus / FILE.replace(".warc.gz", ".cdxj")).unlink()
    left = forget(corpus).left
    assert f"{FILE}: its page at byte {where['offset']} is damaged, and where it ends is not certain" in left
    now = (corpus / FILE).read_bytes()
    assert now[: where["offset"] + where["length"]] == damaged[: where["offset"] + where["length"]]
    put_back(corpus, good)
    repair(corpus, SITE, clock=SetClock())
    assert read_pages(corpus) == {"a", "b", "d", "e"}


def test_an_index_that_misses_captures_is_told_of_and_made_anew(corpus: Path) -> None:
    index = corpus / FILE.replace(".warc.gz", ".cdxj")
    good = index.read_text()
    index.write_text("".join(good.splitlines(keepends=True)[:2]))
    (finding,) = check(corpus, SITE)
    assert (finding.kind, finding.where, finding.mendable) == ("index", FILE.replace(".warc.gz", ".cdxj"), True)
    repair(corpus, SITE, clock=SetClock())
    assert index.read_text() == good
    index.write_text("".join(good.splitlines(keepends=True)[:2]))
    assert forget(corpus).left == ()
    assert check(corpus, SITE) == []
    assert_sound(corpus)


def test_the_index_of_a_damaged_archive_is_kept(corpus: Path) -> None:
    index, good = corpus / FILE.replace(".warc.gz", ".cdxj"), (corpus / FILE).read_bytes()
    damage(corpus, "b")
    index.write_text("".join(index.read_text().splitlines(keepends=True)[:3]))
    before = index.read_text()
    assert "index" not in kinds_of(corpus)
    repair(corpus, SITE, clock=SetClock())
    assert index.read_text() == before
    put_back(corpus, good)
    assert kinds_of(corpus) == {"index"}
