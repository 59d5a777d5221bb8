"""What to crawl: from a spider's arguments to where it begins and what belongs to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from newsscraper.crawl.discovery.codes import read_codes
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.templates import find_archives, find_stories_by_code
from newsscraper.crawl.discovery.windows import WHOLE, Window, read_window
from newsscraper.crawl.scope import Scope
from newsscraper.errors import InputError
from newsscraper.sites import Profile, find_profile, load_profile
from newsscraper.sites.checks import shown, suggestion
from newsscraper.sites.templates import CODE
from newsscraper.store import normalise_url

ARGUMENTS = ("site", "url", "urls", "codes", "since", "until", "limit")
"""What a spider can be told with `-a`."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a crawl begins, and how far it may go."""

    start: tuple[Found, ...]
    scope: Scope
    profile_of: Callable[[str], Profile | None]
    """The profile for a URL of this crawl."""
    profile: Profile | None = None
    follow: bool = True
    """False where only the URLs given are fetched."""
    bad_lines: tuple[str, ...] = ()
    """Lines of a file of URLs that are none: `file:line: 'what'`."""
    window: Window = WHOLE
    """Which stories the run is after, by their dates."""
    limit: int | None = None
    """The run ends when it has written so many stories, new ones and new versions."""
    expects_all: bool = False
    """Every URL of the start has to lead to a story: a list of a user's own."""


def read_target(  # noqa: PLR0913 (what a user may say)
    *,
    site: str | None = None,
    url: str | None = None,
    urls: str | None = None,
    codes: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: str | None = None,
    folders: Sequence[str] = (),
    now: datetime | None = None,
) -> Target:
    """The target that the arguments of a spider name; `now` is when it runs.

    `site` is a profile's name, `url` any address, `urls` a file of story addresses, one a line; `codes` are story codes
    (`986000-986600,987001`), `since` and `until` days or instants, `limit` a number of stories. Raises `InputError` for
    arguments that cannot be used, `ProfileError` for a profile that is wrong.
    """
    now = now or datetime.now(UTC)
    window = read_window(since, until, now)
    target = _begin(site, url, urls, codes, folders)
    archives: tuple[Found, ...] = ()
    if target.follow and target.profile is not None:
        archives = find_archives(target.profile, target.start[0].url, window, now.date())
    return dataclasses.replace(
        target,
        start=(*target.start, *archives),
        window=window,
        limit=_read_limit(limit) if limit is not None else None,
    )


def _begin(site: str | None, url: str | None, urls: str | None, codes: str | None, folders: Sequence[str]) -> Target:
    if codes is not None and urls is not None:
        raise InputError(f"codes and a file of URLs: read codes={codes} or urls={urls}, one at a time")
    if urls is not None and url is not None:
        raise InputError(f"a URL and a file of URLs: crawl {url} or read urls={urls}, one at a time")
    if urls is not None:
        return _of_file(Path(urls), load_profile(site, folders) if site else None, folders)
    if site is None and url is None:
        raise InputError("nothing to crawl: give site=NAME (a profile), url=ADDRESS or urls=FILE")
    address = check_url(url) if url is not None else None
    if address is not None and CODE in address and codes is None:
        raise InputError(f"{address}: a place for story codes, and no codes: add codes=986000-986600")
    profile = load_profile(site, folders) if site else find_profile(address or "", folders)
    return _of_site(profile, address) if codes is None else _of_codes(profile, address, codes)


def check_arguments(names: Iterable[str]) -> None:
    """Raises `InputError` for a spider's argument that there is not."""
    for name in names:
        if name not in ARGUMENTS:
            known = ", ".join(ARGUMENTS)
            raise InputError(f"no argument of the spider is called {name!r} ({known}){suggestion(name, ARGUMENTS)}")


def check_url(url: str) -> str:
    """`url` where it is an absolute http or https URL. Raises `InputError`."""
    try:
        normalise_url(url)
    except ValueError as fault:
        raise InputError(f"not a URL that can be crawled: {url!r} (expected http:// or https:// and a host)") from fault
    return url.strip()


def _read_limit(text: str) -> int:
    if not text.strip().isdecimal() or int(text) < 1:
        raise InputError(f"limit={text}: expected a number of stories, 1 or more, got {shown(text)}")
    return int(text)


def _of_codes(profile: Profile | None, address: str | None, codes: str) -> Target:
    """Stories by code and nothing else; a URL with `{code}` in it is a template of one's own."""
    numbers = read_codes(codes)
    own = [address] if address is not None and CODE in address else []
    templates = own or (profile.story_templates if profile is not None else ())
    if not templates:
        of_whom = f"the profile {profile.name!r} has no" if profile is not None else "there is no profile with a"
        raise InputError(
            f"codes={codes}: {of_whom} template of stories' addresses ([templates] story = ['/news/{CODE}']): add one, "
            f"or give the address with its place, url=https://any.example/news/{CODE}"
        )
    base = address or _entrances(profile, None)[0]
    start = find_stories_by_code(templates, base, numbers)
    scope = Scope.of([found.url for found in start[: len(templates)]], profile)
    return Target(start=start, scope=scope, profile=profile, profile_of=lambda _: profile, follow=False)


def _entrances(profile: Profile | None, address: str | None) -> list[str]:
    if address is not None:
        return [address]
    return ([*profile.start_urls] or [f"https://{profile.hosts[0]}/"]) if profile is not None else []


def _of_site(profile: Profile | None, address: str | None) -> Target:
    entrances = _entrances(profile, address)
    start = [
        Found(url=entrance, kind="listing" if urlsplit(entrance).path in {"", "/"} else "page", entrance=True)
        for entrance in entrances
    ]
    if profile is not None and (address is None or profile.owns(address)):
        start += [Found(url=feed, kind="feed") for feed in profile.feeds]
        start += [Found(url=sitemap, kind="sitemap") for sitemap in profile.sitemaps]
    return Target(start=tuple(start), scope=Scope.of(entrances, profile), profile=profile, profile_of=lambda _: profile)


def _of_file(path: Path, profile: Profile | None, folders: Sequence[str]) -> Target:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(f"{path}: expected a text file with a URL a line: {fault}") from fault
    good: dict[str, None] = {}
    bad: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not (line := line.strip()) or line.startswith("#"):
            continue
        try:
            good[check_url(line)] = None
        except InputError:
            bad.append(f"{path}:{number}: {shown(line)}")
    if not good:
        raise InputError(
            f"{path}: no URL in it (expected http:// or https:// and a host){': ' + bad[0] if bad else ''}"
        )

    @cache
    def profile_of_host(host: str) -> Profile | None:
        return profile or find_profile(f"https://{host}/", folders)

    return Target(
        start=tuple(Found(url=url, kind="story", announced=True, alone=True) for url in good),
        scope=Scope.of(good),
        profile=profile,
        profile_of=lambda url: profile_of_host(urlsplit(url).hostname or ""),
        follow=False,
        expects_all=True,
        bad_lines=tuple(bad),
    )
