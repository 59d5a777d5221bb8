"""Does the page ask whether a person reads it, instead of showing anything? The marks of such pages, and their shape.

Makers of such checks put scripts into ordinary pages, too: their marks count only where hardly anything else is there.
"""

from __future__ import annotations

import re

from lxml import etree

from newsscraper.extract.page import Page

_MARKS = tuple(
    """
    cf-browser-verification cf-chl- cf-chl_ cf_chl- cf_chl_ /cdn-cgi/challenge-platform/h/ challenge-form
    challenges.cloudflare.com /_sec/cp_challenge/ sec-if-cpt bm-verify _incapsula_resource captcha-delivery.com datadome
    px-captcha perimeterx distil_r_captcha distilidentificationblock aws-waf-token token.awswaf.com gokuprops ddos-guard
    sucuri_cloudproxy /tspd/ perfdrive.com rbzns kpsdk /.well-known/sgcaptcha/ sg-captcha /.within.website/
    anubis_challenge /.well-known/vercel/security/ _fs-ch- __qrator __arcsjs acw_sc__v smartcaptcha /showcaptcha geetest
    g-recaptcha h-captcha hcaptcha.com friendlycaptcha frc-captcha mcaptcha altcha arkoselabs funcaptcha data-sitekey
    """.split()
)
"""Paths, parameters and names that the checks' own pages have, in lower case."""
_DENIED_AT_EDGE = re.compile("akamai.{0,20}denied")
_TITLE = re.compile(
    r"^(just a moment\W*$|"
    r"attention required\W*($|[!|]|\s[-–—]\s)|access (to this page has been )?denied\W*$|are you (a )?(human|robot)|"
    r"security check\W*$|please wait\W*$|"
    r"checking your browser|ddos protection|human verification|verify(ing)? (that )?you are|"
    r"pardon our interruption|robot check\W*$|one moment(, please)?\W*$|bot verification)",
    re.IGNORECASE,
)
_WAIT = re.compile(
    r"^(nur einen moment|einen moment( bitte)?|bitte warten|sicherheitsüberprüfung|un (petit )?(instant|moment)|"
    r"veuillez patienter|vérification de sécurité|un momento|espere( por favor)?|un attimo|attendere( prego)?|"
    r"um momento|aguarde|só um momento|een ogenblik( geduld)?|even geduld|ett ögonblick|vänta|et øjeblik|et øyeblikk|"
    r"vent venligst|vennligst vent|hetkinen|odota|chwileczkę|proszę czekać|moment|počkejte|okamžik|čakajte|"
    r"egy pillanat|kérjük várjon|un moment|așteptați|μια στιγμή|παρακαλώ περιμένετε|один момент|подождите|"
    r"проверка (браузера|безопасности)|вы не робот|зачекайте|хвилинку|רק רגע|אנא המתן|لحظة( من فضلك)?|انتظر|"
    r"يرجى الانتظار|التحقق من المتصفح|لحظه‌?ای صبر کنید|لطفا(ً)? (صبر|منتظر).{0,12}|در حال بررسی مرورگر|"
    r"براہ کرم انتظار.{0,12}|bir dakika|lütfen bekle\w*|कृपया प्रतीक्षा.{0,6}|অপেক্ষা করুন|mohon tunggu|harap tunggu|"
    r"sebentar|vui lòng (chờ|đợi)|xin chờ|请稍[候等]|請稍[候等]|安全验证|安全驗證|人机验证|しばらくお待ちください|"
    r"잠시만 기다|กรุณารอสักครู่)[\W_]*$",
    re.IGNORECASE,
)
"""What the same pages are headed in other languages; short words, which count only over a page with a script."""
_DENIED = re.compile(r"^(access (to this page has been )?denied|attention required)\b", re.IGNORECASE)
_SETS_COOKIE = re.compile(r"\bcookie\b")
_LOADS_AGAIN = re.compile(r"\breload\b|\blocation\b")
_MOST_TEXT = 1500
"""Letters of text above which a page is no check, whatever it is headed."""
_HARDLY_ANY = 600
_NONE = 200
_FEW_BLOCKS = 25
_FILLED_IN = ("text", "email", "password", "tel")


def find_challenge(page: Page, title: str, letters: int) -> str | None:
    """How the page shows that it asks whether a person reads it, or None; `letters` is how much body it gave."""
    head = page.document_title
    if letters < _MOST_TEXT and any(_TITLE.match(each) for each in (head, title)):
        return f"the site asks whether a person reads it: {(head or title)[:80]!r}"
    if letters >= _HARDLY_ANY or len(page.blocks) >= _FEW_BLOCKS:
        return None
    if any(_WAIT.match(each) for each in (head, title)) and _acts_by_itself(page):
        return f"the site asks whether a person reads it: {(head or title)[:80]!r}"
    if _bears_a_mark(page) and not _is_to_be_filled_in(page):
        return "a challenge script and hardly any text"
    if _letters_shown(page) < _NONE and _sets_a_cookie_and_loads_again(page):
        return "a script that sets a cookie and loads the page again, and hardly any text"
    return None


def is_denial(page: Page, title: str) -> bool:
    """True for a page that says no and leaves it at that: nothing on it would let anybody in."""
    head = page.document_title or title
    return _DENIED.search(head) is not None and not _bears_a_mark(page)


def _bears_a_mark(page: Page) -> bool:
    """One look for each mark is many times faster than one pattern of them all."""
    text = page.decoded.text[:300_000].lower()
    return any(mark in text for mark in _MARKS) or _DENIED_AT_EDGE.search(text) is not None


def _letters_shown(page: Page) -> int:
    return page.blocks.letters_before[-1]


def _acts_by_itself(page: Page) -> bool:
    """True where a script runs or the page loads itself again, without anybody doing anything."""
    return page.root.find(".//script") is not None or "refresh" in page.structured.meta


def _is_to_be_filled_in(page: Page) -> bool:
    """True for a form with fields for text: a captcha guards that form, not the site."""
    inputs = page.root.iter("input", "textarea")
    return any(
        each.tag == "textarea" or (each.get("type") or "text").lower() in _FILLED_IN
        for each in inputs
        if not (each.get("name") or "").endswith("-response")
    )


def _sets_a_cookie_and_loads_again(page: Page) -> bool:
    """True for a bare page: no style sheet, no icon, no link, and a script that does both."""
    if any(True for _ in page.root.iter("link", "a", "img")):
        return False
    code = "\n".join(text for script in page.root.iter("script") if (text := _text_of_script(script)))
    return bool(_SETS_COOKIE.search(code) and _LOADS_AGAIN.search(code))


def _text_of_script(script: etree._Element) -> str:
    return "" if "json" in (script.get("type") or "") else script.text or ""
