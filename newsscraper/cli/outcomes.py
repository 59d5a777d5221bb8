"""What becomes of each page on its way out: a line, a word on stderr, a number in the summary."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click

from newsscraper.batch import Outcome, Source
from newsscraper.cli.output import STDOUT, Output, open_output
from newsscraper.cli.progress import Reporter, reporting
from newsscraper.cli.text import printable, to_json_line
from newsscraper.errors import InputError, NewsscraperError, NotAStory
from newsscraper.store.archive import is_remote, size_of
from newsscraper.story import Story


def write_all(
    read: Callable[[Reporter], Iterator[Outcome]], sources: list[Source], target: str, *, quiet: bool, traced: bool
) -> Reporter:
    """Write and tell each outcome; after Ctrl-C, those that there are."""
    shares_terminal = target == STDOUT and sys.stdout.isatty()
    had_file = os.path.isfile(target)
    has_archive = any(source.is_archive for source in sources)
    size = _measure(sources) if has_archive else None
    with (
        open_output(target) as output,
        reporting(len(sources), quiet=quiet, shares_terminal=shares_terminal, size=size) as reporter,
    ):
        try:
            for outcome in read(reporter):
                _put(outcome, output, reporter, quiet=quiet, traced=traced)
        except KeyboardInterrupt:
            reporter.is_interrupted = True
            done = f"{reporter.counts.total():,} " + ("records" if has_archive else f"of {len(sources):,} files")
            reporter.say(f"interrupted: {done} were read, and what came of them is written")
    if had_file and not output.lines:
        click.echo(f"{printable(target)}: left as it was: there is nothing to write", err=True)
    return reporter


def _measure(sources: list[Source]) -> int:
    """Bytes of all; 0 where one lies elsewhere, whose server would have to be asked."""
    return 0 if any(is_remote(source.path) for source in sources) else sum(size_of(source.path) for source in sources)


def _put(outcome: Outcome, output: Output, reporter: Reporter, *, quiet: bool, traced: bool) -> None:
    if outcome.offset is not None:
        _put_archived(outcome, output, reporter, traced=traced)
        return
    if outcome.passed_over:
        if not quiet:
            reporter.say(f"{outcome.source}: passed over: {outcome.passed_over}")
        reporter.pass_over(outcome.passed_over)
        return
    if traced:
        output.write(to_json_line(_explained(outcome)))
    elif outcome.record:
        output.write(to_json_line(outcome.record.to_dict()))
    if outcome.error:
        reporter.say(f"{outcome.source}: {outcome.error}")
    reporter.advance(_kind(outcome))


def _put_archived(outcome: Outcome, output: Output, reporter: Reporter, *, traced: bool) -> None:
    """Of an archive's records only what is wrong is told one by one: most pages of a site are no stories."""
    if outcome.passed_over:
        reporter.pass_over_record(outcome.passed_over)
        return
    if traced and (outcome.record or outcome.trace):
        output.write(to_json_line(_explained(outcome)))
    elif outcome.record:
        output.write(to_json_line(outcome.record.to_dict()))
    if isinstance(outcome.error, NotAStory):
        reporter.refuse_record(outcome.error.reason)
        return
    if outcome.error:
        reporter.say_fault(outcome.source, f"{outcome.source}:{outcome.offset}: {outcome.error}")
    reporter.advance(_kind(outcome))


def _kind(outcome: Outcome) -> str:
    if outcome.record:
        return "story"
    return "not_story" if isinstance(outcome.error, NotAStory) else "error"


def _explained(outcome: Outcome) -> dict[str, Any]:
    """The story without its provenance, or why there is none; and how the core read the page."""
    story = None
    if outcome.record:
        record = outcome.record.to_dict()
        story = {field.name: record[field.name] for field in dataclasses.fields(Story)}
    place = {"source": outcome.source} | ({} if outcome.offset is None else {"offset": outcome.offset})
    return {**place, "story": story, "error": _described(outcome.error), "trace": outcome.trace}


def _described(error: NewsscraperError | None) -> dict[str, str] | None:
    """Of a refusal its reason and detail; of any other error `unreadable` or `unexpected`, and its words."""
    if error is None:
        return None
    if isinstance(error, NotAStory):
        return {"reason": error.reason, "detail": error.detail}
    return {"reason": "unreadable" if isinstance(error, InputError) else "unexpected", "detail": str(error)}
