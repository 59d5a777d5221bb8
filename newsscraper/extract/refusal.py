"""Is it a story at all? A page without a headline that has text of its own under it is refused, with the reason."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsscraper.errors import NotAStory
from newsscraper.extract.layout import Layout
from newsscraper.extract.structured import types_of
from newsscraper.extract.text import count_letters, fold

MIN_TEXT = 140
"""Letters of body that make a story without any other evidence."""
MIN_TEXT_DECLARED = 25
"""Letters of body where the page declares itself a story."""

_BOT_WALL = re.compile(
    r"cf-browser-verification|cf[-_]chl[-_]|/cdn-cgi/challenge-platform/h/|challenge-form|_Incapsula_Resource|px-captcha|distil_r_captcha|"
    r"captcha-delivery\.com|datadome|ddos-guard|aws-waf-token|g-recaptcha|h-captcha|hcaptcha\.com|sucuri_cloudproxy|akamai.{0,20}denied|perimeterx",
    re.IGNORECASE,
)
_BOT_TITLE = re.compile(
    r"^(just a moment|attention required|access (to this page has been )?denied|are you (a )?(human|robot)|security check|please wait|"
    r"checking your browser|ddos protection|human verification|verify(ing)? (that )?you are|pardon our interruption|robot check|one moment|bot verification)",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(
    r"\b(404|410|403|500|502|503)\b|not found|page (can ?not|cannot|could not) be found|(does|do) ?n[o']t exist|no longer (exists|available)|"
    r"nicht gefunden|introuvable|non trouv|no encontrad|não encontrad|non trovat|не найден|не знайдено|bulunamadı|یافت نشد|پیدا نشد|موجود نیست|"
    r"غير موجود|لم يتم العثور|نہیں ملا|未找到|找不到|不存在|見つかりません|찾을 수 없|nie znaleziono|nenalezen|niet gevonden|hittades inte|ikke fundet|ikke funnet|"
    r"ei löytyn|δεν βρέθηκε|nem található|nu a fost găsit|לא נמצא|नहीं मिला|পাওয়া যায়নি|tidak ditemukan|không tìm thấy|server error|service unavailable|bad gateway",
    re.IGNORECASE,
)
_CONSENT = re.compile(r"consent|cookiewall|cookie-wall|privacy-gate|gdpr|zustimmung|einwilligung|purabo|contentpass", re.IGNORECASE)
_LISTING_TYPES = frozenset("CollectionPage SearchResultsPage ProfilePage ContactPage AboutPage CheckoutPage".split())
_PAGING_PATH = re.compile(r"/(?:tag|tags|topic|topics|category|categories|author|authors|search|page|archive|archives|login|signin|register|contact|about|privacy|terms)(?:/|$)", re.IGNORECASE)


def refuse_not_story(layout: Layout, body: str) -> None:
    """Raises `NotAStory` for bot walls, error pages, consent walls, listings, and pages without headline or text."""
    letters = count_letters(body)
    title = layout.headline.text or ""
    declared = _declares_story(layout)
    own = letters - sum(layout.page.blocks.blocks[i].letters for i in layout.body_indices if layout.teasers[i])
    _refuse_walls(layout, title, letters)
    if not declared and own < 1500 and title and _is_error_title(title, layout):
        raise NotAStory("error_page", f"its headline reads as an error: {title[:80]!r}")
    if letters >= MIN_TEXT or (declared and letters >= MIN_TEXT_DECLARED):
        if _is_listing(layout, letters, declared=declared):
            raise NotAStory("listing", "its text is a list of teasers that link to other pages")
    elif len(layout.page.blocks) <= 1 and letters == 0:
        raise NotAStory("empty", "the page is an empty shell: whatever it shows is filled in by scripts")
    elif _has_teasers(layout):
        raise NotAStory("listing", "headlines that link to other pages, and no text of its own")
    else:
        raise NotAStory("no_text", f"{letters} letters of text were found under the headline; a story has {MIN_TEXT} or more")
    if not title:
        raise NotAStory("no_headline", "there is text, but no heading, title or metadata names it")


def _declares_story(layout: Layout) -> bool:
    structured = layout.page.structured
    types = types_of(structured.story)
    if types and not types <= {"CreativeWork", "Review", "Article"}:
        return True
    return bool(structured.story.get("articleBody") or structured.first_meta("article:published_time", "datepublished")) or (
        (structured.first_meta("og:type") or "").lower().startswith("article") and bool(structured.story or structured.meta.get("author"))
    )


def _refuse_walls(layout: Layout, title: str, letters: int) -> None:
    page = layout.page
    head = page.document_title
    if letters < 1500 and (_BOT_TITLE.search(head) or _BOT_TITLE.search(title)):
        raise NotAStory("bot_wall", f"the site asks whether a person reads it: {(head or title)[:80]!r}")
    if letters < 600 and _BOT_WALL.search(page.decoded.text[:300_000]) and len(page.blocks) < 25:
        raise NotAStory("bot_wall", "a challenge script and hardly any text")
    if letters < 2500 and len(page.blocks) < 60 and _is_consent(layout):
        raise NotAStory("consent_wall", "the page asks for consent to tracking before it shows anything")


def _is_consent(layout: Layout) -> bool:
    """Most of the text mentions cookies, consent and partners, or stands in containers named after them."""
    page = layout.page
    if _CONSENT.search(urlsplit(page.url or "").netloc.split(".")[0] if page.url else ""):
        return True
    text = " ".join(b.text for b in page.blocks)[:4000].lower()
    hits = len(re.findall(r"cookie|consent|zustimm|einwillig|consentement|partner|tracking|privacy|datenschutz|privacidad|consenso|gdpr|personenbezogen|werbung|advertis", text))
    named = sum(bool(c.words & {"consent", "cookie", "cookies", "gdpr", "cmp", "didomi", "onetrust", "purabo"}) for c in page.blocks.containers[:12])
    return hits >= 8 or (hits >= 3 and named > 0 and len(page.blocks) < 20)


def _is_error_title(title: str, layout: Layout) -> bool:
    return bool(_ERROR_TITLE.search(title) or _ERROR_TITLE.search(layout.page.document_title)) and len(title) < 90


def _is_listing(layout: Layout, letters: int, *, declared: bool) -> bool:
    """Most of the body stands in teasers; or the page is the site's root or says that it lists, and shows teasers."""
    blocks = layout.page.blocks.blocks
    in_teasers = sum(blocks[i].letters for i in layout.body_indices if layout.teasers[i])
    structured = layout.page.structured
    says_so = any(structured.of_type(*_LISTING_TYPES)) and not structured.story.get("articleBody")
    path = urlsplit(layout.page.url or "").path
    at_root = bool(layout.page.url) and path.strip("/") == "" and not urlsplit(layout.page.url or "").query
    teasers = _teaser_count(layout)
    if declared:
        return at_root and teasers >= 10 and in_teasers > 0.6 * letters
    if at_root:
        return teasers >= 6 and (letters < 3000 or in_teasers > 0.5 * letters)
    if in_teasers > 0.6 * letters and teasers >= 4:
        return in_teasers < 400 * teasers
    return (says_so or bool(_PAGING_PATH.search(path))) and (in_teasers > 0.3 * letters or letters < 1000) and teasers >= 4


def _teaser_count(layout: Layout) -> int:
    """Distinct headings, or blocks of some length, that are wholly a link."""
    linked = {
        fold(b.text)
        for b in layout.page.blocks
        if b.link_letters > 0.9 * b.letters and b.letters >= 20 and (b.tag in ("h1", "h2", "h3", "h4") or b.letters >= 30)
    }
    return len(linked)


def _has_teasers(layout: Layout) -> bool:
    return _teaser_count(layout) >= 4
