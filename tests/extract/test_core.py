"""The calls: what they take, and what they raise."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsscraper import extract, trace
from newsscraper.errors import InputError
from newsscraper.extract import EXTRACTION
from newsscraper.sites.profile import Profile

from .pages import BODY, TITLE, meta, page

PROFILE = """
hosts = ["example.org"]
zone = "{zone}"

[evidence]
hosts = {{ seen_live = false, source = "made up" }}
zone = {{ seen_live = false, source = "made up" }}
"""
TIMED = page(head=meta("article:published_time", "2024-03-04T10:15"))


def test_a_profile_is_read_anew_when_the_users_folder_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSSCRAPER_SITES", str(tmp_path))
    dates = []
    for zone in ("Asia/Tehran", "Europe/Oslo"):
        (tmp_path / "ferry.toml").write_text(PROFILE.format(zone=zone), encoding="utf-8")
        dates.append(extract(TIMED, profile="ferry").date)
    assert dates == ["2024-03-04T10:15+03:30", "2024-03-04T10:15+01:00"]


def test_a_name_that_no_profile_has() -> None:
    with pytest.raises(InputError, match="no profile is called"):
        extract(page(), profile="no-such-profile")


def test_the_profiles_container_is_the_storys() -> None:
    html = page(
        body="<div id=x><p>Only this, says the profile, is the story that was printed here.</p></div>", below=page()
    )
    profile = Profile(name="x", selectors={"body": ("#x",)})
    assert extract(html, profile=profile, force=True).body.startswith("Only this")


@pytest.mark.parametrize("url", ["http://[", "", "not a url at all", None])
def test_a_url_that_cannot_be_read_is_none(url: str | None) -> None:
    assert extract(page(), url).body == BODY


def test_bytes_and_text_give_the_same_story() -> None:
    assert extract(page().encode()) == extract(page())


def test_trace_tells_the_same_story_and_every_block() -> None:
    story, account = trace(page())
    assert story == extract(page())
    assert [block.text for block in account.blocks if block.kind == "body"] == BODY.split("\n\n")
    assert account.fields["title"]["value"] == TITLE
    assert account.blocks[-1].path == "html > body > article > p"


def test_the_method_has_a_name_and_a_version() -> None:
    assert EXTRACTION.partition("/")[2].isdecimal()
