"""The profiles that come with the package."""

import pickle
import re

import pytest

from newsscraper.errors import InputError
from newsscraper.sites import facts_of, find_profile, load_profile, load_profiles

NAMES = ["akhbarbank", "avapress", "islamtimes", "jahannews", "taghribnews"]


@pytest.fixture(autouse=True)
def _no_own_folder(monkeypatch):
    monkeypatch.delenv("NEWSSCRAPER_SITES", raising=False)


def test_all_load():
    profiles = load_profiles()
    assert sorted(profiles) == NAMES
    assert all(name == profile.name for name, profile in profiles.items())


@pytest.mark.parametrize("name", NAMES)
def test_platform_stands_beneath(name):
    profile = load_profile(name)
    assert profile.platform == "newsstudio"
    assert profile.selectors["title"] == ("#docDiv3TitrMain",)
    assert profile.selectors["body"] == ("#doctextarea", ".item-body")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_claimed_as_seen_live(name):
    profile = load_profile(name)
    assert profile.evidence
    assert not any(evidence.seen_live for evidence in profile.evidence.values())
    assert all(evidence.source for evidence in profile.evidence.values())


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("akhbarbank", "Asia/Tehran"),
        ("avapress", "Asia/Kabul"),
        ("islamtimes", "Asia/Tehran"),
        ("jahannews", "Asia/Tehran"),
        ("taghribnews", "Asia/Tehran"),
    ],
)
def test_zones(name, zone):
    assert load_profile(name).zone == zone


def test_islamtimes_editions_and_calendars():
    profile = load_profile("islamtimes")
    assert profile.languages == ("en", "fa", "ar", "ur", "tr")
    persian = profile.edition_of("https://www.islamtimes.com/fa/news/1/x")
    assert persian is not None
    assert (persian.language, persian.calendar) == ("fa", "jalali")
    arabic = profile.edition_of("https://www.islamtimes.com/ar/news/1/x")
    assert arabic is not None
    assert (arabic.language, arabic.calendar) == ("ar", "gregorian")


def test_single_edition_is_that_of_every_page():
    edition = load_profile("jahannews").edition_of("https://jahannews.com/news/1/x")
    assert edition is not None
    assert (edition.language, edition.calendar) == ("fa", "jalali")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://www.islamtimes.org/en/news/986527/some-slug", "986527"),
        ("https://islamtimes.org/en/doc/news/442892/", "442892"),
        ("https://www.islamtimes.com/ur/article/1273482/slug", "1273482"),
        ("https://www.islamtimes.com/en/news/986527", "986527"),
        ("https://www.islamtimes.com/en/news/", None),
        ("https://www.islamtimes.com/en/", None),
        ("https://www.islamtimes.com/en/newsletter/12/x", None),
        ("https://www.islamtimes.com/en/tags/news/x", None),
        (None, None),
    ],
)
def test_story_code_in_url(url, code):
    assert load_profile("islamtimes").story_code_of(url) == code


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://islamtimes.org/en/", "islamtimes"),
        ("https://www.islamtimes.org/en/news/1/x", "islamtimes"),
        ("http://ISLAMTIMES.com:8080/fa/", "islamtimes"),
        ("https://fa.islamtimes.com/", "islamtimes"),
        ("https://islamtimes.com./", "islamtimes"),
        ("https://avapress.com/", "avapress"),
        ("https://notislamtimes.org/", None),
        ("https://islamtimes.org.evil.example/", None),
        ("https://islamtimes.net/", None),
        ("https://user:islamtimes.org@evil.example/", None),
        ("https://evil.example/islamtimes.org/", None),
        ("https://[islamtimes.org/", None),
        ("islamtimes.org", None),
        ("", None),
    ],
)
def test_find_profile(url, name):
    found = find_profile(url)
    assert (found.name if found else None) == name


def test_version_is_a_digest_of_the_facts():
    versions = {profile.version for profile in load_profiles().values()}
    assert len(versions) == len(NAMES)
    assert all(re.fullmatch("[0-9a-f]{12}", version) for version in versions)


def test_unknown_name_suggests_a_known_one():
    with pytest.raises(InputError, match=r"no profile is called 'islamtime'.*did you mean 'islamtimes'"):
        load_profile("islamtime")


def test_profiles_travel_between_processes():
    profile = load_profile("islamtimes")
    assert pickle.loads(pickle.dumps(profile)) == profile


def test_facts_are_json_ready_and_tell_patterns_as_text():
    facts = facts_of(load_profile("islamtimes"))
    assert facts["hosts"] == ["islamtimes.com", "islamtimes.org"]
    assert facts["story_urls"] == [load_profile("islamtimes").story_urls[0].pattern]
    assert facts["editions"][1] == {"language": "fa", "calendar": "jalali", "path": "/fa/", "host": None}
    assert "evidence" not in facts
