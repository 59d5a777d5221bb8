"""Silence about single pages ends where it is to end; arguments that several commands share."""

from __future__ import annotations

import argparse
import logging
import warnings
from pathlib import Path

import pytest

from benchmarks.arguments import at_least_one, choose_sets
from benchmarks.processes import hushed
from newsscraper.extract.decode import decode

MANGLED = "<p>Привет, мир</p>".encode("koi8-r") + b"\xff\xfe\x98" * 9


def test_libraries_say_nothing_for_as_long_as_it_lasts(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("bs4.dammit")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with hushed():
            log.warning("inside")
            warnings.warn("inside", stacklevel=1)
            decode(MANGLED)
        log.warning("outside")
        warnings.warn("outside", stacklevel=1)
    assert [record.message for record in caplog.records] == ["outside"]
    assert [str(warning.message) for warning in warned] == ["outside"]


@pytest.mark.parametrize("text", ["0", "-3", "many"])
def test_a_number_of_things_to_do(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=at_least_one)
    assert parser.parse_args(["--jobs", "2"]).jobs == 2
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(["--jobs", text])
    assert stopped.value.code == 2
    assert "--jobs" in capsys.readouterr().err


def test_sets_named_or_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    with pytest.raises(SystemExit):
        choose_sets(parser, tmp_path, None)
    assert "truth.jsonl" in capsys.readouterr().err
    for name in ("mine", "ads"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "truth.jsonl").write_text("")
    assert choose_sets(parser, tmp_path, None) == ["ads", "mine"]
    assert choose_sets(parser, tmp_path, ["mine"]) == ["mine"]
    with pytest.raises(SystemExit):
        choose_sets(parser, tmp_path, ["mien"])
    assert "mien (there are ads, mine)" in capsys.readouterr().err
