from __future__ import annotations

from pathlib import Path

import pytest

from newsscraper.crawl.target import read_target
from newsscraper.errors import InputError


def test_any_site() -> None:
    target = read_target(url="https://www.marrow.example/world/")
    assert [found.url for found in target.start] == ["https://www.marrow.example/world/"]
    assert target.profile is None
    assert target.scope.owns("https://fa.marrow.example/1")
    assert not target.scope.owns("https://notmarrow.example/1")
    assert not target.scope.owns("mailto:a@marrow.example")


def test_an_address_with_a_port_is_a_site_of_its_own() -> None:
    target = read_target(url="http://127.0.0.1:8000/")
    assert target.scope.owns("http://127.0.0.1:8000/a")
    assert not target.scope.owns("http://127.0.0.1:8001/a")


def test_a_profile_by_name_and_by_host() -> None:
    by_name, by_host = read_target(site="islamtimes"), read_target(url="https://www.islamtimes.org/en/")
    assert by_name.profile == by_host.profile
    assert by_name.profile is not None
    assert by_name.scope.owns("https://www.islamtimes.com/en/news/1")
    assert by_name.start[0].url == by_name.profile.start_urls[0]
    assert by_host.start[0].url == "https://www.islamtimes.org/en/"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({}, "nothing to crawl"),
        ({"url": "ftp://a.example/"}, "not a URL"),
        ({"url": "a.example"}, "not a URL"),
        ({"site": "nosuchsite"}, "nosuchsite"),
        ({"urls": "/no/such/file"}, "/no/such/file"),
    ],
)
def test_arguments_that_cannot_be_used(arguments: dict[str, str], word: str) -> None:
    with pytest.raises(InputError, match=word):
        read_target(**arguments)


def test_a_file_of_urls(tmp_path: Path) -> None:
    file = tmp_path / "urls.txt"
    file.write_text(
        "# mine\nhttps://a.example/1\n\nnot a url\nhttps://www.islamtimes.org/en/news/2\nhttps://a.example/1\n"
    )
    target = read_target(urls=str(file))
    assert [found.url for found in target.start] == ["https://a.example/1", "https://www.islamtimes.org/en/news/2"]
    assert all(found.kind == "story" and found.announced for found in target.start)
    assert not target.follow
    assert [line.startswith(f"{file}:4: ") for line in target.bad_lines] == [True]
    assert target.profile_of("https://a.example/1") is None
    assert getattr(target.profile_of("https://www.islamtimes.org/en/news/2"), "name", None) == "islamtimes"


def test_a_file_without_urls(tmp_path: Path) -> None:
    file = tmp_path / "urls.txt"
    file.write_text("nothing\n")
    with pytest.raises(InputError, match="no URL in it"):
        read_target(urls=str(file))
