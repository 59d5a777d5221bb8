"""`newsscraper explain`: why a page was read as it was, as a page to look at or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from newsscraper.batch import choose_profile
from newsscraper.cli.options import (
    debug_option,
    model_option,
    quiet_option,
    read_charset,
    read_instant,
    read_url,
    refuse_urls,
    sites_dir_option,
)
from newsscraper.cli.output import STDOUT, open_output, refuse_inputs
from newsscraper.cli.program import BadUsageError, FailureError
from newsscraper.cli.text import printable, to_json_line
from newsscraper.errors import InputError
from newsscraper.explain import Explanation, explain, explain_text, to_html
from newsscraper.extract import Evidence, choose_model
from newsscraper.store.evidence import read_evidence_file
from newsscraper.store.pages import find_claimed_url, is_dump, read_page
from newsscraper.store.urls import site_of


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
@click.option(
    "--charset",
    callback=read_charset,
    metavar="LABEL",
    help="The encoding that came with the page, in its HTTP header.",
)
@click.option(
    "--fetched-at", callback=read_instant, metavar="ISO", help="When the page was fetched; no story is dated after it."
)
@click.option(
    "--evidence",
    "evidence_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What the pages of its site have in common, as newsscraper extract --save-evidence wrote it.",
)
@click.option("-o", "--output", metavar="FILE", help="Write there instead of standard output, -.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for tools, instead of a web page.")
@model_option
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
    refuse_urls([path])
    target = _choose_target(output, as_json=as_json)
    refuse_inputs("-o", target, [path, options["evidence_file"], options["model_file"]])
    explanation = _read(path, options)
    with open_output(target) as opened:
        opened.write(to_json_line(explanation.to_dict()) if as_json else to_html(explanation))
    if not quiet:
        click.echo(printable(_summarise(explanation, target)), err=True)


def _choose_target(output: str | None, *, as_json: bool) -> str:
    """Where to write. Raises `BadUsageError` for a web page printed to a terminal."""
    if output is None and not as_json and sys.stdout.isatty():
        raise BadUsageError("the explanation is a web page: -o FILE writes it there, -o - prints it all the same")
    return output or STDOUT


def _read(path: str, options: dict[str, Any]) -> Explanation:
    """The page, read and accounted for. Raises `FailureError` for one that cannot be read."""
    site, url = options["site"], options["url"]
    file = options["evidence_file"]
    known, model = read_evidence_file(file) if file else {}, choose_model(options["model_file"])
    given: dict[str, Any] = {
        "source": path,
        "profile": choose_profile(None if site == "none" else site, url, options["sites_dirs"]),
        "charset": options["charset"],
        "fetched_at": options["fetched_at"],
    }
    try:
        page = read_page(path)
        if is_dump(path, page):
            return explain_text(page, url, **given)
        return explain(page, url, **given, evidence=_find_evidence(known, page, url, file), model=model)
    except InputError as error:
        raise FailureError(f"{path}: {error}") from error


def _find_evidence(known: Mapping[str, Evidence], page: bytes, url: str | None, file: Path | None) -> Evidence | None:
    """That of the page's site; that there is none is told where a file was given."""
    address = url or find_claimed_url(page)
    try:
        site = site_of(address) if address else None
    except ValueError:
        site = None
    if file and site not in known:
        what = f"nothing of {site}" if site else "nothing of a site that the page or --url would name"
        click.echo(printable(f"{file}: has {what}"), err=True)
    return known.get(site or "")


def _summarise(explanation: Explanation, target: str) -> str:
    """What came of the page, in a line."""
    refusal = explanation.refusal
    what = f"no story: {refusal}" if refusal else "a story"
    place = "" if target == STDOUT else f"; open {target} in a browser"
    return f"{explanation.source}: {what}{place}"
