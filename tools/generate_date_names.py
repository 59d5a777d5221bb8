"""Write `newsscraper/extract/dates/names.json` from the CLDR data that Babel carries.

Run by hand when CLDR changes (`pip install babel`, then `python tools/generate_date_names.py`). The file holds, for a
locale, the names of the Gregorian months (January first), of the weekdays (Monday first) and of the halves of the day.
What CLDR lacks, or what Babel leaves out of it (every calendar but the Gregorian), is written by hand in
`extra_names.toml` beside that file.
"""

from __future__ import annotations

import json
import multiprocessing
import unicodedata
from pathlib import Path
from typing import Any

import babel

LOCALES = """
    en de de_AT fr es pt pt_PT it ru tr ar ar_LB ar_DZ ar_MA ar_MR fa fa_AF ur ps uk pl cs sk nl sv da nb nn fi el hu
    ro bg sr sr_Latn hr bs sl mk he hi bn id ms vi ja ko zh th ca gl az ckb ku sw ta te ml mr ne si kn gu pa
    et lv lt sq is be hy ka kk ky uz tg tk mn af fil mt
"""
TARGET = Path(__file__).parent.parent / "newsscraper" / "extract" / "dates" / "names.json"


def main() -> None:
    """Generate the file."""
    # Babel answers a locale's aliases with what it resolved for another before (Hebrew months in Korean), so that each
    # locale needs a process of its own.
    with multiprocessing.get_context("spawn").Pool(2, maxtasksperchild=1) as pool:
        tables = dict(pool.map(named_table_of, LOCALES.split(), chunksize=1))
    lines = [f"{json.dumps(name)}: {json.dumps(table, ensure_ascii=False)}" for name, table in tables.items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def named_table_of(name: str) -> tuple[str, dict[str, Any]]:
    """BCP 47 name and table of one of `LOCALES`."""
    return name.replace("_", "-"), table_of(babel.Locale.parse(name))


def table_of(locale: babel.Locale) -> dict[str, Any]:
    """One locale's names; every list of forms holds each form once."""
    return {
        "months": [forms(locale.months, number) for number in range(1, 13)],
        "weekdays": [forms(locale.days, number) for number in range(7)],
        "am": half_of_day(locale, "am"),
        "pm": half_of_day(locale, "pm"),
    }


def forms(names: Any, key: int) -> list[str]:
    """The wide and abbreviated forms, inside a date and alone, that a reader of words can use."""
    found = [names[use][width].get(key, "") for use in ("format", "stand-alone") for width in ("wide", "abbreviated")]
    return list(dict.fromkeys(form for form in found if is_word(form) and len(form) > 1))


def half_of_day(locale: babel.Locale, half: str) -> list[str]:
    """The names of a half of the day."""
    periods = locale.day_periods.get("format", {})
    found = [periods.get(width, {}).get(half, "") for width in ("wide", "abbreviated")]
    return list(dict.fromkeys(form for form in found if is_word(form)))


def is_word(form: str) -> bool:
    """True unless the form is empty or is itself made with a number (East Asian and Vietnamese months)."""
    han_month = form.endswith("月")
    return bool(form) and not han_month and not any(unicodedata.category(char) == "Nd" for char in form)


if __name__ == "__main__":
    main()
