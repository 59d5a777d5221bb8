"""A corpus read anew: the same stories by name, whatever reads them; nothing lost without a word, whatever kills it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tracemalloc
from pathlib import Path

import pytest

from newsscraper.batch.pages import extract_archived, prepare_job
from newsscraper.corpus import compare
from newsscraper.corpus.reextraction import reextract
from newsscraper.corpus.rereading import Answer, join_rights
from newsscraper.errors import InputError, LedgerLocked, NewsscraperError
from newsscraper.extract import choose_model
from newsscraper.store import faults
from newsscraper.store.ledger.files import read_lines
from newsscraper.store.ledger.lock import RunLock
from tests.cli.pages import LISTING
from tests.store.archives import AT, exchange
from tests.store.ledgers import HOME, SITE, SetClock, report, run

from .archived import PARAGRAPHS, make_corpus, page, read, settle_page

READING = {"extractor": "today's"}
PAGES = {name: page(f"The {name} runs again") for name in ("ferry", "tram", "lift", "night-boat")}


class Reader:
    """Reads in this process; perhaps with another title, or until it dies."""

    def __init__(self, *, dies_after: int = 1000, title: str | None = None) -> None:
        self.job = prepare_job(profile="auto", model=choose_model())
        self.read = 0
        self.dies_after = dies_after
        self.title = title

    def __call__(self, jobs):
        for tag, archived in jobs:
            yield tag, None if archived is None else self._answer(archived)

    def _answer(self, archived):
        if self.read == self.dies_after:
            raise KilledError
        self.read += 1
        outcome = extract_archived(archived, self.job)
        if outcome.record is None:
            return Answer(record=None, reason=f"not_story:{outcome.reason}")
        changes = {"title": self.title} if self.title else {}
        return Answer(record=dataclasses.replace(outcome.record, **changes).to_dict())


class KilledError(BaseException):
    pass


def reextracted(old, new, reader=None, **options):
    options = {"reading": READING, "clock": SetClock()} | options
    return list(reextract(old, new, [SITE], reader or Reader(), **options))


def lines_in(corpus, stream="stories"):
    files = sorted((corpus / stream / SITE).glob("*.jsonl*"))
    return [json.loads(line) for file in files for line in read_lines(file)]


def rewrite(corpus, change):
    """Change the lines of the stories by hand."""
    (file,) = (corpus / "stories" / SITE).glob("*.jsonl")
    changed = [line for number, old in enumerate(lines_in(corpus)) for line in change(number, old)]
    file.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in changed))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A corpus whose four pages lie in two archives. Not to be changed."""
    corpus = tmp_path_factory.mktemp("made") / "old"
    make_corpus(corpus, PAGES, archive_bytes=2500)
    assert len(list((corpus / "archive").rglob("*.warc.gz"))) == 2
    return corpus


@pytest.fixture
def own(tmp_path):
    """One for a test to change."""
    make_corpus(tmp_path / "own", PAGES)
    return tmp_path / "own"


@pytest.mark.parametrize("form", ["plain", "gz", "zst"])
def test_read_by_the_same_extractor_nothing_changes_but_the_run(made, tmp_path, form):
    (done,) = reextracted(made, tmp_path / "new", form=form)
    assert (done.lines, done.stories, done.faults, done.kept) == (4, 4, {}, 0)
    old, new = ({line["story_key"]: line for line in lines_in(corpus)} for corpus in (made, tmp_path / "new"))
    run_id = next(iter(new.values()))["run_id"]
    assert new == {key: line | {"run_id": run_id} for key, line in old.items()}
    assert run_id != "r1"
    assert list(next(iter(new.values()))) == list(next(iter(old.values())))


def test_what_another_extractor_reads_differently_is_told_by_the_comparison(made, tmp_path):
    reextracted(made, tmp_path / "new", Reader(title="Another headline"))
    comparison = compare(made, tmp_path / "new")
    assert (comparison.counts.changed, list(comparison.by_field)) == (4, ["title"])


