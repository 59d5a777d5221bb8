"""Exchanges become records of an archive that any tool reads; a record's line leads to its page."""

from __future__ import annotations

import dataclasses
import gzip
import os
import sqlite3
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from newsscraper.errors import LedgerError
from newsscraper.store import Ledger, check
from newsscraper.store.archive import ArchivedPage, PassedOver, read_at
from newsscraper.store.ledger import database
from newsscraper.store.ledger.keys import story_id
from newsscraper.store.ledger.schema import MIGRATIONS
from newsscraper.story import Story
from tests.store.archives import AT, PAGE, Told, archives, assert_sound, exchange, read_records
from tests.store.ledgers import HOME, SITE, SetClock, done, lease_one, read_stories, record_of, report, run, settle

FILE = f"archive/{SITE}/r1-00000.warc.gz"


def end_run(corpus: Path, ledger: Ledger) -> None:
    """Seal and report, as a crawl does at its end."""
    ledger.seal(archive=True)
    report(corpus, ledger)


def read_page(corpus: Path, line: dict[str, Any]) -> ArchivedPage | PassedOver:
    """The page that a line names."""
    pointer = line["warc"]
    return read_at(str(corpus / pointer["file"]), pointer["offset"], pointer["length"])


def responses(corpus: Path) -> list[Told]:
    return [
        told for path in archives(corpus) for told in read_records(path) if told.kind not in {"warcinfo", "request"}
    ]


def test_what_led_to_a_story_is_archived_and_its_line_leads_to_the_page(tmp_path: Path) -> None:
    with run(tmp_path, archive_info={"robots": "obey\r\nX: y"}) as ledger:
        hop = exchange("hop?id=1", b"", 302, location="a")
        committed = settle(ledger, "hop", record_of("a", asked="hop"), exchanges=(hop, exchange("a")))
        assert ledger.archive_counts() == {
            "archived_records": 5,
            "archived_bytes": ledger.archive_counts()["archived_bytes"],
        }
        end_run(tmp_path, ledger)
    (line,) = read_stories(tmp_path)
    assert line["warc"] == committed.record.warc
    page = read_page(tmp_path, line)
    assert isinstance(page, ArchivedPage)
    assert (page.url, page.fetched_at, page.status, page.body) == (HOME + "a", AT, 200, PAGE)
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []
    info, redirect, asked, answer, request = read_records(tmp_path / FILE)
    assert b"robots: obey X: y\r\n" in info.body
    assert b"isPartOf: r1\r\n" in info.body
    assert (redirect.kind, redirect.status, redirect.url) == ("response", 302, HOME + "hop?id=1")
    assert asked.headers["WARC-Concurrent-To"] == redirect.headers["WARC-Record-ID"]
    assert (answer.offset, answer.headers["WARC-Record-ID"]) == (line["warc"]["offset"], line["warc"]["record_id"])
    assert (answer.headers["WARC-IP-Address"], answer.headers["WARC-Date"]) == ("192.0.2.7", AT)
    assert line["warc"]["length"] == request.offset - answer.offset


