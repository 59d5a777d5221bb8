"""The date reader: printed dates and machine-readable ones, in the languages and calendars of news sites.

    ```
    find_dates("چهارشنبه ۱۰ فروردين ۱۴۰۱ ساعت ۲۱:۵۰")[0].iso  # '2022-03-30T21:50'
    ```

Pure functions over package data (`names.json`, generated from CLDR; `extra_names.toml`, written by hand). The path of a
text: `folding` spells it one way, `anchors` says which stretches may hold a date, `shapes` turns a stretch into one
character a token, `grammar` finds dates as patterns over those characters, `readings` weighs what the numbers can mean,
`weekdays`, `clock`, `timing` and `zones` read what stands beside a date; `reader` is the recipe. `machine` reads
attribute values, `relative` what is told from the moment of reading; `label_words` tell publication from change.
"""

from newsscraper.extract.dates.label_words import DATED, MODIFIED, PUBLISHED, read_role
from newsscraper.extract.dates.machine import read_machine_date
from newsscraper.extract.dates.model import ReadDate
from newsscraper.extract.dates.places import offset_of_country
from newsscraper.extract.dates.reader import find_dates, first_plausible, read_date
from newsscraper.extract.dates.relative import read_relative
from newsscraper.extract.dates.zones import to_utc, with_zone

__all__ = [
    "DATED",
    "MODIFIED",
    "PUBLISHED",
    "ReadDate",
    "find_dates",
    "first_plausible",
    "offset_of_country",
    "read_date",
    "read_machine_date",
    "read_relative",
    "read_role",
    "to_utc",
    "with_zone",
]
