"""Stories that live in scripts."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from newsscraper import extract, trace
from newsscraper.errors import NotAStory
from newsscraper.extract.script_values import script_values
from newsscraper.extract.store_facts import find_facts

from .pages import BODY, PARAGRAPHS, TITLE, json_ld, paragraphs, tree_of

PAD = "x" * 200
NESTED = [{"nodeType": "paragraph", "content": [{"value": text}]} for text in PARAGRAPHS]
RICH = [{"type": "paragraph", "text": text} for text in PARAGRAPHS]


def shell(script: str) -> str:
    return f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div id=root></div>{script}</body></html>"


def next_data(story: object) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"story": story}})}</script>'


def flight(rows: str) -> str:
    return f"<script>self.__next_f.push({json.dumps([1, rows])})</script>"


STATE = json.dumps({"headline": TITLE, "body": RICH})
FLAT: list[object] = [["Reactive", 1], {"story": 2, "none": -1}, {"headline": 3, "body": 4}, TITLE, [5, 6, 7, 8]]
FLAT += [{"text": 9 + n} for n in range(4)] + list(PARAGRAPHS)
REACT = ["$", "div", None, {"children": [["$", "p", None, {"children": text}] for text in PARAGRAPHS]}]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(next_data({"headline": TITLE, "body": paragraphs()}), id="markup"),
        pytest.param(next_data({"headline": TITLE, "body": PARAGRAPHS}), id="list of strings"),
        pytest.param(next_data({"headline": TITLE, "body": RICH}), id="rich text"),
        pytest.param(
            next_data({"title": TITLE, "content": NESTED}),
            id="nested rich text",
        ),
        pytest.param(
            f"<script>window.__S__ = {json.dumps({'s': {'headline': TITLE, 'body': RICH}})};</script>", id="assigned"
        ),
        pytest.param(
            f"<script>window.s = JSON.parse({json.dumps(json.dumps({'headline': TITLE, 'body': RICH}))})</script>",
            id="JSON.parse",
        ),
        pytest.param(
            "<script>window.__APOLLO_STATE__ = "
            + json.dumps(
                {
                    "Story:1": {"headline": TITLE, "body": [{"__ref": f"Block:{n}"} for n in range(4)]},
                    **{f"Block:{n}": {"__typename": "Paragraph", "text": text} for n, text in enumerate(PARAGRAPHS)},
                }
            )
            + "</script>",
            id="references",
        ),
        pytest.param(
            f"<script>window.__NUXT__=(function(a,b){{return {{data:[{{headline:a,body:b,ok:!0}}]}}}}"
            f"({json.dumps(TITLE)},{json.dumps(paragraphs())}));</script>",
            id="call of a function",
        ),
        pytest.param(
            f"<script>window.s = {{story: {{headline: {json.dumps(TITLE)}, body: {json.dumps(RICH)}}}}}</script>",
            id="bare keys",
        ),
        pytest.param(f'<script type="application/json" id="x">{json.dumps(FLAT)}</script>', id="flat payload"),
        pytest.param(
            f"<script>window.__S__ = {json.dumps(STATE)};</script>",
            id="JSON in a string",
        ),
        pytest.param(
            f'<script>window.s = JSON.parse(decodeURIComponent("{quote(STATE)}"))</script>',
            id="JSON for a URL",
        ),
        pytest.param(
            "<script>Fusion.globalContent="
            + json.dumps({"headlines": {"basic": TITLE}, "content_elements": [{"content": p} for p in PARAGRAPHS]})
            + ";Fusion.x={};</script>",
            id="content elements",
        ),
        pytest.param(flight(f"1:{json.dumps(REACT)}\n"), id="react stream"),
        pytest.param(flight(f"2:T{len(paragraphs().encode()):x},{paragraphs()}"), id="text row of a react stream"),
    ],
)  # fmt: skip
def test_text_is_found(script: str) -> None:
    story, account = trace(shell(script))
    assert story.body == BODY
    assert account.source == "script_state"


def test_article_body_of_json_ld() -> None:
    story, account = trace(shell(json_ld(articleBody="\n".join(PARAGRAPHS))))
    assert (story.body, account.source) == (BODY, "json_ld")


def test_attributes_that_no_tree_may_bear_are_left_behind() -> None:
    page = shell(next_data({"headline": TITLE, "body": RICH})).replace("<html>", "<html lang=en {x l:>")
    story = extract(page)
    assert (story.body, story.language) == (BODY, "en")


@pytest.mark.parametrize(
    "holder",
    ["<template>{}</template>", '<script type="text/html">{}</script>', '<script type="text/x-template">{}</script>'],
)
def test_text_of_a_template(holder: str) -> None:
    story, account = trace(shell(holder.format(f"<div>{paragraphs()}</div>")))
    assert (story.body, account.source) == (BODY, "template")


def test_a_template_to_be_filled_is_none() -> None:
    filled = f"<template>{paragraphs()}<p>{{{{ title }}}}</p></template>"
    with pytest.raises(NotAStory):
        extract(shell(filled))


def test_entries_of_a_live_blog() -> None:
    entries = [{"@type": "BlogPosting", "headline": f"Entry {n}", "articleBody": p} for n, p in enumerate(PARAGRAPHS)]
    story, account = trace(shell(json_ld(**{"@type": "LiveBlogPosting", "liveBlogUpdate": [*entries, "x", {}]})))
    assert [text for text in story.body.split("\n\n") if text in PARAGRAPHS] == PARAGRAPHS
    assert "Entry 2" in story.body
    assert (story.genre, account.source) == ("live", "json_ld")


@pytest.mark.parametrize("payload", [[["Reactive", 1], {"a": 1}, "x" * 300], [["Reactive", 0], 1, 2], [[1], [0], 9]])
def test_a_flat_payload_may_point_at_itself(payload: object) -> None:
    script = f'<script type="application/json">{json.dumps(payload)}{" " * 200}</script>'
    assert len(list(script_values(tree_of(script)))) == 1


def test_facts_beside_the_text_fill_the_fields() -> None:
    facts = {
        "headline": TITLE,
        "publishedAt": "2024-03-04T10:15:00Z",
        "authors": [{"name": "Jane Doe"}],
        "tags": ["ice"],
    }
    story, _ = trace(shell(next_data({**facts, "standfirst": "Bread at last.", "body": RICH})))
    assert (story.date, story.authors, story.tags) == ("2024-03-04T10:15:00+00:00", ["Jane Doe"], ["ice"])


def test_another_storys_text_is_left_alone() -> None:
    other = {"headline": "Mushrooms of the northern woods in autumn", "body": RICH}
    page = shell(next_data(other)).replace(
        "<div id=root>", f"<p>{'Here is another text altogether, about trains. ' * 4}</p><div>"
    )
    _, account = trace(page)
    assert account.source == "tree"


@pytest.mark.parametrize("script", ["{broken", "window.x = {", 'JSON.parse("{")', "[" * 5000])
def test_broken_scripts_are_passed_over(script: str) -> None:
    for kind in ("application/json", "text/javascript"):
        assert list(script_values(tree_of(f'<script type="{kind}">{script}{PAD}</script>'))) == []


def test_facts_need_a_headline() -> None:
    assert find_facts(({"date": "2024-03-04"},)) == {}
    assert find_facts(({"headline": "x", "id": 7}, {"date": "2024-03-04"})) == {
        "headline": "x",
        "identifier": "7",
        "datePublished": "2024-03-04",
    }


def test_several_pushes_in_one_script_and_pushes_on_a_fresh_list() -> None:
    text = "The ferry sailed again on Monday, four weeks after ice had closed the sound to ships and small boats. " * 3
    row = json.dumps(f'5:["$","p",null,{{"children":"{text.strip()}"}}]\n')
    for start in ("self.__next_f.push", "(self.__next_f=self.__next_f||[]).push"):
        script = f'{start}([0]);{start}([1,"0:null\\n"]);{start}([1,{row}]);{start}([1,"9:null\\n"])'
        title = "Ferry sailed again on Monday"
        html = f"<html><title>{title}</title><body><h1>{title}</h1><script>{script}</script></body></html>"
        assert extract(html).body == text.strip()
