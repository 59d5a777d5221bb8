"""`newsscraper explain`: why a page was read as it was, as a page to look at or as JSON."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from newsscraper.batch import choose_profile, is_dump, read_page
from newsscraper.cli.options import (
    debug_option,
    is_http_url,
    quiet_option,
    read_instant,
    read_url,
    sites_dir_option,
)
from newsscraper.cli.output import STDOUT, open_output
from newsscraper.cli.program import BadUsageError, FailureError
from newsscraper.cli.text import printable, to_json_line
from newsscraper.errors import InputError
from newsscraper.explain import Explanation, explain, explain_text, to_html


@click.command("explain", short_help="Show why a page was read as it was.")
@click.argument("path", metavar="PAGE|-")
@click.option("--url", callback=read_url, metavar="URL", help="Where the page was found.")
@click.option(
    "--site",
    default="auto",
    show_default=True,
    metavar="NAME|auto|none",
    help="Profile to read the page with; auto takes the one that owns the host of its URL.",
)
@click.option("--charset", metavar="LABEL", help="The encoding that came with the page, in its HTTP header.")
@click.option(
    "--fetched-at", callback=read_instant, metavar="ISO", help="When the page was fetched; no story is dated after it."
)
@click.option("-o", "--output", metavar="FILE", help="Write there instead of standard output, -.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for tools, instead of a web page.")
@sites_dir_option
@quiet_option
@debug_option
def explain_command(path: str, output: str | None, as_json: bool, quiet: bool, **options: Any) -> None:
    """Show why a page was read as it was.

    PAGE is an HTML page, a text dump of one, either of them gzipped; - is standard input. What comes out is one web
    page that holds all it needs: the blocks of PAGE tinted by kind, each with its reason and score, and for each field
    the source that won and those that lost. Nothing of PAGE runs in it, and nothing is fetched. A page that is no story
    is explained as well.
    """
    target = _choose_target(path, output, as_json=as_json)
    explanation = _read(path, options)
    with open_output(target) as opened:
        opened.write(to_json_line(explanation.to_dict()) if as_json else to_html(explanation))
    if not quiet:
        click.echo(printable(_summarise(explanation, target)), err=True)


def _choose_target(path: str, output: str | None, *, as_json: bool) -> str:
    """Where to write. Raises `BadUsageError` for the page itself, and for a web page printed to a terminal."""
    if output is None and not as_json and sys.stdout.isatty():
        raise BadUsageError("the explanation is a web page: -o FILE writes it there, -o - prints it all the same")
    target = output or STDOUT
    if target != STDOUT and os.path.isfile(target) and os.path.isfile(path) and os.path.samefile(path, target):
        raise BadUsageError(f"{target}: is the page itself; -o takes another file")
    return target


def _read(path: str, options: dict[str, Any]) -> Explanation:
    """The page, read and accounted for. Raises `FailureError` for one that cannot be read."""
    if is_http_url(path):
        raise BadUsageError(f"{path}: is a URL; save the page first, and give the file with --url")
    site, url = options["site"], options["url"]
    profile = choose_profile(None if site == "none" else site, url, options["sites_dirs"])
    try:
        page = read_page(path)
        read = explain_text if is_dump(path, page) else explain
        return read(
            page,
            url,
            source=path,
            profile=profile,
            charset=options["charset"],
            fetched_at=options["fetched_at"],
        )
    except InputError as error:
        raise FailureError(f"{path}: {error}") from error


def _summarise(explanation: Explanation, target: str) -> str:
    """What came of the page, in a line."""
    refusal = explanation.refusal
    what = f"no story: {refusal}" if refusal else "a story"
    place = "" if target == STDOUT else f"; open {target} in a browser"
    return f"{explanation.source}: {what}{place}"
