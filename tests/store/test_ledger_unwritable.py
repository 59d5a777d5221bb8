"""A corpus that may be read and not written is told of all the same."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsscraper.errors import LedgerError
from newsscraper.store import check, read_status
from tests.store.ledgers import SITE, run, settle, whole_run

_NOBODY = 65_534
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="users are told apart by the kernel there")


@pytest.fixture
def corpus() -> Iterator[Path]:
    """A folder that another user can come to."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    (folder / "ledger").chmod(0o755)
    shutil.rmtree(folder)


def as_another(corpus: Path, act: Callable[[], bool]) -> bool:
    """Whether `act` is true for a user who may only read."""
    (corpus / "ledger").chmod(0o555)
    child = os.fork()
    if not child:
        code = 2
        try:
            if os.geteuid() == 0:
                os.setgid(_NOBODY)
                os.setuid(_NOBODY)
            code = 0 if act() else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_who_may_only_read_is_told_how_a_site_stands(corpus: Path) -> None:
    with whole_run(corpus) as ledger:
        settle(ledger, "a")

    def act() -> bool:
        return check(corpus, SITE) == [] and read_status(corpus, SITE).stories == 1

    before = sorted((corpus / "ledger").iterdir())
    assert as_another(corpus, act)
    assert sorted((corpus / "ledger").iterdir()) == before


def test_a_run_at_work_is_seen_by_who_may_only_read(corpus: Path) -> None:
    def act() -> bool:
        try:
            return read_status(corpus, SITE).is_running
        except LedgerError as fault:
            return "a run is at work, or died" in str(fault)

    with run(corpus) as ledger:
        settle(ledger, "a")
        assert as_another(corpus, act)
        (corpus / "ledger").chmod(0o755)
