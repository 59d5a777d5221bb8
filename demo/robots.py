"""robots.txt: the site's own rules."""

from __future__ import annotations

from urllib.parse import urljoin

FORBIDDEN = ("/internal/", "/comment", "/newsletter")


def make_robots(base: str) -> str:
    """robots.txt with its Sitemap line."""
    rules = "".join(f"Disallow: {path}\n" for path in FORBIDDEN)
    return f"User-agent: *\n{rules}\nSitemap: {urljoin(base, '/sitemap.xml')}\n"
