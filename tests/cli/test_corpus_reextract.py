"""`newsscraper corpus reextract`: read by real worker processes, told, and ended with what scripts need."""

from __future__ import annotations

import json
import signal

import pytest

from newsscraper.store import faults
from tests.corpus.archived import make_corpus, page
from tests.store.ledgers import HOME, SITE

TITLES = ("The ferry runs again", "The tram runs again")


@pytest.fixture
def corpus(tmp_path):
    pages = {f"story-{number}": page(title) for number, title in enumerate(TITLES)}
    make_corpus(tmp_path / "old", pages)
    return tmp_path / "old"


def test_a_corpus_is_read_anew_and_can_be_compared(invoke, corpus, tmp_path):
    """The second line leads nowhere."""
    new = tmp_path / "new"
    (file,) = (corpus / "stories" / SITE).glob("*.jsonl")
    first, second = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    file.write_text(f"{json.dumps(first)}\n{json.dumps(second | {'warc': None})}\n", encoding="utf-8")
    command = ("corpus", "reextract", "--corpus", corpus, "--into", new, "--site", HOME, "--workers", 1)
    result = invoke(*command)
    assert result.exit_code == 1
    assert result.stdout == (
        f"{SITE}: 1 of 2 lines read anew\n  1 not: not_archived\n  named in {new / 'faults' / SITE}\n"
    )
    again = invoke(*command)
    assert (again.exit_code, again.stdout) == (1, result.stdout)
    told = json.loads(invoke("corpus", "diff", corpus, new, "--json").stdout)
    assert (told["same"], told["changed"], told["only_old"], told["only_new"]) == (1, 0, 1, 0)
    (line,) = [json.loads(line) for path in (new / "stories").rglob("*.jsonl") for line in path.open(encoding="utf-8")]
    assert line == first | {"run_id": line["run_id"]}


def test_quietly_only_what_went_wrong_is_told(invoke, corpus, tmp_path):
    for path in (corpus / "archive" / SITE).glob("*.warc.gz"):
        path.unlink()
    result = invoke("corpus", "reextract", "--corpus", corpus, "--into", tmp_path / "new", "--quiet", "--keep-old")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "2 not: no_archive\n  2 of these are taken over as before" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--site", "absent.example"), "nothing there of 'absent.example'"),
        (("--model", "missing.npz"), "missing.npz"),
        (("--evidence", "missing.jsonl"), "missing.jsonl"),
        (("--page-seconds", "0"), "--page-seconds"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_written(invoke, corpus, tmp_path, options, said):
    result = invoke("corpus", "reextract", "--corpus", corpus, "--into", tmp_path / "new", *options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "new").exists()


def test_the_old_corpus_is_not_written_into(invoke, corpus):
    result = invoke("corpus", "reextract", "--corpus", corpus, "--into", corpus / "new")
    assert result.exit_code == 2
    assert "outside of the old one" in result.stderr


def test_killed_it_leaves_nothing_half_written_and_goes_on(spawn, corpus, tmp_path):
    command = ("corpus", "reextract", "--corpus", corpus, "--into", tmp_path / "new", "--workers", 1, "--quiet")
    assert spawn(*command, env={"NEWSSCRAPER_FAULT": "sealing:written"}).returncode == -signal.SIGKILL
    assert not (tmp_path / "new" / "runs").exists()
    done = spawn(*command)
    assert (done.returncode, done.stderr) == (0, b"")
    (file,) = (tmp_path / "new" / "stories" / SITE).iterdir()
    titles = [json.loads(line)["title"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert sorted(titles) == sorted(TITLES)


def test_interrupted_it_says_how_to_go_on(invoke, corpus, tmp_path, monkeypatch):
    def interrupt(point):
        raise KeyboardInterrupt

    monkeypatch.setattr(faults, "hook", interrupt)
    result = invoke("corpus", "reextract", "--corpus", corpus, "--into", tmp_path / "new", "--workers", 1)
    assert result.exit_code == 130
    assert "the same command goes on" in result.stderr
