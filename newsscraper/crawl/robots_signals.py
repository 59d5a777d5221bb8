"""What an answer's headers, and a file of its host, say of what may be done with it.

X-Robots-Tag; the TDM Reservation Protocol's headers and its `/.well-known/tdmrep.json`; Content-Usage, Content-Signal.
What a page says in its own markup is read with the rest of it; here alone what no reading is needed for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from scrapy.http import Response

from newsscraper.crawl.robots_rules import matches_path, path_of, split_terms
from newsscraper.story import Rights

TDM_FILE = "/.well-known/tdmrep.json"

_VALUED = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
"""Directives that have a colon of their own."""
_ADDRESSED = re.compile(r"\s*([A-Za-z][\w.-]*)\s*:(.*)", re.DOTALL)
_AROUND_COLON = re.compile(r"\s*:\s*")
_META = re.compile(rb"<meta\b[^>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HEAD = 1 << 18
"""Bytes of a page in which its directives are looked for."""


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
        tdm_reservation=_read_reservation(next(iter(headers.get("tdm-reservation", ())), None)),
        tdm_policy=next((value.strip() for value in headers.get("tdm-policy", ()) if value.strip()), None),
    )


@dataclass(frozen=True)
class TdmRule:
    """What a `tdmrep.json` says of the paths that fit `location`, a pattern as in robots.txt."""

    location: str
    signals: Signals


def read_tdm_file(body: bytes) -> list[TdmRule]:
    """The rules of a `tdmrep.json`, the longest path first; empty where it is none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return []
    rules = [rule for each in told if (rule := _read_rule(each)) is not None] if isinstance(told, list) else []
    return sorted(rules, key=lambda rule: len(rule.location), reverse=True)


def find_tdm_rule(rules: Iterable[TdmRule], url: str) -> Signals:
    """What the first of `rules` that fits `url` says; nothing where none does."""
    path = path_of(url)
    return next((rule.signals for rule in rules if matches_path(rule.location, path)), Signals())


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


def headers_of(response: Response) -> dict[str, list[str]]:
    """As `read_headers` takes them."""
    return {
        name.decode("latin-1").lower(): [value.decode("latin-1") for value in values]
        for name, values in response.headers.items()
    }


def forbids_links(signals: Signals, body: bytes, agent: str) -> bool:
    """Whether a page's headers or markup say that its links are not to be followed."""
    head = body[:_HEAD].lower()
    told = _read_metas(head, agent).robots if b"nofollow" in head or b"none" in head else ()
    return not {*signals.robots, *told}.isdisjoint({"nofollow", "none"})


def read_markup(body: bytes, agent: str) -> Signals:
    """What a page that is no story says in its head, to everybody or to the robot called `agent`."""
    return _read_metas(body[:_HEAD], agent)


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


def _read_reservation(value: object) -> bool | None:
    return {"1": True, "0": False}.get(str(value).strip())


def _read_rule(told: object) -> TdmRule | None:
    if not isinstance(told, dict) or not isinstance(told.get("location"), str):
        return None
    reservation, policy = _read_reservation(told.get("tdm-reservation")), told.get("tdm-policy")
    policy = policy if isinstance(policy, str) else None
    return TdmRule(told["location"], Signals(tdm_reservation=reservation, tdm_policy=policy))


def _read_metas(head: bytes, agent: str) -> Signals:
    """`<meta name=robots>`, those of our own name, and those of TDMRep."""
    found: dict[str, str] = {}
    for tag in _META.findall(head):
        text = tag.decode("latin-1")
        values = {each[0].lower(): unescape(each[1] or each[2] or each[3]) for each in _ATTRIBUTE.findall(text)}
        name, content = values.get("name", "").strip().lower(), values.get("content", "")
        name = "robots" if name == agent.lower() else name
        found[name] = f"{found[name]},{content}" if name in found else content
    directives = re.split(r"[\s,;]+", found.get("robots", "").lower())
    return Signals(
        robots=tuple(filter(None, directives)),
        tdm_reservation=_read_reservation(found.get("tdm-reservation")),
        tdm_policy=found.get("tdm-policy"),
    )
