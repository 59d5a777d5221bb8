"""`newsscraper corpus diff`: two corpora, and what differs."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from newsscraper.cli.options import debug_option, is_http_url, quiet_option
from newsscraper.cli.program import FAILURES
from newsscraper.cli.text import counted, printable, to_pretty_json
from newsscraper.corpus import Comparison, Side, choose_fields, compare
from newsscraper.corpus.examples import Example
from newsscraper.corpus.excerpts import shorten, tell_change
from newsscraper.store import site_of

EVERY_SECONDS = 10
MOST_SITES = 20
MOST_EXTRACTORS = 5
_APART = {"only_old": "only in old", "only_new": "only in new"}


@click.command("diff", short_help="What differs between two corpora.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    metavar="N",
    help="So many of each field, and of what only one side has.",
)
@click.option(
    "--fields",
    multiple=True,
    metavar="NAME,...",
    help="Compare these: names of the record's, content (what the page says; the default), all.",
)
@click.option("--ignore", multiple=True, metavar="NAME,...", help="Do not compare these.")
@click.option("--site", "sites", multiple=True, metavar="SITE", help="Records of this site alone; may be given again.")
@click.option("--fail-on-change", is_flag=True, help="End with 1 where anything differs.")
@quiet_option
@debug_option
@click.pass_context
def diff_command(  # noqa: PLR0913 (an argument an option)
    ctx: click.Context,
    /,
    *,
    old: Path,
    new: Path,
    as_json: bool,
    examples: int,
    fields: tuple[str, ...],
    ignore: tuple[str, ...],
    sites: tuple[str, ...],
    fail_on_change: bool,
    quiet: bool,
) -> None:
    """Say what differs between the records of OLD and NEW: which are only in one, and which fields changed, how often.

    OLD and NEW are corpora, outputs of `newsscraper batch`, or other folders or files of records: JSON lines, plain or
    compressed, or Parquet. Records of one story are matched by when they were fetched, or else by version. What the
    page says is compared, and not where the record comes from.

    Ends with 1 where a line or a file could not be read, which is told; the rest is compared all the same.
    """
    counter = _Counter(quiet=quiet)
    comparison = compare(
        old,
        new,
        fields=choose_fields(fields, ignore),
        examples=examples,
        sites=[site_of(site) if is_http_url(site) else site for site in sites],
        on_read=counter.step,
    )
    if as_json:
        click.echo(to_pretty_json(_to_dict(comparison)).encode())
    else:
        for line in _describe(comparison):
            click.echo(printable(line))
    for side in (comparison.old, comparison.new):
        _tell_unreadable(side)
    is_well = not comparison.unreadable and (comparison.is_same or not fail_on_change)
    ctx.exit(0 if is_well else FAILURES)


class _Counter:
    """Says now and then how many records were read."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._records = 0
        self._due = time.monotonic() + EVERY_SECONDS

    def step(self) -> None:
        """One more was."""
        self._records += 1
        if not self._quiet and self._records % 1000 == 0 and time.monotonic() >= self._due:
            click.echo(f"{self._records:,} records read", err=True)
            self._due = time.monotonic() + EVERY_SECONDS


def _tell_unreadable(side: Side) -> None:
    for each in side.told:
        click.echo(printable(str(each)), err=True)
    if side.unreadable > len(side.told):
        click.echo(printable(f"{side.path}: and {side.unreadable - len(side.told):,} more like these"), err=True)


def _describe(comparison: Comparison) -> Iterator[str]:
    yield from _describe_side("old", comparison.old)
    yield from _describe_side("new", comparison.new)
    yield ""
    counts, both = comparison.counts, comparison.matched
    yield from _align(
        [
            ["same", f"{counts.same:,}", _share(counts.same, both)],
            ["changed", f"{counts.changed:,}", _share(counts.changed, both)],
            ["only in old", f"{counts.only_old:,}", ""],
            ["only in new", f"{counts.only_new:,}", ""],
        ]
    )
    if comparison.by_field:
        yield ""
        rows = [
            [name, f"{each.changed:,}", _share(each.changed, both), f"{each.gained:,}", f"{each.lost:,}"]
            for name, each in comparison.by_field.items()
        ]
        yield from _align([["field", "changed", "share", "gained", "lost"], *rows])
    yield from _describe_sites(comparison)
    for name in (*comparison.by_field, *_APART):
        yield from _describe_examples(name, comparison.examples.get(name, ()))


