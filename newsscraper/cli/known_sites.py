"""Which sites a command is about: those named, or all that a corpus folder holds anything of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from newsscraper.cli.options import is_http_url
from newsscraper.cli.program import BadUsageError, as_failure
from newsscraper.errors import NewsscraperError
from newsscraper.sites import load_profiles
from newsscraper.sites.checks import suggestion
from newsscraper.store import find_sites, folder_of, site_of

Result = TypeVar("Result")
Error = NewsscraperError | OSError

corpus_option = click.option(
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("corpus"),
    show_default=True,
    metavar="DIR",
    help="Folder that the corpus lies in.",
)
sites_argument = click.argument("names", nargs=-1, metavar="[SITE ...]")


def list_sites(corpus: Path) -> list[str]:
    """The sites with a ledger or sealed files below `corpus`, sorted, as folders name them."""
    sealed = {path.name for stream in ("stories", "events") for path in (corpus / stream).glob("*/")}
    return sorted(sealed | set(find_sites(corpus)))


def choose_sites(corpus: Path, names: Sequence[str]) -> list[str]:
    """The sites that `names` mean, each once; all of the corpus where there are none. Raises `BadUsageError`."""
    known = list_sites(corpus)
    if not known:
        raise BadUsageError(f"{corpus}: no site was crawled into this folder yet (another one: --corpus DIR)")
    return list(dict.fromkeys(_choose(corpus, name, known) for name in names)) if names else known


def do_each(
    sites: Iterable[str], act: Callable[[str], Result], tell: Callable[[str, Result], None]
) -> tuple[dict[str, Result], list[Error]]:
    """Do `act` for every site, each followed by `tell`; what came of them, and what went wrong with the others."""
    results: dict[str, Result] = {}
    errors: list[Error] = []
    for site in sites:
        try:
            results[site] = act(site)
        except (NewsscraperError, OSError) as error:
            errors.append(error)
        else:
            tell(site, results[site])
    return results, errors


def raise_worst(errors: Iterable[Error]) -> None:
    """Tell all of `errors` but one, which is raised: a bad configuration, or else a failure."""
    in_order = sorted(errors, key=lambda error: isinstance(error, NewsscraperError))
    for error in in_order[:-1]:
        as_failure(error).show()
    if in_order:
        raise in_order[-1]


def _choose(corpus: Path, name: str, known: Sequence[str]) -> str:
    """`name` is a site's, as it is or as its folder is called, a URL of it, or that of its profile."""
    for site in (name, *_sites_meant(name)):
        if folder_of(site) in known:
            return site
    raise BadUsageError(f"{corpus}: nothing there of {name!r}{suggestion(name, known) or _listed(known)}")


def _sites_meant(name: str) -> list[str]:
    if is_http_url(name):
        return [site_of(name)]
    profile = load_profiles(on_fault=lambda _: None).get(name)
    return [] if profile is None else [site_of(f"https://{host}/") for host in profile.hosts]


def _listed(known: Sequence[str]) -> str:
    return f" (there are: {', '.join(known)})"
