"""Every fact that a profile may hold about a page is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsscraper import extract, trace
from newsscraper.sites import read_profile_file
from newsscraper.sites.profile import Profile

PROSE = "The harbour board met on Monday and talked for three hours about the old crane. "
SOURCE = '{ seen_live = false, source = "made up" }'
PAGE = f"""<html lang="en"><head><title>Board keeps the crane - Quay</title>
<meta name="description" content="Meta words.">
</head><body><h1>Board keeps the crane</h1><div class="x1">The crane stays where it is.</div>
<div class="x2"><p>{PROSE}Nobody voted against it, and nobody was surprised by that.</p>
<p class="begging">{PROSE}Please give us money, as much as you can, for we have none left.</p>
<p>{PROSE}The painters come in May, and the harbour will smell of it for a week.</p></div>
<div class="x3">Changed: 5 May 2021, 10:15</div><div class="x4">Own summary of the site.</div>
<div class="x5">The Quay Paper</div><div class="x6">nb</div>
<div class="gallery"><img src="/one.jpg" alt=""><img src="/two.jpg" alt=""></div></body></html>"""


def make_profile(tmp_path: Path, lines: str, evidence: str) -> Profile:
    file = tmp_path / "quay.toml"
    file.write_text(
        f'hosts = ["quay.example"]\n{lines}\n[evidence]\nhosts = {SOURCE}\n{evidence} = {SOURCE}\n',
        encoding="utf-8",
    )
    return read_profile_file(file)


def test_drop(tmp_path: Path) -> None:
    assert "give us money" in extract(PAGE).body
    profile = make_profile(tmp_path, 'drop = [".begging"]', "drop")
    story, account = trace(PAGE, profile=profile)
    assert "give us money" not in story.body
    assert story.body.count("The harbour board met") == 2
    assert [b.reason for b in account.blocks if "give us money" in b.text] == ["the profile drops it"]


@pytest.mark.parametrize(
    ("field", "selector", "value"),
    [
        ("lead", ".x1", "The crane stays where it is."),
        ("description", ".x4", "Own summary of the site."),
        ("publisher", ".x5", "The Quay Paper"),
        ("date_modified", ".x3", "2021-05-05T10:15"),
        ("title", ".x5", "The Quay Paper"),
        ("authors", ".x5", ["The Quay Paper"]),
        ("tags", ".x6", ["nb"]),
        ("section", ".x6", ["nb"]),
        ("date", ".x3", "2021-05-05T10:15"),
        ("images", ".gallery", ["https://quay.example/one.jpg", "https://quay.example/two.jpg"]),
    ],
)
def test_selectors(tmp_path: Path, field: str, selector: str, value: object) -> None:
    profile = make_profile(tmp_path, f'[selectors]\n{field} = ["{selector}"]', "selectors")
    found = getattr(extract(PAGE, "https://quay.example/crane", profile=profile), field)
    assert ([image["url"] for image in found] if field == "images" else found) == value


def test_a_selected_language_counts_where_the_text_bears_it_out(tmp_path: Path) -> None:
    profile = make_profile(tmp_path, '[selectors]\nlanguage = [".x6"]', "selectors")
    assert extract(PAGE, profile=profile).language == "en"
    assert extract(PAGE.replace(">nb<", ">en-GB<"), profile=profile).language == "en-GB"


def test_lead_by_selector_stays_out_of_the_body(tmp_path: Path) -> None:
    profile = make_profile(tmp_path, '[selectors]\nlead = [".opening"]', "selectors")
    story = extract(PAGE.replace('class="x2"><p>', 'class="x2"><p class="opening">'), profile=profile)
    assert story.lead == f"{PROSE}Nobody voted against it, and nobody was surprised by that."
    assert story.lead not in story.body
    assert "The painters come in May" in story.body


@pytest.mark.parametrize(("fetched_at", "date"), [("2022-03-10T00:00:00Z", "2022-03-09T08:25"), ("2011-05-05", None)])
def test_no_selector_makes_a_date_later_than_the_fetch(tmp_path: Path, fetched_at: str, date: str | None) -> None:
    profile = make_profile(tmp_path, '[selectors]\ndate = [".when"]', "selectors")
    text = "<p>" + "The ferry sailed again, and nobody on the quay was surprised by that. " * 4
    page = f"<h1>Ferry sails again</h1><div class=when>Wednesday 9 Mar 2022 8:25</div>{text}"
    assert extract(page, profile=profile, fetched_at=fetched_at).date == date
