"""`newsscraper batch --scheduler`: what the same command leaves on one machine, it leaves by a Dask cluster."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from distributed import LocalCluster

from newsscraper.batch.crew import Lost, put_on_one_line
from newsscraper.batch.run import Batch
from newsscraper.cli import main
from newsscraper.cli.batch import batch_command
from newsscraper.cli.batch_cluster import _NOT_FOR_WORKERS, finish_patiently, split_words
from newsscraper.errors import InputError, NewsscraperError
from tests.batch.archives import make_listing, make_stories, write_warc
from tests.batch.conftest import begin, read_here


@pytest.fixture
def scheduler() -> Iterator[str]:
    """Its one worker is a thread of this process: the command is a process of its own all the same."""
    with LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0", silence_logs="CRITICAL"
    ) as cluster:
        yield cluster.scheduler_address


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["batch", *map(str, words)])


def take_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.jsonl*")}


def spell(*words: str) -> tuple[list[str], list[str]]:
    return split_words(batch_command.make_context("batch", list(words)))


def test_a_cluster_leaves_what_one_machine_leaves(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsscraper").mkdir()
    (tmp_path / "newsscraper" / "__init__.py").write_text("raise SystemExit('of the folder it was started in')")
    (tmp_path / "in").mkdir()
    write_warc(tmp_path / "in" / "a.warc.gz", make_stories(3))
    write_warc(tmp_path / "in" / "b.warc.gz", [*make_stories(2), make_listing()])
    with (tmp_path / "in" / "b.warc.gz").open("ab") as file:
        file.write(b"\x1f\x8b\x08 no more of it")
    there = run("in", "--into", "there", "--form", "plain", "--scheduler", scheduler)
    with monkeypatch.context() as patch:
        patch.setattr(Batch, "open_pool", read_here)
        here = run("in", "--into", "here", "--form", "plain")
        again = run("in", "--into", "there", "--form", "plain")
    assert (there.exit_code, here.exit_code) == (1, 1), there.stderr
    assert "5 stories, 1 not a story, 1 error" in there.stderr
    assert take_files(tmp_path / "there") == take_files(tmp_path / "here")
    counts = [json.loads((tmp_path / name / "manifest.json").read_bytes())["counts"] for name in ("there", "here")]
    assert counts[0] == counts[1]
    assert "0 to do here" in again.stderr


def test_a_scheduler_that_cannot_be_reached_is_wrong_usage_and_nothing_is_lost(
    archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsscraper.batch.cluster.PATIENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    done = run(archive, "--into", into, "--scheduler", address)
    assert done.exit_code == 2
    assert f"{address}: no Dask scheduler answers there" in done.stderr
    assert "Traceback" not in done.stderr
    assert (into / "plan.json").exists()


@pytest.mark.parametrize("address", ["nonsense://x", "http://127.0.0.1:8786", "tcp://127.0.0.1", "tcp://a:b"])
def test_what_is_no_address_of_a_scheduler_makes_no_client_and_no_folder(
    archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("distributed.Client", lambda *_, **__: pytest.fail("a client was made"))
    done = run(archive, "--into", into, "--scheduler", address)
    assert done.exit_code == 2
    assert f"{address}: no address of a Dask scheduler (" in done.stderr
    assert not into.exists()


def test_a_machine_without_dask_is_told_before_a_folder_is_made(
    archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed.comm.addressing", None)
    done = run(archive, "--into", into, "--scheduler", "tcp://a:1")
    assert done.exit_code == 2
    assert "needs Dask: pip install '.[dask]' in the checkout" in done.stderr
    assert not into.exists()


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (NewsscraperError("tcp://a:1: the scheduler is gone"), 1, "the scheduler is gone"),
        (InputError("refused by the worker"), 2, "refused by the worker"),
        (KeyboardInterrupt(), 130, "interrupted: what is done stays"),
    ],
    ids=["gone", "refused", "Ctrl-C"],
)
def test_what_ends_a_batch_on_a_cluster_shows_in_its_exit_code(
    archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch, *, raised: BaseException, code: int, said: str
) -> None:
    def work(*_: object) -> Iterator[Lost]:
        yield Lost(0, "its worker died\x1b[2J")
        raise raised

    monkeypatch.setattr("newsscraper.cli.batch_cluster.run_on_cluster", work)
    done = run(archive, "--into", into, "--scheduler", "tcp://a:1")
    assert done.exit_code == code
    assert said in done.stderr
    assert "part 0: set aside: its worker died\\x1b[2J" in done.stderr


def test_workers_are_given_what_the_command_was_given(tmp_path: Path) -> None:
    words = (
        "--into",
        "out",
        "--form=zst",
        "-q",
        "--force",
        "--workers",
        "7",
        "--part",
        "3,4",
        "--scheduler",
        "tcp://a:1",
    )
    filters = ("--host", "a.example", "--host", "b.example", "--since", "2024-01-01")
    options, paths = spell("in", *words, "--fetched-at", "2022-03-30T21:50+04:30", *filters, "--", "-odd.warc.gz")
    assert paths == ["in", "-odd.warc.gz"]
    assert sorted(options) == sorted(
        [
            "--into=out",
            "--form=zst",
            "--force",
            "--fetched-at=2022-03-30T21:50+04:30",
            "--host=a.example",
            "--host=b.example",
            "--since=2024-01-01",
        ]
    )
    assert spell("--into", "out", *options, "--", *paths) == (options, paths)


def test_what_a_worker_says_on_several_lines_is_told_on_one() -> None:
    assert (
        put_on_one_line("Usage: newsscraper\n\n  Error: no such part \n") == "Usage: newsscraper | Error: no such part"
    )


def test_what_is_kept_from_the_workers_are_options_that_there_are() -> None:
    assert {option.name for option in batch_command.params} >= _NOT_FOR_WORKERS


def test_a_manifest_is_waited_for_where_files_come_to_be_seen_late(
    archive: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = begin([archive], into)
    answers = iter([False, False, True])
    monkeypatch.setattr("newsscraper.cli.batch_cluster._LOOK_SECONDS", 0.0)
    monkeypatch.setattr(Batch, "finish", lambda _: next(answers))
    assert finish_patiently(batch)
    monkeypatch.setattr(Batch, "finish", lambda _: False)
    monkeypatch.setattr("newsscraper.cli.batch_cluster._SLOW_SECONDS", 0.0)
    assert not finish_patiently(batch)
