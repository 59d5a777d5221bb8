"""What pages of a site tell about one another, and what they must never take from a story."""

from __future__ import annotations

import pytest

from newsscraper import Evidence, extract, gather_evidence, trace
from newsscraper.extract.evidence import MOST_OF_STORY, Standing, find_site_furniture
from newsscraper.extract.walk import find_blocks

from .courier import APPEAL, NOTE, QUOTE, Page, body_of, page, prose, with_appeal
from .pages import tree_of


def test_what_stands_amid_every_story_is_no_story() -> None:
    pages = with_appeal(6)
    evidence = gather_evidence(pages)
    assert evidence.pages == 6
    for number, one in enumerate(pages):
        assert APPEAL in body_of(one)
        assert body_of(one, evidence) == prose(number)


def test_a_page_that_was_not_gathered_is_read_with_what_the_others_tell() -> None:
    pages = with_appeal(7)
    assert body_of(pages[6], gather_evidence(pages[:6])) == prose(6)


def test_the_reason_says_on_how_many_pages() -> None:
    pages = [*with_appeal(5), page(5, prose(5)), page(6, prose(6))]
    _, account = trace(*pages[0], evidence=gather_evidence(pages))
    (block,) = [block for block in account.blocks if block.text == APPEAL]
    assert (block.kind, block.score) == ("boilerplate", 1.0)
    assert block.reason == "stands on 5 of 7 pages of this site, at the same place"


def test_the_note_of_a_series_is_furniture() -> None:
    pages = [page(n, prose(n) + [NOTE] * (n % 3 == 0)) for n in range(12)]
    evidence = gather_evidence(pages)
    assert [body_of(one, evidence) for one in pages] == [prose(n) for n in range(12)]


def test_a_paragraph_that_a_few_stories_hold_wherever_it_fits_is_theirs() -> None:
    """What went before, told again in three stories of one matter."""
    pages = [page(n, prose(n)) for n in range(9)]
    told = [[*prose(n)[: n + 1], NOTE, *prose(n)[n + 1 :]] for n in (1, 2)]
    pages[1:3] = [page(n, paragraphs) for n, paragraphs in zip((1, 2), told, strict=True)]
    pages.append(page(9, [*prose(9)[:2], NOTE, *prose(9)[2:]]))
    evidence = gather_evidence(pages)
    assert all(NOTE in body_of(pages[n], evidence) for n in (1, 2, 9))


@pytest.mark.parametrize("others", [0, 7])
@pytest.mark.parametrize(
    "quote", [QUOTE, f"<blockquote><p>{QUOTE}</p></blockquote>", f"<blockquote>{QUOTE}</blockquote>"]
)
@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_quotation_that_two_stories_share_stays(others: int, quote: str, place: int) -> None:
    pages = [page(n, [*prose(n)[:place], quote, *prose(n)[place:]]) for n in range(2)]
    evidence = gather_evidence(pages + [page(n, prose(n)) for n in range(2, 2 + others)])
    assert evidence.pages == 2 + others
    assert all(body_of(one, evidence) == body_of(one) for one in pages)
    assert all(QUOTE in body_of(one) for one in pages)


def test_a_box_on_both_pages_of_a_site_is_furniture() -> None:
    box = f'<div class="members-box"><p>{APPEAL}</p></div>'
    pages = [page(n, [*prose(n)[:3], box, *prose(n)[3:]]) for n in range(2)]
    evidence = gather_evidence(pages)
    assert [body_of(one, evidence) for one in pages] == [prose(0), prose(1)]


def test_the_place_has_to_agree() -> None:
    """A story's opening that sidebars of other pages print is still the story's."""
    opening = prose(0)[0]
    teaser = f'<aside class="featured"><div class="teaser">{opening}</div></aside>'
    pages = [page(0, prose(0)), *(page(n, prose(n), below=teaser) for n in range(1, 8))]
    evidence = gather_evidence(pages)
    assert max(standing.pages for places in evidence.standing.values() for standing in places) == 7
    assert body_of(pages[0], evidence) == prose(0)


def test_what_is_furniture_elsewhere_is_so_from_two_pages() -> None:
    inner = f"<p>{APPEAL}</p>"
    pages = [page(n, prose(n), below=f'<div class="circle">{inner}</div>') for n in range(8)]
    pages += [page(n, [*prose(n), f'<div class="older-circle">{inner}</div>']) for n in (8, 9)]
    evidence = gather_evidence(pages)
    assert [body_of(one, evidence) for one in pages] == [prose(n) for n in range(10)]
    blocks = find_blocks(tree_of(pages[8][0]))
    appeals = [block for block in blocks if block.text == APPEAL]
    assert list(find_site_furniture(blocks, evidence, appeals).values()) == [
        "stands on 2 pages of this site at the same place, on more at another"
    ]


def test_one_page_is_evidence_of_nothing() -> None:
    (one,) = with_appeal(1)
    assert gather_evidence([one]) == Evidence(1)
    assert gather_evidence([one] * 5) == Evidence(1)
    assert extract(*one, evidence=gather_evidence([one] * 5)) == extract(*one)


