"""What the page declares about itself and its reuse: canonical URL, siblings, publisher, licence, rights."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsscraper.extract.fields.language import normalise_tag
from newsscraper.extract.page import Page, absolute
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import Structured, itemprop_text, string_in
from newsscraper.extract.text import fix_line
from newsscraper.extract.tree import text_of
from newsscraper.story import Rights, Translation

_ROBOTS = ("robots", "x-robots-tag", "ai-robots")
_ROBOTS_OF_OTHERS = ("googlebot", "googlebot-news", "bingbot")
_SEPARATOR = re.compile(r"[\s,;]+")
_AROUND_COLON = re.compile(r"\s*:\s*")


def resolve_canonical_url(page: Page) -> str | None:
    """`<link rel=canonical>`, else og:url; absolute where that can be told."""
    for link in page.structured.links.get("canonical", ()):
        url = absolute(link.get("href"), page.base_url)
        if url:
            return url
    return absolute(page.structured.first_meta("og:url"), page.base_url)


def resolve_description(page: Page) -> str | None:
    """The profile's selector, meta description, OpenGraph's, JSON-LD's."""
    selected = select_texts(page, "description")
    if selected:
        return selected[0]
    told = page.structured.first_meta("description", "og:description", "twitter:description", "dc.description")
    return told or string_in(page.structured.story.get("description"))


def resolve_translations(page: Page) -> list[Translation]:
    """Hreflang siblings; left out are the page itself, `x-default`, feeds, and other editions' front pages."""
    own = {_bare(url) for url in (page.url, resolve_canonical_url(page)) if url}
    alone = not any(_is_front(url) for url in own)
    own_language = (page.root.get("lang") or "").lower()
    found: dict[str, Translation] = {}
    for link in page.structured.links.get("alternate", ()):
        tag = link.get("hreflang")
        if not tag or tag.lower() in ("x-default", own_language) or "xml" in (link.get("type") or ""):
            continue
        language, url = normalise_tag(tag), absolute(link.get("href"), page.base_url)
        if language and url and _bare(url) not in own and not (alone and _is_front(_bare(url))):
            found.setdefault(url, Translation(language=language, url=url))
    return list(found.values())


def _bare(url: str) -> str:
    """An address without scheme, fragment and a slash at its end: what two spellings of it share."""
    return url.partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def _is_front(bare: str) -> bool:
    """True for the front page of a site or of one of its editions: `site.example/pt-br`."""
    path = bare.partition("/")[2]
    return "/" not in path and (not path or normalise_tag(path) is not None)


def resolve_publisher(page: Page) -> str | None:
    """The profile's selector, JSON-LD publisher, og:site_name, Dublin Core, the profile's."""
    selected = select_texts(page, "publisher")
    if selected:
        return selected[0]
    structured = page.structured
    declared = string_in(_referred(structured, structured.story.get("publisher")))
    if declared and not declared.startswith(("http", "#", "/")):
        return declared
    for element in structured.itemprops.get("publisher", ())[:1]:
        name = itemprop_text(element, "name")
        if name:
            return name
    named = structured.first_meta(
        "og:site_name", "dc.publisher", "dcterms.publisher", "publisher", "citation_publisher", "application-name"
    )
    if named and not named.startswith("http"):
        return named
    organisations = (string_in(node.get("name")) for node in structured.of_type("NewsMediaOrganization"))
    return next(filter(None, organisations), page.profile.publisher)


def _referred(structured: Structured, value: object) -> object:
    """The node of the page that a value such as `{"@id": "#org"}` refers to; other values as they are."""
    named = value.get("@id") if isinstance(value, dict) and "name" not in value else None
    return next((node for node in structured.nodes if named and node.get("@id") == named and "name" in node), value)


def resolve_license(page: Page) -> str | None:
    """`rel=license`, JSON-LD `license`, Dublin Core; a URL or words. A picture's is not the story's."""
    for link in page.structured.links.get("license", ()):
        url = absolute(link.get("href"), page.base_url)
        if url:
            return url
    for relations, anchor in page.relations:
        if "license" in relations and next(anchor.iterancestors("figure"), None) is None:
            return absolute(anchor.get("href"), page.base_url) or fix_line(text_of(anchor)) or None
    declared = string_in(page.structured.story.get("license"), "url", "@id")
    return declared or page.structured.first_meta("dcterms.license", "dc.rights.license", "license")


def resolve_rights(structured: Structured) -> Rights:
    """Robots and text-and-data-mining signals, as found; what is said to one robot alone as `googlebot:noarchive`."""
    directives = _directives(structured.all_meta(*_ROBOTS))
    for name in _ROBOTS_OF_OTHERS:
        directives += [f"{name}:{directive}" for directive in _directives(structured.all_meta(name))]
    directives = list(dict.fromkeys(directives))
    reservation = structured.first_meta("tdm-reservation") or ""
    return Rights(
        robots=directives,
        noai=any(d in ("noai", "noimageai") for d in directives),
        tdm_reservation={"1": True, "0": False}.get(reservation.strip()),
        tdm_policy=structured.first_meta("tdm-policy"),
    )


def _directives(contents: Iterable[str]) -> list[str]:
    found = (_SEPARATOR.split(_AROUND_COLON.sub(":", content.strip(" ,;").lower())) for content in contents)
    return [directive for each in found for directive in each if directive]
