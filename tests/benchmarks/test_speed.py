"""The speed command on made-up pages: its tables, its ratios, its ceilings."""

from __future__ import annotations

import gzip
import importlib
import json
import logging
import os
import types
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.big_pages import SHAPES, build, measure_all
from benchmarks.speed import main
from benchmarks.speed_report import find_excesses
from benchmarks.steps import RECIPES, share_steps, wrapped
from benchmarks.timing import Page, compare, time_readers
from newsscraper import extract
from newsscraper.extract.assemble import assemble_body

PAGE = build("paragraphs", 3000)
URL = "https://harbour.example/en/news/12/sand-is-back"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "fundus"
    (folder / "html").mkdir(parents=True)
    (folder / "html" / "0000.html.gz").write_bytes(gzip.compress(PAGE))
    (folder / "truth.jsonl").write_text(json.dumps({"id": "x", "file": "html/0000.html.gz", "url": URL}) + "\n")
    return tmp_path


def run(data: Path, *arguments: str) -> int:
    return main(["--data", str(data), "--repeat", "1", "--big", "none", *arguments])


def test_figures(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "figures.json"
    assert run(data, "--json", str(figures)) == 0
    report = json.loads(figures.read_text())
    assert (report["sets"], report["pages"], report["mean_size"], report["big"]) == (["fundus"], 1, len(PAGE), [])
    assert report["ratios"]["lxml's bare parse"]["value"] > 1
    assert sum(report["steps"].values()) == pytest.approx(1)
    assert {"decode", "parse", "walk", "structured", "title", "classify", "dates", "tags"} <= report["steps"].keys()
    out = capsys.readouterr().out
    assert "| newsscraper " in out
    assert "| walk " in out


@pytest.mark.parametrize(("ceiling", "code"), [(1e9, 0), (0.1, 1)])
def test_ceilings(data: Path, tmp_path: Path, ceiling: float, code: int) -> None:
    file = tmp_path / "floors.toml"
    file.write_text(f"[speed]\nover_parse = {ceiling}\n")
    assert run(data, "--floors", str(file)) == code


def test_the_shipped_file_states_ceilings_that_are_measured(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    floors = Path(__file__).parents[2] / "benchmarks" / "floors.toml"
    run(data, "--floors", str(floors))
    assert "over_parse" in capsys.readouterr().out


def test_this_process_stays_as_it_was(data: Path) -> None:
    """What silences and binds a run to one core is the command's, and ends with it."""
    before = logging.root.manager.disable, os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    run(data)
    after = logging.root.manager.disable, os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    assert after == before


def test_what_was_not_measured_exceeds_nothing() -> None:
    assert find_excesses({"growth": 3.0, "over_parse": 5.0}, {"over_parse": 6.0}) == [
        "over_parse: 6.00 is more than 5.00"
    ]


@pytest.mark.parametrize("arguments", [["--set", "fundsu"], ["--repeat", "0"], ["--pages", "0"]])
def test_bad_usage(data: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--data", str(data), *arguments])
    assert stopped.value.code == 2


def test_a_ratio_lies_in_its_interval() -> None:
    same = compare([2.0, 4.0, 6.0], [1.0, 2.0, 3.0])
    assert same == (2.0, 2.0, 2.0)
    mixed = compare([1.0, 9.0, 2.0, 8.0], [1.0, 1.0, 1.0, 1.0])
    assert mixed.low < mixed.value == 5.0 < mixed.high


def test_readers_take_turns_and_may_raise() -> None:
    calls: list[str] = []

    def first(html: bytes, url: str | None) -> None:
        calls.append("first")

    def second(html: bytes, url: str | None) -> None:
        calls.append("second")
        raise ValueError

    seconds = time_readers({"first": first, "second": second}, [Page(b"", None)] * 3, repeat=2)
    own_turns, others = ["first", "second"], ["second", "first"]
    assert calls[6:] == [*own_turns, *others, *own_turns, *others, *own_turns, *others]
    assert {name: len(of_reader) for name, of_reader in seconds.items()} == {"first": 3, "second": 3}


def test_steps_are_unwrapped_again() -> None:
    recipes = [importlib.import_module(recipe) for recipe in RECIPES]
    before = [dict(vars(recipe)) for recipe in recipes]
    share_steps(extract, [Page(PAGE, URL)])
    assert [dict(vars(recipe)) for recipe in recipes] == before


def test_the_time_of_a_step_is_taken_off_the_one_around_it() -> None:
    core = types.ModuleType(RECIPES[0])
    core.assemble_body = assemble_body  # type: ignore[attr-defined]
    spent: Counter[str] = Counter()
    stack = [0.0]
    with wrapped(core, spent, stack):
        assert core.assemble_body([], []) == ""
    assert list(spent) == ["assemble body"]
    assert stack == [spent["assemble body"]]


@pytest.mark.parametrize("shape", SHAPES)
def test_made_up_pages_are_of_their_size_and_can_be_read(shape: str) -> None:
    page = build(shape, 50_000)
    assert 25_000 < len(page) < 100_000
    assert extract(page, URL, force=True).title == "Sand is back in the harbour"


def test_costs_are_measured_in_a_process_of_their_own() -> None:
    (cost,) = measure_all(["paragraphs"], (50_000, 100_000))
    assert (cost.shape, cost.seconds > 0, cost.growth > 0) == ("paragraphs", True, True)
    assert 0 <= cost.memory < 1000
