"""A corpus that was read anew has no ledger: it is checked by its reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsscraper.store import check, is_reread, repair
from tests.store.ledgers import SITE, SetClock, settle, whole_run

FILE = f"stories/{SITE}/r1-00000.jsonl"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    with whole_run(tmp_path) as ledger:
        settle(ledger, "a")
    for path in (tmp_path / "ledger").iterdir():
        path.unlink()
    report = tmp_path / "runs" / SITE / "r1.json"
    report.write_text(json.dumps(json.loads(report.read_text()) | {"finish_reason": "reextracted"}))
    return tmp_path


def test_its_files_are_held_against_its_reports(corpus: Path) -> None:
    assert is_reread(corpus, SITE)
    assert check(corpus, SITE) == []
    (corpus / FILE).with_name("r2-00000.jsonl").write_text("{}\n")
    (corpus / FILE).write_text("{}\n")
    assert [(each.kind, each.where) for each in check(corpus, SITE)] == [
        ("changed_file", FILE),
        ("unknown_file", FILE.replace("r1", "r2")),
    ]
    (corpus / FILE).unlink()
    assert [each.kind for each in check(corpus, SITE)] == ["missing_file", "unknown_file"]


def test_repair_makes_no_ledger_of_it(corpus: Path) -> None:
    (corpus / FILE).write_text("{}\n")
    assert repair(corpus, SITE, clock=SetClock()) == []
    assert list((corpus / "ledger").iterdir()) == []


def test_a_crawl_that_lost_its_ledger_is_none(corpus: Path) -> None:
    report = corpus / "runs" / SITE / "r1.json"
    report.write_text(report.read_text().replace("reextracted", "finished"))
    assert [each.kind for each in check(corpus, SITE)] == ["no_ledger"]
