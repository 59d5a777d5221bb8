"""Words that sites print before a value."""

from __future__ import annotations

import pytest

from newsscraper.extract.labels import cut_label, find_code, find_label, is_label, read_code
from newsscraper.sites.profile import Profile


@pytest.mark.parametrize(
    ("text", "field", "rest"),
    [
        ("Story Code: 986527", "story_code", "986527"),
        ("STORY CODE 986527", "story_code", "986527"),
        ("کد مطلب: ۹۸۶۵۲۷", "story_code", "۹۸۶۵۲۷"),
        ("كد مطلب : ۹۸۶۵۲۷", "story_code", "۹۸۶۵۲۷"),
        ("رمز الخبر: ٤٤٢٨٩٢", "story_code", "٤٤٢٨٩٢"),
        ("Haber kodu: 12", "story_code", "12"),
        ("Tags: ice, sea", "tags", "ice, sea"),
        ("Tags", "tags", ""),
        ("برچسب\u200cها: یخ", "tags", "یخ"),
        ("标签：冰", "tags", "冰"),
        ("Schlagwörter Eis", "tags", "Eis"),
        ("Tagesschau", "tags", None),
        ("By Jane Doe", "authors", "Jane Doe"),
        ("Byzantine art", "authors", None),
        ("Von Eva Muster", "authors", "Eva Muster"),
        ("Published: 4 March", "date", "4 March"),
        ("Last updated 4 March", "date_modified", "4 March"),
        ("\u202bتاریخ انتشار\u202c: ۴", "date", "۴"),
        ("The story code", "story_code", None),
    ],
)
def test_cut_label(text: str, field: str, rest: str | None) -> None:
    assert cut_label(text, field) == rest


def test_a_profile_adds_labels() -> None:
    profile = Profile(name="x", labels={"story_code": ("Ferry mark",)})
    assert cut_label("Ferry mark: 77", "story_code") is None
    assert cut_label("Ferry mark: 77", "story_code", profile) == "77"
    assert find_code("4 March | Ferry mark: 77", profile) == "77"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Story Code: 986527", "986527"),
        ("4 March 2024 - 21:50 | Story Code : 986527 | print", "986527"),
        ("تاریخ: ۱۰ فروردین - کد خبر: ۹۸۶۵۲۷", "986527"),
        ("رمز الخبر: ٤٤٢٨٩٢", "442892"),
        ("خبر کا کوڈ: ۱۲۷۳۴۸۲", "1273482"),
        ("Haber No: 5512", "5512"),
        ("Код новости: 5512", "5512"),
        ("समाचार कोड: ५५१२", "5512"),
        ("News ID # 5512", "5512"),
        ("기사번호 : 5512", "5512"),
        ("รหัสข่าว: ๕๕๑๒", "5512"),
        ("ID článku: 5512", "5512"),
        ("Mã tin 5512", "5512"),
        ("Article ID n° 5512", "5512"),
        ("Story № 12, News No 5512", "5512"),
        ("کد\u200cمطلب ۹۸۶۵۲۷", "986527"),
        ("12 March 2024, 10:15, room 5512", None),
        ("Dress code: 5512", None),
        ("History Code: 5512", None),
        ("Story Code: none", None),
        ("Story Code: 1", None),
    ],
)
def test_find_code(text: str, code: str | None) -> None:
    assert find_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("986527", "986527"), ("#۹۸۶۵۲۷ x", "986527"), ("x 986527", None), ("7", None), ("1" * 19, None)],
)
def test_read_code(text: str, code: str | None) -> None:
    assert read_code(text) == code


@pytest.mark.parametrize(
    ("text", "alone"), [("Tags", True), ("tags:", True), ("برچسب\u200cها", True), ("ice", False), ("Tags: ice", False)]
)
def test_a_label_alone(text: str, alone: bool) -> None:
    assert is_label(text, "tags") is alone


def test_a_label_inside_a_line() -> None:
    found = find_label("Posted 4 March by Jane Doe", "authors")
    assert found is not None
    assert found.string[found.end() :] == "Jane Doe"
    assert find_label("Byzantine art", "authors") is None
