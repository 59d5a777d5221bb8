"""Two sets of records compared: what only one has, and which fields of the others differ.

Records of one story, by its `story_key`, belong together if they are of the same version and were fetched at the same
moment; then, if they were fetched at the same moment (captures read from an archive all are version 1); then, in order
of `fetched_at`, if they are of the same version.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from newsscraper.corpus.digests import CONTENT, Change, digest_fields, find_changes
from newsscraper.corpus.examples import Example, read_examples
from newsscraper.corpus.lines import Line, Unreadable, find_files, read_records
from newsscraper.corpus.table import NEW, OLD, Row, Table, open_table
from newsscraper.store import site_of

Outcome = Literal["same", "changed", "only_old", "only_new"]
MOST_TOLD = 20
"""Of what cannot be read, how much is kept word for word."""


@dataclass(kw_only=True)
class Side:
    """One of the two: what there is."""

    path: Path
    files: list[Path]
    records: int = 0
    doubled: int = 0
    """Records beyond the first of their story key and version."""
    extractors: Counter[str] = field(default_factory=Counter)
    schemas: Counter[str] = field(default_factory=Counter)
    """Records by `schema_version`."""
    unreadable: int = 0
    """Lines that are no records, and files that cannot be read to their end."""
    told: list[Unreadable] = field(default_factory=list)
    """The first `MOST_TOLD` of them."""


@dataclass(kw_only=True)
class Counts:
    """What came of so many records."""

    same: int = 0
    changed: int = 0
    only_old: int = 0
    only_new: int = 0

    def add(self, outcome: Outcome) -> None:
        """One more."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    @property
    def differing(self) -> int:
        """Of how many something is to be told."""
        return self.changed + self.only_old + self.only_new


@dataclass(kw_only=True)
class FieldCounts:
    """In how many records a field differs."""

    changed: int = 0
    gained: int = 0
    """There was nothing."""
    lost: int = 0
    """There is nothing any more."""

    def add(self, how: Change) -> None:
        """One more."""
        self.changed += 1
        self.gained += how == "gained"
        self.lost += how == "lost"


@dataclass(kw_only=True)
class Comparison:
    """What came of comparing `fields`."""

    old: Side
    new: Side
    fields: tuple[str, ...]
    counts: Counts = field(default_factory=Counts)
    by_site: dict[str, Counts] = field(default_factory=dict)
    by_field: dict[str, FieldCounts] = field(default_factory=dict)
    """Those that differ anywhere, in the record's order."""
    examples: dict[str, list[Example]] = field(default_factory=dict)
    """Of each of those fields, and of `only_old` and `only_new`, the first few by story key, which is chance."""

    @property
    def matched(self) -> int:
        """How many records are on either side."""
        return self.counts.same + self.counts.changed

    @property
    def is_same(self) -> bool:
        """Nothing differs."""
        return not self.counts.differing

    @property
    def unreadable(self) -> int:
        """On either side."""
        return self.old.unreadable + self.new.unreadable


def compare(  # noqa: PLR0913 (options of one call, all by name)
    old: Path,
    new: Path,
    *,
    fields: Sequence[str] = CONTENT,
    examples: int = 3,
    sites: Collection[str] = (),
    on_read: Callable[[], None] = lambda: None,
) -> Comparison:
    """What differs between the records of `old` and `new`: corpora, outputs of batches, folders or files of records.

    `fields` are names of the record's; `examples` how many of each kind are kept; `sites` registrable domains, all of
    them where none is given; `on_read` is called for each record. It needs room for temporary files, some 600 bytes a
    record, and memory for what is told of. Raises `InputError` where there is nothing to read, `OSError`.
    """
    sides = [Side(path=path, files=find_files(path, sites)) for path in (old, new)]
    comparison = Comparison(old=sides[OLD], new=sides[NEW], fields=tuple(fields))
    with open_table() as table:
        for number, side in enumerate(sides):
            table.add(_read_side(number, side, comparison.fields, frozenset(sites), on_read))
        _count(comparison, table, examples)
    comparison.by_field = {name: comparison.by_field[name] for name in fields if name in comparison.by_field}
    told = [example for found in comparison.examples.values() for example in found]
    read_examples(told, [side.files for side in sides])
    return comparison


