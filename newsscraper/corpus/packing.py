"""The archives of a site as one WACZ file (Web Archive Collection Zipped, 1.1.1), for replay in a browser.

The `wacz` library makes it, in a process of its own: it changes what cdxj-indexer does, and prints what it is at.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsscraper.corpus.archives import find_archives, list_archives, write_indexes
from newsscraper.corpus.checking import refuse_changed
from newsscraper.corpus.lines import Line, Unreadable
from newsscraper.corpus.plan import find_stories
from newsscraper.corpus.pointers import Pointers, open_pointers, read_pointed
from newsscraper.errors import InputError, NewsscraperError
from newsscraper.store import folder_of
from newsscraper.store.archive.index import read_index
from newsscraper.store.durable import sync_file
from newsscraper.store.sealed import sync_folder

_SAID = 5
"""Lines of what the library printed that an error repeats."""


@dataclass(frozen=True, kw_only=True)
class Packed:
    """What went into the file."""

    file: Path
    bytes: int
    archives: int
    pages: int
    """Stories, each version by itself, that the list of pages names."""
    not_archived: int
    """Lines whose page lies in none of the archives."""
    growing: int
    """Archives that are not sealed yet, and were left out."""


def pack_archives(  # noqa: PLR0913 (a file, and what it is called)
    corpus: Path,
    site: str,
    target: Path,
    *,
    title: str | None = None,
    description: str | None = None,
    text: bool = False,
    replace: bool = False,
) -> Packed:
    """Pack the sealed archives of `site` as `target`, which appears whole; with `replace` also where there is one.

    The list of pages has the stories with their headlines, and with `text` their bodies, for searching. Indexes that
    are missing are written. Raises `InputError` where there is nothing to pack, nowhere to put it, or the library is
    missing, `NewsscraperError` where it fails, `OSError`, also for an archive that is not as it was sealed.
    """
    archives = find_archives(corpus, site)
    if not archives:
        raise InputError(f"{corpus}: no sealed archive of {site} (archive/{folder_of(site)}/*.warc.gz)")
    if importlib.util.find_spec("wacz") is None:
        raise InputError("packing needs a library: pip install '.[wacz]' in the checkout")
    _refuse_target(target, replace=replace)
    refuse_changed(corpus, site, archives)
    for _ in write_indexes(corpus, site):
        pass
    part = target.absolute().with_name(f".{target.name}.part")
    with tempfile.TemporaryDirectory(prefix="newsscraper-") as folder:
        pages = Path(folder) / "pages.jsonl"
        named, left_out = _write_pages(corpus, site, archives, pages, text=text)
        try:
            _make(part, archives, pages, title or f"{site}, {len(archives)} archives", description)
            sync_file(part)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    sync_folder(target.absolute().parent)
    return Packed(
        file=target,
        bytes=target.stat().st_size,
        archives=len(archives),
        pages=named,
        not_archived=left_out,
        growing=sum(each.is_growing for each in list_archives(corpus, site)),
    )


def _refuse_target(target: Path, *, replace: bool) -> None:
    """Raises `InputError`."""
    if not target.absolute().parent.is_dir():
        raise InputError(f"{target}: there is no folder {target.parent}")
    if target.exists() and not replace:
        raise InputError(f"{target}: there is such a file already; --replace packs it anew")


def _make(part: Path, archives: Sequence[Path], pages: Path, title: str, description: str | None) -> None:
    command = [sys.executable, "-m", "wacz", "create", f"--output={part}", f"--title={title}"]
    command += [f"--desc={description}"] if description else []
    command += [f"--pages={pages}", "--copy-pages", "--", *(str(path.absolute()) for path in archives)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-_SAID:]
        error = NewsscraperError("the archives could not be packed, wacz said:")
        for line in said:
            error.add_note(f"  {line}")
        raise error


def _write_pages(corpus: Path, site: str, archives: Sequence[Path], target: Path, *, text: bool) -> tuple[int, int]:
    """The list of pages (json-pages-1.0), in the order of the archives: how many, and how many lines lead to none."""
    left_out = 0

    def leave(_line: Line | Unreadable, _why: str) -> None:
        nonlocal left_out
        left_out += 1

    names = ("story_key", "version", "url", "fetched_at", "title", *(("body",) if text else ()))

    def keep(data: dict[str, Any]) -> dict[str, Any]:
        return {name: data.get(name) for name in names}

    with open_pointers() as pointers, target.open("w", encoding="utf-8") as file:
        pointers.add(read_pointed(corpus, find_stories(corpus, site), keep=keep, leave=leave))
        header = {"format": "json-pages-1.0", "id": "pages", "title": "Stories", "hasText": text}
        file.write(json.dumps(header) + "\n")
        named = 0
        for archive in archives:
            for page in _list_pages(archive, archive.relative_to(corpus).as_posix(), pointers):
                file.write(json.dumps(page) + "\n")
                named += 1
        return named, left_out + pointers.count() - named


def _list_pages(archive: Path, name: str, pointers: Pointers) -> Iterator[dict[str, Any]]:
    """A line's page as its capture is called, so that replay finds it; as the line has it where no index names it."""
    captured = _read_places(archive) if pointers.count(name) else {}
    for line in pointers.of_file(name):
        facts = line.read_facts()
        url, at = captured.get(line.offset, (facts["url"], facts["fetched_at"]))
        if url is None or at is None:
            continue
        page = {"id": f"{facts['story_key']}-{facts['version']}", "url": url, "ts": at, "title": facts["title"]}
        yield {**page, "text": facts["body"]} if "body" in facts else page


def _read_places(archive: Path) -> dict[int, tuple[str, str]]:
    """Offset -> URL and moment (`2022-03-30T17:20:00Z`) of the captures in `archive`. Raises `OSError`."""
    try:
        return {each.offset: (each.url, _instant(each.at)) for each in read_index(archive)}
    except ValueError as fault:
        raise InputError(f"{archive}: its index is damaged: newsscraper archive index --anew writes it") from fault


def _instant(digits: str) -> str:
    parts = [digits[start:end] for start, end in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14))]
    return "{}-{}-{}T{}:{}:{}Z".format(*parts)
