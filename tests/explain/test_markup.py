"""What makes HTML of texts: whatever they are, they stay texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsscraper.explain.markup import Markup, element, join, text

VISIBLE = st.text(st.characters(min_codepoint=0x20, exclude_categories=("Cs", "Cc", "Cn")), max_size=60)
ANY = st.text(max_size=60) | st.sampled_from(["</script>", "<!--", "-->", "&lt;", "\ud800", "\x00", "\"'><b>", "]]>"])


@given(VISIBLE, VISIBLE)
def test_texts_and_attributes_come_back_as_they_were(content, value):
    parsed = lxml_html.fragment_fromstring(element("p", content, data_value=value))
    assert (parsed.text or "") == content
    assert parsed.get("data-value") == value
    assert len(parsed) == 0


@given(ANY)
def test_no_text_opens_or_closes_anything(content):
    made = text(content)
    assert not set("<>\"'") & set(made)
    made.encode()


def test_elements_nest_and_are_not_escaped_twice():
    assert element("p", "a & b", element("b", "<c>")) == "<p>a &amp; b<b>&lt;c&gt;</b></p>"
    assert join(["<", Markup("<br>"), ">"], " & ") == "&lt; &amp; <br> &amp; &gt;"
    assert text("\x1b[31m\ud800\ttab") == "\ufffd[31m\ufffd\ttab"


def test_attributes():
    assert element("input", type="checkbox", checked=True, disabled=False, id=None) == '<input type="checkbox" checked>'
    assert element("div", class_="a b", data_place=3, aria_label='"') == (
        '<div class="a b" data-place="3" aria-label="&quot;"></div>'
    )
