"""What sort of story it is: as the page declares it, or as its address and parts are called and what they hold."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from newsscraper.extract.layout import Layout, body_letters
from newsscraper.extract.structured import types_of
from newsscraper.extract.text import fix_digits, fold

_OPINION_SECTIONS = frozenset(
    fold(w)
    for w in (
        "Opinion", "Opinions", "Op-Ed", "Op-eds", "Editorial", "Editorials", "Comment is free", "Commentary",
        "Columnists", "Columns", "Meinung", "Kommentar", "Kommentare", "Leitartikel", "Gastkommentar", "Kolumne",
        "Opinión", "Columnas",
        "Tribune", "Tribunes", "Débats", "Opinião", "Opinioni", "Commenti", "Мнения", "Мнение", "Колонки", "Görüş",
        "Yazarlar", "آراء", "رأي", "مقالات الرأي", "یادداشت", "رائے", "کالم", "评论", "社说", "社論", "観点",
        "Opinie", "Názory", "Åsikt", "Ledare", "Debatt", "Meninger", "Debat", "Mielipide", "Γνώμες", "Απόψεις",
        "Vélemény", "Opinii", "דעות", "विचार", "মতামত", "오피니언", "사설", "Думка", "Думки", "Komentář", "Opini",
        "Komentarze", "Ledere", "Pääkirjoitus", "Pääkirjoitukset", "Γνώμη", "Άποψη", "Publicistika", "Góc nhìn",
    )
)  # fmt: skip
_OPINION_FOLDERS = frozenset(
    "opinion opinions opinie opiniones opinioni opiniao meinung commentisfree op-ed oped editorials debatt debat "
    "mnenie mneniya dumka nazory velemeny gorus yazarlar".split()
)
_LIVE_FOLDERS = frozenset(
    "live liveblog live-blog liveblogs live-news liveticker live-ticker newsblog live-updates direct "
    "en-direct directo en-directo en-vivo envivo minuto-a-minuto ao-vivo aovivo em-direto diretta in-diretta onlain "
    "online translyaciya relacja na-zywo nazywo elo percrol-percre zive nazivo direkte direkt suora canli "
    "canli-anlatim canli-blog truc-tiep".split()
)
_LIVE_WORDS = tuple(
    fold(words)
    for words in (
        "live updates", "live blog", "liveblog", "liveticker", "newsblog", "newsticker", "en direct", "en directo",
        "en vivo", "minuto a minuto", "ao vivo", "em direto", "in diretta", "онлайн", "трансляция", "наживо",
        "онлайн трансляція", "na żywo", "živě", "online přenos", "percről percre", "direkterapport", "direktrapport",
        "direktestudio", "seuraa tilannetta", "ζωντανά", "λεπτό προς λεπτό", "live text", "în direct", "canlı blog",
        "canlı anlatım", "dakika dakika", "مباشر", "لحظة بلحظة", "لحظه به لحظه", "לייב", "लाइव", "লাইভ", "trực tiếp",
        "直播", "速報中", "실시간", "ถ่ายทอดสด",
    )
)  # fmt: skip
_LIVE_PARTS = frozenset("liveblog liveticker newsblog".split())
_LIVE_BLOG = frozenset(("live", "blog"))
_GALLERY_FOLDERS = frozenset(
    "foto fotos photo photos photogallery photo-gallery photogalleries gallery galleries galerie galeries galeria "
    "galerias galleria gallerie fotogalerie fotogaleria fotogalleria fotogalerija galerija bilder bildergalerie "
    "bilderstrecke bildstrecke fotostrecke diaporama diaporamas portfolio bildspel bildespecial billeder galleri "
    "kuvat kuvagalleria kepgaleria slideshow slideshows pictures in-pictures fotogaleri galeri foto-galeri "
    "photostory fotoreportaz fotoreportaj fotoreportage fotoreport anh photo-story tupian tu".split()
)
_GALLERY_PARTS = frozenset(
    "gallery galleries photogallery slideshow galerie galeria galleria fotogalerie galeri".split()
)
_VIDEO_FOLDERS = frozenset(
    "video videos vidéo vidéos wideo videolar videot videa videonyheter watch tv webtv mediathek clips clip "
    "videogallery video-gallery shipin".split()
)
_AUDIO_FOLDERS = frozenset(
    "podcast podcasts podd poddar podkast podkasts podcasty podkasty podkasti audio audios ljud lyd radio listen "
    "baladodiffusion ascolta".split()
)
_GALLERIES = frozenset(("ImageGallery", "MediaGallery"))
_SOUNDS = frozenset(("AudioObject", "RadioEpisode"))
_PLAYERS = ("video", "iframe", "object", "embed", "amp-video", "amp-youtube", "amp-iframe", "amp-brightcove")
_CLOCK = re.compile(r"^\W{0,3}(?:\d{1,2}[./]\d{1,2}\W{1,3})?\d{1,2}\s?[:.hH時시点]\s?\d{2}(?!\d)")
_SHORT = 1500
"""Letters of body above which a text with pictures, a film or a sound is a story that has them."""
_FEW = 700
"""The same where only a part is declared or called a gallery: stories of any sort have one."""
_ENTRIES = 3
_PICTURES = 4


def resolve_genre(layout: Layout, body: str, section: list[str]) -> str:
    """`live`, `gallery`, `video`, `audio` and `opinion` where the page says or shows so; else `story`."""
    declared = _declared_genre(layout, len(body))
    if declared:
        return declared
    if _is_live(layout):
        return "live"
    if len(body) < _SHORT:
        shown = shown_medium(layout)
        if shown:
            return shown
    if any(fold(step) in _OPINION_SECTIONS for step in section):
        return "opinion"
    return "opinion" if _folders(layout.page.url) & _OPINION_FOLDERS else "story"


def shown_medium(layout: Layout) -> str | None:
    """`gallery`, `video` or `audio` where the address or a part is called so, and pictures or a player are there."""
    folders = _folders(layout.page.url)
    root = layout.page.root
    if _is_gallery(layout, folders):
        return "gallery"
    if folders & _VIDEO_FOLDERS and next(root.iter(*_PLAYERS), None) is not None:
        return "video"
    audio = folders & _AUDIO_FOLDERS and next(root.iter("audio", "iframe", "amp-audio"), None) is not None
    return "audio" if audio else None


def _declared_genre(layout: Layout, letters: int) -> str | None:
    structured = layout.page.structured
    types = types_of(structured.story)
    if "LiveBlogPosting" in types or any(structured.of_type("LiveBlogPosting")):
        return "live"
    if "OpinionNewsArticle" in types:
        return "opinion"
    og_type = (structured.first_meta("og:type") or "").lower()
    short = letters < _SHORT
    if types & _GALLERIES or (letters < _FEW and any(structured.of_type(*_GALLERIES))):
        return "gallery"
    if short and ("VideoObject" in types or og_type.startswith("video")):
        return "video"
    if "PodcastEpisode" in types or (short and (types & _SOUNDS or og_type.startswith("music"))):
        return "audio"
    return None


def _is_live(layout: Layout) -> bool:
    """Address, headline or a part of the page says so, and the body's entries bear times."""
    title = fold(layout.headline.text or "")
    named = (
        bool(_folders(layout.page.url) & _LIVE_FOLDERS)
        or any(words in title for words in _LIVE_WORDS)
        or any(
            not _LIVE_PARTS.isdisjoint(container.words) or container.words >= _LIVE_BLOG
            for container in layout.page.blocks.containers
            if container.last - container.first > 2 * _ENTRIES
        )
    )
    return named and _timed_entries(layout) >= _ENTRIES


