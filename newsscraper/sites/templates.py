"""Templates of addresses in a profile: `/en/news/{code}`, `/archive/{yyyy}/{mm}/{dd}/`."""

from __future__ import annotations

import re

from newsscraper.sites.checks import FactError, check_text, check_url, shown

CODE = "{code}"
_YEARS, _MONTHS, _DAYS = ("{yyyy}", "{yy}"), ("{mm}", "{m}"), ("{dd}", "{d}")
_PLACE = re.compile(r"\{[^{}]*\}|[{}]")


def check_story_template(value: object) -> str:
    """A path or URL with `{code}` in it, once."""
    text = _check_address(value, "'/en/news/{code}'", (CODE,))
    if text.count(CODE) != 1:
        raise FactError(f"expected an address with {CODE} in it once, such as '/en/news/{CODE}', got {shown(value)}")
    return text


def check_archive_template(value: object) -> str:
    """A path or URL with a year in it, perhaps a month, and with that perhaps a day."""
    text = _check_address(value, "'/archive/{yyyy}/{mm}/{dd}/'", (*_YEARS, *_MONTHS, *_DAYS))
    has_year = any(place in text for place in _YEARS)
    if not has_year or (is_by_day(text) and not is_by_month(text)):
        raise FactError(
            "expected an address with {yyyy} or {yy} in it, with {mm} or {m} where it is by month, and {dd} or {d} "
            f"besides where it is by day, such as '/archive/{{yyyy}}/{{mm}}/{{dd}}/', got {shown(value)}"
        )
    return text


def is_by_day(template: str) -> bool:
    """True for an archive with a page a day."""
    return any(place in template for place in _DAYS)


def is_by_month(template: str) -> bool:
    """True for an archive with a page a month or a day."""
    return any(place in template for place in _MONTHS)


def _check_address(value: object, example: str, places: tuple[str, ...]) -> str:
    """A path or a URL; what stands in braces is one of `places`."""
    text = check_text(value)
    unknown = [place for place in _PLACE.findall(text) if place not in places]
    if unknown:
        raise FactError(f"expected no other places than {', '.join(places)}, got {unknown[0]} in {shown(value)}")
    if re.search(r"\s", text) or ((text.startswith("//") or not text.startswith("/")) and not _is_url(text)):
        raise FactError(f"expected a path such as {example}, or a whole http or https URL, got {shown(value)}")
    return text


def _is_url(text: str) -> bool:
    try:
        check_url(_PLACE.sub("0", text))
    except FactError:
        return False
    return True
