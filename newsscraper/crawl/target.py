"""What to crawl: from a spider's arguments to where it begins and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.scope import Scope
from newsscraper.errors import InputError
from newsscraper.sites import Profile, find_profile, load_profile
from newsscraper.sites.checks import shown, suggestion
from newsscraper.store import normalise_url

ARGUMENTS = ("site", "url", "urls")
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


def read_target(
    *, site: str | None = None, url: str | None = None, urls: str | None = None, folders: Sequence[str] = ()
) -> Target:
    """The target that the arguments of a spider name.

    `site` is a profile's name, `url` any address, `urls` a file of story addresses, one a line. Raises `InputError` for
    arguments that cannot be used, `ProfileError` for a profile that is wrong.
    """
    if urls is not None and url is not None:
        raise InputError(f"a URL and a file of URLs: crawl {url} or read urls={urls}, one at a time")
    if urls is not None:
        return _of_file(Path(urls), load_profile(site, folders) if site else None, folders)
    if site is None and url is None:
        raise InputError("nothing to crawl: give site=NAME (a profile), url=ADDRESS or urls=FILE")
    address = check_url(url) if url is not None else None
    profile = load_profile(site, folders) if site else find_profile(address or "", folders)
    return _of_site(profile, address)


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


def _of_site(profile: Profile | None, address: str | None) -> Target:
    if address is not None:
        entrances = [address]
    elif profile is not None:
        entrances = [*profile.start_urls] or [f"https://{profile.hosts[0]}/"]
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
        bad_lines=tuple(bad),
    )
