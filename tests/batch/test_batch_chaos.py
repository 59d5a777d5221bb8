"""The benchmark that kills batches sees what is lost, doubled or left over."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from benchmarks.batch_chaos import Chaos, digest_files, write_pages
from newsscraper.store.archive import ArchivedPage, read_archive


def fill(folder: Path) -> Path:
    (folder / "faults").mkdir(parents=True)
    for name in ("00000.jsonl.gz", "faults/00000.faults.gz", "00000.json", "manifest.json", "plan.json"):
        (folder / name).write_text(name)
    return folder


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "00000.jsonl.gz").unlink(), "00000.jsonl.gz: missing"),
        (lambda folder: (folder / "faults/00000.faults.gz").write_text("x"), "00000.faults.gz: not as it should be"),
        (lambda folder: (folder / "00001.jsonl.gz").write_text("x"), "00001.jsonl.gz: new"),
        (lambda folder: (folder / ".00000.jsonl.gz.a-1-b.part").write_text("x"), "left over: .00000"),
        (lambda folder: (folder / "manifest.json").unlink(), "no manifest"),
    ],
)
def test_what_is_broken_is_told(tmp_path: Path, spoil: Callable[[Path], object], told: str) -> None:
    expected = digest_files(fill(tmp_path / "undisturbed"))
    chaos = Chaos(tmp_path / "a.warc.gz", tmp_path, Namespace(seed=1))
    chaos._judge(fill(tmp_path / "well"), expected)
    assert chaos._faults == []
    spoil(fill(tmp_path / "spoilt"))
    chaos._judge(tmp_path / "spoilt", expected)
    assert len(chaos._faults) == 1
    assert told in chaos._faults[0]


def test_its_archive_has_an_address_for_each_page(tmp_path: Path) -> None:
    write_pages(tmp_path / "a.warc.gz", 20, Random(1))
    found = list(read_archive(str(tmp_path / "a.warc.gz")))
    assert len({page.url for page in found if isinstance(page, ArchivedPage)}) == 20
