"""Pages made up by chance: markup that templates never meant, of every part that the core reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from benchmarks.made_up_values import CHARSETS, URLS, break_json, make_date, make_json, make_json_ld, make_text

_TAGS = str.split(
    "p div span a li ul ol h1 h2 h3 h4 table tbody tr td th br b i em strong article main section header footer "
    "nav aside figure figcaption blockquote pre time abbr dl dt dd form input textarea select option button label "
    "script style template noscript svg math iframe object video audio picture source img amp-img ruby rt wbr "
    "center font address details summary custom-element o:p base meta link title"
)
_NAMES = str.split(
    "class id href src alt title content property name itemprop itemscope itemtype datetime rel type style hidden "
    "lang dir role width height srcset data-src data-component data-testid onclick http-equiv aria-hidden "
    "xml:lang"
)
_CLASSES = str.split(
    "story body article-body headline title byline author date published tags tag caption credit lead standfirst "
    "related promo share comments comment sidebar nav breadcrumb live-blog gallery paywall hidden sr-only d-none "
    "newsletter teaser card widget StoryBody__text css-1x2y3z"
)
_META = str.split(
    "og:title og:description og:type og:url og:image og:locale og:site_name article:published_time article:author "
    "article:modified_time article:tag article:section description keywords news_keywords author date pubdate "
    "dc.date dcterms.created twitter:title robots tdm-reservation tdm-policy content-language language generator "
    "parsely-pub-date sailthru.date cXenseParse:recs:publishtime title refresh content-type viewport"
)


def make_page(rng: Random) -> str:
    """A page of any kind, with a headline and paragraphs more often than not."""
    head = "".join(rng.choice(HEAD_PARTS)(rng) for _ in range(rng.randint(0, 6)))
    body = "".join(rng.choice(BODY_PARTS)(rng) for _ in range(rng.randint(0, 7)))
    if rng.random() < 0.6:
        headline = make_text(rng, 8)
        story = "".join(f"<p>{make_text(rng, 60)}</p>" for _ in range(rng.randint(1, 5)))
        body = f"<h1>{headline}</h1><p>{make_date(rng)}</p><div class=story>{story}{body}</div>"
        head = f"<title>{headline} | {make_text(rng, 2)}</title>{head}"
    frame = rng.choice(
        (
            "<!doctype html><html lang={0}><head>{1}</head><body>{2}</body></html>",
            "<html><head>{1}<body>{2}",
            "{1}{2}",
            "{2}{1}",
            "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml' xml:lang={0}>{1}{2}",
            "<frameset>{1}{2}</frameset>",
            "<!--{1}-->{2}",
        )
    )
    return frame.format(rng.choice(("en", "fa", "zh-TW", "x", "''", "e" * 100)), head, body)


def make_dump(rng: Random) -> str:
    """A page flattened to text, with labels, repetitions and dates here and there."""
    lines = [rng.choice(_LINES)(rng) for _ in range(rng.randint(0, 40))]
    if lines and rng.random() < 0.5:
        lines.insert(0, make_text(rng, 9))
        lines[rng.randrange(len(lines)) : 0] = [lines[0]]
    return rng.choice(("\n", "\r\n", "\n\n", "\r", "\u2028")).join(lines)


def _attributes(rng: Random) -> str:
    chosen = []
    for _ in range(rng.choice((0, 0, 1, 1, 2, 5))):
        value = rng.choice(
            (rng.choice(_CLASSES), make_text(rng, 3), make_date(rng), rng.choice(URLS), "display:none", "")
        )
        quote = rng.choice(('"', "'", "", '"'))
        chosen.append(
            f" {rng.choice(_NAMES)}={quote}{value}{quote}" if rng.random() < 0.9 else f" {rng.choice(_NAMES)}"
        )
    if rng.random() < 0.003:
        chosen.append(f" class='{' '.join(_CLASSES) * 300}'")
    return "".join(chosen)


def _element(rng: Random, depth: int = 0) -> str:
    tag = rng.choice(_TAGS)
    if depth > rng.randint(0, 5):
        return make_text(rng, 20)
    inner = "".join(_element(rng, depth + 1) for _ in range(rng.choice((0, 0, 1, 1, 2, 3))))
    end = f"</{tag}>" if rng.random() < 0.85 else rng.choice(("", "</p>", "</div>", f"</{tag}", "</ >"))
    return f"<{tag}{_attributes(rng)}>{make_text(rng, 12)}{inner}{end}{make_text(rng, 3)}"


def _deep(rng: Random) -> str:
    depth, tag = (
        rng.choice((30, 300, 3000)),
        rng.choice(("div", "span", "b", "blockquote", "ul><li", "table><tr><td", "font")),
    )
    return f"<{tag}>" * depth + make_text(rng, 30) + f"</{tag.split('>')[0]}>" * rng.choice((0, depth))


def _repeated(rng: Random) -> str:
    return _element(rng, 3) * rng.choice((2, 5, 30))


def _table(rng: Random) -> str:
    rows = (
        f"<tr>{''.join(f'<td>{make_text(rng, 3)}' for _ in range(rng.randint(0, 5)))}" for _ in range(rng.randint(0, 9))
    )
    return f"<table{_attributes(rng)}>{''.join(rows)}</table>"


def _state(rng: Random) -> str:
    value = json.dumps(
        rng.choice((make_json(rng), {"props": {"pageProps": make_json(rng)}}, {"data": [make_json(rng)]}))
    )
    value = break_json(value, rng) if rng.random() < 0.2 else value
    return rng.choice(
        (
            "<script id=__NEXT_DATA__ type='application/json'>{}</script>",
            "<script>window.__INITIAL_STATE__ = {};</script>",
            "<script>window.__APOLLO_STATE__={}</script>",
            "<script>window.__PRELOADED_STATE__ = JSON.parse({!r})</script>",
            "<script>self.__next_f.push([1,{!r}])</script>",
            "<script>window.__NUXT__=(function(a,b){{return {}}}(null,1))</script>",
            "<script>Fusion.globalContent={};Fusion.x=1</script>",
            "<script type='application/json'>{}</script>",
        )
    ).format(value)


def _meta(rng: Random) -> str:
    name = rng.choice(("name", "property", "itemprop", "http-equiv"))
    value = rng.choice(
        (make_text(rng, 10), make_date(rng), rng.choice(URLS), "article", "0; url=/x", "noai, noindex", "")
    )
    return f'<meta {name}="{rng.choice(_META)}" content="{value}">'


def _link(rng: Random) -> str:
    relation = rng.choice(("canonical", "alternate", "next", "amphtml", "license", "author", "prev", "icon"))
    language = rng.choice(("en", "fa-IR", "x-default", "", "?"))
    return f'<link rel={relation} hreflang="{language}" href="{rng.choice(URLS)}">'


def _base(rng: Random) -> str:
    return f"<base href='{rng.choice(URLS)}'><meta charset={rng.choice(CHARSETS)}>"


def _json_ld(rng: Random) -> str:
    return f"<script type='application/ld+json'>{make_json_ld(rng)}</script>"


def _lines(rng: Random) -> str:
    return rng.choice(("<br>", "<br/><br>", "<br>\n")).join(make_text(rng, 14) for _ in range(rng.randint(1, 12)))


def _labelled(rng: Random) -> str:
    label = rng.choice(
        ("Story Code", "کد خبر", "Tags", "By", "Von", "Haber kodu", "Keywords", "Published", "تاريخ النشر")
    )
    value = rng.choice((make_text(rng, 4), make_date(rng), str(rng.randint(0, 10**9)), "٩" * rng.randint(1, 40)))
    return f"<p{_attributes(rng)}>{label}{rng.choice((':', ' : ', ' ', '：'))}{value}</p>"


def _plain_labelled(rng: Random) -> str:
    return _labelled(rng).partition(">")[2].removesuffix("</p>")


HEAD_PARTS: tuple[Callable[[Random], str], ...] = (_meta, _meta, _meta, _link, _json_ld, _json_ld, _base, _state)
BODY_PARTS: tuple[Callable[[Random], str], ...] = (
    _element, _element, _element, _deep, _repeated, _table, _state, _lines, _labelled, _json_ld, make_date, _meta,
)  # fmt: skip
_LINES: tuple[Callable[[Random], str], ...] = (
    make_date, _plain_labelled, lambda rng: make_text(rng, 50), lambda rng: make_text(rng, 6), lambda rng: "",
)  # fmt: skip
