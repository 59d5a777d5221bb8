"""`newsscraper crawl`: sites to a corpus."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsscraper.cli.options import debug_option, jobs_option, quiet_option, read_pairs, sites_dir_option
from newsscraper.cli.text import counted, printable
from newsscraper.sites.loader import ENVIRONMENT

if TYPE_CHECKING:
    from newsscraper.crawl.summary import RunSummary

CORPUS = Path("corpus")
_pairs_option = partial(click.option, multiple=True, callback=read_pairs, metavar="NAME=VALUE")


@click.command("crawl", short_help="Crawl sites into a corpus of JSON lines.")
@click.argument("targets", nargs=-1, metavar="SITE|URL ...")
@click.option(
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    default=CORPUS,
    show_default=True,
    metavar="DIR",
    help="Folder that everything is written to.",
)
@_pairs_option("-a", "arguments", help="An argument of the spider, as with scrapy -a.")
@_pairs_option("-s", "settings", help="A setting, as with scrapy -s.")
@click.option(
    "--offline",
    type=click.Path(),  # as text: a URL would lose a slash
    multiple=True,
    metavar="PATH",
    help="Answer from WARC files, a folder of them or a pattern, and ask nobody; again for more.",
)
@jobs_option
@sites_dir_option
@quiet_option
@debug_option
@click.pass_context
def crawl_command(ctx: click.Context, /, targets: tuple[str, ...], corpus: Path, quiet: bool, **options: Any) -> None:
    """Crawl sites into a corpus of JSON lines.

    SITE is the name of a profile (see: newsscraper sites list); a site without one is named by a URL of its own. With
    -a urls=FILE no site is needed: the pages are those of the file.
    """
    sites_dirs: tuple[Path, ...] = options["sites_dirs"]
    from newsscraper.crawl.run import crawl  # noqa: PLC0415 - Scrapy is slow to import, and only crawls need it

    corpus = Path(options["settings"].get("NEWSSCRAPER_CORPUS", corpus))
    summaries = crawl(
        list(targets),
        corpus=corpus,
        arguments=options["arguments"],
        settings=_with_sites_dirs(_with_offline(options["settings"], options["offline"]), sites_dirs),
        quiet=quiet,
        jobs=options["jobs"],
    )
    for summary in summaries:
        if quiet:
            for problem in summary.problems if summary.exit_code else ():
                click.echo(printable(f"{summary.site}: {problem}"), err=True)
        else:
            click.echo(describe_run(summary, corpus))
    if len(summaries) > 1 and not quiet:
        click.echo(describe_all(summaries))
    ctx.exit(max((summary.exit_code for summary in summaries), default=0))


def describe_run(summary: RunSummary, corpus: Path) -> str:
    """A run in a few lines: what came of it, what went wrong, where its stories lie."""
    counts = ", ".join(
        (
            counted(summary.stories, "story", "stories") + (f" ({summary.changed} changed)" if summary.changed else ""),
            counted(summary.duplicates, "duplicate", "duplicates"),
            counted(summary.requests, "request", "requests"),
            *([counted(summary.archived, "answer archived", "answers archived")] if summary.archived else ()),
            counted(summary.failures, "failure", "failures"),
            *([f"not stories: {summary.not_stories:,}"] if summary.not_stories else ()),
            *([f"not archived: {summary.not_archived:,}"] if summary.not_archived else ()),
        )
    )
    lines = [f"{summary.site}: {counts} in {summary.seconds:.1f} s ({summary.finish_reason})"]
    lines += [f"  {'problem' if summary.exit_code else 'note'}: {problem}" for problem in summary.problems]
    lines += [f"  {corpus / file}" for file in (*summary.files, *summary.archives)]
    return "\n".join(map(printable, lines))


def describe_all(summaries: Sequence[RunSummary]) -> str:
    """Several runs in a line or two: what came of all of them, and whose exit code is not 0, the gravest first."""
    counts = ", ".join(
        (
            counted(sum(each.stories for each in summaries), "story", "stories"),
            counted(sum(each.requests for each in summaries), "request", "requests"),
            counted(sum(each.failures for each in summaries), "failure", "failures"),
        )
    )
    lines = [f"{len(summaries)} sites: {counts}"]
    unwell = sorted((each for each in summaries if each.exit_code), key=lambda each: -each.exit_code)
    if unwell:
        lines.append("not well: " + ", ".join(f"{each.site} (exit {each.exit_code})" for each in unwell))
    return "\n".join(map(printable, lines))


def _with_offline(settings: dict[str, Any], archives: tuple[str, ...]) -> dict[str, Any]:
    return settings | {"NEWSSCRAPER_OFFLINE": list(archives)} if archives else settings


def _with_sites_dirs(settings: dict[str, Any], sites_dirs: tuple[Path, ...]) -> dict[str, Any]:
    """The user's folders reach the crawl as the setting of the same name as the environment variable."""
    if not sites_dirs:
        return settings
    folders = [settings[ENVIRONMENT]] if settings.get(ENVIRONMENT) else []
    return settings | {ENVIRONMENT: os.pathsep.join([*folders, *map(str, sites_dirs)])}
