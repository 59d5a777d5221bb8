"""URLs as identity: what is the same page, and whose page it is.

Normalising is conservative: it takes away only what is known never to choose a page (who clicked, whose session), so
two pages that a site serves as two never become one.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

import tldextract
from w3lib.url import canonicalize_url

TRACKING_PREFIXES = ("utm_", "mtm_", "piwik_", "pk_", "hsa_", "at_custom", "__twitter_")
TRACKING_PARAMETERS = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh epik srsltid
    mc_cid mc_eid _hsenc _hsmi mkt_tok oly_enc_id oly_anon_id vero_id vero_conv ml_subscriber wickedid rb_clickid
    _ga _gl _openstat guccounter guce_referrer guce_referrer_sig ref_src ref_url xtor wt_mc wt_zmc spm s_cid cmpid
    at_medium at_campaign at_link_id at_link_type at_link_origin at_ptr_name at_format at_bbc_team icid intcid ncid
    """.split()  # noqa: SIM905
)
"""Query parameters that tell where a reader came from; lower case."""

SESSION_PARAMETERS = frozenset({"phpsessid", "jsessionid", "sessionid", "session_id", "cfid", "cftoken"})
"""Query parameters that tell whose visit it is; lower case. `aspsessionid...` carries a suffix of its own."""

_NORMAL_ALREADY = re.compile(
    r"https?://(?=[^/]{3,63}/)(?:(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,20}|(?:[1-9]\d{0,2}\.)(?:\d{1,3}\.){2}\d{1,3}"
    r"(?::(?!80/|443/)[1-9]\d{1,4})?)"
    r"/(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*/?)?"
)
"""Most URLs: a plain host name in lower case, no port, and nothing in the path to be taken away."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_SESSION = re.compile(r";jsessionid=[^/?#;]*|/\([a-z]\([0-9a-z]{8,}\)\)(?=/)", re.IGNORECASE)
"""Of Java's servers, and of ASP.NET's: `/(S(lit3py55t21z5v55vlm25s55))/news/1`."""
_SESSION_TOKEN = re.compile(r"[0-9a-z,-]{8,}", re.IGNORECASE)


@lru_cache(maxsize=16_384)
def normalise_url(url: str) -> str:
    """`url` without fragment, default port, tracking and session, its query sorted, its escapes canonical (w3lib).

    Raises `ValueError` for what is no absolute http or https URL.
    """
    return url if _NORMAL_ALREADY.fullmatch(url) else _normalise(url)


def _normalise(url: str) -> str:
    parts = urlsplit(canonicalize_url(url.strip()))
    if parts.scheme not in _DEFAULT_PORTS or not (parts.hostname or "").strip("."):
        raise ValueError(f"expected an absolute http or https URL, got {url!r}")
    # Latin-1 carries the bytes of any encoding through unharmed.
    pairs = parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
    query = urlencode([pair for pair in pairs if not _is_noise(*pair)], encoding="latin-1")
    path = _PATH_SESSION.sub("", parts.path) or "/"
    return canonicalize_url(urlunsplit((parts.scheme, _netloc_of(parts), path, query, "")))


def site_of(url: str) -> str:
    """The registrable domain of `url` (public suffix list as bundled); for an address or a local name, `host[:port]`.

    Raises `ValueError` for what is no absolute http or https URL.
    """
    return _site_of_host(urlsplit(normalise_url(url)).netloc)


@lru_cache(maxsize=4096)
def _site_of_host(netloc: str) -> str:
    host = urlsplit(f"//{netloc}").hostname or ""
    known = _suffixes()(host)
    if known.top_domain_under_public_suffix:
        return known.top_domain_under_public_suffix
    if known.ipv4 or known.ipv6 or "." not in host:
        return netloc
    # A suffix that the list does not know is one label long: its default rule.
    return ".".join(host.split(".")[-2:])


def folder_of(site: str) -> str:
    """`site` as the name of a folder: `127.0.0.1:8000` is `127.0.0.1_8000`."""
    return re.sub(r"[^\w.-]+", "_", site)


@cache
def _suffixes() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _netloc_of(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _is_noise(name: str, value: str) -> bool:
    name = name.lower()
    if name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES):
        return True
    if name in SESSION_PARAMETERS or name.startswith("aspsessionid"):
        return True
    # `sid` is a session on some platforms and the story's number on others: only what is long is a session.
    return name == "sid" and _SESSION_TOKEN.fullmatch(value) is not None
