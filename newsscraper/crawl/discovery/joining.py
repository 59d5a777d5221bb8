"""Addresses that feeds and sitemaps give, made absolute."""

from __future__ import annotations

from urllib.parse import urljoin


def join(base: str, address: str | None) -> str | None:
    """`address` as seen from `base`; None for what is no address at all."""
    try:
        return urljoin(base, address) if address else None
    except ValueError:
        return None
