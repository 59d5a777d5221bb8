"""The ledgers of a run: opened as told, all or none, each site's URLs in its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsscraper.crawl.ledgers import Ledgers
from newsscraper.crawl.scope import Scope
from newsscraper.errors import LedgerError
from newsscraper.store import Entry, Ledger
from tests.store.ledgers import HOME, SITE, SetClock, lease_one, run, settle

OTHER = "other.example"


def open_ledgers(corpus: Path, *sites: str, run_id: str = "r2", **options: Any) -> Ledgers:
    return Ledgers.open(corpus, Scope(frozenset(sites)), follow=False, clock=SetClock(), run_id=run_id, **options)


def test_all_are_opened_or_none(tmp_path: Path) -> None:
    with run(tmp_path), pytest.raises(LedgerError, match="at work"):
        open_ledgers(tmp_path, "a.example", SITE)
    Ledger.open(tmp_path, "a.example", clock=SetClock()).close()


def test_each_site_keeps_its_own_urls(tmp_path: Path) -> None:
    ledgers = open_ledgers(tmp_path, SITE, OTHER)
    assert [ledgers.site_of(f"https://{host}/a") for host in (SITE, OTHER, "stray.example")] == [SITE, OTHER, OTHER]
    ledgers.close()
    ledgers.close()


def test_they_are_opened_as_the_run_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with run(tmp_path) as ledger:
        ledger.frontier.add([Entry(url=HOME + "a")])
    mounts = tmp_path / "mounts"
    mounts.write_text("server:/ / nfs rw 0 0\n")
    monkeypatch.setattr("newsscraper.store.ledger.filesystems._MOUNTS", mounts)
    ledgers = open_ledgers(tmp_path, SITE, form="gz", fresh=True, any_file_system=True)
    assert ledgers[SITE].frontier.known(HOME + "a") is None
    settle(ledgers[SITE], "b")
    ledgers[SITE].seal()
    ledgers.close()
    assert [path.suffix for path in (tmp_path / "stories" / SITE).iterdir()] == [".gz"]


@pytest.mark.parametrize("fault", [LedgerError("malformed"), OSError(28, "No space left on device")])
def test_one_that_cannot_be_closed_does_not_keep_the_others_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    def fail() -> None:
        raise fault

    ledgers = open_ledgers(tmp_path, OTHER, SITE)
    lease_one(ledgers[SITE], "a")
    monkeypatch.setattr(ledgers["other.example"], "_end_run", lambda run_id: fail())
    ledgers.close()
    assert str(fault) in caplog.text
    for site in (OTHER, SITE):
        Ledger.open(tmp_path, site, clock=SetClock()).close()
