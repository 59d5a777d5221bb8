"""What a crawl archives, in hands that are not ours: checked, indexed, replayed, packed; and read again in our own.

One crawl of the demo site, over real HTTP, for all of it.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cdxj_indexer.main import CDXJIndexer
from click.testing import CliRunner, Result
from newsscraper_demo.server import DemoServer
from warcio.checker import Checker

from newsscraper.cli import main
from newsscraper.corpus.digests import CONTENT
from tests.corpus.archived import page, settle_page
from tests.crawl.runs import run_scrapy
from tests.store.archives import exchange
from tests.store.ledgers import DAY, HOME, SITE, SetClock, done, lease_one, report, run

ROOT = Path(__file__).resolve().parent.parent.parent
STORIES = 12
TOLD_BY_FILE_ALONE = {"warc", "run_id", "fetched_url"}


@dataclass(frozen=True)
class Crawled:
    """The crawl."""

    folder: Path
    corpus: Path
    archive: Path
    lines: list[dict[str, Any]]

    @property
    def index(self) -> Path:
        return self.archive.with_name(self.archive.name.replace(".warc.gz", ".cdxj"))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("handed-over")
    with DemoServer() as server:
        ran = run_scrapy(
            folder, "crawl", "news", "-a", f"url={server.url}", "-a", f"limit={STORIES}", "-O", "out.jsonl"
        )
    assert ran.code == 0, ran.log
    (archive,) = (folder / "corpus" / "archive").glob("*/*.warc.gz")
    return Crawled(folder, folder / "corpus", archive, ran.lines)


def invoke(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result


def test_warcio_finds_nothing_wrong(crawled, capsys):
    assert Checker(Namespace(inputs=[str(crawled.archive)], verbose=True)).process_all() == 0
    told = capsys.readouterr().out
    assert told.count("digest pass") >= 2 * STORIES
    assert "not checked" not in told


def test_cdxj_indexer_makes_the_very_index_that_lies_beside_it(crawled):
    told = io.StringIO()
    CDXJIndexer(told, [str(crawled.archive)], sort=True).process_all()
    assert crawled.index.read_text(encoding="utf-8") == told.getvalue()
    assert told.getvalue().count("\n") >= STORIES


def test_our_own_check_finds_nothing_wrong(crawled):
    assert invoke("archive", "check", "--corpus", crawled.corpus, "--quiet").stdout == ""


def test_a_line_leads_to_its_page_by_standard_tools(crawled):
    assert len(crawled.lines) == STORIES
    for line in crawled.lines:
        warc = line["warc"]
        slice_ = (crawled.corpus / warc["file"]).read_bytes()[warc["offset"] :][: warc["length"]]
        head, _, answer = gzip.decompress(slice_).partition(b"\r\n\r\n")
        assert f"WARC-Record-ID: {warc['record_id']}".encode() in head
        assert b"WARC-Type: response" in head
        assert answer.startswith(b"HTTP/1.1 200")


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that was told a day later that a page is what it was, so that the archive but refers to it."""
    corpus = tmp_path_factory.mktemp("unchanged")
    clock = SetClock()
    with run(corpus, clock) as ledger:
        settle_page(ledger, "ferry", page("The ferry runs again"))
        clock.move(DAY)
        again = exchange("ferry", page("The ferry runs again"), at="2026-03-06T10:00:00Z")
        ledger.settle(done(lease_one(ledger, "ferry"), unchanged=True, exchanges=(again,)))
        ledger.seal(archive=True)
        report(corpus, ledger)
    return corpus


def test_pywb_replays_pages_and_what_was_unchanged(crawled, unchanged, replay_python):
    line = crawled.lines[0]
    at = line["fetched_at"].translate({ord(character): None for character in "-:TZ"})
    (archive,) = (unchanged / "archive" / SITE).glob("*.warc.gz")
    index = archive.with_name(archive.name.replace(".warc.gz", ".cdxj"))
    assert "warc/revisit" in index.read_text(encoding="utf-8")
    asked = [
        (str(crawled.index), str(crawled.archive.parent), at, line["fetched_url"]),
        (str(index), str(archive.parent), "20260306100000", f"{HOME}ferry"),
        (str(index), str(archive.parent), "20260306100000", f"{HOME}unknown"),
    ]
    told = subprocess.run(
        [replay_python, Path(__file__).with_name("replay.py"), json.dumps(asked)],
        check=True,
        timeout=60,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=crawled.folder,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    (status, replayed), (of_revisit, referred), (of_unknown, _) = json.loads(told.stdout)
    assert (status, of_revisit, of_unknown) == (200, 200, 404)
    assert line["title"] in replayed
    assert "The ferry runs again" in referred


def test_a_packed_archive_passes_its_validator(crawled):
    target = crawled.folder / "demo.wacz"
    invoke("archive", "pack", crawled.archive.parent.name, "-o", target, "--text", "--corpus", crawled.corpus)
    told = subprocess.run(
        [sys.executable, "-m", "wacz", "validate", "-f", target],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stdout
    assert "the passed WACZ is valid" in told.stdout


def test_extracted_offline_its_pages_give_what_the_crawl_wrote(crawled):
    target = crawled.folder / "offline.jsonl"
    invoke("extract", crawled.archive, "-o", target, "--quiet")
    offline = {line["story_key"]: line for line in map(json.loads, target.read_text(encoding="utf-8").splitlines())}
    assert len(offline) == STORIES
    for line in crawled.lines:
        again = offline[line["story_key"]]
        assert {name for name in line if again[name] != line[name]} <= TOLD_BY_FILE_ALONE
        assert all(again["warc"][name] == line["warc"][name] for name in ("offset", "length", "record_id"))


def test_read_anew_nothing_changes_but_with_other_weights_the_comparison_names_the_fields(crawled):
    weights = sorted((ROOT / "benchmarks" / "held_out").glob("*.npz"))[0]
    told = []
    for name, options in (("same", ()), ("other", ("--model", weights))):
        new = crawled.folder / name
        invoke("corpus", "reextract", "--corpus", crawled.corpus, "--into", new, "--workers", 1, *options)
        told.append(json.loads(invoke("corpus", "diff", crawled.corpus, new, "--json").stdout))
    same, other = told
    assert (same["same"], same["changed"], same["only_old"], same["only_new"]) == (STORIES, 0, 0, 0)
    assert (other["changed"], other["only_old"], other["only_new"]) == (STORIES, 0, 0)
    assert other["fields"]["confidence"]["changed"] == STORIES
    assert set(other["fields"]) <= {"body", "lead", "confidence", "images"}
    assert set(other["compared"]) == set(CONTENT)
