"""A corpus read anew: every line whose page is archived, by today's extractor, into a corpus of its own.

What was done stands: an archive's lines are a part, whose files appear whole, followed by its mark; a part with a mark
is not done again. The run report of a site, its manifest, is written when all its parts are done, and the marks go.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from newsscraper.corpus.lines import Unreadable, read_records
from newsscraper.corpus.plan import LOCK, Plan, enter_plan, find_stories, make_plan
from newsscraper.corpus.pointers import Pointed, is_pointer, open_pointers
from newsscraper.corpus.rereading import ReadPages, keep_facts, read_page, settle
from newsscraper.errors import InputError
from newsscraper.store import Clock, Form, RunReport, Seal, format_instant, write_report
from newsscraper.store.archive import ArchivedPage, PassedOver
from newsscraper.store.durable import make_folder, write_whole
from newsscraper.store.faults import reach
from newsscraper.store.ledger.files import check_form, write_lines
from newsscraper.store.ledger.lock import RunLock
from newsscraper.store.ledger.manifests import read_manifest
from newsscraper.store.lines import to_line, to_text

NOWHERE = ""
"""In the place of the archive of lines that lead to none."""
_MARKS = ".reextract"
_SUFFIXES: dict[Form, str] = {"plain": "", "gz": ".gz", "zst": ".zst"}


@dataclass(frozen=True, kw_only=True)
class SiteDone:
    """What came of a site."""

    site: str
    lines: int
    """Of the old corpus."""
    stories: int
    """Read anew."""
    faults: dict[str, int]
    """Why the others were not, and how many."""
    kept: int
    """Of these, old lines that were taken over."""


def reextract(  # noqa: PLR0913 (options of one call, all by name)
    old: Path,
    new: Path,
    sites: Sequence[str],
    read: ReadPages,
    *,
    reading: dict[str, Any],
    keep_old: bool = False,
    form: Form = "plain",
    clock: Clock | None = None,
    on_site: Callable[[str, int], None] = lambda *_: None,
    on_line: Callable[[], None] = lambda: None,
) -> Iterator[SiteDone]:
    """Read the pages of `sites` (as folders name them) anew, from corpus `old` into corpus `new`: each site's outcome.

    `read` reads pages; `reading` says by what, in versions and digests, so that a second call with the same goes on
    where the first was broken off. Lines that could not be read anew stand in `faults/`, and with `keep_old` also in
    `stories/`, as they were. `on_site` is told of each site and its number of lines, `on_line` is called for each that
    is drawn. Raises `InputError` for folders that cannot be used or another plan, `LedgerLocked`, `OSError`.
    """
    check_form(form)
    clock = clock or Clock()
    if new.resolve() == old.resolve() or old.resolve() in new.resolve().parents:
        raise InputError(f"{new}: a new corpus takes a folder outside of the old one")
    wanted = make_plan(old, sites, reading=reading, keep_old=keep_old, form=form, clock=clock)
    make_folder(new)
    lock = RunLock(new / LOCK, run_id=wanted.run_id, started=wanted.started_at)
    try:
        run = _Run(old=old, new=new, plan=enter_plan(new, wanted), read=read, clock=clock, on_line=on_line)
        for site in sites:
            yield run.do_site(site, on_site)
    finally:
        lock.release()


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One call."""

    old: Path
    new: Path
    plan: Plan
    read: ReadPages
    clock: Clock
    on_line: Callable[[], None]

    def do_site(self, site: str, on_site: Callable[[str, int], None]) -> SiteDone:
        """Unless it is done."""
        report = read_manifest(self.new / "runs" / site / f"{self.plan.run_id}.json")
        if report is not None:
            return _tell(site, report["counts"])
        counts: Counter[str] = Counter()
        seals: list[Seal] = []
        with open_pointers() as pointers:
            pointers.add(_list_lines(self.old, site, keep_old=self.plan.keep_old))
            on_site(site, pointers.count())
            for number, archive in enumerate(pointers.files()):
                mark = self.new / _MARKS / site / f"{number:05}.json"
                if not mark.exists():
                    with closing(pointers.of_file(archive)) as lines:
                        self._do_part(site, number, lines, mark)
                told = json.loads(mark.read_text(encoding="utf-8"))
                counts.update(told["counts"])
                seals += [Seal(**each) for each in told["files"]]
        self._report(site, counts, seals)
        shutil.rmtree(self.new / _MARKS / site, ignore_errors=True)
        with suppress(OSError):
            (self.new / _MARKS).rmdir()
        return _tell(site, counts)

    def _do_part(self, site: str, number: int, lines: Iterator[Pointed], mark: Path) -> None:
        """The lines of one archive."""
        counts: Counter[str] = Counter()
        name = f"{self.plan.run_id}-{number:05}.jsonl{_SUFFIXES[self.plan.form]}"
        # Of an archive that is lost, every line is a fault: too many for memory.
        with TemporaryFile(prefix="newsscraper-") as faults:
            seals = [self._write(f"stories/{site}/{name}", self._read_part(lines, counts, faults))]
            if faults.tell():
                faults.seek(0)
                waiting = (line.decode().removesuffix("\n") for line in faults)
                seals.append(self._write(f"faults/{site}/{name}", waiting))
        reach("reextracting:written")
        told = {"counts": counts, "files": [dataclasses.asdict(seal) for seal in seals if seal is not None]}
        write_whole(mark, json.dumps(told).encode())
        reach("reextracting:marked")

    def _read_part(self, lines: Iterator[Pointed], counts: Counter[str], faults: IO[bytes]) -> Iterator[str]:
        """The lines of the new corpus; those that are not among them go to `faults`."""
        for (line, problem), answer in self.read(self._draw(lines)):
            facts = line.read_facts()
            settled = settle(facts, problem, answer, self.plan.run_id)
            kept = facts.get("old")
            if settled.record is not None:
                counts["stories"] += 1
                yield to_text(settled.record)
                continue
            counts[f"faults:{settled.reason}"] += 1
            told = {name: facts.get(name) for name in ("story_key", "version", "url", "warc")}
            why = {"line": line.place, "reason": settled.reason, "detail": settled.detail, "kept_old": kept is not None}
            faults.write(to_line(told | why))
            if kept is not None:
                counts["kept_old"] += 1
                yield to_text(kept)

    def _draw(self, lines: Iterator[Pointed]) -> Iterator[tuple[_Tag, ArchivedPage | None]]:
        """Each line with its page, or with why there is none."""
        for line in lines:
            self.on_line()
            if line.file == NOWHERE:
                facts = line.read_facts()
                problem = PassedOver(file="", offset=0, reason=facts["reason"], detail=facts.get("detail", ""))
                yield (line, problem), None
                continue
            page = read_page(self.old, line)
            yield ((line, None), page) if isinstance(page, ArchivedPage) else ((line, page), None)

    def _write(self, file: str, lines: Iterator[str]) -> Seal | None:
        """A sealed file; none where there is no line."""
        records, size, digest = write_lines(self.new / file, lines, self.plan.form)
        if records:
            return Seal(file=file, records=records, bytes=size, sha256=digest)
        (self.new / file).unlink()
        return None

    def _report(self, site: str, counts: Counter[str], seals: list[Seal]) -> None:
        faults = sum(number for name, number in counts.items() if name.startswith(_FAULTS))
        problem = f"{faults:,} lines of the old corpus could not be read anew; faults/ names them"
        report = RunReport(
            run_id=self.plan.run_id,
            site=site,
            started_at=self.plan.started_at,
            finished_at=format_instant(self.clock.now()),
            finish_reason="reextracted",
            exit_code=int(faults > 0),
            counts=dict(sorted(counts.items())),
            problems=[problem] if faults else [],
            files=seals,
            settings={
                "reading": self.plan.reading,
                "keep_old": self.plan.keep_old,
                "inputs": self.plan.inputs[site],
            },
            arguments={"corpus": self.plan.corpus},
        )
        write_report(self.new, report)


