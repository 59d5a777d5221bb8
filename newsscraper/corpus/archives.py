"""The archives of a corpus: which there are, and their indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsscraper.store import folder_of, format_instant
from newsscraper.store.archive.index import index_path, read_index, walk_archive, write_index
from newsscraper.store.archive.records import find_whole_end

SEALED = ".warc.gz"
GROWING = ".warc.gz.open"


@dataclass(frozen=True, kw_only=True)
class ArchiveFile:
    """One of a site's."""

    site: str
    """As its folder is called."""
    file: str
    """Below the corpus folder, with `/`."""
    bytes: int
    is_growing: bool
    """A run is at work on it, or died over it."""
    is_indexed: bool
    captures: int | None
    """How many its index names; None without one."""
    first_at: str | None
    """When the earliest of them was made, UTC, `2022-03-30T17:20:00Z`."""
    last_at: str | None


def find_archive_sites(corpus: Path) -> list[str]:
    """The sites that have an archive, as folders name them, sorted."""
    return sorted({path.parent.name for path in (corpus / "archive").glob("*/*") if _is_archive(path)})


def find_archives(corpus: Path, site: str) -> list[Path]:
    """The sealed archives of `site`, in order."""
    folder = corpus / "archive" / folder_of(site)
    return sorted(path for path in folder.glob(f"*{SEALED}") if _is_archive(path))


def list_archives(corpus: Path, site: str) -> list[ArchiveFile]:
    """All archives of `site`, in order, with what their indexes tell. Raises `OSError`."""
    folder = corpus / "archive" / folder_of(site)
    return [_describe(corpus, path) for path in sorted(folder.glob("*")) if _is_archive(path)]


def write_indexes(corpus: Path, site: str, *, anew: bool = False) -> Iterator[tuple[Path, int]]:
    """Write the index of each sealed archive that has none, or of all; each with how many captures it names.

    Raises `OSError`, also for an archive that cannot be read.
    """
    for path in find_archives(corpus, site):
        if anew or not index_path(path).exists():
            lines = read_captures(path)
            write_index(path, lines)
            yield path, len(lines)


def _is_archive(path: Path) -> bool:
    return path.name.endswith((SEALED, GROWING)) and not path.name.startswith(".") and path.is_file()


def _describe(corpus: Path, path: Path) -> ArchiveFile:
    moments = _read_moments(path) if index_path(path).exists() and path.name.endswith(SEALED) else None
    return ArchiveFile(
        site=path.parent.name,
        file=path.relative_to(corpus).as_posix(),
        bytes=path.stat().st_size,
        is_growing=path.name.endswith(GROWING),
        is_indexed=moments is not None,
        captures=None if moments is None else moments[0],
        first_at=None if moments is None else _as_instant(moments[1]),
        last_at=None if moments is None else _as_instant(moments[2]),
    )


def _read_moments(path: Path) -> tuple[int, str, str] | None:
    """How many captures, the first and the last moment of them; None for an index that is none."""
    count, first, last = 0, "", ""
    try:
        for capture in read_index(path):
            count += 1
            first = min(first or capture.at, capture.at)
            last = max(last, capture.at)
    except ValueError:
        return None
    return count, first, last


def _as_instant(digits: str) -> str | None:
    try:
        return format_instant(datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC))
    except ValueError:
        return None


def read_captures(path: Path) -> list[str]:
    """The lines of an index of `path`, sorted, out of the archive itself. Raises `OSError`, also for a damaged one."""
    end, size = find_whole_end(path)[0], path.stat().st_size
    if end != size:
        raise OSError(f"{path}: damaged at byte {end:,}: put back a copy; newsscraper archive check tells more")
    return sorted(set(walk_archive(path, path.name)))
