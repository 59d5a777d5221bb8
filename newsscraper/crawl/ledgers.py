"""The ledgers of a run: that of the site where links are followed, one a site where a list of stories is fetched."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from newsscraper.crawl.scope import Scope
from newsscraper.errors import LedgerError
from newsscraper.store import Clock, Form, Ledger, site_of
from newsscraper.store.ledger.archiving import DEFAULT_BYTES

if sys.platform != "win32":
    import resource


logger = logging.getLogger(__name__)

_FILES_EACH = 7
_FILES_BESIDE = 200


class Ledgers:
    """Open from `open` to `close`; each site's lock is held meanwhile."""

    def __init__(self, ledgers: dict[str, Ledger], label: str) -> None:
        self._ledgers = ledgers
        self._label = label

    @classmethod
    def open(  # noqa: PLR0913 (what a run decides)
        cls,
        corpus: Path,
        scope: Scope,
        *,
        follow: bool,
        clock: Clock,
        run_id: str,
        form: Form = "plain",
        cache_mb: int = 64,
        fresh: bool = False,
        any_file_system: bool = False,
        archive_bytes: int = DEFAULT_BYTES,
        archive_info: Mapping[str, str] | None = None,
    ) -> Ledgers:
        """One for the whole scope with `follow`, else one for each of its sites.

        `fresh`: nothing that earlier runs asked is remembered, what they wrote is. `archive_bytes` and `archive_info`
        are those of `Ledger.open`. Raises `LedgerError`, `OSError`.
        """
        sites = [scope.label] if follow else sorted(scope.sites)
        _allow_files(_FILES_EACH * len(sites))
        with ExitStack() as opened:
            ledgers = {}
            for site in sites:
                ledger = Ledger.open(
                    corpus,
                    site,
                    clock=clock,
                    run_id=run_id,
                    cache_mb=max(2, cache_mb // len(sites)),
                    form=form,
                    fresh_frontier=fresh,
                    any_file_system=any_file_system,
                    archive_bytes=archive_bytes,
                    archive_info=archive_info,
                )
                opened.callback(ledger.close)
                ledgers[site] = ledger
            opened.pop_all()
        return cls(ledgers, scope.label)

    def site_of(self, url: str) -> str:
        """Whose ledger keeps `url`."""
        if len(self._ledgers) > 1 and (site := site_of(url)) in self._ledgers:
            return site
        return self._label

    def of(self, url: str) -> Ledger:
        """The ledger that keeps `url`."""
        return self._ledgers[self.site_of(url)]

    def __getitem__(self, site: str) -> Ledger:
        return self._ledgers[site]

    def items(self) -> Iterator[tuple[str, Ledger]]:
        """Site and ledger of each."""
        yield from self._ledgers.items()

    def close(self) -> None:
        """Let others in. Once more does no harm."""
        ledgers, self._ledgers = self._ledgers, {}
        for site, ledger in ledgers.items():
            try:
                ledger.close()
            except (LedgerError, OSError) as fault:
                # What it has committed stands; whoever opens it next brings this run to its end.
                logger.warning("the ledger of %s could not be closed: %s", site, fault)


def _allow_files(number: int) -> None:
    """A list of stories of many sites has many ledgers open: as many files as the system lets a process have."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = number + _FILES_BESIDE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
