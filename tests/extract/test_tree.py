"""Text to tree: no text is lost in depth."""

from __future__ import annotations

import pytest

from newsscraper.errors import UnreadablePage
from newsscraper.extract.tree import flatten, parse, text_of


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "ul", "table", "font", "section"])
@pytest.mark.parametrize("depth", [300, 10_000])
def test_text_at_the_bottom_stays(tag: str, depth: int) -> None:
    page = f"<html><body>{f'<{tag}>' * depth}bottom{f'</{tag}>' * depth}<p>after</p></body></html>"
    text = text_of(parse(page))
    assert "bottom" in text
    assert "after" in text


def test_flatten_leaves_shallow_pages_alone() -> None:
    page = "<div><p>one<br>two</p></div>"
    assert flatten(page) == page


def test_flatten_keeps_scripts_whole() -> None:
    page = "<script>if (a < b) { document.write('<div>') }</script><div>x</div>"
    assert flatten(page) == page


def test_comments_are_no_text() -> None:
    assert text_of(parse("<p>a<!-- b -->c</p>")) == "ac"


def test_parts_are_joined_by_what_is_asked_for() -> None:
    assert text_of(parse("<p>a<b>b</b>c</p>"), " ") == "a b c"


def test_a_page_of_comments_is_unreadable() -> None:
    with pytest.raises(UnreadablePage):
        parse("<!-- nothing -->")


@pytest.mark.parametrize("rest", ["", "tail<p>after</p>", "<div>after</div>", "<footer>after</footer>"])
@pytest.mark.parametrize("tag", ["article", "main", "section", "header"])
def test_a_body_may_begin_without_its_tag(tag: str, rest: str) -> None:
    root = parse(f"<!DOCTYPE html><title>T</title><{tag}><h1>Ferry</h1><p>It sails.</p></{tag}>{rest}")
    head, body = root
    assert [child.tag for child in head] == ["title"]
    assert body[0].tag == tag
    assert text_of(body) == f"FerryIt sails.{'tail' if 'tail' in rest else ''}{'after' if rest else ''}"
