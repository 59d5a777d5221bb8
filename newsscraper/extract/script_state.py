"""Text that lives in script state, or in JSON-LD's articleBody, rather than in the tree.

A second source of blocks for pages whose tree holds little more than a headline. What is found is laid out as a plain
tree (`<h1>`, `<p>`), so that everything after it is as for any page.
"""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable, Iterator

from lxml import etree

from newsscraper.extract.assemble import assemble_body
from newsscraper.extract.layout import Layout, body_letters
from newsscraper.extract.page import Page
from newsscraper.extract.script_values import script_values
from newsscraper.extract.similar import contained, overlap_folded
from newsscraper.extract.store_stories import StoredStory, drop_tags, find_stories, has_markup
from newsscraper.extract.structured import Node
from newsscraper.extract.text import count_letters, fix_references, fold
from newsscraper.extract.tree import XML_LANG, find_elements, parse
from newsscraper.extract.walk import find_blocks

ENOUGH_IN_TREE = 900
"""Letters of body in the tree above which no other source is looked at."""
_UNFILLED = re.compile(r"\{\{|<%|<#|\$\{|\[\[")
"""Marks of a template that is filled with something else than the story."""
MIN_GAIN = 2.0
"""How many times the tree's text another source must hold."""


def with_script_state(layout: Layout, lay_out: Callable[[Page], Layout]) -> Layout:
    """The layout given, or that of the page's script state where the text lives there."""
    page = layout.page
    in_tree = assemble_body(page.blocks, layout.labels)
    letters = count_letters(in_tree)
    if letters >= ENOUGH_IN_TREE:
        return layout
    found = [story for story in _told_stories(page) if story.letters > max(MIN_GAIN * letters, 200)]
    title = fold(layout.headline.text or "")
    fitting = [story for story in found if _belongs(story, title, fold(in_tree[:2000]))]
    if not fitting:
        return layout
    best = max(fitting, key=lambda s: s.letters)
    other = lay_out(_as_page(page, best, layout.headline.text))
    return other if body_letters(other) > max(letters, 100) else layout


def _belongs(story: StoredStory, title: str, in_tree: str) -> bool:
    """The story in the store is the page's: it has the page's headline, or the text that the tree shows."""
    if story.source in ("json_ld", "template"):
        return True
    headline = fold(str(story.facts.get("headline") or ""))
    if title and headline and overlap_folded(title, headline) > 0.5:
        return True
    text = fold(" ".join(drop_tags(t, " ") for _, t in story.paragraphs)[:20_000])
    if len(in_tree) > 60 and contained(in_tree, text) > 0.85:
        return True
    return not title or (not headline and contained(title, text) > 0.6)


def _as_page(page: Page, story: StoredStory, title: str | None) -> Page:
    """A page with the same head, whose body is the story found."""
    headline = title or str(story.facts.get("headline") or "")
    body = "".join(
        text if tag == "html" else f"<{tag}>{html.escape(text, quote=False)}</{tag}>" for tag, text in story.paragraphs
    )
    lead = story.facts.get("lead")
    standfirst = f'<p class="standfirst">{html.escape(drop_tags(lead))}</p>' if isinstance(lead, str) else ""
    root = parse(
        f"<html><body><article><h1>{html.escape(headline)}</h1>{standfirst}<div>{body}</div></article></body></html>"
    )
    told = {key: value for key, value in story.facts.items() if key != "lead"}
    if str(told.get("identifier")) not in (page.url or ""):
        told.pop("identifier", None)
    facts = {key: value for key, value in told.items() if value and not page.structured.story.get(key)}
    structured = dataclasses.replace(page.structured, story={**page.structured.story, **facts})
    shell = _with_head(root, page)
    notes = [*page.notes, f"the text was read from {story.source.replace('_', ' ')}"]
    return Page(
        shell,
        find_elements(shell),
        page.decoded,
        find_blocks(shell),
        structured,
        page.url,
        page.profile,
        page.fetched_at,
        story.source,
        notes,
    )


def _with_head(root: etree._Element, page: Page) -> etree._Element:
    """The new tree in the old root's language, with a copy of its `<title>`."""
    for name in ("lang", XML_LANG):
        if value := page.root.get(name):
            root.set(name, value)
    head = etree.Element("head")
    etree.SubElement(head, "title").text = page.document_title
    root.insert(0, head)
    return root


def _told_stories(page: Page) -> Iterator[StoredStory]:
    for value in script_values(page.root):
        yield from find_stories(value)
    for markup in _templates(page.root):
        if not _UNFILLED.search(markup):
            yield StoredStory([("html", markup)], count_letters(drop_tags(markup)), {}, "template")
    for node in page.structured.of_type("LiveBlogPosting"):
        yield _updates(node)
    body = page.structured.story.get("articleBody")
    if isinstance(body, str) and len(body) > 200 and not body.rstrip().endswith(("...", "…")):
        text = fix_references(body)
        if has_markup(text):
            yield StoredStory([("html", text)], count_letters(drop_tags(text)), {}, "json_ld")
        else:
            paragraphs = [("p", line.strip()) for line in text.splitlines() if line.strip()]
            yield StoredStory(paragraphs, count_letters(text), {}, "json_ld")


def _templates(root: etree._Element) -> Iterator[str]:
    """Markup that waits for a script to show it: `<template>`, or a script whose type says that it is HTML."""
    for element in root.iter("template", "script"):
        if element.tag == "template":
            parts = [str(etree.tostring(child, encoding="unicode", method="html")) for child in element]
            yield (element.text or "") + "".join(parts)
        elif "html" in (kind := (element.get("type") or "").lower()) or "template" in kind:
            yield element.text or ""


def _updates(node: Node) -> StoredStory:
    """The entries of a live blog: headline and text of each, as the page lists them."""
    paragraphs: list[tuple[str, str]] = []
    updates = node.get("liveBlogUpdate")
    for update in updates if isinstance(updates, list) else []:
        if not isinstance(update, dict):
            continue
        headline, text = update.get("headline"), update.get("articleBody")
        if isinstance(headline, str) and headline.strip():
            paragraphs.append(("h2", fix_references(headline)))
        if isinstance(text, str):
            lines = fix_references(text).splitlines()
            paragraphs += [("p", drop_tags(line, " ").strip()) for line in lines if line.strip()]
    return StoredStory(paragraphs, sum(count_letters(text) for _, text in paragraphs), {}, "json_ld")
