"""A corpus that was read anew out of another one: it has no ledger, and its reports tell what its files are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsscraper.store.ledger.files import digest_file
from newsscraper.store.ledger.manifests import read_manifest
from newsscraper.store.ledger.place import Place

REEXTRACTED = "reextracted"
"""How a run ended that read a corpus anew."""
_STREAMS = ("stories", "faults")


def is_reread(corpus: Path, site: str) -> bool:
    """Whether the site has no ledger, and nothing but what was read anew."""
    place = Place(corpus, site)
    reports = list(_read_reports(place))
    return not place.ledger.exists() and bool(reports) and all(each["finish_reason"] == REEXTRACTED for each in reports)


def find_unlike_reports(place: Place) -> Iterator[tuple[str, str, str]]:
    """Files that are not what the site's reports say: kind, file below the corpus folder, what is wrong."""
    named = {each.get("file"): each for report in _read_reports(place) for each in report["files"]}
    for file, told in named.items():
        path = place.corpus / str(file)
        if not path.is_file():
            yield "missing_file", str(file), "a sealed file is gone: `newsscraper corpus reextract` makes it again"
        elif digest_file(path) != (told.get("bytes"), told.get("sha256")):
            yield "changed_file", str(file), "not as it was sealed: `newsscraper corpus reextract` makes it again"
    for stream in _STREAMS:
        for path in sorted((place.corpus / stream / place.folder).glob("[!.]*.jsonl*")):
            file = path.relative_to(place.corpus).as_posix()
            if file not in named:
                yield "unknown_file", file, "a file that no report names"


def _read_reports(place: Place) -> Iterator[dict[str, Any]]:
    for path in sorted((place.corpus / "runs" / place.folder).glob("[!.]*.json")):
        report = read_manifest(path)
        if report is not None:
            yield {"finish_reason": None} | report
