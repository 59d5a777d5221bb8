"""`newsscraper ledger`: what is done for a corpus between runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from newsscraper.cli.known_sites import Result, choose_sites, corpus_option, do_each, raise_worst, sites_argument
from newsscraper.cli.options import AnyCommand, debug_option, is_http_url, quiet_option
from newsscraper.cli.program import FAILURES
from newsscraper.cli.text import counted, printable, to_pretty_json
from newsscraper.store import Clock, Finding, Ledger, Rebuilt, check, is_reread, rebuild, repair

Mended = tuple[list[str], list[Finding]]
"""What was done, and what is left."""

_READ_ANEW = "well: read anew out of another corpus, it has no ledger, and its files are as its reports say"

anywhere_option = click.option(
    "--ledger-anywhere",
    "anywhere",
    is_flag=True,
    envvar="NEWSSCRAPER_LEDGER_ANYWHERE",
    help="Also on file systems where a ledger cannot be kept safely, such as NFS; as the setting of crawls, "
    "NEWSSCRAPER_LEDGER_ANYWHERE, which is read from the environment here.",
)


def _common(command: AnyCommand) -> AnyCommand:
    as_json = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
    for option in (debug_option, quiet_option, as_json, corpus_option, sites_argument):
        command = option(command)
    return command


@click.group("ledger", short_help="Check, mend and rebuild ledgers; retry pages that were set aside.")
def ledger_group() -> None:
    """Look after the ledgers of a corpus.

    SITE is named as its folder is, by a URL of it, or by its profile; without one, all sites of the corpus are meant. A
    site at work can be checked; anything else waits until its run has ended.
    """


@ledger_group.command("check", short_help="Whether ledger, files and reports agree.")
@_common
@click.pass_context
def check_command(ctx: click.Context, names: tuple[str, ...], corpus: Path, as_json: bool, quiet: bool) -> None:
    """Say whether ledger, sealed files and run reports agree: each version in one line, each file as it was sealed.

    Each page that is archived has to lie where its line says.

    Reads every file, changes nothing. Ends with 1 where something is wrong, and says what repair would mend.
    """

    def tell(site: str, findings: list[Finding]) -> None:
        _tell_findings(site, findings)
        if findings:
            mendable = sum(finding.mendable for finding in findings)
            _say(site, f"{counted(len(findings), 'fault', 'faults')}, of which repair mends {mendable}")
        elif not quiet:
            _say(site, _READ_ANEW if is_reread(corpus, site) else "well")

    found = _work_through(
        choose_sites(corpus, names),
        lambda site: check(corpus, site),
        tell,
        lambda findings: {"findings": _as_dicts(findings)},
        as_json=as_json,
    )
    ctx.exit(FAILURES if any(found.values()) else 0)


@ledger_group.command("repair", short_help="Mend what check finds.")
@_common
@anywhere_option
@click.pass_context
def repair_command(  # noqa: PLR0913 (an argument an option)
    ctx: click.Context, /, *, names: tuple[str, ...], corpus: Path, as_json: bool, quiet: bool, anywhere: bool
) -> None:
    """Mend what check finds, as far as that can be mended, and say what was done.

    Ends with 1 where something is left that a person has to see to.
    """

    def tell(site: str, mended: Mended) -> None:
        done, left = mended
        for sentence in () if quiet else done or (() if left else ("nothing to mend",)):
            _say(site, sentence)
        _tell_findings(site, left)

    mended = _work_through(
        choose_sites(corpus, names),
        lambda site: (repair(corpus, site, clock=Clock(), any_file_system=anywhere), check(corpus, site)),
        tell,
        lambda mended: {"done": mended[0], "left": _as_dicts(mended[1])},
        as_json=as_json,
    )
    ctx.exit(FAILURES if any(left for _, left in mended.values()) else 0)


@ledger_group.command("rebuild", short_help="Make a ledger anew out of the sealed files.")
@_common
@anywhere_option
def rebuild_command(names: tuple[str, ...], corpus: Path, as_json: bool, quiet: bool, anywhere: bool) -> None:
    """Make ledgers anew out of sealed files and what can still be read of the old one, which is kept beside it."""

    def tell(site: str, rebuilt: Rebuilt) -> None:
        if not quiet:
            _say(site, _describe_rebuilt(rebuilt))

    _work_through(
        choose_sites(corpus, names),
        lambda site: rebuild(corpus, site, clock=Clock(), any_file_system=anywhere),
        tell,
        dataclasses.asdict,
        as_json=as_json,
    )


@ledger_group.command("retry", short_help="Have pages asked again that were set aside.")
@_common
@click.option("--url", "urls", multiple=True, metavar="URL", help="This page alone; may be given again.")
@anywhere_option
def retry_command(  # noqa: PLR0913 (an argument an option)
    *, names: tuple[str, ...], corpus: Path, as_json: bool, quiet: bool, urls: tuple[str, ...], anywhere: bool
) -> None:
    """Have the next crawl ask for pages again that were set aside because three processes died over them."""
    for url in urls:
        if not is_http_url(url):
            raise click.BadParameter(f"expected an http or https URL, got {url!r}", param_hint="'--url'")

    def tell(site: str, pages: int) -> None:
        if not quiet:
            _say(site, f"{counted(pages, 'page', 'pages')} to be asked again")

    _work_through(
        choose_sites(corpus, names),
        lambda site: _retry(corpus, site, urls, anywhere=anywhere),
        tell,
        lambda pages: {"pages": pages},
        as_json=as_json,
    )


def _work_through(
    sites: list[str],
    act: Callable[[str], Result],
    tell: Callable[[str, Result], None],
    as_row: Callable[[Result], dict[str, Any]],
    *,
    as_json: bool,
) -> dict[str, Result]:
    """Do `act` for every site and say what came of it: as text at once, as JSON at the end. Raises what went wrong."""
    results, errors = do_each(sites, act, (lambda *_: None) if as_json else tell)
    if as_json:
        rows = [{"site": site, **as_row(result)} for site, result in results.items()]
        click.echo(to_pretty_json(rows).encode())
    raise_worst(errors)
    return results


def _retry(corpus: Path, site: str, urls: tuple[str, ...], *, anywhere: bool) -> int:
    with Ledger.open(corpus, site, clock=Clock(), any_file_system=anywhere) as ledger:
        return ledger.frontier.retry(urls or None)


def _tell_findings(site: str, findings: list[Finding]) -> None:
    for finding in findings:
        _say(site, f"{finding.where}: {finding.what} ({'mended by repair' if finding.mendable else 'not mended'})")


def _say(site: str, sentence: str) -> None:
    click.echo(printable(f"{site}: {sentence}"))


def _as_dicts(findings: list[Finding]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(finding) for finding in findings]


def _describe_rebuilt(rebuilt: Rebuilt) -> str:
    stories = counted(rebuilt.stories, "story", "stories")
    files = counted(rebuilt.files, "file", "files")
    old = (
        f"; of the old ledger {counted(rebuilt.urls, 'URL', 'URLs')} and {counted(rebuilt.lines, 'line', 'lines')} "
        f"that no file held; it is kept as {rebuilt.kept}"
        if rebuilt.kept
        else ""
    )
    return f"{stories} in {counted(rebuilt.versions, 'version', 'versions')}, out of {files}{old}"
