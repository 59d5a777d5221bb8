"""`newsscraper batch` as people and schedulers call it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from newsscraper.batch import drawing
from newsscraper.batch.run import Batch
from newsscraper.cli import main
from newsscraper.errors import InputError
from newsscraper.store.archive import ArchivedPage, PassedOver
from newsscraper.store.lines import to_line
from tests.batch.archives import Made, make_stories, write_warc
from tests.batch.conftest import begin, read_here

SMALL = ("--part-mb", "0.003", "--form", "plain")
HEEDING = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\nfrom newsscraper.cli import main; main()"
)
"""Whoever runs the tests may have had interruptions ignored, which children inherit."""


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["batch", *map(str, words)])


def start(*words: object, fault: str = "", **more: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "NEWSSCRAPER_FAULT": fault} if fault else None
    return subprocess.Popen(
        [sys.executable, "-c", HEEDING, "batch", *map(str, words)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def take_files(folder: Path) -> dict[str, bytes]:
    """But for what tells how long it took."""
    return {path.name: path.read_bytes() for path in folder.glob("*.jsonl*")}


def read_urls(folder: Path) -> list[str]:
    lines = [line for path in sorted(folder.glob("?????.jsonl")) for line in path.read_text().splitlines()]
    return [json.loads(line)["url"] for line in lines]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """An archive, and the files that a run gives which nothing befalls."""
    folder = tmp_path_factory.mktemp("batch")
    archive = folder / "a.warc.gz"
    write_warc(archive, make_stories(12))
    result = run(archive, "--into", folder / "into", *SMALL, "--workers", 1)
    assert result.exit_code == 0, result.stderr
    return archive, take_files(folder / "into")


@pytest.mark.usefixtures("without_workers")
def test_a_batch_says_what_it_did(archive: Path, into: Path) -> None:
    result = run(archive, "--into", into, *SMALL, "--workers", 1)
    assert result.exit_code == 0
    assert result.stdout == ""
    first, *_, counts, last = result.stderr.splitlines()
    assert first.startswith(f"{into}: 5 parts; 5 to do here, of 0.0 MB")
    assert counts == "12 stories, 1 not a story, 0 errors"
    assert last == f"{into}/manifest.json: all parts are done"
    assert json.loads((into / "manifest.json").read_bytes())["counts"] == {"not_story": 1, "story": 12}


@pytest.mark.usefixtures("without_workers")
def test_what_is_done_is_not_done_again(undisturbed: tuple[Path, dict[str, bytes]], into: Path) -> None:
    archive, files = undisturbed
    assert run(archive, "--into", into, *SMALL, "--part", "0,2", "--part", "3", "--workers", 1).exit_code == 0
    before = {name: os.stat(into / name).st_ino for name in take_files(into)}
    assert sorted(before) == ["00000.jsonl", "00002.jsonl", "00003.jsonl"]
    listed = run(archive, "--into", into, *SMALL, "--list")
    assert listed.stdout.split() == ["1"]
    result = run(archive, "--into", into, *SMALL, "--workers", 1)
    assert result.exit_code == 0
    assert "1 to do here" in result.stderr
    assert "3 done already" in result.stderr
    assert take_files(into) == files
    assert {name: os.stat(into / name).st_ino for name in before} == before


def test_shards_of_any_number_fill_one_folder_with_the_same_bytes(
    undisturbed: tuple[Path, dict[str, bytes]], into: Path
) -> None:
    archive, files = undisturbed
    for shard in ("2/3", "1/2", "2/2"):
        assert not (into / "manifest.json").exists()
        assert run(archive, "--into", into, *SMALL, "--shard", shard, "--workers", 2).exit_code == 0
    assert take_files(into) == files
    assert (into / "manifest.json").exists()


@pytest.mark.parametrize("fault", ["part:written:2", "part:unmarked:2"])
def test_a_run_killed_at_any_step_is_taken_up_to_the_same_bytes(
    undisturbed: tuple[Path, dict[str, bytes]], into: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, files = undisturbed
    killed = start(archive, "--into", into, *SMALL, "--workers", 1, "--quiet", fault=fault)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    monkeypatch.setattr(Batch, "open_pool", read_here)
    assert run(archive, "--into", into, *SMALL).exit_code == 0
    assert take_files(into) == files
    assert [name for name in os.listdir(into) if name.endswith(".part")] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_end_leaves_what_is_done(tmp_path: Path, into: Path, number: int) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    write_warc(folder / "a.warc.gz", make_stories(3))
    write_warc(folder / "b.warc.gz", make_stories(4_000))
    run_of_two = start(folder, "--into", into, "--form", "plain", "--workers", 1)
    assert run_of_two.stderr
    while not (into / "00000.json").exists():
        assert run_of_two.poll() is None, run_of_two.stderr.read()
    run_of_two.send_signal(number)
    told = run_of_two.communicate(timeout=60)[1]
    assert run_of_two.returncode == 130
    assert "interrupted: what is done stays" in told
    assert "Traceback" not in told
    assert sorted(os.listdir(into)) == ["00000.json", "00000.jsonl", "plan.json"]


@pytest.mark.usefixtures("without_workers")
def test_errors_of_pages_are_told_by_the_exit_code_again_and_again(tmp_path: Path, into: Path) -> None:
    path = tmp_path / "a.warc.gz"
    places = write_warc(path, make_stories(3))
    content = bytearray(path.read_bytes())
    content[places[1] + 40] ^= 0xFF
    path.write_bytes(content)
    for _ in range(2):
        result = run(path, "--into", into, "--workers", 1)
        assert result.exit_code == 1
        assert "2 stories, 0 not stories, 1 error" in result.stderr


@pytest.mark.usefixtures("without_workers")
def test_a_part_whose_input_breaks_off_costs_itself_until_the_next_run(
    tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        write_warc(tmp_path / f"{name}.warc.gz", make_stories(1))
    words = [*sorted(tmp_path.glob("*.warc.gz")), "--into", into, "--form", "plain", "--workers", 1]
    read = drawing.read_archive

    def read_some(name: str, **options: Any) -> Iterator[ArchivedPage | PassedOver]:
        if name.endswith("b.warc.gz"):
            raise InputError(f"{name}: cannot be read: Stale file handle")
        return read(name, **options)

    monkeypatch.setattr(drawing, "read_archive", read_some)
    result = run(*words)
    assert result.exit_code == 1
    assert re.search(r"part 1: \S+b\.warc\.gz: cannot be read: Stale file handle", result.stderr)
    assert sorted(take_files(into)) == ["00000.jsonl", "00002.jsonl"]
    monkeypatch.undo()
    assert run(*words).exit_code == 0
    assert sorted(take_files(into)) == ["00000.jsonl", "00001.jsonl", "00002.jsonl"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--shard", "3/2"], "expected a shard i/n"),
        (["--part", "1,x"], "expected numbers of parts"),
        (["--part", "99"], "there are 5 parts, the last of which is 4"),
        (["--part", "1", "--shard", "1/2"], "exclude each other"),
        (["--page-seconds", "0"], "--page-seconds"),
        (["--part-mb", "0"], "--part-mb"),
        (["--site", "nobody"], "no profile is called 'nobody'"),
        (["--model", "gone.npz"], "gone.npz"),
        (["--evidence", "gone.jsonl"], "gone.jsonl: cannot be read"),
    ],
)
def test_bad_usage_is_told_before_anything_is_read(archive: Path, into: Path, words: Sequence[str], told: str) -> None:
    result = run(archive, "--into", into, *SMALL, *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert list(into.glob("0*")) == []


def test_a_folder_of_another_batch_is_refused(archive: Path, into: Path) -> None:
    begin([archive], into)
    result = run(archive, "--into", into, "--part-mb", "0.003", "--form", "gz", "--force")
    assert result.exit_code == 2
    assert 'form: "plain" there, "gz" here; force: false there, true here' in result.stderr


@pytest.mark.usefixtures("without_workers")
def test_pipes_in_a_folder_are_passed_over_without_waiting(tmp_path: Path, into: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_bytes(make_stories(1)[0].body)
    for name in ("pipe", "pipe.warc.gz"):
        os.mkfifo(folder / name)
    result = run(folder, "--into", into, *SMALL)
    assert result.exit_code == 0
    assert "1 story, 0 not stories, 0 errors, 2 passed over" in result.stderr


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("empty", "empty: holds no page"),
        ("pipe", "pipe: cannot be read: a pipe or device"),
        ("gone", "gone: cannot be read: No such file"),
        ("corpus", "corpus: is the corpus of a crawl: give its archives, "),
        ("stories-only", "stories-only: is the corpus of a crawl: it has no archives"),
    ],
)
def test_what_holds_no_page_is_refused_and_leaves_no_folder(tmp_path: Path, into: Path, path: str, told: str) -> None:
    for name in ("empty/.hidden", "corpus/archive", "corpus/ledger", "stories-only/stories", "stories-only/runs"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "corpus" / "ledger" / "a.sqlite").write_bytes(b"x")
    (tmp_path / "stories-only" / "runs" / "a.json").write_bytes(b"{}")
    os.mkfifo(tmp_path / "pipe")
    result = run(tmp_path / path, "--into", into)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not into.exists()


@pytest.mark.usefixtures("without_workers")
def test_filters_choose_before_pages_are_parsed(archive: Path, into: Path) -> None:
    result = run(archive, "--into", into, *SMALL, "--url-pattern", r"/[0-4]$", "--workers", 1)
    assert result.exit_code == 0
    assert "5 stories, 0 not stories, 0 errors, 8 passed over" in result.stderr
    assert read_urls(into) == [f"https://harbour.example/news/{number}" for number in range(5)]


@pytest.mark.usefixtures("without_workers")
def test_a_batch_of_which_no_page_passes_the_filters_says_so_and_has_failed(archive: Path, into: Path) -> None:
    result = run(archive, "--into", into, *SMALL, "--host", "elsewhere.example")
    assert result.exit_code == 1
    assert f"{archive}: no page passed the filters, which kept out 13" in result.stderr
    assert "\n0 pages in 0:0" in result.stderr
    assert "pages/s" not in result.stderr


@pytest.mark.usefixtures("without_workers")
def test_a_batch_of_files_none_of_which_is_a_page_has_failed(tmp_path: Path, into: Path) -> None:
    picture = tmp_path / "in" / "a.png"
    picture.parent.mkdir()
    picture.write_bytes(b"\x89PNG\r\n\x1a\n0000")
    result = run(picture.parent, "--into", into)
    assert result.exit_code == 1
    assert f"{picture.parent}: no page was found" in result.stderr


def test_listing_parts_makes_nothing(archive: Path, into: Path) -> None:
    result = run(archive, "--into", into, *SMALL, "--list")
    assert (result.exit_code, result.stdout.split()) == (0, ["0", "1", "2", "3", "4"])
    assert not into.exists()


def test_a_folder_that_cannot_be_written_is_wrong_usage(archive: Path) -> None:
    result = run(archive, "--into", "/proc/of-nobody")
    assert result.exit_code == 2
    assert "/proc/of-nobody: cannot be written" in result.stderr


def test_a_folder_that_can_no_longer_be_written_is_wrong_usage(
    archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin([archive], into)
    monkeypatch.setattr("newsscraper.batch.plan.os.access", lambda _, mode: mode != os.W_OK)
    result = run(archive, "--into", into, *SMALL)
    assert result.exit_code == 2
    assert f"{into}: cannot be written" in result.stderr


@pytest.mark.usefixtures("without_workers")
def test_quiet_says_nothing_when_all_is_well(archive: Path, into: Path) -> None:
    result = run(archive, "--into", into, *SMALL, "--workers", 1, "--quiet")
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.usefixtures("without_workers")
def test_nothing_of_a_page_steers_the_terminal(tmp_path: Path, into: Path) -> None:
    path = tmp_path / "\x1b[31mred.warc.gz"
    write_warc(path, [*make_stories(1), Made("https://harbour.example/\x1b[31m", b"<html>")])
    result = run(path, "--into", into, *SMALL, "--workers", 1)
    assert "\x1b" not in result.stderr
    assert b"\x1b" not in b"".join(take_files(into).values())


def test_a_line_is_one_line_for_every_reader() -> None:
    line = to_line({"body": "a\u2028b\x85c\nd\ud800"})
    assert line.decode().splitlines() == [r'{"body": "a\u2028b\u0085c\nd\ud800"}']
