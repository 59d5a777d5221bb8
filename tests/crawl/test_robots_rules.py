from __future__ import annotations

import pytest

from newsscraper.crawl.robots_rules import MAX_BYTES, RobotRules

AGENT = "newsscraper"


def allows(text: str | bytes, path: str) -> bool:
    body = text.encode() if isinstance(text, str) else text
    return RobotRules(body).allowed(f"https://a.example{path}", AGENT)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("Disallow: /a\nAllow: /a/b", "/a/c", False),
        ("Disallow: /page\nAllow: /page", "/page", True),
        ("Allow: /page\nDisallow: /*.htm", "/page.htm", False),
        ("Disallow: /*.gif$", "/x/y.gif", False),
        ("Disallow: /*.gif$", "/x/y.gif?z", True),
        ("Disallow: /fish$", "/fish/", True),
        ("Disallow: /fish$", "/fish", False),
        ("Disallow: /a*b*c", "/a-b-c-d", False),
        ("Disallow: /a*b*c", "/a-c-b", True),
        ("Disallow: /*aa$", "/a", True),
        ("Disallow: /foo/bar?baz=http://foo.bar", "/foo/bar?baz=http://foo.bar", False),
        ("Disallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False),
        ("Disallow: /foo/bar/%E3%83%84", "/foo/bar/ツ", False),
        ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("Disallow: /foo/bar/baz", "/foo/bar/%62%61%7a", False),
        ("Disallow: /a%2fb", "/a%2Fb", False),
        ("Disallow: /a%2fb", "/a/b", True),
        ("Disallow: /file-with-a-%2A.html", "/file-with-a-*.html", False),
        ("Disallow: /file-with-a-%2A.html", "/file-with-a-b.html", True),
        ("Disallow: /path/foo-%24", "/path/foo-$", False),
        ("Disallow: /a$b", "/a$b/c", False),
        ("Disallow: /a$b", "/ab", True),
        ("Disallow: /x*/a$b$", "/x/y/a$b", False),
        ("Disallow: /x*/a$b$", "/x/y/a$b/c", True),
        ("Disallow: /a$$", "/a$", False),
        ("Disallow: /A", "/a", True),
        ("Disallow:", "/a", True),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow: / # all of it", "/a", False),
        ("Dissallow: /", "/a", False),
    ],
)
def test_paths_are_matched_as_the_rfc_says(rules: str, path: str, allowed: bool) -> None:
    assert allows(f"User-agent: *\n{rules}\n", path) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-Agent: NewsScraper\nDisallow: /", False),
        ("User-agent: newsscraper/0.1\nDisallow: /", False),
        ("User-agent: news\nDisallow: /", True),
        ("User-agent: newsscraper-extra\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\nUser-agent: newsscraper\nAllow: /", True),
        ("User-agent: *\nDisallow: /\nUser-agent: newsscraper\nDisallow:", True),
        ("User-agent: newsscraper\nAllow: /a\nUser-agent: x\nAllow: /\nUser-agent: newsscraper\nDisallow: /", False),
        ("User-agent: newsscraper\nUser-agent: x\nDisallow: /", False),
        ("User-agent: newsscraper\n\nSitemap: /s.xml\n\nUser-agent: x\nDisallow: /", False),
        ("User-agent: *\nCrawl-delay: 5\n\nUser-agent: x\nDisallow: /", True),
        ("Disallow: /", True),
        ("<html><body>Checking your browser\nDisallow: /</body></html>", True),
        ("\ufeffUser-agent: *\rDisallow: /\r", False),
        ("User-agent: *\r\nDisallow: /\r\n", False),
        ("User-agent: *\nAllow: /x\x0bDisallow: /", True),
    ],
)
def test_groups_are_those_of_the_product_token_all_of_them_or_of_everybody(text: str, allowed: bool) -> None:
    assert allows(text, "/story") is allowed


def test_what_lies_behind_the_limit_is_ignored_and_the_line_it_cuts_too() -> None:
    head = b"User-agent: *\nDisallow: /early\n"
    filler = b"#" * (MAX_BYTES - len(head) - len(b"\nDisallow: /lo")) + b"\n"
    body = head + filler + b"Disallow: /long/path\nDisallow: /late\n"
    assert body[:MAX_BYTES].endswith(b"Disallow: /lo")
    assert not allows(body, "/early")
    assert allows(body, "/lorry")
    assert allows(body, "/late")


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Crawl-delay: 2.5", 2.5),
        ("crawl-delay:7 # seconds", 7),
        ("Request-rate: 1/5", 5),
        ("Request-rate: 10/1m", 6),
        ("Request-rate: 1/10 0600-0845", 10),
        ("Request-rate: 1/5\nCrawl-delay: 2", 5),
        ("Crawl-delay: soon", None),
        ("Crawl-delay: -1", None),
        ("Crawl-delay: inf", None),
        ("Request-rate: 0/5", None),
    ],
)
def test_the_slower_of_delay_and_rate(line: str, seconds: float | None) -> None:
    rules = RobotRules(f"User-agent: x\nCrawl-delay: 99\n\nUser-agent: *\n{line}\n".encode())
    assert rules.crawl_delay(AGENT) == seconds


def test_sitemaps_belong_to_nobody() -> None:
    assert RobotRules(b"Sitemap: /a.xml\nUser-agent: x\nDisallow: /\nsitemap: /b.xml\n").sitemaps == [
        "/a.xml",
        "/b.xml",
    ]


def test_what_texts_may_be_used_for() -> None:
    text = (
        "User-agent: *\nContent-Signal: search=yes, ai-train=no\nContent-Usage: /free/ train-ai=y\nAllow: /\n"
        "User-agent: x\nContent-Usage: train-ai=n\n"
    )
    rules = RobotRules(text.encode())
    assert rules.usage_of("https://a.example/news/1", AGENT) == ["search=yes", "ai-train=no"]
    assert rules.usage_of("https://a.example/free/1", AGENT) == ["train-ai=y"]


def test_a_long_pattern_of_stars_takes_no_time() -> None:
    assert allows("User-agent: *\nDisallow: /" + "*a" * 5000 + "b$\n", "/" + "a" * 9000)
