"""What lies in wait for a crawler, and further ways to its stories, by name; each can be left out of the site."""

from __future__ import annotations

from collections.abc import Iterable

DEFAULT_TRAPS: dict[str, str] = {
    "calendar": "an archive by day that links the next day for ever",
    "endless_pages": "`?page=N` answers past the last page, and always names a next one",
    "session_ids": "story links in sidebars carry `?sid=`, another on every page",
    "tracking": "story links in most-read lists carry `?utm_source=`",
    "soft_404": "a linked page that says 'not found' with status 200",
    "gone": "a linked page that answers 404",
    "redirect": "an old address that answers 301 with the story's own",
    "alias": "a story linked under a second URL with the same canonical one",
    "print": "a print view of every story",
    "tags": "listings by tag",
    "login": "a login page that names the page it was reached from",
    "offsite": "a link to another host",
    "text_pages": "about, contact, privacy: long text, and no story",
    "disallowed": "a linked page that robots.txt forbids",
}
"""Set unless others are named."""

FURTHER_TRAPS: dict[str, str] = {
    "facets": "sections link every combination of `?color=`, `?size=` and `?order=`, in any order",
    "path_session_ids": "story links in sidebars carry `;jsessionid=` in their path, another on every page",
    "php_session_ids": "story links in sidebars carry `?PHPSESSID=`, another on every page",
    "calendar_months": "an archive by month that links the next month for ever, and each of its days",
    "endless_paths": "sections go on as `/page/N/`, past the last page too, and always name a next one",
    "mirror_parameters": "every story links itself with `?view=mobile` and with `?output=text&from=share`",
    "mirror_host": "every story links itself on a second host name, which answers as the first does",
    "soft_404_folder": "unknown addresses in a folder of stories answer 200, and every page links one of them",
    "tracking_redirects": "an address that answers 302 with the story's own and `?utm_source=` added",
    "inside_links": "links to link-local, private and loopback addresses, and of other schemes",
    "json_feed": "a JSON Feed beside RSS and Atom",
    "nested_sitemaps": "the older stories lie in sitemaps by month, below a packed index that the index names",
    "robots_sitemap": "only robots.txt says where the sitemap is; there is none at the usual place",
}
"""Set where they are named."""

TRAPS: dict[str, str] = DEFAULT_TRAPS | FURTHER_TRAPS

OFFSITE_HOST = "www.tidewater-wire.example"
OFFSITE_PATH = "/en/news/300017/spring-tides-reach-their-height"
GONE_PATH = "/{key}/news/918888/withdrawn-notice"
SOFT_404_PATH = "/{key}/news/919999/service-update"
SOFT_404_FOLDER = "/{key}/news/"
FORBIDDEN_PATH = "/internal/press-review"
INSIDE_URLS = (
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.7/en/news/910001/harbour-office",
    "http://192.168.0.1/en/news/",
    "http://127.0.0.9:9/en/news/910001/harbour-office",
    "http://[::1]:9/en/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/stories.txt",
)


def read_traps(names: Iterable[str] | None) -> frozenset[str]:
    """The traps to set: `DEFAULT_TRAPS` for None. Raises `ValueError` on a name that is none of `TRAPS`."""
    chosen = frozenset(DEFAULT_TRAPS if names is None else names)
    if unknown := sorted(chosen - TRAPS.keys()):
        raise ValueError(f"unknown traps {unknown}; there are {sorted(TRAPS)}")
    return chosen


def alias_host(host: str) -> str:
    """The second name (with its port) of a host: `localhost` for an address on loopback, else one below the domain."""
    name, colon, port = host.partition(":")
    others = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}
    return f"{others.get(name) or 'm.' + name.removeprefix('www.').removeprefix('m.')}{colon}{port}"
