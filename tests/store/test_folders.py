from __future__ import annotations

from pathlib import Path

import pytest

from newsscraper.store import check_writable


def test_a_corpus_that_can_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "corpus", "a.example")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file", ["corpus", "corpus/stories", "corpus/runs", "corpus/stories/a.example"])
def test_a_file_where_a_folder_should_be(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("")
    with pytest.raises(OSError, match=file.rpartition("/")[2]):
        check_writable(tmp_path / "corpus", "a.example")
