"""Whether ledger, sealed files and manifests agree: each version of each story in one line, each file as sealed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsscraper.errors import LedgerError
from newsscraper.store.ledger.check_archives import (
    LOST,
    OPEN,
    STREAM,
    archive_paths,
    find_lost_pages,
    find_unindexed,
    open_paths,
)
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import digest_file, read_lines
from newsscraper.store.ledger.keys import story_id
from newsscraper.store.ledger.lock import is_locked
from newsscraper.store.ledger.manifests import read_manifest
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.reread import find_unlike_reports, is_reread
from newsscraper.store.ledger.spool import STREAMS

UNREADABLE = (OSError, EOFError, ValueError, zlib.error)
"""What reading a damaged file may raise."""
FORGETTING = "SELECT story_key FROM forgetting JOIN stories ON stories.id = forgetting.story ORDER BY story_key"
"""Keys of the stories whose takedown is under way."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is not as it should be."""

    kind: str
    """One word, for machines."""
    where: str
    """A file below the corpus folder, or a story's key and version."""
    what: str
    """For people, with what can be done."""
    mendable: bool
    """Whether `repair` mends it."""


def check(corpus: Path, site: str) -> list[Finding]:
    """All that is wrong with a site's ledger and files; beside a run, without what that has under way.

    Reads every sealed file. Raises `LedgerError` where the ledger is of another version.
    """
    place = Place(corpus, site)
    if is_reread(corpus, site):
        wrong = find_unlike_reports(place)
        return [Finding(kind=kind, where=file, what=what, mendable=False) for kind, file, what in wrong]
    if not place.ledger.exists():
        return list(_find_without_ledger(place))
    try:
        with closing(Database.read(place.ledger)) as database, database.snapshot():
            return list(_find_all(place, database, is_running=is_locked(place.lock)))
    except LedgerError as fault:
        if "malformed" not in str(fault) and "not a database" not in str(fault):
            raise
        return [_finding("damaged_ledger", place.ledger, place, str(fault), mendable=False)]


def sealed_paths(place: Place, stream: str) -> list[Path]:
    """The sealed files of a site as they lie on the disk, in order."""
    return sorted((place.corpus / stream / place.folder).glob("[!.]*.jsonl*"))


def has_files(place: Place) -> bool:
    """Whether there is anything that a ledger could be made of."""
    return bool(archive_paths(place) or any(sealed_paths(place, stream) for stream in STREAMS))


def leftover_paths(place: Place) -> list[Path]:
    """Files that a dead run had begun to write."""
    folders = [place.corpus / part / place.folder for part in (*STREAMS, STREAM, "runs")]
    return sorted(path for folder in folders for path in folder.glob(".*.part"))


