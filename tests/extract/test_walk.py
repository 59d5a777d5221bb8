"""The walk: which text is a block, and what belongs to it."""

from __future__ import annotations

import pytest

from newsscraper.extract.attributes import attribute_words, is_hidden, split_words
from newsscraper.extract.walk import find_blocks

from .pages import blocks_of, texts_of, tree_of

LINES = [
    "The ferry sailed again on Monday, four weeks",
    "after ice had closed the sound to all of the",
    "traffic that had gone there, and forty who had",
    "waited on the quay went aboard before dawn with",
    "sacks of flour and letters for their neighbours",
    "on the islands, where bread had become a rarity.",
]


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("<div>one<p>two</p>three</div>", ["one", "two", "three"]),
        ("<p>one<br>two</p>", ["one", "two"]),
        ("<div>one<br><br>two</div>", ["one", "two"]),
        ("<p>a <b>bold</b> word</p>", ["a bold word"]),
        ("<p>wo<wbr>rd and H<sub>2</sub>O</p>", ["word and H2O"]),
        ("<p>so<i>me</i>thing</p>", ["something"]),
        ("<p>  white \n\t space\u00a0here </p>", ["white space here"]),
        ("<p>soft\u00adhyphen zero\u200bwidth</p>", ["softhyphen zerowidth"]),
        ("<p>می\u200cرود</p>", ["می\u200cرود"]),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字</ruby>", ["漢字"]),
        ("<p>one</p><script>two</script><style>three</style>", ["one"]),
        ("<p>one</p><noscript><p>two</p></noscript>", ["one"]),
        ("<p>one</p><!-- two --><p>three</p>", ["one", "three"]),
        ("<p>a<!-- x -->b</p>", ["ab"]),
        ("<select><option>one</select><p>two</p>", ["two"]),
        ("<svg><title>drawn</title></svg><p>two</p>", ["two"]),
        (
            "<video>Your browser is old<p>told in the fallback</p></video>",
            ["Your browser is old", "told in the fallback"],
        ),
        ("<object><p>swallowed</p>", ["swallowed"]),
        ("<button>Share</button><p>two</p>", ["Share", "two"]),
        ("<pre>one\ntwo</pre>", ["one\ntwo"]),
        ("<p>one\ntwo</p>", ["one two"]),
        ("<ul><li>one<li>two</ul>", ["one", "two"]),
        ("<table><tr><td>a<td>b</table>", ["a", "b"]),
        ("<p></p><p> </p><p>&nbsp;</p>", []),
        ("<p>one<iframe src=x></iframe>two</p>", ["one", "two"]),
        ("<div><span>30 March</span><span>986527</span></div>", ["30 March 986527"]),
        ("<p><span>down</span><span>stairs</span></p>", ["downstairs"]),
        ("<p><span>harbour</span><span>Monday</span></p>", ["harbour Monday"]),
    ],
)
def test_blocks(markup: str, texts: list[str]) -> None:
    assert texts_of(markup) == texts


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        'style="display: none"',
        'style="color:red;DISPLAY:none;"',
        'style="visibility:hidden"',
        'class="sr-only"',
        'class="note Visually-Hidden"',
        'class="d-none"',
        'role="tooltip"',
    ],
)
def test_hidden_text_is_none(attributes: str) -> None:
    markup = f"<p>shown</p><div {attributes}><p>hidden</p></div>after"
    assert texts_of(markup) == ["shown", "after"]
    assert [b.text for b in find_blocks(tree_of(markup), with_hidden=True)] == ["shown", "hidden", "after"]


def test_how_much_was_hidden_is_counted() -> None:
    assert blocks_of("<p hidden>a</p><p>b</p><noscript>c</noscript>").hidden == 2


@pytest.mark.parametrize("attributes", ['hidden="until-found"', 'class="hidden-gem"', 'style="display:block"', ""])
def test_shown_although_it_sounds_hidden(attributes: str) -> None:
    element = tree_of(f"<div {attributes}>text</div>").find(".//div")
    assert element is not None
    assert not is_hidden(element)


