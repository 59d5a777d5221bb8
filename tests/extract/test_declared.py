"""What the page declares of itself: translations, publisher, licence, rights; and the script that it is written in."""

from __future__ import annotations

import pytest

from newsscraper.extract.fields.language import normalise_tag
from newsscraper.extract.fields.scripts import fix_language

from .pages import json_ld, meta, page, read

URL = "https://example.org/news/ferry"
HANS = "他们说这个国家的经济发展会对学生产生影响，现在还没有问题。"
HANT = "他們說這個國家的經濟發展會對學生產生影響，現在還沒有問題。"


def alternate(language: str, href: str, kind: str = "") -> str:
    return f'<link rel="alternate" hreflang="{language}" href="{href}"{kind}>'


@pytest.mark.parametrize(
    ("link", "found"),
    [
        (alternate("de", "/de/news/faehre"), [("de", "https://example.org/de/news/faehre")]),
        (alternate("pt-br", "https://br.example.org/balsa"), [("pt-BR", "https://br.example.org/balsa")]),
        (alternate("x-default", "/int/news/ferry"), []),
        (alternate("en", "/news/ferry-en"), []),
        (alternate("en-GB", URL + "/"), []),
        (alternate("en-GB", "http://www.example.org/news/ferry#top"), []),
        (alternate("de", "/de/feed", ' type="application/rss+xml"'), []),
        (alternate("de", "/de/"), []),
        (alternate("es", "https://es.example.org"), []),
        (alternate("not a language", "/xx/a/b"), []),
    ],
)
def test_translations(link: str, found: list[tuple[str, str]]) -> None:
    story = read(page(head=link), URL)
    assert [(one["language"], one["url"]) for one in story.translations] == found


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        (json_ld(publisher={"@type": "Organization", "name": "The Quay"}), "The Quay"),
        (json_ld(publisher="The Quay"), "The Quay"),
        (
            json_ld(publisher={"@id": "#org"}) + json_ld(**{"@type": "Organization", "@id": "#org", "name": "Quay"}),
            "Quay",
        ),
        (json_ld(publisher={"@id": "#none"}) + meta("og:site_name", "The Quay"), "The Quay"),
        (json_ld(publisher="https://example.org") + meta("og:site_name", "The Quay"), "The Quay"),
        ("", None),
    ],
)
def test_publisher(head: str, publisher: str | None) -> None:
    assert read(page(head=head)).publisher == publisher


@pytest.mark.parametrize(
    ("head", "below", "license_"),
    [
        ('<link rel="license" href="/licence">', "", "https://example.org/licence"),
        ("", '<a rel="nofollow license" href="https://cc.example/by/4.0/">CC</a>', "https://cc.example/by/4.0/"),
        ("", '<figure><img src="/a.jpg"><a rel="license" href="https://cc.example/by/4.0/">CC</a></figure>', None),
        (json_ld(license={"@type": "CreativeWork", "url": "https://cc.example/by/"}), "", "https://cc.example/by/"),
        ("", "<a href='/license'>license</a>", None),
    ],
)
def test_license(head: str, below: str, license_: str | None) -> None:
    assert read(page(head=head, below=below), URL).license == license_


def test_rights() -> None:
    head = (
        '<meta name="robots" content="NoArchive, max-image-preview: large">'
        '<meta http-equiv="X-Robots-Tag" content="noai noimageai"><meta name="tdm-reservation" content="1">'
    )
    assert read(page(head=head)).rights == {
        "robots": ["noarchive", "max-image-preview:large", "noai", "noimageai"],
        "noai": True,
        "tdm_reservation": True,
        "tdm_policy": None,
    }


@pytest.mark.parametrize(
    ("tag", "text", "fixed"),
    [
        ("zh", HANS, "zh-Hans"),
        ("zh", HANT, "zh-Hant"),
        ("zh-CN", HANS, "zh-CN"),
        ("zh-TW", HANT, "zh-TW"),
        ("zh-CN", HANT, "zh-Hant"),
        ("zh-HK", HANS, "zh-Hans"),
        ("zh-Hans", HANT, "zh-Hant"),
        ("zh", "中", "zh"),
        ("sr", "Брод је испловио у зору.", "sr-Cyrl"),
        ("sr-RS", "Brod je isplovio u zoru.", "sr-Latn-RS"),
        ("sr-Cyrl-RS", "Brod je isplovio u zoru.", "sr-Latn-RS"),
        ("ru", "Її відкрили після зими, і всі її чекали.", "uk"),
        ("uk", "Это объявление вывесили вечером, и его прочли все.", "ru"),
        ("ru-RU", "Это объявление вывесили вечером.", "ru-RU"),
        ("ru", "Паром ў порце: ўсе былі ўзрушаны.", "be"),
        ("en", HANS, "en"),
    ],
)
def test_scripts_and_sister_languages(tag: str, text: str, fixed: str) -> None:
    assert fix_language(tag, text) == fixed


@pytest.mark.parametrize(
    ("tag", "normal"),
    [
        ("pt_BR", "pt-BR"),
        ("no-NO", "nb-NO"),
        ("iw", "he"),
        ("ZH-hans-cn", "zh-Hans-CN"),
        ("nn", "nn"),
        ("english", None),
    ],
)
def test_tags(tag: str, normal: str | None) -> None:
    assert normalise_tag(tag) == normal
