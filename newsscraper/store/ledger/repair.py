"""Mending what `check` finds, as far as it can be; each thing done is said."""

from __future__ import annotations

from collections.abc import Iterator

from newsscraper.store.archive.index import archive_of, walk_archive, write_index
from newsscraper.store.ledger.check import FORGETTING, Finding, check, find_lost, leftover_paths, read_present
from newsscraper.store.ledger.check_archives import LOST, STREAM
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.doubled import drop_doubled
from newsscraper.store.ledger.ledger import Ledger
from newsscraper.store.ledger.manifests import KILLED, REPORT_LOST, EndedRun, complete_manifest, drop_seal, replace_seal
from newsscraper.store.ledger.recovery import read_seals, recover
from newsscraper.store.ledger.restoring import restore_files

_MENDED_BY_OPENING = {
    "dead_run": "brought to its end",
    "forgetting": "brought to its end",
    "no_ledger": "made anew out of the sealed files",
}


def mend(ledger: Ledger, findings: list[Finding]) -> list[str]:
    """Mend those of `findings` that can be; what was done, a sentence each.

    Opening the ledger has ended dead runs and takedowns already. Raises `LedgerError`, `OSError`.
    """
    return list(_mend(ledger, {finding.kind for finding in findings}, findings))


def _mend(ledger: Ledger, kinds: set[str], findings: list[Finding]) -> Iterator[str]:
    place, database = ledger.place, ledger.database
    unfinished = {key for (key,) in database.rows(FORGETTING)}
    for finding in findings:
        if finding.kind in _MENDED_BY_OPENING and not (finding.kind == "forgetting" and finding.where in unfinished):
            yield f"{finding.where}: {_MENDED_BY_OPENING[finding.kind]}"
    for path in leftover_paths(place):
        path.unlink(missing_ok=True)
        yield f"{path.relative_to(place.corpus)}: removed, it was never finished"
    yield from _mend_files(ledger, findings)
    if any(finding.kind == "doubled" and finding.mendable for finding in findings):
        for file, lines, is_gone in drop_doubled(database, place, ledger.spool):
            done = "removed" if is_gone else "written anew"
            yield f"{file}: {done} without {lines} of its lines, which stand in another place"
    if kinds & {"lost_line", "missing_file"}:
        present, _, broken = read_present(place)
        # The latest version first: each one takes its story back to the one before.
        lost = [] if broken else sorted(find_lost(database, present), key=lambda each: -each[1])
        for story, version, story_key in lost:
            _ask_again(database, story, version)
            yield f"{story_key}: version {version} is in no line any more; its page is asked again"
    if kinds & {"manifest", "unknown_file", "missing_file", "doubled"}:
        yield from _mend_manifests(ledger)


def _mend_files(ledger: Ledger, findings: list[Finding]) -> Iterator[str]:
    place, database = ledger.place, ledger.database
    for finding in findings:
        if finding.kind == "unknown_file":
            restore_files(database, place, ledger.clock.seconds(), only={place.corpus / finding.where})
            recover(database, ledger.spool, place, ledger.clock)
            yield f"{finding.where}: taken into the ledger"
    for finding in findings:
        if finding.kind == "index":
            archive = archive_of(place.corpus / finding.where)
            write_index(archive, walk_archive(archive, archive.name))
            yield f"{finding.where}: made anew"
        if finding.kind == "missing_file":
            _drop_file(ledger, finding.where)
            yield f"{finding.where}: dropped from ledger and manifest"


def _drop_file(ledger: Ledger, file: str) -> None:
    run_id = ledger.database.value("SELECT run_id FROM files WHERE file = ?", (file,))
    # Lines that were read from the pages of an archive still name it.
    ledger.database.execute("UPDATE files SET stream = ? WHERE file = ? AND stream = ?", (LOST, file, STREAM))
    ledger.database.execute("DELETE FROM files WHERE file = ? AND stream <> ?", (file, LOST))
    if run_id is not None:
        drop_seal(ledger.place, run_id, file, f"{file} was lost")


def _ask_again(database: Database, story: int, version: int) -> None:
    with database.transaction():
        database.execute("DELETE FROM versions WHERE story = ? AND version = ?", (story, version))
        database.execute(
            "UPDATE stories SET version = version - 1, content_hash = NULL WHERE id = ? AND version = ?",
            (story, version),
        )
        database.execute(
            "UPDATE frontier SET state = 'ready', due = NULL, etag = NULL, last_modified = NULL, digest = NULL "
            "WHERE story = ? AND state IN ('done', 'waiting')",
            (story,),
        )


def _mend_manifests(ledger: Ledger) -> Iterator[str]:
    wrong = [finding for finding in check(ledger.place.corpus, ledger.place.site) if finding.kind == "manifest"]
    for finding in wrong:
        row = ledger.database.row(
            """
            SELECT files.run_id, started_at, seen_at, new, changed, ended_at > seen_at FROM files
            LEFT JOIN runs ON runs.run_id = files.run_id WHERE file = ?
            """,
            (finding.where,),
        )
        if row is None or not finding.mendable:
            continue
        run_id, started_at, seen_at, new, changed, was_killed = row
        now = ledger.clock.seconds()
        run = EndedRun(
            run_id=run_id,
            started_at=started_at or now,
            seen_at=seen_at or now,
            counts={"new": new or 0, "changed": changed or 0},
            reason=KILLED if was_killed else REPORT_LOST,
        )
        seals = read_seals(ledger.database, run_id)
        complete_manifest(ledger.place, run, seals)
        for seal in seals:
            replace_seal(ledger.place, run_id, seal, f"{seal.file} is what the ledger says")
        yield f"{finding.where}: put right in the manifest of {run_id}"
