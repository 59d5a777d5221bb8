"""A made-up story and the pages that it is dressed in."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from newsscraper import Story, extract
from newsscraper.extract.blocks import Blocks
from newsscraper.extract.core import _lay_out
from newsscraper.extract.layout import Layout
from newsscraper.extract.reading import read_page
from newsscraper.extract.tree import parse
from newsscraper.extract.walk import find_blocks

TITLE = "Ferry to the outer islands returns after the winter"
PARAGRAPHS = [
    "The ferry to the outer islands sailed again on Monday, four weeks after ice had closed the sound to ships.",
    "Forty passengers stood on the quay before dawn, most of them with sacks of flour and letters for neighbours.",
    "The master of the ship, who has crossed for thirty years, said that he had never seen so much bread aboard.",
    "A second ship will follow in April, the harbour office wrote, provided that its boiler passes the inspection.",
]
BODY = "\n\n".join(PARAGRAPHS)


def paragraphs(texts: list[str] | None = None) -> str:
    return "".join(f"<p>{text}</p>" for text in (PARAGRAPHS if texts is None else texts))


def page(*, head: str = "", above: str = "", under_title: str = "", body: str | None = None, below: str = "") -> str:
    text = paragraphs() if body is None else body
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{TITLE}</title>{head}</head><body>{above}'
        f"<article><h1>{TITLE}</h1>{under_title}{text}</article>{below}</body></html>"
    )


def json_ld(**facts: Any) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **facts}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def read(html: str, url: str | None = "https://example.org/news/ferry", **options: Any) -> Story:
    return extract(html, url, **options)


def lay_out(html: str) -> Layout:
    return _lay_out(read_page(html, "https://example.org/news/ferry"))


def blocks_of(markup: str) -> Blocks:
    return find_blocks(tree_of(markup))


def texts_of(markup: str) -> list[str]:
    return [block.text for block in blocks_of(markup)]


def tree_of(markup: str) -> etree._Element:
    return parse(f"<html><body>{markup}</body></html>")
