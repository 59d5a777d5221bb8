"""Bytes to text."""

from __future__ import annotations

import pytest

from newsscraper.errors import UnreadablePage
from newsscraper.extract.decode import decode

FRENCH = "<p>Le café de la gare est fermé jusqu'à Noël, où il rouvrira.</p>"
PERSIAN_OF_ARABIC_LETTERS = "<p>السلام عليكم ورحمة الله وبركاته في هذا اليوم الجميل من الربيع</p>"
CHINESE = "<p>今天的港口很安静，渡轮将在星期一重新开航，岛上的居民都很高兴。</p>"
RUSSIAN = "<p>Паром на дальние острова снова вышел в море в понедельник утром.</p>"


def declared(label: str, text: str) -> str:
    return f'<html><head><meta charset="{label}"></head><body>{text}</body></html>'


@pytest.mark.parametrize(
    ("raw", "charset", "encoding", "how"),
    [
        pytest.param(b"\xef\xbb\xbf" + FRENCH.encode(), None, "utf-8", "bom", id="utf-8 bom"),
        pytest.param(b"\xef\xbb\xbf" + FRENCH.encode(), "iso-8859-1", "utf-8", "bom", id="bom before label"),
        pytest.param(b"\xff\xfe" + FRENCH.encode("utf-16-le"), None, "utf-16-le", "bom", id="utf-16 le bom"),
        pytest.param(b"\xfe\xff" + FRENCH.encode("utf-16-be"), None, "utf-16-be", "bom", id="utf-16 be bom"),
        pytest.param(FRENCH.encode(), None, "utf-8", "utf-8", id="undeclared utf-8"),
        pytest.param(FRENCH.encode(), "utf-8", "utf-8", "http", id="declared utf-8"),
        pytest.param(FRENCH.encode(), "iso-8859-1", "utf-8", "utf-8", id="utf-8 labelled latin-1"),
        pytest.param(FRENCH.encode("cp1252"), "iso-8859-1", "cp1252", "http", id="latin-1 is windows-1252"),
        pytest.param(FRENCH.encode("cp1252"), None, "cp1252", "detected", id="undeclared western"),
        pytest.param(FRENCH.encode("cp1252"), "utf-8", "cp1252", "detected", id="western labelled utf-8"),
        pytest.param(RUSSIAN.encode("cp1251"), "windows-1251", "cp1251", "http", id="windows-1251"),
        pytest.param(RUSSIAN.encode("koi8-r"), "koi8-r", "koi8-r", "http", id="koi8-r"),
        pytest.param(PERSIAN_OF_ARABIC_LETTERS.encode("cp1256"), "windows-1256", "cp1256", "http", id="windows-1256"),
        pytest.param(CHINESE.encode("gbk"), "gb2312", "gb18030", "http", id="gb2312 is gb18030"),
        pytest.param(CHINESE.encode("big5", "ignore"), "big5", "big5hkscs", "http", id="big5"),
        pytest.param(b"<p>plain</p>", None, "utf-8", "utf-8", id="ascii"),
    ],
)
def test_encoding(raw: bytes, charset: str | None, encoding: str, how: str) -> None:
    decoded = decode(raw, charset)
    assert (decoded.encoding, decoded.how) == (encoding, how)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "cp1252"),
        (RUSSIAN, "cp1251"),
        (CHINESE, "gbk"),
        (CHINESE, "shift_jis"),
        (PERSIAN_OF_ARABIC_LETTERS, "cp1256"),
    ],
)
def test_text_under_its_own_meta_label(text: str, codec: str) -> None:
    if codec == "shift_jis":
        text = "<p>渡船は月曜日に再び出航した。</p>"
    label = {"cp1252": "iso-8859-1", "cp1251": "windows-1251", "cp1256": "windows-1256"}.get(codec, codec)
    assert text in decode(declared(label, text).encode(codec)).text


def test_http_label_wins_over_meta() -> None:
    raw = declared("koi8-r", RUSSIAN).encode("cp1251")
    assert RUSSIAN in decode(raw, "windows-1251").text


def test_undeclared_arabic_is_detected() -> None:
    raw = (PERSIAN_OF_ARABIC_LETTERS * 6).encode("cp1256")
    assert PERSIAN_OF_ARABIC_LETTERS in decode(raw).text


