"""What the chaos benchmark finds in a corpus, and how it kills: on corpora and crawls that are made up here."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite

from benchmarks import crawl_process
from benchmarks.chaos import judge_end
from benchmarks.corpus_checks import check_corpus
from benchmarks.crawl_process import Crawl
from benchmarks.kill_moments import KINDS, Moment, draw_moment, kill_at
from benchmarks.living_site import make_news
from newsscraper import extract
from newsscraper.record import Record
from newsscraper.store import Clock, Ledger, Settlement
from newsscraper.store.archive import Exchange

BASE = "http://demo.example/"
SITE = DemoSite()


def make_record(number: int) -> dict[str, Any]:
    """A record of one of the site's stories, of what can be read from its page."""
    shown = SITE.stories[number]
    page = SITE.page(shown.path, BASE)
    charset = page.headers["Content-Type"].partition("charset=")[2] or None
    story = extract(page.body, shown.url_on(BASE), charset=charset)
    provenance = {"story_key": f"key{number:08}", "url": shown.url_on(BASE), "content_hash": "1:" + "0" * 64}
    return Record(**story.to_dict(), **provenance, extractor="made up").to_dict()


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return [make_record(number) for number in range(len(SITE.stories))]


def write_corpus(folder: Path, records: list[dict[str, Any]]) -> Path:
    """Two sealed files, one of them packed, and their manifest."""
    files = []
    for name, part in (("a-00000.jsonl", records[:40]), ("a-00001.jsonl.gz", records[40:])):
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in part).encode()
        data = gzip.compress(text, mtime=0) if name.endswith(".gz") else text
        path = folder / "stories" / "demo.example" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        files.append({"file": f"stories/demo.example/{name}", "sha256": hashlib.sha256(data).hexdigest()})
    write_manifest(folder, "a", files)
    return folder


def write_manifest(folder: Path, run: str, files: list[dict[str, str]]) -> None:
    path = folder / "runs" / "demo.example" / f"{run}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"files": files}), encoding="utf-8")


