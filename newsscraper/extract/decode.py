"""Bytes to text: BOM, then the HTTP label and the meta label as browsers read them, strict UTF-8, a detector last.

Sources: https://encoding.spec.whatwg.org/ for labels (through w3lib),
https://html.spec.whatwg.org/#determining-the-character-encoding for their order. One deviation: a page that is valid
UTF-8 with characters beyond ASCII is UTF-8, whatever a single-byte label says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

from newsscraper.errors import UnreadablePage

_BINARY = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"BZh", b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd", b"\x00\x00\x01\x00", b"\x7fELF", b"wOFF", b"wOF2", b"OggS", b"ID3",
    b"\xd0\xcf\x11\xe0", b"Rar!",
)  # fmt: skip
_UTF8_SEQUENCE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
_QUOTE_OR_DASH = b"\xe2\x80"
"""The beginning of one: most pages in UTF-8 have some, and that is found faster than any sequence."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROL_BYTES = bytes({*range(32), 0x7F} - set(b"\t\n\x0c\r"))
_BLANK_BYTES = b" \t\r\n\x00"
_ODD_BYTES = bytes({*range(32)} - set(b"\t\n\r\f\x1b\x00"))
"""Control characters that no text has: many of them are the mark of binary data."""
_ESCAPING = ("iso2022", "iso-2022", "hz", "utf-16", "utf-7")
"""Encodings whose text may look like valid UTF-8 because all of it is ASCII bytes or has NULs."""


_LANGUAGE = re.compile(rb"<html[^>]{0,300}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})", re.IGNORECASE)
_ARABIC, _CYRILLIC = frozenset(map(chr, range(0x600, 0x700))), frozenset(map(chr, range(0x400, 0x500)))
_GREEK, _HEBREW = frozenset(map(chr, range(0x370, 0x400))), frozenset(map(chr, range(0x590, 0x600)))
_THAI = frozenset(map(chr, range(0xE00, 0xE80)))
_TRANSFORMATIONS = frozenset(("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"))
_SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb"), ("cp1256", _ARABIC)),
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk", "kk", "mn"), ("cp1251", _CYRILLIC)),
    "el": ("cp1253", _GREEK),
    "he": ("cp1255", _HEBREW),
    "th": ("cp874", _THAI),
}
"""Language -> the encoding that its sites used before UTF-8, and the letters that prove it."""
_LATIN_CODECS = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl", "sq", "bs"), "cp1250"),
    **dict.fromkeys(("tr", "az", "ku"), "cp1254"),
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
    "vi": "cp1258",
}


_LATIN = frozenset("en fr es de it pt nl sv da nb nn no fi is fo ga cy ca gl eu lb af".split()) | _LATIN_CODECS.keys()
"""Languages in Latin letters, where few are beyond ASCII."""
_SPRINKLED = 0.3
"""Share of a text's letters that may be beyond ASCII in those."""
_CYRILLIC_CODECS = ("cp1251", "koi8-r", "koi8_r", "iso8859-5", "iso8859_5", "mac-cyrillic", "mac_cyrillic", "cp866")
"""Told apart badly by detectors, and well by the letters that every other one in a text is."""
_COMMON_CYRILLIC = frozenset("оеаинтсрвл")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, free of NULs, control characters and lone surrogates, and how it was read."""

    text: str
    encoding: str | None
    """Python codec name; None when text was given."""
    how: str
    """`given`, `bom`, `http`, `meta`, `utf-8` (the bytes prove it), or `detected`."""


def decode(html: bytes | str, charset: str | None = None) -> Decoded:
    """A page's text; `charset` is the label of the HTTP header. Raises `UnreadablePage` for empty or binary input."""
    if isinstance(html, str):
        if not html.strip():
            raise UnreadablePage("the page is empty: nothing but white space was given")
        return Decoded(drop_forbidden(html), None, "given")
    refuse_binary(html)
    decoded = _decode_bytes(html, charset)
    if not decoded.text.strip():
        raise UnreadablePage("the page is empty: its bytes hold no visible character")
    return decoded


def drop_forbidden(text: str) -> str:
    """Text without the characters that HTML forbids and parsers stumble over; surrogates become U+FFFD."""
    if text.isprintable():
        return text
    return _FORBIDDEN.sub(lambda m: "\ufffd" if "\ud800" <= m[0] <= "\udfff" else "", text)


def refuse_binary(html: bytes) -> None:
    """Raises `UnreadablePage` where the bytes are empty or those of an image, archive, PDF and the like."""
    if not html[:4096].strip(_BLANK_BYTES) and not html.strip(_BLANK_BYTES):
        raise UnreadablePage("the page is empty: no bytes but white space were given")
    if html.startswith(_BINARY):
        raise UnreadablePage(f"not a page but binary data: it begins with {html[:4]!r}")
    sample = html[:4096]
    odd = len(sample) - len(sample.translate(None, _ODD_BYTES))
    if odd > len(sample) * 0.1:
        raise UnreadablePage(f"not a page but binary data: {odd} control characters in its first {len(sample)} bytes")


