"""`newsscraper demo`: a made-up news site on this machine, crawled before your eyes."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from newsscraper.cli.crawl import describe_run
from newsscraper.cli.options import debug_option
from newsscraper.cli.program import FAILURES, BadUsageError
from newsscraper.cli.text import counted, printable, to_pretty_json

if TYPE_CHECKING:
    from newsscraper_demo.server import DemoServer

    from newsscraper.crawl.summary import RunSummary

SHOWN_TITLES = 5


@click.command("demo", short_help="Crawl a made-up news site on this machine.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the site; a free one unless given.")
@click.option("--serve-only", is_flag=True, help="Serve the site until Ctrl-C, and crawl nothing.")
@click.option(
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder that everything is written to; a temporary one unless given.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[:/PATH/][:SHARE]",
    help="Something that goes wrong on the site, below a path or for a share of addresses; again for more.",
)
@click.option(
    "--list-faults",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, wanted: _list_faults(ctx) if wanted else None,
    help="List what can go wrong, and exit.",
)
@debug_option
@click.pass_context
def demo_command(ctx: click.Context, port: int, serve_only: bool, corpus: Path | None, faults: tuple[str, ...]) -> None:
    """Crawl a made-up news site on this machine, and show what came of it."""
    with _open_server(port, faults) as server:
        if serve_only:
            _wait(server)
            return
        corpus = _writable(corpus) if corpus else Path(tempfile.mkdtemp(prefix="newsscraper-demo-"))
        click.echo(f"A made-up news site is at {server.url}: crawling it ...")
        summary = _crawl(server, corpus)
        records = read_records(corpus, summary.files)
        stories = server.site.stories
        missed, strange = find_missed(stories, records), find_strange(stories, records)
        click.echo(describe_run(summary, corpus))
        click.echo(f"Found {len(stories) - len(missed)} of the site's {counted(len(stories), 'story', 'stories')}.")
        _show_some("Missed", missed)
        _show_some("Taken for a story", strange)
        _show_record(records)
        ctx.exit(summary.exit_code or (FAILURES if missed or strange else 0))


def read_records(corpus: Path, files: Iterable[str]) -> list[dict[str, Any]]:
    """The records in a run's files of stories, paths below the corpus folder."""
    return [
        json.loads(line)
        for file in files
        if file.endswith(".jsonl") and "events" not in Path(file).parts
        for line in (corpus / file).read_text(encoding="utf-8").split("\n")
        if line
    ]


def find_missed(stories: Iterable[Any], records: Iterable[dict[str, Any]]) -> list[str]:
    """Titles of the site's stories that no record has, told by the address that was read or the one it claims."""
    addresses = {address for record in records for address in _addresses(record)}
    return [story.title for story in stories if story.path not in addresses]


def find_strange(stories: Iterable[Any], records: Iterable[dict[str, Any]]) -> list[str]:
    """Titles of records that are none of the site's stories: what else it holds, taken for one."""
    paths = {story.path for story in stories}
    return [record["title"] for record in records if paths.isdisjoint(_addresses(record))]


def _open_server(port: int, faults: Iterable[str] = ()) -> DemoServer:
    try:
        from newsscraper_demo.server import DemoServer  # noqa: PLC0415 - stands beside the package, may be absent
        from newsscraper_demo.site import DemoSite  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise _missing_site(error) from error
    site = DemoSite()
    try:
        return DemoServer(site, port=port, faults=faults)
    except ValueError as error:
        raise BadUsageError(f"{error} (--list-faults tells what each does)") from error
    except OSError as error:
        raise BadUsageError(f"port {port} cannot be used: {error.strerror}; --port 0 takes a free one") from error


def _list_faults(ctx: click.Context) -> None:
    try:
        from newsscraper_demo.faults import FAULTS  # noqa: PLC0415 - stands beside the package, may be absent
    except ModuleNotFoundError as error:
        raise _missing_site(error) from error
    width = max(map(len, FAULTS))
    for name, what in sorted(FAULTS.items()):
        click.echo(f"{name:{width}}  {what}")
    ctx.exit()


def _missing_site(error: ModuleNotFoundError) -> Exception:
    """What to raise where a module of the demo site is missing: it itself, if what is missing is another."""
    if error.name and not error.name.startswith("newsscraper_demo"):
        return error
    return BadUsageError("the demo site (newsscraper_demo) is not installed; it comes with a clone")


def _writable(corpus: Path) -> Path:
    """The folder, made where it was not. Raises `BadUsageError` where no file can be made in it."""
    try:
        corpus.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=corpus):
            return corpus
    except OSError as error:
        raise BadUsageError(f"{corpus}: cannot be written: {error.strerror}") from error


def _wait(server: DemoServer) -> None:
    click.echo(f"A made-up news site of {len(server.site.stories)} stories is at {server.url} (Ctrl-C ends it)")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo()


def _crawl(server: DemoServer, corpus: Path) -> RunSummary:
    from newsscraper.crawl.run import crawl  # noqa: PLC0415 - Scrapy is slow to import

    (summary,) = crawl([server.url], corpus=corpus, arguments={}, settings={}, quiet=True)
    return summary


def _show_some(what: str, titles: list[str]) -> None:
    for title in titles[:SHOWN_TITLES]:
        click.echo(f"  {what}: {printable(title)}")
    if len(titles) > SHOWN_TITLES:
        click.echo(f"  ... and {len(titles) - SHOWN_TITLES} more")


def _show_record(records: list[dict[str, Any]]) -> None:
    if records:
        click.echo("\nOne of the records:")
        click.echo(to_pretty_json(records[0]).encode())


def _addresses(record: dict[str, Any]) -> set[str]:
    """Path and query, as the site knows its stories, of what was read and of what it claims to be."""
    parts = [urlsplit(record[key]) for key in ("url", "canonical_url") if record[key]]
    return {f"{part.path}?{part.query}" if part.query else part.path for part in parts}