def _describe_side(name: str, side: Side) -> Iterator[str]:
    records, files = counted(side.records, "record", "records"), counted(len(side.files), "file", "files")
    yield f"{name}  {side.path}: {records} in {files}"
    for extractor, number in side.extractors.most_common(MOST_EXTRACTORS):
        yield f"     {number:,} by {extractor}"
    if len(side.extractors) > MOST_EXTRACTORS:
        yield f"     others by {len(side.extractors) - MOST_EXTRACTORS:,} further extractors"
    if side.doubled:
        yield f"     {side.doubled:,} are further captures: same story_key and version as another one"
    if side.unreadable:
        yield f"     {counted(side.unreadable, 'line or file', 'lines or files')} could not be read"


def _describe_sites(comparison: Comparison) -> Iterator[str]:
    """Where there are several: those with most that differs."""
    if len(comparison.by_site) < 2 or comparison.is_same:
        return
    yield ""
    found = sorted(comparison.by_site.items(), key=lambda each: (-each[1].differing, each[0]))
    rows = [
        [site or "(none)", *(f"{number:,}" for number in (each.same, each.changed, each.only_old, each.only_new))]
        for site, each in found[:MOST_SITES]
    ]
    yield from _align([["site", "same", "changed", "only in old", "only in new"], *rows])
    if len(found) > MOST_SITES:
        yield f"and {len(found) - MOST_SITES:,} further sites: --json has them"


def _describe_examples(name: str, examples: Sequence[Example]) -> Iterator[str]:
    if examples:
        yield ""
        yield _APART.get(name, name)
    for example in examples:
        title = _value(example.after or example.before, "title") if name in _APART else ""
        yield f"  {example.name}{': ' if title else ''}{shorten(str(title))}"
        if name not in _APART:
            for line in tell_change(name, _value(example.before, name), _value(example.after, name)):
                yield f"    {line}"


def _value(data: dict[str, Any] | None, name: str) -> Any:
    return (data or {}).get(name)


def _align(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *numbers = (
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join((first, *numbers)).rstrip()


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""


def _to_dict(comparison: Comparison) -> dict[str, Any]:
    both = comparison.matched
    return {
        "old": _side_to_dict(comparison.old),
        "new": _side_to_dict(comparison.new),
        "compared": list(comparison.fields),
        **dataclasses.asdict(comparison.counts),
        "fields": {
            name: {**dataclasses.asdict(each), "share": round(each.changed / both, 6)}
            for name, each in comparison.by_field.items()
        },
        "sites": {site: dataclasses.asdict(each) for site, each in sorted(comparison.by_site.items())},
        "examples": {
            name: [_example_to_dict(name, each) for each in examples] for name, examples in comparison.examples.items()
        },
    }


def _side_to_dict(side: Side) -> dict[str, Any]:
    return {
        "path": str(side.path),
        "files": len(side.files),
        "records": side.records,
        "further_captures": side.doubled,
        "extractors": dict(side.extractors.most_common()),
        "schema_versions": dict(side.schemas.most_common()),
        "unreadable": side.unreadable,
        "unreadable_examples": [str(each) for each in side.told],
    }


def _example_to_dict(name: str, example: Example) -> dict[str, Any]:
    row = example.new or example.old
    data = example.after or example.before or {}
    told = {
        "story_key": row.key if row else None,
        "version": row.version if row else None,
        "url": data.get("url"),
        "title": data.get("title"),
    }
    if name in _APART:
        return told
    return {**told, "before": _value(example.before, name), "after": _value(example.after, name)}