def test_a_whole_corpus_is_in_order(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    verdict = check_corpus(write_corpus(tmp_path, records), SITE, BASE)
    assert verdict.violations == []
    assert verdict.figures["stories"] == verdict.figures["lines"] == 75


def test_a_later_version_counts_as_one(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    verdict = check_corpus(write_corpus(tmp_path, [*records, records[3] | {"version": 2}]), SITE, BASE)
    assert verdict.violations == []
    assert verdict.figures["later_versions"] == 1


BROKEN: dict[str, tuple[Callable[[list[dict[str, Any]]], list[dict[str, Any]]], str]] = {
    "lost": (lambda all_of: all_of[1:], "no keys"),
    "doubled": (lambda all_of: [*all_of, all_of[5]], "2 lines"),
    "two keys": (lambda all_of: [*all_of, all_of[5] | {"story_key": "otherkey0001"}], "2 keys"),
    "a gap": (lambda all_of: [*all_of, all_of[5] | {"version": 3}], r"versions \[1, 3\]"),
    "strange": (
        lambda all_of: [*all_of, all_of[5] | {"story_key": "k" * 12, "url": BASE, "canonical_url": None}],
        "no story of the site",
    ),
    "no record": (lambda all_of: [*all_of[:-1], all_of[-1] | {"version": "one"}], "version"),
    "old text": (lambda all_of: [*all_of[:-1], all_of[-1] | {"body": "Something else."}], "not in the last version"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_with_records_is_found(name: str, tmp_path: Path, records: list[dict[str, Any]]) -> None:
    make, told = BROKEN[name]
    verdict = check_corpus(write_corpus(tmp_path, make(records)), SITE, BASE)
    assert any(re.search(told, violation) for violation in verdict.violations)


def test_torn_unnamed_altered_and_left_over_files_are_found(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    corpus = write_corpus(tmp_path, records)
    plain, packed = sorted((corpus / "stories" / "demo.example").iterdir())
    plain.write_bytes(plain.read_bytes()[:-20])
    packed.with_name("b-00000.jsonl").write_text(json.dumps(records[40]) + "\n", encoding="utf-8")
    packed.with_name(".c-00000.jsonl.part").touch()
    write_manifest(corpus, "z", [{"file": "stories/demo.example/gone.jsonl", "sha256": ""}])
    text = "\n".join(check_corpus(corpus, SITE, BASE).violations)
    for told in (
        "a-00000.jsonl: cannot be read whole",
        "a-00000.jsonl: its digest is not that of the manifest",
        "b-00000.jsonl: named by 0 manifests",
        "left over: stories/demo.example/.c-00000.jsonl.part",
        "gone.jsonl: named by a manifest and not there",
    ):
        assert told in text


def archive_pages(folder: Path, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Archive the pages of `records` as a run does, in a ledger of its own; the records with where they lie."""
    archived = []
    with Ledger.open(folder, "demo.example", clock=Clock(), run_id="a") as ledger:
        for record in records:
            path = record["url"].removeprefix(BASE.rstrip("/"))
            page = SITE.page(path, BASE)
            exchange = Exchange(
                url=record["url"],
                at="2026-03-05T10:00:00Z",
                status=200,
                reason="OK",
                headers=tuple(page.headers.items()),
                body=page.body,
            )
            settled = Settlement(key=None, state="done", visited_at=0, record=Record(**record), exchanges=(exchange,))
            written = ledger.settle(settled).record
            assert written is not None
            archived.append(record | {"warc": written.warc})
        *_, seal = ledger.seal(archive=True)
    shutil.rmtree(folder / "stories")
    write_manifest(folder, "b", [{"file": seal.file, "sha256": seal.sha256}])
    return archived


def test_archives_and_the_pages_in_them_are_looked_at(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    archived = archive_pages(tmp_path, records[:3])
    corpus = write_corpus(tmp_path, [*archived, *records[3:]])
    verdict = check_corpus(corpus, SITE, BASE)
    assert verdict.violations == []
    assert (verdict.figures["archives"], verdict.figures["lines_with_their_page"]) == (1, 3)
    archived[0]["warc"], archived[1]["warc"] = archived[1]["warc"], archived[0]["warc"]
    archived[2]["warc"] |= {"offset": archived[2]["warc"]["offset"] + 1}
    (archive,) = corpus.glob("archive/*/*.warc.gz")
    data = archive.read_bytes()
    archive.write_bytes(data[:-30])
    archive.with_name("z-00000.warc.gz.open").write_bytes(data)
    text = "\n".join(check_corpus(write_corpus(corpus, [*archived, *records[3:]]), SITE, BASE).violations)
    for told in (
        "never finished: archive/demo.example/z-00000.warc.gz.open",
        "its digest is not that of the manifest",
        "a-00000.warc.gz: cannot be read whole",
        "version 1: archive/demo.example/a-00000.warc.gz: the page of http",
        "version 1: archive/demo.example/a-00000.warc.gz: nothing lies at",
    ):
        assert told in text


def start(monkeypatch: pytest.MonkeyPatch, folder: Path, url: str, code: str) -> Crawl:
    """A process that does `code`, of which `url` and `corpus` are known, instead of a crawl."""
    script = f"import os, signal, sys, time, urllib.request\nurl, corpus = sys.argv[1], sys.argv[3]\n{code}"
    monkeypatch.setattr(crawl_process, "COMMAND", (sys.executable, "-c", script))
    return Crawl(url, folder / "corpus", folder / "log.txt")


def test_a_run_that_ends_by_itself_was_not_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with DemoServer(SITE) as server:
        run = start(monkeypatch, tmp_path, server.url, "sys.exit(3)")
        assert kill_at(Moment("fetching", 5, 0), run, server, tmp_path / "corpus") is False
    assert run.code == 3


@pytest.mark.parametrize(("code", "faults"), [(0, 0), (1, 0), (3, 1)])
def test_a_run_that_was_asked_to_stop_may_say_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, faults: int
) -> None:
    script = f"signal.signal(signal.SIGTERM, lambda *_: sys.exit({code}))\nprint('up', flush=True)\ntime.sleep(30)"
    run = start(monkeypatch, tmp_path, "http://127.0.0.1:9/", script)
    while "up" not in run.log.read_text():
        time.sleep(0.02)
    run.stop(signal.SIGTERM)
    assert run.wait() == code
    assert len(judge_end(run)) == faults


def test_the_whole_group_is_killed_after_so_many_requests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code = "os.fork()\nwhile True: urllib.request.urlopen(url + 'robots.txt').read()"
    with DemoServer(SITE) as server:
        run = start(monkeypatch, tmp_path, server.url, code)
        assert kill_at(Moment("fetching", 7, 0), run, server, tmp_path / "corpus") is True
        asked = len(server.requests)
        time.sleep(0.3)
        assert asked >= 7
        assert len(server.requests) <= asked + 2
    assert run.code == -signal.SIGKILL


def test_sealing_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The process makes a file when it is told to stop, and would write a second one a second later."""
    folder = tmp_path / "corpus" / "stories" / "x"
    folder.mkdir(parents=True)
    code = (
        f"signal.signal(signal.SIGTERM, lambda *_: (open('{folder}/a', 'w'), time.sleep(5), open('{folder}/b', 'w')))\n"
        "urllib.request.urlopen(url + 'robots.txt').read()\nwhile True: time.sleep(1)"
    )
    with DemoServer(SITE) as server:
        run = start(monkeypatch, tmp_path, server.url, code)
        assert kill_at(Moment("sealing", 1, 0.01), run, server, tmp_path / "corpus") is True
    assert os.listdir(folder) == ["a"]


def test_moments_of_every_kind_are_drawn_the_same_each_time() -> None:
    drawn = [draw_moment(Random(7)) for _ in range(2)]
    assert drawn[0] == drawn[1]
    random = Random(1)
    assert {draw_moment(random).kind for _ in range(100)} == set(KINDS)


def test_there_is_news_that_sitemaps_tell() -> None:
    site = DemoSite(stories=100)
    before = {story.code: story.revision for story in site.stories}
    make_news(site, Random(1))
    assert sum(story.revision > before.get(story.code, story.revision) for story in site.stories) == 12
    assert len(site.stories) == 108
