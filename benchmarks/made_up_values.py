"""Values of every shape that pages may hold, made up by chance: texts, dates, JSON, URLs, labels of encodings."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

_WORDS = str.split(
    "harbour dredger council ferry tide sand Monday the and of reported said Zürich Čapek naïve порт паром совет "
    "сообщил κόσμος λιμάνι नमस्ते बंदरगाह 港口 渡轮 委员会 報道 フェリー 항구 میناء العبّارة مجلس بندر کشتی می‌رود "
    "נמל מעבורת ท่าเรือ cảng phà"
)
_LANGUAGES = (_WORDS, _WORDS[:14], _WORDS[14:18], _WORDS[18:20], _WORDS[20:22], _WORDS[22:26], _WORDS[28:35])
_ODD = (
    "\u200b", "\u200c", "\u200d", "\u202e", "\u2066", "\u00ad", "\ufeff", "\u00a0", "\u2028", "\u3000", "\u0301",
    "\u0627\u0653",
    "\U0001f600", "\U0001f1e9\U0001f1ea", "\ufffe", "\x85", "\x1c", "\t", "\r", "\n", "&amp;", "&#0;", "&#x1c;",
    "&nbsp;",
    "&shy;", "&#xD800;", "&#x10FFFF;", "&bogus;", "&", "<", ">", '"', "%s", "{0}", "\\",
    "\\u0000", "ß", "İ", "ﬁ", "①", "½", "٣",
)  # fmt: skip
_MONTHS = str.split("January februar März abril juin июля آذار فروردين ฟ้า 十二月 Σεπτεμβρίου říjen marts Kasım")
_JSON_KEYS = str.split(
    "@type @id @graph @context headline name description articleBody datePublished dateModified dateCreated "
    "author creator publisher image url mainEntityOfPage mainEntity keywords articleSection inLanguage "
    "isAccessibleForFree hasPart itemListElement item position video liveBlogUpdate commentCount identifier "
    "alternativeHeadline thumbnailUrl caption license sameAs text body content title children props pageProps "
    "story blocks type html paragraphs publishedAt tags"
)
_TYPES = [
    "NewsArticle",
    "Article",
    "LiveBlogPosting",
    "Person",
    "Organization",
    "WebPage",
    "BreadcrumbList",
    "ImageObject",
    "VideoObject",
]
URLS = (
    "https://harbour.example/en/news/12/sand-is-back", "http://[", "http://[::1", "//x", "javascript:void(0)", "x", "",
    "http://a:99999/2022/03/30/x", "http://a:b/", "https://İstanbul.example/haber", "http://user:p@ss@h/1", "file:///etc",
    "data:text/html,x", "http://xn--a.example/", "http://" + "a" * 3000, "http://e.example/?" + "a=1&" * 500, "http://%zz/",
    "https://e.example/\u202e/\x00", "http://e.example/2022/13/45/", "https://e.example/story/" + "9" * 400, "http://.../",
    "https://e.example:0/#", "HTTP://E.EXAMPLE", "mailto:x@y", "http://\ud800.example/", "https://ⅷ.example/１２",
)  # fmt: skip
FETCHED = (
    *(None,) * 12, *("2022-03-30T17:20:00Z", "2026-11-23T08:00:00Z", "2024-06-30T23:59:59+09:00") * 6,
    "2022-03-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "2011-05-05T05:05:05.123456+03:30", "yesterday", "", "2022-02-30", "٢٠٢٢-٠٣-٣٠", "2022-W13-3", "20220330T172000Z",
    "1" * 500,
)  # fmt: skip
CHARSETS = (
    None, None, None, "utf-8", "UTF8", "iso-8859-1", "windows-1256", "gbk", "shift_jis", "utf-16", "utf-7",
    "idna", "hex", "zlib", "nonsense", "", "\x00", "a" * 500, "utf-8; x=y", "ütf", "unicode_escape", "cp65001",
)  # fmt: skip
ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-16",
    "cp1252",
    "cp1251",
    "cp1256",
    "gb18030",
    "shift_jis",
    "utf-8-sig",
    "euc_kr",
)


def make_text(rng: Random, words: int) -> str:
    """Words of any scripts, oddities between them now and then."""
    parts = rng.choices(rng.choice(_LANGUAGES), k=rng.randint(1, max(1, words)))
    for _ in range(rng.choice((0, 0, 0, 1, 3))):
        parts[rng.randrange(len(parts))] = rng.choice(_ODD)
    if rng.random() < 0.01:
        parts.append(rng.choice(("x" * 3000, "\ud83d", "\x00", "é" * 2000, "9" * 5000, "a." * 900, "\u0301" * 300)))
    return rng.choice((" ", " ", " ", " ", "", ", ", "\n", "\u3000")).join(parts) + rng.choice(
        (".", "", "。", "!", " -")
    )


def make_date(rng: Random) -> str:
    """A date of any shape, most of them possible."""
    year, month, day = rng.choice((2022, 2011, 1401, 2565, 1443, 22, 0, 99999)), rng.randint(0, 13), rng.randint(0, 32)
    hour, minute = rng.randint(0, 25), rng.randint(0, 61)
    name, weekday = rng.choice(_MONTHS), rng.choice(("Monday", "Дүйсенбі", "شنبه", "الثلاثاء", "화요일"))
    digits = rng.choice(("٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９"))
    zone = rng.choice(("Z", "+03:30", "-25:00", "+0000", ""))
    return rng.choice(
        (
            f"{year}-{month:02}-{day:02}",
            f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00{zone}",
            f"{day} {name} {year}",
            f"{name} {day}, {year} at {hour}:{minute:02} {rng.choice(('PM', 'a.m.', 'Uhr', 'ч', 'IST', 'CEST', ''))}",
            f"{day}/{month}/{year}",
            f"{day}.{month}.{year % 100} - {hour}.{minute:02}",
            f"{year}年{month}月{day}日 {hour}時{minute}分",
            f"{weekday} {day} {name}، {year} {hour}:{minute:02}",
            f"{day} {name} {year}".translate(str.maketrans("0123456789", digits)),
            f"{rng.randint(0, 60)} {rng.choice(('minutes ago', 'Std.', 'час назад', 'saat önce', 'дней'))}",
            str(rng.choice((1648660800, 1648660800000, -1, 10**18, 10**400, 0, 1.5e300))),
            f"P{day}DT{hour}H",
            "9" * rng.choice((5, 50, 5000)),
        )
    )


def make_json(rng: Random, depth: int = 0) -> Any:
    """Any JSON value; keys are those that pages use."""
    if depth < 5 and rng.random() < 0.6:
        if rng.random() < 0.6:
            return {rng.choice(_JSON_KEYS): make_json(rng, depth + 1) for _ in range(rng.randint(0, 6))}
        return [make_json(rng, depth + 1) for _ in range(rng.randint(0, 5))]
    return rng.choice(_LEAVES)(rng)


def _html(rng: Random) -> str:
    return f"<p>{make_text(rng, 40)}</p><p>{make_text(rng, 40)}</p>"


_CONSTANTS = (None, True, False, 0, -1, 10**30, 1.5, float("nan"), float("inf"), "", "$1:props:x", *_TYPES, *URLS)
_LEAVES: tuple[Callable[[Random], Any], ...] = (
    lambda rng: rng.choice(_CONSTANTS),
    lambda rng: rng.choice(_CONSTANTS),
    lambda rng: make_text(rng, 30),
    make_date,
    _html,
)


def make_json_ld(rng: Random) -> str:
    """A story's JSON-LD with any value in any place, perhaps inside a graph or list; perhaps broken."""
    story: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": rng.choice((*_TYPES, ["NewsArticle"], None, 7, {})),
    }
    for _ in range(rng.randint(0, 12)):
        story[rng.choice(_JSON_KEYS)] = make_json(rng, rng.randint(1, 4))
    for key, value in (("headline", make_text(rng, 9)), ("datePublished", make_date(rng))):
        if rng.random() < 0.6:
            story[key] = value
    wrapped: Any = rng.choice((story, [story], {"@graph": [story, make_json(rng)]}, [[story], make_json(rng)]))
    text = json.dumps(wrapped, ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.25:
        text = break_json(text, rng)
    return text


def break_json(text: str, rng: Random) -> str:
    place = rng.randint(0, len(text))
    depth = rng.choice((50, 500, 5_000))
    return rng.choice(
        (
            text[:place],
            text[:place] + rng.choice(('"', "}", "]", ",", "\n", "\\", "\\ud800", "//x\n", "NaN")) + text[place:],
            f"<!-- {text} -->",
            f"//<![CDATA[\n{text}\n//]]>",
            text.replace('"', "&quot;"),
            text + text,
            text.replace("}", ",}"),
            "[" * depth + text + "]" * depth,
            '{"a":' * depth + text,
            text.replace("0", "9" * 5000, 2),
            json.dumps(text),
        )
    )
