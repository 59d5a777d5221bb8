"""Where a site may not lead a crawl, and what it may not fill it with."""

from __future__ import annotations

import gzip
import ipaddress
import ssl
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from backports import zstd
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from scrapy import Request
from scrapy.settings import Settings

from newsscraper.crawl.failures import PrivateAddress
from newsscraper.crawl.middlewares import AddressMiddleware
from newsscraper.crawl.safety_addresses import Reach, is_public, read_literal
from newsscraper.crawl.safety_connections import CheckedResolver, _CheckedEndpoint
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.target import read_target
from tests.crawl.runs import Run, run_scrapy
from tests.crawl.servers import dripping, recording
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page

STORY = "/news/1001/ferry"
PAGES: dict[str, Reply | str] = {"/": list_page(STORY), STORY: story_page("The ferry is late again")}
FAST = ("-s", "RETRY_TIMES=0", "-s", "NEWSSCRAPER_CONTACT=me@example.org")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "fec0::1", "ff02::1",
        "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "",
        "no address",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
        ("a.example", None),
        ("1.2.3.4.example", None),
        ("deadbeef", None),
    ],
)
def test_every_spelling_of_an_address_is_one(host: str, address: str | None) -> None:
    read = read_literal(host)
    assert (str(read).replace("7f00:1", "127.0.0.1") if read else None) == address


def test_a_crawl_reaches_its_own_hosts_wherever_they_are_and_public_ones() -> None:
    reach = Reach(["intranet.example", "127.0.0.1"])
    assert reach.choose("Intranet.example.", ["10.0.0.1"]) == ["10.0.0.1"]
    assert reach.choose("cdn.example", ["10.0.0.1"]) == []
    assert reach.choose("cdn.example", ["93.184.216.34", "10.0.0.1"]) == ["93.184.216.34"]
    assert reach.refused == {"cdn.example": "10.0.0.1"}
    assert reach.admits_literal("127.0.0.1")
    assert not reach.admits_literal("127.0.0.2")
    assert not reach.admits_literal("localhost")


def refused(url: str, **settings: object) -> str | None:
    """Why `AddressMiddleware` lets a crawl that began at intranet.example not ask `url`; None where it may."""
    spider = NewsSpider(url="http://intranet.example/")
    spider.target = read_target(url="http://intranet.example/")
    middleware = AddressMiddleware(SimpleNamespace(spider=spider, settings=Settings(settings)))  # type: ignore[arg-type]
    try:
        middleware.process_request(Request(url))
    except PrivateAddress as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://0x7f.1/", "http://localhost:6379/", "ftp://a.example/"],
)
def test_what_stands_in_a_url_is_refused_also_where_a_proxy_makes_the_connection(url: str) -> None:
    assert refused(url)


@pytest.mark.parametrize("url", ["http://intranet.example/x", "https://a.example/", "http://93.184.216.34/"])
def test_names_and_public_addresses_may_be_asked(url: str) -> None:
    assert refused(url) is None


def test_a_stand_in_may_be_asked_in_place_of_anything() -> None:
    assert refused("http://localhost/", NEWSSCRAPER_RESOLVE={"localhost": "127.0.0.1:8000"}) is None


def test_a_host_that_was_public_cannot_move_into_our_network() -> None:
    reach = Reach(["a.example"])
    assert reach.choose("a.example", ["93.184.216.34"]) == ["93.184.216.34"]
    assert reach.choose("a.example", ["127.0.0.1"]) == []
    assert reach.refused == {"a.example": "127.0.0.1"}


def test_a_connection_that_is_opened_again_is_checked_again() -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    heard: list[str] = []

    class Lying:
        def resolveHostName(self, receiver: object, host: str) -> None:  # noqa: N802
            for address in answers.pop(0):
                receiver.addressResolved(SimpleNamespace(host=address))  # type: ignore[attr-defined]
            receiver.resolutionComplete()  # type: ignore[attr-defined]

    resolver = CheckedResolver(Lying())
    receiver = SimpleNamespace(addressResolved=lambda address: heard.append(address.host), resolutionComplete=bool)
    endpoint = SimpleNamespace(connect=lambda _: resolver.resolveHostName(receiver, "a.example"))
    checked = _CheckedEndpoint(endpoint, Reach(["a.example"]))
    for _ in range(2):
        checked.connect(SimpleNamespace(buildProtocol=None))
    assert heard == ["93.184.216.34"]


def test_other_lookups_of_the_process_are_left_alone() -> None:
    heard: list[str] = []
    resolver = CheckedResolver(SimpleNamespace(resolveHostName=lambda receiver, host: receiver(host)))
    resolver.resolveHostName(heard.append, "proxy.intranet.example")
    assert heard == ["proxy.intranet.example"]


LYING = """
from twisted.internet.defer import succeed
from scrapy.resolver import CachingThreadedResolver


class Resolver(CachingThreadedResolver):
    '''A name server that says of every name that it is this machine.'''

    def getHostByName(self, name, timeout=()):
        return succeed("127.0.0.1")
"""


