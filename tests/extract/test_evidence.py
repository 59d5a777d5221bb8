"""What pages of a site tell about one another, and what they must never take from a story."""

from __future__ import annotations

import json
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from newsscraper import Evidence, extract, gather_evidence, trace
from newsscraper.errors import InputError
from newsscraper.extract import Gathering, gathering
from newsscraper.extract.evidence import MOST_OF_STORY, Standing, find_site_furniture
from newsscraper.extract.walk import find_blocks

from .pages import tree_of

APPEAL = (
    "Reporting from every parish costs money, and nobody pays for it but you: become a member of the Courier's circle "
    "today, and we shall still be there tomorrow."
)
NOTE = "Marit Oldam crosses the sound with the first boat every other week; her letters from the islands stand here."
QUOTE = "“Nobody asked the people who have to live with it, and so nobody should wonder what they say of it now.”"

_PARTS = (
    ("The harbour master", "A teacher of the old school", "The council's clerk", "One of the millers", "A diver"),
    ("told the meeting that", "wrote in a letter that", "doubts whether", "had not expected that", "remembers how"),
    ("the bridge over the mill race", "the winter timetable", "the roof of the boat hall", "the new well"),
    ("would be paid for", "had to wait until spring", "could stay as it was", "was worth a noisy summer"),
    ("in the lower town", "behind the rope walk", "on the outer islands", "along the old tramway"),
)

_TITLE_WORDS = (
    "bridge ferry council harbour winter school mill tower library orchard tram market doctor bakery river lamp fair "
    "garden chapel museum boat teacher forest railway theatre bell concert quarry stable window letter island dike"
)

Page = tuple[str, str]


def prose(number: int, count: int = 6) -> list[str]:
    """Paragraphs that no other number has."""
    dice = random.Random(number)
    sentences = [" ".join(dice.choice(part) for part in _PARTS) for _ in range(count)]
    return [f"{text}, after {number * 100 + place} days of talks." for place, text in enumerate(sentences)]


def make_title(number: int) -> str:
    """A headline whose words no other number's has, or hardly one of them."""
    words = random.Random(f"title {number}").sample(_TITLE_WORDS.split(), 12)
    return " ".join(first + second for first, second in zip(words[:6], words[6:], strict=True)).capitalize()


def page(number: int, paragraphs: Sequence[str], *, below: str = "", title: str | None = None) -> Page:
    """A page and its URL; what begins with a tag stands as it is."""
    headline = title or make_title(number)
    text = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in paragraphs)
    html = (
        f'<!DOCTYPE html><html lang="en"><head><title>{headline}</title></head><body class="story-{number} tagged">'
        f"<article><h1>{headline}</h1><div class='text'>{text}</div>{below}</article></body></html>"
    )
    return html, f"https://courier.example/story/{number}"


def body_of(one: Page, evidence: Evidence | None = None) -> list[str]:
    return extract(*one, evidence=evidence).body.split("\n\n")


def with_appeal(count: int) -> list[Page]:
    """Stories that ask for money after the third paragraph."""
    return [page(n, [*prose(n)[:3], APPEAL, *prose(n)[3:]]) for n in range(count)]


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


def test_the_digest_is_of_the_pages_and_not_of_their_order() -> None:
    pages = [*with_appeal(5), *(page(n, [*prose(n), NOTE]) for n in range(5, 9)), page(0, prose(0))]
    first = gather_evidence(pages)
    random.Random(1).shuffle(pages)
    second = gather_evidence(iter(pages))
    assert first == second
    assert first.to_json() == second.to_json()
    assert first.digest == second.digest != gather_evidence(pages[:4]).digest


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_digest_is_the_same_in_every_process(seed: str) -> None:
    code = "from tests.extract.test_evidence import *; print(gather_evidence(with_appeal(4)).digest)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": seed},
    )
    digest = gather_evidence(with_appeal(4)).digest
    assert done.stdout.strip() == digest
    assert digest.startswith("sha256:")
    assert len(digest) == len("sha256:") + 64


