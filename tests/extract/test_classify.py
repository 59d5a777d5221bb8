"""Which blocks are the story's, told by structure."""

from __future__ import annotations

import pytest

from newsscraper.extract.groups import find_comments, find_repeated, find_teasers
from newsscraper.extract.kinds import BODY, BOILERPLATE, CAPTION, LIST, QUOTE, SUBHEAD, TABLE
from newsscraper.extract.rules.furniture import COMMENTS, TEASERS, TEASERS_ABOVE
from newsscraper.extract.rules.label import label_by_rules

from .pages import BODY as TEXT
from .pages import PARAGRAPHS, TITLE, blocks_of, lay_out, meta, page, paragraphs, read

TEASER = (
    '<div class="card"><h3><a href="/{0}">Another headline that leads elsewhere, number {0}</a></h3><p>Short.</p></div>'
)
COMMENT = (
    '<div class="c"><b>Reader {0}</b><p>{0} March 2024, 10:15</p>'
    "<p>I have never seen such bread either, said the reader.</p></div>"
)
BOLD = "Ice had kept the islands without bread for a whole month, and few had counted on it ending so soon."


def labels(html: str) -> dict[str, tuple[str, str]]:
    layout = lay_out(html)
    return {b.text: (label.kind, label.reason) for b, label in zip(layout.page.blocks, layout.labels, strict=True)}


def kinds(html: str) -> dict[str, str]:
    return {text: kind for text, (kind, _) in labels(html).items()}


@pytest.mark.parametrize(
    ("markup", "text", "kind"),
    [
        ("<h2>Bread for all</h2>", "Bread for all", SUBHEAD),
        ("<blockquote><p>So much bread!</p></blockquote>", "So much bread!", QUOTE),
        ("<ul><li>Flour: four tons</li><li>Letters: two sacks</li></ul>", "Flour: four tons", LIST),
        ("<table><tr><td>Flour</td><td>4 t</td></tr><tr><td>Salt</td><td>1 t</td></tr></table>", "4 t", TABLE),
        ("<figure><img src=a><figcaption>The quay at dawn</figcaption></figure>", "The quay at dawn", CAPTION),
        ('<div class="caption">The quay at dawn</div>', "The quay at dawn", CAPTION),
        ("<p>He laughed.</p>", "He laughed.", BODY),
        ('<ul><li><a href="/a">Other news</a></li><li><a href="/b">More news</a></li></ul>', "Other news", BOILERPLATE),
        ('<div class="advert">Advertisement</div>', "Advertisement", BOILERPLATE),
        ('<form><p>Our letter every week</p><input type="email"></form>', "Our letter every week", BOILERPLATE),
        (f"<p>{TITLE}</p>", TITLE, BOILERPLATE),
        ('<img alt="Flour sacks on deck" src=a><div>Flour sacks on deck</div>', "Flour sacks on deck", CAPTION),
        ('<aside><p>A box beside the story about the history of ice in the sound, long as it is.</p></aside>',
         "A box beside the story about the history of ice in the sound, long as it is.", BOILERPLATE),
    ],
)  # fmt: skip
def test_kind_in_the_middle_of_a_story(markup: str, text: str, kind: str) -> None:
    diary = [f"Day {day}: {PARAGRAPHS[day % 4]}" for day in range(8)]
    assert kinds(page(body=paragraphs(diary[:4]) + markup + paragraphs(diary[4:])))[text] == kind


@pytest.mark.parametrize(
    "note",
    [
        "<p>By Jane Doe</p>",
        "<p>Monday, 4 March 2024</p>",
        "<p>Story Code: 986527</p>",
        '<p>Tags: <a href="/t/ice">ice</a></p>',
        "<p>Last updated: 5 March 2024</p>",
    ],
)
@pytest.mark.parametrize("place", ["above", "below"])
def test_notes_at_the_edges_are_no_body(note: str, place: str) -> None:
    text = paragraphs()
    assert read(page(body=note + text if place == "above" else text + note)).body == TEXT


def test_a_copyright_notice_ends_the_story() -> None:
    assert read(page(body=paragraphs() + "<p>© 2024 The Example</p><p>All rights are ours.</p>")).body == TEXT


def test_a_short_line_between_paragraphs_of_its_part_is_a_subhead() -> None:
    body = "".join(f"<div>{p}</div>" for p in PARAGRAPHS[:2]) + "<div>Bread for all</div>"
    body += "".join(f"<div>{p}</div>" for p in PARAGRAPHS[2:])
    assert kinds(page(body=body))["Bread for all"] == SUBHEAD


def test_a_heading_without_text_under_it_is_none() -> None:
    assert kinds(page(body=paragraphs() + "<h2>Read on</h2>"))["Read on"] == BOILERPLATE


