"""Faults over real HTTP: what only shows between a server and a client, and what the command says."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, IncompleteRead
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from newsscraper_demo.fault import Fault
from newsscraper_demo.faults import FAULTS
from newsscraper_demo.oversize import HUGE_BYTES
from newsscraper_demo.server import DemoServer
from newsscraper_demo.site import DemoSite

from newsscraper.cli import main

CODE = 910001


def connect(server: DemoServer) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", server.port, timeout=10)


def read_some(server: DemoServer, path: str, size: int) -> tuple[dict[str, str], bytes]:
    """Headers, names in lower case, and the first bytes of a body."""
    connection = connect(server)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read(size)
    connection.close()
    return headers, body


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise TimeoutError


def test_faults_are_switched_while_the_server_runs(site: DemoSite) -> None:
    with DemoServer(site, faults=["access_denied:/fa/"]) as server:
        connection = connect(server)
        statuses = []
        for path in ("/en/", "/fa/"):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        server.faults.turn_off("access_denied")
        server.faults.turn_on(Fault("robots_503"))
        for path in ("/fa/", "/robots.txt"):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()
        assert statuses == [200, 403, 200, 503] == [request.status for request in server.requests]


def test_a_bomb_is_sent_as_gzip(site: DemoSite) -> None:
    path = site.find(CODE).path
    with DemoServer(site, faults=["gzip_bomb"]) as server:
        headers, body = read_some(server, path, 10_000)
    assert headers["content-encoding"] == "gzip"
    assert "content-length" not in headers
    assert body.startswith(b"\x1f\x8b")
    assert len(body) == 10_000


def test_a_huge_page_says_how_large_it_is_or_does_not(site: DemoSite) -> None:
    path = site.find(CODE).path
    with DemoServer(site, faults=["huge_page"]) as server:
        headers, body = read_some(server, path, 3 << 20)
        assert headers["content-length"] == str(HUGE_BYTES)
        assert len(body) == 3 << 20
        server.faults.turn_off()
        server.faults.turn_on("huge_page_unsaid")
        headers, body = read_some(server, path, 3 << 20)
    assert "content-length" not in headers
    assert len(body) == 3 << 20


class Impatience(threading.Event):
    """Waits for nothing, and remembers how long it should have."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout)
        return self.is_set()


def test_a_page_drips(site: DemoSite) -> None:
    story = site.find(CODE)
    with DemoServer(site, faults=[Fault("slow_drip", seconds=7)]) as server:
        server.closing = pauses = Impatience()
        whole = site.page(story.path, server.url).body
        headers, body = read_some(server, story.path, len(whole))
    assert body == whole
    assert headers["content-length"] == str(len(whole))
    assert len(pauses.waited) >= (len(whole) - 1) // 64
    assert set(pauses.waited) == {7}


def test_a_page_is_cut_off(site: DemoSite) -> None:
    with DemoServer(site, faults=["cut_off"]) as server:
        connection = connect(server)
        connection.request("GET", site.find(CODE).path)
        with pytest.raises(IncompleteRead):
            connection.getresponse().read()
        connection.close()


@pytest.mark.parametrize("name", ["robots_timeout", "no_answer"])
def test_silence_ends_without_an_answer_and_with_the_server(site: DemoSite, name: str) -> None:
    path = "/robots.txt" if name == "robots_timeout" else site.find(CODE).path
    with DemoServer(site, faults=[Fault(name, seconds=0.1)]) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert client.recv(1) == b""
        server.faults.turn_on(name)
        late = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        late.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        wait_for(lambda: len(server.requests) == 2)
    with late:
        assert late.recv(1) == b""
    assert [request.status for request in server.requests] == [0, 0]


def test_the_command_lists_faults_and_refuses_what_is_none() -> None:
    runner = CliRunner()
    told = runner.invoke(main, ["demo", "--list-faults"])
    assert told.exit_code == 0
    assert [line.split()[0] for line in told.stdout.splitlines()] == sorted(FAULTS)
    assert all(any(what in line for line in told.stdout.splitlines()) for what in FAULTS.values())
    wrong = runner.invoke(main, ["demo", "--serve-only", "--fault", "flood"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("Error: unknown fault 'flood'; there are access_denied, ")


def test_the_command_serves_with_faults() -> None:
    command = [sys.executable, "-m", "newsscraper", "demo", "--serve-only", "--fault", "consent_in_place:/de/"]
    with subprocess.Popen([*command, "--fault", "robots_404"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert url
            pages = [urlopen(url[0] + path, timeout=10).read().decode() for path in ("de/", "en/")]
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
    assert ["Erst Ihre Entscheidung" in page for page in pages] == [True, False]
