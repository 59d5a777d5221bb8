"""What is done for a ledger between runs: `check` looks, `repair` mends, `rebuild` makes it anew."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from newsscraper.store.clock import Clock
from newsscraper.store.durable import make_folder
from newsscraper.store.ledger.check import Finding, check
from newsscraper.store.ledger.filesystems import refuse_unsafe
from newsscraper.store.ledger.ledger import Ledger
from newsscraper.store.ledger.lock import RunLock
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.rebuild import Rebuilt, rebuild_locked
from newsscraper.store.ledger.repair import mend
from newsscraper.store.ledger.reread import is_reread
from newsscraper.store.runs import format_instant

__all__ = ["Finding", "Rebuilt", "check", "is_reread", "rebuild", "repair"]


def repair(corpus: Path, site: str, *, clock: Clock, any_file_system: bool = False) -> list[str]:
    """Mend what `check` finds, as far as that can be mended; what was done, a sentence each.

    `any_file_system`: see `Ledger.open`. Raises `LedgerLocked`, `LedgerError`, `OSError`.
    """
    findings = check(corpus, site)
    # What was read anew has no ledger, and gets none here.
    if not findings or is_reread(corpus, site):
        return []
    with closing(Ledger.open(corpus, site, clock=clock, any_file_system=any_file_system)) as ledger:
        return mend(ledger, findings)


def rebuild(corpus: Path, site: str, *, clock: Clock, any_file_system: bool = False) -> Rebuilt:
    """Make the ledger anew out of sealed files and what can still be read of the old one, which is kept beside it.

    What the old one had committed and not sealed is sealed. `any_file_system`: see `Ledger.open`.
    Raises `LedgerLocked`, `LedgerError`, `OSError`.
    """
    place = Place(corpus, site)
    if not any_file_system:
        refuse_unsafe(place.ledger.parent)
    make_folder(place.ledger.parent)
    lock = RunLock(place.lock, run_id=None, started=format_instant(clock.now()))
    try:
        rebuilt = rebuild_locked(place, clock)
    finally:
        lock.release()
    Ledger.open(corpus, site, clock=clock, any_file_system=any_file_system).close()
    return rebuilt