def crawl(folder: Path, url: str, *options: str) -> Run:
    return run_scrapy(folder, "crawl", "news", "-a", f"url={url}", *FAST, *options)


def test_a_name_server_cannot_lead_us_into_our_own_network(tmp_path: Path) -> None:
    (tmp_path / "lying.py").write_text(LYING)
    with SmallSite({}) as site:
        port = site.address.partition(":")[2]
        site.serve(PAGES | {"/": list_page(STORY, f"http://intranet.a.example:{port}/news/1002/router")})
        run = crawl(tmp_path, f"http://a.example:{port}/", "-s", "DNS_RESOLVER=lying.Resolver")
    assert STORY in site.asked
    assert set(site.hosts) == {f"a.example:{port}"}
    assert run.report["counts"]["failed:private_address"] == 1
    assert "intranet.a.example leads to 127.0.0.1, which is no public address" in run.log


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest/", "http://[::1]:1/", "http://2130706433/", "ftp://127.0.0.1/", "file:///etc/passwd"],
)  # fmt: skip
def test_a_redirect_that_leaves_the_web_is_not_followed(tmp_path: Path, location: str) -> None:
    with SmallSite(PAGES | {STORY: Reply(status=302, headers={"Location": location})}) as site:
        run = crawl(tmp_path, site.url)
    assert run.report["counts"].get("new", 0) == 0
    assert "169.254" not in "".join(site.hosts)
    told = {name for name in run.report["counts"] if name.startswith(("failed:", "offsite"))}
    assert told <= {"failed:private_address", "offsite_redirects", "failed:http_302"}
    assert told


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate, gzip", "none"])
def test_what_is_too_large_packed_or_not_is_given_up(tmp_path: Path, coding: str) -> None:
    pack = {
        "gzip": gzip.compress,
        "br": lambda page: brotli.compress(page, quality=1),
        "zstd": zstd.compress,
        "deflate, gzip": lambda page: gzip.compress(zlib.compress(page)),
    }
    if coding in pack:
        body = pack[coding](b"<p>" + b" " * 20_000_000)
        reply = Reply(body, headers={"Content-Type": "text/html", "Content-Encoding": coding})
    else:
        reply = Reply(b"<p>" + b" " * 60_000_000)
    with SmallSite(PAGES | {"/": list_page(STORY, "/news/1002/bomb"), "/news/1002/bomb": reply}) as site:
        run = crawl(tmp_path, site.url)
    assert run.report["counts"]["failed:too_large"] == 1
    assert run.report["counts"]["new"] == 1
    assert site.asked.count("/news/1002/bomb") == 1


@pytest.mark.parametrize(
    ("head", "drop"),
    [(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x"), (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n")],
    ids=["body", "headers"],
)
def test_an_answer_that_never_ends_is_given_up_in_time(tmp_path: Path, head: bytes, drop: bytes) -> None:
    with dripping(head, drop, 0.05) as address:
        run = crawl(tmp_path, f"http://{address}/", "-s", "DOWNLOAD_TIMEOUT=0.5", "-s", "ROBOTSTXT_OBEY=False")
    assert run.report["counts"]["failed:timeout"] == len(["/", "/sitemap.xml"])
    assert run.report["counts"].get("new", 0) == 0


@pytest.mark.parametrize("flood", [b" more\r\n", b"X-More: 1\r\n"])
def test_headers_without_end_are_cut_off(tmp_path: Path, flood: bytes) -> None:
    with dripping(b"HTTP/1.1 200 OK\r\nX-First: 1\r\n", flood * 50_000, 0.001) as address:
        run = crawl(tmp_path, f"http://{address}/", "-s", "ROBOTSTXT_OBEY=False")
    assert run.report["counts"]["failed:connection_aborted"] == len(["/", "/sitemap.xml"])


def self_signed(folder: Path) -> Path:
    """A file with a key and a certificate that nobody vouches for."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(hours=1), now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(plain + certificate.public_bytes(Encoding.PEM))
    return file


def test_a_server_that_nobody_vouches_for_is_not_read(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with SmallSite(PAGES) as site:
        site._http.socket = context.wrap_socket(site._http.socket, server_side=True)
        run = crawl(tmp_path, site.url.replace("http:", "https:"))
    assert site.asked == []
    assert run.report["counts"]["failed:tls"] == 1


def test_a_proxy_may_be_in_our_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SmallSite(lambda url: PAGES.get(url.removeprefix("http://a.example"))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("127.0.0.1", "localhost"))
        run = crawl(tmp_path, "http://a.example/")
    assert f"http://a.example{STORY}" in proxy.asked
    assert run.report["counts"]["new"] == 1


def test_a_tunnel_may_begin_in_our_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with recording(b"HTTP/1.1 502 no way\r\n\r\n") as (address, heard):
        monkeypatch.setenv("https_proxy", f"http://localhost:{address.partition(':')[2]}/")
        run = crawl(tmp_path, "https://a.example/")
    assert heard[0].startswith(b"CONNECT a.example:443 ")
    assert "failed:private_address" not in run.report["counts"]
