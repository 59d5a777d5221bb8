"""The recipe."""

from __future__ import annotations

from newsscraper.errors import NotAStory
from newsscraper.extract.assemble import assemble_body, assemble_lead
from newsscraper.extract.blocks import find_blocks
from newsscraper.extract.classify import classify
from newsscraper.extract.decode import decode
from newsscraper.extract.fields.title import resolve_title
from newsscraper.extract.page import Page
from newsscraper.extract.structured import read_structured
from newsscraper.extract.tree import parse
from newsscraper.sites.profile import Profile
from newsscraper.story import Story


def extract(html, url=None, *, profile=None, charset=None, fetched_at=None, force=False) -> Story:
    decoded = decode(html, charset)
    root = parse(decoded.text)
    page = Page(root, decoded, find_blocks(root), read_structured(root, url), url, Profile(name=""), fetched_at)
    headline = resolve_title(page)
    labels = classify(page, headline)
    body = assemble_body(page.blocks, labels)
    if not headline.text: raise NotAStory("no_headline", "")
    return Story(title=headline.text, body=body, lead=assemble_lead(page.blocks, labels))

def trace(html, url=None, **k):
    return extract(html, url, **k), None
def extract_text(text, url=None, *, profile=None, fetched_at=None):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Story(title=lines[0], body="\n\n".join(lines[1:]))
