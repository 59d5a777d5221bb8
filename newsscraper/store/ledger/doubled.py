"""Versions that stand in more than one line: one line of each is kept, and the files of the others are written anew."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from newsscraper.store.ledger.check import read_present, sealed_paths
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import read_lines
from newsscraper.store.ledger.keys import story_id
from newsscraper.store.ledger.manifests import drop_seal, replace_seal
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.spool import Spool
from newsscraper.store.sealed import sync_folder

Version = tuple[int, int]
"""A story's number, and the version."""
_AGAIN = "{file} was written anew without lines that stand in another place"
_WHOLLY = "{file} was removed: each of its lines stands in another place"


def drop_doubled(database: Database, place: Place, spool: Spool) -> Iterator[tuple[str, int, bool]]:
    """Keep one line of each version; the files that lost some, how many, and whether nothing was left of them.

    Of several lines the one counts whose text the ledger knows, else the first. The ledger must know all files, each
    as it was sealed. Whoever dies on the way leaves what the next opening or repair finishes. Raises `OSError`,
    `LedgerError`.
    """
    _, doubled, _ = read_present(place)
    wanted = {(story_id(story_key), version) for _, story_key, version in doubled}
    kept = _choose(database, place, wanted)
    for path in sealed_paths(place, "stories"):
        lines = list(read_lines(path))
        own = [_version_of(line) for line in lines]
        left = [number for number, version in enumerate(own) if version not in kept or kept[version] == (path, number)]
        if len(left) == len(lines):
            continue
        file = path.relative_to(place.corpus).as_posix()
        if left:
            _rewrite(database, place, spool, file, [(own[number], lines[number]) for number in left])
        else:
            _remove(database, place, file)
        yield file, len(lines) - len(left), not left
    _point_to(database, place, kept)


def _choose(database: Database, place: Place, wanted: set[Version]) -> dict[Version, tuple[Path, int]]:
    """Where the line stands that is kept of each version: its file, and its number there."""
    places: defaultdict[Version, list[tuple[Path, int, str]]] = defaultdict(list)
    for path in sealed_paths(place, "stories"):
        for number, line in enumerate(read_lines(path)):
            version = _version_of(line)
            if version in wanted:
                places[version].append((path, number, json.loads(line).get("content_hash")))
    kept = {}
    for version, found in places.items():
        known = database.value("SELECT content_hash FROM versions WHERE story = ? AND version = ?", version)
        best = next((each for each in found if each[2] == known), found[0])
        kept[version] = best[:2]
    return kept


def _rewrite(database: Database, place: Place, spool: Spool, file: str, lines: Iterable[tuple[Version, str]]) -> None:
    """Have `file` hold `lines`: they wait in the spool under its name, as those of a file that was never finished."""
    number, run_id = database.row("SELECT id, run_id FROM files WHERE file = ?", (file,)) or (None, None)
    with database.transaction():
        database.execute("UPDATE files SET records = NULL, bytes = NULL, sha256 = NULL WHERE id = ?", (number,))
        database.execute_many(
            "INSERT INTO spool (run_id, stream, story, version, file, line) VALUES (?, 'stories', ?, ?, ?, ?)",
            [(run_id, story, version, number, line) for (story, version), line in lines],
        )
    for seal in spool.finish_reserved():
        replace_seal(place, str(run_id), seal, _AGAIN.format(file=file))


def _remove(database: Database, place: Place, file: str) -> None:
    run_id = database.value("SELECT run_id FROM files WHERE file = ?", (file,))
    database.execute("DELETE FROM files WHERE file = ?", (file,))
    path = place.corpus / file
    path.unlink()
    sync_folder(path.parent)
    drop_seal(place, str(run_id), file, _WHOLLY.format(file=file))


def _point_to(database: Database, place: Place, kept: Mapping[Version, tuple[Path, int]]) -> None:
    rows = [(path.relative_to(place.corpus).as_posix(), story, version) for (story, version), (path, _) in kept.items()]
    with database.transaction():
        database.execute_many(
            "UPDATE versions SET file = (SELECT id FROM files WHERE file = ?) WHERE story = ? AND version = ?", rows
        )


def _version_of(line: str) -> Version:
    content = json.loads(line)
    return story_id(content["story_key"]), content["version"]
