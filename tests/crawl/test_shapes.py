from __future__ import annotations

import pytest

from newsscraper.crawl.discovery.shapes import is_further_page, names_a_page_number, query_of, series_of, shape_of


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://a.example/calendar/2024/03/05", "a.example/calendar/N/N/N"),
        ("https://a.example/calendar?day=2024-03-05", "a.example/calendar?day=N-N-N"),
        ("https://a.example/en/news/986527/three-words-here", "a.example/en/news/N/*"),
        ("https://a.example/fa/news/12/%D8%AE%D8%A8%D8%B1-%D9%87%D8%A7", "a.example/fa/news/N/*"),
        ("https://a.example/world/", "a.example/world/"),
        ("https://a.example/x?b=2&a=1", "a.example/x?a=N&b=N"),
    ],
)
def test_shape(url: str, shape: str) -> None:
    assert shape_of(url) == shape


@pytest.mark.parametrize(
    ("one", "other", "numbers"),
    [
        ("https://a.example/world?page=2", "https://a.example/world?page=11", (2, 11)),
        ("https://a.example/world/page/2/", "https://a.example/world/page/3", (2, 3)),
        ("https://a.example/world/page-2.html", "https://a.example/world/page-9.html", (2, 9)),
        ("https://a.example/calendar/2024/03", "https://a.example/calendar/2024/04", (3, 4)),
        ("https://a.example/w?c=x&offset=20", "https://a.example/w?offset=40&c=x", (20, 40)),
    ],
)
def test_one_series(one: str, other: str, numbers: tuple[int, int]) -> None:
    first, second = series_of(one), series_of(other)
    assert first is not None
    assert second is not None
    assert first[0] == second[0]
    assert (first[1], second[1]) == numbers


def test_two_series() -> None:
    assert series_of("https://a.example/world?page=2") != series_of("https://a.example/sport?page=2")
    assert series_of("https://a.example/w?c=x&page=2") != series_of("https://a.example/w?c=y&page=2")


@pytest.mark.parametrize(
    "url", ["https://a.example/world", "https://a.example/news/986527", "https://a.example/?p=986527"]
)
def test_no_series(url: str) -> None:
    assert series_of(url) is None


def test_a_page_number_is_named_by_a_word() -> None:
    assert names_a_page_number("https://a.example/world/page/2")
    assert names_a_page_number("https://a.example/world?paged=2")
    assert not names_a_page_number("https://a.example/world/2")
    assert not names_a_page_number("https://a.example/?p=12")


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("world?page=2", "world?page=7"),
        ("world/page/2", "world/page/1"),
        ("world/2", "world/3/"),
        ("world/", "world/2"),
        ("world?c=x", "world/2?c=x"),
        ("world/p-2.html", "world/p-3.html"),
    ],
)
def test_a_page_of_the_same_listing(url: str, other: str) -> None:
    assert is_further_page(f"https://a.example/{url}", f"https://a.example/{other}")


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("world/3", "world/2"),
        ("world/", "world/3"),
        ("world/2", "sport/3"),
        ("world?c=x", "world/2?c=y"),
        ("world/", "world/986527"),
        ("world?page=2", "sport?page=3"),
    ],
)
def test_no_page_of_the_same_listing(url: str, other: str) -> None:
    assert not is_further_page(f"https://a.example/{url}", f"https://a.example/{other}")


def test_a_query_that_chooses_more_than_the_page() -> None:
    assert query_of("https://a.example/find?topic=a&page=2") == "a.example/find"
    assert query_of("https://a.example/world?page=2") is None
    assert query_of("https://a.example/world/") is None
