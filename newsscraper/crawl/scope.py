"""What belongs to the site that is crawled: everything else is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from newsscraper.sites import Profile
from newsscraper.store import site_of


@dataclass(frozen=True)
class Scope:
    """The registrable domains of the start URLs (with port for an address) and the hosts of the profile."""

    sites: frozenset[str]
    profile: Profile | None = None

    @classmethod
    def of(cls, urls: Iterable[str], profile: Profile | None = None) -> Scope:
        """The scope of a crawl that starts at `urls`. Raises `ValueError` for what is no http or https URL."""
        return cls(frozenset(site_of(url) for url in urls), profile)

    def owns(self, url: str) -> bool:
        """True when `url` lies on this site."""
        try:
            site = site_of(url)
        except ValueError:
            return False
        if site in self.sites:
            return True
        return bool(self.profile and self.profile.owns(url))

    @cached_property
    def label(self) -> str:
        """The site's name in the corpus: where its run reports lie."""
        return min(sorted(self.sites), key=len)
