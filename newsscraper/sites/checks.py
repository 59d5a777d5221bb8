"""What a value in a profile may be: small checks, and two ways to put them together, lists and tables.

A check takes a value as TOML gave it and returns what the profile keeps, or raises `FactError`, whose `key` grows on
the way out (`selectors.title[0]`) and whose `expected` says what should have been there and what was.
"""

from __future__ import annotations

import difflib
import math
import re
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import cssselect

Check = Callable[[object], Any]

CALENDARS = ("gregorian", "jalali", "hijri")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*"
)  # RFC 5646: language, script, region, variants, in their usual case
_ATTRIBUTE = re.compile(r"::attr\([A-Za-z_][\w.:-]*\)\s*$")


class FactError(ValueError):
    """A value is not what it should be. `key` is dotted, and empty for the value itself.

    `others` are further faults that were met beside this one.
    """

    def __init__(self, expected: str, key: str = "", others: Iterable[FactError] = ()) -> None:
        super().__init__(f"{key}: {expected}")
        self.key = key
        self.expected = expected
        self.others = tuple(others)

    def under(self, prefix: str) -> FactError:
        """The same faults, told from one level further out."""
        joint = "." if self.key and not self.key.startswith("[") else ""
        return FactError(self.expected, f"{prefix}{joint}{self.key}", [other.under(prefix) for other in self.others])


def refuse(faults: Iterable[FactError]) -> None:
    """Raise the first fault with all others beside it; nothing where there is none."""
    alone = [FactError(one.expected, one.key) for fault in faults for one in (fault, *fault.others)]
    if alone:
        raise FactError(alone[0].expected, alone[0].key, alone[1:])


def shown(value: object) -> str:
    """A value as an error message prints it: kind and text, cut when long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def suggestion(word: str, known: Iterable[str]) -> str:
    """` (did you mean ...?)` when a known word is near, else nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def list_of(check: Check) -> Check:
    """A list, each of whose members passes `check`, none of them twice."""

    def check_list(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise FactError(f"expected a list, got {shown(value)}")
        members, faults = [], []
        for place, member in enumerate(value):
            if member in value[:place]:
                faults.append(FactError(f"expected each member once, got {shown(member)} again", f"[{place}]"))
                continue
            try:
                members.append(check(member))
            except FactError as wrong:
                faults.append(wrong.under(f"[{place}]"))
        refuse(faults)
        return tuple(members)

    return check_list


def table_of(checks: Mapping[str, Check], *, required: Mapping[str, str] = MappingProxyType({})) -> Check:
    """A table with known keys, each of whose values passes its own check; `required` says what a missing one holds."""

    def check_table(value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise FactError(f"expected a table of {', '.join(checks)}, got {shown(value)}")
        faults = [
            FactError(f"expected one of {', '.join(checks)}, got {key!r}{suggestion(key, checks)}", key)
            for key in value
            if key not in checks
        ]
        faults += [
            FactError(f"missing; {what} was expected", key) for key, what in required.items() if key not in value
        ]
        checked = {}
        for key in filter(checks.__contains__, value):
            try:
                checked[key] = checks[key](value[key])
            except FactError as wrong:
                faults.append(wrong.under(key))
        refuse(faults)
        return checked

    return check_table


def check_text(value: object) -> str:
    """Text on one line, not empty."""
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise FactError(f"expected text on one line, got {shown(value)}")
    return value.strip()


def check_bool(value: object) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise FactError(f"expected true or false, got {shown(value)}")
    return value


def check_name(value: object) -> str:
    """A name for a profile or platform, fit for a file, a spider and a record."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise FactError(f"expected a name of a-z, 0-9, '-' and '_', got {shown(value)}")
    return value


def check_host(value: object) -> str:
    """A bare host name: lower case, ASCII, no scheme, port, path or `www.`."""
    if not isinstance(value, str) or not _HOST.fullmatch(value) or value.startswith("www."):
        raise FactError(
            "expected a host name such as 'example.com' (lower case, ASCII, no scheme, port, path or 'www.'), "
            f"got {shown(value)}"
        )
    return value


def check_url(value: object) -> str:
    """An absolute http or https URL."""
    text = value if isinstance(value, str) else ""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        good = False
    if not good:
        raise FactError(f"expected an http or https URL, got {shown(value)}")
    return text


def check_path(value: object) -> str:
    """A path prefix, `/fa/`."""
    if not isinstance(value, str) or not re.fullmatch(r"/(\S*/)?", value):
        raise FactError(f"expected a path prefix such as '/fa/', got {shown(value)}")
    return value


def check_pattern(value: object) -> re.Pattern[str]:
    """A regular expression, searched in whole URLs."""
    text = check_text(value)
    try:
        pattern = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise FactError(f"expected a regular expression, got {shown(value)} ({error})") from None
    if pattern.search(""):
        raise FactError(
            f"expected a regular expression that tells URLs apart, got {shown(value)}, which fits every URL"
        )
    return pattern


def check_selector(value: object) -> str:
    """A CSS selector of nodes."""
    text = check_text(value)
    try:
        chosen = cssselect.parse(text)
        cssselect.HTMLTranslator().css_to_xpath(text)
    except cssselect.SelectorError as error:
        raise FactError(f"expected a CSS selector, got {shown(value)} ({error})") from None
    if any(selector.pseudo_element for selector in chosen):
        raise FactError(f"expected a CSS selector without a pseudo-element, got {shown(value)}")
    return text


def check_value_selector(value: object) -> str:
    """A CSS selector of nodes, or of an attribute of theirs: `a::attr(href)`."""
    text = check_text(value)
    try:
        check_selector(_ATTRIBUTE.sub("", text))
    except FactError as wrong:
        raise FactError(f"{wrong.expected}; an attribute is read by '::attr(name)' at the end") from None
    return text


def check_language(value: object) -> str:
    """A BCP 47 tag."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise FactError(f"expected a BCP 47 language tag such as 'fa' or 'zh-Hant', got {shown(value)}")
    return value


def check_calendar(value: object) -> str:
    """The name of a calendar that printed dates may follow."""
    if not isinstance(value, str) or value not in CALENDARS:
        near = suggestion(value, CALENDARS) if isinstance(value, str) else ""
        raise FactError(f"expected one of {', '.join(CALENDARS)}, got {shown(value)}{near}")
    return value


def check_zone(value: object) -> str:
    """An IANA time zone."""
    zones = _zones()
    if not isinstance(value, str) or value not in zones:
        near = suggestion(value, zones) if isinstance(value, str) else ""
        raise FactError(f"expected an IANA time zone such as 'Asia/Tehran', got {shown(value)}{near}")
    return value


def check_delay(value: object) -> float:
    """Seconds, not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise FactError(f"expected seconds, 0 or more, got {shown(value)}")
    return float(value)


def check_count(value: object) -> int:
    """A whole number, 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise FactError(f"expected a whole number, 1 or more, got {shown(value)}")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
