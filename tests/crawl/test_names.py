"""What a page is called, and what it claims to be."""

from __future__ import annotations

import pytest

from newsscraper.store import canonical_url, page_key

SITE = "https://a.example"


@pytest.mark.parametrize(
    "claim", [None, SITE, f"{SITE}/", "https://b.example/1", f"{SITE}/1#x", "http://www.a.example/1/", "//:x"]
)
def test_claims_that_say_nothing(claim: str | None) -> None:
    assert canonical_url(claim, f"{SITE}/1") is None


def test_page_key() -> None:
    assert page_key("http://www.a.example/x/?b=1&a=2#c") == "a.example/x?a=2&b=1"
