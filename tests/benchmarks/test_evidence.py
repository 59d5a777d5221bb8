"""What evidence gains on the made-up sites, and on a labelled set of one."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from benchmarks.evidence import main, measure_made_up, read_demo
from benchmarks.plain_sites import make_plain_sites


def test_prose_among_prose_is_told_by_the_sites_other_pages() -> None:
    row = measure_made_up("plain sites", list(make_plain_sites().values()))
    assert (row["sites"], row["pages"], row["changed"]) == (5, 75, 75)
    assert row["exact_before"] == 0
    assert row["exact_after"] == 1


def test_the_demo_gains_and_loses_nothing() -> None:
    row = measure_made_up("demo site", [read_demo()])
    assert row["pages"] == 75
    assert row["recall_after"] >= row["recall_before"]
    assert row["precision_after"] >= max(0.998, row["precision_before"])


def test_labelled_pages_are_grouped_by_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Pages of a set with a site in common are read twice; a page that is alone on its site is left out."""
    folder = tmp_path / "ads"
    (folder / "html").mkdir(parents=True)
    pages = next(iter(make_plain_sites().values()))[:5]
    urls = [f"https://{host}.courier.example/{n}" for n, host in enumerate(("www", "m", "www", "news"))]
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for number, (page, url) in enumerate(zip(pages, [*urls, "https://alone.example/"], strict=True)):
            file = f"html/{number}.html.gz"
            (folder / file).write_bytes(gzip.compress(page.html, mtime=0))
            truth.write(json.dumps({"id": str(number), "file": file, "url": url, "body": page.body}) + "\n")
    figures = tmp_path / "figures.json"
    assert main(["--data", str(tmp_path), "--jobs", "1", "--json", str(figures), "--changed"]) == 0
    row = json.loads(figures.read_text())["rows"][-1]
    assert (row["set"], row["sites"], row["pages"], row["changed"]) == ("ads", 1, 4, 4)
    assert row["f1_after"] > row["f1_before"]
    printed = capsys.readouterr().out
    assert re.search(r"\| ads +\| 1 +\| 4 +\| 4 +\|", printed)
    assert "ads/3  loss" in printed


def test_an_unknown_set_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--set", "nowhere"])
    assert raised.value.code == 2
    with pytest.raises(SystemExit):
        main(["--data", str(tmp_path)])
