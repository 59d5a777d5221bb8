"""Every name of the two tables is read as what its table says, when its language is known."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest

from newsscraper.extract.dates import find_dates
from newsscraper.extract.dates.readings import to_gregorian

FOLDER = files("newsscraper.extract.dates")
CLDR = json.loads((FOLDER / "names.json").read_text(encoding="utf-8"))
EXTRA = tomllib.loads((FOLDER / "extra_names.toml").read_text(encoding="utf-8"))
YEARS = {"gregorian": 2022, "jalali": 1401, "hijri": 1443}


def tables() -> Iterator[tuple[str, str, list[list[str]]]]:
    for language, names in CLDR.items():
        yield language, "gregorian", names["months"]
    for table in EXTRA["months"]:
        forms = [name.split("|") if name else [] for name in table["names"]]
        yield table["language"], table.get("calendar", "gregorian"), forms


@pytest.mark.parametrize(("language", "calendar", "months"), list(tables()))
def test_month_names(language: str, calendar: str, months: list[list[str]]) -> None:
    wrong = []
    for number, forms in enumerate(months, 1):
        day = to_gregorian(calendar, YEARS[calendar], number, 15)
        assert day is not None
        for form in forms:
            found = find_dates(f"15 {form} {YEARS[calendar]}", language=language)
            if [(date.iso, date.calendar) for date in found] != [(day.isoformat(), calendar)]:
                wrong.append((form, day.isoformat(), found))
    assert not wrong


def test_names_are_of_their_language() -> None:
    """Babel has mixed one locale's names into another's: Hebrew letters are Hebrew's, Thai letters Thai's."""
    for letters, owner in (("א", "he"), ("ก", "th"), ("Α", "el"), ("ა", "ka")):
        script = range(ord(letters) & ~0x7F, (ord(letters) & ~0x7F) + 0x80)
        users = {
            name
            for name, table in CLDR.items()
            if any(ord(char) in script for char in json.dumps(table, ensure_ascii=False))
        }
        assert users <= {owner, "hy"}, letters


@pytest.mark.parametrize("language", CLDR)
def test_weekday_names(language: str) -> None:
    month = next(iter(CLDR[language]["months"][4]), "tháng 5")
    wrong = []
    for number, forms in enumerate(CLDR[language]["weekdays"]):
        for form in forms:
            (date,) = find_dates(f"{form}, {2 + number} {month} 2022", language=language)  # 2 May 2022 was a Monday
            if date.weekday_agrees is not True:
                wrong.append(form)
    assert not wrong


def test_zone_table_names_zones() -> None:
    zones = tomllib.loads((FOLDER / "zones.toml").read_text(encoding="utf-8"))
    for phrase in zones["phrases"]:
        (date,) = find_dates(f"30 March 2022 21:50 {phrase}")
        assert date.zone_from_text, phrase
    for name in zones["fixed"]:
        (date,) = find_dates(f"30 March 2022 21:50 {name.upper()}")
        assert date.zone_from_text, name
        (date,) = find_dates(f"30 March 2022 21:50 {name}!")
        assert date.zone_from_text == (name in ("z", "utc", "gmt", "мск")), name
