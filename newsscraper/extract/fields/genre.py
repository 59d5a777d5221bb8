"""What sort of story it is: as the page declares it, or as its section is called."""

from __future__ import annotations

from newsscraper.extract.layout import Layout
from newsscraper.extract.structured import types_of
from newsscraper.extract.text import fold

_OPINION_SECTIONS = frozenset(
    fold(w)
    for w in (
        "Opinion", "Opinions", "Op-Ed", "Op-eds", "Editorial", "Editorials", "Comment is free", "Commentary",
        "Columnists", "Columns", "Meinung", "Kommentar", "Kommentare", "Leitartikel", "Gastkommentar", "Kolumne",
        "Opinión", "Columnas",
        "Tribune", "Tribunes", "Débats", "Opinião", "Opinioni", "Commenti", "Мнения", "Мнение", "Колонки", "Görüş",
        "Yazarlar", "آراء", "رأي", "مقالات الرأي", "یادداشت", "رائے", "کالم", "评论", "社说", "社論", "観点",
        "Opinie", "Názory", "Åsikt", "Ledare", "Debatt", "Meninger", "Debat", "Mielipide", "Γνώμες", "Απόψεις",
        "Vélemény", "Opinii", "דעות", "विचार", "মতামত", "오피니언", "사설",
    )
)  # fmt: skip


def resolve_genre(layout: Layout, body: str, section: list[str]) -> str:
    """`live`, `gallery`, `video`, `audio` and `opinion` where the page says so; else `story`."""
    structured = layout.page.structured
    types = types_of(structured.story)
    if "LiveBlogPosting" in types or any(structured.of_type("LiveBlogPosting")):
        return "live"
    if "OpinionNewsArticle" in types:
        return "opinion"
    og_type = structured.first_meta("og:type") or ""
    short = len(body) < 1500
    if types & {"ImageGallery", "MediaGallery"} or (short and any(structured.of_type("ImageGallery", "MediaGallery"))):
        return "gallery"
    if "VideoObject" in types or (short and og_type.startswith("video")):
        return "video"
    if types & {"AudioObject", "PodcastEpisode"} or (short and og_type.startswith("music")):
        return "audio"
    if any(fold(step) in _OPINION_SECTIONS for step in section):
        return "opinion"
    return "story"
