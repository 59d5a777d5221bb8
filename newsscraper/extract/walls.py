"""Is the page a wall in front of the story: a check for bots, a request for consent, an error?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsscraper.errors import NotAStory
from newsscraper.extract.layout import Layout

_BOT_WALL = re.compile(
    r"cf-browser-verification|cf[-_]chl[-_]|/cdn-cgi/challenge-platform/h/|challenge-form|_Incapsula_Resource|"
    r"px-captcha|distil_r_captcha|"
    r"captcha-delivery\.com|datadome|ddos-guard|aws-waf-token|g-recaptcha|h-captcha|hcaptcha\.com|"
    r"sucuri_cloudproxy|akamai.{0,20}denied|perimeterx",
    re.IGNORECASE,
)
_BOT_TITLE = re.compile(
    r"^(just a moment\W*$|"
    r"attention required\W*($|[!|]|\s[-–—]\s)|access (to this page has been )?denied\W*$|are you (a )?(human|robot)|"
    r"security check\W*$|please wait\W*$|"
    r"checking your browser|ddos protection|human verification|verify(ing)? (that )?you are|"
    r"pardon our interruption|robot check\W*$|one moment(, please)?\W*$|bot verification)",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(
    r"^\W*(error\W+)?(404|410|403|500|502|503)\W*($|not found|error|page|forbidden|gone|internal|bad|service|[-|–—])|"
    r"\berror\W+\d{3}\b|not found\W*($|\s[-|–—·]\s)|page (can ?not|can.?t|cannot|could not) be found|"
    r"page (does|do) ?n[o'’]t exist|"
    r"page (is )?no longer (exists|available)|"
    r"nicht gefunden|introuvable|non trouv|no encontrad|não encontrad|non trovat|не найден|не знайдено|bulunamadı|"
    r"یافت نشد|پیدا نشد|موجود نیست|"
    r"غير موجود|لم يتم العثور|نہیں ملا|未找到|找不到|不存在|見つかりません|찾을 수 없|nie znaleziono|nenalezen|"
    r"niet gevonden|hittades inte|ikke fundet|ikke funnet|"
    r"ei löytyn|δεν βρέθηκε|nem található|nu a fost găsit|לא נמצא|नहीं मिला|পাওয়া যায়নি|tidak ditemukan|"
    r"không tìm thấy|server error|service unavailable|bad gateway",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"consent|cookiewall|cookie-wall|privacy-gate|gdpr|zustimmung|einwilligung|purabo|contentpass", re.IGNORECASE
)
_CONSENT_WORD = re.compile(
    r"cookie|consent|zustimm|einwillig|consentement|partner|tracking|privacy|datenschutz|privacidad|consenso|gdpr|"
    r"personenbezogen|werbung|advertis"
)
_LAID_OVER = 200
"""Letters of body that are a story of their own, when they do not speak of consent."""
_CONSENT_NAMES = frozenset("consent cookie cookies gdpr cmp didomi onetrust purabo".split())


def refuse_walls(layout: Layout, title: str, letters: int) -> None:
    """Raises `NotAStory` for a bot wall or a consent wall; `letters` is how much body the page gave."""
    page = layout.page
    head = page.document_title
    if letters < 1500 and (_BOT_TITLE.search(head) or _BOT_TITLE.search(title)):
        raise NotAStory("bot_wall", f"the site asks whether a person reads it: {(head or title)[:80]!r}")
    if letters < 600 and _BOT_WALL.search(page.decoded.text[:300_000]) and len(page.blocks) < 25:
        raise NotAStory("bot_wall", "a challenge script and hardly any text")
    if letters < 2500 and len(page.blocks) < 60 and _is_consent(layout):
        raise NotAStory("consent_wall", "the page asks for consent to tracking before it shows anything")


def _is_consent(layout: Layout) -> bool:
    """Most of the text mentions cookies, consent and partners, or stands in containers named after them.

    Where what looks like the story does not, the wall is only laid over it.
    """
    page = layout.page
    body = [page.blocks.blocks[i] for i in layout.body_indices]
    if (
        sum(b.letters for b in body) > _LAID_OVER
        and len(_CONSENT_WORD.findall(" ".join(b.text for b in body).lower())) < 3
    ):
        return False
    text = " ".join(b.text for b in page.blocks)[:4000].lower()
    hits = len(_CONSENT_WORD.findall(text))
    if hits >= 2 and _CONSENT.search(urlsplit(page.url or "").netloc.split(".")[0]):
        return True
    named = any(container.words & _CONSENT_NAMES for container in page.blocks.containers[:12])
    return hits >= 8 or (hits >= 3 and named and len(page.blocks) < 20)


def is_error_title(title: str, layout: Layout) -> bool:
    """True for the short headline, or `<title>`, of an error page, in the languages of the field."""
    return bool(_ERROR_TITLE.search(title) or _ERROR_TITLE.search(layout.page.document_title)) and len(title) < 90