@pytest.mark.parametrize(
    ("under_title", "head", "body"),
    [
        (f'<p class="standfirst">{BOLD}</p>', "", None),
        (f"<h2>{BOLD}</h2>", "", None),
        ("", meta("og:description", BOLD), f"<p><b>{BOLD}</b></p>{paragraphs()}"),
        ("", "", f"<p><b>{BOLD}</b></p>{paragraphs()}"),
    ],
)
def test_a_lead_is_set_apart(under_title: str, head: str, body: str | None) -> None:
    story = read(page(head=head, under_title=under_title, body=body))
    assert (story.lead, story.body) == (BOLD, TEXT)


def test_bold_paragraphs_among_others_in_bold_are_no_lead() -> None:
    body = "".join(f"<p><b>{p}</b></p>" for p in (BOLD, *PARAGRAPHS))
    assert kinds(page(body=body))[BOLD] == BODY


def test_the_headline_above_is_not_repeated() -> None:
    assert labels(page())[TITLE] == (BOILERPLATE, "the headline itself")


def test_teasers_are_told_by_their_group() -> None:
    found = labels(page(below="<div>" + "".join(TEASER.format(n) for n in range(5)) + "</div>"))
    assert found["Another headline that leads elsewhere, number 3"][0] == BOILERPLATE


def test_longer_teasers_above_the_story_do_not_replace_it() -> None:
    blurb = " ".join(PARAGRAPHS)[:500].rsplit(".", 1)[0] + "."
    cards = "".join(TEASER.format(n).replace("Short.", f"{n}: {blurb}") for n in range(6))
    assert read(page(above=f"<div>{cards}</div>")).body == TEXT


@pytest.mark.parametrize(("count", "told"), [(2, False), (3, True), (6, True)])
def test_three_make_a_group_of_teasers(count: int, told: bool) -> None:
    blocks = blocks_of("<div>" + "".join(TEASER.format(n) for n in range(count)) + "</div>")
    assert any(find_teasers(blocks)) is told


@pytest.mark.parametrize(("count", "told"), [(1, False), (2, True)])
def test_two_make_a_group_of_comments(count: int, told: bool) -> None:
    blocks = blocks_of("<div>" + "".join(COMMENT.format(n + 1) for n in range(count)) + "</div>")
    assert any(find_comments(blocks)) is told


def test_comments_need_a_date() -> None:
    markup = "".join(COMMENT.format(n) for n in "ab").replace("March 2024, 10:15", "says")
    assert not any(find_comments(blocks_of(f"<div>{markup}</div>")))


def test_comments_are_no_body() -> None:
    assert read(page(below="<div>" + "".join(COMMENT.format(n + 1) for n in range(4)) + "</div>")).body == TEXT


def test_the_main_column_is_no_member_of_its_row_of_columns() -> None:
    column = '<div class="col">{}<p>x</p></div>'
    blocks = blocks_of(column.format(paragraphs()) + column.format("<p>left</p>") + column.format("<p>right</p>"))
    repeated = find_repeated(blocks)
    columns = [c for c in blocks.containers if "col" in c.words]
    assert [repeated[c.index] for c in columns] == [False, True, True]


def test_a_sign_over_most_of_the_page_is_none() -> None:
    html = (
        page().replace("<body>", '<body class="has-sidebar"><div class="widget">').replace("</body>", "</div></body>")
    )
    assert read(html).body == TEXT


def test_reasons_name_the_sign() -> None:
    cards = "".join(TEASER.format(n) for n in range(5))
    inner = paragraphs(PARAGRAPHS[:2]) + f'<div class="related"><p>{BOLD}</p></div>' + paragraphs(PARAGRAPHS[2:])
    layout = lay_out(page(body=inner))
    by_rules = dict(
        zip((b.text for b in layout.page.blocks), label_by_rules(layout.page, layout.headline), strict=True)
    )
    assert by_rules[BOLD].reason == "inside a part called 'related'"
    assert {TEASERS, TEASERS_ABOVE, COMMENTS} == {
        "a group of teasers",
        "a group of teasers above the headline",
        "a group of comments",
    }
    inside = labels(page(body=paragraphs() + f"<div>{cards}</div>" + f"<p>{BOLD}</p>"))
    assert inside["Another headline that leads elsewhere, number 1"] == (BOILERPLATE, f"inside {TEASERS}")


def test_a_page_without_text_labels_all_as_boilerplate() -> None:
    assert set(kinds("<html><body><nav><a href=/>Home</a></nav></body></html>").values()) == {BOILERPLATE}


def test_text_hidden_for_a_script_to_show_is_found() -> None:
    html = page(body=f'<p>Loading</p><div style="display:none">{paragraphs()}</div>')
    assert read(html, force=True).body.endswith(TEXT)
