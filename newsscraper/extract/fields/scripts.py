"""Which script, and which of two sister languages, a text is written in: told by letters that only one of them has."""

from __future__ import annotations

TOLD_BY_LETTERS = frozenset(("zh", "sr", "uk", "ru", "be"))
"""Languages that `fix_language` looks at."""
_HANT = frozenset(
    "們個來時國會說過對後這發經學現開問關間長見門車東語點實電體業員選總統變動讓從裡邊樣話頭還沒給應當無進處義與氣視書機場號標題區"
    "廣續際報導記雙歲歷師線網銀傳連達黨務議華"
)
_HANS = (
    frozenset(
        "们个来时国会说过对后这发经学现开问关间长见门车东语点实电体业员选总统变动让从里边样话头还没给应当无进处义与气视书机场号标题区"
        "广续际报导记双岁历师线网银传连达党务议华"
    )
    - _HANT
)
_TRADITIONAL_REGIONS = frozenset(("TW", "HK", "MO"))
_UKRAINIAN, _RUSSIAN, _BELARUSIAN = frozenset("іїєґ"), frozenset("ыэъё"), frozenset("ў")
_ENOUGH = 3
"""Letters that only one of two has, for it to be that one."""


def fix_language(tag: str, text: str) -> str:
    """`tag` with what the letters of `text` tell: `zh-Hans`, `sr-Latn`, Ukrainian under a Russian template."""
    language = tag.partition("-")[0]
    if language == "zh":
        return _chinese(tag, text)
    if language == "sr":
        return _with_script(tag, "Cyrl" if _share(text, "а", "я") > _share(text, "a", "z") else "Latn")
    if language in ("uk", "ru", "be"):
        told = _east_slavic(text)
        return told if told and told != language else tag
    return tag


def _chinese(tag: str, text: str) -> str:
    """With a region the script goes without saying, unless the text is in the other one."""
    traditional = sum(c in _HANT for c in text)
    simplified = sum(c in _HANS for c in text)
    if abs(traditional - simplified) < _ENOUGH:
        return tag
    script = "Hant" if traditional > simplified else "Hans"
    region = tag.rpartition("-")[2].upper() if "-" in tag else ""
    if len(region) == 2 and (region in _TRADITIONAL_REGIONS) == (script == "Hant"):
        return tag
    return f"zh-{script}"


def _east_slavic(text: str) -> str | None:
    sample = text.lower()
    ukrainian, russian, belarusian = (sum(c in own for c in sample) for own in (_UKRAINIAN, _RUSSIAN, _BELARUSIAN))
    if belarusian >= _ENOUGH:
        return "be"
    if ukrainian >= _ENOUGH and ukrainian > 4 * russian:
        return "uk"
    return "ru" if russian >= _ENOUGH and russian > 4 * ukrainian else None


def _with_script(tag: str, script: str) -> str:
    language, _, rest = tag.partition("-")
    if rest[:4].title() in ("Latn", "Cyrl"):
        rest = rest[5:]
    return f"{language}-{script}" + (f"-{rest}" if rest else "")


def _share(text: str, first: str, last: str) -> int:
    return sum(first <= c <= last for c in text.lower())
