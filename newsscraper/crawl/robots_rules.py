"""What a robots.txt says (RFC 9309).

With the lines beside it that sites use: Crawl-delay, Request-rate, Sitemap, and what texts may be used for
(Content-Usage, Content-Signal).

Protego, Scrapy's parser, differs where it matters here: a group for `news` is taken for one of `newsscraper`, and lines
end at more than ends of lines.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser
from scrapy.utils.python import to_unicode

from newsscraper.extract.signals import split_terms

MAX_BYTES = 500 * 1024
"""What is read of a robots.txt: the least that the RFC asks for. The rest is ignored."""

_ALLOW = frozenset({"allow"})
_DISALLOW = frozenset({"disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"})
_AGENT = frozenset({"user-agent", "useragent", "user agent"})
_SITEMAP = frozenset({"sitemap", "site-map"})
_USAGE = frozenset({"content-usage", "content-signal"})
_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[a-z_-]+")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_TO_ESCAPE = re.compile(r"[^\x21-\x7e]")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_RATE = re.compile(r"(\d+)\s*/\s*(\d+)\s*([smhd]?)\b", re.IGNORECASE)
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True)
class _Rule:
    """A path pattern, its percent-encoding made one; the longer one counts, and of two that are as long `allow`."""

    pattern: str
    allows: bool

    @property
    def weight(self) -> tuple[int, bool]:
        return len(self.pattern), self.allows


@dataclass
class _Group:
    rules: list[_Rule] = field(default_factory=list)
    delay: float | None = None
    usage: list[tuple[str, str]] = field(default_factory=list)

    def slow_down(self, seconds: float | None) -> None:
        if seconds is not None and math.isfinite(seconds) and seconds >= 0:
            self.delay = max(seconds, self.delay or 0.0)


class RobotRules(RobotParser):
    """The rules of one robots.txt; without any, everything is allowed."""

    def __init__(self, body: bytes = b"") -> None:
        self.sitemaps: list[str] = []
        """As written."""
        self._groups: dict[str, _Group] = {}
        self._read(_lines_of(body))
        for group in self._groups.values():
            group.rules.sort(key=lambda rule: rule.weight, reverse=True)

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        """As Scrapy makes one."""
        return cls(robotstxt_body)

    @property
    def rp(self) -> Self:
        """Where Scrapy's own keep the parser that they wrap."""
        return self

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Whether `user_agent`, a product token, may ask for `url`."""
        path = path_of(to_unicode(url))
        if path == "/robots.txt":
            return True
        group = self._group_of(user_agent)
        rule = next((rule for rule in group.rules if _matches(rule.pattern, path)), None)
        return rule is None or rule.allows

    def crawl_delay(self, user_agent: str | bytes) -> float | None:
        """Seconds between two requests, by Crawl-delay or Request-rate, whichever is slower."""
        return self._group_of(user_agent).delay

    def usage_of(self, url: str, user_agent: str) -> list[str]:
        """What texts may be used for, lower case, as found: `train-ai=n`, `ai-train=no`. The longest path counts."""
        path = path_of(url)
        fitting = [(prefix, terms) for prefix, terms in self._group_of(user_agent).usage if path.startswith(prefix)]
        longest = max((len(prefix) for prefix, _ in fitting), default=0)
        found = [term for prefix, terms in fitting if len(prefix) == longest for term in split_terms(terms)]
        return list(dict.fromkeys(found))

    def _group_of(self, user_agent: str | bytes) -> _Group:
        own = self._groups.get(_token_of(to_unicode(user_agent)))
        return own or self._groups.get("*") or _Group()

    def _read(self, lines: list[str]) -> None:
        groups: list[_Group] = []
        is_open = False
        for line in lines:
            name, _, value = line.partition("#")[0].partition(":")
            name, value = " ".join(name.split()).lower(), value.strip()
            if name in _AGENT:
                groups = groups if is_open else []
                is_open = True
                token = _token_of(value)
                groups += [self._groups.setdefault(token, _Group())] if token else []
            elif name in _SITEMAP:
                self.sitemaps += [value] if value else []
            else:
                is_open = not _tell(groups, name, value) and is_open


def _tell(groups: list[_Group], name: str, value: str) -> bool:
    """Add a line to `groups`. True for one that ends their list of agents."""
    if name in _ALLOW | _DISALLOW:
        if value:
            rule = _Rule(_normalise(value), name in _ALLOW)
            for group in groups:
                group.rules.append(rule)
        return True
    if name in {"crawl-delay", "crawl delay", "request-rate", "request rate"}:
        seconds = _seconds_of(value) if "delay" in name else _pace_of(value)
        for group in groups:
            group.slow_down(seconds)
        return True
    if name in _USAGE:
        prefix, _, terms = value.partition(" ") if value.startswith("/") else ("/", "", value)
        for group in groups:
            group.usage.append((_normalise(prefix), terms))
        return True
    return False


def _lines_of(body: bytes) -> list[str]:
    """The lines of what is read; one that the limit cuts is no line."""
    text = body[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    lines = _LINE_END.split(text)
    return lines[:-1] if len(body) > MAX_BYTES else lines


def _token_of(value: str) -> str:
    """The product token of a `User-agent` line or header, lower case; `*` for all."""
    if value.startswith("*"):
        return "*"
    match = _TOKEN.match(value.lower())
    return match[0] if match else ""


def path_of(url: str) -> str:
    """Path and query, as rules are compared with: a star or dollar in it is none of a pattern's."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _normalise(path).replace("*", "%2A").replace("$", "%24")


def _normalise(path: str) -> str:
    """Percent-encoding as RFC 9309 compares it: unreserved characters bare, others than ASCII encoded."""
    bare = _ESCAPED.sub(_unescape, path)
    return _TO_ESCAPE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), bare)


def _unescape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()


def matches_path(pattern: str, path: str) -> bool:
    """Whether `pattern`, as written, fits `path`, as `path_of` gives it."""
    return _matches(_normalise(pattern), path)


def _matches(pattern: str, path: str) -> bool:
    """`*` stands for anything, `$` at the end for the end, elsewhere for itself. In one pass, whatever the pattern."""
    is_anchored = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").replace("$", "%24").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    last = parts.pop() if parts and is_anchored else None
    for part in parts:
        place = path.find(part, place)
        if place < 0:
            return False
        place += len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= place
    return place == len(path) if is_anchored else True


def _seconds_of(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _pace_of(value: str) -> float | None:
    """Seconds between two requests of a `Request-rate`: `1/5`, `10/1m`; hours of the day are not looked at."""
    match = _RATE.match(value)
    if not match or not int(match[1]):
        return None
    return int(match[2]) * _UNITS[match[3].lower()] / int(match[1])