def _read_side(
    number: int, side: Side, fields: Sequence[str], sites: frozenset[str], on_read: Callable[[], None]
) -> Iterator[Row]:
    for place, file in enumerate(side.files):
        for found in read_records(file):
            if isinstance(found, Unreadable):
                _tell(side, found)
                continue
            site = _site_of(found.data)
            if sites and site not in sites:
                continue
            row = _make_row(number, place, found, site, fields)
            if isinstance(row, Unreadable):
                _tell(side, row)
                continue
            side.records += 1
            side.extractors[str(found.data.get("extractor"))] += 1
            side.schemas[str(found.data.get("schema_version"))] += 1
            on_read()
            yield row


def _make_row(side: int, place: int, line: Line, site: str, fields: Sequence[str]) -> Row | Unreadable:
    try:
        digests = digest_fields(line.data, fields)
    except RecursionError:
        return Unreadable(file=line.file, number=line.number, what="not a record: nested too deeply")
    return Row(
        key=line.data["story_key"],
        version=line.data["version"],
        side=side,
        fetched_at=_text(line.data.get("fetched_at")),
        file=place,
        number=line.number,
        site=site,
        digests=digests,
    )


def _site_of(data: dict[str, Any]) -> str:
    """As the record says, or else by its URL; empty where neither tells."""
    if data.get("site"):
        return _text(data["site"])
    try:
        return site_of(_text(data.get("url")))
    except ValueError:
        return ""


def _text(value: Any) -> str:
    """`value` as a text that SQLite takes."""
    return "" if value is None else str(value).encode("utf-8", "replace").decode()


def _tell(side: Side, what: Unreadable) -> None:
    side.unreadable += 1
    if len(side.told) < MOST_TOLD:
        side.told.append(what)


def _count(comparison: Comparison, table: Table, examples: int) -> None:
    with closing(table.stories()) as stories:
        for old, new in stories:
            comparison.old.doubled += len(old) - len({row.version for row in old})
            comparison.new.doubled += len(new) - len({row.version for row in new})
            for before, after in match(old, new):
                _count_pair(comparison, before, after, examples)


def match(old: Sequence[Row], new: Sequence[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """The rows of a story that belong together, None in the place of what one side lacks; both are in order."""
    for name in (_same_line, _same_capture, _same_version):
        waiting: dict[Hashable, deque[Row]] = {}
        for row in old:
            waiting.setdefault(name(row), deque()).append(row)
        left, taken = [], set()
        for row in new:
            same = waiting.get(name(row)) if name(row) is not None else None
            if same:
                taken.add(id(same[0]))
                yield same.popleft(), row
            else:
                left.append(row)
        old, new = [row for row in old if id(row) not in taken], left
    yield from ((row, None) for row in old)
    yield from ((None, row) for row in new)


def _same_line(row: Row) -> Hashable:
    return row.version, row.fetched_at


def _same_capture(row: Row) -> Hashable:
    return row.fetched_at or None


def _same_version(row: Row) -> Hashable:
    return row.version


def _count_pair(comparison: Comparison, old: Row | None, new: Row | None, examples: int) -> None:
    outcome, changes = _judge(old, new, comparison.fields)
    site = next(row.site for row in (new, old) if row is not None)
    comparison.counts.add(outcome)
    comparison.by_site.setdefault(site, Counts()).add(outcome)
    for name, how in changes:
        comparison.by_field.setdefault(name, FieldCounts()).add(how)
    for name in [name for name, _ in changes] or [outcome] * (outcome != "same"):
        found = comparison.examples.setdefault(name, [])
        if len(found) < examples:
            found.append(Example(old=old, new=new))


def _judge(old: Row | None, new: Row | None, fields: Sequence[str]) -> tuple[Outcome, list[tuple[str, Change]]]:
    if old is None:
        return "only_new", []
    if new is None:
        return "only_old", []
    changes = find_changes(old.digests, new.digests, fields)
    return ("changed" if changes else "same"), changes
