"""A corpus with archives, made through the ledger as a crawl makes it, but of pages that are at hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsscraper import Model, extract
from newsscraper.extract import choose_model
from newsscraper.record import Record
from newsscraper.store import Ledger, make_record
from newsscraper.store.archive import Exchange
from tests.store.archives import AT, exchange
from tests.store.ledgers import HOME, done, lease_one, report, run

PARAGRAPHS = (
    "The ferry from the old harbour ran again on Monday after a month in which nobody had crossed the sound at all.",
    "Its captain said that the engine had been taken apart and put together by two people who had never seen one.",
    "Some forty passengers stood on the quay in the rain, most of whom had come to look rather than to travel.",
    "The town council will decide next week whether the boat may run at night, as it did before the war.",
)


def page(title: str, *, further: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS) -> bytes:
    """A story's page, which goes on where `further` leads."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    links = f'<nav><a rel="next" href="{further}">2</a></nav>' if further else ""
    return (
        f'<html lang="en"><head><title>{title} - Marrow Post</title><meta property="og:type" content="article"></head>'
        f'<body><h1>{title}</h1><time datetime="2026-03-04T09:00:00Z">4 March 2026</time>'
        f"<article>{body}</article>{links}</body></html>"
    ).encode()


def read(path: str, body: bytes, model: Model | None = None, **facts: Any) -> Record:
    """The record that a crawl makes of a page."""
    model = model or choose_model()
    url = HOME + path
    story = dataclasses.replace(extract(body, url, fetched_at=AT, model=model), **facts)
    return make_record(story, url=url, fetched_url=url, fetched_at=AT, http_status=200, model=model, run_id="r1")


def settle_page(ledger: Ledger, path: str, body: bytes, *also: Exchange, **facts: Any) -> Record:
    """Commit the story on a page, archived, with further exchanges before it."""
    record = facts.pop("record", None) or read(path, body, **facts)
    exchanges = (*also, exchange(path, body))
    committed = ledger.settle(done(lease_one(ledger, path), record=record, exchanges=exchanges, status=200))
    return committed.record_as_known


def make_corpus(corpus: Path, pages: Mapping[str, bytes], *, run_id: str = "r1", **options: Any) -> list[Record]:
    """A whole run over `pages`, path -> HTML; the records as written."""
    with run(corpus, run_id=run_id, **options) as ledger:
        records = [settle_page(ledger, path, body) for path, body in pages.items()]
        ledger.seal(archive=True)
        report(corpus, ledger)
    return records
