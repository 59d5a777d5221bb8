"""`newsscraper status`: how the sites of a corpus stand."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from newsscraper.cli.known_sites import choose_sites, corpus_option, do_each, raise_worst, sites_argument
from newsscraper.cli.options import debug_option
from newsscraper.cli.text import counted, printable, to_pretty_json
from newsscraper.store import Clock, Status, read_status

_SHOWN = 5
"""Pages set aside and problems that are listed of a site; JSON has all."""
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_HEADINGS = ("site", "last run", "new", "changed", "stories", "to ask", "oldest", "aside")


@click.command("status", short_help="How the sites of a corpus stand.")
@sites_argument
@corpus_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@debug_option
def status_command(names: tuple[str, ...], corpus: Path, as_json: bool) -> None:
    """Say how sites stand: the last run, what it brought, what there is, what is still to be asked, what fails.

    SITE is named as its folder is, by a URL of it, or by its profile; without one, all sites of the corpus are meant. A
    run at work is not disturbed.
    """
    found, errors = do_each(choose_sites(corpus, names), lambda site: read_status(corpus, site), lambda *_: None)
    statuses = list(found.values())
    if as_json:
        click.echo(to_pretty_json([status.to_dict() for status in statuses]).encode())
    elif statuses:
        _print_table(statuses, Clock().now())
        for status in statuses:
            for trouble in _find_troubles(status):
                click.echo(printable(f"{status.site}: {trouble}"))
    raise_worst(errors)


def _print_table(statuses: Iterable[Status], now: datetime) -> None:
    """Columns that fit 80 characters; on a terminal long names are wrapped, elsewhere nothing is."""
    from rich import box  # noqa: PLC0415 - only tables need it
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in _HEADINGS:
        is_name = heading == "site"
        table.add_column(
            heading,
            justify="left" if is_name else "right",
            overflow="fold",
            no_wrap=not is_name,
            min_width=len(heading),
        )
    for status in statuses:
        table.add_row(*map(printable, _cells(status, now)))
    Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 240).print(table)


def _cells(status: Status, now: datetime) -> tuple[str, ...]:
    run = status.last_run
    return (
        status.site,
        "now" if status.is_running else _age(run.started_at if run else None, now),
        f"{run.new:,}" if run else "-",
        f"{run.changed:,}" if run else "-",
        f"{status.stories:,}",
        f"{status.frontier['ready']:,}",
        _age(status.oldest_ready, now),
        f"{status.frontier['quarantined']:,}",
    )


def _age(instant: str | None, now: datetime) -> str:
    """`3 h`: rounded down to the largest unit; `-` for None."""
    if instant is None:
        return "-"
    seconds = max(0, int((now - datetime.fromisoformat(instant)).total_seconds()))
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size or size == 1)
    return f"{seconds // size:,} {unit}"


def _find_troubles(status: Status) -> Iterator[str]:
    """What does not go as it should, a sentence each."""
    run = status.last_run
    if run and run.finish_reason == "killed":
        yield f"the last run died (it began at {run.started_at}); nothing that it committed is lost"
    if run and run.problems:
        yield from _listed(run.problems, "problem", "problems")
    elif run and run.exit_code:
        yield f"the last run ended with exit code {run.exit_code} ({run.finish_reason})"
    if status.unsealed and not status.is_running:
        yield f"{counted(status.unsealed, 'line is', 'lines are')} in no sealed file yet; the next run seals them"
    yield from _listed([f"set aside: {url}" for url in status.quarantined], "page set aside", "pages set aside")


def _listed(sentences: list[str], one: str, many: str) -> Iterator[str]:
    yield from sentences[:_SHOWN]
    if len(sentences) > _SHOWN:
        yield f"and {counted(len(sentences) - _SHOWN, 'more ' + one, 'more ' + many)} (--json tells all)"
