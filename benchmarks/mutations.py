"""Pages damaged as disks, networks, templates and editors damage them: bytes and a random source in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_TAG = re.compile(rb"</?([a-zA-Z][a-zA-Z0-9]*)")
_ATTRIBUTE = re.compile(rb"\s([a-zA-Z-]+)=(\"[^\"]*\"|'[^']*'|[^\s>\"']+)")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([a-zA-Z0-9_-]+)", re.IGNORECASE)
_NUMBER = re.compile(rb"\d+")
_TAGS = (
    b"p div span a li ul h1 h2 h3 table tr td br script style article main aside section figure blockquote template "
    b"svg noscript iframe title head body html pre textarea select math frameset time b template object"
).split()
_ATTRIBUTES = b"class id href src content property name itemprop datetime rel type style hidden lang role".split()
_CHARSETS = (
    b"utf-8 utf-16 utf-7 latin-1 windows-1252 windows-1256 gbk gb18030 big5 shift_jis euc-jp iso-2022-jp euc-kr koi8-r "
    b"macintosh x-user-defined utf-32 hz idna punycode rot13 undefined nonsense"
).split()
_JUNK = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<", b">", b'"', b"'", b"&", b"&#0;",
    b"&#xD800;", b"&#x110000;", b"&#99999999999;", b"&nbsp", b"&rlm;", b"\xe2\x80\xae", b"\xc2\xad", b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80", b"</html>", b"</body>", b"<br><br>", b"<plaintext>", b"<p>" * 50, b"<div>" * 300,
    b"\r", b"\x1a", b"9" * 5000, b"\\u0000", b"{" * 200, b"[" * 2000,
)  # fmt: skip

Mutation = Callable[[bytes, Random, Callable[[], bytes]], bytes]
"""The page, the source of chance, and a way to another page."""


def mutate(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    """The page after one to four mutations."""
    for _ in range(rng.choice((1, 1, 2, 3, 4))):
        page = rng.choice(MUTATIONS)(page, rng, other)
    return page


def flip_bytes(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    changed = bytearray(page)
    for _ in range(rng.randint(1, 40)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def splice(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    """A range of another page inside this one."""
    first, last = pick_range(other(), rng)
    place = rng.randint(0, len(page))
    return page[:place] + other()[first:last] + page[place + rng.choice((0, last - first)) :]


def truncate(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    first, last = pick_range(page, rng)
    return rng.choice((page[:first], page[first:], page[first:last]))


def double_range(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    first, last = pick_range(page, rng)
    return page[:last] + page[first:last] * rng.choice((1, 1, 2, 10 if last - first < 2000 else 1)) + page[last:]


def drop_range(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    first, last = pick_range(page, rng)
    return page[:first] + page[last:]


def move_range(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    first, last = pick_range(page, rng)
    rest = page[:first] + page[last:]
    place = rng.randint(0, len(rest))
    return rest[:place] + page[first:last] + rest[place:]


def swap_tags(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    """One tag in so many under another name."""
    share = rng.choice((0.02, 0.2, 1.0))
    old, new = rng.choice(_TAGS), rng.choice(_TAGS)
    any_tag = rng.random() < 0.5
    return _TAG.sub(
        lambda m: m[0].replace(m[1], new) if (any_tag or m[1].lower() == old) and rng.random() < share else m[0], page
    )


def swap_attributes(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    """Attributes under other names, with others' values, or without any."""
    values = [match[2] for match in _ATTRIBUTE.finditer(page[:20_000])] or [b"x"]
    share = rng.choice((0.05, 0.3))

    def change(match: re.Match[bytes]) -> bytes:
        if rng.random() > share:
            return match[0]
        name = rng.choice((match[1], rng.choice(_ATTRIBUTES)))
        return rng.choice((b" " + name, b" " + name + b"=" + rng.choice(values), b" " + name + b"=" + match[2] * 3))

    return _ATTRIBUTE.sub(change, page)


def relabel(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    """Another encoding's name in the meta tag, or the text in another encoding than the name says."""
    label = rng.choice(_CHARSETS)
    if rng.random() < 0.5:
        return _CHARSET.sub(b"charset=" + label, page)
    try:
        return page.decode("utf-8", "replace").encode(label.decode(), "replace")
    except (LookupError, UnicodeError, TypeError):
        return page


def insert_junk(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    for _ in range(rng.randint(1, 6)):
        place = rng.randint(0, len(page))
        page = page[:place] + rng.choice(_JUNK) + page[place:]
    return page


def change_numbers(page: bytes, rng: Random, other: Callable[[], bytes]) -> bytes:
    """Numbers out of bounds: in dates, sizes, codes, JSON."""
    others = (b"0", b"99", b"-1", b"31", b"2147483648", b"9" * 30, b"1e400", b"00", b"10000")
    return _NUMBER.sub(lambda m: rng.choice(others) if rng.random() < 0.15 else m[0], page)


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes,
    splice,
    truncate,
    double_range,
    drop_range,
    move_range,
    swap_tags,
    swap_attributes,
    relabel,
    insert_junk,
    change_numbers,
)


def pick_range(page: bytes, rng: Random) -> tuple[int, int]:
    """Both ends of a range; short ones are as likely as long ones."""
    first = rng.randint(0, len(page))
    longest = rng.choice((8, 200, 5000, len(page)))
    return first, min(len(page), first + rng.randint(0, max(1, longest)))


def cut_window(page: bytes, rng: Random, size: int) -> bytes:
    """The page's beginning and a part of what follows, some `size` bytes together."""
    if len(page) <= size:
        return page
    place = rng.randint(size // 2, len(page))
    return page[: size // 2] + page[place : place + size // 2]
