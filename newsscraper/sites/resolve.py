"""A host's facts laid over its platform's: one `Profile`, and its facts as JSON.

What is tried in order (selectors, labels, URL patterns) or removed (`drop`) is joined, the host's first; everything
else the host says replaces what the platform says.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from newsscraper.sites.facts import Facts
from newsscraper.sites.profile import Drawing, Evidence, Politeness, Profile

VERSION_DIGITS = 12


def resolve_profile(name: str, host: Facts, platform: Facts) -> Profile:
    """The profile of a host over its platform (empty when it names none)."""
    urls = _joined_lists(host.get("urls", {}), platform.get("urls", {}))
    templates = {**platform.get("templates", {}), **host.get("templates", {})}
    facts: dict[str, Any] = {
        "platform": host.get("platform"),
        "hosts": host.get("hosts", ()),
        "start_urls": host.get("start_urls", ()),
        "publisher": host.get("publisher"),
        "zone": host.get("zone", platform.get("zone")),
        "editions": host.get("editions", platform.get("editions", ())),
        "story_urls": urls.get("story", ()),
        "listing_urls": urls.get("listing", ()),
        "ignored_urls": urls.get("ignored", ()),
        "labels": _joined_lists(host.get("labels", {}), platform.get("labels", {})),
        "selectors": _joined_lists(host.get("selectors", {}), platform.get("selectors", {})),
        "drop": _joined(host.get("drop", ()), platform.get("drop", ())),
        "feeds": host.get("feeds", ()),
        "sitemaps": host.get("sitemaps", ()),
        "archives": templates.get("archive", ()),
        "story_templates": templates.get("story", ()),
        "politeness": _joined_politeness(host.get("politeness"), platform.get("politeness")),
        "browser": host.get("browser", platform.get("browser", Drawing())),
    }
    evidence = _joined_evidence(host.get("evidence", {}), platform.get("evidence", {}))
    nameless = Profile(name=name, **facts)
    return Profile(name=name, version=digest(nameless), evidence=evidence, **facts)


def facts_of(profile: Profile) -> dict[str, Any]:
    """Every fact of a profile as JSON would hold it; evidence and version, which are none, stay out."""
    facts = {key: value for key, value in vars(profile).items() if key not in ("evidence", "version")}
    facts["editions"] = [asdict(edition) for edition in profile.editions]
    facts["politeness"] = asdict(profile.politeness)
    facts["browser"] = asdict(profile.browser) | {"hosts": list(profile.browser.hosts)}
    for key in ("story_urls", "listing_urls", "ignored_urls"):
        facts[key] = [pattern.pattern for pattern in facts[key]]
    for key in ("labels", "selectors"):
        facts[key] = {field: list(values) for field, values in facts[key].items()}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in facts.items()}


def digest(profile: Profile) -> str:
    """Twelve hex digits over all facts: the same for the same facts, whichever file they came from."""
    facts = facts_of(profile)
    # Who says nothing of it is what they were before it could be said: a new version is a new extractor for each story.
    if profile.browser == Drawing():
        del facts["browser"]
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:VERSION_DIGITS]


def _joined(host: tuple[Any, ...], platform: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(host + platform))


def _joined_lists(host: dict[str, tuple[Any, ...]], platform: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    return {key: _joined(host.get(key, ()), platform.get(key, ())) for key in {**platform, **host}}


def _joined_politeness(host: Politeness | None, platform: Politeness | None) -> Politeness:
    host, platform = host or Politeness(), platform or Politeness()
    return Politeness(
        delay=platform.delay if host.delay is None else host.delay,
        concurrency=platform.concurrency if host.concurrency is None else host.concurrency,
    )


def _joined_evidence(host: dict[str, Evidence], platform: dict[str, Evidence]) -> dict[str, Evidence]:
    """Where both speak of a group, it is as well known as the less known half."""
    joined = {**platform, **host}
    for group in host.keys() & platform.keys():
        ours, theirs = host[group], platform[group]
        sources = dict.fromkeys((ours.source, theirs.source))
        joined[group] = Evidence(seen_live=ours.seen_live and theirs.seen_live, source="; ".join(sources))
    return joined
