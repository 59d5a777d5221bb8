"""The server over real HTTP."""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPResponse
from urllib.request import urlopen

from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite


def ask(connection: HTTPConnection, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    return response, response.read()


def connect(server: DemoServer) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", server.port, timeout=10)


def test_connection_stays_open(server: DemoServer) -> None:
    connection = connect(server)
    ask(connection, "/en/")
    socket = connection.sock
    for path in ("/fa/", "/nowhere", "/robots.txt", "/en/old/910002.html"):
        ask(connection, path)
    assert connection.sock is socket
    assert [r.status for r in server.requests] == [200, 200, 404, 200, 301]
    connection.close()


def test_requests_are_remembered(server: DemoServer) -> None:
    connection = connect(server)
    ask(connection, "/en/?x=1", Host="islamtimes.org", User_Agent="probe/1")
    connection.close()
    (request,) = server.requests
    assert (request.method, request.host, request.path, request.status) == ("GET", "islamtimes.org", "/en/?x=1", 200)
    assert request.headers["user-agent"] == "probe/1"
    assert abs(request.time - time.time()) < 60


def test_gzip_only_when_accepted(server: DemoServer, site: DemoSite) -> None:
    connection = connect(server)
    plain, body = ask(connection, "/en/")
    packed, small = ask(connection, "/en/", Accept_Encoding="gzip, deflate")
    connection.close()
    assert plain.getheader("Content-Encoding") is None
    assert packed.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(small) == body == site.page("/en/", server.url).body


def test_sitemap_archive_is_not_packed_twice(server: DemoServer) -> None:
    connection = connect(server)
    response, body = ask(connection, "/sitemap-stories-2.xml.gz", Accept_Encoding="gzip")
    connection.close()
    assert response.getheader("Content-Encoding") is None
    assert b"<urlset" in gzip.decompress(body)


def test_conditional_requests(server: DemoServer, site: DemoSite) -> None:
    path = site.stories[0].path
    connection = connect(server)
    first, _ = ask(connection, path)
    tag, changed = first.getheader("ETag"), first.getheader("Last-Modified")
    assert tag
    assert changed
    by_tag, body = ask(connection, path, If_None_Match=f'"other", W/{tag}')
    by_date, _ = ask(connection, path, If_Modified_Since=changed)
    stale, _ = ask(connection, path, If_None_Match='"other"', If_Modified_Since=changed)
    older, _ = ask(connection, path, If_Modified_Since="Sat, 01 Jan 2000 00:00:00 GMT")
    broken, _ = ask(connection, path, If_Modified_Since="yesterday")
    connection.close()
    assert (by_tag.status, body, by_date.status) == (304, b"", 304)
    assert by_tag.getheader("ETag") == tag
    assert (stale.status, older.status, broken.status) == (200, 200, 200)


def test_last_modified_is_that_of_the_latest_change(server: DemoServer, site: DemoSite) -> None:
    connection = connect(server)
    for story in (next(s for s in site.stories if s.modified), next(s for s in site.stories if not s.modified)):
        response, _ = ask(connection, story.path)
        assert parsedate_to_datetime(response.getheader("Last-Modified") or "") == story.changed
    connection.close()


def test_head_post_and_malformed_host(server: DemoServer) -> None:
    connection = connect(server)
    head, body = ask(connection, "/en/", method="HEAD")
    assert (head.status, body) == (200, b"")
    assert int(head.getheader("Content-Length") or 0) > 1000
    strange, _ = ask(connection, "/en/", Host='a"><script>')
    post, _ = ask(connection, "/comment", method="POST")
    connection.close()
    assert (strange.status, post.status) == (400, 405)


def test_links_carry_the_host_that_was_asked_for(server: DemoServer) -> None:
    connection = connect(server)
    _, body = ask(connection, "/sitemap.xml", Host="islamtimes.org")
    connection.close()
    assert b"<loc>http://islamtimes.org/sitemap-news.xml</loc>" in body
    assert b"127.0.0.1" not in body


def test_two_servers_stand_side_by_side(site: DemoSite) -> None:
    with DemoServer(site) as one, DemoServer(DemoSite(traps=())) as other:
        assert one.port != other.port
        assert one.url == f"http://127.0.0.1:{one.port}/"
        for server in (one, other):
            with urlopen(server.url) as answer:
                assert answer.status == 200


def test_command_prints_its_url_and_ends_on_interrupt() -> None:
    command = [sys.executable, "-m", "newsscraper_demo", "--port", "0", "--without", "calendar", "--with", "json_feed"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+/", line)
        try:
            assert url
            with urlopen(url[0]) as answer:
                page = answer.read()
        finally:
            os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=10) == 0
    assert b"/archive/" not in page
    assert b"?color=red" not in page
    assert b"feed.json" in page
    assert b'"robots" content="noindex"' not in page


def test_answers_wait_side_by_side(site: DemoSite) -> None:
    with DemoServer(site, latency=0.3) as server:
        connections = [connect(server) for _ in range(8)]
        begin = time.monotonic()
        for connection in connections:
            connection.request("GET", "/robots.txt")
        assert {connection.getresponse().status for connection in connections} == {200}
        assert 0.3 <= time.monotonic() - begin < 1.5
        for connection in connections:
            connection.close()


def test_a_change_is_seen_by_conditional_requests() -> None:
    site = DemoSite()
    story = next(s for s in site.stories if s.reach == "everywhere")
    paths = [story.path, "/sitemap.xml", "/sitemap-stories-1.xml", f"/{story.edition.key}/rss.xml"]
    with DemoServer(site) as server:
        connection = connect(server)
        tags = {path: ask(connection, path)[0].getheader("ETag") or "" for path in paths}
        before = [ask(connection, path, If_None_Match=tags[path])[0].status for path in paths]
        site.change([story.code], story.changed + timedelta(days=400))
        after = [ask(connection, path, If_None_Match=tags[path])[0].status for path in paths]
        connection.close()
    assert (before, after) == ([304] * 4, [200, 200, 200, 304])
