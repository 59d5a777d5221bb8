"""A small set of labelled pages, made up: stories between a menu, teasers and a footer, each site built its own way."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

WORDS = (
    "harbour ferry council bridge market winter school river budget engine garden museum teacher railway island "
    "village doctor library concert factory festival mountain reporter election hospital weather station lawyer"
).split()


def write_set(folder: Path, name: str, sites: int = 6, pages: int = 3, seed: int = 1) -> Path:
    """A set of `sites` x `pages` labelled pages below `folder`; gives `folder`."""
    chance = random.Random(seed)
    (folder / name / "html").mkdir(parents=True)
    rows = []
    for site in range(sites):
        for number in range(pages):
            file = f"html/{site:02}{number:02}.html.gz"
            page, body = make_page(chance, site)
            (folder / name / file).write_bytes(gzip.compress(page.encode(), mtime=0))
            url = f"https://site{site}.example/news/{number}"
            rows.append({"id": f"{name}-{site}-{number}", "file": file, "url": url, "title": "x", "body": body})
    truths = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / name / "truth.jsonl").write_text(truths, encoding="utf-8")
    return folder


def make_page(chance: random.Random, site: int) -> tuple[str, str]:
    """The page, and its true body."""
    title = make_sentence(chance, 7).rstrip(".")
    paragraphs = [f"{make_sentence(chance, 15)} {make_sentence(chance, 20)}" for _ in range(chance.randint(4, 8))]
    menu = "".join(f'<li><a href="/{word}">{word.title()}</a></li>' for word in chance.sample(WORDS, 6))
    teasers = "".join(
        f'<div class="teaser"><a href="/{n}">{make_sentence(chance, 8)}</a></div>' for n in range(chance.randint(4, 7))
    )
    column = ("story", "content", "text", "entry")[site % 4]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = (
        f"<html><head><title>{title}</title></head><body><ul class='menu'>{menu}</ul><div class='{column}'>"
        f"<h1>{title}</h1>{body}</div><div class='related'>{teasers}</div>"
        "<footer><p>All rights reserved. Write to us at any time.</p></footer></body></html>"
    )
    return page, "\n\n".join(paragraphs)


def make_sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."