def find_lost(database: Database, present: set[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Versions that are in none of the lines `present`, nor wait in the spool: story, version, story_key."""
    for story, version, story_key in database.iterate(
        """
        SELECT versions.story, versions.version, stories.story_key FROM versions
        JOIN stories ON stories.id = versions.story
        WHERE stories.forgotten_at IS NULL AND NOT EXISTS (SELECT 1 FROM spool WHERE spool.story = versions.story
            AND spool.version = versions.version AND spool.stream = 'stories')
        """
    ):
        if (story, version) not in present:
            yield story, version, story_key


def read_present(place: Place) -> tuple[set[tuple[int, int]], list[tuple[str, str, int]], list[tuple[str, str]]]:
    """Which versions the sealed files hold; which lines hold one again (file, key, version); what cannot be read."""
    present: set[tuple[int, int]] = set()
    doubled, broken = [], []
    for path in sealed_paths(place, "stories"):
        name = path.relative_to(place.corpus).as_posix()
        try:
            for line in read_lines(path):
                content = json.loads(line)
                own = story_id(content["story_key"]), content["version"]
                if own in present:
                    doubled.append((name, content["story_key"], content["version"]))
                present.add(own)
        except (*UNREADABLE, KeyError, TypeError) as fault:
            broken.append((name, str(fault) or type(fault).__name__))
    return present, doubled, broken


def _find_without_ledger(place: Place) -> Iterator[Finding]:
    if has_files(place):
        what = (
            "there are sealed files and no ledger: the next crawl, or `newsscraper ledger rebuild`, makes one of them"
        )
        yield _finding("no_ledger", place.ledger, place, what)


def _find_all(place: Place, database: Database, *, is_running: bool) -> Iterator[Finding]:
    for (fault,) in database.rows("PRAGMA main.integrity_check(20)"):
        if fault != "ok":
            yield _finding(
                "damaged_ledger", place.ledger, place, f"{fault}: `newsscraper ledger rebuild`", mendable=False
            )
    for table, *_ in database.rows("PRAGMA foreign_key_check"):
        yield _finding("damaged_ledger", place.ledger, place, f"rows of {table} lead nowhere", mendable=False)
    if not is_running:
        yield from _find_unfinished(place, database)
    wrong_files = list(_find_wrong_files(place, database, is_running=is_running))
    yield from wrong_files
    yield from _find_wrong_lines(place, database, has_changed=any(each.kind == "changed_file" for each in wrong_files))
    yield from _find_wrong_manifests(place, database)


def _find_unfinished(place: Place, database: Database) -> Iterator[Finding]:
    for (run_id,) in database.rows("SELECT run_id FROM runs WHERE ended_at IS NULL ORDER BY run_id"):
        what = "a run that died, or could not seal all: the next crawl seals what it had committed"
        yield Finding(kind="dead_run", where=run_id, what=what, mendable=True)
    for (story_key,) in database.rows(FORGETTING):
        what = (
            "a takedown that is not done: it was broken off, or an archive is not as it was sealed; "
            "the next opening tries again"
        )
        yield Finding(kind="forgetting", where=story_key, what=what, mendable=True)
    for path in leftover_paths(place):
        yield _finding("leftover", path, place, "a file that was never finished")


def _find_wrong_files(place: Place, database: Database, *, is_running: bool) -> Iterator[Finding]:
    known = set()
    for file, stream, size, digest in database.rows("SELECT file, stream, bytes, sha256 FROM files ORDER BY file"):
        path = place.corpus / file
        if stream == LOST:
            continue
        known.add(file)
        if digest is None:
            continue
        if not path.exists():
            what = "its pages are lost" if stream == STREAM else "its stories are asked again after a repair"
            yield _finding("missing_file", path, place, f"a sealed file is gone: {what}")
        elif digest_file(path) != (size, digest):
            what = "not as it was sealed: put back a copy of it, or `newsscraper ledger rebuild` to take it as it is"
            yield _finding("changed_file", path, place, what, mendable=False)
    if is_running:
        return
    paths = [*(path for stream in STREAMS for path in sealed_paths(place, stream)), *archive_paths(place)]
    grown = [path.with_name(path.name.removesuffix(OPEN)) for path in open_paths(place)]
    for path in (*paths, *grown):
        if path.relative_to(place.corpus).as_posix() not in known:
            yield _finding("unknown_file", path, place, "a file that the ledger does not know")
    for path, what in find_unindexed(place):
        yield _finding("index", path, place, what)


def _find_wrong_pages(place: Place, database: Database) -> Iterator[Finding]:
    for file, lines, example in find_lost_pages(place, database, iter(sealed_paths(place, "stories"))):
        what = f"does not hold the pages that {lines} lines were read from, such as that of {example}"
        yield Finding(kind="lost_page", where=file, what=what, mendable=False)


def _find_wrong_lines(place: Place, database: Database, *, has_changed: bool) -> Iterator[Finding]:
    present, doubled, broken = read_present(place)
    for name, fault in broken:
        yield Finding(kind="broken_file", where=name, what=f"cannot be read to its end: {fault}", mendable=False)
    for name, story_key, version in doubled:
        what = f"version {version} of {story_key} stands in another line, too"
        # A file that somebody changed must not become one that was sealed so.
        yield Finding(kind="doubled", where=name, what=what, mendable=not has_changed and not broken)
    if broken:
        return
    yield from _find_wrong_pages(place, database)
    for _, version, story_key in find_lost(database, present):
        what = "the ledger knows this version, and no line holds it: it is asked again after a repair"
        yield Finding(kind="lost_line", where=f"{story_key} version {version}", what=what, mendable=True)


def _find_wrong_manifests(place: Place, database: Database) -> Iterator[Finding]:
    named: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((place.corpus / "runs" / place.folder).glob("[!.]*.json")):
        manifest = read_manifest(path)
        if manifest is None:
            yield _finding("broken_manifest", path, place, "no report of a run", mendable=False)
        for each in manifest["files"] if manifest else ():
            named.setdefault(each.get("file", ""), []).append(each)
    for file, digest in database.rows(
        """
        SELECT file, sha256 FROM files WHERE sha256 IS NOT NULL AND stream <> 'lost'
            AND run_id NOT IN (SELECT run_id FROM runs WHERE ended_at IS NULL) ORDER BY file
        """
    ):
        entries = named.get(file, [])
        if len(entries) != 1 or entries[0].get("sha256") != digest:
            what = (
                "in no manifest" if not entries else "in two manifests" if len(entries) > 1 else "another digest there"
            )
            yield Finding(kind="manifest", where=file, what=what, mendable=len(entries) < 2)


def _finding(kind: str, path: Path, place: Place, what: str, *, mendable: bool = True) -> Finding:
    return Finding(kind=kind, where=path.relative_to(place.corpus).as_posix(), what=what, mendable=mendable)
