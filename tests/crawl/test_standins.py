from __future__ import annotations

import pytest
from scrapy.settings import Settings

from newsscraper.crawl.standins import find_stand_in, is_loopback, read_stand_ins
from newsscraper.errors import InputError


@pytest.mark.parametrize("value", [{"www.A.example": "127.0.0.1:81"}, '{"a.example": "127.0.0.1:81"}'])
def test_table_as_dict_or_json(value: object) -> None:
    assert read_stand_ins(Settings({"NEWSSCRAPER_RESOLVE": value})) == {"a.example": "127.0.0.1:81"}


@pytest.mark.parametrize(
    "value", ["{broken", {"a.example": "127.0.0.1"}, {"a.example": 81}, {"a.example": "h:81/x"}, {"a": "h:x"}]
)
def test_table_that_cannot_be_used(value: object) -> None:
    with pytest.raises(InputError, match="NEWSSCRAPER_RESOLVE"):
        read_stand_ins(Settings({"NEWSSCRAPER_RESOLVE": value}))


def test_subdomains_go_the_same_way_and_other_hosts_do_not() -> None:
    table = {"a.example": "127.0.0.1:81", "fa.a.example": "127.0.0.1:82"}
    assert find_stand_in("https://www.a.example/x", table) == "127.0.0.1:81"
    assert find_stand_in("http://A.EXAMPLE:8080/x", table) == "127.0.0.1:81"
    assert find_stand_in("https://m.fa.a.example/x", table) == "127.0.0.1:82"
    assert find_stand_in("https://ba.example/x", table) is None


def test_this_machine() -> None:
    assert is_loopback("http://127.0.0.1:8000/", {})
    assert is_loopback("http://localhost/", {})
    assert is_loopback("http://[::1]:8000/", {})
    assert is_loopback("https://a.example/", {"a.example": "127.0.0.1:81"})
    assert not is_loopback("https://a.example/", {})
