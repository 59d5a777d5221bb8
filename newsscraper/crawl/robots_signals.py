"""What a host's `/.well-known/tdmrep.json` says of what may be done with its answers, and how answers are asked.

What headers say is read by `extract.signals`; what a story's page says in its own markup is read with the rest of it.
Here alone what no reading is needed for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from scrapy.http import Response

from newsscraper.crawl.robots_rules import matches_path, path_of
from newsscraper.extract.signals import Signals, read_reservation

TDM_FILE = "/.well-known/tdmrep.json"

_META = re.compile(rb"<meta\b[^>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HEAD = 1 << 18
"""Bytes of a page in which its directives are looked for."""


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


def _read_rule(told: object) -> TdmRule | None:
    if not isinstance(told, dict) or not isinstance(told.get("location"), str):
        return None
    reservation, policy = read_reservation(told.get("tdm-reservation")), told.get("tdm-policy")
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
        tdm_reservation=read_reservation(found.get("tdm-reservation")),
        tdm_policy=found.get("tdm-policy"),
    )
