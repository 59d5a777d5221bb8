"""What pages tell machines, however badly."""

from __future__ import annotations

from typing import Any

import pytest

from newsscraper.extract.structured import (
    choose_story,
    flatten_nodes,
    read_json_leniently,
    read_structured,
    string_in,
    strings_in,
    types_of,
)
from newsscraper.extract.tree import find_elements

from .pages import tree_of


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('  {"a": 1};', [{"a": 1}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
        ('{"a": "x\ny"}', [{"a": "x\ny"}]),
        ('{"a": [1, 2,], }', [{"a": [1, 2]}]),
        ("{&quot;a&quot;: 1}", [{"a": 1}]),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": 1},\n{"b": 2}', [{"a": 1}, {"b": 2}]),
        ("", []),
        ("{a: 1}", []),
        ('{"a": ', []),
        ("[" * 100_000, []),
    ],
)
def test_json_is_read_leniently(source: str, values: list[Any]) -> None:
    assert read_json_leniently(source) == values


def test_a_broken_script_is_counted_and_the_others_are_read() -> None:
    scripts = '{"@type": "NewsArticle", "headline": "x"}', "{broken"
    markup = "".join(f'<script type="application/ld+json">{s}</script>' for s in scripts)
    structured = read_structured(find_elements(tree_of(markup)), None)
    assert structured.broken == 1
    assert structured.story["headline"] == "x"


def test_nodes_are_found_in_graphs_lists_and_entities() -> None:
    value = {"@graph": [[{"@type": "A"}], {"@type": "B", "mainEntity": {"@type": "C"}}], "item": {"no": "type"}}
    assert [node["@type"] for node in flatten_nodes(value)] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("declared", "types"),
    [
        ("NewsArticle", {"NewsArticle"}),
        (["Article", "https://schema.org/Report"], {"Article", "Report"}),
        ("schema:NewsArticle", {"NewsArticle"}),
        (None, set()),
        (7, set()),
    ],
)
def test_types(declared: object, types: set[str]) -> None:
    assert types_of({"@type": declared}) == types


def node(kind: str, **facts: Any) -> dict[str, Any]:
    return {"@type": kind, **facts}


@pytest.mark.parametrize(
    ("nodes", "headline"),
    [
        ([node("WebSite", name="s"), node("NewsArticle", headline="n")], "n"),
        ([node("NewsArticle", headline="first"), node("NewsArticle", headline="second")], "first"),
        (
            [
                node("NewsArticle", headline="other", url="https://example.org/b"),
                node("NewsArticle", headline="own", url="https://example.org/a/"),
            ],
            "own",
        ),
        ([node("CreativeWork", headline="thin"), node("NewsArticle", headline="n", datePublished="2024")], "n"),
        ([node("VideoObject", headline="clip"), node("NewsArticle", headline="n")], "n"),
        ([node("VideoObject", headline="clip")], "clip"),
        ([node("NewsArticle")], None),
        ([], None),
    ],
)
def test_choice_of_the_story(nodes: list[dict[str, Any]], headline: str | None) -> None:
    assert choose_story(nodes, "https://example.org/a?x=1").get("headline") == headline


@pytest.mark.parametrize(
    ("value", "strings"),
    [
        ("a &amp; b", ["a & b"]),
        ({"name": "a"}, ["a"]),
        ([{"name": "a"}, "b", 3, None, True], ["a", "b", "3"]),
        ({"name": ["a", "b"]}, ["a", "b"]),
        ({"@value": "a"}, ["a"]),
        ({"url": "a"}, []),
        ("  ", []),
        (None, []),
    ],
)
def test_strings(value: object, strings: list[str]) -> None:
    assert strings_in(value) == strings
    assert string_in(value) == (strings[0] if strings else None)


def test_meta_by_any_of_its_names_in_page_order() -> None:
    markup = (
        '<meta name="Author" content="a"><meta property="author" content="b">'
        '<meta itemprop="author" content=""><meta http-equiv="Content-Language" content="en">'
    )
    structured = read_structured(find_elements(tree_of(markup)), None)
    assert structured.all_meta("author") == ["a", "b"]
    assert structured.first_meta("nothing", "content-language") == "en"
