"""Which address of a picture is taken, and which pictures are none of the story's."""

from __future__ import annotations

import pytest

from .pages import PARAGRAPHS, meta, page, paragraphs, read

URL = "https://example.org/news/ferry"
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def found(picture: str, head: str = "") -> list[str]:
    body = f"{paragraphs(PARAGRAPHS[:2])}<div>{picture}</div>{paragraphs(PARAGRAPHS[2:])}"
    story = read(page(head=head, body=body), URL)
    return [image["url"].removeprefix("https://example.org") for image in story.images]


@pytest.mark.parametrize(
    ("picture", "url"),
    [
        ('<img src="/a.jpg">', "/a.jpg"),
        (f'<img src="{PLACEHOLDER}" data-src="/a.jpg">', "/a.jpg"),
        ('<img src="/placeholder.png" data-original="/a.jpg">', "/a.jpg"),
        (f'<img src="{PLACEHOLDER}" data-actualsrc="/a.jpg">', "/a.jpg"),
        ('<img src="/a-320.jpg" srcset="/a-320.jpg 320w, /a-1280.jpg 1280w, /a-640.jpg 640w">', "/a-1280.jpg"),
        ('<img src="/a.jpg" srcset="/a.jpg 1x,/a@2x.jpg 2x">', "/a@2x.jpg"),
        ('<img src="/a.jpg" srcset="/w_400,h_300/a.jpg 400w, /w_800,h_600/a.jpg 800w">', "/w_800,h_600/a.jpg"),
        ('<img data-srcset="/a-1.jpg, /a-2.jpg">', "/a-2.jpg"),
        (f'<picture><source srcset="/a-9.webp 900w, /a-3.webp 300w"><img src="{PLACEHOLDER}"></picture>', "/a-9.webp"),
        ('<amp-img src="/a.jpg" srcset="/a-2.jpg 1200w"></amp-img>', "/a-2.jpg"),
        ('<img src="/silicon-valley.jpg">', "/silicon-valley.jpg"),
        ('<img src="/catalogo.jpg">', "/catalogo.jpg"),
        ('<img src="/a-style-icon-at-eighty.jpg">', "/a-style-icon-at-eighty.jpg"),
        ('<a href="/large/a.jpg"><img src="/a.jpg"></a>', "/a.jpg"),
        ('<a href="/news/ferry/photo/1"><img src="/a.jpg"></a>', "/a.jpg"),
        ('<a href="#zoom"><img src="/a.jpg"></a>', "/a.jpg"),
        ('<figure><a href="/photos/7"><img src="/a.jpg"></a><figcaption>The quay.</figcaption></figure>', "/a.jpg"),
        ('<figure><img src="/map.svg"><figcaption>The route.</figcaption></figure>', "/map.svg"),
    ],
)
def test_the_address_of_a_picture(picture: str, url: str) -> None:
    assert found(picture) == [url]


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/site-logo.png">',
        '<img src="/siteLogo.png">',
        '<img src="/icons/phone.png">',
        '<img src="/wp-content/themes/quay/line.png">',
        '<img src="/arrow.svg">',
        '<img src="/count.gif" width="1" height="1">',
        '<img src="/lazyload-fallback.gif">',
        '<img src="/no-image.png">',
        '<img src="/doe-35x35.jpg">',
        '<a href="/news/dredger"><img src="/dredger.jpg"></a>',
        '<figure><a href="/news/dredger"><img src="/a.jpg"><figcaption>The dredger has come</figcaption></a></figure>',
        '<img src="javascript:void(0)">',
    ],
)
def test_what_is_no_picture_of_the_story(picture: str) -> None:
    assert found(picture) == []


def test_a_logo_that_is_declared_is_no_picture_either() -> None:
    assert found("", meta("og:image", "https://example.org/logo.png")) == []
    assert found("", meta("og:image", "https://example.org/ferry.jpg")) == ["/ferry.jpg"]


def test_a_long_srcset_costs_linear_work() -> None:
    srcset = ", ".join(f"/a-{n}.jpg {n}w" for n in range(20_000))
    assert found(f'<img srcset="{srcset} {"x" * 200_000}">')
