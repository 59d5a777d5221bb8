"""What evidence gains on the made-up sites, and on a labelled set of one."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.evidence import main
from benchmarks.plain_sites import make_plain_sites


@dataclass(frozen=True)
class Report:
    """What one call of the benchmark gave."""

    code: int
    rows: list[dict[str, Any]]
    printed: str


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    data = tmp_path_factory.mktemp("evidence")
    write_set(data / "ads")
    figures, printed = data / "figures.json", io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main(["--data", str(data), "--jobs", "1", "--json", str(figures), "--changed"])
    return Report(code, json.loads(figures.read_text())["rows"], printed.getvalue())


def write_set(folder: Path) -> None:
    """A labelled set of four pages of one site, and one that is alone on its own."""
    (folder / "html").mkdir(parents=True)
    pages = next(iter(make_plain_sites().values()))[:5]
    urls = [f"https://{host}.courier.example/{n}" for n, host in enumerate(("www", "m", "www", "news"))]
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for number, (page, url) in enumerate(zip(pages, [*urls, "https://alone.example/"], strict=True)):
            file = f"html/{number}.html.gz"
            (folder / file).write_bytes(gzip.compress(page.html, mtime=0))
            truth.write(json.dumps({"id": str(number), "file": file, "url": url, "body": page.body}) + "\n")


def test_prose_among_prose_is_told_by_the_sites_other_pages(report: Report) -> None:
    (row,) = (row for row in report.rows if row["set"] == "plain sites")
    assert (row["sites"], row["pages"], row["changed"]) == (5, 75, 75)
    assert row["exact_before"] == 0
    assert row["exact_after"] == 1


def test_the_demo_gains_and_loses_nothing(report: Report) -> None:
    (row,) = (row for row in report.rows if row["set"] == "demo site")
    assert row["pages"] == 75
    assert row["recall_after"] >= row["recall_before"]
    assert row["precision_after"] >= max(0.998, row["precision_before"])


def test_labelled_pages_are_grouped_by_site(report: Report) -> None:
    """Pages of a set with a site in common are read twice; a page that is alone on its site is left out."""
    row = report.rows[-1]
    assert report.code == 0
    assert (row["set"], row["sites"], row["pages"], row["changed"]) == ("ads", 1, 4, 4)
    assert row["f1_after"] > row["f1_before"]
    assert re.search(r"\| ads +\| 1 +\| 4 +\| 4 +\|", report.printed)
    assert "ads/3  loss" in report.printed


def test_an_unknown_set_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--set", "nowhere"])
    assert raised.value.code == 2
    with pytest.raises(SystemExit):
        main(["--data", str(tmp_path)])
