"""WARC records made up by hand, well formed and otherwise: what no library would write."""

import gzip
from dataclasses import dataclass

PAGE = (
    b"<!doctype html><html lang=en><head><title>Ferry sails again</title></head><body><article>"
    b"<h1>Ferry sails again</h1>"
    b"<p>The ferry to the outer islands sails again from Monday, the harbour office said on Friday evening.</p>"
    b"<p>It had been in dock since autumn, when a storm tore its ramp off and flooded the lower deck of it.</p>"
    b"</article></body></html>"
)


@dataclass
class Made:
    """A record to be written."""

    number: int = 1
    body: bytes = PAGE
    status: bytes = b"HTTP/1.1 200 OK"
    http: tuple[str, ...] = ("Content-Type: text/html; charset=utf-8",)
    kind: str = "response"
    version: str = "WARC/1.0"
    url: str | None = None
    date: str = "2022-03-30T17:20:00Z"
    content_type: str = "application/http; msgtype=response"
    length: str | None = "right"
    extra: tuple[str, ...] = ()
    line: str = "\r\n"
    block: bytes | None = None

    @property
    def address(self):
        return f"https://courier.example/news/{self.number}" if self.url is None else self.url

    @property
    def record_id(self):
        return f"<urn:uuid:{self.number:032x}>"

    def write(self):
        head = self.status + b"\r\n" + "".join(f"{line}\r\n" for line in self.http).encode("latin-1") + b"\r\n"
        is_http = self.content_type.startswith("application/http")
        block = self.block if self.block is not None else (head if is_http else b"") + self.body
        length = str(len(block)) if self.length == "right" else self.length
        lines = [
            self.version,
            f"WARC-Type: {self.kind}",
            f"WARC-Record-ID: {self.record_id}",
            f"WARC-Date: {self.date}",
            f"WARC-Target-URI: {self.address}",
            f"Content-Type: {self.content_type}",
            *self.extra,
            *([] if length is None else [f"Content-Length: {length}"]),
        ]
        headers = "".join(f"{each}{self.line}" for each in lines) + self.line
        return headers.encode("latin-1") + block + b"\r\n\r\n"


def record(number=1, **fields):
    """The bytes of a record."""
    return Made(number=number, **fields).write()


def packed(number=1, **fields):
    """A gzip member of a record."""
    return gzip.compress(record(number, **fields), mtime=0)


def revisit(
    number, refers_to, *, url=None, to_url=None, to_date="2022-03-30T17:20:00Z", profile="identical-payload-digest"
):
    """A revisit of the record of that number."""
    made = Made(number=refers_to)
    return packed(
        number,
        kind="revisit",
        url=url or made.address,
        date="2022-05-01T08:00:00Z",
        body=b"",
        extra=(
            f"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/{profile}",
            f"WARC-Refers-To: {made.record_id}",
            f"WARC-Refers-To-Target-URI: {to_url or made.address}",
            f"WARC-Refers-To-Date: {to_date}",
        ),
    )


def conversion(number, refers_to, body, **fields):
    """A page drawn anew of the answer in the record of that number."""
    made = Made(number=refers_to)
    fields = {"url": made.address, "content_type": "text/html;charset=utf-8"} | fields
    return packed(number, kind="conversion", body=body, extra=(f"WARC-Refers-To: {made.record_id}",), **fields)
