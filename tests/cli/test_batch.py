"""Files through the core: what is taken, how it is read, and that one file's trouble is its own."""

import gzip
import io
import os
import sys
import types

import pytest

from newsscraper.batch import Outcome, Source, choose_profile, extract_files, find_pages, is_dump, read_page
from newsscraper.batch import files as batch
from newsscraper.errors import InputError, NewsscraperError, NotAStory, UnreadablePage
from newsscraper.explain import explain, explain_text
from newsscraper.record import find_faults
from newsscraper.sites import load_profile

from .pages import LISTING, PARAGRAPHS, PERSIAN_PARAGRAPHS, PERSIAN_TITLE, TITLE, dump, page


def packed(content: bytes) -> bytes:
    """Gzip data without the time of day in it: the same in every process that collects these tests."""
    return gzip.compress(content, mtime=0)


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def only(outcomes) -> Outcome:
    (outcome,) = outcomes
    return outcome


def story_of(path, **options):
    outcome = only(extract_files([path], **options))
    assert outcome.error is None
    assert outcome.record is not None
    assert find_faults(outcome.record.to_dict()) == []
    return outcome.record


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("story.html", page().encode()),
        ("story", page().encode()),
        ("story.html.gz", packed(page().encode())),
        ("story.html", packed(page().encode())),
        ("story.gz", page().encode()),
        ("story.html", page().encode("utf-16")),
        ("story.html.gz", packed(page().encode()[:200]) + packed(page().encode()[200:])),
    ],
    ids=["html", "no suffix", "gz", "gz by content", "gz by name only", "utf-16", "gz of two members"],
)
def test_html(tmp_path, name, content):
    record = story_of(write(tmp_path / name, content))
    assert record.title == TITLE
    assert record.body.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("story.txt", dump().encode()),
        ("story.txt.gz", packed(dump().encode())),
        ("story.dat", dump().encode()),
        ("story.TXT", dump().encode("utf-8-sig")),
    ],
    ids=["txt", "gz", "no markup", "BOM"],
)
def test_dump(tmp_path, name, content):
    record = story_of(write(tmp_path / name, content))
    assert record.title == TITLE
    assert PARAGRAPHS[-1] in record.body


def test_unicode_survives(tmp_path):
    record = story_of(write(tmp_path / "داستان.html", page(PERSIAN_TITLE, PERSIAN_PARAGRAPHS, "fa")))
    assert record.title == PERSIAN_TITLE
    assert record.body.split("\n\n") == list(PERSIAN_PARAGRAPHS)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b"<html><p>x</p>", True),
        ("a.txt.gz", b"<p>", True),
        ("a.html", b"Only words, 3 < 4, <jo@example.com>, a<b", True),
        ("a.html", b"words <b>bold</b>", False),
        ("a", b"<!DOCTYPE html>", False),
        ("a", b"</p>", False),
        ("a", b"<!-- remark -->", False),
        ("a", "<p>x</p>".encode("utf-16-le"), False),
        ("-", b"words", True),
        ("-", b"<P class=x>", False),
    ],
)
def test_is_dump(name, content, expected):
    assert is_dump(name, content) is expected


def test_stdin(monkeypatch):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(packed(page().encode()))))
    outcome = only(extract_files(["-"]))
    assert outcome.source == "-"
    assert outcome.record is not None
    assert outcome.record.title == TITLE


