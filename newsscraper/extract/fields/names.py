"""Names out of what sources give: labels, addresses, titles and roles cut, joint bylines split."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsscraper.extract.labels import LABELS, cut_label
from newsscraper.extract.text import fix_line, fold, unique
from newsscraper.sites.profile import Profile

_JOINT = re.compile(
    r"\s*(?:[;/|•·、，]|\s(?:and|und|et|y|e|og|och|en|ja|i|и|та|ve|و|और|এবং|és|și|και|with|mit|avec|con)\s|\s&\s|"
    r"\s[-–—]\s)\s*",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[,،]\s*")
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\d{2,}|[<>{}\[\]_=#%]|\.(?:com|org|net|de|fr)\b", re.IGNORECASE)
_DATE_PART = re.compile(r"\s*[|•·]\s*|\s*\d|\n")
_HONORIFIC = re.compile(
    r"^(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dame|Lord|Rev|Herr|Frau|Sr|Sra|Dipl\.-Ing)\.?\s+(?=\S)", re.IGNORECASE
)
_EMAIL = re.compile(r"\S+@\S+|\(\s*\)")
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]\s*")
_PARTICLES = frozenset(
    "de da di do dos das del della der den des du von van vom zu zum zur la le el al bin ibn ben abu ter ten af av y e "
    "und and of the".split()
)
_PREFIXES = ("d'", "d’", "al-", "el-", "as-", "de-")
_ROLES = frozenset(
    fold(role)
    for role in """
    editor reporter correspondent journalist writer staff contributor columnist producer photographer author desk team
    admin administrator newsroom editorial redaktion redakteur redakteurin redaktor reporterin korrespondent
    korrespondentin journalistin autor autorin chefredakteur volontär journaliste rédacteur rédactrice correspondant
    rédaction redacción redactor redactora periodista corresponsal redação repórter jornalista redazione giornalista
    redactie verslaggever redaktionen redaksjonen journalistin chief senior deputy political business sports
    """.split()
)
_AGENCIES = frozenset(
    "AFP AP dpa Reuters TASS ANSA EFE PTI IANS UPI Xinhua AFX SID KNA epd APA sda PAP ČTK MTI ANP TT NTB Ritzau "
    "STT IRNA "
    "ISNA".split()
)
_ANONYMOUS = frozenset(
    "admin administrator user guest unknown anonymous none null undefined webmaster root author by staff".split()
)
LONGEST_BYLINE = 120
"""Letters of a printed byline at most."""


def clean_names(texts: Iterable[str], profile: Profile | None = None) -> list[str]:
    """Names out of what sources give: labels, addresses, titles and roles cut, joint bylines split, no name twice."""
    names: list[str] = []
    for text in texts:
        line = _EMAIL.sub(" ", fix_line(text))
        labelled = cut_label(line, "authors", profile)
        line = labelled if labelled and not _is_only_label(line) else line
        for joint in _JOINT.split(_BRACKETS.sub(" ", line)):
            names += _split_commas(joint.strip())
    return unique(name for name in map(_trim, names) if is_name(name))


def read_byline(text: str, profile: Profile | None = None) -> str | None:
    """The names, as printed, in a line that is a label of authors and names; None for any other line."""
    if not 4 < len(text) < LONGEST_BYLINE:
        return None
    rest = cut_label(text.split("\n", maxsplit=1)[0], "authors", profile)
    names = cut_at_date(rest) if rest else ""
    return names if names and _looks_like_names(names) else None


def cut_at_date(text: str) -> str:
    """A byline up to the date, or whatever else follows a separator, a digit or a line break."""
    return _DATE_PART.split(text, maxsplit=1)[0].strip()


def _looks_like_names(text: str) -> bool:
    parts = [part for part in _JOINT.split(_COMMA.split(text)[0]) if part]
    return bool(parts) and all(is_name(_trim(part)) for part in parts)


def _trim(name: str) -> str:
    """A name without honorifics, and without what follows it in lower case: `Jeanne Doux le mardi`."""
    name = _HONORIFIC.sub("", fix_line(name).strip(" .,:-–—'\""))
    parts = name.split()
    for i, part in enumerate(parts):
        if i >= 2 and part[0].islower() and all(p[0].islower() for p in parts[i:]):
            return " ".join(parts[:i])
    return name


def _is_only_label(line: str) -> bool:
    return fold(line) in {fold(label) for label in LABELS["authors"]}


def _split_commas(text: str) -> list[str]:
    """`A B, C D` are two names; `A B, Political Editor` is one and a role; `Doe, Jane` is turned round."""
    parts = [p for p in _COMMA.split(text) if p]
    if len(parts) == 2 and all(len(p.split()) == 1 for p in parts) and parts[1].istitle():
        return [f"{parts[1]} {parts[0]}"]
    if len(parts) <= 1:
        return parts
    return [p for i, p in enumerate(parts) if i == 0 or (len(p.split()) >= 2 and not _is_role(p)) or p in _AGENCIES]


def _is_role(text: str) -> bool:
    return not _ROLES.isdisjoint(fold(text).split())


def is_name(text: str) -> bool:
    """Up to six words that start upper case where the script has cases, particles aside; no digits, no addresses."""
    if not 2 <= len(text) <= 60 or _NOT_A_NAME.search(text) or fold(text) in _ANONYMOUS or not fold(text):
        return False
    parts = text.split()
    if len(parts) > 6:
        return False
    return all(_starts_as_names_do(part) for part in parts) or (len(parts) == 1 and text in _AGENCIES)


def _starts_as_names_do(part: str) -> bool:
    return not part[0].islower() or part.lower() in _PARTICLES or part.startswith(_PREFIXES)
