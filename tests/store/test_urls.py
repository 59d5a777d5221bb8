from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsscraper.store import folder_of, normalise_url, site_of, urls


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://Example.COM:80/a/../b#part", "http://example.com/b"),
        ("https://example.com:443", "https://example.com/"),
        ("https://example.com.:8443/a", "https://example.com:8443/a"),
        ("https://user:word@example.com/a", "https://example.com/a"),
        ("https://example.com/a?z=1&a=2", "https://example.com/a?a=2&z=1"),
        ("https://example.com/a?utm_source=x&UTM_Medium=y&fbclid=z&gclid=1&id=7", "https://example.com/a?id=7"),
        ("https://example.com/a;jsessionid=0AF3?x=1", "https://example.com/a?x=1"),
        ("https://example.com/(S(lit3py55t21z5v55))/news/1", "https://example.com/news/1"),
        ("https://example.com/(S(short))/news/1", "https://example.com/(S(short))/news/1"),
        ("https://example.com/a?PHPSESSID=abc123&p=2", "https://example.com/a?p=2"),
        ("https://example.com/a?sid=9f8e7d6c5b4a", "https://example.com/a"),
        ("https://example.com/a?sid=37941350", "https://example.com/a"),
        ("https://example.com/خبر", "https://example.com/%D8%AE%D8%A8%D8%B1"),
        ("https://example.com/%d8%ae%D8%A8%d8%b1", "https://example.com/%D8%AE%D8%A8%D8%B1"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("http://[::1]:8080/a?", "http://[::1]:8080/a"),
        ("  https://example.com/a  ", "https://example.com/a"),
    ],
)
def test_normal_form(url: str, normal: str) -> None:
    assert normalise_url(url) == normal
    assert normalise_url(normal) == normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a?id=1", "https://example.com/a?id=2"),
        ("https://example.com/?p=12", "https://example.com/?p=13"),
        ("https://example.com/a?page=1", "https://example.com/a?page=2"),
        ("https://example.com/article.php?sid=101", "https://example.com/article.php?sid=102"),
        ("https://example.com/a", "https://example.com/a/"),
        ("https://example.com/a", "https://example.com/A"),
        ("http://example.com/a", "https://example.com/a"),
        ("https://www.example.com/a", "https://example.com/a"),
        ("https://example.com/a?q=%C7%E4", "https://example.com/a?q=%C7%E3"),
        ("https://example.com/a?ref=1", "https://example.com/a?ref=2"),
        ("https://example.com:8080/", "https://example.com/"),
    ],
)
def test_two_pages_stay_two(one: str, other: str) -> None:
    assert normalise_url(one) != normalise_url(other)


@pytest.mark.parametrize(
    "url", ["", "/a", "mailto:a@example.com", "ftp://example.com/a", "http://", "http://./a", "javascript:void(0)"]
)
def test_no_page(url: str) -> None:
    with pytest.raises(ValueError, match="expected an absolute"):
        normalise_url(url)


@pytest.mark.parametrize(
    ("url", "site", "folder"),
    [
        ("https://www.news.example.co.uk/a", "example.co.uk", "example.co.uk"),
        ("https://fa.example.com/", "example.com", "example.com"),
        ("https://one.blogspot.com/", "one.blogspot.com", "one.blogspot.com"),
        ("http://127.0.0.1:8000/a", "127.0.0.1:8000", "127.0.0.1_8000"),
        ("http://localhost:8000/a", "localhost:8000", "localhost_8000"),
        ("http://[::1]:8000/", "[::1]:8000", "_1_8000"),
    ],
)
def test_site_and_folder(url: str, site: str, folder: str) -> None:
    assert site_of(url) == site
    assert folder_of(site) == folder


HOSTS = (
    "a.example",
    "www.a-b.example",
    "127.1.example",
    "a--b.example",
    "xn--a.example",
    "a.b",
    "a",
    "1.2.3.4",
    "a.e1",
)
PIECES = (
    "",
    "a",
    "A.b",
    ".",
    "..",
    "~x",
    "-",
    "_",
    "2026",
    "index.html",
    "a;b",
    "%41",
    "%2e",
    "é",
    "a b",
    "+",
    ":",
    "@",
)


@given(
    st.sampled_from(HOSTS), st.lists(st.sampled_from(PIECES), max_size=4), st.sampled_from(("", "/", "?", "?a=1", "#b"))
)
def test_the_short_way_is_the_long_one(host: str, pieces: list[str], tail: str) -> None:
    url = "/".join([f"https://{host}", *pieces]) + tail
    try:
        expected = urls._normalise(url)
    except ValueError:
        with pytest.raises(ValueError, match=r".*"):
            normalise_url(url)
    else:
        assert normalise_url(url) == expected


def test_most_urls_go_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls, "_normalise", pytest.fail)
    for path in ("", "news/2026/986527/ferry-runs-again", "a.html", "A/B_c~d/"):
        assert normalise_url.__wrapped__(f"https://www.marrow.example/{path}") == f"https://www.marrow.example/{path}"
