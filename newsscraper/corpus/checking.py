"""Whether the archives of a corpus are what they should be, by other libraries than the one that reads them here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from newsscraper.corpus.archives import find_archives, read_captures
from newsscraper.corpus.lines import Line, Unreadable
from newsscraper.corpus.plan import find_stories
from newsscraper.corpus.pointers import Pointed, Pointers, open_pointers, read_pointed
from newsscraper.corpus.stretches import Stretch, read_stretches
from newsscraper.store import iterate_reports
from newsscraper.store.archive.index import index_path, read_index
from newsscraper.store.archive.records import find_whole_end
from newsscraper.store.ledger.files import digest_file

_PAGES = frozenset({"response", "conversion", "resource", "revisit"})
"""Kinds of records that a line may lead to."""
_CHANGED = "is not as it was sealed: its run's report has another digest"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is not as it should be."""

    kind: Literal[
        "broken_record", "wrong_digest", "wrong_index", "changed_file", "missing_file", "lost_page", "unreadable"
    ]
    where: str
    """A file, with the offset of a record or the number of a line."""
    what: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What came of checking a site."""

    findings: list[Finding]
    lines: int
    """Of stories."""
    not_archived: int
    """Of these, lines that lead to no page."""


def check_archives(corpus: Path, site: str) -> Checked:
    """What is wrong with the sealed archives of `site`, and with those elsewhere that its stories lead to.

    Every record is read and its digests are reckoned, by warcio; indexes are held against those of cdxj-indexer, files
    against the digests in run reports; and every line of a story has to lead to its record. Raises `OSError`.
    """
    findings: list[Finding] = []
    left = 0

    def note(line: Line | Unreadable, why: str) -> None:
        nonlocal left
        if why == "broken_pointer":
            findings.append(Finding(kind="lost_page", where=_place_of(corpus, line), what="its warc is no pointer"))
        elif isinstance(line, Unreadable):
            findings.append(Finding(kind="unreadable", where=_place_of(corpus, line), what=line.what))
        else:
            left += 1

    with open_pointers() as pointers:
        pointers.add(read_pointed(corpus, find_stories(corpus, site), keep=_keep_name, leave=note))
        findings += _check_files(corpus, site, pointers)
        return Checked(findings=findings, lines=pointers.count() + left, not_archived=left)


def _check_files(corpus: Path, site: str, pointers: Pointers) -> Iterator[Finding]:
    own = {path.relative_to(corpus).as_posix(): path for path in find_archives(corpus, site)}
    digests = _read_digests(corpus, site)
    for path in own.values():
        yield from _check_file(corpus, path, pointers, digests)
    for file in pointers.files():
        path = corpus / file
        if file not in own and path.is_file():
            yield from _check_records(path, file, pointers.of_file(file))
        elif file not in own:
            what = f"{_why_missing(corpus, file)}; {_count_lines(pointers, file)}"
            yield Finding(kind="missing_file", where=file, what=what)


def _why_missing(corpus: Path, file: str) -> str:
    is_growing = (corpus / f"{file}.open").exists()
    return "is not sealed yet: the next run of the site seals it" if is_growing else "there is no such file"


def _count_lines(pointers: Pointers, file: str) -> str:
    first = next(pointers.of_file(file))
    return f"lines that lead there: {pointers.count(file):,}, the first is {first.place}"


def _keep_name(data: dict[str, Any]) -> dict[str, Any]:
    return {"story_key": data["story_key"], "version": data["version"]}


def _place_of(corpus: Path, line: Line | Unreadable) -> str:
    file = line.file.relative_to(corpus).as_posix()
    return f"{file}:{line.number}" if line.number else file


def _read_digests(corpus: Path, site: str) -> dict[str, str]:
    """SHA-256 of files, as the run reports of `site` have them."""
    return {
        str(each.get("file")): str(each.get("sha256"))
        for report in iterate_reports(corpus, site)
        for each in report["files"]
        if isinstance(each, dict)
    }


def refuse_changed(corpus: Path, site: str, archives: Iterable[Path]) -> None:
    """Raises `OSError` for the first of `archives` that is not as it was sealed, or, untold how that was, not whole."""
    digests = _read_digests(corpus, site)
    for path in archives:
        told = digests.get(path.relative_to(corpus).as_posix())
        if told is not None and told != digest_file(path)[1]:
            raise OSError(f"{path}: {_CHANGED}: put back a copy; newsscraper archive check tells more")
        end = path.stat().st_size if told is not None else find_whole_end(path)[0]
        if end != path.stat().st_size:
            raise OSError(f"{path}: damaged at byte {end:,}: put back a copy; newsscraper archive check tells more")


def _check_file(corpus: Path, path: Path, pointers: Pointers, digests: dict[str, str]) -> Iterator[Finding]:
    name = path.relative_to(corpus).as_posix()
    told = digests.get(name)
    if told is not None and told != digest_file(path)[1]:
        yield Finding(kind="changed_file", where=name, what=_CHANGED)
    broken = False
    for finding in _check_records(path, name, pointers.of_file(name)):
        broken |= finding.kind == "broken_record"
        yield finding
    whole, size = find_whole_end(path)[0], path.stat().st_size
    if not broken and whole != size:
        what = f"the {size - whole:,} bytes from there on are no whole record"
        yield Finding(kind="broken_record", where=f"{name}@{whole}", what=what)
    elif not broken:
        yield from _check_index(path, name)


def _check_index(path: Path, name: str) -> Iterator[Finding]:
    if not index_path(path).exists():
        yield Finding(kind="wrong_index", where=name, what="there is no index: newsscraper archive index writes it")
        return
    try:
        written = [capture.line for capture in read_index(path)]
    except ValueError as fault:
        written = [f"no index: {fault}"]
    if written != read_captures(path):
        what = "its index is another one than cdxj-indexer's: newsscraper archive index --anew writes it"
        yield Finding(kind="wrong_index", where=name, what=what)


def _check_records(path: Path, name: str, lines: Iterable[Pointed]) -> Iterator[Finding]:
    """Each record with its digests, each line with the record that it leads to; both are in order.

    Lines that lead into damage are counted with it: one broken record is one finding.
    """
    waiting = iter(lines)
    line = next(waiting, None)
    broken: _Broken | None = None
    for stretch in read_stretches(path):
        while line is not None and line.offset < stretch.offset:
            if broken is None:
                yield _lost(line, "no record begins there")
            else:
                broken.lines.append(line)
            line = next(waiting, None)
        if broken is not None:
            yield broken.tell(name)
        broken = None if stretch.fault is None else _Broken(stretch.offset, stretch.fault, [])
        if stretch.wrong_digests:
            what = "; ".join(stretch.wrong_digests)
            yield Finding(kind="wrong_digest", where=f"{name}@{stretch.offset}", what=what)
        while broken is None and line is not None and line.offset == stretch.offset:
            if problem := _compare(line, stretch):
                yield _lost(line, problem)
            line = next(waiting, None)
    if broken is not None:
        broken.lines.extend([] if line is None else [line, *waiting])
        yield broken.tell(name)
    elif line is not None:
        for each in (line, *waiting):
            yield _lost(each, "no record begins there")


@dataclass(frozen=True, slots=True)
class _Broken:
    """Damage, up to where the next record begins."""

    offset: int
    fault: str
    lines: list[Pointed]
    """That lead there."""

    def tell(self, name: str) -> Finding:
        """The one finding of all."""
        what = f"cannot be read: {self.fault}"
        if self.lines:
            what += f"; lines that lead there: {len(self.lines):,}, the first is {_describe(self.lines[0])}"
        return Finding(kind="broken_record", where=f"{name}@{self.offset}", what=what)


def _compare(line: Pointed, stretch: Stretch) -> str | None:
    """What is wrong with the record that `line` leads to."""
    if stretch.record_id != line.record_id:
        return "another record stands there"
    if stretch.kind not in _PAGES:
        return f"a {stretch.kind} record stands there"
    length = stretch.length
    return None if length == line.length else f"the record there has {length:,} bytes, not {line.length:,}"


def _lost(line: Pointed, what: str) -> Finding:
    leads = f"{_name(line)} leads to {line.file}@{line.offset}, where {what}"
    return Finding(kind="lost_page", where=line.place, what=leads)


def _describe(line: Pointed) -> str:
    return f"{line.place} ({_name(line)})"


def _name(line: Pointed) -> str:
    facts = line.read_facts()
    return f"{facts['story_key']} v{facts['version']}"
