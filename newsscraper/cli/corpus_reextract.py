"""`newsscraper corpus reextract`: a corpus read anew, by today's extractor, into one of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from newsscraper.batch.in_order import Fault
from newsscraper.batch.pool import Pool, count_cores
from newsscraper.batch.reading import Read, Reading, prepare
from newsscraper.cli.known_sites import choose_sites, corpus_option
from newsscraper.cli.options import debug_option, model_option, quiet_option, sites_dir_option
from newsscraper.cli.program import FAILURES, INTERRUPTED
from newsscraper.cli.text import counted, printable
from newsscraper.corpus.reextraction import SiteDone, reextract
from newsscraper.corpus.rereading import Answer
from newsscraper.store import FORMS
from newsscraper.store.archive import ArchivedPage

EVERY_SECONDS = 10
PAGE_SECONDS = 60.0
PAGE_MB = 4000
T = TypeVar("T")


@click.command("reextract", short_help="Read archived pages anew, into a new corpus.")
@corpus_option
@click.option(
    "--into",
    "new",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder of the new corpus: one of its own.",
)
@click.option("--site", "names", multiple=True, metavar="SITE", help="This site alone; may be given again.")
@click.option("--keep-old", is_flag=True, help="Take over the lines that cannot be read anew, as they are.")
@click.option("--form", type=click.Choice(FORMS), default="plain", show_default=True, help="How files are packed.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that read pages; one a core unless told.",
)
@click.option(
    "--page-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=PAGE_SECONDS,
    show_default=True,
    metavar="S",
    help="What a page may take to be read; one that takes longer is named and left.",
)
@click.option(
    "--page-memory",
    type=click.IntRange(min=0),
    default=PAGE_MB,
    show_default=True,
    metavar="MB",
    help="What a worker may take; a page that needs more is named and left. 0 is no bound.",
)
@click.option(
    "--evidence",
    "evidence_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What the pages of each site have in common, as newsscraper extract --save-evidence writes it.",
)
@model_option
@sites_dir_option
@quiet_option
@debug_option
@click.pass_context
def reextract_command(
    ctx: click.Context, /, *, corpus: Path, new: Path, names: tuple[str, ...], quiet: bool, **options: Any
) -> None:
    """Read every page of a corpus that is archived anew, by today's extractor, into a new corpus.

    Records keep story_key, version, URL, when and how they were fetched, and where their page lies; what the page says
    is read anew. Lines whose page is not archived, or is no story any more, are named in faults/ of the new corpus.

    Broken off, it goes on where it was when the same command is given again. Ends with 1 where lines could not be read
    anew.
    """
    sites = choose_sites(corpus, names)
    reading = _choose_reading(options)
    described = reading.describe()
    counter = _Counter(quiet=quiet)
    done: list[SiteDone] = []
    with _open_pool(reading, described, options) as pool:
        try:
            for outcome in reextract(
                corpus,
                new,
                sites,
                partial(_read_all, pool),
                reading=described,
                keep_old=options["keep_old"],
                form=options["form"],
                on_site=counter.begin,
                on_line=counter.step,
            ):
                done.append(outcome)
                for line in () if quiet and not outcome.faults else _describe(outcome, new):
                    click.echo(printable(line), err=quiet)
        except KeyboardInterrupt:
            click.echo("interrupted: the same command goes on where this one was", err=True)
            ctx.exit(INTERRUPTED)
    ctx.exit(FAILURES if any(outcome.faults for outcome in done) else 0)


def _choose_reading(options: dict[str, Any]) -> Reading:
    model, evidence = options["model_file"], options["evidence_file"]
    return Reading(
        site="auto",
        sites_dirs=tuple(map(str, options["sites_dirs"])),
        model_file=str(model) if model else None,
        evidence_file=str(evidence) if evidence else None,
    )


def _open_pool(
    reading: Reading, described: dict[str, str | bool | None], options: dict[str, Any]
) -> Pool[ArchivedPage, Read]:
    # What run it is comes with the line that is written; the batch's own is none here.
    return Pool(
        partial(prepare, reading, described, ""),
        workers=options["workers"] or count_cores(),
        seconds=options["page_seconds"],
        memory=options["page_memory"] * 1_000_000,
    )


def _read_all(
    pool: Pool[ArchivedPage, Read], jobs: Iterable[tuple[T, ArchivedPage | None]]
) -> Iterator[tuple[T, Answer | None]]:
    for tag, answer in pool.read_all(jobs):
        yield tag, None if answer is None else _judge(answer)


def _judge(answer: Read | Fault) -> Answer:
    if isinstance(answer, Fault):
        return Answer(record=None, reason=answer.reason, detail=answer.detail)
    if answer.line:
        return Answer(record=json.loads(answer.line))
    reason = f"not_story:{answer.reason}" if answer.kind == "not_story" else answer.reason
    return Answer(record=None, reason=reason, detail=answer.detail)


class _Counter:
    """Says now and then how far it is, and how long it will take."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._site, self._lines, self._drawn = "", 0, 0
        self._began = self._due = time.monotonic()

    def begin(self, site: str, lines: int) -> None:
        """A site with so many lines comes."""
        self._site, self._lines, self._drawn = site, lines, 0
        self._began = time.monotonic()
        self._due = self._began + EVERY_SECONDS

    def step(self) -> None:
        """One of its lines is under way."""
        self._drawn += 1
        now = time.monotonic()
        if self._quiet or now < self._due:
            return
        self._due = now + EVERY_SECONDS
        rate = self._drawn / (now - self._began)
        left = (self._lines - self._drawn) / rate / 60
        said = f"{self._site}: {self._drawn:,} of {self._lines:,} lines, {rate:,.0f} a second, {left:,.0f} min left"
        click.echo(printable(said), err=True)


def _describe(outcome: SiteDone, new: Path) -> Iterator[str]:
    lines = counted(outcome.lines, "line", "lines")
    yield f"{outcome.site}: {outcome.stories:,} of {lines} read anew"
    for reason, number in outcome.faults.items():
        yield f"  {number:,} not: {reason}"
    if outcome.kept:
        yield f"  {counted(outcome.kept, 'of these is', 'of these are')} taken over as before"
    if outcome.faults:
        yield f"  named in {new / 'faults' / outcome.site}"
