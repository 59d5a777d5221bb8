from __future__ import annotations

import pickle
from ipaddress import ip_address
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from newsscraper.crawl.captures import CAPTURES, Captures, is_capturable, read_exchange
from newsscraper.store.archive import Exchange

AT = "2026-03-05T10:00:00Z"
URL = "https://a.example/news/1"


def exchange(url: str = URL, status: int = 200, **facts: Any) -> Exchange:
    headers = (("Location", "/elsewhere"),) if 300 <= status < 400 else ()
    return Exchange(url=url, at=AT, status=status, reason="", headers=headers, body=b"page", **facts)


def captured(*exchanges: Exchange) -> Captures:
    captures = Captures()
    for each in exchanges:
        captures.add(each)
    return captures


def test_an_answer_is_kept_as_it_came() -> None:
    answer = Response(
        URL,
        status=404,
        headers={"content-type": "text/html", "Link": ["<a>", "<b>"]},
        body=b"\x1f\x8b",
        protocol="HTTP/1.0",
    )
    kept = read_exchange(Request(URL, headers={"Accept": "text/html"}), answer, AT)
    assert (kept.url, kept.at, kept.status, kept.reason, kept.protocol) == (URL, AT, 404, "Not Found", "HTTP/1.0")
    assert kept.headers == (("Content-Type", "text/html"), ("Link", "<a>"), ("Link", "<b>"))
    assert kept.body is answer.body
    assert kept.request_headers == (("Host", "a.example"), ("Accept", "text/html"))


@pytest.mark.parametrize("name", ["Authorization", "Proxy-Authorization", "Cookie", "X-Auth-Token", "X-Api-Key"])
def test_secrets_are_not_kept_nor_what_they_were_answered_with(name: str) -> None:
    answer = Response(URL, headers={"Set-Cookie": "visit=7", "Etag": "1"})
    kept = read_exchange(Request(URL, headers={name: "hunter2", "Accept": "*/*"}), answer, AT)
    assert "hunter2" not in repr(kept)
    assert kept.headers == (("Etag", "1"),)


def test_a_cookie_that_anybody_is_given_is_kept_unless_visits_are() -> None:
    answer = Response(URL, headers={"Set-Cookie": "visit=7"})
    assert read_exchange(Request(URL), answer, AT).headers == (("Set-Cookie", "visit=7"),)
    assert read_exchange(Request(URL), answer, AT, keeps_visits=True).headers == ()


def test_an_address_has_no_user_and_no_fragment() -> None:
    kept = read_exchange(Request("https://me:hunter2@a.example:8443/x?y=1#z"), Response(URL), AT)
    assert kept.url == "https://a.example:8443/x?y=1"
    assert kept.request_headers[0] == ("Host", "a.example:8443")


def test_what_was_said_of_the_connection_is_gone() -> None:
    answer = Response(URL, headers={"Transfer-Encoding": "chunked", "Connection": "close", "Etag": "1"}, protocol="h2")
    kept = read_exchange(Request(URL), answer, AT)
    assert (kept.headers, kept.protocol) == ((("Etag", "1"),), "HTTP/1.1")


def test_who_answered_is_kept_but_not_a_proxy() -> None:
    answer = Response(URL, ip_address=ip_address("192.0.2.7"))
    assert read_exchange(Request(URL), answer, AT).address == "192.0.2.7"
    assert read_exchange(Request(URL, meta={"proxy": "http://p.example"}), answer, AT).address is None


@pytest.mark.parametrize("flag", ["dataloss", "download_stopped", "cached"])
def test_what_broke_off_or_never_came_is_no_capture(flag: str) -> None:
    assert not is_capturable(Response(URL, flags=[flag]))
    assert is_capturable(Response(URL))


def test_redirects_stay_and_what_was_asked_again_does_not() -> None:
    hop, failed, page = exchange(URL + "0", 301), exchange(status=500), exchange()
    assert captured(hop, failed, page).of_story() == (hop, page)


def test_an_address_that_redirects_to_itself_stays() -> None:
    hop, page = exchange(status=302), exchange()
    assert captured(hop, page).of_story() == (hop, page)


def test_a_page_that_broke_off_takes_its_redirects_along() -> None:
    captures = captured(exchange(URL + "0", 301))
    captures.spoil()
    assert captures.of_story() == captures.all() == ()


def test_what_a_browser_drew_goes_with_its_answer() -> None:
    captures = captured(exchange())
    captures.draw(b"<p>drawn")
    (kept,) = captures.of_story()
    assert (kept.body, kept.drawn) == (b"page", b"<p>drawn")


def test_further_pages_follow_their_first_one_and_what_led_to_them_comes_before() -> None:
    captures = captured(exchange())
    captures.add_further(captured(exchange(URL + "/p2", 302), exchange(URL + "/2")), of=URL)
    captures.add_further(captured(exchange(URL + "/all")), of=None)
    kept = captures.of_story()
    assert [(each.url, each.page_of) for each in kept] == [(URL + "/p2", None), (URL, None), (URL + "/2", URL)]
    assert [each.url for each in captures.all()] == [URL + "/p2", URL + "/all", URL, URL + "/2"]


def test_a_copied_request_shares_them_and_a_pickled_one_has_none() -> None:
    captures = captured(exchange())
    request = Request(URL, meta={CAPTURES: captures})
    assert request.replace(url=URL + "2").meta[CAPTURES] is captures
    assert request.copy().meta[CAPTURES] is captures
    assert len(pickle.dumps(request.to_dict()["meta"])) < 200
    assert pickle.loads(pickle.dumps(captures)).all() == ()
