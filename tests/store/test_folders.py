from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newsscraper.store import SealedFile, check_writable, remove_leftovers

LIVE = """
import sys
from pathlib import Path
from newsscraper.store import SealedFile
file = SealedFile(Path(sys.argv[1]), "stories/a.example/live-00000.jsonl")
file.write({"n": 1})
print("written", flush=True)
sys.stdin.read()
"""


def test_a_corpus_that_can_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "corpus", "a.example")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file", ["corpus", "corpus/stories", "corpus/runs", "corpus/stories/a.example"])
def test_a_file_where_a_folder_should_be(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("")
    with pytest.raises(OSError, match=file.rpartition("/")[2]):
        check_writable(tmp_path / "corpus", "a.example")


@pytest.mark.skipif(sys.platform == "win32", reason="no such locks there")
def test_leftovers_of_the_dead_go_and_those_of_the_living_stay(tmp_path: Path) -> None:
    folder = tmp_path / "stories" / "a.example"
    folder.mkdir(parents=True)
    (folder / "done-00000.jsonl").write_text("{}\n")
    own = SealedFile(tmp_path, "stories/a.example/own-00000.jsonl")
    own.write({"n": 1})
    command = [sys.executable, "-c", LIVE, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "written\n"
        assert remove_leftovers(tmp_path, "a.example") == []
        other.kill()
        other.wait()
    assert remove_leftovers(tmp_path, "a.example") == [folder / ".live-00000.jsonl.part"]
    assert own.seal() is not None
    assert remove_leftovers(tmp_path, "b.example") == []
    assert sorted(path.name for path in folder.iterdir()) == ["done-00000.jsonl", "own-00000.jsonl"]
