"""The pages of a fuzzing run: number N of seed S is the same page on any machine, in any order, with any jobs."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import made_up
from benchmarks.made_up_values import CHARSETS, ENCODINGS, FETCHED, URLS
from benchmarks.mutations import cut_window, mutate
from newsscraper import extract, extract_text
from newsscraper.story import Story

PROFILES = (None,) * 12 + ("islamtimes", "newsstudio", "no-such-profile", "")


@dataclass(frozen=True)
class Case:
    """One call of the core."""

    source: str
    """Where the page comes from: `made up`, `dump`, `fixture` or `labelled`."""
    page: bytes | str
    arguments: dict[str, Any]

    def run(self) -> Story:
        """Raises whatever the core raises."""
        if self.source == "dump":
            return extract_text(str(self.page), **self.arguments)
        return extract(self.page, **self.arguments)


@dataclass(frozen=True)
class Corpus:
    """Files of real pages to be damaged, sorted."""

    fixtures: tuple[Path, ...]
    labelled: tuple[Path, ...] = ()

    @classmethod
    def find(cls, fixtures: Path, data: Path | None) -> Corpus:
        """Those below the fixtures' folder and below that of labelled pages."""
        labelled = sorted(data.glob("*/html/*.gz")) if data else []
        return cls(tuple(sorted(fixtures.glob("*/source.html"))), tuple(labelled))


def make_case(seed: int, number: int, corpus: Corpus) -> Case:
    """The case of that number."""
    rng = Random(f"{seed}:{number}")
    choice = rng.random()
    if choice < 0.06:
        return Case("dump", made_up.make_dump(rng), _arguments(rng, of_text=True))
    if choice < 0.5 or not corpus.fixtures:
        return Case("made up", _encode(made_up.make_page(rng), rng), _arguments(rng))
    if choice < 0.9 or not corpus.labelled:
        return _mutated("fixture", corpus.fixtures, rng)
    return _mutated("labelled", corpus.labelled, rng)


def _mutated(source: str, files: tuple[Path, ...], rng: Random) -> Case:
    """A damaged page; of the very long ones mostly a part."""
    file = rng.choice(files)
    page = cut_window(_read(file), rng, rng.choice((4_000, 12_000, 30_000) if rng.random() < 0.95 else (1_000_000,)))
    arguments = _arguments(rng)
    meta = file.with_name("meta.json")
    if source == "fixture" and rng.random() < 0.5:
        known = json.loads(meta.read_text(encoding="utf-8"))
        arguments |= {key: known.get(key) for key in ("url", "profile", "charset", "fetched_at")}
    return Case(source, mutate(page, rng, lambda: _read(file if rng.random() < 0.3 else rng.choice(files))), arguments)


def _arguments(rng: Random, *, of_text: bool = False) -> dict[str, Any]:
    arguments = {
        "url": rng.choice((None, URLS[0], URLS[0], *URLS)),
        "fetched_at": rng.choice(FETCHED),
        "profile": rng.choice(PROFILES),
        "force": rng.random() < 0.5,
    }
    return arguments if of_text else {**arguments, "charset": rng.choice(CHARSETS)}


def _encode(page: str, rng: Random) -> bytes | str:
    """The page as text, or as bytes in an encoding, or in two of them."""
    if rng.random() < 0.2:
        return page
    first, second = rng.choice(ENCODINGS), rng.choice(ENCODINGS)
    if rng.random() < 0.85:
        return page.encode(first, "ignore")
    middle = rng.randint(0, len(page))
    return page[:middle].encode(first, "ignore") + page[middle:].encode(second, "ignore")


@lru_cache(maxsize=64)
def _read(file: Path) -> bytes:
    content = file.read_bytes()
    return gzip.decompress(content) if file.suffix == ".gz" else content
