"""`newsscraper corpus`: what is done with the stories of a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from newsscraper.cli.corpus_diff import diff_command
from newsscraper.cli.corpus_reextract import reextract_command
from newsscraper.cli.known_sites import choose_sites, corpus_option
from newsscraper.cli.ledger import anywhere_option
from newsscraper.cli.options import debug_option, is_http_url, quiet_option
from newsscraper.cli.program import FAILURES, BadUsageError
from newsscraper.cli.text import counted, printable
from newsscraper.errors import LedgerError
from newsscraper.store import Clock, Forgotten, Ledger, folder_of, new_run_id, site_of


@click.group("corpus", short_help="Read corpora anew, compare them; take stories down.")
def corpus_group() -> None:
    """Work with the stories of a corpus."""


corpus_group.add_command(diff_command)
corpus_group.add_command(reextract_command)


@corpus_group.command("forget", short_help="Take a story down, for good.")
@click.argument("story", metavar="KEY|URL")
@click.option("--why", required=True, metavar="TEXT", help="The reason: kept, in place of the story.")
@click.option("--site", metavar="SITE", help="The site whose story it is; without it, the ledgers are looked through.")
@corpus_option
@anywhere_option
@quiet_option
@debug_option
@click.pass_context
def forget_command(  # noqa: PLR0913 (an argument an option)
    ctx: click.Context, /, *, story: str, why: str, site: str | None, corpus: Path, quiet: bool, anywhere: bool
) -> None:
    """Take a story down: out of every sealed file and the ledger, and never fetch it again.

    It is named by its story_key or by a URL that leads to it. Files that held it are written anew, and run reports get
    their new digests. What remains is its key, when, and why. Nothing is asked, and it cannot be undone. Ends with 1
    where part of it could not be taken out, such as from a damaged archive.
    """
    if not why.strip():
        raise click.BadParameter("a reason is expected", param_hint="'--why'")
    if site is None:
        site = _find_site(corpus, story, choose_sites(corpus, ()))
    else:
        (site,) = choose_sites(corpus, (site,))
    clock = Clock()
    run_id = new_run_id(clock.now())
    with Ledger.open(corpus, site, clock=clock, run_id=run_id, any_file_system=anywhere) as ledger:
        forgotten = ledger.forget(story, why=why.strip())
    if not quiet:
        _tell(corpus, site, forgotten)
    if forgotten.left:
        for sentence in forgotten.left:
            click.echo(printable(f"{site}: {sentence}"), err=True)
        click.echo(
            f"{site}: not all of it is taken out: put back good copies of these files; the next crawl, or "
            "`newsscraper ledger repair`, takes out what is in them",
            err=True,
        )
        ctx.exit(FAILURES)


def _tell(corpus: Path, site: str, forgotten: Forgotten) -> None:
    done = "was forgotten already" if forgotten.was_forgotten else "is forgotten"
    if forgotten.left:
        done = "is forgotten, but not all of it could be taken out"
    files = counted(len(forgotten.files), "file", "files")
    click.echo(printable(f"{site}: {forgotten.story_key} {done}, {files} written anew"))
    for file in forgotten.files:
        click.echo(printable(f"  {corpus / file}"))


def _find_site(corpus: Path, story: str, sites: list[str]) -> str:
    """The site that knows the story. Raises `BadUsageError` where none does, or more than one by the same key."""
    unread: list[str] = []
    knowing = list(_sites_knowing(corpus, story, sites, unread))
    if len(knowing) == 1:
        return knowing[0]
    if knowing:
        raise BadUsageError(f"{story} is a story of {' and of '.join(knowing)}: say which with --site")
    if unread:
        raise BadUsageError(*unread, f"{corpus}: in the ledgers that can be read no story is known by {story!r}")
    raise BadUsageError(f"{corpus}: no story is known by {story!r}: give its story_key or its URL")


def _sites_knowing(corpus: Path, story: str, sites: list[str], unread: list[str]) -> Iterator[str]:
    """Those of `sites` that know `story`; where a URL's own site does, no other counts. Failures go to `unread`."""
    own = folder_of(site_of(story)) if is_http_url(story) else None
    for site in sorted(sites, key=lambda site: site != own):
        try:
            if _knows(corpus, site, story):
                yield site
                if site == own:
                    return
        except LedgerError as fault:
            unread.append(str(fault))


def _knows(corpus: Path, site: str, story: str) -> bool:
    with closing(Ledger.read(corpus, site)) as ledger:
        known = ledger.stories.find_by_name(story) if is_http_url(story) else ledger.stories.find(story)
    return known is not None