def test_folder_is_walked_in_order(tmp_path):
    names = ["b.html", "a/z.HTM", "a/y.txt", "c.html.gz", "d/e/f.xhtml", "notes.pdf", "page.php?id=1", "no-suffix"]
    for name in [*names, ".hidden.html", ".git/a.html", "a/.DS_Store"]:
        write(tmp_path / name, "x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / ".loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.html").symlink_to(tmp_path / "nowhere")
    found = find_pages([tmp_path])
    assert [os.path.relpath(source.path, tmp_path) for source in found] == sorted([*names, "loop", "gone.html"])
    assert all(source.is_found for source in found)
    assert find_pages(found) == found


def test_hidden_files_may_be_named(tmp_path):
    write(tmp_path / ".cache" / "a.html", page())
    assert [source.path for source in find_pages([tmp_path / ".cache"])] == [f"{tmp_path}/.cache/a.html"]


def test_named_paths_keep_their_order(tmp_path):
    first, second = write(tmp_path / "z.bin", "x"), write(tmp_path / "a.bin", "x")
    assert find_pages([first, "-", second]) == [Source(path=path) for path in (str(first), "-", str(second))]


@pytest.mark.parametrize(
    "name",
    ["a.php", "a.aspx", "a.shtml", "a.asp", "a.jsp", "a", "a.HTM", "page.php?id=1", "a.pdf", "a.js", "1234.5", "a.gz"],
)
def test_pages_of_a_folder_may_bear_any_name(tmp_path, name):
    write(tmp_path / "pages" / name, page())
    write(tmp_path / "pages" / "packed" / name, packed(page().encode()))
    outcomes = list(extract_files([tmp_path / "pages"]))
    assert [outcome.record and outcome.record.title for outcome in outcomes] == [TITLE, TITLE]


def test_dumps_of_a_folder(tmp_path):
    for name in ("a.txt", "b", "c.dat"):
        write(tmp_path / name, dump())
    assert [outcome.record and outcome.record.title for outcome in extract_files([tmp_path])] == [TITLE] * 3


OTHERS = {
    "a.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "image"),
    "b.jpg": (b"\xff\xd8\xff\xe0" + bytes(64), "image"),
    "c.svg": (
        b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"><p>x</p></svg>',
        "image",
    ),
    "d.html": (b"%PDF-1.7\n<html><p>x</p>", "PDF"),
    "e.woff2": (b"wOF2" + bytes(64), "font"),
    "f.mp4": (bytes(4) + b"ftypisom" + bytes(64), "recording"),
    "g.zip": (b"PK\x03\x04" + bytes(64), "archive"),
    "h.tar.gz": (packed(b"a.html".ljust(257, b"\0") + b"ustar\x0000" + bytes(64)), "archive"),
    "i.mht": (
        b"From: <Saved by Blink>\r\nSubject: Harbour\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        b'\ttype="text/html"\r\n\r\n<html><p>x</p>',
        "MHTML archive",
    ),
    "j.xml": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<rss version="2.0"><channel>', "feed or sitemap"),
    "k.jsonl": (b'{"title": "<p>x</p>"}\n', "JSON file"),
    "l.css": (b"/* Words of a long remark. */ p { margin: 0 }", "style sheet"),
    "m.js": (b'/* Remark */ document.write("<p>x</p>")', "script"),
    "n": (bytes(range(1, 32)) * 40, "binary file"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_passed_over_unless_named(tmp_path, name):
    content, kind = OTHERS[name]
    path = write(tmp_path / name, content)
    found = only(extract_files([tmp_path]))
    assert (found.passed_over, found.error, found.record) == (kind, None, None)
    named = only(extract_files([path]))
    assert named.passed_over is None
    assert str(named.error) == f"not a page but another kind of file: {kind}"


def test_xhtml_is_a_page(tmp_path):
    text = page().replace("<!DOCTYPE html><html", '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"')
    assert story_of(write(tmp_path / "a.xml", text)).title == TITLE


def test_what_is_no_file_is_passed_over_unless_named(tmp_path):
    os.mkfifo(tmp_path / "fifo.html")
    (tmp_path / "gone.html").symlink_to("nowhere.html")
    (tmp_path / "loop").symlink_to(".", target_is_directory=True)
    passed = [(os.path.basename(outcome.source), outcome.passed_over) for outcome in extract_files([tmp_path])]
    assert passed == [("fifo.html", "pipe or device"), ("gone.html", "dangling link"), ("loop", "link to a folder")]
    fifo, gone, device = (
        only(extract_files([path])).error for path in (tmp_path / "fifo.html", tmp_path / "gone.html", "/dev/zero")
    )
    assert str(fifo) == str(device) == "cannot be read: a pipe or device; its content may come by standard input, -"
    assert str(gone) == "cannot be read: the link leads to no file"


def test_a_folder_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    write(closed / "b.html", page())
    write(tmp_path / "a.html", page())
    scan = os.scandir

    def refuse(path):
        if os.fspath(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(closed))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    first, second = extract_files([tmp_path])
    assert first.record is not None
    assert (second.source, str(second.error)) == (str(closed), "cannot be read: Permission denied")


def test_empty_files_of_a_folder_are_told(tmp_path):
    write(tmp_path / "a.html", b"")
    assert isinstance(only(extract_files([tmp_path])).error, UnreadablePage)


def test_trouble_of_one_file_is_its_own(tmp_path, monkeypatch):
    def explode(html, *_args, **_options):
        if b"explode" in html:
            raise RecursionError("too deep")
        return extract(html)

    extract = batch.extract
    monkeypatch.setattr(batch, "extract", explode)
    paths = [
        write(tmp_path / "1.html", page()),
        tmp_path / "absent.html",
        write(tmp_path / "2.html", b""),
        write(tmp_path / "3.html", "<p>explode</p>"),
        write(tmp_path / "4.html.gz", packed(page().encode())[:-20]),
        write(tmp_path / "5.html", page()),
    ]
    outcomes = list(extract_files(paths))
    assert [outcome.source for outcome in outcomes] == list(map(str, paths))
    assert [outcome.record is not None for outcome in outcomes] == [True, False, False, False, False, True]
    errors = [outcome.error for outcome in outcomes]
    assert isinstance(errors[1], InputError)
    assert "No such file" in str(errors[1])
    assert isinstance(errors[2], UnreadablePage)
    assert type(errors[3]) is NewsscraperError
    assert str(errors[3]) == "unexpected RecursionError: too deep"
    assert isinstance(errors[3].__cause__, RecursionError)
    assert isinstance(errors[4], InputError)
    assert "damaged gzip data" in str(errors[4])


@pytest.mark.parametrize(
    "content",
    [b"\x1f\x8b", b"\x1f\x8b\x08\x00garbage", packed(b"x" * 99)[:-8] + b"12345678"],
    ids=["two bytes", "garbage", "wrong checksum"],
)
def test_damaged_gzip(tmp_path, content):
    with pytest.raises(InputError, match="damaged gzip data"):
        read_page(str(write(tmp_path / "a.html.gz", content)))


def test_decompression_bomb_is_an_error_of_that_file(tmp_path):
    block = gzip.compress(b"\0" * (1 << 20), 9)
    bomb = write(tmp_path / "bomb.html.gz", block * 100)
    assert bomb.stat().st_size < 200_000
    outcome = only(extract_files([bomb]))
    assert isinstance(outcome.error, InputError)
    assert str(outcome.error) == "more than 64 MB in one page, decompressed"


def test_huge_file_is_not_read_whole(tmp_path):
    path = tmp_path / "huge.html"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    with pytest.raises(InputError, match="more than 64 MB"):
        read_page(str(path))


def test_binary_is_unreadable(tmp_path):
    outcome = only(extract_files([write(tmp_path / "a.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)]))
    assert isinstance(outcome.error, UnreadablePage)


def test_folder_without_pages(tmp_path):
    outcome = only(extract_files([tmp_path]))
    assert isinstance(outcome.error, InputError)
    assert "the folder holds no page" in str(outcome.error)


def test_listing_is_not_a_story_unless_forced(tmp_path):
    path = write(tmp_path / "a.html", LISTING)
    assert isinstance(only(extract_files([path])).error, NotAStory)
    assert only(extract_files([path], force=True)).record is not None


def test_provenance(tmp_path):
    url = "https://www.islamtimes.org/en/news/986527/slug"
    path = write(tmp_path / "a.html", page())
    record = story_of(path, url=url, profile="auto", fetched_at="2022-04-01T00:00:00Z")
    assert (record.profile, record.fetched_at, record.site) == ("islamtimes", "2022-04-01T00:00:00Z", "islamtimes.org")
    assert record.url == url


def test_what_was_fetched_is_the_file(tmp_path, monkeypatch):
    write(tmp_path / "نیم شب #1?.html", page())
    monkeypatch.chdir(tmp_path)
    record = story_of("نیم شب #1?.html", url="https://own.example/a")
    assert record.url == "https://own.example/a"
    assert record.fetched_url == tmp_path.as_uri() + "/%D9%86%DB%8C%D9%85%20%D8%B4%D8%A8%20%231%3F.html"
    assert story_of("نیم شب #1?.html").fetched_url == record.fetched_url


@pytest.mark.parametrize("url", [None, "https://own.example/a"])
def test_nothing_was_fetched_from_standard_input(monkeypatch, url):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(page().encode())))
    record = story_of("-", url=url)
    assert (record.url, record.fetched_url) == (url, None)


def test_pages_with_addresses_of_their_own(tmp_path):
    one, two = write(tmp_path / "1.html", page()), write(tmp_path / "2.html", page())
    sources = [Source(path=str(one), url="https://islamtimes.com/en/news/1/a"), Source(path=str(two))]
    records = [outcome.record for outcome in extract_files(sources, profile="auto", url="https://own.example/b")]
    assert [(record.url, record.profile) for record in records if record] == [
        ("https://islamtimes.com/en/news/1/a", "islamtimes"),
        ("https://own.example/b", None),
    ]


def test_choose_profile():
    islamtimes = load_profile("islamtimes")
    assert choose_profile("auto", "https://islamtimes.com/en/") == islamtimes
    assert choose_profile("auto", "https://elsewhere.example/") is None
    assert choose_profile("auto", None) is None
    assert choose_profile("islamtimes", None) == islamtimes
    assert choose_profile(islamtimes, None) is islamtimes
    assert choose_profile(None, "https://islamtimes.com/en/") is None


def test_unknown_profile_is_told_before_any_file():
    with pytest.raises(InputError, match="no profile is called 'islamtime'"):
        extract_files(["absent.html"], profile="islamtime")


def test_refused_pages_are_traced(tmp_path):
    outcome = only(extract_files([write(tmp_path / "a.html", LISTING)], traced=True))
    assert isinstance(outcome.error, NotAStory)
    assert outcome.trace
    assert outcome.trace["blocks"]
    assert only(extract_files([tmp_path / "a.html"])).trace is None


NO_STORIES = {
    "no_text.html": LISTING,
    "no_headline.html": "<html><body><p>One line.</p><p>Another line.</p></body></html>",
    "empty.html": "<html><body></body></html>",
    "dump.txt": "Latest stories\n",
}


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", NO_STORIES)
def test_the_trace_is_that_of_an_explanation(tmp_path, name, force):
    path = write(tmp_path / name, NO_STORIES[name])
    read = explain_text if name.endswith(".txt") else explain
    told = read(path.read_bytes())
    outcome = only(extract_files([path], traced=True, force=force))
    assert told.refusal
    assert outcome.trace == told.trace.to_dict()
    if force and told.story:
        assert outcome.record.title == told.story.title
    else:
        assert (outcome.error.reason, outcome.record) == (told.refusal.reason, None)


def test_a_dump_is_traced(tmp_path):
    outcome = only(extract_files([write(tmp_path / "a.txt", dump())], traced=True))
    assert outcome.trace == explain_text(dump().encode()).trace.to_dict()
    assert outcome.record.body == only(extract_files([tmp_path / "a.txt"])).record.body


def test_traced(tmp_path):
    outcome = only(extract_files([write(tmp_path / "a.html", page())], traced=True))
    assert outcome.record is not None
    assert outcome.trace
