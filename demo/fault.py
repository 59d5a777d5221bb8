"""A fault of the site: what it is, where it is switched on, and what it is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin, urlsplit

from .page import Page
from .story import DemoStory

if TYPE_CHECKING:
    from .site import DemoSite

ROBOTS_PATH = "/robots.txt"
_MACHINE_PATHS = (ROBOTS_PATH, "/.well-known/")

Where = Literal["robots", "pages", "stories"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as a fault sees it."""

    site: DemoSite
    path: str
    """With its query."""
    base: str
    """The site's URL as it was asked for: `http://127.0.0.1:8000/`."""
    story: DemoStory | None
    """The story that lies there, by whatever address."""
    page: Page
    """The answer so far: the site's own, or what faults before this one made of it."""
    now: datetime
    seconds: float = 0.0
    """The switch's own, or the fault's default."""

    @property
    def plain_path(self) -> str:
        """Without the query."""
        return urlsplit(self.path).path

    def url(self, path: str) -> str:
        """An absolute URL on this site."""
        return urljoin(self.base, path)


Answer = Callable[[Asked], Page]
MaybeAnswer = Callable[[Asked], Page | None]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a fault does."""

    what: str
    where: Where
    """What it befalls unless the switch names a path: robots.txt, all other pages, or only pages of stories."""
    answer: Answer | None = None
    """The answer in the place of `Asked.page`."""
    dress: str | None = None
    """What `DemoSite.page` is to draw story pages with; see `dresses.DRESSES`."""
    further: MaybeAnswer | None = None
    """Addresses that the site has only because of the fault; None for any other."""
    needs_story: bool = False
    """Befalls story pages only, whatever path the switch names."""
    times: int | None = None
    """How often an address is befallen, from the first time it is asked; None is always."""
    after: int = 0
    """How many requests go well before the fault shows."""
    seconds: float = 0.0
    """A time that it tells or takes."""


@dataclass(frozen=True)
class Fault:
    """A switch that is on. What is None is as the fault's `Kind` has it."""

    name: str
    under: str | None = None
    """Path prefix of what is befallen; None leaves it to the fault."""
    share: float = 1.0
    """Of the addresses that could be befallen, 0 to 1: always the same ones, whatever the order they are asked in."""
    times: int | None = None
    after: int | None = None
    seconds: float | None = None

    def befalls(self, path: str, story: DemoStory | None, kind: Kind) -> bool:
        """Whether the fault is meant for an address at all, now or at another time."""
        if kind.needs_story and story is None:
            return False
        is_meant = _is_at(kind.where, path, story) if self.under is None else path.startswith(self.under)
        return is_meant and _draw_lot(self.name, story.path if story else path) < self.share

    def settle(self, kind: Kind) -> Fault:
        """The same with the defaults of its kind filled in."""
        return replace(
            self,
            times=kind.times if self.times is None else self.times,
            after=kind.after if self.after is None else self.after,
            seconds=kind.seconds if self.seconds is None else self.seconds,
        )


def read_fault(text: str) -> Fault:
    """`NAME`, `NAME:/path/`, `NAME:0.25` or `NAME:/path/:0.25`. Raises `ValueError` on other shapes, not on names."""
    name, *rest = text.split(":")
    under = rest.pop(0) if rest and rest[0].startswith("/") else None
    try:
        share = float(rest.pop(0)) if rest else 1.0
    except ValueError:
        share = -1.0
    if rest or not 0 <= share <= 1:
        raise ValueError(f"{text!r} is no fault: NAME, then :/path/ or :SHARE (0 to 1) or both")
    return Fault(name, under, share)


def _is_at(where: Where, path: str, story: DemoStory | None) -> bool:
    match where:
        case "robots":
            return path == ROBOTS_PATH
        case "stories":
            return story is not None
        case "pages":
            return not path.startswith(_MACHINE_PATHS)


def _draw_lot(name: str, path: str) -> float:
    """A number from 0 up to 1 that an address has for good, another one for each fault."""
    return int(hashlib.sha256(f"{name} {path}".encode()).hexdigest()[:8], 16) / 2**32
