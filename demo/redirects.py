"""Redirects that lead nowhere a crawler should go."""

from __future__ import annotations

from .fault import Answer, Asked, Kind
from .page import Page, make_redirect

_MARK = "round="

TARGETS = {
    "link_local": "http://169.254.169.254/latest/meta-data/",
    "private": "http://10.0.0.7/admin/",
    "loopback": "http://127.0.0.9:9/",
    "ipv6_loopback": "http://[::1]:9/",
    "file": "file:///etc/passwd",
    "ftp": "ftp://127.0.0.1/stories.txt",
    "offsite": "http://www.tidewater-wire.example/en/",
}
"""Fault `redirect_<key>` -> where it leads."""


def _answer_loop(asked: Asked) -> Page:
    """Round and round between the address and the same with a parameter more."""
    path, _, query = asked.path.partition("?")
    parts = [part for part in query.split("&") if part]
    others = [part for part in parts if not part.startswith(_MARK)]
    following = others if len(others) < len(parts) else [*others, f"{_MARK}1"]
    return make_redirect(asked.url(f"{path}?{'&'.join(following)}" if following else path), 302)


def _answer_endless(asked: Asked) -> Page:
    """Each time another address, so that no circle is ever closed."""
    path, _, query = asked.path.partition("?")
    parts = [part for part in query.split("&") if part]
    others = [part for part in parts if not part.startswith(_MARK)]
    number = next((part.removeprefix(_MARK) for part in parts if part.startswith(_MARK)), "0")
    following = int(number) + 1 if number.isdecimal() else 1
    return make_redirect(asked.url(f"{path}?{'&'.join([*others, f'{_MARK}{following}'])}"), 302)


def _lead_to(url: str) -> Answer:
    return lambda _: make_redirect(url, 302)


REDIRECT_FAULTS = {
    "redirect_loop": Kind(what="story pages redirect in a circle of two", where="stories", answer=_answer_loop),
    "redirect_endless": Kind(
        what="story pages redirect to ever new addresses", where="stories", answer=_answer_endless
    ),
    **{
        f"redirect_{name}": Kind(what=f"story pages redirect to {url}", where="stories", answer=_lead_to(url))
        for name, url in TARGETS.items()
    },
}
