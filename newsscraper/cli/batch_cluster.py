"""`newsscraper batch --scheduler`: the same command, its parts done by the workers of a Dask cluster."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Sequence
from typing import Any

import click

from newsscraper.batch.cluster import Done, Errand, Lost, run_on_cluster
from newsscraper.batch.errands import find_release
from newsscraper.batch.marks import Mark
from newsscraper.batch.output import Written
from newsscraper.batch.parts import Part
from newsscraper.batch.plan import PLAN
from newsscraper.batch.run import Batch
from newsscraper.cli.batch_progress import BatchReporter
from newsscraper.cli.program import FailureError
from newsscraper.errors import InputError, NewsscraperError
from newsscraper.store.ledger.files import digest_file

_RAW = "newsscraper.batch.words"
"""Key of `click.Context.meta`: the words of the command as they were given."""
_NOT_FOR_WORKERS = frozenset({"scheduler", "shard", "numbers", "lists", "workers", "quiet", "debug"})
"""Options that say what is done here, by the names of their values."""
_PATHS = "paths"
_SLOW_SECONDS = 70.0
"""For which a network's file system may go on telling that a file is not there that somebody else has written."""
_LOOK_SECONDS = 2.0


class RememberingCommand(click.Command):
    """Knows the words that it was called with, for others to be called with the same."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As `click.Command` does."""
        ctx.meta[_RAW] = list(args)
        return super().parse_args(ctx, args)


def do_on_cluster(
    ctx: click.Context, batch: Batch, parts: Sequence[Part], reporter: BatchReporter
) -> Generator[tuple[Part, Mark | str], None, None]:
    """Each part with its mark, or with why it could not be done, as they end.

    Raises `InputError` where the cluster cannot be used, `FailureError` where it goes away meanwhile.
    """
    for part in parts:  # what does not fit the files that are there must not be taken for a worker's answer
        (batch.folder / f"{part.name}.json").unlink(missing_ok=True)
    by_number = {part.number: part for part in parts}
    sizes = {part.number: part.size for part in parts}
    try:
        for told in run_on_cluster(ctx.params["scheduler"], make_errand(ctx, batch), sizes):
            if isinstance(told, Done):
                mark = read_told_mark(told.mark)
                reporter.counts.update(mark.counts)
                yield by_number[told.part], mark
            elif isinstance(told, Lost):
                yield by_number[told.part], f"set aside: {told.why}"
            else:
                reporter.say(told.line)
    except InputError:
        raise
    except NewsscraperError as error:
        raise FailureError(str(error)) from error


def make_errand(ctx: click.Context, batch: Batch) -> Errand:
    """What the workers are to do: this command, quietly, with one process for the pages of each."""
    plan = (batch.folder / PLAN).absolute()
    options, paths = split_words(ctx)
    return Errand(
        # -P: whatever of that name lies in the folder that it is started in, it is the package installed that is meant.
        words=("-P", "-m", "newsscraper", "batch", "--quiet", "--workers", "1", *options),
        rest=("--", *paths),
        at=os.getcwd(),
        witness=str(plan),
        digest=digest_file(plan)[1],
        release=find_release(),
        environment={name: value for name, value in os.environ.items() if name.startswith("NEWSSCRAPER_")},
        mark=str(batch.folder.absolute()).replace("{", "{{").replace("}", "}}") + "/{part:05d}.json",
    )


def split_words(ctx: click.Context) -> tuple[list[str], list[str]]:
    """The options that this command was given and that its workers need, and its paths, as they were given."""
    given, _, _ = ctx.command.make_parser(ctx).parse_args(list(ctx.meta[_RAW]))
    words: list[str] = []
    for option in ctx.command.params:
        if isinstance(option, click.Option) and option.name in given and option.name not in _NOT_FOR_WORKERS:
            words += _spell(option, given[option.name])
    return words, list(given[_PATHS])


def _spell(option: click.Option, value: Any) -> list[str]:
    name = max(option.opts, key=len)
    if option.is_flag:
        return [name]
    values = value if option.multiple else [value]
    return [f"{name}={each}" for each in values]


def read_told_mark(text: str) -> Mark:
    """A mark as its file has it."""
    told = json.loads(text)
    faults = told.pop("faults")
    return Mark(**told | {"output": Written(**told["output"]), "faults": faults and Written(**faults)})


def finish_patiently(batch: Batch) -> bool:
    """`Batch.finish` where all parts are known to be done: a network's file system may be late to show the last."""
    until = time.monotonic() + _SLOW_SECONDS
    while not batch.finish():
        if time.monotonic() >= until:
            return False
        time.sleep(_LOOK_SECONDS)
    return True
