"""Which pages are held out together: all pages of a registrable domain, whatever set they are in."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import tldextract

from newsscraper.extract.learned.model import Model, load_model

FOLDS = 5
HELD_OUT = Path(__file__).resolve().parent / "held_out"
"""Weights made from the labelled sets: for each fold those that have not seen its domains."""


def domain_of(url: str | None, otherwise: str) -> str:
    """The registrable domain of a URL; `otherwise`, such as the page's id, where there is none."""
    found = _suffixes()(url or otherwise)
    if found.top_domain_under_public_suffix:
        return found.top_domain_under_public_suffix
    # No public suffix, such as `.example` or a host's name alone: the last two labels.
    return ".".join([*found.subdomain.split(".")[-1:], found.domain]).strip(".") or otherwise


def fold_of(domain: str, folds: int = FOLDS) -> int:
    """The fold of a domain: the same in every run and however many other pages there are."""
    return int.from_bytes(hashlib.sha256(domain.encode()).digest()[:8], "big") % folds


@cache
def _suffixes() -> tldextract.TLDExtract:
    """Reads the list of suffixes that comes with the library, never one from the net."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def fold_file(folder: Path, fold: int) -> Path:
    """Where the weights are that have not seen a fold's domains."""
    return folder / f"without-{fold}.npz"


def held_out_file(folder: Path, url: str | None, page_id: str) -> Path:
    """The weights that have not seen the page's domain."""
    return fold_file(folder, fold_of(domain_of(url, page_id)))


@cache
def read_weights(file: Path) -> Model:
    """The weights in a file, read once in a process. Raises `ModelError` where they cannot be used."""
    return load_model(file)
