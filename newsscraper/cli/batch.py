"""`newsscraper batch`: archives and pages of any number into files of records, part by part, on one machine or many."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from newsscraper.batch.cluster import check_address
from newsscraper.batch.marks import Mark, add_up
from newsscraper.batch.output import FORMS, drop_own
from newsscraper.batch.parts import Part, choose_parts, read_shard
from newsscraper.batch.pool import count_cores
from newsscraper.batch.reading import Reading
from newsscraper.batch.run import Batch, open_batch
from newsscraper.batch.tally import FILTERED
from newsscraper.cli.batch_cluster import RememberingCommand, do_on_cluster, finish_patiently
from newsscraper.cli.batch_progress import BatchReporter, count_pages, describe_counts, format_seconds, reporting_batch
from newsscraper.cli.filters import filter_options, read_filters
from newsscraper.cli.options import debug_option, model_option, quiet_option, read_instant, sites_dir_option
from newsscraper.cli.program import FAILURES, INTERRUPTED, BadUsageError
from newsscraper.cli.text import counted, printable
from newsscraper.errors import InputError
from newsscraper.store.archive import Filters

_MB = 1_000_000
_MOST_TOLD = 10
"""Pages set aside that are named."""
_LEAST_SPEED = 0.05
"""Pages a second that are worth telling: less would read as none."""
Doer = Callable[[click.Context, Batch, Sequence[Part], BatchReporter], Generator[tuple[Part, Mark | str], None, None]]


def _read_shard(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[int, int]:
    try:
        return read_shard(value) if value else (1, 1)
    except InputError as error:
        raise click.BadParameter(str(error)) from error


def _read_numbers(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> list[int] | None:
    """Numbers of parts, given one by one or with commas between them."""
    words = [word.strip() for value in values for word in value.split(",")]
    if not all(word.isascii() and word.isdecimal() for word in words):
        raise click.BadParameter(f"expected numbers of parts, such as 3,4,17, got {', '.join(values)!r}")
    return sorted({int(word) for word in words}) if words else None


@click.command(
    "batch", cls=RememberingCommand, short_help="Turn archives of any size into files of records, part by part."
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH ...")
@click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="FOLDER",
    help="Where everything goes: a new folder, or that of the same batch, which is taken up again.",
)
@click.option("--shard", callback=_read_shard, metavar="I/N", help="Do each Nth part only, from the Ith; I is 1 to N.")
@click.option(
    "--part", "numbers", callback=_read_numbers, multiple=True, metavar="K[,K...]", help="Do these parts only; from 0."
)
@click.option("--list", "lists", is_flag=True, help="Print the numbers of the parts that are not done, and do none.")
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Processes that read pages; by default one a core."
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Have the workers of a Dask cluster do it, tcp://HOST:8786; they have to see the same files.",
)
@click.option(
    "--page-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="S",
    help="What a page may take; one that takes longer is set aside.",
)
@click.option(
    "--page-memory",
    type=click.IntRange(min=0),
    default=4000,
    show_default=True,
    metavar="MB",
    help="What a worker may take; a page that needs more is set aside. 0 is no bound.",
)
@click.option(
    "--form", type=click.Choice(FORMS), default="gz", show_default=True, help="JSON lines, packed or not; or Parquet."
)
@click.option(
    "--part-mb",
    type=click.FloatRange(min=0, min_open=True),
    default=256.0,
    show_default=True,
    metavar="MB",
    help="How much of the input makes a part, about: what is lost at most when a run is killed.",
)
@click.option(
    "--site",
    default="auto",
    show_default=True,
    metavar="NAME|auto|none",
    help="Profile to read pages with; auto takes the one that owns the host of a page's URL.",
)
@click.option(
    "--fetched-at",
    callback=read_instant,
    metavar="ISO",
    help="When pages were fetched that do not say it; no story is dated after it.",
)
@click.option("--force", is_flag=True, help="Extract pages that are no story all the same.")
@click.option(
    "--evidence",
    "evidence_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What the pages of sites have in common, as `newsscraper extract --save-evidence` writes it.",
)
@filter_options
@model_option
@sites_dir_option
@quiet_option
@debug_option
@click.pass_context
def batch_command(ctx: click.Context, /, paths: tuple[str, ...], quiet: bool, **options: Any) -> None:
    """Turn archives and pages of any number into files of records, part by part.

    PATH is a WARC file, an HTML page or a text dump, a folder of them, or the address of an archive (https://, s3://).
    Each part of the input becomes one file in FOLDER, whole when it appears: 00017.jsonl.gz holds the records,
    faults/00017.faults.gz says of each page without one why, and 00017.json marks the part as done. When all parts are
    done, manifest.json sums them up. The same input gives the same bytes, whatever it is split among.

    The same command again takes up what is not done, whatever ended the last one. --shard 3/16 on sixteen machines that
    share FOLDER does a sixteenth each. Ctrl-C leaves what is done.
    """
    if options["scheduler"]:
        check_address(options["scheduler"])
    batch = _open(paths, options)
    chosen = _choose(batch, options["shard"], options["numbers"])
    marks = {part.number: mark for part in chosen if (mark := batch.find_mark(part))}
    outstanding = [part for part in chosen if part.number not in marks]
    if options["lists"]:
        for part in outstanding:
            click.echo(part.number)
        return
    if not quiet:
        _say_beginning(batch, chosen, outstanding)
    failed, is_interrupted = _do_all(ctx, batch, outstanding, marks, quiet=quiet)
    is_whole = finish_patiently(batch) if len(marks) == len(batch.plan.parts) else batch.finish()
    counts, reasons = add_up(list(marks.values()))
    _say_end(batch, list(marks.values()), quiet=quiet, is_whole=is_whole)
    if is_interrupted:
        ctx.exit(INTERRUPTED)
    has_nothing = is_whole and not count_pages(counts)
    if has_nothing:
        click.echo(printable(f"{', '.join(paths)}: {_explain_nothing(reasons)}"), err=True)
    ctx.exit(FAILURES if failed or has_nothing or counts["error"] else 0)


def _explain_nothing(reasons: Mapping[str, int]) -> str:
    """Why a batch that is done has read no page."""
    kept_out = sum(count for reason, count in reasons.items() if reason.startswith(FILTERED))
    return f"no page passed the filters, which kept out {kept_out:,}" if kept_out else "no page was found"


def _open(paths: Sequence[str], options: dict[str, Any]) -> Batch:
    reading = Reading(
        site=None if options["site"] == "none" else options["site"],
        sites_dirs=tuple(map(str, options["sites_dirs"])),
        fetched_at=options["fetched_at"],
        force=options["force"],
        model_file=str(options["model_file"]) if options["model_file"] else None,
        evidence_file=str(options["evidence_file"]) if options["evidence_file"] else None,
    )
    return open_batch(
        paths,
        options["folder"],
        reading=reading,
        filters=read_filters(options) or Filters(),
        form=options["form"],
        part_bytes=max(1, round(options["part_mb"] * _MB)),
        is_begun=not options["lists"],
    )


def _choose(batch: Batch, shard: tuple[int, int], numbers: list[int] | None) -> list[Part]:
    parts = batch.plan.parts
    if numbers is None:
        return choose_parts(parts, shard)
    if shard != (1, 1):
        raise click.UsageError("--shard and --part exclude each other")
    if numbers[-1] >= len(parts):
        raise BadUsageError(
            f"--part {numbers[-1]}: there are {len(parts)} parts, the last of which is {len(parts) - 1}"
        )
    return [parts[number] for number in numbers]


def _do_all(
    ctx: click.Context, batch: Batch, parts: Sequence[Part], marks: dict[int, Mark], *, quiet: bool
) -> tuple[bool, bool]:
    """Do `parts`, adding their marks to `marks`; whether some could not be done, and whether it was interrupted."""
    failed = False
    if not parts:
        return False, False
    with reporting_batch(sum(part.size for part in parts), quiet=quiet) as reporter:
        try:
            with _ending_on_sigterm(), closing(_choose_doer(ctx)(ctx, batch, parts, reporter)) as ended:
                for part, mark in ended:
                    if isinstance(mark, Mark):
                        marks[part.number] = mark
                    else:
                        reporter.say(f"part {part.number}: {mark}")
                        failed = True
                    reporter.end_part(part.size)
        except KeyboardInterrupt:
            drop_own(batch.folder)
            reporter.say("interrupted: what is done stays; the same command goes on from there")
            return failed, True
        if not quiet:
            reporter.say(_describe_speed(reporter))
    return failed, False


def _choose_doer(ctx: click.Context) -> Doer:
    return do_on_cluster if ctx.params["scheduler"] else _do_here


def _do_here(
    ctx: click.Context, batch: Batch, parts: Sequence[Part], reporter: BatchReporter
) -> Generator[tuple[Part, Mark | str], None, None]:
    """Each part with its mark, or with why it could not be done."""
    options = ctx.params
    with batch.open_pool(
        workers=options["workers"] or count_cores(),
        seconds=options["page_seconds"],
        memory=options["page_memory"] * _MB,
    ) as pool:
        for part in parts:
            try:
                yield part, batch.find_mark(part) or batch.do(part, pool, reporter.page)
            except InputError as error:
                yield part, str(error)


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """SIGTERM ends it as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say_beginning(batch: Batch, chosen: Sequence[Part], outstanding: Sequence[Part]) -> None:
    total = counted(len(batch.plan.parts), "part", "parts")
    done = len(chosen) - len(outstanding)
    size = sum(part.size for part in outstanding) / _MB
    line = f"{batch.folder}: {total}; {len(outstanding):,} to do here, of {size:,.1f} MB"
    click.echo(printable(line + (f"; {done:,} done already" if done else "")), err=True)
    for note in batch.notes:
        click.echo(printable(note), err=True)


def _describe_speed(reporter: BatchReporter) -> str:
    pages = counted(count_pages(reporter.counts), "page", "pages")
    speed = f", {reporter.pages_a_second:,.1f} pages/s" if reporter.pages_a_second >= _LEAST_SPEED else ""
    return f"{pages} in {format_seconds(reporter.seconds)}{speed}"


def _say_end(batch: Batch, marks: Sequence[Mark], *, quiet: bool, is_whole: bool) -> None:
    aside = [page for mark in marks for page in mark.set_aside]
    for page in aside[:_MOST_TOLD]:
        at = "" if page["offset"] is None else f" at {page['offset']}"
        click.echo(printable(f"{page['source']}{at}: set aside: {page['detail']}"), err=True)
    if len(aside) > _MOST_TOLD:
        click.echo(f"... and {len(aside) - _MOST_TOLD:,} more pages set aside", err=True)
    if not quiet:
        click.echo(f"{describe_counts(add_up(list(marks))[0])}", err=True)
        if is_whole:
            click.echo(printable(f"{batch.folder / 'manifest.json'}: all parts are done"), err=True)
