"""What the page declares about itself and its reuse: canonical URL, siblings, publisher, licence, rights."""

from __future__ import annotations

from newsscraper.extract.fields.language import normalise_tag
from newsscraper.extract.page import Page, absolute
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import Structured, itemprop_text, string_in
from newsscraper.extract.text import fix_line
from newsscraper.extract.tree import text_of
from newsscraper.story import Rights, Translation


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
    """Hreflang siblings, the page itself and `x-default` left out."""
    own = {page.url, resolve_canonical_url(page)}
    own_language = (page.root.get("lang") or "").lower()
    found: dict[str, Translation] = {}
    for link in page.structured.links.get("alternate", ()):
        tag = link.get("hreflang")
        if not tag or tag.lower() == "x-default" or tag.lower() == own_language:
            continue
        language, url = normalise_tag(tag), absolute(link.get("href"), page.base_url)
        if language and url and url not in own:
            found.setdefault(url, Translation(language=language, url=url))
    return list(found.values())


def resolve_publisher(page: Page) -> str | None:
    """The profile's selector, JSON-LD publisher, og:site_name, Dublin Core, the profile's."""
    selected = select_texts(page, "publisher")
    if selected:
        return selected[0]
    structured = page.structured
    declared = string_in(structured.story.get("publisher"))
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


def resolve_license(page: Page) -> str | None:
    """`rel=license`, JSON-LD `license`, Dublin Core; a URL or the words declared."""
    for link in page.structured.links.get("license", ()):
        url = absolute(link.get("href"), page.base_url)
        if url:
            return url
    anchor = page.root.find(".//a[@rel='license']")
    if anchor is not None:
        return absolute(anchor.get("href"), page.base_url) or fix_line(text_of(anchor)) or None
    declared = string_in(page.structured.story.get("license"), "url", "@id")
    return declared or page.structured.first_meta("dcterms.license", "dc.rights.license", "license")


def resolve_rights(structured: Structured) -> Rights:
    """Robots and text-and-data-mining signals, as found."""
    directives: list[str] = []
    for content in structured.all_meta("robots", "googlebot", "googlebot-news", "bingbot", "ai-robots"):
        directives += [d.strip().lower() for d in content.split(",") if d.strip()]
    directives = list(dict.fromkeys(directives))
    reservation = structured.first_meta("tdm-reservation")
    return Rights(
        robots=directives,
        noai=any(d in ("noai", "noimageai") for d in directives),
        tdm_reservation={"1": True, "0": False}.get(reservation or ""),
        tdm_policy=structured.first_meta("tdm-policy"),
    )