def test_wrapped_lines_are_one_block() -> None:
    assert texts_of(f"<div>{'<br>'.join(LINES)}</div>") == [" ".join(LINES)]


def test_containers_and_pictures_follow_when_lines_are_joined() -> None:
    blocks = blocks_of(f"<div>{'<br>'.join(LINES)}</div><div id=x><img src=a>after</div>")
    named = next(c for c in blocks.containers if c.element.get("id") == "x")
    assert [b.text for b in blocks.within(named)] == ["after"]
    assert blocks.pictures[0].index == named.first


def test_verse_stays_in_lines() -> None:
    verse = ["O ice,", "be nice,", "let go", "the floe."]
    assert texts_of(f"<p>{'<br>'.join(verse)}</p>") == verse


def test_lines_that_end_sentences_are_paragraphs() -> None:
    lines = [f"{line}." for line in LINES]
    assert texts_of(f"<div>{'<br>'.join(lines)}</div>") == lines


def test_a_single_break_is_remembered_and_a_double_one_is_not() -> None:
    blocks = list(blocks_of("<div>one<br>two<br><br>three</div>"))
    assert [b.follows for b in blocks] == [False, True, False]
    assert all(b.broken for b in blocks[:3])


def test_links_are_counted_in_letters() -> None:
    block = next(iter(blocks_of('<p>See <a href="#">the timetable</a> and <a href="#">fares</a></p>')))
    assert (block.links, block.link_letters) == (2, len("the timetable") + len("fares"))
    assert block.link_texts == ("the timetable", "fares")


def test_a_link_around_blocks_counts_in_each() -> None:
    blocks = list(blocks_of('<a href="#"><h3>Headline</h3><p>Teaser</p></a>'))
    assert [b.link_letters for b in blocks] == [b.letters for b in blocks]


@pytest.mark.parametrize(("markup", "emphasis"), [("<p><b>all</b></p>", True), ("<p><b>part</b> of it</p>", False)])
def test_emphasis(markup: str, emphasis: bool) -> None:
    assert next(iter(blocks_of(markup))).emphasis is emphasis


def test_ideographs_weigh_more() -> None:
    assert next(iter(blocks_of("<p>渡輪重新開航</p>"))).letters == 15


def test_times_are_kept_with_their_block() -> None:
    block = next(iter(blocks_of('<p><time datetime="2024-03-04">Monday</time></p>')))
    assert block.times == ("2024-03-04",)


def test_hatom_dates_are_times() -> None:
    block = next(iter(blocks_of('<p><abbr class="published" title="2024-03-04">Monday</abbr></p>')))
    assert block.times == ("2024-03-04",)


def test_fields_to_type_into_count_for_their_container() -> None:
    blocks = blocks_of('<form><p>Mail</p><input type="email"><input type="hidden"><textarea></textarea></form>')
    assert next(c.fields for c in blocks.containers if c.tag == "form") == 2


def test_ancestors_go_outwards() -> None:
    blocks = blocks_of("<section><ul><li>x</li></ul></section>")
    assert [c.tag for c in blocks.ancestors(blocks.blocks[0])] == ["li", "ul", "section", "body", "html"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("story-body__text promoBox", {"story", "body", "text", "promo", "box"}),
        ("articleBody", {"article", "body"}),
        ("HTMLText", {"html", "text"}),
        ("c3po-x9", {"c", "po", "x"}),
        ("", set()),
    ],
)
def test_words_of_class_names(names: str, words: set[str]) -> None:
    assert split_words(names) == words


def test_words_come_from_all_naming_attributes() -> None:
    element = tree_of('<div class="leadText" id="main" role="note" itemprop="about" rel="x-y" title="z">t</div>')
    found = element.find(".//div")
    assert found is not None
    assert {"lead", "text", "main", "note", "about"} <= attribute_words(found)
    assert "z" not in attribute_words(found)
