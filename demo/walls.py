"""What stands between a reader and the page: challenges, refusals, consent, sign-in."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from urllib.parse import parse_qs, quote, urlsplit

from .fault import Asked, Kind
from .markup import Markup, fill
from .page import Page, make_notice, make_redirect
from .view import make_labels

VENDORS = ("palisade", "gatewarden", "thornhedge", "moat")
"""Made up; each has a page of its own: a script that reloads, a box to tick, a wait, a script and nothing else."""
_CONSENT_PATH, _SIGN_IN_PATH = "/consent", "/login"
_PATIENCE = 30


def draw_challenge(asked: Asked, vendor: str) -> Markup:
    """A vendor's page for this address."""
    token = sha256(f"{vendor} {asked.path}".encode()).hexdigest()[:16]
    mark = "&" if "?" in asked.path else "?"
    again = f"{asked.path}{mark}__trace={token}"
    return fill("faults", vendor, token=token, host=urlsplit(asked.base).netloc, again=again)


def _challenge(asked: Asked, vendor: str = "palisade", status: int = 200) -> Page:
    return make_notice(draw_challenge(asked, vendor), status, Server=vendor)


def _challenge_by_turns(asked: Asked) -> Page:
    """Each address has its own vendor."""
    number = int(sha256(asked.path.encode()).hexdigest()[:8], 16)
    return _challenge(asked, VENDORS[number % len(VENDORS)])


def _refuse(asked: Asked) -> Page:
    token = sha256(asked.path.encode()).hexdigest()[:16]
    return make_notice(fill("faults", "denied", token=token), 403)


def _draw_consent(asked: Asked, back: str) -> Page:
    words = asked.site.words_at(back)
    return make_notice(fill("faults", "consent", **make_labels(words), language=words["language"], back=back))


def _lead_to_consent(asked: Asked) -> Page:
    if asked.plain_path == _CONSENT_PATH:
        return asked.page
    return make_redirect(asked.url(f"{_CONSENT_PATH}?back={quote(asked.path, safe='')}"), 302)


def _answer_consent(asked: Asked) -> Page | None:
    if asked.plain_path != _CONSENT_PATH:
        return None
    return _draw_consent(asked, parse_qs(urlsplit(asked.path).query).get("back", ["/"])[0])


def _answer_consent_in_place(asked: Asked) -> Page:
    return _draw_consent(asked, asked.path)


def _lead_to_sign_in(asked: Asked) -> Page:
    if asked.plain_path == _SIGN_IN_PATH:
        return asked.page
    return make_redirect(asked.url(f"{_SIGN_IN_PATH}?next={quote(asked.path, safe='')}"), 302)


def _answer_sign_in(asked: Asked) -> Page | None:
    if asked.plain_path != _SIGN_IN_PATH:
        return None
    words = asked.site.words_at(parse_qs(urlsplit(asked.path).query).get("next", ["/"])[0])
    labels = make_labels(words)
    return make_notice(fill("faults", "sign_in", **labels, language=words["language"], action=asked.path))


WALL_FAULTS = {
    "challenge_script": Kind(
        what="bot wall with status 200: a script that sets a cookie and reloads", where="pages", answer=_challenge
    ),
    "challenge_box": Kind(
        what="bot wall with status 200: 'verify that you are human', a box from another host",
        where="pages",
        answer=partial(_challenge, vendor="gatewarden"),
    ),
    "challenge_wait": Kind(
        what="bot wall with status 200: 'checking your browser', a meta refresh",
        where="pages",
        answer=partial(_challenge, vendor="thornhedge"),
    ),
    "challenge_blank": Kind(
        what="bot wall with status 200: one script, and an empty body",
        where="pages",
        answer=partial(_challenge, vendor="moat"),
    ),
    "challenge_202": Kind(
        what="bot wall with status 202: one script, and an empty body",
        where="pages",
        answer=partial(_challenge, vendor="moat", status=202),
    ),
    "challenge_403": Kind(
        what="bot wall with status 403: a script that sets a cookie and reloads",
        where="pages",
        answer=partial(_challenge, status=403),
    ),
    "challenge_503": Kind(
        what="bot wall with status 503: 'checking your browser', without Retry-After",
        where="pages",
        answer=partial(_challenge, vendor="thornhedge", status=503),
    ),
    "robots_challenge": Kind(
        what="robots.txt is a bot wall with status 200", where="robots", answer=partial(_challenge, vendor="palisade")
    ),
    "turns_to_challenges": Kind(
        what=f"{_PATIENCE} requests go well, and from then on every page is a bot wall, of all the shapes",
        where="pages",
        answer=_challenge_by_turns,
        after=_PATIENCE,
    ),
    "access_denied": Kind(what="403 'access denied', with a reference number", where="pages", answer=_refuse),
    "consent_redirect": Kind(
        what="every page redirects to /consent, which answers 200",
        where="pages",
        answer=_lead_to_consent,
        further=_answer_consent,
    ),
    "consent_in_place": Kind(
        what="every page is a request for consent, with status 200", where="pages", answer=_answer_consent_in_place
    ),
    "login_redirect": Kind(
        what="story pages redirect to /login, which answers 200",
        where="stories",
        answer=_lead_to_sign_in,
        further=_answer_sign_in,
    ),
}
