"""Every fault by its name, and the switches that turn them on while the site is served."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from threading import Lock
from urllib.parse import urlsplit

from .busy import BUSY_FAULTS
from .dresses import make_paywall_data
from .fault import Asked, Fault, Kind, read_fault
from .oversize import OVERSIZE_FAULTS
from .page import Page, add_to_head, make_file
from .redirects import REDIRECT_FAULTS
from .rights import RIGHTS_FAULTS
from .robots import ROBOTS_FAULTS
from .site import DemoSite
from .story import DemoStory
from .walls import WALL_FAULTS

_API = "/api/stories/"


def _serve_api(asked: Asked) -> Page | None:
    code = asked.plain_path.removeprefix(_API).removesuffix(".json")
    if not asked.plain_path.startswith(_API) or not code.isdecimal():
        return None
    story = asked.site.tell_story(int(code), asked.base)
    return make_file("application/json", json.dumps(story, ensure_ascii=False).encode()) if story else None


_DRESS_FAULTS = {
    "broken_title": Kind(
        what="a redesign: other class names in story pages, and no headline in them",
        where="stories",
        dress="no_title",
    ),
    "broken_date": Kind(
        what="a redesign: other class names in story pages, and no date in them", where="stories", dress="no_date"
    ),
    "broken_body": Kind(
        what="a redesign: other class names in story pages, and no text in them", where="stories", dress="no_body"
    ),
    "paywall": Kind(
        what="story pages end after their first paragraph, and say isAccessibleForFree: false",
        where="stories",
        dress="paywall",
        answer=lambda asked: add_to_head(asked.page, make_paywall_data()),
    ),
    "script_state": Kind(
        what="the story stands in a script's variable, and nowhere in the tree", where="stories", dress="script_state"
    ),
    "script_only": Kind(
        what="not a word of the story in the page: a script asks for it and draws it",
        where="stories",
        dress="script_only",
        further=_serve_api,
    ),
}

KINDS: dict[str, Kind] = {
    name: replace(kind, needs_story=kind.dress is not None)
    for group in (
        _DRESS_FAULTS,
        RIGHTS_FAULTS,
        REDIRECT_FAULTS,
        OVERSIZE_FAULTS,
        WALL_FAULTS,
        BUSY_FAULTS,
        ROBOTS_FAULTS,
    )
    for name, kind in group.items()
}
"""Where several are on for one address they are applied in this order, so that the last has the last word."""

FAULTS: dict[str, str] = {name: kind.what for name, kind in KINDS.items()}
"""Name -> what it does."""


class Switches:
    """Which faults are on. They may be switched while the site is being served.

    Each is given by its name, by text that `fault.read_fault` reads, or as a `Fault`. Raises `ValueError` on a name
    that is none of `FAULTS`.
    """

    def __init__(self, faults: Iterable[str | Fault] = ()) -> None:
        self._lock = Lock()
        self._on: dict[str, Fault] = {}
        self._earlier: Counter[tuple[str, str]] = Counter()
        """(Fault, address) -> how often the address was asked while the fault showed."""
        self._met: Counter[str] = Counter()
        """Fault -> how many requests it was meant for."""
        for fault in faults:
            self.turn_on(fault)

    @property
    def on(self) -> tuple[Fault, ...]:
        """Those that are on, in the order in which they are applied."""
        with self._lock:
            return tuple(self._on[name] for name in KINDS if name in self._on)

    def turn_on(self, fault: str | Fault) -> None:
        """On from the next request; one that was on begins anew, as if nothing had been asked yet."""
        fault = read_fault(fault) if isinstance(fault, str) else fault
        if fault.name not in KINDS:
            raise ValueError(f"unknown fault {fault.name!r}; there are {', '.join(sorted(KINDS))}")
        with self._lock:
            self._forget(fault.name)
            self._on[fault.name] = fault.settle(KINDS[fault.name])

    def turn_off(self, *names: str) -> None:
        """Off from the next request; all of them where none is named."""
        with self._lock:
            for name in names or tuple(self._on):
                self._on.pop(name, None)
                self._forget(name)

    def answer(self, site: DemoSite, path: str, base: str, now: datetime) -> Page:
        """What `site` answers with the faults that are on; `now` is aware, for headers that name a time."""
        story = site.story_at(path)
        shown = self._choose(path, story)
        kinds = [(KINDS[fault.name], fault.seconds or 0.0) for fault in shown]
        page = site.page(path, base, [kind.dress for kind, _ in kinds if kind.dress])
        asked = Asked(site=site, path=path, base=base, story=story, page=page, now=now)
        asked = replace(asked, page=self._answer_further(asked) or page)
        for kind, seconds in kinds:
            if kind.answer:
                asked = replace(asked, page=kind.answer(replace(asked, seconds=seconds)))
        return asked.page

    def _choose(self, path: str, story: DemoStory | None) -> list[Fault]:
        """The faults that this request meets; that it was asked is counted."""
        plain = urlsplit(path).path
        meant = [fault for fault in self.on if fault.befalls(plain, story, KINDS[fault.name])]
        with self._lock:
            return [fault for fault in meant if self._shows(fault, path)]

    def _shows(self, fault: Fault, path: str) -> bool:
        """Whether it is time for a fault that is meant for an address."""
        self._met[fault.name] += 1
        if self._met[fault.name] <= (fault.after or 0):
            return False
        self._earlier[fault.name, path] += 1
        return fault.times is None or self._earlier[fault.name, path] <= fault.times

    def _answer_further(self, asked: Asked) -> Page | None:
        furthers = [further for fault in self.on if (further := KINDS[fault.name].further)]
        return next((page for further in furthers if (page := further(asked))), None)

    def _forget(self, name: str) -> None:
        del self._met[name]
        for key in [key for key in self._earlier if key[0] == name]:
            del self._earlier[key]