def test_copies_of_a_page_count_as_one() -> None:
    """The same story under several addresses, in several versions, beside stories of others."""
    own = prose(0)
    versions = [
        own,
        [*own, "The ferry left all the same."],
        own[:4],
        ["Updated at noon.", *own],
        [*own[:5], *prose(50)[:1]],
    ]
    copies = [page(n, text, title="Well dug again") for n, text in enumerate(versions)]
    rest = [page(n, prose(n)) for n in range(10, 14)]
    evidence = gather_evidence(copies + rest)
    assert evidence.pages == 5
    for one in copies + rest:
        assert extract(*one, evidence=evidence) == extract(*one)


def test_versions_that_were_rewritten_are_told_by_their_headline() -> None:
    def version(n: int) -> Page:
        return page(n, [*prose(0)[:1], *prose(40 + n)[:5]], title=f"Well dug again on the islands, day {n}")

    pages = [*map(version, range(4)), *(page(n, prose(n)) for n in range(10, 14))]
    evidence = gather_evidence(pages)
    assert evidence.pages == 5
    assert all(extract(*one, evidence=evidence) == extract(*one) for one in pages)


def test_a_lead_that_two_rewritten_stories_share_stays() -> None:
    lead = f'<p class="standfirst">{QUOTE}</p>'
    pages = [page(n, [lead, *prose(n)]) for n in range(2)]
    evidence = gather_evidence(pages)
    assert evidence.pages == 2
    assert [extract(*one).lead for one in pages] == [QUOTE] * 2
    assert all(extract(*one, evidence=evidence) == extract(*one) for one in pages)


def test_an_address_read_twice_is_one_page() -> None:
    first, second = page(0, prose(0)), page(0, prose(70))
    assert gather_evidence([first, second, page(1, prose(1))]).pages == 2


def test_most_of_a_story_is_never_taken() -> None:
    """A page that is little but what its site repeats keeps it."""
    pages = with_appeal(6)
    short = page(9, [APPEAL, "The well is dry."])
    assert len(APPEAL) > MOST_OF_STORY * (len(APPEAL) + len("The well is dry."))
    evidence = gather_evidence(pages)
    assert extract(*short, evidence=evidence) == extract(*short)


def test_a_standing_headline_stays() -> None:
    title = "Letter from the islands: what the first boat of the week brought"
    pages = [page(n, prose(n), title=title) for n in range(6)]
    evidence = gather_evidence(pages)
    for number, one in enumerate(pages):
        story = extract(*one, evidence=evidence)
        assert (story.title, story.body.split("\n\n")) == (title, prose(number))


def test_subheads_and_parts_of_tables_and_lists_that_order_a_story_stay() -> None:
    def review(n: int) -> Page:
        text = prose(n)
        shared = "Salt and freshly ground pepper from the mill, as much as the cook can bear"
        lists = f"<ul><li>{shared}</li><li>{text[4]}</li></ul>"
        table = (
            f"<table><tr><th>Boat</th><th>Days under way</th></tr><tr><td>{text[5][:9]}</td><td>{n}</td></tr></table>"
        )
        return page(
            n,
            [
                text[0],
                "<h2>What speaks for it</h2>",
                text[1],
                "<h2>What speaks against it</h2>",
                text[2],
                text[3],
                lists,
                table,
            ],
        )

    pages = [review(n) for n in range(6)]
    evidence = gather_evidence(pages)
    for one in pages:
        before = body_of(one)
        assert {"What speaks for it", "What speaks against it", "Boat\tDays under way"} <= set(before)
        assert body_of(one, evidence) == before


def test_a_subhead_falls_with_all_that_it_heads() -> None:
    circle = ["<h2>The Courier's circle</h2>", APPEAL, f"<ul><li>{NOTE}</li><li>{QUOTE}</li></ul>"]
    pages = [page(n, [*prose(n), *circle]) for n in range(6)]
    evidence = gather_evidence(pages)
    assert all("The Courier's circle" in body_of(one) for one in pages)
    assert [body_of(one, evidence) for one in pages] == [prose(n) for n in range(6)]


def test_evidence_of_another_site_changes_nothing() -> None:
    (one,) = with_appeal(1)
    other = gather_evidence([page(n, [*prose(n), NOTE]) for n in range(20, 25)])
    assert extract(*one, evidence=other) == extract(*one)
    assert extract(*one, evidence=Evidence()) == extract(*one)


@pytest.mark.parametrize(
    ("standing", "pages", "letters", "expected"),
    [
        (Standing("p", 9, amid=3), 9, 90, False),
        (Standing("p", 9, amid=5), 9, 90, True),
        (Standing("p", 9, amid=5), 9, 20, False),
        (Standing("p", 9, edge=5), 9, 20, True),
        (Standing("p", 60, edge=3), 60, 90, True),
        (Standing("p", 80, edge=3), 80, 90, False),
        (Standing("p", 60, edge=3), 60, 20, False),
        (Standing("p", 60, edge=3, amid=1), 60, 90, True),
        (Standing("p", 60, edge=3, amid=2), 60, 90, False),
        (Standing("p", 2, apart=2), 4, 90, True),
        (Standing("p", 2, apart=2), 5, 90, False),
        (Standing("p", 2, apart=2), 4, 20, False),
        (Standing("p", 2, apart=1, edge=1), 2, 90, False),
        (Standing("p", 4, apart=3), 99, 20, True),
    ],
)
def test_thresholds(standing: Standing, pages: int, letters: int, expected: bool) -> None:
    assert standing.is_furniture(pages, letters) is expected
