"""Files of evidence: a line a site, `{"site": ..., "digest": ..., "evidence": {...}}`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsscraper.errors import InputError
from newsscraper.extract import Evidence
from newsscraper.extract.evidence import read_evidence


def format_evidence(sites: Mapping[str, Evidence]) -> Iterator[str]:
    """The lines of a file, sorted by site, without line feeds: of the same evidence the same."""
    for site, evidence in sorted(sites.items()):
        yield json.dumps({"site": site, "digest": evidence.digest, "evidence": evidence.to_dict()})


def read_evidence_file(file: Path) -> dict[str, Evidence]:
    """Registrable domain -> its evidence.

    Raises `InputError`, which names the file, the line and what was expected there: JSON, the keys, a site named once,
    and evidence that is what its digest says.
    """
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    found: dict[str, Evidence] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            site, evidence = _read_line(line, f"{file}: line {number}")
            if site in found:
                raise InputError(f"{file}: line {number}: {site} has evidence already, from a line above")
            found[site] = evidence
    return found


def _read_line(line: str, where: str) -> tuple[str, Evidence]:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: expected JSON: {error}") from error
    site = content.get("site") if isinstance(content, dict) else None
    if not isinstance(site, str) or not site:
        raise InputError(f"{where}: expected an object with a site, its evidence and the digest of that")
    evidence = read_evidence(content.get("evidence"), f"{where}: evidence")
    if content.get("digest") != evidence.digest:
        raise InputError(
            f"{where}: the digest in the file does not fit its content, which is damaged or was edited: save it anew "
            f"with --save-evidence (content {evidence.digest}, file {content.get('digest')!r})"
        )
    return site, evidence
