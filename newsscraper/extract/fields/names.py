"""Names out of what sources give: labels, addresses, titles and roles cut, joint bylines split."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from newsscraper.extract.dates.folding import fold_key
from newsscraper.extract.dates.lexicon import lexicon
from newsscraper.extract.labels import BEFORE_BYLINE, LABELS, cut_label, find_label
from newsscraper.extract.text import fix_line, fold, unique
from newsscraper.sites.profile import Profile

_JOINT = re.compile(
    r"\s*(?:[;/|•·●⋅、，]|\s(?:and|und|et|y|e|og|och|en|ja|i|и|та|ve|و|और|এবং|és|și|και|with|mit|avec|con)\s|\s&\s|"
    r"\s[-–—]\s)\s*",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[,،]\s*")
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\d{2,}|[<>{}\[\]_=#%]|\.(?:com|org|net|de|fr)\b", re.IGNORECASE)
_DATE_PART = re.compile(r"\s*[|•·●⋅]\s*|\s[-–—~]\s|\s*\d|\n")
_PART = re.compile(r"\s*[|•·●⋅\n]\s*|\s[-–—~]+\s|\s*[,.]?\s*\d[\d.:/,-]*\s*")
_CASED = re.compile(r"[^\W\d_]")
_HONORIFIC = re.compile(
    r"^(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dame|Lord|Rev|Herr|Frau|Sr|Sra|Dipl\.-Ing)\.?\s+(?=\S)", re.IGNORECASE
)
_FULL_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])+(?: (?:[^\W\d_]|['’.-])+)+$")
_HANDLE_REFUSED = re.compile(r"https?:|www\.|[<>{}\[\]=#%]|^\d+\s")
_TRAILER = re.compile(
    r"(?<=\w)(?:\s+(?:Illustration(?:en|s)?|Fotos?|Photos?|Photography|Bilder|Kategorien?|Categories|Updated|Last|Follow|"
    r"Staff Writers?|Senior|Contributor|Contributing|Correspondent|Posted|Veröffentlicht|Publicado|Publié|"
    r"For\s)|Published|Updated)\b.*$"
)
"""What bylines print behind a name without a separator."""
_EMAIL = re.compile(r"\S*@\S+|\(\s*\)")
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]\s*")
_PARTICLES = frozenset(
    "de da di do dos das del della der den des du von van vom zu zum zur la le el al bin ibn ben abu ter ten af av y e "
    "und and of the".split()
)
_BEFORE_NAMES = frozenset("by von par por av af door przez".split())
_BEHIND_NAMES = frozenset("in on at for from with am um".split())
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
_ORGANISATIONS = frozenset(
    "gmbh ag kg ug inc ltd llc llp plc corp srl spa bv nv oy ab media verlag publishing group team staff editorial "
    "redaktion redaction redacción redação rédaction redazione redactie news zeitung newspaper press presse agency "
    "agencies agenturen agentur desk newsroom online magazine magazin foundation institute university association blog "
    " редакция редакції 編集部 editors writers admin company journal gazette times post tv radio".split()
)
_ANONYMOUS = frozenset(
    "admin administrator user guest unknown anonymous none null undefined webmaster root author by staff "
    "wordpressadmin webadmin siteadmin wpadmin adminn default na".split()
) | {"no author", "not specified", "n a"}
LONGEST_BYLINE = 120
"""Letters of a printed byline at most."""
_AROUND_DATES = frozenset(
    "on at le el la il am um uhr of the updated update posted published publicado publié publicerad min mins minute "
    "minutes minuten read lesezeit reading time ago follow follows share link links posts comment comments writer by "
    "uncategorized recent related latest last more all articles see show view stand datum date fecha data por par von "
    "email contact kontakt i".split()
)
"""Words beside a date, and of buttons, that are no name where nothing else stands with them."""


def clean_names(texts: Iterable[str], profile: Profile | None = None, whole: Iterable[str] = ()) -> list[str]:
    """Names out of what sources give: labels, addresses, titles and roles cut, joint bylines split, no name twice.

    `whole` are names, folded, that are never split: a site's own may hold an "and".
    """
    names: list[str] = []
    for text in texts:
        if whole and fold(text) in whole:
            names.append(fix_line(text))
            continue
        line = _EMAIL.sub(" ", fix_line(text))
        labelled = cut_label(line, "authors", profile)
        line = labelled if labelled and not _is_only_label(line) else line
        for joint in _JOINT.split(_BRACKETS.sub(" ", line)):
            names += _split_commas(joint.strip())
    return _drop_longer(unique(name for name in map(_trim, names) if is_name(name)))


def drop_roles(names: list[str]) -> list[str]:
    """Without what only says what another of the names does: `Senior Politics Editor`, `Gardener`."""
    if not any(map(is_full_name, names)):
        return names
    return [name for name in names if not _is_role(name) and (" " in name or name.isupper() or name in _AGENCIES)]


def _drop_longer(names: list[str]) -> list[str]:
    """Without what only leads to another of the names: `More about Jane Doe`, `All stories ofJane Doe`."""
    if len(names) < 2:
        return names
    return [n for n in names if not any(n != m and len(m) > 4 and n.rstrip(" »›>").endswith(m) for m in names)]


def clean_handles(texts: Iterable[str]) -> list[str]:
    """Declared authors that are no names by their form: `jane doe`, `jdoe`, `red`; of one or two words."""
    lines = [_EMAIL.sub(" ", fix_line(text)) for text in texts]
    found = [(cut_label(line, "authors") or line).strip(" .,:-–—'\"@") for line in lines]
    return unique(
        handle
        for handle in found
        if 2 <= len(handle) <= 40
        and len(handle.split()) <= 2
        and _CASED.search(handle)
        and fold(handle) not in _ANONYMOUS
        and "/" not in handle
        and not _HANDLE_REFUSED.search(handle)
        and not _is_about_dates(handle)
    )


def read_byline(text: str, profile: Profile | None = None) -> str | None:
    """The names, as printed, in a line that is a label of authors and names; None for any other line."""
    if not 4 < len(text) < LONGEST_BYLINE:
        return None
    rest = cut_label(text.split("\n", maxsplit=1)[0], "authors", profile)
    names = cut_at_date(rest) if rest else ""
    return names if names and _looks_like_names(names) else None


def cut_at_date(text: str) -> str:
    """A byline up to the date, or whatever else follows a separator, a digit or a line break."""
    match = _DATE_PART.search(text)
    if match is None:
        return text.strip()
    return (
        _drop_date_words(text[: match.start()]) if text[match.end() - 1].isdecimal() else text[: match.start()].strip()
    )


def read_mixed_byline(text: str, profile: Profile | None = None) -> list[str]:
    """Names in a line that holds a date as well, before or behind them: `4 March 2024 - Jane Doe`, `Jane on 4 March`.

    Only parts that are full names, or that stand behind a label of authors, count.
    """
    found: list[str] = []
    for part in _PART.split(text):
        words = _drop_date_words(part.strip(" -–—~|"))
        if not words:
            continue
        labelled = cut_label(words, "authors", profile)
        names = labelled or words
        if _looks_like_names(names) and (labelled or all(is_full_name(n) for n in _names_in(names))):
            found.append(names)
    return found


def read_label_inside(text: str) -> str | None:
    """What follows a label of authors that only a date and words such as "posted" precede; None for any other line."""
    first = text.split(maxsplit=1)[:1]
    if not first or not (_is_date_word(first[0]) or fold(first[0]) in BEFORE_BYLINE):
        return None
    match = find_label(text, "authors")
    if match is None:
        return None
    before = [w for w in _drop_date_words(text[: match.start()]).split() if any(c.isalpha() for c in w)]
    if len(before) > 4 or any(not _is_date_word(w) and fold(w) not in BEFORE_BYLINE for w in before):
        return None
    names = cut_at_date(text[match.end() :])
    return names if names and _looks_like_names(names) else None


def _drop_date_words(text: str) -> str:
    """Without the words at either end that only stand beside a date."""
    parts = text.split()
    while parts and _is_date_word(parts[-1]):
        parts.pop()
    while parts and _is_date_word(parts[0]):
        parts.pop(0)
    return " ".join(parts)


@lru_cache(maxsize=4096)
def _is_date_word(word: str) -> bool:
    """A month, a weekday, or a small word beside a date; `Jan.` and `March,` too."""
    key = fold_key(word.strip(".,;:()"))
    tables = lexicon()
    return (
        key.isdecimal()
        or key in tables.months
        or key in tables.weekdays
        or key in tables.meridiem
        or fold(word) in _AROUND_DATES
    )


def _is_about_dates(text: str) -> bool:
    return all(_is_date_word(word) for word in text.split())


def _names_in(text: str) -> list[str]:
    return [part for piece in _COMMA.split(text) for part in _JOINT.split(piece) if part]


def is_full_name(name: str) -> bool:
    """Two to four words of letters, as people are called where scripts have cases; no role, not all in capitals."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and is_name(name)
        and _FULL_NAME.match(name) is not None
        and not _is_role(name)
        and not is_organisation(name)
        and name.upper() != name != name.lower()
    )


