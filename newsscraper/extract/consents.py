"""Does the page ask for consent to tracking before it shows anything?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from newsscraper.extract.blocks import Block
from newsscraper.extract.page import Page

_HOST = re.compile(
    r"consent|cookiewall|cookie-wall|privacy-gate|gdpr|zustimmung|einwilligung|purabo|contentpass", re.IGNORECASE
)
_WORD = re.compile(
    r"cookie|consent|zustimm|einwillig|partner|tracking|privacy|datenschutz|privacidad|privacidade|consenso|gdpr|"
    r"personenbezogen|werbung|advertis|eväste|ciasteczk|sütik|конфиденциальн|файлы куки|עוגיות|ملفات تعريف|الكوكيز|"
    r"الخصوصية|کوکی|حریم خصوصی|çerez|gizlilik|कुकी|কুকি|隐私|隱私|クッキー|쿠키|คุกกี้"
)
"""Not what means no more than to agree: treaties and strikes are about that, too."""
_NAMES = frozenset("consent cookie cookies cookiewall gdpr cmp didomi onetrust purabo".split())
_LAID_OVER = 200
"""Letters of body that are a story of their own, when they do not speak of consent."""
_MOST_TEXT = 2500
_MOST_BLOCKS = 60
_WHOLE = 0.8
"""Of the page's text, in a part that is named after consent."""
_LOOKED_AT = 4000
_FEW_LINKS = 8
"""Links of such a part; one that holds a whole page, menus and all, has more."""


def find_consent(page: Page, letters: int, body: Sequence[Block]) -> str | None:
    """That the page asks for consent, for people, or None; `body` is what looks like its story, of so many letters.

    Most of the text stands in a part that asks to choose and is named after consent, or mentions cookies, consent and
    partners. Where what looks like the story does neither, the wall is only laid over it.
    """
    if letters >= _MOST_TEXT or len(page.blocks) >= _MOST_BLOCKS:
        return None
    if _is_all_consent(page) or (not _has_own_text(body) and _speaks_of_consent(page)):
        return "the page asks for consent to tracking before it shows anything"
    return None


def _is_all_consent(page: Page) -> bool:
    """Nearly all there is to read lies in a part with buttons, and hardly a link, that is named after consent."""
    before = page.blocks.letters_before
    return before[-1] > 0 and any(
        not container.words.isdisjoint(_NAMES)
        and container.tag not in {"html", "body"}
        and before[container.last] - before[container.first] >= _WHOLE * before[-1]
        and sum(block.links for block in page.blocks.within(container)) <= _FEW_LINKS
        and container.element.find(".//button") is not None
        for container in page.blocks.containers
    )


def _has_own_text(body: Sequence[Block]) -> bool:
    text = " ".join(block.text for block in body).lower()
    return sum(block.letters for block in body) > _LAID_OVER and len(_WORD.findall(text)) < 3


def _speaks_of_consent(page: Page) -> bool:
    text = " ".join(block.text for block in page.blocks)[:_LOOKED_AT].lower()
    hits = len(_WORD.findall(text))
    if hits >= 2 and _HOST.search(urlsplit(page.url or "").netloc.split(".")[0]):
        return True
    named = any(container.words & _NAMES for container in page.blocks.containers[:12])
    return hits >= 8 or (hits >= 3 and named and len(page.blocks) < 20)
