"""`newsscraper extract`: files to JSON lines."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from newsscraper.batch import (
    FEWEST_PAGES,
    Outcome,
    Source,
    extract_source,
    find_pages,
    find_sites,
    gather_sites,
    prepare_job,
    read_page,
)
from newsscraper.cli.filters import filter_options, read_filters
from newsscraper.cli.options import (
    debug_option,
    evidence_options,
    model_option,
    quiet_option,
    read_instant,
    read_url,
    refuse_urls,
    sites_dir_option,
)
from newsscraper.cli.outcomes import write_all
from newsscraper.cli.output import STDOUT, is_same_file, open_output, refuse_inputs
from newsscraper.cli.program import FAILURES, INTERRUPTED
from newsscraper.cli.progress import Reporter
from newsscraper.cli.text import printable
from newsscraper.cli.url_list import with_urls
from newsscraper.errors import InputError, NoPageError
from newsscraper.extract import Evidence, choose_model
from newsscraper.store.archive import Filters, is_archive_name, size_of
from newsscraper.store.evidence import format_evidence, read_evidence_file
from newsscraper.store.pages import can_be_read_again


@click.command("extract", short_help="Turn saved pages, text dumps and archives into JSON lines.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH|- ...")
@click.option("--url", callback=read_url, metavar="URL", help="Where the page was found; for one page only.")
@click.option(
    "--urls",
    "url_list",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where each page was found: lines of path, tab, URL; the paths are relative to FILE's folder, or absolute.",
)
@click.option(
    "--site",
    default="auto",
    show_default=True,
    metavar="NAME|auto|none",
    help="Profile to read a page with; auto takes the one that owns the host of its URL.",
)
@click.option(
    "--fetched-at",
    callback=read_instant,
    metavar="ISO",
    help="When the pages were fetched; no story is dated after it.",
)
@click.option("-o", "--output", default=STDOUT, metavar="FILE", help="Write there instead of standard output.")
@click.option("--force", is_flag=True, help="Extract pages that are no story all the same.")
@click.option(
    "--trace", "traced", is_flag=True, help="Print how each page was read: objects of source, story, error, trace."
)
@filter_options
@evidence_options
@model_option
@sites_dir_option
@quiet_option
@debug_option
@click.pass_context
def extract_command(ctx: click.Context, /, paths: tuple[str, ...], output: str, quiet: bool, **options: Any) -> None:
    """Turn saved pages, text dumps and archives into JSON lines, one record a story.

    PATH is an HTML page, a text dump of one (.txt, or any file without markup), either of them gzipped, a WARC file,
    or a folder; - is standard input. A page has at most 64 MB, decompressed. Of a folder every file in it and below is
    looked at, whatever its name, but for hidden ones (.name); images and other files that are no pages are passed over
    and counted. A file that cannot be used is told on stderr, and the rest goes on. Ctrl-C writes what is done.

    A WARC file (gzip, Zstandard or plain; a path, or a URL that fsspec opens: https://, s3://, ...) is read as a
    stream, however large. Records that give no page, and pages that are no story, are counted by their reasons; what is
    damaged is told with its offset, the first 20 of an archive, and the reading goes on behind it.

    Of three pages or more of one site (by --url, --urls, or the address that a page claims), up to 200 are looked at
    first for what they have in common; texts that the site repeats are then left out of every story's body. Archives
    are read once only: for their pages, give --evidence.
    """
    filters = read_filters(options)
    sources, faults = _find_sources(paths, options["url"], options["url_list"])
    _refuse_misplaced(sources, filters, options)
    _refuse_targets(sources, output, options)
    known = _read_known_evidence(options)
    options["profile"] = None if options["site"] == "none" else options["site"]
    options["model"] = choose_model(options["model_file"])
    for fault in faults:
        click.echo(printable(fault), err=True)

    def read(reporter: Reporter) -> Iterator[Outcome]:
        evidence = _gather(sources, options, reporter) if known is None else known
        return _extract_all(sources, options, evidence, filters, reporter)

    reporter = write_all(read, sources, output, quiet=quiet, traced=options["traced"])
    reporter.counts += Counter(error=len(faults))
    if not quiet:
        click.echo(reporter.summary, err=True)
    if reporter.is_interrupted:
        ctx.exit(INTERRUPTED)
    if not reporter.counts.keys() - {"passed_over", "record"}:
        click.echo(f"{', '.join(map(printable, paths))}: no page was found", err=True)
    ctx.exit(0 if reporter.is_well else FAILURES)


def _find_sources(paths: Iterable[str], url: str | None, url_list: Path | None) -> tuple[list[Source], list[str]]:
    """What to read, and what is wrong with the list of addresses."""
    paths = list(paths)
    refuse_urls(path for path in paths if not is_archive_name(path))
    sources = find_pages(paths)
    if url and url_list:
        raise click.UsageError("--url and --urls exclude each other")
    if url and len(sources) > 1:
        raise click.UsageError(f"--url is the address of one page, and there are {len(sources)}; --urls takes a list")
    return with_urls(sources, url_list) if url_list else (sources, [])


def _refuse_misplaced(sources: list[Source], filters: Filters | None, options: dict[str, Any]) -> None:
    """Raises `UsageError` for options that say nothing about what is read."""
    has_archive = any(source.is_archive for source in sources)
    if options["url"] and has_archive:
        raise click.UsageError("--url is the address of one page, and an archive tells those of its pages itself")
    if filters is not None and not has_archive:
        raise click.UsageError(
            "--host, --language, --since, --until, --url-pattern and --media-type choose among the records of "
            "archives, and no archive is given"
        )


def _refuse_targets(sources: list[Source], output: str, options: dict[str, Any]) -> None:
    """Raises `BadUsageError` where results or evidence would be written over what is read, or over one another."""
    others = [options[name] for name in ("url_list", "evidence_file", "model_file")]
    saved = options["save_evidence"]
    for option, target in (("-o", output), ("--save-evidence", saved)):
        refuse_inputs(option, target, [*others, *_find_pages_at(target, sources)])
    is_file = output != STDOUT and (os.path.isfile(output) or not os.path.exists(output))
    if saved and is_file and os.path.realpath(saved) == os.path.realpath(output):
        raise click.UsageError(f"-o and --save-evidence name the same file, {output}")


def _find_pages_at(target: str | Path | None, sources: list[Source]) -> Iterator[str]:
    """The sources that are the file `target`; of what a folder holds, pages only: results of before may stand there."""
    if target is not None and os.path.isfile(target):
        for source in sources:
            if is_same_file(source.path, target) and (
                not source.is_found or source.is_archive or _may_be_page(source.path)
            ):
                yield source.path


def _may_be_page(path: str) -> bool:
    """False for an empty file, which has nothing to lose, and for files of other kinds."""
    try:
        return bool(read_page(path))
    except NoPageError:
        return False
    except InputError:
        return True


def _read_known_evidence(options: dict[str, Any]) -> dict[str, Evidence] | None:
    """What the options give instead of the pages themselves, perhaps nothing; None where it is to be gathered."""
    named = {"--evidence": options["evidence_file"], "--save-evidence": options["save_evidence"]}
    given = [name for name, value in named.items() if value] + ["--no-evidence"] * options["no_evidence"]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} exclude each other")
    if options["evidence_file"]:
        return read_evidence_file(options["evidence_file"])
    return {} if options["no_evidence"] else None


def _gather(sources: list[Source], options: dict[str, Any], reporter: Reporter) -> dict[str, Evidence]:
    """Evidence of the sites that have pages enough, saved where that is asked for."""
    found: dict[str, Evidence] = {}
    if len(sources) >= FEWEST_PAGES:
        reporter.expect(sum(not source.url and can_be_read_again(source.path) for source in sources))
        sites = find_sites(sources, on_read=reporter.step)
        reporter.expect(sum(map(len, sites.values())))
        shared = {name: options[name] for name in ("profile", "sites_dirs", "model")}
        found = gather_sites(sites, **shared, on_read=reporter.step)
    if options["save_evidence"] and not found:
        reporter.say(
            f"{options['save_evidence']}: not written: evidence takes {FEWEST_PAGES} pages or more of one site, whose "
            "addresses --urls or the pages themselves tell"
        )
    elif options["save_evidence"]:
        with open_output(str(options["save_evidence"])) as file:
            for line in format_evidence(found):
                file.write(line)
    return found


def _extract_all(
    sources: list[Source],
    options: dict[str, Any],
    evidence: Mapping[str, Evidence],
    filters: Filters | None,
    reporter: Reporter,
) -> Iterator[Outcome]:
    job = prepare_job(
        profile=options["profile"],
        sites=options["sites_dirs"],
        fetched_at=options["fetched_at"],
        force=options["force"],
        traced=options["traced"],
        evidence=evidence,
        model=options["model"],
    )
    done = 0
    for source in sources:
        named = dataclasses.replace(source, url=source.url or options["url"])
        for outcome in extract_source(named, job, filters):
            reporter.reach(done + (outcome.offset or 0))
            yield outcome
        done += size_of(source.path)
        reporter.reach(done)