def _timed_entries(layout: Layout) -> int:
    """Blocks around the body that are a time of day, or begin with one."""
    blocks = layout.page.blocks.blocks[layout.start : layout.end]
    return sum(_CLOCK.match(fix_digits(block.text[:20])) is not None for block in blocks)


def _is_gallery(layout: Layout, folders: frozenset[str]) -> bool:
    """The address says so and pictures stand under the headline, or most of these stand in a part called a gallery."""
    page = layout.page
    pictures = [p for p in page.blocks.pictures if p.index >= layout.start and not page.teasers[p.container]]
    if len(pictures) < _PICTURES:
        return False
    if folders & _GALLERY_FOLDERS:
        return True
    if body_letters(layout) > _FEW:
        return False
    held = sum(_stands_in(layout, picture.container, _GALLERY_PARTS) for picture in pictures)
    return held >= _PICTURES and held > 0.6 * len(pictures)


def _stands_in(layout: Layout, container: int, words: frozenset[str]) -> bool:
    containers = layout.page.blocks.containers
    while container >= 0:
        if containers[container].words & words and containers[container].tag not in ("body", "html"):
            return True
        container = containers[container].parent
    return False


@lru_cache(maxsize=64)
def _folders(url: str | None) -> frozenset[str]:
    """The folders of an address, its last segment left out, and the first word of its host: `video.site.example`."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return frozenset()
    folders = [unquote(folder).lower() for folder in parts.path.split("/")[:-1] if folder]
    host = (parts.hostname or "").removeprefix("www.").split(".")
    return frozenset([*folders, *(host[:1] if len(host) > 2 else [])])