_Tag = tuple[Pointed, PassedOver | None]
_FAULTS = "faults:"


def _list_lines(corpus: Path, site: str, *, keep_old: bool) -> Iterator[Pointed]:
    """All lines of a site, by where they lead."""
    for file in find_stories(corpus, site):
        for found in read_records(file):
            place = (file.relative_to(corpus).as_posix(), found.number)
            if isinstance(found, Unreadable):
                yield Pointed(*_NO_PLACE, *place, json.dumps({"reason": "unreadable", "detail": found.what}))
                continue
            facts = keep_facts(found.data) | ({"old": found.data} if keep_old else {})
            to = found.data.get("warc")
            if is_pointer(to):
                yield Pointed(to["file"], to["offset"], to["length"], to["record_id"], *place, json.dumps(facts))
            else:
                reason = "not_archived" if to is None else "broken_pointer"
                yield Pointed(*_NO_PLACE, *place, json.dumps(facts | {"reason": reason}))


_NO_PLACE = (NOWHERE, 0, 0, "")


def _tell(site: str, counts: dict[str, int]) -> SiteDone:
    faults = {name.removeprefix(_FAULTS): number for name, number in counts.items() if name.startswith(_FAULTS)}
    stories = counts.get("stories", 0)
    return SiteDone(
        site=site,
        lines=stories + sum(faults.values()),
        stories=stories,
        faults=dict(sorted(faults.items(), key=lambda each: (-each[1], each[0]))),
        kept=counts.get("kept_old", 0),
    )
