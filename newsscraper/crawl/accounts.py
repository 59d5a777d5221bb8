"""What happened in a run and why not everything was written, by site. No Scrapy in here."""

from __future__ import annotations

import logging

from newsscraper.crawl.safety_text import fix_line
from newsscraper.crawl.tally import BAD_LINE, Tally
from newsscraper.crawl.target import Target
from newsscraper.store import site_of

logger = logging.getLogger(__name__)


class Accounts:
    """Of one run over one target; the unusable lines of the file it came from are counted already."""

    def __init__(self, target: Target) -> None:
        self._scope = target.scope
        sites = [target.scope.label] if target.follow else sorted(target.scope.sites)
        self.tallies = {site: Tally(site) for site in sites}
        """What happened, by site: one where links are followed, and each site of a list by itself."""
        self.faults: dict[str, str] = {}
        """Why not everything was written, by site."""
        for line in target.bad_lines:
            self.tallies[target.scope.label].note(BAD_LINE, line)

    def note(self, name: str, url: str, detail: str = "") -> None:
        """Count `name`, which happened at `url`. Both may be text of a page; what is kept of it is safe to print."""
        self.tally_of(url).note(name, fix_line(f"{url} ({detail})" if detail else url))

    def note_fault(self, site: str, fault: Exception) -> None:
        """What came of `site` could not be written; the first fault is the one that is told."""
        if site not in self.faults:
            self.faults[site] = f"the stories of {site} could not be written: {fault}"
            logger.error("%s", self.faults[site])

    def tally_of(self, url: str) -> Tally:
        """The account that what happens at `url` goes to."""
        own = site_of(url) if len(self.tallies) > 1 and self._scope.owns(url) else self._scope.label
        return self.tallies[own]
