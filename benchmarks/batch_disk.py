"""What a million pages take on a disk: as an archive, and as records in each form, from one archive and its batch.

    newsscraper batch FILE --into FOLDER
    python benchmarks/batch_disk.py --archive FILE --batch FOLDER [--json FILE]

Bytes a page that the archive holds, so that a page which is no story counts as one with an empty record; and the
processor time that writing a record takes. Exit codes: 0 well, 2 bad usage.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from newsscraper.batch.output import FORMS, SUFFIXES, Form, Lines

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tables import format_rows

MILLION = 1_000_000
HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One way of keeping pages."""

    name: str
    bytes_a_page: float
    seconds_a_page: float | None = None
    """Of processor time, to write it."""

    def row(self) -> tuple[str, str, str, str]:
        written = "" if self.seconds_a_page is None else f"{self.seconds_a_page * MILLION / HOUR:.2f} hours"
        return (self.name, f"{self.bytes_a_page / 1000:.1f} kB", f"{self.bytes_a_page / 1000:.1f} GB", written)


def main(argv: list[str] | None = None) -> int:
    args = parse_arguments(argv)
    pages, size = measure_pages(args.archive)
    found = [
        Kept(name="pages as they are", bytes_a_page=size / pages),
        Kept(name="archive", bytes_a_page=args.archive.stat().st_size / pages),
    ]
    with tempfile.TemporaryDirectory(prefix="batch-disk-") as name:
        found += [measure_form(form, args.batch, Path(name), pages) for form in FORMS]
    print(f"{pages:,} pages of {args.archive.name}")
    print(format_rows(("kept as", "a page", "a million", "processor"), [each.row() for each in found]))
    if args.json:
        args.json.write_text(json.dumps([asdict(each) for each in found], indent=1) + "\n", encoding="utf-8")
    return 0


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what pages take on a disk.")
    parser.add_argument("--archive", type=Path, required=True, metavar="FILE", help="a WARC file")
    parser.add_argument("--batch", type=Path, required=True, metavar="FOLDER", help="what a batch made of it, as gz")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args(argv)
    if not (args.batch / "manifest.json").is_file() or not any(args.batch.glob("*.jsonl.gz")):
        parser.error(f"{args.batch}: no batch as gz that is done")
    return args


def measure_pages(archive: Path) -> tuple[int, int]:
    """Pages, and their bytes together."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 - as the other benchmarks of batches

    pages = size = 0
    with archive.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            pages += 1
            size += len(record.reader.read())
    return pages, size


def read_lines(batch: Path) -> Iterator[bytes]:
    for path in sorted(batch.glob("?????.jsonl.gz")):
        yield from gzip.decompress(path.read_bytes()).splitlines(keepends=True)


def measure_form(form: Form, batch: Path, folder: Path, pages: int) -> Kept:
    """All records in one file."""
    lines = list(read_lines(batch))
    begin = time.process_time()
    with Lines(folder, f"all{SUFFIXES[form]}", form) as file:
        for line in lines:
            file.write(line)
        written = file.seal()
    spent = time.process_time() - begin
    return Kept(name=f"records, {form}", bytes_a_page=written.bytes / pages, seconds_a_page=spent / pages)


if __name__ == "__main__":
    sys.exit(main())
