"""The command on three made-up pages: its table, its floors, its exit codes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy import main
from benchmarks.datasets import LabelledPage, read_set, sample_pages
from benchmarks.rivals import Prediction
from benchmarks.scoring import Run, score_page, summarize

PARAGRAPHS = [
    "The dredger came in on the evening tide and had cleared the harbour mouth before the first boat was to leave.",
    "Its crew of nine, who had been promised two nights and a hot meal, took the meal and left the second night.",
]


def write_set(data: Path, name: str, rows: list[dict[str, Any]]) -> None:
    folder = data / name
    (folder / "html").mkdir(parents=True)
    for number, row in enumerate(rows):
        text = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
        headline = f"Dredger frees mouth number {number}"
        page = f"<html lang=en><title>{headline}</title><body><h1>{headline}</h1>{text}</body></html>"
        row["file"] = f"html/{number:04}.html.gz"
        (folder / row["file"]).write_bytes(gzip.compress(page.encode()))
    (folder / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    body = "\n\n".join(PARAGRAPHS)
    rows = [
        {"id": f"page-{n}", "url": None, "title": f"Dredger frees mouth number {n}", "body": body} for n in range(3)
    ]
    rows[2]["title"] = "Something else"
    write_set(tmp_path, "fundus", rows)
    return tmp_path


def write_floors(folder: Path, text: str) -> Path:
    file = folder / "floors.toml"
    file.write_text(text)
    return file


def run(data: Path, *arguments: str) -> int:
    return main(["--data", str(data), "--rival", "none", "--jobs", "1", *arguments])


def test_figures(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "figures.json"
    assert run(data, "--json", str(figures)) == 0
    (row,) = json.loads(figures.read_text())["rows"]
    assert (row["set"], row["extractor"], row["pages"], row["raised"]) == ("fundus", "newsscraper", 3, 0)
    assert row["title"] == pytest.approx(2 / 3)
    assert (row["body_f1"], row["exact"], row["date"]) == (1.0, 1.0, None)
    assert "| fundus | newsscraper |" in capsys.readouterr().out


def test_the_worst_pages_are_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(data, "--worst", "5", "--field", "title")
    out = capsys.readouterr().out
    assert "1 pages lose on title" in out
    assert "fundus/page-2" in out
    assert "truth  Something else" in out


@pytest.mark.parametrize(("floor", "code"), [(0.6, 0), (0.7, 1)])
def test_floors(data: Path, tmp_path: Path, floor: float, code: int) -> None:
    file = write_floors(tmp_path, f'[[floor]]\nset = "fundus"\ntitle = {floor}\n')
    assert run(data, "--floors", str(file)) == code


def test_a_floor_of_the_whole_set_says_nothing_about_a_sample(data: Path, tmp_path: Path) -> None:
    whole = '[[floor]]\nset = "fundus"\ntitle = 0.0\n'
    assert run(data, "--sample", "2", "--floors", str(write_floors(tmp_path, whole))) == 1
    sample = '[[floor]]\nset = "fundus"\nsample = 2\ntitle = 0.0\n'
    assert run(data, "--sample", "2", "--floors", str(write_floors(tmp_path, sample))) == 0


def test_a_metric_without_a_value_is_below_any_floor(data: Path, tmp_path: Path) -> None:
    file = write_floors(tmp_path, '[[floor]]\nset = "fundus"\ndate = 0.0\n')
    assert run(data, "--floors", str(file)) == 1


def test_an_unknown_set_is_bad_usage(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(data, "--set", "fundsu")
    assert stopped.value.code == 2
    assert "fundsu" in capsys.readouterr().err


def test_a_sample_is_always_the_same(data: Path) -> None:
    pages = read_set(data, "fundus")
    assert sample_pages(pages, 2) == [page for page in pages if page in sample_pages(pages[::-1], 2)]
    assert sample_pages(pages, 99) == pages


def label(**truth: Any) -> LabelledPage:
    return LabelledPage(id="x", file=Path("x"), url=None, **truth)


def test_the_lead_counts_where_the_truth_counts_it() -> None:
    run = Run(prediction=Prediction(lead="A b c d.", body="E f g h."), seconds=1.0)
    fundus = label(set_name="fundus", body="A b c d.\n\nE f g h.")
    wcxb = label(set_name="wcxb", body="E f g h.")
    assert score_page(fundus, run).loss("body") == 0.0
    assert score_page(wcxb, run).loss("body") == 0.0
    assert score_page(fundus, run, lead="out").loss("body") != 0.0
    assert score_page(wcxb, run, lead="in").loss("body") != 0.0


def test_a_page_that_raised_counts_as_empty() -> None:
    page = label(set_name="ads", title="T", date="2022-01-01", authors=["A"], body="a b c d")
    summary = summarize([score_page(page, Run(prediction=Prediction(), seconds=1.0, error="NotAStory: listing: ten"))])
    assert summary["raised"] == 1
    assert summary["errors"] == {"NotAStory: listing": 1}
    assert [summary[key] for key in ("title", "date", "authors", "body_f1", "exact")] == [0.0] * 5
    assert summary["tags"] is None


def test_snippets_of_a_set_are_counted_together() -> None:
    prediction = Prediction(body="one two three")
    pages = [label(set_name="tra", withs=["one two", "four"], withouts=["three"]), label(set_name="tra", withs=["one"])]
    summary = summarize([score_page(page, Run(prediction=prediction, seconds=1.0)) for page in pages])
    assert summary["body_precision"] == pytest.approx(2 / 3)
    assert summary["body_recall"] == pytest.approx(2 / 3)
