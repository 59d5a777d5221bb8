"""`newsscraper archive`: the pages of a corpus as they were fetched, listed, checked, indexed and handed over."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import click

from newsscraper.cli.known_sites import corpus_option, do_each, list_sites, raise_worst, sites_argument
from newsscraper.cli.options import AnyCommand, debug_option, is_http_url, quiet_option
from newsscraper.cli.program import FAILURES, BadUsageError
from newsscraper.cli.text import counted, printable, to_pretty_json
from newsscraper.corpus.archives import ArchiveFile, find_archive_sites, list_archives, write_indexes
from newsscraper.corpus.checking import Checked, check_archives
from newsscraper.corpus.packing import Packed, pack_archives
from newsscraper.sites.checks import suggestion
from newsscraper.store import folder_of, site_of


def _common(command: AnyCommand) -> AnyCommand:
    as_json = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
    for option in (debug_option, quiet_option, as_json, corpus_option, sites_argument):
        command = option(command)
    return command


@click.group("archive", short_help="List, check, index and pack the pages as they were fetched.")
def archive_group() -> None:
    """Work with the archives of a corpus: its pages as they were fetched, in WARC files.

    SITE is named as its folder is, or by a URL of it; without one, all sites that have an archive are meant.
    """


@archive_group.command("list", short_help="Which archives there are.")
@_common
def list_command(names: tuple[str, ...], corpus: Path, as_json: bool, quiet: bool) -> None:
    """Say which archives there are, how large, and what their indexes tell."""
    found, errors = do_each(_choose(corpus, names), lambda site: list_archives(corpus, site), lambda *_: None)
    files = [file for of_site in found.values() for file in of_site]
    if as_json:
        click.echo(to_pretty_json([dataclasses.asdict(file) for file in files]).encode())
    else:
        for file in files:
            click.echo(printable(file.file if quiet else _describe(file)))
    raise_worst(errors)


@archive_group.command("index", short_help="Write missing indexes.")
@click.option("--anew", is_flag=True, help="Write those that there are anew, too.")
@_common
def index_command(names: tuple[str, ...], corpus: Path, as_json: bool, quiet: bool, anew: bool) -> None:
    """Write the index (CDXJ) of each archive that has none, by cdxj-indexer: what replay finds pages by."""

    def tell(_site: str, written: list[tuple[Path, int]]) -> None:
        for path, captures in written:
            click.echo(printable(f"{path}: {counted(captures, 'capture', 'captures')} indexed"))

    found, errors = do_each(
        _choose(corpus, names),
        lambda site: list(write_indexes(corpus, site, anew=anew)),
        (lambda *_: None) if as_json or quiet else tell,
    )
    if as_json:
        rows = [{"file": str(path), "captures": captures} for each in found.values() for path, captures in each]
        click.echo(to_pretty_json(rows).encode())
    raise_worst(errors)


@archive_group.command("check", short_help="Whether archives are whole, and every story leads to its page.")
@_common
@click.pass_context
def check_command(ctx: click.Context, names: tuple[str, ...], corpus: Path, as_json: bool, quiet: bool) -> None:
    """Say whether archives are whole, by warcio and cdxj-indexer, and whether every story leads to its page.

    Reads every archive and every line, changes nothing. Ends with 1 where something is wrong.
    """

    def tell(site: str, checked: Checked) -> None:
        for finding in checked.findings:
            click.echo(printable(f"{site}: {finding.where}: {finding.what}"))
        if not quiet:
            click.echo(printable(f"{site}: {_describe_checked(checked)}"))

    found, errors = do_each(
        _choose(corpus, names, also=list_sites(corpus)),
        lambda site: check_archives(corpus, site),
        (lambda *_: None) if as_json else tell,
    )
    if as_json:
        rows = [{"site": site, **dataclasses.asdict(checked)} for site, checked in found.items()]
        click.echo(to_pretty_json(rows).encode())
    raise_worst(errors)
    ctx.exit(FAILURES if any(checked.findings for checked in found.values()) else 0)


@archive_group.command("pack", short_help="One file for replay in a browser (WACZ).")
@click.argument("site")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE.wacz")
@click.option("--title", metavar="TEXT", help="What replay calls it.")
@click.option("--description", metavar="TEXT", help="What it is, for people.")
@click.option("--text", is_flag=True, help="With the stories' text, so that replay can search it.")
@click.option("--replace", is_flag=True, help="Pack a FILE anew that there is already.")
@corpus_option
@quiet_option
@debug_option
def pack_command(  # noqa: PLR0913 (an argument an option)
    *,
    site: str,
    output: Path,
    title: str | None,
    description: str | None,
    text: bool,
    replace: bool,
    corpus: Path,
    quiet: bool,
) -> None:
    """Pack the archives of a site, with the list of its stories, as one WACZ file, which replay in a browser reads.

    Ends with 1 where an archive is not as it was sealed.
    """
    (chosen,) = _choose(corpus, (site,))
    packed = pack_archives(corpus, chosen, output, title=title, description=description, text=text, replace=replace)
    if not quiet:
        click.echo(printable(_describe_packed(packed)))


def _choose(corpus: Path, names: Sequence[str], *, also: Sequence[str] = ()) -> list[str]:
    """The sites that `names` mean; all with an archive, and `also` these, where none is. Raises `BadUsageError`."""
    known = sorted({*find_archive_sites(corpus), *also})
    if not known:
        raise BadUsageError(f"{corpus}: there is no archive (archive/SITE/*.warc.gz; another corpus: --corpus DIR)")
    chosen = []
    for name in names or known:
        folder = folder_of(site_of(name) if is_http_url(name) else name)
        if folder not in known:
            raise BadUsageError(f"{corpus}: no archive of {name!r}{suggestion(name, known)}")
        chosen.append(folder)
    return list(dict.fromkeys(chosen))


def _describe(file: ArchiveFile) -> str:
    if file.is_growing:
        return f"{file.file}  {_size(file.bytes)}  not sealed yet"
    if not file.is_indexed:
        return f"{file.file}  {_size(file.bytes)}  no index"
    span = f"  {file.first_at} to {file.last_at}" if file.captures else ""
    return f"{file.file}  {_size(file.bytes)}  {counted(file.captures or 0, 'capture', 'captures')}{span}"


def _describe_checked(checked: Checked) -> str:
    verdict = counted(len(checked.findings), "fault", "faults") if checked.findings else "well"
    lines = counted(checked.not_archived, "line leads", "lines lead")
    return f"{verdict}; {lines} to no archived page" if checked.not_archived else verdict


def _describe_packed(packed: Packed) -> str:
    parts = [
        counted(packed.archives, "archive", "archives"),
        counted(packed.pages, "page", "pages") + " listed",
        *([f"{counted(packed.not_archived, 'line', 'lines')} without a page in them"] if packed.not_archived else []),
        *([f"{counted(packed.growing, 'archive', 'archives')} not sealed yet left out"] if packed.growing else []),
    ]
    return f"{packed.file}: {_size(packed.bytes)}: {', '.join(parts)}"


def _size(number: int) -> str:
    value, unit = float(number), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:,.0f} {unit}" if unit == "B" or value >= 10 else f"{value:,.1f} {unit}"
