"""A batch, done part by part: each is read, written whole, marked; what is marked already is left alone."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from newsscraper.batch.drawing import Page, digest_input, draw_pages, refuse_changed
from newsscraper.batch.manifest import write_manifest
from newsscraper.batch.marks import Mark, describe_input, read_mark, tell_versions, write_mark
from newsscraper.batch.output import Form, check_form, drop_leftovers, open_faults, open_records
from newsscraper.batch.parts import Part
from newsscraper.batch.pieces import KEPT, find_range
from newsscraper.batch.plan import Plan, make_plan
from newsscraper.batch.pool import Pool
from newsscraper.batch.reading import Read, Reading, prepare
from newsscraper.batch.tally import Tally, judge
from newsscraper.store.archive import Filters

_MOST_TOLD = 20
"""Hosts that the plan names; more are told by their digest."""

OnPage = Callable[[str, int], None]
"""Called for each page: what became of it, and how many bytes of its part are done."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What is to be done, with what, and where it goes."""

    plan: Plan
    folder: Path
    form: Form
    reading: Reading
    filters: Filters
    notes: tuple[str, ...] = ()
    """What is odd about the inputs."""
    leftovers: tuple[str, ...] = ()
    """Hidden files of runs that died, which have been removed."""

    def open_pool(self, *, workers: int, seconds: float, memory: int = 0) -> Pool[Page, Read]:
        """The workers that read its pages; `seconds` and `memory` (bytes) are what a page may take."""
        described = {name: self.plan.options[name] for name in self.reading.describe()}
        prepared = partial(prepare, self.reading, described, self.plan.run_id)
        return Pool(prepared, workers=workers, seconds=seconds, memory=memory)

    def find_mark(self, part: Part) -> Mark | None:
        """That of a part that is done, its files looked at; None where it has to be done."""
        return read_mark(self.folder, part, self.plan, thoroughly=True)

    def do(self, part: Part, pool: Pool[Page, Read], on_page: OnPage) -> Mark:
        """Read a part, write and mark it.

        Raises `InputError` where its input cannot be read to the end, or is no longer what was planned; `OSError` where
        its output cannot be written. Nothing of the part is there then.
        """
        began, deaths, tally = time.monotonic(), pool.deaths, Tally()
        start, end = find_range(part, self.folder) if part.is_archive else (0, part.size)
        digest = digest_input(part, start, end)
        with (
            open_records(self.folder, part.name, self.form) as records,
            open_faults(self.folder, part.name, self.form) as faults,
        ):
            for place, answer in pool.read_all(draw_pages(part, start, end, self.filters)):
                read = judge(place, answer)
                if told := tally.add(place, read):
                    faults.write_object(told)
                elif read.line:
                    records.write(read.line)
                on_page(read.kind, place.done)
            refuse_changed(part)
            mark = Mark(
                part=part.number,
                plan=self.plan.digest,
                input=describe_input(part, start, end, digest),
                output=records.seal(),
                faults=faults.seal() if faults.records else None,
                counts=dict(sorted(tally.counts.items())),
                reasons=dict(sorted(tally.reasons.items())),
                set_aside=tally.set_aside,
                versions=tell_versions(),
                seconds=round(time.monotonic() - began, 2),
                deaths=pool.deaths - deaths,
            )
        write_mark(self.folder, part, mark)
        return mark

    def finish(self) -> bool:
        """Write the manifest where all parts are done; False where some are not. Raises `OSError`."""
        return write_manifest(self.plan, self.folder)


def open_batch(  # noqa: PLR0913 - options of one call, all by name
    paths: Iterable[str],
    folder: Path,
    *,
    reading: Reading,
    filters: Filters,
    form: Form = "gz",
    part_bytes: int,
    is_begun: bool = True,
) -> Batch:
    """The batch of `paths` in `folder`, begun anew or taken up again; or only looked at, which changes nothing there.

    Raises `InputError` for what cannot be read and for a folder that holds anything else or cannot be written,
    `ModelError` or `ProfileError` for what pages cannot be read with.
    """
    check_form(form)
    options = {"form": form, **reading.describe(), **describe_filters(filters)}
    plan, notes = make_plan(paths, folder, part_bytes, options, is_kept=is_begun)
    return Batch(
        plan=plan,
        folder=folder,
        form=form,
        reading=reading,
        filters=filters,
        notes=tuple(notes),
        leftovers=tuple(drop_leftovers(folder) + drop_leftovers(folder / KEPT)) if is_begun else (),
    )


def describe_filters(filters: Filters) -> dict[str, str | list[str] | None]:
    """What is kept out, in values that JSON holds; nothing of a filter that is not used."""
    pattern = filters.url_pattern.pattern if filters.url_pattern else None
    hosts = sorted(filters.hosts)
    if len(hosts) > _MOST_TOLD:
        hosts = [f"{len(hosts)} hosts", f"sha256:{hashlib.sha256(' '.join(hosts).encode()).hexdigest()}"]
    told: dict[str, str | list[str] | None] = {
        "hosts": hosts,
        "since": filters.since,
        "until": filters.until,
        "url_pattern": pattern,
        "languages": sorted(filters.languages),
        "media_types": sorted(filters.media_types),
    }
    return {name: value for name, value in told.items() if value}
