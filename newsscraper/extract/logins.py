"""Does a form to sign in stand where the story should?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree

from newsscraper.extract.page import Page
from newsscraper.extract.page_words import FURNITURE, FURNITURE_ROLES, FURNITURE_TAGS

_PATH = re.compile(
    r"/(?:log-?_?in|log-?_?on|sign-?_?in|sso|auth|oauth2?|authorize|authenticate|anmelden|anmeldung|einloggen|"
    r"connexion|identification|acceso|iniciar-sesion|entrar|accedi|accesso|inloggen|logga-in|logg-inn|log-ind|"
    r"kirjaudu|logowanie|zaloguj|prihlaseni|prihlasenie|bejelentkezes|autentificare|vhod|giris|oturum-ac|masuk|"
    r"dang-nhap)(?:\.\w+)?(?:/|$)",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(log|sign)[ -]?(in|on)\b|anmelde|anmeldung|einloggen|connexion|se connecter|identifi|iniciar sesión|acceder|"
    r"iniciar sessão|entrar|accedi|inloggen|logga in|logg inn|log ind|kirjaudu|zaloguj|logowanie|přihlá|prihlás|"
    r"bejelentkez|autentificare|conectare|σύνδεση|войти|вход|авториза|увійти|вхід|התחבר|כניסה|تسجيل الدخول|دخول|"
    r"ورود|لاگ ان|giriş|oturum aç|लॉग ?इन|लॉगिन|লগ ?ইন|masuk|đăng nhập|登录|登錄|登入|ログイン|로그인|เข้าสู่ระบบ",
    re.IGNORECASE,
)
_MOST_TEXT = 600
"""Letters of body; a form under more than that is for those who want to comment."""
_MOST_SHOWN = 2000
_NO_STORY = 140
_LONGEST_TITLE = 60
_FURNITURE = (FURNITURE | {"header", "hidden"}) - {"login", "signin"}


def find_login(page: Page, title: str, letters: int) -> str | None:
    """That the page is a form to sign in, for people, or None; `letters` is how much body it gave."""
    if letters >= _MOST_TEXT or page.blocks.letters_before[-1] >= _MOST_SHOWN or not _has_form(page):
        return None
    heads = [head for head in (title, page.document_title) if head and len(head) <= _LONGEST_TITLE]
    if letters < _NO_STORY or is_login_path(page.url or "") or any(_TITLE.search(head) for head in heads):
        return "a form to sign in stands where a story would"
    return None


def is_login_path(url: str) -> bool:
    """True where the path of `url` says that one signs in there."""
    return _PATH.search(urlsplit(url).path) is not None


def _has_form(page: Page) -> bool:
    """A password, or a name on a page for signing in, is asked for in the main part of the page."""
    for field in page.root.iter("input"):
        kind = (field.get("type") or "text").lower()
        asks = kind == "password" or (
            is_login_path(page.url or "") and (kind == "email" or field.get("autocomplete") == "username")
        )
        if asks and not any(_is_furniture(element) for element in field.iterancestors()):
            return True
    return False


def _is_furniture(element: etree._Element) -> bool:
    """What stands on every page of a site: its header, menus, boxes that open over the text."""
    if element.tag in {"body", "html", "form", "main"}:
        return False
    if element.tag in {"header", *FURNITURE_TAGS} or element.get("role") in FURNITURE_ROLES:
        return True
    words = re.split(r"[\s_-]+", f"{element.get('class') or ''} {element.get('id') or ''}".lower())
    return not _FURNITURE.isdisjoint(words)
