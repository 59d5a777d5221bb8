from __future__ import annotations

import errno
import hashlib
import json
from io import FileIO
from pathlib import Path

import pytest

from newsscraper.store import SealedFile, sealed, stories_file


def test_it_appears_whole(tmp_path: Path) -> None:
    name = stories_file("127.0.0.1:8000", "20240305T100000Z-abc123")
    assert name == "stories/127.0.0.1_8000/20240305T100000Z-abc123-00000.jsonl"
    file = SealedFile(tmp_path, name)
    file.write({"title": "خبر", "n": 1})
    file.write({"title": "two\nlines", "n": 2})
    assert not (tmp_path / name).exists()
    seal = file.seal()
    data = (tmp_path / name).read_bytes()
    assert [json.loads(line)["n"] for line in data.splitlines()] == [1, 2]
    assert "خبر".encode() in data
    assert seal is not None
    assert (seal.file, seal.records, seal.bytes) == (name, 2, len(data))
    assert seal.sha256 == hashlib.sha256(data).hexdigest()
    assert [path.name for path in (tmp_path / name).parent.iterdir()] == [Path(name).name]


def test_without_records_there_is_no_file(tmp_path: Path) -> None:
    assert SealedFile(tmp_path, "stories/a/b.jsonl").seal() is None
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_cannot_be_written_leaves_whole_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SealedFile(tmp_path, "stories/a/b.jsonl")
    file.write({"n": 1})
    monkeypatch.setattr(sealed, "_write_all", write_half)
    with pytest.raises(OSError, match="No space"):
        file.write({"n": 2})
    monkeypatch.undo()
    seal = file.seal()
    data = (tmp_path / "stories/a/b.jsonl").read_bytes()
    assert data == b'{"n": 1}\n'
    assert seal is not None
    assert (seal.records, seal.bytes, seal.sha256) == (1, len(data), hashlib.sha256(data).hexdigest())


def test_a_file_whose_first_line_cannot_be_written_never_appears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SealedFile(tmp_path, "stories/a/b.jsonl")
    monkeypatch.setattr(sealed, "_write_all", write_half)
    with pytest.raises(OSError, match="No space"):
        file.write({"n": 1})
    assert file.seal() is None
    assert list((tmp_path / "stories/a").iterdir()) == []


def write_half(stream: FileIO, data: bytes) -> None:
    stream.write(data[: len(data) // 2])
    raise OSError(errno.ENOSPC, "No space left on device")
