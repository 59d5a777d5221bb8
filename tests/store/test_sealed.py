from __future__ import annotations

import hashlib
import json
from pathlib import Path

from newsscraper.store import SealedFile, stories_file


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