def test_without_exchanges_there_is_no_archive(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        assert settle(ledger, "a").record.warc is None
        end_run(tmp_path, ledger)
        assert ledger.archive_counts() == {}
    assert not (tmp_path / "archive").exists()
    assert check(tmp_path, SITE) == []


def test_a_file_that_grows_is_told_by_its_name(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a", exchanges=(exchange("a"),))
        assert [path.name for path in (tmp_path / "archive" / SITE).iterdir()] == ["r1-00000.warc.gz.open"]
        assert [seal.file for seal in ledger.seal()] == [f"stories/{SITE}/r1-00000.jsonl"]
        assert check(tmp_path, SITE) == []
        (seal,) = ledger.seal(archive=True)
        assert (seal.file, seal.records, seal.bytes) == (FILE, 3, (tmp_path / FILE).stat().st_size)
        assert ledger.seals()[0] == seal
        assert ledger.seal(archive=True) == []
        settle(ledger, "b", exchanges=(exchange("b"),))
        assert ledger.seal(archive=True)[-1].file.endswith("r1-00001.warc.gz")
    assert_sound(tmp_path)


def test_one_settlement_lies_in_one_file(tmp_path: Path) -> None:
    with run(tmp_path, archive_bytes=1500) as ledger:
        for path in "abcd":
            settle(ledger, path, exchanges=(exchange(f"to-{path}", b"", 302, location=path), exchange(path)))
        end_run(tmp_path, ledger)
    assert len(archives(tmp_path)) == 4
    assert [[told.status for told in read_records(path) if told.kind == "response"] for path in archives(tmp_path)] == [
        [302, 200]
    ] * 4
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []


def test_a_page_that_is_what_it_was_is_only_referred_to(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        first = settle(ledger, "a", exchanges=(exchange("a"),)).record.warc
        ledger.settle(done(lease_one(ledger, "a"), unchanged=True, exchanges=(exchange("a", b"", 304),)))
        end_run(tmp_path, ledger)
    with run(tmp_path, run_id="r2") as ledger:
        settle(ledger, "a", exchanges=(exchange("a"),))
        settle(ledger, "a", record_of("a", body="It sank."), exchanges=(exchange("a", PAGE + b"It sank."),))
        settle(ledger, "a", record_of("a", body="It sank."), exchanges=(exchange("a", PAGE + b"It sank."),))
        end_run(tmp_path, ledger)
    whole, not_modified, same, changed, again = responses(tmp_path)
    assert [each.kind for each in (whole, not_modified, same, changed, again)] == [
        "response", "revisit", "revisit", "response", "revisit",
    ]  # fmt: skip
    assert not_modified.headers["WARC-Profile"].endswith("server-not-modified")
    assert same.headers["WARC-Profile"].endswith("identical-payload-digest")
    for each, of in ((not_modified, whole), (same, whole), (again, changed)):
        assert each.headers["WARC-Refers-To"] == of.headers["WARC-Record-ID"]
        assert each.headers["WARC-Payload-Digest"] == of.headers["WARC-Payload-Digest"]
        assert each.headers["WARC-Refers-To-Target-URI"] == HOME + "a"
        assert each.headers["WARC-Refers-To-Date"] == AT
        assert each.body == b""
    assert first["record_id"] == whole.headers["WARC-Record-ID"]
    assert [line["warc"]["record_id"] for line in read_stories(tmp_path)] == [
        whole.headers["WARC-Record-ID"],
        changed.headers["WARC-Record-ID"],
    ]
    assert_sound(tmp_path)


def test_a_line_whose_page_was_archived_before_leads_to_where_it_lies(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.settle(done(lease_one(ledger, "a"), exchanges=(exchange("a"),)))
        settle(ledger, "a", exchanges=(exchange("a"),))
        end_run(tmp_path, ledger)
    (line,) = read_stories(tmp_path)
    page = read_page(tmp_path, line)
    assert isinstance(page, ArchivedPage)
    assert page.body == PAGE
    assert check(tmp_path, SITE) == []


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (exchange("a", b""), exchange("a", b"")),
        (exchange("a", status=404), exchange("a", status=404)),
        (exchange("a", method="POST", request_body=b"x=1"), exchange("a", method="POST", request_body=b"x=1")),
        (exchange("a"), exchange("b")),
        (exchange("b"), exchange("a", b"", 304)),
    ],
    ids=["nothing", "error", "form", "elsewhere", "never seen"],
)
def test_what_cannot_be_referred_to_is_written_whole(tmp_path: Path, first: Any, then: Any) -> None:
    with run(tmp_path) as ledger:
        for each in (first, then):
            ledger.settle(done(lease_one(ledger, "a"), exchanges=(each,)))
        end_run(tmp_path, ledger)
    assert [told.kind for told in responses(tmp_path)] == ["response", "response"]
    assert_sound(tmp_path)


def test_a_capture_that_is_gone_is_not_referred_to(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a", exchanges=(exchange("a"),))
        end_run(tmp_path, ledger)
    (tmp_path / FILE).unlink()
    with run(tmp_path, run_id="r2") as ledger:
        settle(ledger, "a", exchanges=(exchange("a"),))
        end_run(tmp_path, ledger)
    assert [told.kind for told in responses(tmp_path)] == ["response"]


def pages_of(path: str, *, last: bytes = PAGE, drawn: bytes | None = None) -> tuple[Any, ...]:
    """A story of three pages, as they were asked."""
    further = {"page_of": HOME + path}
    return (exchange(path), exchange(f"{path}/2", **further), exchange(f"{path}/3", last, drawn=drawn, **further))


def test_the_pages_of_a_story_lie_before_its_first_one_which_says_where(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a", exchanges=pages_of("a", drawn=b"<p>drawn"))
        end_run(tmp_path, ledger)
    second, third, drawn, first = responses(tmp_path)
    assert [told.url for told in (second, third, drawn, first)] == [HOME + path for path in ("a/2", "a/3", "a/3", "a")]
    places = [page.partition("+") for page in first.headers["Newsscraper-Further-Pages"].split(", ")]
    assert [int(offset) for offset, _, _ in places] == [second.offset, drawn.offset]
    assert second.headers["Newsscraper-Page-Of"] == third.headers["Newsscraper-Page-Of"] == HOME + "a"
    page = read_page(tmp_path, read_stories(tmp_path)[0])
    assert isinstance(page, ArchivedPage)
    assert (page.url, [(each.url, each.body) for each in page.further]) == (
        HOME + "a",
        [(HOME + "a/2", PAGE), (HOME + "a/3", b"<p>drawn")],
    )
    assert_sound(tmp_path)


def test_the_pages_of_a_story_are_all_referred_to_or_all_written(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        for last in (PAGE, PAGE, PAGE + b"Corrected."):
            settle(ledger, "a", exchanges=pages_of("a", last=last))
        end_run(tmp_path, ledger)
    assert [told.kind for told in responses(tmp_path)] == [*["response"] * 3, *["revisit"] * 3, *["response"] * 3]


def test_a_first_page_that_does_not_say_where_the_others_lie_is_written_again(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        for each in pages_of("a"):
            ledger.settle(done(None, exchanges=(dataclasses.replace(each, page_of=None),)))
        settle(ledger, "a", exchanges=pages_of("a"))
        end_run(tmp_path, ledger)
    assert [told.kind for told in responses(tmp_path)] == ["response"] * 6


def test_what_a_browser_drew_of_several_pages_is_never_only_referred_to(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        for _ in range(2):
            settle(ledger, "a", exchanges=pages_of("a", drawn=b"<p>drawn"))
        end_run(tmp_path, ledger)
    assert [told.kind for told in responses(tmp_path)] == ["response", "response", "conversion", "response"] * 2


def test_a_page_that_a_browser_drew_is_what_its_line_leads_to(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a", exchanges=(exchange("a", drawn="<p>Gezeichnet: ä".encode()),))
        end_run(tmp_path, ledger)
    response, conversion = responses(tmp_path)
    (line,) = read_stories(tmp_path)
    assert (conversion.kind, conversion.offset) == ("conversion", line["warc"]["offset"])
    assert conversion.headers["WARC-Refers-To"] == response.headers["WARC-Record-ID"]
    page = read_page(tmp_path, line)
    assert isinstance(page, ArchivedPage)
    assert page.body.decode() == "<p>Gezeichnet: ä"
    assert_sound(tmp_path)


def test_headers_stay_as_they_came_and_cannot_end_themselves(tmp_path: Path) -> None:
    odd = exchange(
        "a",
        headers=(("X-Name", "caf\xe9"), ("X-Two", "a\r\nSet: b"), ("Transfer-Encoding", "chunked"), ("X-Name", "2")),
        reason="Fine\r\nX: y",
        request_headers=(("Cookie2", "a\nb"),),
    )
    with run(tmp_path) as ledger:
        ledger.settle(done(lease_one(ledger, "a"), exchanges=(odd,)))
        end_run(tmp_path, ledger)
    data = gzip.decompress((tmp_path / FILE).read_bytes())
    assert (
        b"HTTP/1.1 200 Fine X: y\r\nX-Name: caf\xe9\r\nX-Two: a Set: b\r\nX-Orig-Transfer-Encoding: chunked\r\n" in data
    )
    assert b"X-Name: 2\r\n\r\n" in data
    assert b"Cookie2: a b\r\n\r\n" in data
    assert_sound(tmp_path)


def test_a_page_is_not_held_twice(tmp_path: Path) -> None:
    large = exchange("a", os.urandom(8_000_000))
    with run(tmp_path) as ledger:
        ledger.settle(done(lease_one(ledger, "b"), exchanges=(exchange("b"),)))
        settlement = done(lease_one(ledger, "a"), exchanges=(large,))
        tracemalloc.start()
        ledger.settle(settlement)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 1_000_000


def test_a_url_that_is_none_as_it_stands_is_escaped(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.settle(done(lease_one(ledger, "a"), exchanges=(exchange("خبر ۱\r\nX: y?q=ü"),)))
        end_run(tmp_path, ledger)
    (told,) = responses(tmp_path)
    assert told.url == HOME + "%D8%AE%D8%A8%D8%B1%20%DB%B1%0D%0AX:%20y?q=%C3%BC"
    assert_sound(tmp_path)


def test_pages_are_on_the_disk_before_they_are_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        name = Path(os.readlink(f"/proc/self/fd/{descriptor}")).name
        steps.append(f"{name}, {lines()} lines")
        fsync(descriptor)

    with run(tmp_path) as ledger:
        other = sqlite3.connect(tmp_path / "ledger" / f"{SITE}.sqlite")

        def lines() -> int:
            return int(other.execute("SELECT count(*) FROM spool").fetchone()[0])

        lease, second = lease_one(ledger, "a"), lease_one(ledger, "b")
        monkeypatch.setattr(os, "fsync", note)
        ledger.settle(done(lease, record=record_of("a"), exchanges=(exchange("a"),)))
        ledger.settle(done(second, record=record_of("b"), exchanges=(exchange("b"),)))
        monkeypatch.undo()
        other.close()
    grows = "r1-00000.warc.gz.open"
    assert steps == [
        f"{tmp_path.name}, 0 lines",  # which has the folder `archive` now
        "archive, 0 lines",
        f"{SITE}, 0 lines",  # which has the file
        f"{grows}, 0 lines",
        f"{grows}, 1 lines",
    ]


def test_an_older_ledger_is_archived_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", MIGRATIONS[:1])
        place = tmp_path / "ledger"
        place.mkdir()
        older = database.Database.open(place / f"{SITE}.sqlite", cache_mb=1)
        older.execute(
            f"INSERT INTO stories (id, story_key, version, versioned_at) VALUES ({story_id('k1')}, 'k1', 1, 5)"
        )
        older.execute(f"INSERT INTO versions VALUES ({story_id('k1')}, 1, '1:ab', 5, 7)")
        older.close()
    with run(tmp_path) as ledger:
        known = ledger.stories.find("k1")
        assert known is not None
        assert ledger.archived(known) is None
        kept = ledger.database.row("SELECT version, content_hash, written_at, file, archive FROM versions")
        assert kept == (1, "1:ab", 5, 7, None)
        ledger.database.execute("DELETE FROM versions")
        ledger.database.execute("DELETE FROM stories")
        assert settle(ledger, "a", exchanges=(exchange("a"),)).record.warc is not None
        end_run(tmp_path, ledger)
    assert (tmp_path / "ledger" / f"{SITE}.sqlite.before-{len(MIGRATIONS)}").exists()
    assert check(tmp_path, SITE) == []


def test_the_archived_page_of_the_last_version_is_given(tmp_path: Path) -> None:
    with run(tmp_path, clock=SetClock()) as ledger:
        settle(ledger, "a", exchanges=(exchange("a"),))
        settle(ledger, "b")
        story = ledger.stories.find_by_name(HOME + "a")
        assert story is not None
        page = ledger.archived(story)
        assert page is not None
        assert (page.body, page.warc["file"]) == (PAGE, FILE)
        settle(ledger, "a", record_of("a", body="It sank."), exchanges=(exchange("a", b"<p>It sank."),))
        end_run(tmp_path, ledger)
        story, other = (ledger.stories.find_by_name(HOME + path) for path in "ab")
        assert story is not None
        assert other is not None
        page = ledger.archived(story)
        assert page is not None
        assert page.body == b"<p>It sank."
        assert ledger.archived(other) is None
        (tmp_path / FILE).unlink()
        assert ledger.archived(story) is None


def test_what_is_compared_with_is_archived_where_the_version_was_not(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a")
        settle(ledger, "a", exchanges=(exchange("a"),))
        story = ledger.stories.find_by_name(HOME + "a")
        assert story is not None
        page = ledger.archived(story)
        assert page is not None
        assert page.body == PAGE
        end_run(tmp_path, ledger)
    assert check(tmp_path, SITE) == []


@pytest.mark.parametrize(("now", "verdict"), [("The ferry ran.", "unchanged"), ("It sank.", "changed")])
def test_the_old_page_is_read_anew_where_the_extractor_is_another(tmp_path: Path, now: str, verdict: str) -> None:
    """What the old extractor made of the page plays no part in whether the site changed it."""
    with run(tmp_path) as ledger:
        old = record_of("a", body="Read badly.", extractor="newsscraper/1 body/1")
        settle(ledger, "a", old, exchanges=(exchange("a", b"The ferry ran."),))

        def reread() -> Story | None:
            story = ledger.stories.find_by_name(HOME + "a")
            page = ledger.archived(story) if story is not None else None
            return None if page is None else Story(title=old.title, body=page.body.decode())

        new = done(lease_one(ledger, "a"), record=record_of("a", body=now), exchanges=(exchange("a", now.encode()),))
        assert ledger.settle(new, reread=reread).verdict == verdict


def test_an_exchange_that_cannot_be_told_costs_only_itself(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a", exchanges=(exchange("a"),))
        broken = exchange("b", os.urandom(50_000), headers=(("X", None),))
        with pytest.raises((TypeError, AttributeError)):
            settle(ledger, "b", exchanges=(exchange("to-b", os.urandom(50_000)), broken))
        odd = dataclasses.replace(exchange("c"), url="https://./c")
        assert settle(ledger, "c", exchanges=(odd, exchange("c"))).verdict == "new"
        end_run(tmp_path, ledger)
    assert [told.url for told in responses(tmp_path)] == [HOME + "a", "https://./c", HOME + "c"]
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []


def test_an_archive_that_could_not_be_written_is_not_written_to_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with run(tmp_path) as ledger:
        lease = lease_one(ledger, "a")
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fail)
            with pytest.raises(OSError, match="No space"):
                ledger.settle(done(lease, record=record_of("a"), exchanges=(exchange("a"),)))
        assert ledger.stories.totals()["stories"] == 0
        with pytest.raises(LedgerError, match="the next opening mends it"):
            ledger.settle(done(lease, record=record_of("a"), exchanges=(exchange("a"),)))
        assert ledger.seal(archive=True) == []
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.recovered == ("r1",)
        assert settle(ledger, "a", exchanges=(exchange("a"),)).verdict == "new"
        end_run(tmp_path, ledger)
    assert_sound(tmp_path)
    assert check(tmp_path, SITE) == []
