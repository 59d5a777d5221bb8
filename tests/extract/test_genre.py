"""What sort of story: declared, or named and shown."""

from __future__ import annotations

import pytest

from newsscraper.errors import NotAStory

from .pages import PARAGRAPHS, TITLE, json_ld, meta, page, paragraphs, read

ENTRIES = "".join(f"<div><span>{9 + n}:30</span><p>{text}</p></div>" for n, text in enumerate(PARAGRAPHS))
FIGURES = "".join(f'<figure><img src="/{n}.jpg"><figcaption>Picture {n}.</figcaption></figure>' for n in range(5))
PLAYER = '<div class="box"><iframe src="https://player.example/7"></iframe></div>'
SOUND = '<audio src="/7.mp3"></audio>'
LONG = paragraphs([f"{text} It was the {n}th winter of its kind." for n in range(8) for text in PARAGRAPHS])


@pytest.mark.parametrize(
    ("html", "path", "genre"),
    [
        (page(), "/news/ferry", "story"),
        (page(head=json_ld(**{"@type": "OpinionNewsArticle"})), "/news/ferry", "opinion"),
        (page(), "/opinion/ferry", "opinion"),
        (page(head=meta("article:section", "Leitartikel")), "/a/ferry", "opinion"),
        (page(head=json_ld(**{"@type": "LiveBlogPosting"})), "/news/ferry", "live"),
        (page(body=ENTRIES), "/live/ferry", "live"),
        (page(body=ENTRIES), "/news/ferry", "story"),
        (page(), "/live/ferry", "story"),
        (page(body=f'<div class="liveblog">{ENTRIES}</div>'), "/news/ferry", "live"),
        (page(body=paragraphs() + FIGURES), "/fotos/ferry", "gallery"),
        (page(body=paragraphs() + FIGURES), "/news/ferry", "story"),
        (page(body=f'{paragraphs()}<div class="slideshow">{FIGURES}</div>'), "/news/ferry", "gallery"),
        (page(body=LONG + FIGURES), "/fotos/ferry", "story"),
        (page(under_title=PLAYER), "/video/ferry", "video"),
        (page(under_title=PLAYER), "/news/ferry", "story"),
        (page(), "/video/ferry", "story"),
        (page(head=meta("og:type", "video.other")), "/news/ferry", "video"),
        (page(head=meta("og:type", "video.other"), body=LONG), "/news/ferry", "story"),
        (page(under_title=SOUND), "/podcast/ferry", "audio"),
        (page(head=json_ld(**{"@type": "PodcastEpisode", "name": TITLE})), "/news/ferry", "audio"),
    ],
)
def test_genre(html: str, path: str, genre: str) -> None:
    assert read(html, "https://example.org" + path).genre == genre


def test_pictures_with_a_line_of_text_are_a_gallery() -> None:
    html = page(body=f"<p>Thirty passengers and their bread on the quay.</p>{FIGURES}")
    assert read(html, "https://example.org/fotos/ferry").genre == "gallery"
    with pytest.raises(NotAStory):
        read(html, "https://example.org/news/ferry")
