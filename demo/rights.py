"""What a site says about who may use its pages for what, and what it says wrongly about how to read them."""

from __future__ import annotations

import json
from collections.abc import Callable

from .fault import Answer, Asked, Kind
from .markup import fill
from .page import Page, add_headers, add_to_head, make_file

_TDM_PATH = "/.well-known/tdmrep.json"
_POLICY_PATH = "/policies/tdm.json"


def _say_in_header(**headers: str) -> Answer:
    return lambda asked: add_headers(asked.page, **headers)


def _say_in_head(name: str, content: str) -> Answer:
    return lambda asked: add_to_head(asked.page, fill("faults", "meta", name=name, content=content))


def _reserve_in_header(asked: Asked) -> Page:
    return add_headers(asked.page, TDM_Reservation="1", TDM_Policy=asked.url(_POLICY_PATH))


def _reserve_in_head(asked: Asked) -> Page:
    page = add_to_head(asked.page, fill("faults", "meta", name="tdm-policy", content=asked.url(_POLICY_PATH)))
    return add_to_head(page, fill("faults", "meta", name="tdm-reservation", content="1"))


def _serve_tdm_file(asked: Asked) -> Page | None:
    if asked.plain_path != _TDM_PATH:
        return None
    rules = [
        {"location": "/*/section/*", "tdm-reservation": 0},
        {"location": "/*", "tdm-reservation": 1, "tdm-policy": asked.url(_POLICY_PATH)},
    ]
    return make_file("application/json", json.dumps(rules).encode())


def _serve_policy(asked: Asked) -> Page | None:
    if asked.plain_path != _POLICY_PATH:
        return None
    policy = {
        "@context": ["http://www.w3.org/ns/odrl.jsonld", {"tdm": "http://www.w3.org/ns/tdmrep#"}],
        "@type": "Offer",
        "profile": "http://www.w3.org/ns/tdmrep",
        "uid": asked.url(_POLICY_PATH),
        "assigner": {"uid": asked.base, "vcard:fn": "Halden press cooperative"},
        "permission": [{"target": asked.base, "action": "tdm:mine", "duty": [{"action": "obtainConsent"}]}],
    }
    return make_file("application/json", json.dumps(policy).encode())


def _serve_any(*serves: Callable[[Asked], Page | None]) -> Callable[[Asked], Page | None]:
    return lambda asked: next((page for serve in serves if (page := serve(asked))), None)


def _mislabel(asked: Asked) -> Page:
    """The header names an encoding of which not a byte on the page is meant."""
    page = asked.page
    if not page.is_html or page.status != 200:
        return page
    own = page.headers["Content-Type"].partition("charset=")[2] or "windows-1252"
    return add_headers(page, Content_Type=f"text/html; charset={'utf-8' if own != 'utf-8' else 'iso-8859-5'}")


RIGHTS_FAULTS = {
    "noindex_header": Kind(
        what="story pages come with X-Robots-Tag: noindex",
        where="stories",
        answer=_say_in_header(X_Robots_Tag="noindex"),
    ),
    "noindex_meta": Kind(
        what="story pages have a robots meta of noindex", where="stories", answer=_say_in_head("robots", "noindex")
    ),
    "noai_header": Kind(
        what="story pages come with X-Robots-Tag: noai, noimageai",
        where="stories",
        answer=_say_in_header(X_Robots_Tag="noai, noimageai"),
    ),
    "noai_meta": Kind(
        what="story pages have a robots meta of noai, noimageai",
        where="stories",
        answer=_say_in_head("robots", "noai, noimageai"),
    ),
    "tdm_file": Kind(
        what="/.well-known/tdmrep.json reserves text and data mining of all but listings, and names a policy",
        where="stories",
        further=_serve_any(_serve_tdm_file, _serve_policy),
    ),
    "tdm_header": Kind(
        what="story pages come with tdm-reservation: 1 and a tdm-policy",
        where="stories",
        answer=_reserve_in_header,
        further=_serve_policy,
    ),
    "tdm_meta": Kind(
        what="story pages have metas tdm-reservation and tdm-policy",
        where="stories",
        answer=_reserve_in_head,
        further=_serve_policy,
    ),
    "wrong_charset": Kind(
        what="the header of every page names another charset than the page is written in (and than its meta says)",
        where="pages",
        answer=_mislabel,
    ),
}
