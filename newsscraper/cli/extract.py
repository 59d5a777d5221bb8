"""`newsscraper extract`: files to JSON lines."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from newsscraper.batch import Outcome, choose_profile, extract_files, find_pages
from newsscraper.cli.options import debug_option, quiet_option, read_instant, read_url, sites_dir_option
from newsscraper.cli.output import STDOUT, open_output
from newsscraper.cli.program import FAILURES
from newsscraper.cli.progress import reporting
from newsscraper.cli.text import to_json_line
from newsscraper.errors import NotAStory
from newsscraper.sites import Profile
from newsscraper.story import Story


@click.command("extract", short_help="Turn saved pages and text dumps into JSON lines.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH|- ...")
@click.option("--url", callback=read_url, metavar="URL", help="Where the page was found; for one page only.")
@click.option(
    "--site",
    default="auto",
    show_default=True,
    metavar="NAME|auto|none",
    help="Profile to read the pages with; auto takes the one that owns the host of --url.",
)
@click.option(
    "--fetched-at",
    callback=read_instant,
    metavar="ISO",
    help="When the pages were fetched; no story is dated after it.",
)
@click.option("-o", "--output", default=STDOUT, metavar="FILE", help="Write there instead of standard output.")
@click.option("--force", is_flag=True, help="Extract pages that are no story all the same.")
@click.option("--trace", "traced", is_flag=True, help="Print how each page was read: objects of story and trace.")
@sites_dir_option
@quiet_option
@debug_option
@click.pass_context
def extract_command(ctx: click.Context, /, paths: tuple[str, ...], output: str, quiet: bool, **options: Any) -> None:
    """Turn saved pages and text dumps into JSON lines, one record a story.

    PATH is an HTML page, a text dump of one (.txt, or any file without markup), either of them gzipped, or a folder of
    such; - is standard input. A file that cannot be used is told on stderr, and the rest goes on.
    """
    pages = find_pages(paths)
    if options["url"] and len(pages) > 1:
        raise click.UsageError(f"--url is the address of one page, and there are {len(pages)}")
    outcomes = extract_files(
        pages,
        url=options["url"],
        profile=_chosen_profile(options["site"], options["url"], options["sites_dirs"]),
        fetched_at=options["fetched_at"],
        force=options["force"],
        traced=options["traced"],
    )
    shares_terminal = output == STDOUT and sys.stdout.isatty()
    with (
        open_output(output) as write,
        reporting(len(pages), quiet=quiet, shares_terminal=shares_terminal) as reporter,
    ):
        for outcome in outcomes:
            if outcome.record:
                write(to_json_line(_explained(outcome) if options["traced"] else outcome.record.to_dict()))
            else:
                reporter.say(f"{outcome.source}: {outcome.error}")
            reporter.advance(_kind(outcome))
    if not quiet:
        click.echo(reporter.summary, err=True)
    ctx.exit(0 if reporter.counts["story"] == len(pages) else FAILURES)


def _chosen_profile(site: str, url: str | None, sites_dirs: Iterable[Path]) -> Profile | None:
    return choose_profile(None if site == "none" else site, url, sites_dirs)


def _kind(outcome: Outcome) -> str:
    if outcome.record:
        return "story"
    return "not_story" if isinstance(outcome.error, NotAStory) else "error"


def _explained(outcome: Outcome) -> dict[str, Any]:
    """The story without its provenance, and how the core came to it."""
    record = outcome.record.to_dict() if outcome.record else {}
    names = [field.name for field in dataclasses.fields(Story)]
    return {"source": outcome.source, "story": {name: record[name] for name in names}, "trace": outcome.trace}
