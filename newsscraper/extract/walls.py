"""Is the page a wall in front of the story: a check for bots, a request for consent, a form to sign in, an error?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from newsscraper.errors import NotAStory
from newsscraper.extract.blocks import Block
from newsscraper.extract.challenges import find_challenge
from newsscraper.extract.consents import find_consent
from newsscraper.extract.layout import Layout
from newsscraper.extract.logins import find_login
from newsscraper.extract.page import Page
from newsscraper.extract.tree import text_of

_STORY_LETTERS = 25
"""Letters of body with which a page that says it is a story is one, whatever it is headed."""

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


def refuse_walls(layout: Layout, title: str, letters: int, *, declared: bool) -> None:
    """Raises `NotAStory` for a wall; `letters`: how much body the page gave; `declared`: it says that it is a story."""
    body = [layout.page.blocks.blocks[i] for i in layout.body_indices]
    wall = find_wall(layout.page, title, letters, body)
    # Requests for consent are made in a story's name, too: there its text decides.
    is_story = declared and letters >= _STORY_LETTERS and wall is not None and wall.reason != "consent_wall"
    if wall is not None and not is_story:
        # An error that a frame of its own traceback holds would keep the whole page until cycles are collected.
        raise NotAStory(wall.reason, wall.detail)


def find_wall(page: Page, title: str, letters: int, body: Sequence[Block]) -> NotAStory | None:
    """The wall that the page is, or None; `body` is what looks like its story, which has so many letters."""
    for reason, detail in (
        ("bot_wall", find_challenge(page, title, letters)),
        # An error page has the site's own notices on cookies around it.
        ("consent_wall", None if _says_error(page, title) else find_consent(page, letters, body)),
        ("login_wall", find_login(page, title, letters)),
    ):
        if detail is not None:
            return NotAStory(reason, detail)
    return None


def find_plain_wall(page: Page) -> NotAStory | None:
    """The wall that a page is from which no story is expected: all of its text counts as body."""
    heading = page.root.find(".//h1")
    title = " ".join(text_of(heading, " ").split()) if heading is not None else page.document_title
    return find_wall(page, title, page.blocks.letters_before[-1], page.blocks.blocks)


def is_error_title(title: str, layout: Layout) -> bool:
    """True for the short headline, or `<title>`, of an error page, in the languages of the field."""
    return _says_error(layout.page, title) and len(title) < 90


def _says_error(page: Page, title: str) -> bool:
    return _reads_as_error(title) or _reads_as_error(page.document_title)


@lru_cache(maxsize=64)
def _reads_as_error(title: str) -> bool:
    """Remembered, since each page's is asked for more than once, and it takes long to say no."""
    return _ERROR_TITLE.search(title) is not None