def test_the_report_names_each_file_with_its_digest_and_what_was_read(made, tmp_path):
    new = tmp_path / "new"
    reextracted(made, new)
    (path,) = (new / "runs" / SITE).glob("*.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    files = {path.relative_to(new).as_posix(): path.read_bytes() for path in (new / "stories").rglob("*.jsonl")}
    assert {each["file"]: each["sha256"] for each in told["files"]} == {
        file: hashlib.sha256(content).hexdigest() for file, content in files.items()
    }
    assert (told["counts"], told["exit_code"], told["finish_reason"]) == ({"stories": 4}, 0, "reextracted")
    assert told["settings"]["reading"] == READING
    named = {each["file"]: each["sha256"] for each in told["settings"]["inputs"]}
    assert all(named[file] == hashlib.sha256((made / file).read_bytes()).hexdigest() for file in named)
    assert len(named) == 3
    assert {path.name for path in new.iterdir()} == {".reextract.lock", "reextract.json", "runs", "stories"}


def test_lines_that_cannot_be_read_anew_are_named_and_counted(own, tmp_path):
    with run(own, run_id="r2") as ledger:
        settle_page(ledger, "gone-stale", LISTING.encode(), record=read("gone-stale", page("It was a story")))
        ledger.seal(archive=True)
        report(own, ledger)
    stale = lines_in(own)[-1]
    first = own / "stories" / SITE / "r1-00000.jsonl"
    lines = [json.loads(line) for line in first.read_text(encoding="utf-8").splitlines()]
    lines[0]["warc"] = None
    lines[1]["warc"]["file"] = "archive/lost.warc.gz"
    lines[2]["warc"]["file"] = "../../etc/passwd"
    first.write_text("".join(json.dumps(line) + "\n" for line in lines) + "no JSON\n", encoding="utf-8")

    (done,) = reextracted(own, tmp_path / "new")
    assert (done.lines, done.stories) == (6, 1)
    assert done.faults == {
        "broken_pointer": 1,
        "no_archive": 1,
        "not_archived": 1,
        "not_story:no_text": 1,
        "unreadable": 1,
    }
    told = {fault["reason"]: fault for fault in lines_in(tmp_path / "new", "faults")}
    assert told["not_archived"]["story_key"] == lines[0]["story_key"]
    assert told["no_archive"]["line"] == f"stories/{SITE}/r1-00000.jsonl:2"
    assert (told["not_story:no_text"]["url"], told["not_story:no_text"]["warc"]) == (stale["url"], stale["warc"])
    assert told["unreadable"]["line"].endswith(":5")
    assert not any(fault["kept_old"] for fault in told.values())


def test_old_lines_can_be_taken_over(own, tmp_path):
    rewrite(own, lambda number, line: [line | {"warc": None} if number == 0 else line])
    (done,) = reextracted(own, tmp_path / "new", keep_old=True)
    assert (done.stories, done.kept) == (3, 1)
    assert lines_in(own)[0] in lines_in(tmp_path / "new")
    assert lines_in(tmp_path / "new", "faults")[0]["kept_old"] is True


def test_a_story_of_several_pages_is_read_from_all_of_them(tmp_path):
    more = tuple(text.replace("the", "that") for text in PARAGRAPHS)
    first = page("A long story of the ferry", further="/long?page=2", paragraphs=PARAGRAPHS[:3])
    second = page("A long story of the ferry", paragraphs=more[:3])
    with run(tmp_path / "old") as ledger:
        further = exchange("long?page=2", second, page_of=HOME + "long")
        settle_page(ledger, "long", first, further)
        ledger.seal(archive=True)
        report(tmp_path / "old", ledger)
    reextracted(tmp_path / "old", tmp_path / "new")
    (line,) = lines_in(tmp_path / "new")
    assert line["body"].split("\n\n") == [*PARAGRAPHS[:3], *more[:3]]
    assert line["url"] == HOME + "long"
    assert line["complete"] is True


def test_times_told_from_the_moment_of_reading_are_told_from_the_lines_own(own, tmp_path):
    """The page of a later version that has the very bytes of an earlier one lies in the archive once."""
    with run(own, run_id="r2") as ledger:
        dated = page("It came at last").replace(
            b'<time datetime="2026-03-04T09:00:00Z">4 March 2026', b"<time>2 days ago"
        )
        settle_page(ledger, "relative", dated)
        ledger.seal(archive=True)
        report(own, ledger)
    (second,) = (own / "stories" / SITE).glob("r2-*.jsonl")
    line = json.loads(second.read_text(encoding="utf-8"))
    assert (line["fetched_at"], line["date"]) == (AT, "2026-03-03")
    second.write_text(json.dumps(line | {"fetched_at": "2026-04-20T10:00:00Z"}) + "\n", encoding="utf-8")
    reextracted(own, tmp_path / "new")
    (again,) = [each for each in lines_in(tmp_path / "new") if each["story_key"] == line["story_key"]]
    assert (again["fetched_at"], again["date"]) == ("2026-04-20T10:00:00Z", "2026-04-18")


def test_what_headers_and_hosts_reserved_stays(own, tmp_path):
    known = {
        "robots": ["noindex", "noimageai"],
        "noai": True,
        "tdm_reservation": True,
        "tdm_policy": "https://p.example/",
    }
    rewrite(own, lambda _, line: [line | {"rights": known}])
    reextracted(own, tmp_path / "new")
    assert [line["rights"] for line in lines_in(tmp_path / "new")] == [known] * 4


def test_of_rights_the_pages_own_word_comes_first():
    read_now = {"robots": ["noarchive"], "noai": False, "tdm_reservation": False, "tdm_policy": None}
    known = {
        "robots": ["noindex", "noarchive"],
        "noai": False,
        "tdm_reservation": True,
        "tdm_policy": "https://p.example/",
    }
    assert join_rights(read_now, known) == {
        "robots": ["noarchive", "noindex"],
        "noai": False,
        "tdm_reservation": False,
        "tdm_policy": "https://p.example/",
    }
    assert join_rights(read_now, {}) == read_now


def test_a_line_whose_provenance_is_no_records_is_named_and_ends_nothing(own, tmp_path):
    odd = [{"fetched_at": 7}, {"rights": {"robots": [{}, "noindex"]}}, {"rights": 3}, {"url": ["x"]}]
    rewrite(own, lambda number, line: [line | odd[number]])
    (done,) = reextracted(own, tmp_path / "new")
    assert (done.stories, done.faults) == (2, {"invalid": 2})
    assert {fault["detail"].partition(":")[0] for fault in lines_in(tmp_path / "new", "faults")} == {
        "fetched_at",
        "url",
    }


def test_a_line_with_half_a_character_is_named_and_can_be_kept(own, tmp_path):
    """Such an escape is JSON, but nothing that UTF-8 can hold."""
    rewrite(own, lambda number, line: [line | {"url": "https://n.example/\ud800"} if number == 0 else line])
    (done,) = reextracted(own, tmp_path / "new", keep_old=True)
    assert (done.stories, done.faults, done.kept) == (3, {"invalid": 1}, 1)
    assert lines_in(own)[0] in lines_in(tmp_path / "new")
    assert [fault["url"] for fault in lines_in(tmp_path / "new", "faults")] == ["https://n.example/\ud800"]


def test_memory_does_not_grow_with_the_lines_that_have_no_page(own, tmp_path):
    long = {"url": f"{HOME}{'x' * 20_000}", "warc": None}
    rewrite(own, lambda number, line: [line | long] * (1 if number else 400))
    tracemalloc.start()
    try:
        (done,) = reextracted(own, tmp_path / "new")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert done.faults == {"not_archived": 403}
    assert peak < 4_000_000, "all faults together are twice as large"


def test_pictures_that_a_reservation_kept_out_stay_out(tmp_path):
    pictured = page("A picture of the ferry").replace(
        b"<article>",
        b'<article><figure><img src="/ferry.jpg" width="900" height="600"><figcaption>The ferry</figcaption></figure>',
    )
    make_corpus(tmp_path / "old", {"pictured": pictured})
    (line,) = lines_in(tmp_path / "old")
    assert line["images"]
    rights = line["rights"] | {"robots": ["noimageai"]}
    for known, images in ((line["images"], line["images"]), ([], [])):
        rewrite(tmp_path / "old", lambda _, old, known=known: [old | {"images": known, "rights": rights}])
        reextracted(tmp_path / "old", tmp_path / f"new-{len(known)}")
        assert [each["images"] for each in lines_in(tmp_path / f"new-{len(known)}")] == [images]


def test_broken_off_it_goes_on_where_it_was(made, tmp_path):
    with pytest.raises(KilledError):
        reextracted(made, tmp_path / "new", Reader(dies_after=3))
    assert not list((tmp_path / "new").rglob("*.part"))
    assert not (tmp_path / "new" / "runs").exists()
    reader = Reader()
    (done,) = reextracted(made, tmp_path / "new", reader)
    assert (done.stories, reader.read) == (4, 2), "the first archive's two pages are not read again"
    reextracted(made, tmp_path / "whole")
    assert compare(tmp_path / "whole", tmp_path / "new").counts.same == 4


@pytest.mark.parametrize("point", ["sealing:written", "reextracting:written", "reextracting:marked"])
@pytest.mark.parametrize("times", [1, 2])
def test_whatever_kills_it_every_line_is_there_once(made, tmp_path, monkeypatch, point, times):
    left = times

    def die(reached):
        nonlocal left
        left -= reached == point
        if not left:
            raise KilledError

    monkeypatch.setattr(faults, "hook", die)
    with pytest.raises(KilledError):
        reextracted(made, tmp_path / "new")
    monkeypatch.setattr(faults, "hook", None)
    (done,) = reextracted(made, tmp_path / "new")
    assert done.stories == 4
    keys = [sorted(line["story_key"] for line in lines_in(corpus)) for corpus in (tmp_path / "new", made)]
    assert keys[0] == keys[1]
    assert not list((tmp_path / "new").rglob(".*.part"))


def test_a_second_call_reads_nothing_again(made, tmp_path):
    first, reader = reextracted(made, tmp_path / "new"), Reader()
    assert (reextracted(made, tmp_path / "new", reader), reader.read) == (first, 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"reading": {"extractor": "another"}}, "was begun with other extractor"),
        ({"keep_old": True}, "--keep-old"),
        ({"form": "gz"}, "--form"),
    ],
)
def test_a_folder_begun_with_other_options_is_refused(made, tmp_path, options, said):
    reextracted(made, tmp_path / "new")
    with pytest.raises(InputError, match=said):
        reextracted(made, tmp_path / "new", **options)


