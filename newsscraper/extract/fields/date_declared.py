"""Dates that a page tells machines: profile selectors, JSON-LD, meta tags, microdata, its URL, data in its scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from newsscraper.extract.dates import ReadDate, read_date, read_machine_date
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import string_in
from newsscraper.extract.tree import text_of

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "og:pubdate",
    "datepublished",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date",
    "published_date", "publication_date",
    "publication-date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date",
    "dc.date", "date.issued",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "citation_publication_date", "citation_date",
    "article.published",
    "originalpublicationdate", "article_date_original", "rnews:datepublished", "created", "article:post_date",
    "published", "release_date",
    "bt:pubdate", "shareaholic:article_published_time", "ptime", "displaydate", "timestamp", "datecreated", "date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "og:updated_time", "article:modified", "og:modified_time", "datemodified",
    "dcterms.modified", "dc.date.modified",
    "lastmod", "last-modified", "modified", "revised", "article.updated", "bt:moddate", "updated_time",
    "cxenseparse:recs:modifiedtime",
)  # fmt: skip
GENERIC = 4.0
"""Evidence for a meta tag that says "date" and not of what."""
_RANKS = {name: rank for rank, name in enumerate(PUBLISHED_META)}
_KNOWN = frozenset(PUBLISHED_META + MODIFIED_META)
_OTHER_NAME = re.compile(
    r"(?<!last)(?:publish(?:ed)?|publication|pub|post|issue|original)(?:date|time|at|on)(?:time|utc|gmt)?$"
    r"|(?:date|time)(?:published|posted|publication|publish)$|(?:^|first)published$"
    r"|(?:created?|creation|reg|release)(?:date|time|at|on)$"
)
_CHANGE_NAME = re.compile(
    r"(?:modified|modification|update|updated|edited|revised|lastpublished)(?:date|time|at|on)$"
    r"|(?:date|time)(?:modified|updated)$|lastmod(?:ified)?$|lastupdated?$"
)
"""Names of meta tags, letters only, that tell publication on sites with names of their own."""
_URL_DAY = re.compile(
    r"[/\-_.](?P<y>(?:19|20)\d\d)[/\-_.]?(?P<m>0[1-9]|1[0-2])[/\-_.]?(?P<d>0[1-9]|[12]\d|3[01])(?=[/\-_.T]|$|[a-z]\b)"
)
_URL_NAMED_DAY = re.compile(
    r"/(?P<y>(?:19|20)\d\d)/(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}/(?P<d>\d{1,2})(?=/|$)",
    re.IGNORECASE,
)
_TO_VALUE = r"\\{0,8}[\"']\s{0,9}:\s{0,9}\\{0,8}[\"']?(?P<value>\d[^\"'\\<>,}]{7,34})"
_SCRIPT_KEYS = (
    re.compile(
        r"[\"'](?:date_?published|published_?(?:at|on|date|time)|publish_?(?:date|time)|publication_?(?:date|time)|"
        r"first_?published(?:_?at|_?date)?|pub_?date|date_?posted)"
        rf"{_TO_VALUE}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"[\"'](?:date_?created|created_?(?:at|on|date)|creation_?date){_TO_VALUE}",
        re.IGNORECASE,
    ),
)
_SHORTEST_JSON = 30
"""Characters of an attribute below which its JSON tells no date."""
_MOST_IN_SCRIPTS = 40
"""Dates under a key that are looked at."""


def declared_dates(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """Profile selectors, JSON-LD, meta tags, microdata, in order of trust."""
    page, structured = layout.page, layout.page.structured
    edition = page.profile.edition_of(page.url)
    for text in select_texts(page, "date"):
        date = read_machine_date(text) or _read(text, layout, calendar=edition.calendar if edition else None)
        if date and is_credible(date, layout):
            yield Candidate("profile selector", date, 10.0)
            break
    story = structured.story
    for key, score in (("datePublished", 6.0), ("dateCreated", 4.0), ("uploadDate", 4.5)):
        yield from _machine(f"json-ld {key}", string_in(story.get(key)), score, layout)
    for node in structured.nodes:
        if node is not story and "datePublished" in node:
            yield from _machine("json-ld datePublished of another node", string_in(node["datePublished"]), 4.2, layout)
            break
    yield from _published_meta(layout)
    for key, score in (("datePublished", 5.0), ("dateCreated", 3.9)):
        for element in structured.itemprops.get(key, ())[:3]:
            value = element.get("content") or element.get("datetime") or _title(element) or text_of(element)
            yield from _machine(f"microdata {key}", value, score, layout)


def _published_meta(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """Known names in order of trust, then names that say as much in words of the site's own."""
    meta = layout.page.structured.meta
    for name in sorted(_RANKS.keys() & meta.keys(), key=_RANKS.__getitem__):
        score = GENERIC if name == "date" else 5.5 - 0.03 * _RANKS[name]
        yield from _machine(f"meta {name}", meta[name][0], score, layout)
    for name in sorted(_other_names(layout, _OTHER_NAME), key=lambda name: meta[name][0]):
        yield from _machine(f"meta {name}", meta[name][0], 4.1, layout)


