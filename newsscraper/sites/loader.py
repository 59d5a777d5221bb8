"""Profiles from TOML files: the built-in ones and the user's own.

A sites folder holds a file a host, in itself or in its `hosts/`, and a file a platform in its `platforms/`. Folders are
laid over each other, later ones over earlier: the built-in folder, those of the environment variable
`NEWSSCRAPER_SITES` (several separated by `os.pathsep`), those given in a call. A file replaces the earlier one of its
name, so that a user may correct a built-in host or platform without touching the installed copy.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from newsscraper.errors import InputError, ProfileError
from newsscraper.sites.checks import suggestion
from newsscraper.sites.facts import MAX_BYTES, Facts, read_facts
from newsscraper.sites.profile import Profile
from newsscraper.sites.resolve import resolve_profile

ENVIRONMENT = "NEWSSCRAPER_SITES"
BUILT_IN = Path(__file__).parent

_log = logging.getLogger(__name__)

Folders = Iterable[str | os.PathLike[str]]


class _Files(NamedTuple):
    hosts: dict[str, Path]
    platforms: dict[str, Path]


def load_profile(name: str, folders: Folders = ()) -> Profile:
    """The profile called `name`. Raises `InputError` when there is none, `ProfileError` when its file is wrong."""
    files = _find_files(_all_folders(folders))
    if name not in files.hosts:
        raise InputError(
            f"no profile is called {name!r} (known: {', '.join(files.hosts)}){suggestion(name, files.hosts)}"
        )
    return _load(files.hosts[name], files)


def load_profiles(
    folders: Folders = (), *, on_fault: Callable[[ProfileError], None] | None = None
) -> dict[str, Profile]:
    """Every sound profile by its name. A wrong file is told to `on_fault`, or else logged as a warning."""
    files = _find_files(_all_folders(folders))
    profiles = {}
    for name, path in files.hosts.items():
        try:
            profiles[name] = _load(path, files)
        except ProfileError as fault:
            (on_fault or _warn)(fault)
    return profiles


def find_profile(url: str, folders: Folders = ()) -> Profile | None:
    """The profile that owns `url`'s host: the one whose host name is longest, the user's before a built-in one.

    Raises `ProfileError` for a wrong file that names the host or a domain above it; other wrong files do no harm.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return None
    files = _find_files(_all_folders(folders))
    best, length = None, 0
    for path in files.hosts.values():
        try:
            profile = _load(path, files)
        except ProfileError:
            if _names_host(path, host):
                raise
            continue
        owned = max((len(own) for own in profile.hosts if host == own or host.endswith(f".{own}")), default=0)
        if owned and owned >= length:
            best, length = profile, owned
    return best


def _warn(fault: ProfileError) -> None:
    for line in (str(fault), *getattr(fault, "__notes__", ())):
        _log.warning("%s", line)


def _names_host(path: Path, host: str) -> bool:
    """True for a file in which the host or a domain above it stands between quotation marks, be it TOML or not."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8", "replace").lower()
    except OSError:
        return False
    labels = host.split(".")
    names = [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]
    return any(f"{mark}{name}{mark}" in text for name in names for mark in "\"'")


def read_profile_file(path: str | os.PathLike[str]) -> Profile:
    """The profile in one file; a file in a folder `platforms` is read as a platform, which has no hosts.

    The platform it names is looked for beside it first. Raises `ProfileError`.
    """
    file = Path(path)
    if is_platform(file):
        return resolve_profile(file.stem, {}, read_facts(file, of_platform=True))
    own_folder = file.parent.parent if file.parent.name == "hosts" else file.parent
    return _load(file, _find_files([*_all_folders(()), own_folder]))


def is_platform(path: Path) -> bool:
    """True for a file that holds a platform rather than a host."""
    return path.absolute().parent.name == "platforms"


def find_profile_files(folder: Path) -> list[Path]:
    """The hosts' and platforms' files of a sites folder, hosts first."""
    files = _files_of(folder)
    return [*files.hosts.values(), *files.platforms.values()]


def _all_folders(folders: Folders) -> list[Path]:
    named = [Path(part).expanduser() for part in os.environ.get(ENVIRONMENT, "").split(os.pathsep) if part]
    return [BUILT_IN, *named, *map(Path, folders)]


def _find_files(folders: Iterable[Path]) -> _Files:
    """Name -> file, later folders over earlier ones: what a user adds or replaces comes last."""
    found = _Files({}, {})
    for folder in folders:
        files = _builtin_files() if folder == BUILT_IN else _files_of(folder)
        for known, new in zip(found, files, strict=True):
            for name, path in new.items():
                known.pop(name, None)
                known[name] = path
    return found


def _files_of(folder: Path) -> _Files:
    if not folder.is_dir():
        raise InputError(f"{folder}: expected a folder of profiles, got {'a file' if folder.exists() else 'nothing'}")
    hosts = [*folder.glob("*.toml"), *(folder / "hosts").glob("*.toml")]
    platforms = (folder / "platforms").glob("*.toml")
    return _Files({path.stem: path for path in sorted(hosts)}, {path.stem: path for path in sorted(platforms)})


def _load(path: Path, files: _Files) -> Profile:
    built_in = _builtin_files()
    if path == built_in.hosts.get(path.stem) and files.platforms.items() >= built_in.platforms.items():
        return _builtin_profiles()[path.stem]
    host = read_facts(path, of_platform=False)
    return resolve_profile(path.stem, host, _platform_facts(path, host, files.platforms))


def _platform_facts(path: Path, host: Facts, platforms: Mapping[str, Path]) -> Facts:
    name = host.get("platform")
    if name is None:
        return {}
    if name not in platforms:
        known = ", ".join(platforms) or "none at all"
        raise ProfileError(
            str(path), "platform", f"expected a platform ({known}), got {name!r}{suggestion(name, platforms)}"
        )
    return read_facts(platforms[name], of_platform=True)


@cache
def _builtin_files() -> _Files:
    return _files_of(BUILT_IN)


@cache
def _builtin_profiles() -> Mapping[str, Profile]:
    hosts, platforms = _builtin_files()
    profiles = {}
    for name, path in hosts.items():
        facts = read_facts(path, of_platform=False)
        profiles[name] = resolve_profile(name, facts, _platform_facts(path, facts, platforms))
    return MappingProxyType(profiles)
