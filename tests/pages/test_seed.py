"""A real page, flattened to text: read from beside the checkout, and dressed as HTML at test time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsscraper import extract, extract_text
from newsscraper.story import Story

pytestmark = pytest.mark.shared

CODE = "986527"
URL = f"https://www.islamtimes.com/en/news/{CODE}/some-slug"
TAGS = ["Russia", "Ukraine"]
DATE = "2022-03-30T21:50"
PRINTED_DATE = "Wednesday 30 March 2022 - 21:50"
PARAGRAPHS = 8


@pytest.fixture(scope="module")
def seed(shared: Path) -> str:
    return (shared / "seed" / f"islamtimes-{CODE}.txt").read_text(encoding="utf-8")


def read_truth(seed: str) -> dict[str, Any]:
    """The truth by the lines of the file: it shows date, headline, code, a cut caption, eight paragraphs, tags."""
    lines = [" ".join(line.split()) for line in seed.splitlines() if line.strip()]
    start = next(i for i, line in enumerate(lines) if CODE in line)
    end = lines.index("Tagged")
    paragraphs = lines[start + 2 : end]
    assert len(paragraphs) == PARAGRAPHS
    return {"title": lines[2], "date": DATE, "story_code": CODE, "body": "\n\n".join(paragraphs), "tags": TAGS}


def read_sidebar(seed: str) -> list[str]:
    lines = [" ".join(line.split()) for line in seed.splitlines() if line.strip()]
    return lines[lines.index("Featured Stories") + 1 :]


def first_fields(story: Story) -> dict[str, Any]:
    return {key: getattr(story, key) for key in ("title", "date", "story_code", "body", "tags")}


def with_zone(truth: dict[str, Any], profile: str | None) -> dict[str, Any]:
    return truth | {"date": f"{DATE}+04:30"} if profile else truth


def dress_platform(truth: dict[str, Any], sidebar: list[str]) -> str:
    text = "<br />&nbsp;<br />".join(truth["body"].split("\n\n"))
    side = "".join(f'<div class="item"><a href="/en/news/{n}">{line}</a></div>' for n, line in enumerate(sidebar))
    return f"""
        <html lang="en"><body>
        <div id="docDiv3Date">{PRINTED_DATE}</div>
        <h1 id="docDiv3TitrMain">{truth["title"]}</h1>
        <div id="docDiv5InfoCode">Story Code : {CODE}</div>
        <div id="doctextarea">{text}</div>
        <div class="tags">Tagged <a href="/t/1">Russia</a> <a href="/t/2">Ukraine</a></div>
        <div class="box"><h4>Featured Stories</h4>{side}</div>
        </body></html>"""


def dress_hashed(truth: dict[str, Any], sidebar: list[str]) -> str:
    text = "".join(f'<div class="x9f1">{p}</div>' for p in truth["body"].split("\n\n"))
    side = "".join(f'<div class="q0"><a class="q1" href="/n/{n}">{line}</a></div>' for n, line in enumerate(sidebar))
    return f"""
        <html lang="en"><body><div class="a1"><div class="b7">
        <h1 class="c3">{truth["title"]}</h1><div class="d4">{PRINTED_DATE}</div>
        <div class="d5">Story Code : {CODE}</div>
        <div class="e2">{text}</div>
        <div class="f8"><span class="f9">Tagged</span>
        <a class="f0" href="/t/1">Russia</a><a class="f0" href="/t/2">Ukraine</a></div></div>
        <div class="g6"><div class="g7">Featured Stories</div>{side}</div></div></body></html>"""


def dress_tables(truth: dict[str, Any], sidebar: list[str]) -> bytes:
    text = "<br><br>".join(truth["body"].split("\n\n"))
    side = "".join(f'<a href="/n/{n}">{line}</a><br>' for n, line in enumerate(sidebar))
    page = f"""
        <html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1252">
        <title>{truth["title"]} - Islam Times</title></head><body>
        <table><tr><td><font size="1">{PRINTED_DATE}</font><br>
        <font size="5"><b>{truth["title"]}</b></font><br><font size="1">Story Code : {CODE}</font></td></tr>
        <tr><td><font size="2">{text}</font></td></tr>
        <tr><td>Tags: <a href="/t/1">Russia</a>, <a href="/t/2">Ukraine</a></td></tr></table>
        <table><tr><td><b>Featured Stories</b><br>{side}</td></tr></table></body></html>"""
    return page.encode("cp1252")


def dress_sidebar_first(truth: dict[str, Any], sidebar: list[str]) -> str:
    more = "A teaser that goes on and on, longer than any paragraph of the story, as teasers will. " * 5
    side = "".join(f'<div><h3><a href="/n/{n}">{s}</a></h3><p>{s}. {more}</p></div>' for n, s in enumerate(sidebar))
    text = "".join(f"<p>{p}</p>" for p in truth["body"].split("\n\n"))
    return f"""
        <html lang="en"><body><div class="left"><h2>Featured Stories</h2>{side}</div><div class="main">
        <h1>{truth["title"]}</h1><div><span>{PRINTED_DATE}</span> <span>Story Code : {CODE}</span></div>
        <div class="text">{text}</div>
        <div class="keywords"><a href="/t/1">Russia</a> <a href="/t/2">Ukraine</a></div>
        </div></body></html>"""


DRESSES = {
    "platform": dress_platform,
    "hashed": dress_hashed,
    "tables": dress_tables,
    "sidebar-first": dress_sidebar_first,
}


@pytest.mark.parametrize("profile", [None, "islamtimes"])
def test_the_seed_itself(seed: str, profile: str | None) -> None:
    truth = read_truth(seed)
    assert first_fields(extract_text(seed, profile=profile)) == with_zone(truth, profile)


@pytest.mark.parametrize("profile", [None, "islamtimes"])
@pytest.mark.parametrize("dress", DRESSES)
def test_the_seed_dressed_as_html(seed: str, dress: str, profile: str | None) -> None:
    truth = read_truth(seed)
    page = DRESSES[dress](truth, read_sidebar(seed))
    assert first_fields(extract(page, URL, profile=profile)) == with_zone(truth, profile)
