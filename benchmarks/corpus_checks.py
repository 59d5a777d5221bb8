"""Is a corpus what the made-up site holds? Read from its files alone: no code that wrote them has a say.

Every line valid, every (story_key, version) once, every story there under one key with the text that it has now, every
sealed file in one manifest with its digest, every archive whole, every line's page where it says, nothing left over.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsscraper_demo.site import DemoSite
from newsscraper_demo.story import DemoStory

from benchmarks.archive_checks import check_archives, find_wrong_pages, sealed_archives
from newsscraper import extract
from newsscraper.record import find_faults

FOLDERS = ("stories", "events", "archive", "runs")
Record = dict[str, Any]


@dataclass
class Verdict:
    """What was counted, and what breaks a promise: a sentence each."""

    figures: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


def check_corpus(corpus: Path, site: DemoSite, base: str) -> Verdict:
    """Everything, against the site as it stands now."""
    verdict = Verdict(violations=find_leftovers(corpus))
    records = list(read_records(corpus, verdict.violations))
    verdict.violations += find_repeats(records)
    verdict.violations += check_events(corpus)
    verdict.violations += check_manifests(corpus)
    verdict.violations += check_archives(corpus)
    verdict.violations += find_wrong_pages(corpus, records)
    verdict.violations += compare_with_site(records, site, base)
    verdict.figures = {
        "stories_on_site": len(site.stories),
        "stories": len({record["story_key"] for record in records}),
        "lines": len(records),
        "later_versions": sum(record["version"] > 1 for record in records),
        "sealed_files": len(list(sealed_files(corpus, "stories"))),
        "archives": len(list(sealed_archives(corpus))),
        "lines_with_their_page": sum(record["warc"] is not None for record in records),
        "manifests": len(list(corpus.glob("runs/*/*.json"))),
    }
    return verdict


def sealed_files(corpus: Path, stream: str) -> Iterator[Path]:
    """Files below `stories/` or `events/` under their final names, sorted."""
    for path in sorted(corpus.glob(f"{stream}/*/*.jsonl*")):
        if not path.name.startswith(".") and not path.name.endswith(".part"):
            yield path


def find_leftovers(corpus: Path) -> list[str]:
    """Files that are no sealed file, report or ledger."""
    hidden = [path for name in FOLDERS for path in (corpus / name).rglob("*") if path.name.startswith(".")]
    parts = {*hidden, *corpus.rglob("*.part"), *corpus.rglob("*.tmp")}
    return [f"left over: {path.relative_to(corpus)}" for path in sorted(parts)]


def read_lines(path: Path) -> list[bytes]:
    """The lines of a file, unpacked. Raises `ValueError` where the last one does not end, `OSError`, `EOFError`."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    elif path.suffix == ".zst":
        from backports import zstd  # noqa: PLC0415 - only for such files

        data = zstd.decompress(data)
    if data and not data.endswith(b"\n"):
        raise ValueError("torn")
    return data.splitlines()


def read_records(corpus: Path, faults: list[str]) -> Iterator[Record]:
    """All records; what is no valid one is told to `faults`."""
    yield from _read_objects(corpus, "stories", faults, find_faults)


def check_events(corpus: Path) -> list[str]:
    """Lines of `events/` that are no JSON object."""
    faults: list[str] = []
    for _ in _read_objects(corpus, "events", faults, lambda event: [] if event else ["empty"]):
        pass
    return faults


def _read_objects(
    corpus: Path, stream: str, faults: list[str], judge: Callable[[Record], list[str]]
) -> Iterator[Record]:
    for path in sealed_files(corpus, stream):
        name = path.relative_to(corpus)
        try:
            lines = read_lines(path)
        except (ValueError, OSError, EOFError) as fault:
            faults.append(f"{name}: cannot be read whole: {fault}")
            continue
        if not lines:
            faults.append(f"{name}: empty")
        for number, line in enumerate(lines, start=1):
            try:
                found = json.loads(line)
                broken = judge(found) if isinstance(found, dict) else ["no object"]
            except ValueError as fault:
                found, broken = {}, [str(fault)]
            faults += [f"{name}:{number}: {what}" for what in broken]
            if not broken:
                yield found


def find_repeats(records: Iterable[Record]) -> list[str]:
    """(story_key, version) that stand twice, and versions that are missing before later ones."""
    counts = Counter((record["story_key"], record["version"]) for record in records)
    versions: dict[str, list[int]] = defaultdict(list)
    for key, version in counts:
        versions[key].append(version)
    twice = [f"{key} version {version}: {count} lines" for (key, version), count in counts.items() if count > 1]
    gaps = [
        f"{key}: versions {sorted(numbers)}"
        for key, numbers in versions.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    ]
    return twice + gaps


def check_manifests(corpus: Path) -> list[str]:
    """Sealed files that no manifest names, or two do, or with another digest; files named that are not there."""
    faults: list[str] = []
    named: dict[str, list[Record]] = defaultdict(list)
    for path in sorted(corpus.glob("runs/*/*.json")):
        try:
            for entry in json.loads(path.read_bytes())["files"]:
                named[entry["file"]].append(entry)
        except (ValueError, KeyError) as fault:
            faults.append(f"{path.relative_to(corpus)}: no manifest: {fault!r}")
    paths = (*sealed_files(corpus, "stories"), *sealed_files(corpus, "events"), *sealed_archives(corpus))
    sealed = {path.relative_to(corpus).as_posix(): path for path in paths}
    for name, path in sealed.items():
        entries = named.get(name, [])
        if len(entries) != 1:
            faults.append(f"{name}: named by {len(entries)} manifests")
        elif entries[0]["sha256"] != hashlib.sha256(path.read_bytes()).hexdigest():
            faults.append(f"{name}: its digest is not that of the manifest")
    return faults + [f"{name}: named by a manifest and not there" for name in sorted(named.keys() - sealed.keys())]


def compare_with_site(records: Iterable[Record], site: DemoSite, base: str) -> list[str]:
    """Stories that are missing, stand under two keys or with an old text, and records that are none of them."""
    by_path = {story.path: story for story in site.stories}
    of_story: dict[int, list[Record]] = defaultdict(list)
    faults = []
    for record in records:
        if story := find_story(record, by_path):
            of_story[story.code].append(record)
        else:
            faults.append(f"{record['url']}: no story of the site: {record['title']!r}")
    for story in site.stories:
        lines = of_story[story.code]
        keys = {line["story_key"] for line in lines}
        if len(keys) != 1:
            faults.append(f"{story.path}: {len(keys) or 'no'} keys ({story.reach})")
        elif missing := _find_missing_text(max(lines, key=lambda line: line["version"]), story, site, base):
            faults.append(f"{story.path}: revision {story.revision} is not in the last version: {missing[:60]!r}")
    return faults


def find_story(record: Record, by_path: dict[str, DemoStory]) -> DemoStory | None:
    """The story that a record is of, by the address that was read or the one it claims."""
    for url in (record["url"], record["canonical_url"]):
        if url:
            parts = urlsplit(url)
            if story := by_path.get(f"{parts.path}?{parts.query}" if parts.query else parts.path):
                return story
    return None


def _find_missing_text(record: Record, story: DemoStory, site: DemoSite, base: str) -> str | None:
    """A paragraph that can be read from the story's page, and that the record has not."""
    absent = [block.text for block in story.blocks if block.text not in record["body"]]
    if not absent:
        return None
    page = site.page(story.path, base)
    charset = page.headers["Content-Type"].partition("charset=")[2] or None
    readable = extract(page.body, story.url_on(base), charset=charset).body
    return next((text for text in absent if text in readable), None)
