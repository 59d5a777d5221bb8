"""Is it a story? What a URL tells before it is fetched, and what the page must add after.

A site's own patterns decide where there are any. Elsewhere the evidence is of one's hands: a date in the path, a number
as long as a story's, a headline as a slug, the word of a feed; and then the page has to read as a story, with a date.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from newsscraper.crawl.discovery.shapes import REMEMBERED, names_a_page_number
from newsscraper.sites import Profile

_BINARY = frozenset(
    """
    jpg jpeg jpe png gif webp avif svg ico bmp tif tiff heic psd mp3 m4a ogg oga opus wav flac aac mp4 m4v mov avi mkv
    webm ogv wmv flv m3u8 mpd ts pdf epub mobi doc docx xls xlsx ppt pptx odt ods odp rtf csv zip gz tgz bz2 xz 7z rar
    tar iso dmg exe msi apk ipa deb rpm jar css js mjs json jsonld map woff woff2 ttf otf eot swf ics vcf
    """.split()  # noqa: SIM905
)
_IGNORED_SEGMENTS = frozenset(
    """
    login log-in signin sign-in signup sign-up logout register account my-account cart checkout print printable
    print-view share send-to-friend emailafriend email-a-friend wp-admin wp-login.php wp-json xmlrpc.php cgi-bin
    cdn-cgi oauth
    """.split()  # noqa: SIM905
)
_ABOUT_THE_SITE = frozenset(
    """
    about about-us about_us aboutus contact contact-us contactus privacy privacy-policy terms terms-of-use
    terms-of-service terms-and-conditions imprint impressum legal-notice disclaimer cookies cookie-policy
    advertise-with-us accessibility-statement
    """.split()  # noqa: SIM905
)
_IGNORED_PARAMETERS = frozenset({"replytocom", "share", "print", "printable", "printview", "add-to-cart"})
_IGNORED_VALUES = frozenset(
    {
        ("action", "login"),
        ("action", "print"),
        ("view", "print"),
        ("output", "print"),
        ("format", "print"),
        ("output", "amp"),
    }
)
_FURNITURE = frozenset(
    """
    about about-us about_us aboutus contact contact-us contactus contacts privacy privacy-policy terms terms-of-use
    terms-of-service terms-and-conditions imprint impressum legal disclaimer cookies cookie-policy advertise advertising
    faq help jobs careers subscribe subscription newsletter newsletters sitemap site-map rss feeds search suche archive
    archives author authors tag tags topic topics category categories staff team accessibility licence license
    correspondents service services thema themen tema temas thema sujet sujets etiket konu autor autoren autores
    auteur auteurs autore autori yazar yazarlar ueber-uns uber-uns qui-sommes-nous quienes-somos quem-somos chi-siamo
    hakkimizda
    """.split()  # noqa: SIM905
)
_NO_NEWS = frozenset(
    """
    jobs job careers vacancies stellenangebote stellenmarkt emploi emplois empleo empleos vagas lavoro vacatures
    classifieds kleinanzeigen anzeigen annonces petites-annonces clasificados classificados annunci ilan ilanlar
    property properties immobilien immobilier inmuebles imoveis immobiliare vastgoed
    shop store boutique tienda loja negozio winkel abo abos abonnement abonnements suscripcion assinatura subscribe
    offers angebote offres ofertas coupons gutscheine events event whats-on veranstaltungen veranstaltung evenements
    agenda-cultural eventos eventi evenementen etkinlikler games spiele jeux juegos jogos giochi spelletjes oyunlar
    puzzles crossword sudoku gewinnspiel gewinnspiele concours sorteos contests competitions
    weather wetter meteo tiempo clima previsione weer hava-durumu horoscope horoscopes horoskop horoscopo oroscopo
    polls poll umfrage umfragen sondages encuestas enquetes sondaggi anket recipes recipe rezepte recettes recetas
    receitas ricette recepten tv-guide tv-programm iplayer programmes newspapers epaper e-paper
    author authors autor autoren autores auteur auteurs autore autori user users profile profiles
    """.split()  # noqa: SIM905
)
"""Folders of what sites offer besides news: there neither a number nor a headline in the address makes a story."""
_YEAR_PART = r"(?:19|20)\d\d|1[34]\d\d"
_MONTH_PART = r"(?:0?[1-9]|1[0-2]|[a-z]{3,9})"
_DAY_PART = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE_IN_PATH = re.compile(
    rf"/(?:{_YEAR_PART})(?:[/-]?{_MONTH_PART}[/-]?{_DAY_PART}(?!\d)[/_-]?[^/]+|/{_MONTH_PART}/[^/]{{8,}})"
)
_ONLY_A_DATE = re.compile(rf"(?:^|/)(?:{_YEAR_PART})(?:[/-]{_MONTH_PART}(?:[/-]{_DAY_PART})?)?/?$")
_LONG_NUMBER = re.compile(r"(?<![\d.])\d{4,12}(?![\d.]*\d)")
_YEAR = re.compile(_YEAR_PART)
_ID_PARAMETERS = frozenset(
    {"id", "p", "sid", "aid", "nid", "newsid", "news_id", "articleid", "storyid", "code", "story"}
)
_WORDS = re.compile(r"[^\W\d_]+")


def is_worth_asking(url: str, profile: Profile | None) -> bool:
    """False for binaries, logins, print views, share buttons, pages about the site, and what the profile ignores."""
    parts = urlsplit(url)
    path = parts.path.lower()
    last = path.rsplit("/", 1)[-1]
    if "." in last and last.rsplit(".", 1)[1] in _BINARY:
        return False
    if not _IGNORED_SEGMENTS.isdisjoint(path.split("/")):
        return False
    if path.rstrip("/").rsplit("/", 1)[-1].partition(".")[0] in _ABOUT_THE_SITE and not is_listing_url(url, profile):
        return matches_story(url, profile)
    for name, value in parse_qsl(parts.query.lower(), keep_blank_values=True):
        if name in _IGNORED_PARAMETERS or (name, value) in _IGNORED_VALUES:
            return False
    return not (profile and any(pattern.search(url) for pattern in profile.ignored_urls))


def is_listing_url(url: str, profile: Profile | None) -> bool:
    """True where `url` says that it lists stories: a home page, a numbered page, a day, a listing of the profile."""
    if matches_story(url, profile):
        return False
    if profile and any(pattern.search(url) for pattern in profile.listing_urls):
        return True
    parts = urlsplit(url)
    if (parts.path in {"", "/"} and not parts.query) or names_a_page_number(url):
        return True
    return _ONLY_A_DATE.search(parts.path.lower()) is not None


def matches_story(url: str, profile: Profile | None) -> bool:
    """True where a story pattern of the profile matches `url`."""
    return bool(profile and any(pattern.search(url) for pattern in profile.story_urls))


@lru_cache(maxsize=REMEMBERED)
def is_furniture(url: str) -> bool:
    """True where a whole segment is a word that sites use for pages about themselves or lists."""
    return any(segment.rsplit(".", 1)[0] in _FURNITURE for segment in urlsplit(url).path.lower().split("/"))


@lru_cache(maxsize=REMEMBERED)
def is_no_news(url: str) -> bool:
    """True where a folder of `url` is of what sites offer besides news: jobs, events, games, a shop."""
    return not _NO_NEWS.isdisjoint(urlsplit(url).path.lower().split("/")[:-1])


@lru_cache(maxsize=REMEMBERED)
def has_date_or_number(url: str) -> bool:
    """True where `url` carries a date, or a number such as stories have: strong evidence."""
    parts = urlsplit(url)
    if _ONLY_A_DATE.search(parts.path.lower()):
        return False
    if _DATE_IN_PATH.search(parts.path.lower()):
        return True
    tail = "/".join(parts.path.split("/")[-3:])
    if any(not _YEAR.fullmatch(number) for number in _LONG_NUMBER.findall(tail)):
        return True
    return any(
        name.lower() in _ID_PARAMETERS and value.isdecimal() and len(value) > 1
        for name, value in parse_qsl(parts.query)
    )


@lru_cache(maxsize=REMEMBERED)
def has_headline(url: str) -> bool:
    """True where the last segments of `url` hold four words or more: weak evidence."""
    return any(len(_WORDS.findall(unquote(segment))) >= 4 for segment in urlsplit(url).path.split("/")[-2:])


def looks_like_story(url: str, profile: Profile | None) -> bool:
    """What the URL alone says."""
    if matches_story(url, profile):
        return True
    if is_listing_url(url, profile):
        return False
    if is_no_news(url):
        return False
    return has_date_or_number(url) or (has_headline(url) and not is_furniture(url))


def is_story_page(url: str, *, dated: bool, announced: bool, profile: Profile | None) -> bool:
    """Whether a page that reads as a story is one, and not a page about the site.

    `dated`: the page prints a date of its own; `announced`: a feed, a news sitemap or the user named it.
    """
    if announced or matches_story(url, profile) or (has_date_or_number(url) and not is_no_news(url)):
        return True
    return dated and not is_furniture(url)
