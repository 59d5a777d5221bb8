"""Where a story goes on, and where only another story or the comments do."""

from __future__ import annotations

import pytest

from newsscraper.extract.further_pages import FurtherPages, find_further_pages, read_further_pages
from newsscraper.extract.page_numbers import page_number
from newsscraper.extract.tree import parse

OWN = "https://quay.example/news/1001/ferry"


def find(markup: str, url: str = OWN, *, head: str = "", first: str | None = None) -> FurtherPages:
    return find_further_pages(parse(f"<html><head>{head}</head><body>{markup}</body></html>"), url, first=first)


@pytest.mark.parametrize(
    ("url", "first", "number"),
    [
        (f"{OWN}?page=2", OWN, (2, True)),
        (f"{OWN}?utm_source=x&page=2", OWN, (2, True)),
        (f"{OWN}/2", OWN, (2, False)),
        (f"{OWN}/2/", f"{OWN}/", (2, False)),
        (f"{OWN}/page/3/", f"{OWN}/", (3, True)),
        (f"{OWN}/seite-2", OWN, (2, True)),
        ("https://a.example/c/12345_2.htm", "https://a.example/c/12345.htm", (2, False)),
        ("https://a.example/c/ferry-p2.html", "https://a.example/c/ferry.html", (2, True)),
        ("https://a.example/c/index_2.html", "https://a.example/c/index.html", (2, False)),
        ("https://a.example/c/2.html", "https://a.example/c/index.html", (2, False)),
        ("https://a.example/s.php?id=7&p=2", "https://a.example/s.php?id=7", (2, True)),
        ("https://a.example/s.php?id=7&page=2", "https://a.example/s.php?id=7&page=1", (2, True)),
        (OWN, OWN, (1, True)),
        ("http://www.quay.example/news/1001/ferry?page=2", OWN, (2, True)),
        (f"{OWN}/2024", OWN, None),
        (f"{OWN}12", OWN, None),
        (f"{OWN}?cpage=2", OWN, None),
        (f"{OWN}/comment-page-2", OWN, None),
        (f"{OWN}?page=2&sort=new", OWN, None),
        ("https://a.example/s.php?id=8&p=2", "https://a.example/s.php?id=7", None),
        ("https://b.example/news/1001/ferry?page=2", OWN, None),
        ("https://quay.example/news/1002/dredger?page=2", OWN, None),
        ("https://quay.example/2", "https://quay.example/", None),
    ],
)  # fmt: skip
def test_page_number(url: str, first: str, number: tuple[int, bool] | None) -> None:
    assert page_number(url, first) == number


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="?page=2">2</a>',
        '<a href="?page=2">Weiter</a>',
        '<p class="pager"><a href="ferry?page=3">3</a> <a href="ferry?page=2">2</a></p>',
        '<a href="/news/1001/ferry?page=2#top">Next page</a>',
        '<a rel="next" href="/news/1001/ferry?page=2">»</a>',
    ],
)
def test_a_numbered_link_leads_on(markup: str) -> None:
    assert find(markup).next_url == f"{OWN}?page=2"


def test_rel_next_in_the_head_leads_on() -> None:
    assert find("", head='<link rel="next" href="/news/1001/ferry/2">').next_url == f"{OWN}/2"


def test_a_bare_number_needs_a_word_for_it() -> None:
    assert find('<a href="/news/1001/ferry/2">The second ferry</a>').next_url is None
    assert find('<a href="/news/1001/ferry/2">2</a>').next_url == f"{OWN}/2"
    assert find('<a href="/news/1001/ferry/2">۲</a>').next_url == f"{OWN}/2"
    assert find('<div class="pagination"><a href="/news/1001/ferry/2">الصفحة التالية</a></div>').next_url == f"{OWN}/2"


def test_pages_counted_from_nought() -> None:
    pager = '<a href="?page=1">2</a><a href="?page=2">3</a>'
    assert find(pager).next_url == f"{OWN}?page=1"
    assert find("", head='<link rel="next" href="?page=1">').next_url == f"{OWN}?page=1"
    back = f'<a href="{OWN}">1</a><a href="?page=2">3</a>'
    assert find(back, f"{OWN}?page=1", first=OWN).next_url == f"{OWN}?page=2"


@pytest.mark.parametrize(
    "markup",
    [
        '<a rel="next" href="/news/1002/dredger">The dredger</a>',
        '<div id="comments"><ul class="pager"><a href="?page=2">2</a></ul></div>',
        '<a href="?page=2#comments">2</a>',
        '<a href="?cpage=2">2</a>',
        '<a href="/news/1001/ferry/comment-page-2/">2</a>',
        '<a href="?page=3">3</a>',
        '<a href="https://other.example/news/1001/ferry?page=2">2</a>',
        '<a href="/world?page=2">2</a>',
        '<a href="http://[::1?page=2">2</a>',
    ],
)
def test_other_stories_and_comments_do_not(markup: str) -> None:
    assert find(markup).next_url is None


def test_a_later_page_knows_its_first_and_its_next() -> None:
    pager = f'<a href="{OWN}">1</a><a href="?page=3">3</a>'
    assert find(pager, f"{OWN}?page=2") == FurtherPages(f"{OWN}?page=3", None, OWN)
    last = f'<a href="{OWN}/2">2</a><a href="{OWN}">1</a>'
    assert find(last, f"{OWN}/3") == FurtherPages(None, None, OWN)


def test_a_number_in_the_address_alone_is_no_page() -> None:
    beside = '<a href="/news/part-4">Part four</a><a rel="next" href="/news/part-6">Part six</a>'
    assert find(beside, "https://quay.example/news/part-5") == FurtherPages()
    home = '<a href="/news">News</a>'
    assert find(home, "https://quay.example/news/7") == FurtherPages()


def test_the_view_on_one_page() -> None:
    pager = '<a href="?page=2">2</a><a href="?view=all">Auf einer Seite lesen</a>'
    assert find(pager).single_url == f"{OWN}?view=all"
    assert find('<a href="?page=2">2</a><a href="?singlepage=true">Whole</a>').single_url == f"{OWN}?singlepage=true"
    assert find('<a href="?page=2">2</a><a href="/tags?show=1">View all</a>').single_url is None
    assert find('<a href="?singlepage=true">Single page</a>').single_url is None


def test_as_fetched() -> None:
    page = '<meta charset="windows-1251"><a href="?page=2">Дальше</a>'.encode("cp1251")
    assert read_further_pages(page, OWN).next_url == f"{OWN}?page=2"
