"""Examples of what differs: the records themselves, read again where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsscraper.corpus.lines import Line, read_records
from newsscraper.corpus.table import NEW, OLD, Row


@dataclass(kw_only=True)
class Example:
    """A record as it is on either side; None where it is not there."""

    old: Row | None
    new: Row | None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """What to call it: its URL where there is one, key and version."""
        row = self.new or self.old
        data = self.after or self.before or {}
        key = f"{row.key} v{row.version}" if row else ""
        return f"{data['url']} ({key})" if data.get("url") else key


def read_examples(examples: Sequence[Example], files: Sequence[Sequence[Path]]) -> None:
    """Give `examples` their records, out of the `files` of either side. Raises `OSError`."""
    for side in (OLD, NEW):
        wanted: dict[int, dict[int, list[Example]]] = {}
        for example in examples:
            row = example.old if side == OLD else example.new
            if row is not None:
                wanted.setdefault(row.file, {}).setdefault(row.number, []).append(example)
        for place, of_file in sorted(wanted.items()):
            _read_file(files[side][place], of_file, side)


def _read_file(file: Path, wanted: dict[int, list[Example]], side: int) -> None:
    """Read no further than the last line that is `wanted`."""
    last = max(wanted)
    for found in read_records(file):
        if isinstance(found, Line):
            for example in wanted.get(found.number, ()):
                if side == OLD:
                    example.before = found.data
                else:
                    example.after = found.data
        if found.number >= last:
            return