def test_meta_that_names_utf_16_could_not_have_been_read_in_it() -> None:
    assert decode(declared("utf-16", FRENCH).encode()).encoding == "utf-8"


def test_iso_2022_jp_keeps_its_escapes() -> None:
    text = "<p>渡船は月曜日に出航した。</p>"
    assert decode(text.encode("iso-2022-jp"), "iso-2022-jp").text == text


def test_label_that_no_codec_has_is_passed_over() -> None:
    assert decode(FRENCH.encode(), "x-no-such-thing").text == FRENCH


def test_sequence_cut_off_at_the_end_is_still_utf_8() -> None:
    decoded = decode(FRENCH.encode() + "é".encode()[:1])
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(FRENCH)


@pytest.mark.parametrize("control", ["\x00", "\x01", "\x0b", "\x1b", "\x7f"])
def test_controls_go(control: str) -> None:
    assert decode(f"<p>a{control}b</p>".encode()).text == "<p>ab</p>"
    assert decode(f"<p>a{control}b</p>").text == "<p>ab</p>"


@pytest.mark.parametrize("space", ["\t", "\n", "\r", "\f"])
def test_white_space_stays(space: str) -> None:
    assert decode(f"<p>a{space}b</p>".encode()).text == f"<p>a{space}b</p>"


def test_lone_surrogate_in_text_given_becomes_a_replacement() -> None:
    assert decode("<p>a\ud83db</p>").text == "<p>a\ufffdb</p>"


def test_text_given_has_no_encoding() -> None:
    decoded = decode("<p>a</p>")
    assert (decoded.encoding, decoded.how) == (None, "given")


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"wOF2",
        bytes(range(1, 9)) * 50,
    ],
)
def test_binary_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadablePage, match="binary"):
        decode(raw + b" and so on")


@pytest.mark.parametrize("nothing", [b"", b" \n\t", b"\x00\x00", "", "  \n", b"\xef\xbb\xbf \n"])
def test_nothing_is_refused(nothing: bytes | str) -> None:
    with pytest.raises(UnreadablePage, match="empty"):
        decode(nothing)


@pytest.mark.parametrize(
    ("language", "codec", "text"),
    [
        ("ar", "cp1256", "مجلس الميناء: لا حل سريعاً"),
        ("fa", "cp1256", "شوراي بندر"),
        ("ru", "cp1251", "Совет порта"),
        ("bg", "cp1251", "Съветът на пристанището"),
        ("el", "cp1253", "Το συμβούλιο του λιμανιού"),
        ("he", "cp1255", "מועצת הנמל"),
        ("th", "cp874", "สภาท่าเรือ"),
        ("pl", "cp1250", "Rada portu odłożyła żuraw i łódź"),
        ("tr", "cp1254", "Liman kurulu vinci bıraktı, şimdi sıra boyacıda"),
        ("fr", "cp1252", "La forêt brûle près d’Évry, où naître fut une fête d’été, dit l’aïeule"),
        ("es", "cp1252", "¿Qué dirá el señor de la campaña en España mañana?"),
        ("de", "cp1252", "„Größe“ heißt übermäßig mühsame Übung – für Fährleute"),
    ],
)
@pytest.mark.parametrize("lie", ["", '<meta charset="utf-8">'])
def test_the_declared_language_tells_an_undeclared_encoding(language: str, codec: str, text: str, lie: str) -> None:
    page = f'<html dir="auto" lang="{language}"><head>{lie}</head><body><p>{text}</p></body></html>'
    assert text in decode(page.encode(codec)).text


@pytest.mark.parametrize("codec", ["cp1251", "koi8_r", "cp866"])
def test_cyrillic_encodings_are_told_apart_without_a_declared_language(codec: str) -> None:
    text = "Мост откроют в мае. Мэр города сказал, что Мост готов. " * 3
    assert text.strip() in decode(f"<html><body><p>{text}</p></body></html>".encode(codec)).text


def test_a_declared_language_that_the_letters_deny_is_not_believed() -> None:
    page = '<html lang="ru"><body><p>Café déjà vu, naïve façade, señor</p></body></html>'
    assert "déjà" in decode(page.encode("cp1252")).text