def _decode_bytes(html: bytes, charset: str | None) -> Decoded:
    """The first of BOM, proof of UTF-8, label, valid UTF-8, detector that gives a text."""
    bom_encoding, bom = read_bom(html)
    if bom_encoding and bom:
        return Decoded(drop_forbidden(html[len(bom) :].decode(bom_encoding, "replace")), bom_encoding, "bom")
    label, how = _find_label(html, charset)
    if label and label.startswith(_ESCAPING):
        if decodes_well(html, label):
            return Decoded(drop_forbidden(html.decode(label, "replace")), label, how)
        label = None
    html = html.translate(None, _CONTROL_BYTES)
    as_utf8 = _decode_utf8(html)
    if as_utf8 is not None and not html.isascii() and (_QUOTE_OR_DASH in html or _UTF8_SEQUENCE.search(html)):
        return Decoded(as_utf8, "utf-8", how if label == "utf-8" else "utf-8")
    if label and decodes_well(html, label):
        return Decoded(html.decode(label, "replace"), label, how)
    if as_utf8 is not None:
        return Decoded(as_utf8, "utf-8", "utf-8")
    encoding = detect(html, label)
    return Decoded(html.decode(encoding, "replace"), encoding, "detected")


def _find_label(html: bytes, charset: str | None) -> tuple[str | None, str]:
    """What the HTTP header, else a meta tag calls the encoding, as a codec name; and which of the two."""
    label = _known(resolve_encoding(charset)) if charset else None
    if label is not None:
        return label, "http"
    label = _known(html_body_declared_encoding(html[:8192]))
    # A meta tag that could be read is proof against UTF-16.
    return ("utf-8" if label and label.startswith("utf-16") else label), "meta"


def _known(codec: str | None) -> str | None:
    """The codec, where it is one for text that pages are written in rather than one of Python's transformations."""
    try:
        b"a".decode(codec or "")
    except (LookupError, UnicodeError):
        return None
    return None if codec in _TRANSFORMATIONS else codec


def _decode_utf8(html: bytes) -> str | None:
    """The text where every sequence is valid UTF-8, but for one cut off at the very end; else None."""
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError as error:
        return html.decode("utf-8", "replace") if error.reason == "unexpected end of data" else None


def decodes_well(html: bytes, encoding: str) -> bool:
    """True when at most one character in two hundred of those beyond ASCII fails to decode."""
    try:
        html.decode(encoding)
    except UnicodeDecodeError:
        failures = html.decode(encoding, "replace").count("\ufffd")
        return failures <= max(2, sum(byte > 127 for byte in html) // 200)
    except (LookupError, UnicodeError):
        return False
    return True


def detect(html: bytes, label: str | None) -> str:
    """The encoding of a page without a label that holds.

    That of the declared language where its letters bear it out, else what bs4 finds, read as browsers read labels;
    Windows-1252 when it finds none. A `label` that the bytes deny says nothing of them.
    """
    parts = (part for part in re.split(rb"[<>]", html[:400_000]) if not part.isascii())
    sample = b"".join(parts)[:20_000] or html[:20_000]
    language = _LANGUAGE.search(html[:8192])
    code = language[1].decode().lower() if language else ""
    if _looks_western(sample) or (code in _LATIN and _is_sprinkled(sample)):
        return _LATIN_CODECS.get(code, "cp1252")
    if _is_written_in(sample, code):
        return _SCRIPTS[code][0]
    found = _guess(sample)
    resolved = resolve_encoding(found) if found else None
    if resolved in _CYRILLIC_CODECS:
        resolved = max(_CYRILLIC_CODECS, key=lambda codec: _common_letters(sample, codec))
    if resolved and resolved != "ascii" and decodes_well(html, resolved):
        return resolved
    return label if label and label != "ascii" else "cp1252"


def _guess(sample: bytes) -> str | None:
    """The first of the encodings that bs4 thinks of in which `sample` has no fault, else the first of them."""
    from bs4.dammit import EncodingDetector  # noqa: PLC0415  (slow to import, and rarely needed)

    guesses = [guess for guess in EncodingDetector(sample, is_html=False).encodings if guess != "ascii"]
    return next((guess for guess in guesses if _is_faultless(sample, guess)), next(iter(guesses), None))


def _is_faultless(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except (LookupError, UnicodeError):
        return False
    return True


def _is_written_in(sample: bytes, code: str) -> bool:
    """Read with the encoding that sites in the declared language used, most letters beyond ASCII are its script's."""
    if code not in _SCRIPTS:
        return False
    codec, letters = _SCRIPTS[code]
    foreign = [c for c in sample.decode(codec, "replace") if ord(c) > 127 and (c.isalpha() or c == "\ufffd")]
    return sum(c in letters for c in foreign) > 0.9 * len(foreign)


def _is_sprinkled(sample: bytes) -> bool:
    """Bytes beyond ASCII stand singly or in pairs among ASCII letters, as accents do."""
    beyond = sum(byte > 127 for byte in sample)
    return beyond <= _SPRINKLED * sum(byte > 127 or chr(byte).isalpha() for byte in sample)


def _common_letters(sample: bytes, codec: str) -> int:
    return sum(letter in _COMMON_CYRILLIC for letter in sample.decode(codec, "replace"))


def _looks_western(sample: bytes) -> bool:
    """Lone accented letters between ASCII letters: Western text in Windows-1252, where detectors guess wildly."""
    lone = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", sample))
    return lone > 0.9 * sum(byte > 127 for byte in sample)
