"""Archives that lie elsewhere: streamed, asked for again where a connection breaks, given up in the end."""

import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import fsspec
import pytest

from newsscraper.errors import InputError
from newsscraper.store.archive import ArchivedPage, read_archive, read_at, remote

from .warcs import PAGE, packed

PARTS = [packed(number, body=PAGE + b"<!--%d-->" % number + bytes(range(256)) * 40) for number in range(1, 40)]
WHOLE = b"".join(PARTS)


@dataclass
class Server:
    """A server of one file, and how it behaves."""

    port: int = 0
    knows_ranges: bool = True
    tells_size: bool = True
    breaks_at: list[int] = field(default_factory=list)
    """Bytes of the file at each of which one answer ends too early."""
    is_gone: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/a.warc.gz"


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(remote, "PAUSES", (0.0, 0.0, 0.0))
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_HEAD(self):
            self.answer(has_body=False)

        def do_GET(self):
            self.answer(has_body=True)

        def answer(self, *, has_body):
            if told.is_gone:
                self.send_error(404)
                return
            asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
            first, last = 0, len(WHOLE) - 1
            if asked and told.knows_ranges:
                first, last = int(asked[1]), min(last, int(asked[2] or last))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(WHOLE)}")
            else:
                self.send_response(200)
            if told.tells_size:
                self.send_header("Content-Length", str(last + 1 - first))
            if told.knows_ranges:
                self.send_header("Accept-Ranges", "bytes")
            self.end_headers()
            if has_body:
                told.asked.append(self.headers.get("Range"))
                self.give(first, last + 1)

        def give(self, first, end):
            for place in told.breaks_at:
                if first < place < end:
                    told.breaks_at.remove(place)
                    end = place
                    break
            self.wfile.write(WHOLE[first:end])
            self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        told.port = http.server_port
        threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield told
        http.shutdown()


def read(url, **options):
    return [
        int(found.url.rpartition("/")[2]) if isinstance(found, ArchivedPage) else found.reason
        for found in read_archive(url, **options)
    ]


@pytest.mark.parametrize("knows_ranges", [True, False])
@pytest.mark.parametrize("tells_size", [True, False])
def test_whatever_a_server_can_do(server, knows_ranges, tells_size):
    server.knows_ranges, server.tells_size = knows_ranges, tells_size
    pages = list(read_archive(server.url))
    assert [page.url for page in pages] == [f"https://courier.example/news/{number}" for number in range(1, 40)]
    place = pages[20].warc
    assert read_at(server.url, place["offset"], place["length"]) == pages[20]


def test_a_range_is_read_without_what_lies_before_it(server):
    start = sum(map(len, PARTS[:30]))
    assert read(server.url, start=start) == [*range(31, 40)]


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_a_connection_that_breaks_is_made_anew(server, knows_ranges):
    server.knows_ranges = knows_ranges
    server.breaks_at = [1000, len(WHOLE) // 2, len(WHOLE) - 5]
    assert read(server.url) == [*range(1, 40)]
    assert server.breaks_at == []


def test_a_server_that_stays_away_is_told_with_the_place(server, monkeypatch):
    monkeypatch.setattr(remote, "BLOCK", 4096)
    reading = read_archive(server.url)
    assert next(reading).url.endswith("/1")
    server.is_gone = True
    *before, last = reading
    assert all(isinstance(page, ArchivedPage) for page in before)
    assert (last.reason, last.file) == ("unreachable", server.url)
    assert last.offset == sum(map(len, PARTS[: len(before) + 1]))
    assert "cannot be read from byte" in last.detail


def test_a_file_that_is_not_there(server):
    server.is_gone = True
    with pytest.raises(InputError, match=re.escape(server.url)):
        next(read_archive(server.url))


def test_nobody_answers(monkeypatch):
    monkeypatch.setattr(remote, "PAUSES", ())
    with pytest.raises(InputError, match=r"http://127\.0\.0\.1:9/a\.warc\.gz: cannot be read: .*[Cc]onnect"):
        next(read_archive("http://127.0.0.1:9/a.warc.gz"))


def test_any_url_that_fsspec_opens():
    with fsspec.open("memory://archives/a.warc.gz", "wb") as file:
        file.write(WHOLE)
    assert read("memory://archives/a.warc.gz") == [*range(1, 40)]
    with pytest.raises(InputError, match=r"memory://archives/b\.warc\.gz: cannot be read: there is no such file"):
        next(read_archive("memory://archives/b.warc.gz"))


@pytest.mark.parametrize(
    ("url", "told"), [("s3://bucket/a.warc.gz", "s3fs"), ("gs://bucket/a.warc.gz", "gcsfs"), ("odd://a.warc.gz", "odd")]
)
def test_a_library_that_is_missing_is_named(url, told):
    with pytest.raises(InputError, match=f"^{re.escape(url)}: cannot be read: .*{told}"):
        next(read_archive(url))
