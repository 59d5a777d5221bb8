"""What an answer's headers say of what may be done with it, beside what its page says itself.

X-Robots-Tag; the TDM Reservation Protocol's headers; Content-Usage and Content-Signal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsscraper.story import Rights

_VALUED = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
"""Directives that have a colon of their own."""
_ADDRESSED = re.compile(r"\s*([A-Za-z][\w.-]*)\s*:(.*)", re.DOTALL)
_AROUND_COLON = re.compile(r"\s*:\s*")
_BLANK = re.compile(r"\s")
_BETWEEN_TERMS = re.compile(r"[,;]")


@dataclass(frozen=True, kw_only=True)
class Signals:
    """What was found beside a page. `robots`: directives, lower case, those for one robot as `robot:directive`."""

    robots: tuple[str, ...] = ()
    tdm_reservation: bool | None = None
    tdm_policy: str | None = None


def read_headers(headers: Mapping[str, Sequence[str]], agent: str) -> Signals:
    """What `headers` (name in lower case -> values) say, to everybody or to the robot called `agent`."""
    robots = [each for value in headers.get("x-robots-tag", ()) for each in _read_tag(value, agent)]
    for name in ("content-usage", "content-signal"):
        robots += [term for value in headers.get(name, ()) for term in split_terms(value)]
    return Signals(
        robots=tuple(dict.fromkeys(robots)),
        tdm_reservation=read_reservation(next(iter(headers.get("tdm-reservation", ())), None)),
        tdm_policy=next((value.strip() for value in headers.get("tdm-policy", ()) if value.strip()), None),
    )


def read_reservation(told: object) -> bool | None:
    """`1` is True, `0` False."""
    return {"1": True, "0": False}.get(str(told).strip())


def split_terms(text: str) -> list[str]:
    """`search=yes, ai-train=no` as a list, lower case, without spaces."""
    return [term for part in _BETWEEN_TERMS.split(text) if (term := _BLANK.sub("", part).lower())]


def merge_rights(rights: Rights, beside: Iterable[Signals]) -> Rights:
    """`rights`, as the page has them, with what was found `beside` it, the nearer first: the page's own word counts."""
    robots, reservation, policy = list(rights["robots"]), rights["tdm_reservation"], rights["tdm_policy"]
    for signals in beside:
        robots += signals.robots
        if reservation is None:
            reservation, policy = signals.tdm_reservation, policy or signals.tdm_policy
    robots = list(dict.fromkeys(robots))
    noai = rights["noai"] or not {"noai", "noimageai"}.isdisjoint(robots)
    return Rights(robots=robots, noai=noai, tdm_reservation=reservation, tdm_policy=policy)


def join_rights(first: Rights, further: Iterable[Rights]) -> Rights:
    """Those of a story whose first page has `first`: what any of its `further` pages reserves holds for all of it."""
    joined = first
    for rights in further:
        is_reserved = bool(rights["tdm_reservation"])
        joined = Rights(
            robots=list(dict.fromkeys([*joined["robots"], *rights["robots"]])),
            noai=joined["noai"] or rights["noai"],
            tdm_reservation=is_reserved or joined["tdm_reservation"],
            tdm_policy=joined["tdm_policy"] or (rights["tdm_policy"] if is_reserved else None),
        )
    return joined


def _read_tag(value: str, agent: str) -> list[str]:
    """One X-Robots-Tag: `noindex, nofollow`, or `robot: noindex, other: nofollow`; a name holds till the next."""
    found, prefix = [], ""
    for part in value.split(","):
        match, term = _ADDRESSED.match(part), part
        if match and match[1].lower() not in _VALUED:
            robot, term = match[1].lower(), match[2]
            prefix = f"{robot}:" if robot != agent.lower() else ""
        told = _AROUND_COLON.sub(":", term.strip().lower())
        found += [f"{prefix}{told}"] if told else []
    return found
