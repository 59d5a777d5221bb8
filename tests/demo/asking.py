"""Asks the demo site with faults switched on, without a server in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from newsscraper_demo.fault import Fault
from newsscraper_demo.faults import Switches
from newsscraper_demo.site import DemoSite, Page

BASE = "http://demo.example/"
NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


class Faulty:
    """`faulty(path)` -> the answer of a site with faults."""

    def __init__(self, site: DemoSite, *faults: str | Fault) -> None:
        self.site = site
        self.switches = Switches(faults)

    def __call__(self, path: str) -> Page:
        return self.switches.answer(self.site, path, BASE, NOW)

    def text(self, path: str) -> str:
        return self(path).body.decode()

    def statuses(self, paths: Iterable[str]) -> list[int]:
        return [self(path).status for path in paths]


def follow(faulty: Faulty, path: str, hops: int = 20) -> list[str]:
    """The addresses from `path` on, redirect after redirect, until none is left or `hops` were made."""
    urls = [path]
    while len(urls) <= hops:
        page = faulty(urls[-1].removeprefix(BASE.rstrip("/")))
        if "Location" not in page.headers:
            break
        urls.append(page.headers["Location"])
    return urls
