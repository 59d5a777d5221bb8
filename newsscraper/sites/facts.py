"""One TOML file of facts, checked: the keys it may have, what each holds, and what the file as a whole must keep.

The keys, with their groups as `[evidence]` names them, are those of `_HOST_KEYS` and `_PLATFORM_KEYS` below. A platform
knows no hosts, and nothing that is an address on one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from newsscraper.errors import ProfileError
from newsscraper.sites.checks import (
    Check,
    FactError,
    check_bool,
    check_calendar,
    check_count,
    check_delay,
    check_host,
    check_language,
    check_name,
    check_path,
    check_pattern,
    check_selector,
    check_text,
    check_url,
    check_value_selector,
    check_zone,
    list_of,
    refuse,
    table_of,
)
from newsscraper.sites.profile import Drawing, Edition, Evidence, Politeness
from newsscraper.sites.templates import check_archive_template, check_story_template

Facts = dict[str, Any]
"""Key of the file -> its checked value: tuples for lists; `Drawing`, `Edition`, `Evidence`, `Politeness` for tables."""

FIELDS = (
    "title", "date", "story_code", "body", "tags", "authors", "lead", "description", "section", "language",
    "date_modified", "images", "publisher",
)  # fmt: skip
"""The fields of a story that labels and selectors may speak of: those that a page prints."""

URL_KINDS = ("story", "listing", "ignored")
MAX_BYTES = 1_000_000


def read_facts(path: Path, *, of_platform: bool) -> Facts:
    """The facts in a host's or a platform's file. Raises `ProfileError` for the first fault, a note for each other."""
    try:
        check_name(path.stem)
        return _platform_file(read_toml(path)) if of_platform else _host_file(read_toml(path))
    except FactError as wrong:
        fault, *others = (
            ProfileError(str(path), one.key or "file name", one.expected) for one in (wrong, *wrong.others)
        )
        for other in others:
            fault.add_note(str(other))
        raise fault from None


def read_toml(path: Path) -> dict[str, Any]:
    """The file's table. Raises `ProfileError` when it cannot be read or is no TOML."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ProfileError(str(path), "whole file", f"expected at most {MAX_BYTES:,} bytes")
        return tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise ProfileError(str(path), "whole file", f"expected a readable file, got: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProfileError(str(path), "whole file", f"expected TOML in UTF-8, got: {error}") from None


def _check_edition(value: object) -> Edition:
    keys = {"language": check_language, "calendar": check_calendar, "path": check_path, "host": check_host}
    return Edition(**table_of(keys, required={"language": "a BCP 47 language tag such as 'fa'"})(value))


def _check_editions(value: object) -> tuple[Edition, ...]:
    """The first may say neither path nor host, being the default; every other one must say which URLs are its own."""
    editions: tuple[Edition, ...] = list_of(_check_edition)(value)
    for place, edition in enumerate(editions):
        if place and not (edition.path or edition.host):
            raise FactError("expected path or host, which tell this edition from the first, got neither", f"[{place}]")
    return editions


def _check_politeness(value: object) -> Politeness:
    return Politeness(**table_of({"delay": check_delay, "concurrency": check_count})(value))


def _check_browser(value: object) -> Drawing:
    keys = {"draw": check_bool, "wait_for": check_selector, "hosts": list_of(check_host)}
    return Drawing(**table_of(keys, required={"draw": "true or false"})(value))


def _check_evidence_of(groups: tuple[str, ...]) -> Check:
    needed = {"seen_live": "true or false", "source": "where the facts are from, in a few words or as a URL,"}
    entry = table_of({"seen_live": check_bool, "source": check_text}, required=needed)
    entries = table_of(dict.fromkeys(groups, entry))
    return lambda value: {group: Evidence(**found) for group, found in entries(value).items()}


_PLATFORM_GROUPS: dict[str, Check] = {
    "zone": check_zone,
    "editions": _check_editions,
    "drop": list_of(check_selector),
    "urls": table_of(dict.fromkeys(URL_KINDS, list_of(check_pattern))),
    "templates": table_of({"archive": list_of(check_archive_template), "story": list_of(check_story_template)}),
    "labels": table_of(dict.fromkeys(FIELDS, list_of(check_text))),
    "selectors": table_of(dict.fromkeys(FIELDS, list_of(check_value_selector))),
    "politeness": _check_politeness,
    "browser": _check_browser,
}
_HOST_GROUPS: dict[str, Check] = {
    "platform": check_name,
    "hosts": list_of(check_host),
    "start_urls": list_of(check_url),
    "publisher": check_text,
    "feeds": list_of(check_url),
    "sitemaps": list_of(check_url),
    **_PLATFORM_GROUPS,
}


def _file_of(groups: dict[str, Check], required: Mapping[str, str]) -> Callable[[dict[str, Any]], Facts]:
    check_keys = table_of({**groups, "evidence": _check_evidence_of(tuple(groups))}, required=required)

    def check_file(table: dict[str, Any]) -> Facts:
        facts: Facts = check_keys(table)
        _check_evidence_complete(facts)
        return facts

    return check_file


def _check_evidence_complete(facts: Facts) -> None:
    """Every group has evidence, and no evidence speaks of a group that is not there."""
    told = facts.get("evidence", {})
    untold = [group for group in facts if group != "evidence" and group not in told]
    faults = [
        FactError("missing; { seen_live = true or false, source = '...' } was expected", f"evidence.{group}")
        for group in untold
    ]
    faults += [
        FactError(f"expected evidence of a group in this file, got {group!r}, which is not there", f"evidence.{group}")
        for group in told
        if group not in facts
    ]
    refuse(faults)


_platform_file = _file_of(_PLATFORM_GROUPS, required={})
_host_file = _file_of(_HOST_GROUPS, required={"hosts": "a list of host names"})
