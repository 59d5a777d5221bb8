"""The recipe."""

from __future__ import annotations

from lxml import html as lxml_html

from newsscraper.errors import NotAStory, UnreadablePage
from newsscraper.sites.profile import Profile
from newsscraper.story import Story


def extract(
    html: bytes | str,
    url: str | None = None,
    *,
    profile: Profile | str | None = None,
    charset: str | None = None,
    fetched_at: str | None = None,
) -> Story:
    """The story on a page (thin first slice: headline and paragraphs)."""
    if not html:
        raise UnreadablePage("empty page")
    tree = lxml_html.fromstring(html)
    title = " ".join(tree.xpath("string(//h1)").split())
    paragraphs = [" ".join(p.text_content().split()) for p in tree.xpath("//p")]
    body = "\n\n".join(p for p in paragraphs if len(p) > 40)
    if not title or len(body) < 100:
        raise NotAStory("no_text", "no headline with text under it")
    return Story(title=title, body=body)


def extract_text(
    text: str, url: str | None = None, *, profile: Profile | str | None = None, fetched_at: str | None = None
) -> Story:
    """The story in a text dump (thin first slice)."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Story(title=lines[0], body="\n\n".join(lines[1:]))


def trace(
    html: bytes | str,
    url: str | None = None,
    *,
    profile: Profile | str | None = None,
    charset: str | None = None,
    fetched_at: str | None = None,
) -> tuple[Story, None]:
    """`extract` and how it came to that (thin first slice)."""
    return extract(html, url, profile=profile, charset=charset, fetched_at=fetched_at), None
