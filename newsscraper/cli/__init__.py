"""The command `newsscraper`: one module a subcommand, each about one call into the package below.

Exit codes: 0 well; 1 ran, with failures that the report names; 2 bad usage or configuration; 3 the site stopped
yielding what it used to; 4 refused or challenged by the site; 130 interrupted by Ctrl-C; 141 the reader of the output
closed it.
"""

from __future__ import annotations

from newsscraper.cli.loading import ending_at_once

with ending_at_once():
    import click

    from newsscraper import __version__
    from newsscraper.cli.archive import archive_group
    from newsscraper.cli.batch import batch_command
    from newsscraper.cli.corpus import corpus_group
    from newsscraper.cli.crawl import crawl_command
    from newsscraper.cli.demo import demo_command
    from newsscraper.cli.explain import explain_command
    from newsscraper.cli.extract import extract_command
    from newsscraper.cli.ledger import ledger_group
    from newsscraper.cli.options import debug_option
    from newsscraper.cli.program import Program
    from newsscraper.cli.sites import sites_group
    from newsscraper.cli.status import status_command
    from newsscraper.memory import collect_seldom

__all__ = ["main"]


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="newsscraper")
@debug_option
def main() -> None:
    """From news sites to clean, complete, citable corpora."""
    collect_seldom()


main.add_command(extract_command)
main.add_command(explain_command)
main.add_command(crawl_command)
main.add_command(batch_command)
main.add_command(status_command)
main.add_command(ledger_group)
main.add_command(corpus_group)
main.add_command(archive_group)
main.add_command(sites_group)
main.add_command(demo_command)
