"""What is read to be explained: stories, refused pages, pages without a headline, dumps; and the same as JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest

from newsscraper.errors import UnreadablePage
from newsscraper.explain import explain, explain_text
from newsscraper.explain.lines import HEADLINE, HEADLINE_AGAIN, OUTSIDE, RUNNING_TEXT, SET_APART, find_paragraphs
from newsscraper.extract import extract, extract_text, trace
from newsscraper.extract.trace import CUT, MAX_NAME, MAX_STEPS, BlockTrace
from newsscraper.sites import load_profile
from newsscraper.story import Story

from .pages import CELLS, DROPPED, DUMP, LISTING, NAMELESS, PARAGRAPHS, TITLE, story

URL = "https://ferries.example/news/1"


def blocks_by_text(explanation):
    return {block.text: block for block in explanation.trace.blocks}


def test_a_story_is_the_story_that_extract_gives():
    explanation = explain(story(), URL, source="page.html")
    assert explanation.story == extract(story(), URL)
    assert explanation.trace == trace(story(), URL)[1]
    assert explanation.refusal is None
    assert (explanation.source, explanation.url, explanation.profile) == ("page.html", URL, None)


def test_arguments_reach_the_core():
    page = story("Die Fähre, die nie abfuhr").encode("cp1252").replace(b'<meta charset="utf-8">', b"")
    read = explain(page, profile=load_profile("islamtimes"), charset="windows-1252", fetched_at="2020-01-01T00:00:00Z")
    assert (read.trace.encoding, read.trace.encoding_from, read.profile) == ("cp1252", "http", "islamtimes")
    assert read.story.title == "Die Fähre, die nie abfuhr"
    assert read.story.date is None


def test_a_refused_page_is_read_all_the_same():
    explanation = explain(LISTING)
    assert explanation.refusal.reason == "no_text"
    assert explanation.story.title == "Latest stories"
    assert [block.text for block in explanation.trace.blocks] == ["Latest stories", "One", "Two"]
    assert explanation.to_dict()["error"] == {"reason": "no_text", "detail": explanation.refusal.detail}


def test_a_page_without_a_headline_shows_its_blocks_as_they_were_judged():
    explanation = explain(NAMELESS.encode())
    assert explanation.refusal is not None
    assert explanation.story is None
    blocks = explanation.trace.blocks
    assert [block.text for block in blocks] == ["One line.", "Another line."]
    assert all(block.reason and 0 <= block.score <= 1 for block in blocks)
    assert explanation.trace.encoding is not None
    assert explanation.to_dict()["story"] is None


@pytest.mark.parametrize("read", [explain, explain_text])
def test_what_is_no_text_cannot_be_explained(read):
    for nothing in (b"", b" \n", b"%PDF-1.4 \x00\x01"):
        with pytest.raises(UnreadablePage):
            read(nothing)


def test_json_has_the_documented_keys():
    data = json.loads(json.dumps(explain(story(), URL).to_dict()))
    assert list(data) == ["source", "url", "profile", "evidence", "model", "story", "error", "trace"]
    assert list(data["story"]) == [field.name for field in dataclasses.fields(Story)]
    assert list(data["trace"]) == ["encoding", "encoding_from", "source", "blocks", "fields", "notes"]
    assert set(data["trace"]["fields"]["title"]) == {"value", "source", "lost"}
    assert list(data["trace"]["blocks"][0]) == [
        "text", "kind", "reason", "score", "path", "place", "tag", "letters", "link_share", "emphasis", "container",
        "row",
    ]  # fmt: skip


def test_blocks_tell_their_form_and_place():
    blocks = blocks_by_text(explain(story(extra="<p><b>Everyone waited there.</b></p>")))
    assert [block.place for block in blocks.values()] == list(range(len(blocks)))
    menu, title, paragraph = blocks["Section 3"], blocks[TITLE], blocks[PARAGRAPHS[0]]
    assert (menu.tag, menu.link_share, menu.letters) == ("li", 1.0, 9)
    assert menu.path == "html > body > header > nav.menu > ul > li"
    assert (title.tag, title.link_share) == ("h1", 0.0)
    assert (paragraph.tag, paragraph.kind, paragraph.row) == ("p", "body", None)
    assert blocks["Everyone waited there."].emphasis
    assert not paragraph.emphasis


def test_cells_tell_their_row():
    blocks = blocks_by_text(explain(story()))
    rows = [[blocks[cell].row for cell in row] for row in CELLS]
    assert all(first == second is not None for first, second in rows)
    assert len({first for first, _ in rows}) == len(CELLS)
    assert len({blocks[cell].container for row in CELLS for cell in row}) == 6


def test_deep_nesting_keeps_paths_short():
    deep = f"{'<div class=%s>' % ('x' * 500) * 400}<p>{PARAGRAPHS[0]}</p>{'</div>' * 400}"
    block = blocks_by_text(explain(story(extra=deep, paragraphs=PARAGRAPHS[1:])))[PARAGRAPHS[0]]
    steps = block.path.split(" > ")
    assert len(steps) == MAX_STEPS + 1
    assert (steps[0], steps[-1], steps[-2]) == (CUT, "p", f"div.{'x' * MAX_NAME}")


def test_a_dump_is_explained_line_by_line():
    explanation = explain_text(DUMP.encode())
    assert explanation.story == extract_text(DUMP)
    assert explanation.trace.source == "text"
    assert [block.text for block in explanation.trace.blocks] == DUMP.splitlines()
    assert [(block.kind, block.reason) for block in explanation.trace.blocks] == [
        ("boilerplate", OUTSIDE),
        ("boilerplate", OUTSIDE),
        ("boilerplate", HEADLINE),
        ("boilerplate", OUTSIDE),
        ("body", RUNNING_TEXT),
        ("body", RUNNING_TEXT),
        ("boilerplate", HEADLINE_AGAIN),
        ("body", RUNNING_TEXT),
        ("boilerplate", OUTSIDE),
        ("boilerplate", OUTSIDE),
        ("boilerplate", OUTSIDE),
    ]


def test_a_label_amid_a_dumps_story():
    lines = ("Home", TITLE, " ".join(PARAGRAPHS), "Story Code: 1234", " ".join(reversed(PARAGRAPHS)), "Imprint")
    block = blocks_by_text(explain_text("\n".join(lines)))["Story Code: 1234"]
    assert (block.kind, block.reason) == ("boilerplate", SET_APART)


def test_a_refused_dump():
    explanation = explain_text("Home\nNews\nHome\nImprint and contact of the harbour office\n")
    assert explanation.refusal is not None
    assert {block.kind for block in explanation.trace.blocks} == {"boilerplate"}


@pytest.mark.parametrize(
    ("lines", "paragraphs", "places"),
    [
        ("abc", "bc", [1, 2]),
        ("aba", "a", [0]),
        ("abxab", "ab", [0, 1]),
        ("axxab", "ab", [3, 4]),
        ("abc", "", []),
        ("abc", "z", []),
    ],
)
def test_paragraphs_are_found_among_lines(lines, paragraphs, places):
    assert find_paragraphs(list(lines), list(paragraphs)) == places


def test_a_dropped_block_says_why():
    block = blocks_by_text(explain(story()))[DROPPED]
    assert isinstance(block, BlockTrace)
    assert block.kind == "boilerplate"
    assert block.reason
    assert 0 <= block.score <= 1
