from __future__ import annotations

from typing import Any

import pytest

from newsscraper.crawl.run import make_settings, plan
from newsscraper.errors import InputError


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("NEWSSCRAPER_MAX_DEPHT", "1", "did you mean 'NEWSSCRAPER_MAX_DEPTH'"),
        ("NEWSSCRAPER_WHATEVER", "1", "NEWSSCRAPER_WHATEVER: no setting is called that"),
        ("NEWSSCRAPER_MAX_DEPTH", "abc", "NEWSSCRAPER_MAX_DEPTH: expected a whole number, 0 or more, got 'abc'"),
        ("NEWSSCRAPER_MAX_DEPTH", "-1", "0 or more"),
        ("NEWSSCRAPER_MAX_DEPTH", None, "a whole number"),
        ("NEWSSCRAPER_MAX_CRAWL_DELAY", "nan", "NEWSSCRAPER_MAX_CRAWL_DELAY: expected a number"),
        ("DOWNLOAD_DELAY", "slow", "DOWNLOAD_DELAY: expected a number, got 'slow'"),
        ("ROBOTSTXT_OBEY", "perhaps", "ROBOTSTXT_OBEY: expected True or False, got 'perhaps'"),
        ("CLOSESPIDER_ITEMCOUNT", "many", "CLOSESPIDER_ITEMCOUNT: expected a number"),
        ("NEWSSCRAPER_RESOLVE", "{", "NEWSSCRAPER_RESOLVE: expected"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Any, name: str, value: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_settings(tmp_path, {name: value})


def test_settings_as_they_are_given(tmp_path: Any) -> None:
    given = {"NEWSSCRAPER_MAX_DEPTH": "3", "DOWNLOAD_DELAY": "0.5", "ROBOTSTXT_OBEY": "False", "OTHER_THING": "x"}
    assert make_settings(tmp_path, given).getint("NEWSSCRAPER_MAX_DEPTH") == 3


@pytest.mark.parametrize(
    ("target", "arguments", "message"),
    [
        ("https://a.example/", {"urls": "list.txt"}, "a URL and a file of URLs"),
        ("https://a.example/", {"url": "https://b.example/"}, "two targets"),
        ("islamtimes", {"ulr": "x"}, "no argument of the spider is called 'ulr'.*did you mean 'url'"),
        ("news", {}, "'news' is the spider for any site"),
    ],
)
def test_targets_and_arguments_that_do_not_go_together(
    tmp_path: Any, target: str, arguments: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        plan(target, arguments, make_settings(tmp_path, {}))
