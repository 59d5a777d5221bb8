"""Evidence as a thing: what of many pages it holds, its digest, its JSON."""

from __future__ import annotations

import json
import os
import pickle
import random
import subprocess
import sys
from typing import Any

import pytest

from newsscraper import Evidence, gather_evidence
from newsscraper.errors import InputError
from newsscraper.extract import Gathering, gathering

from .courier import APPEAL, NOTE, page, prose, with_appeal


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
    code = (
        "from newsscraper import gather_evidence; from tests.extract.courier import with_appeal;"
        "print(gather_evidence(with_appeal(4)).digest)"
    )
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
