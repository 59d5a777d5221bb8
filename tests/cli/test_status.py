"""`newsscraper status`: a table for people, JSON for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsscraper.store import Entry, format_instant, read_status
from tests.store.ledgers import HOME, SITE, SetClock, lease_one, record_of, run, settle, whole_run


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A site crawled three hours ago: two stories, one of them changed, three pages to be asked, six set aside."""
    clock = SetClock(datetime.now(UTC) - timedelta(hours=3, minutes=10))
    with whole_run(tmp_path, clock) as ledger:
        settle(ledger, "a")
        settle(ledger, "b")
        settle(ledger, "a", record_of("a", body="It sank."))
        for number in range(6):
            key = lease_one(ledger, f"deadly{number}").key
            while not ledger.frontier.note_death(key):
                pass
        ledger.frontier.add([Entry(url=f"{HOME}later/{number}") for number in range(3)])
    retell(tmp_path, started_at=format_instant(clock.now()))
    return tmp_path


def retell(corpus: Path, **facts: Any) -> None:
    """Change what the report of the first run says."""
    report = corpus / "runs" / SITE / "r1.json"
    told = json.loads(report.read_text(encoding="utf-8")) | facts
    report.write_text(json.dumps(told), encoding="utf-8")


def test_a_table_of_80_columns(invoke, corpus):
    result = invoke("status", "--corpus", corpus)
    assert result.exit_code == 0
    heading, _, row, *rest = result.stdout.splitlines()
    assert heading.split() == "site last run new changed stories to ask oldest aside".split()
    assert row.split() == f"{SITE} 3 h 2 1 2 3 3 h 6".split()
    assert all(len(line.rstrip()) <= 80 for line in (heading, row))
    assert rest[0] == f"{SITE}: one page failed"
    assert rest[1:6] == [f"{SITE}: set aside: {HOME}deadly{number}" for number in range(5)]
    assert rest[6:] == [f"{SITE}: and 1 more page set aside (--json tells all)"]


def test_as_json(invoke, corpus):
    result = invoke("status", SITE, "--corpus", corpus, "--json")
    assert json.loads(result.stdout) == [read_status(corpus, SITE).to_dict()]


def test_a_run_at_work_and_one_that_died(invoke, corpus):
    with run(corpus, SetClock(datetime.now(UTC)), "r2") as ledger:
        settle(ledger, "c")
        working = invoke("status", "--corpus", corpus).stdout.splitlines()
    assert working[2].split() == f"{SITE} now 1 0 3 3 3 h 6".split()
    assert not any("died" in line or "no sealed file" in line for line in working)
    died = invoke("status", "--corpus", corpus).stdout.splitlines()
    assert died[3].startswith(f"{SITE}: the last run died (it began at 20")
    assert died[4] == f"{SITE}: 1 line is in no sealed file yet; the next run seals them"


def test_a_run_that_ended_badly_without_a_word(invoke, tmp_path):
    with whole_run(tmp_path):
        pass
    retell(tmp_path, problems=[], exit_code=4, finish_reason="refused")
    lines = invoke("status", "--corpus", tmp_path).stdout.splitlines()
    assert lines[3:] == [f"{SITE}: the last run ended with exit code 4 (refused)"]


def test_a_ledger_without_a_run(invoke, tmp_path):
    with run(tmp_path, run_id=None):
        pass
    lines = invoke("status", "--corpus", tmp_path).stdout.splitlines()
    assert [line.split() for line in lines[2:]] == [f"{SITE} - - - 0 0 - 0".split()]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_site_that_cannot_be_read_does_not_hide_the_others(invoke, corpus, options):
    (corpus / "ledger" / "zzz.example.sqlite").write_bytes(b"no database at all, " * 400)
    result = invoke("status", "--corpus", corpus, *options)
    assert result.exit_code == 2
    assert SITE in result.stdout
    (line,) = result.stderr.splitlines()
    assert "zzz.example.sqlite: " in line


def test_text_of_a_report_cannot_steer_a_terminal(invoke, corpus):
    retell(corpus, problems=["\x1b[31m[red]\u202e"])
    shown = invoke("status", "--corpus", corpus).stdout
    assert "\\x1b[31m[red]\\u202e" in shown
    assert "\x1b" not in shown
