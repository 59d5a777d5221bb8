"""Arguments of wrong types: told at the entrance, with what to give instead."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

import newsscraper
from newsscraper import errors, extract, extract_text, gather_evidence, trace

from .pages import page

WRONG_PAGES = [
    (Path("page.html"), "got PosixPath: give what is in the file, path.read_bytes()"),
    (None, "html: expected the page as bytes or str, got NoneType"),
    (5, "got int"),
    (bytearray(b"<p>x"), "got bytearray: give bytes(page)"),
    (io.BytesIO(b"<p>x"), "got BytesIO: give the file's content, file.read()"),
]
WRONG_OPTIONS = [
    ({"url": 5}, "url: got int, expected str or None"),
    ({"profile": 5}, "profile: got int, expected a Profile, a profile's name or None"),
    ({"charset": b"utf-8"}, "charset: got bytes, expected the label of an encoding as str"),
    ({"evidence": "x"}, "evidence: got str, expected Evidence, as gather_evidence(...) gives it"),
    ({"model": "mine.npz"}, "model: got str, expected a Model, as load_model(path) gives it"),
]


@pytest.mark.parametrize("call", [extract, trace])
@pytest.mark.parametrize(("given", "told"), WRONG_PAGES)
def test_what_is_no_page(call: Any, given: Any, told: str) -> None:
    with pytest.raises(TypeError) as caught:
        call(given)
    assert told in str(caught.value)


@pytest.mark.parametrize("call", [extract, trace])
@pytest.mark.parametrize(("options", "told"), WRONG_OPTIONS)
def test_what_is_no_option(call: Any, options: dict[str, Any], told: str) -> None:
    with pytest.raises(TypeError) as caught:
        call(page(), **options)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (b"x", "text: expected str, got bytes: text.decode(), or `extract` for a page with markup"),
        (Path("dump.txt"), "got PosixPath: give what is in the file"),
        (None, "text: expected str, got NoneType"),
    ],
)
def test_what_is_no_text(given: Any, told: str) -> None:
    with pytest.raises(TypeError) as caught:
        extract_text(given)
    assert told in str(caught.value)


def test_options_of_a_text() -> None:
    with pytest.raises(TypeError, match="url: got int"):
        extract_text("A headline", 5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["InputError", "ModelError", "NewsscraperError", "NotAStory", "ProfileError", "UnreadablePage"]
)
def test_errors_can_be_had_from_the_package(name: str) -> None:
    assert getattr(newsscraper, name) is getattr(errors, name)
    assert name in newsscraper.__all__


@pytest.mark.parametrize("pages", [[b"<p>x"], [(Path("x"), None)], ["<p>x"]])
def test_evidence_is_gathered_of_pages_with_their_urls(pages: Any) -> None:
    with pytest.raises(TypeError, match="pages: expected"):
        gather_evidence(pages)