def _looks_like_names(text: str) -> bool:
    parts = [part for part in _JOINT.split(_COMMA.split(text)[0]) if part]
    return bool(parts) and all(is_name(_trim(part)) for part in parts)


def _trim(name: str) -> str:
    """A name without honorifics, and without what follows it in lower case: `Jeanne Doux le mardi`."""
    name = _HONORIFIC.sub("", _TRAILER.sub("", fix_line(name)).strip(" .,:-–—'\"~→»›*"))
    parts = name.split()
    while len(parts) > 2 and parts[-1].lower() in _BEHIND_NAMES:
        name = name[: -len(parts.pop())].strip()
    for i, part in enumerate(parts):
        if i >= 2 and part[0].islower() and all(p[0].islower() for p in parts[i:]):
            return " ".join(parts[:i])
    return name


def _is_only_label(line: str) -> bool:
    return fold(line) in _FOLDED_LABELS


_FOLDED_LABELS = frozenset(
    fold(label) for key in ("authors", "date", "date_modified", "comments") for label in LABELS[key]
)


def _split_commas(text: str) -> list[str]:
    """`A B, C D` are two names; `A B, Political Editor` is one and a role; `Doe, Jane` is turned round."""
    parts = [p for p in _COMMA.split(text) if p]
    if len(parts) == 2 and all(len(p.split()) == 1 for p in parts) and parts[1].istitle():
        return [f"{parts[1]} {parts[0]}"]
    if len(parts) <= 1:
        return parts
    return [p for i, p in enumerate(parts) if i == 0 or (len(p.split()) >= 2 and not _is_role(p)) or p in _AGENCIES]


def is_organisation(name: str) -> bool:
    """A company, an office or an editorial team by its own words."""
    return not _ORGANISATIONS.isdisjoint(fold(name).split())


def _is_role(text: str) -> bool:
    return not _ROLES.isdisjoint(fold(text).split())


def is_name(text: str) -> bool:
    """Up to six words that start upper case where the script has cases, particles aside; no digits, no addresses."""
    if not 2 <= len(text) <= 60 or _NOT_A_NAME.search(text) or fold(text) in _ANONYMOUS or not fold(text):
        return False
    parts = text.split()
    if len(parts) > 6 or _is_about_dates(text) or text[0] in "+-©" or _is_only_label(text):
        return False
    if len(parts) > 1 and parts[-1] in _BEFORE_NAMES:
        return False
    return all(_starts_as_names_do(part) for part in parts) or (len(parts) == 1 and text in _AGENCIES)


def _starts_as_names_do(part: str) -> bool:
    return not part[0].islower() or part.lower() in _PARTICLES or part.startswith(_PREFIXES)
