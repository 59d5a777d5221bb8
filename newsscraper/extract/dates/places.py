"""The offset of a whole country at an instant, where all its zones agree on one."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files

from newsscraper.extract.dates.zones import zone_info

_OTHER_CODES = {"uk": "gb"}
_GENERIC = frozenset(
    "ac ai am bz cc cf co fm ga gd gg gl in io la ly me ml mu nu pw sc sh so st tk to tv vc ws".split()
)
"""Domains of countries that sites of any country use."""


def offset_of_country(code: str, moment: dt.datetime) -> dt.timedelta | None:
    """The offset at `moment` (with a zone) in the country of a domain or language region; None where it has several.

    `code` has two letters: `pl`, `JP`, `uk`. None as well for what is no country's or anybody's domain.
    """
    code = code.lower()
    if code in _GENERIC:
        return None
    zones = _zones().get(_OTHER_CODES.get(code, code), ())
    offsets = {moment.astimezone(zone_info(zone)).utcoffset() for zone in zones}
    return offsets.pop() if len(offsets) == 1 else None


@cache
def _zones() -> dict[str, list[str]]:
    """Country -> IANA names, from the table that the zones come with."""
    zones: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            zones.setdefault(country.lower(), []).append(zone)
    return zones