def test_evidence_holds_no_text() -> None:
    text = gather_evidence(with_appeal(4)).to_json()
    assert "Reporting" not in text
    assert "courier" not in text
    assert text.isascii()


def test_evidence_goes_through_json_and_pickle() -> None:
    evidence = gather_evidence(with_appeal(4))
    for copy in (Evidence.from_json(evidence.to_json()), pickle.loads(pickle.dumps(evidence))):
        assert copy == evidence
        assert copy.digest == evidence.digest


def _with(**changes: Any) -> str:
    return json.dumps({"version": 1, "pages": 3, "standing": {"00ff": [["p < div", 3, 1, 1, 1]]}} | changes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "evidence: expected JSON: Expecting value"),
        ("[" * 100_000, "evidence: expected JSON: "),
        ("[]", "evidence: expected an object, got []"),
        (_with(version=2), "evidence: version: expected 1, which this release reads, got 2"),
        (_with(pages="3"), 'evidence: pages: expected a number of pages, got "3"'),
        (_with(pages=-1), "evidence: pages: expected a number of pages, got -1"),
        (_with(pages=True), "evidence: pages: expected a number of pages, got true"),
        (_with(standing=None), "evidence: standing: expected an object of fingerprints, got null"),
        (_with(standing={"00ff": 1}), "evidence: 00ff: expected a list of places, got 1"),
        (
            _with(standing={"00ff": [["p", 3, 1]]}),
            'evidence: 00ff: expected a place and four numbers of pages, got ["p',
        ),
        (
            _with(standing={"00ff": [[1, 3, 1, 1, 1]]}),
            "evidence: 00ff: expected a place and four numbers of pages, got",
        ),
        (_with(standing={"00ff": [["p", 3, 1, 1, 1.5]]}), "evidence: 00ff: expected a place and four numbers"),
        (_with(standing={"00ff": [["p", 3, 2, 1, 1]]}), "evidence: 00ff: expected no more pages than have the place"),
        (_with(pages=2), "evidence: 00ff: expected no more pages than have the place, and those no more than 2, got"),
    ],
)
def test_json_that_is_no_evidence(text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        Evidence.from_json(text)
    assert str(raised.value).startswith(message)


def test_gatherings_merge() -> None:
    pages = [*with_appeal(5), *(page(n, prose(n)) for n in range(5, 9))]
    whole, first, second = Gathering(), Gathering(), Gathering()
    for number, one in enumerate(pages):
        assert whole.add(*one)
        (first, second)[number % 2].add(*one)
    second.add(*pages[0])
    first.merge(second)
    assert len(first) == len(whole) == 9
    assert first.freeze() == whole.freeze() == gather_evidence(pages)


def test_of_many_pages_a_choice_is_kept_whatever_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_PAGES", 5)
    pages = with_appeal(12)
    first = gather_evidence(pages)
    assert first.pages == 5
    assert gather_evidence(pages[::-1]) == first
    halves = [Gathering(), Gathering()]
    for number, one in enumerate(pages):
        halves[number % 2].add(*one)
    halves[0].merge(halves[1])
    assert len(halves[0]) == 5
    assert halves[0].freeze() == first


def test_of_many_texts_those_on_most_pages_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_TEXTS", 1)
    pages = [page(n, [*prose(n), *[APPEAL] * (n < 5), *[NOTE] * (n < 3)]) for n in range(6)]
    (places,) = gather_evidence(pages).standing.values()
    assert [standing.pages for standing in places] == [5]


def test_pages_without_a_story_tell_nothing() -> None:
    gathered = Gathering()
    listing = "<html><body><h1>Latest</h1>" + "<li><a href='/a'>One</a></li>" * 9 + "</body></html>"
    assert not any(gathered.add(html) for html in (b"", b"\x89PNG\r\n\x1a\n" + bytes(300), listing, "words"))
    assert len(gathered) == 0
    assert gathered.freeze() == Evidence()


def test_a_profile_that_is_none_is_told() -> None:
    with pytest.raises(InputError, match="no profile is called 'nowhere'"):
        gather_evidence(with_appeal(1), profile="nowhere")


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
