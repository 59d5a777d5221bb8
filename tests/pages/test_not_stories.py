"""Pages that hold no story are said to hold none, with the reason; what is no text is said to be unreadable."""

from __future__ import annotations

import gzip
import pickle
from pathlib import Path

import pytest

from newsscraper import extract
from newsscraper.errors import NotAStory, UnreadablePage

FOLDER = Path(__file__).parent / "not_stories"
REASONS = {
    "home": "listing",
    "section": "listing",
    "tag_page": "listing",
    "search_results": "listing",
    "several_posts": "listing",
    "soft_404": "error_page",
    "error_404_en": "error_page",
    "bot_wall": "bot_wall",
    "bot_wall_captcha": "bot_wall",
    "consent_wall": "consent_wall",
    "login": "login_wall",
    "headline_without_text": "no_text",
    "empty_shell": "empty",
}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"


def test_every_page_has_a_reason() -> None:
    assert {file.stem for file in FOLDER.glob("*.html")} == set(REASONS)


@pytest.mark.parametrize("name", REASONS)
@pytest.mark.parametrize("url", [None, "https://quay.example/some/where"], ids=["no-url", "url"])
def test_reason(name: str, url: str | None) -> None:
    with pytest.raises(NotAStory) as raised:
        extract((FOLDER / f"{name}.html").read_bytes(), url)
    assert raised.value.reason == REASONS[name]
    assert raised.value.detail


@pytest.mark.parametrize(
    "page",
    [b"", "", PNG, PDF, gzip.compress(b"<html><h1>Cut</h1>" * 40, mtime=0)[:60], bytes(range(256)) * 8],
    ids=["no-bytes", "no-text", "png", "pdf", "cut-gzip", "all-bytes"],
)
def test_unreadable(page: bytes | str) -> None:
    with pytest.raises(UnreadablePage):
        extract(page)


def test_errors_travel_between_processes() -> None:
    error = pickle.loads(pickle.dumps(NotAStory("listing", "ten links")))
    assert (error.reason, error.detail, str(error)) == ("listing", "ten links", "listing: ten links")
