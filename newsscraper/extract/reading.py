"""From bytes to a `Page`: everything that is read before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from lxml import etree

from newsscraper.errors import InputError
from newsscraper.extract.decode import Decoded, decode
from newsscraper.extract.page import Page
from newsscraper.extract.structured import read_structured
from newsscraper.extract.tree import find_elements, parse
from newsscraper.extract.walk import find_blocks
from newsscraper.sites import load_profile
from newsscraper.sites.profile import Profile


@dataclass(frozen=True, slots=True)
class Parsed:
    """A page's tree: whoever reads it, nobody changes it."""

    decoded: Decoded
    root: etree._Element


def parse_page(html: bytes | str, charset: str | None = None) -> Parsed:
    """Decoded and parsed; `charset` is the label of the HTTP header. Raises `UnreadablePage`."""
    decoded = decode(html, charset)
    return Parsed(decoded, parse(decoded.text))


def read_page(
    html: bytes | str | Parsed,
    url: str | None = None,
    profile: Profile | str | None = None,
    charset: str | None = None,
    fetched_at: str | None = None,
) -> Page:
    """Decoded, parsed once, walked once. Arguments and errors as those of `extract`, which says what they are."""
    known_url = url if is_url(url) else None
    parsed = html if isinstance(html, Parsed) else parse_page(html, charset)
    decoded, root = parsed.decoded, parsed.root
    elements = find_elements(root)
    structured = read_structured(elements, known_url)
    notes = [f"{structured.broken} JSON-LD scripts could not be read"] if structured.broken else []
    blocks, instant = find_blocks(root), checked_instant(fetched_at)
    return Page(root, elements, decoded, blocks, structured, known_url, known_profile(profile), instant, notes=notes)


def known_profile(profile: Profile | str | None) -> Profile:
    """The profile itself, the one of that name, or one without facts. Raises `InputError` for a name that none has."""
    if isinstance(profile, str):
        return load_profile(profile)
    return profile or Profile(name="")


def checked_instant(fetched_at: str | None) -> str | None:
    """`fetched_at` in one form, whichever of ISO 8601's it has. Raises `InputError` where it is no date or instant."""
    if fetched_at is None:
        return None
    try:
        return _read_instant(fetched_at)
    except (TypeError, ValueError):
        raise InputError(
            f"fetched_at: expected an ISO 8601 instant such as 2022-03-30T17:20:00Z, got {fetched_at!r}"
        ) from None


def _read_instant(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        instant = datetime.fromisoformat(text)
        return _within_calendar(instant).isoformat()


def _within_calendar(instant: datetime) -> datetime:
    """An instant that UTC cannot tell, by its first or last one."""
    if instant.tzinfo:
        try:
            instant.astimezone(UTC)
        except OverflowError:
            return (datetime.min if instant.year == 1 else datetime.max).replace(tzinfo=UTC)
    return instant


def is_url(url: str | None) -> bool:
    """False for what cannot be taken apart as a URL: the page is then read as one whose URL is not known."""
    try:
        (url or "").encode()
        return bool(url) and bool(urlsplit(url).hostname or urlsplit(url).path)
    except ValueError:
        return False
