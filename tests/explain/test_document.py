"""The explanation as one page, looked at without a browser: what it holds, what it never holds."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsscraper.errors import NotAStory
from newsscraper.explain import Explanation, explain, explain_text, to_html
from newsscraper.explain.blocks import find_landmark, is_row
from newsscraper.explain.holdings import Holdings
from newsscraper.explain.summary import show_value
from newsscraper.extract.kinds import KINDS
from newsscraper.extract.trace import BlockTrace, Trace
from newsscraper.story import Story

from .pages import DUMP, HOSTILE, HOSTILE_TITLE, NAMELESS, TITLE, story

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.sampled_from(
    ("</script>", "<script>alert(1)</script>", "<!--", '" onfocus="x', "$title", "${x}", "&amp;", "\u202e", "\x00")
)


def parse(explanation):
    return lxml_html.document_fromstring(to_html(explanation))


def a_block(text="Some text", **more):
    return BlockTrace(text=text, kind="body", reason="prose", score=0.5, path="html > body > p", tag="p", **more)


def explained(*blocks, fields=None, title="A title", notes=(), refusal=None, **more):
    trace = Trace("utf-8", "meta", "tree", list(blocks), fields or {}, list(notes))
    given = Story(title=title, body="One.\n\nTwo.", **more)
    return Explanation(source="p", url=None, profile=None, story=given, refusal=refusal, trace=trace)


@pytest.mark.parametrize("explanation", [explain(story()), explain(HOSTILE), explain_text(DUMP), explain(NAMELESS)])
def test_the_policy_allows_our_style_and_script_and_nothing_else(explanation):
    page = to_html(explanation)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1].replace("&#x27;", "'")
    (style,), (script,) = (re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("style", "script"))
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (style, script)]
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digests[0]}'",
        f"script-src 'sha256-{digests[1]}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_every_block_is_there_with_kind_reason_and_score():
    explanation = explain(story())
    shown = parse(explanation).cssselect(".block")
    assert [block.cssselect(".x")[0].text for block in shown] == [block.text for block in explanation.trace.blocks]
    for element, block in zip(shown, explanation.trace.blocks, strict=True):
        assert element.cssselect(".kind")[0].text == block.kind
        assert element.cssselect(".reason")[0].text == block.reason
        assert element.cssselect(".score")[0].text == f"{block.score:.2f}"
        assert element.get("data-path") == block.path
        assert element.get("aria-describedby") == element.cssselect(".why")[0].get("id")


@given(st.lists(WORDS, min_size=6, max_size=6), st.sampled_from(KINDS))
def test_no_text_of_a_page_becomes_markup(words, kind):
    title, text, path, reason, note, tag = words
    lost = [{"source": reason, "value": [text, {note: title}], "note": note}]
    fields = {"title": {"value": title, "source": path, "lost": lost}}
    block = replace(a_block(text), kind=kind, path=path, reason=reason, tag=tag)
    refusal = NotAStory(reason, note)
    explanation = explained(
        block, fields=fields, title=title, notes=[note], refusal=refusal, language=tag, tags=[text], authors=[reason]
    )
    harmless = replace(block, text="x", path="x", reason="x", tag="x")
    other = explained(
        harmless, fields={"title": {"value": "x", "source": "x", "lost": [{"source": "x", "value": "x", "note": "x"}]}},
        title="x", notes=["x"], refusal=NotAStory("x", "x"), tags=["x"], authors=["x"],
    )  # fmt: skip
    tags = {element.tag for element in parse(explanation).iter()}
    assert tags <= {element.tag for element in parse(other).iter()}
    assert to_html(explanation).count("<script") == to_html(explanation).count("</script") == 1
    to_html(explanation).encode()


def test_no_address_of_the_page_is_a_link():
    page = parse(explain(HOSTILE, "https://ferries.example/<1>"))
    assert page.cssselect("a, img, iframe, link, object, embed, form, [href], [src]") == []
    assert "https://ferries.example/<1>" in page.cssselect(".read")[0].text_content()


def test_our_own_files_end_no_element_early():
    assert to_html(explain(story())).count("</script") == 1
    assert to_html(explain(story())).count("</style") == 1


def test_fields_show_winner_and_losers():
    lost = [
        {"source": "printed", "value": "2024", "note": "vague"},
        {"source": "meta", "value": "2024-11-14", "note": ""},
        {"source": "url", "value": "2023", "note": ""},
    ]
    date = {"value": "2024-11-14", "source": "json-ld", "lost": lost}
    page = parse(explained(a_block(), fields={"date": date, "tags": {"value": None, "source": None, "lost": []}}))
    fields = {field.cssselect("dt")[0].text: field for field in page.cssselect(".field")}
    assert fields["date"].cssselect(".won")[0].text == "from json-ld"
    assert fields["date"].cssselect("summary")[0].text == "2 lost, 1 agrees"
    assert [one.text_content() for one in fields["date"].cssselect("li.lost")] == ["printed2024vague", "url2023"]
    assert [one.text_content() for one in fields["date"].cssselect("li.agrees")] == ["meta2024-11-14"]
    assert fields["tags"].cssselect(".value")[0].text == "none"
    assert fields["body"].cssselect(".value")[0].text == "2 paragraphs, 10 characters"
    assert page.cssselect(".winners")[0].text == "date from json-ld"
    assert "lead" not in fields


def test_banner_notes_and_facts():
    page = parse(
        explained(a_block(), notes=["something"], refusal=NotAStory("listing", "all teasers"), confidence=0.875)
    )
    assert page.cssselect(".banner strong")[0].text == "Refused, no story: listing"
    assert page.cssselect(".banner p")[0].text == "all teasers"
    assert page.cssselect(".notes li")[0].text == "something"
    facts = page.cssselect(".facts")[0].text_content()
    assert (
        facts
        == "1 of 1 blocks kept · confidence 0.88 · utf-8 (by the page's own label) · blocks from the page's markup"
    )
    assert parse(explain(story())).cssselect(".banner") == []


def test_a_page_without_a_headline_has_a_name():
    page = parse(explain(NAMELESS, source="nameless.html"))
    assert page.cssselect("h1")[0].text == "A page without a headline"
    assert page.cssselect("title")[0].text == "Explained: nameless.html"
    assert "no story can be made of it even by force" in page.cssselect(".banner")[0].text_content()


def test_reasons_are_counted_one_by_one():
    reasons = ("a menu", "a menu; links only", "links only; a menu", "first of its kind")
    page = parse(explained(*(replace(a_block(), kind="boilerplate", reason=reason) for reason in reasons), a_block()))
    shown = {button.get("data-reason"): button.cssselect("b")[0].text for button in page.cssselect("#reasons button")}
    assert shown == {"a menu": "3", "links only": "2", "first of its kind": "1"}


def test_legend_counts_the_kinds_there_are():
    page = parse(explain(story()))
    shown = {switch.cssselect("span")[0].text: switch.cssselect("b")[0].text for switch in page.cssselect(".switch")}
    kinds = [block.kind for block in explain(story()).trace.blocks]
    assert shown.keys() == {"kept", "dropped", *kinds}
    assert all(int(count) == kinds.count(kind) for kind, count in shown.items() if kind in kinds)
    assert int(shown["kept"]) + int(shown["dropped"]) == len(kinds)


def test_parts_of_the_page_are_named_where_they_begin():
    parts = [part.text for part in parse(explain(story())).cssselect(".part")]
    assert parts == ["nav.menu", "article", "aside.related", "footer"]
    assert [part.text for part in parse(explain_text(DUMP)).cssselect(".part")] == ["page"]
    assert find_landmark("html > body > div.aside") == ""


def test_a_page_without_text_says_so():
    shell = "<html><head><title>The Harbour Courier</title></head><body><div id=app></div></body></html>"
    page = parse(explain(shell))
    assert "holds no block of text" in page.cssselect("main")[0].text_content()
    assert page.cssselect(".block") == []


def test_language_is_told_to_the_browser_unless_it_is_none():
    assert parse(explained(a_block(), language="zh-Hant")).cssselect(".x")[0].get("lang") == "zh-Hant"
    assert parse(explained(a_block(), language="no language")).cssselect(".x")[0].get("lang") is None


def test_rows_are_tables_of_short_cells():
    cells = [a_block(f"cell {n}", container=n, row=1) for n in range(3)]
    assert is_row(cells)
    assert not is_row(cells[:1])
    assert not is_row([cells[0], cells[0]])
    assert not is_row([*cells, a_block("long " * 99, container=9, row=1)])


def test_blocks_that_print_a_field_say_which():
    told = Story(title="The Ferry!", date_raw="14 May 2024", authors=["Odile Marsh"], tags=["Bay"], story_code="77")
    holdings = Holdings(told)
    assert holdings.of(a_block("the ferry")) == ["title"]
    assert holdings.of(a_block("By ODILE MARSH, 14 May 2024")) == ["date", "authors"]
    assert holdings.of(a_block("bay")) == ["tags"]
    assert holdings.of(a_block("Story code: 77")) == ["story_code"]
    assert holdings.of(a_block("14 May 20245, Odile Marshall, 771")) == []
    assert holdings.of(a_block("Odile Marsh said " + "so and " * 60)) == []
    assert Holdings(None).of(a_block("")) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "none"),
        ([], "none"),
        (["a", "b"], "a · b"),
        (False, "no"),
        ([{"url": "u", "caption": None}], "url: u, caption: none"),
        ("x" * 601, "x" * 600 + " …"),
    ],
)
def test_values_as_text(value, shown):
    assert show_value(value) == shown


def test_a_title_with_markup_stays_a_title():
    page = parse(explain(HOSTILE))
    assert page.cssselect("title")[0].text.startswith("Explained: Ferry </title><script>")
    assert HOSTILE_TITLE.startswith("Ferry &lt;")


def test_two_readings_give_the_same_page():
    assert to_html(explain(story())) == to_html(explain(story()))
    assert TITLE in to_html(explain(story()))


def test_cost_grows_with_the_page():
    def seconds(count):
        explanation = explained(*(a_block(f"Line {n} of it", place=n) for n in range(count)))
        start = time.process_time()
        to_html(explanation)
        return time.process_time() - start

    seconds(100)
    few, many = min(seconds(1_000) for _ in range(3)), min(seconds(8_000) for _ in range(2))
    assert many < 8 * few * 3
