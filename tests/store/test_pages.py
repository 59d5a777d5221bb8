"""What a saved page says of its own address, in whatever spelling. Files and their kinds: `tests/cli/test_batch.py`."""

from __future__ import annotations

import time

import pytest

from newsscraper.store.pages import find_claimed_url

URL = "https://courier.example/story/7"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f'<link rel="canonical" href="{URL}">', URL),
        (f"<LINK HREF='{URL}' REL='canonical' />", URL),
        (f"<link rel=canonical href={URL}>", URL),
        (f'<link\nrel = "canonical"\nhref = " {URL} ">', URL),
        (f'<meta property="og:url" content="{URL}">', URL),
        (f"<meta content={URL} name=og:url>", URL),
        (f'<meta property="og:url" content="https://m.example/"><link rel="canonical" href="{URL}">', URL),
        (f'<link rel="canonical" href="{URL}"><link rel="canonical" href="https://b.example/">', URL),
        ('<link rel="canonical" href="https://a.example/?b=1&amp;c=2">', "https://a.example/?b=1&c=2"),
        ('<link rel="canonical" href="/story/7">', None),
        ('<link rel="alternate" href="https://a.example/feed">', None),
        ('<link rel="canonical">', None),
        (f'<a rel="canonical" href="{URL}">', None),
        (f'<meta property="og:url:secure" content="{URL}"><meta name="twitter:url" content="{URL}">', None),
        ("no markup", None),
        ("", None),
    ],
)
def test_claims(page: str, expected: str | None) -> None:
    assert find_claimed_url(page.encode()) == expected
    assert find_claimed_url(page.encode("utf-16-le")) == expected


def test_bytes_that_are_no_text_in_an_address() -> None:
    assert find_claimed_url(b'<link rel=canonical href="https://a.example/caf\xe9">') == "https://a.example/caf\ufffd"


def test_a_claim_stands_at_the_beginning() -> None:
    assert find_claimed_url(b" " * 300_000 + f'<link rel="canonical" href="{URL}">'.encode()) is None


@pytest.mark.parametrize(
    "piece", [b"<link ", b"<link rel=canonical ", b"<meta content=", b"<link rel=canonical href=h"]
)
def test_hostile_heads_cost_linear_time(piece: bytes) -> None:
    start = time.perf_counter()
    find_claimed_url(piece * 50_000)
    find_claimed_url(b"<link " + piece[1:] * 50_000 + b">")
    assert time.perf_counter() - start < 2