def _other_names(layout: Layout, pattern: re.Pattern[str]) -> list[str]:
    """Names of meta tags that are in no table here and, letters only, match the pattern."""
    names = [name for name in layout.page.structured.meta if name not in _KNOWN]
    return [name for name in names if pattern.search("".join(filter(str.isalpha, name)))]


def _title(element: etree._Element) -> str | None:
    """The `title` of hAtom's `<abbr class=published title=...>`."""
    title = element.get("title") or ""
    return title if title[:4].isdecimal() else None


def _machine(source: str, value: str | None, score: float, layout: Layout) -> Iterator[Candidate[ReadDate]]:
    date = read_machine_date(value) if value else None
    if date is None and value:
        date = _read(value, layout)
    if date is not None and is_credible(date, layout):
        yield Candidate(source, date, score)


def is_credible(date: ReadDate, layout: Layout) -> bool:
    """Between the first news sites and the fetch."""
    fetched = layout.page.fetched_at
    return "1990" <= date.iso[:4] <= "2100" and (not fetched or date.iso[:10] <= _next_day(fetched))


def _next_day(fetched_at: str) -> str:
    """A string that sorts after every date on the day of the fetch and the one after it."""
    day = fetched_at[:10]
    return day[:8] + f"{int(day[8:10]) + 1:02d}" if day[8:10].isdecimal() else "9999"


def _read(text: str, layout: Layout, *, calendar: str | None = None) -> ReadDate | None:
    return read_date(text, language=layout.language_hint, calendar=calendar, not_after=layout.page.fetched_at)


def url_dates(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """The date in the page's URL: `/2019/05/12/`, `/2019-05-12-`, `/2019/may/12/`."""
    url = layout.page.url or layout.page.structured.first_meta("og:url") or ""
    match = _URL_DAY.search(url) or _URL_NAMED_DAY.search(url)
    if match:
        date = read_machine_date(f"{match['y']}-{_month(match['m']):02}-{int(match['d']):02}")
        if date and is_credible(date, layout):
            raw = match[0].strip("/-_.")
            yield Candidate("URL", ReadDate(date.iso, raw, 0, 0, "gregorian", None, False, False), 2.4)


def _month(printed: str) -> int:
    """1 to 12, of figures or an English name."""
    if printed.isdecimal():
        return int(printed)
    return "janfebmaraprmayjunjulaugsepoctnovdec".index(printed[:3].lower()) // 3 + 1


def script_dates(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """The one day that data in scripts and attributes gives as publication, else as creation; of several, none."""
    texts = [text for text in _data_texts(layout) if _may_tell(text)]
    for keys, score in zip(_SCRIPT_KEYS, (0.9, 0.6), strict=True):
        values = [match["value"] for text in texts for match in keys.finditer(text)][:_MOST_IN_SCRIPTS]
        found = [date for value in values if (date := read_machine_date(value))]
        if len({date.iso[:10] for date in found}) == 1 and is_credible(found[0], layout):
            yield Candidate("data in a script", found[0], score)
            return


def _data_texts(layout: Layout) -> Iterator[str]:
    """Texts of scripts, and attributes that hold JSON."""
    for element in layout.page.root.iter(etree.Element):
        if element.tag == "script" and element.text:
            yield element.text
        yield from (str(v) for v in element.attrib.values() if len(v) > _SHORTEST_JSON and str(v)[0] in "{[")


def _may_tell(text: str) -> bool:
    return any(part in text for part in ("ublish", "ublication", "pubDate", "pub_date", "ePosted", "reated"))


def modified_dates(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """Dates of the last change, in order of trust."""
    structured = layout.page.structured
    yield from _machine("profile selector", next(iter(select_texts(layout.page, "date_modified")), None), 0, layout)
    yield from _machine("json-ld dateModified", string_in(structured.story.get("dateModified")), 0, layout)
    for name in (*MODIFIED_META, *_other_names(layout, _CHANGE_NAME)):
        yield from _machine(f"meta {name}", structured.first_meta(name), 0, layout)
    for element in structured.itemprops.get("dateModified", ())[:1]:
        value = element.get("content") or element.get("datetime") or text_of(element)
        yield from _machine("microdata dateModified", value, 0, layout)