def test_a_folder_begun_with_other_files_is_refused(own, tmp_path):
    reextracted(own, tmp_path / "new")
    rewrite(own, lambda number, line: [line] if number else [])
    with pytest.raises(InputError, match="files of the old corpus"):
        reextracted(own, tmp_path / "new")


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(own, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "thesis.txt").write_text("x", encoding="utf-8")
    for folder, said in ((tmp_path / "new", "holds something"), (own, "outside"), (own / "below", "outside")):
        with pytest.raises(InputError, match=said):
            reextracted(own, folder)
    assert not (own / "below").exists()
    assert not list(Path(own).glob("*.json"))


def test_a_plan_that_is_none_is_told(made, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "reextract.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="is no plan"):
        reextracted(made, tmp_path / "new")


def test_two_at_once_do_not_write_into_one_folder(made, tmp_path):
    (tmp_path / "new").mkdir()
    lock = RunLock(tmp_path / "new" / ".reextract.lock", run_id="x", started=AT)
    with pytest.raises(LedgerLocked):
        reextracted(made, tmp_path / "new")
    lock.release()
    assert issubclass(LedgerLocked, NewsscraperError)


def test_an_archive_that_lies_elsewhere_is_read(own, tmp_path):
    """As the records of an offline crawl lead there."""
    (archive,) = (own / "archive" / SITE).glob("*.warc.gz")
    archive.rename(tmp_path / "elsewhere.warc.gz")
    rewrite(own, lambda _, line: [line | {"warc": line["warc"] | {"file": str(tmp_path / "elsewhere.warc.gz")}}])
    (done,) = reextracted(own, tmp_path / "new")
    assert (done.stories, done.faults) == (4, {})


def test_an_archive_that_is_not_sealed_yet_is_read(tmp_path):
    with run(tmp_path / "old") as ledger:
        settle_page(ledger, "ferry", PAGES["ferry"])
        ledger.seal()
    assert list((tmp_path / "old").rglob("*.warc.gz.open"))
    (done,) = reextracted(tmp_path / "old", tmp_path / "new")
    assert (done.stories, done.faults) == (1, {})
