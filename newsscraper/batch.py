"""Files through the core, many at once: pages and text dumps in, one `Outcome` a file out.

A file that cannot be used costs its own outcome and nothing else: whatever goes wrong with it is told there. What a
file is, its content says: names count for little where pages were saved by browsers, crawlers and scripts.
"""

from __future__ import annotations

import codecs
import dataclasses
import gzip
import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsscraper.errors import InputError, NewsscraperError, NoPageError, NotAStory, UnreadablePage
from newsscraper.extract import extract, extract_text, trace
from newsscraper.extract.decode import decode, refuse_binary
from newsscraper.record import Record
from newsscraper.sites import Profile, find_profile, load_profile
from newsscraper.store.records import make_record

STDIN = "-"
MAX_BYTES = 64 * 1024 * 1024
"""Of one page, decompressed: beyond this a file is no page but an accident or an attack."""

_GZIP = b"\x1f\x8b"
_MARKUP = re.compile(rb"<(?:!doctype\s|!--|\?xml\s|/?[a-z][a-z0-9:-]*[\s/>])", re.IGNORECASE)
_OPEN_ALREADY = re.compile(r"/dev/(?:stdin|fd/\d+)|/proc/self/fd/\d+")
"""What a shell hands over by `<(...)`: a pipe with somebody at its other end."""
_HEAD = 4096
"""Bytes at a file's beginning that tell what it is."""
_SIGNATURES = (
    (
        "image",
        re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP|\0\0[\1\2]\0|.{4}ftyp(?:avif|heic|mif1)", re.S),
    ),
    ("image", re.compile(rb"II\*\0|MM\0\*|BM.{4}\0{4}|\s*(?:<[?!][^>]*>\s*)*<svg[\s>]", re.S)),
    ("PDF", re.compile(rb"%PDF-")),
    ("font", re.compile(rb"wOF[F2]|OTTO\0|\0\x01\0\0")),
    ("recording", re.compile(rb".{4}ftyp|\x1aE\xdf\xa3|ID3[\2-\4]|OggS|RIFF.{4}(?:WAVE|AVI )|fLaC", re.S)),
    ("archive", re.compile(rb"PK[\1-\7]|Rar!|7z\xbc\xaf|\xfd7zXZ|\x28\xb5\x2f\xfd|BZh\d|WARC/\d|.{257}ustar", re.S)),
    ("MHTML archive", re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*content-type:\s*multipart/related", re.I)),
    ("feed or sitemap", re.compile(rb"\s*(?:<[?!][^>]*>\s*)*<(?:rss|feed|urlset|sitemapindex|rdf:rdf)[\s>]", re.I)),
    ("JSON file", re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\"])")),
)
"""Kind of file -> how it begins."""
_KINDS_OF_NAMES = {".css": "style sheet", ".js": "script", ".mjs": "script"}
"""What browsers save beside a page, told by name: its comments may hold prose, its strings markup."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file to read."""

    path: str
    """As given, or the folder's and what is below; `-` for standard input."""
    url: str | None = None
    """Where the page was found."""
    is_found: bool = False
    """It was come upon in a folder: should it be no page, nobody said it was one."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one file: a record, the error in its place, or the kind of file that was passed over."""

    source: str
    """`Source.path`."""
    record: Record | None = None
    error: NewsscraperError | None = None
    passed_over: str | None = None
    """`image`, `PDF`, `script`, ...: a file in a folder that is no page."""
    trace: dict[str, Any] | None = None
    """How the core read the page, where that was asked for; of a page that it refused too, where it can tell."""


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What is the same for every file of a batch."""

    profile_of: Callable[[str | None], Profile | None]
    fetched_at: str | None
    force: bool
    traced: bool


def extract_files(  # noqa: PLR0913 - options of one call, all by name
    paths: Iterable[str | os.PathLike[str] | Source],
    *,
    url: str | None = None,
    profile: Profile | str | None = None,
    sites: Iterable[str | os.PathLike[str]] = (),
    fetched_at: str | None = None,
    force: bool = False,
    traced: bool = False,
) -> Iterator[Outcome]:
    """One outcome a file, in the order of `find_pages(paths)`.

    `url` is that of every page whose `Source` has none of its own, and `fetched_at` (UTC, `2022-03-30T17:20:00Z`) that
    of all. `profile` is a profile, a name, `auto` (the one that owns the host of a page's URL) or None; `sites` are
    folders of the user's own profiles. `force` extracts pages that are no story; `traced` fills `Outcome.trace`.
    Raises `InputError` or `ProfileError` for a profile that cannot be had, and nothing for a file.
    """
    sources = [dataclasses.replace(source, url=source.url or url) for source in find_pages(paths)]
    profile_of = _chooser(profile, sites)
    for address in dict.fromkeys(source.url for source in sources):
        profile_of(address)
    job = _Job(profile_of=profile_of, fetched_at=fetched_at, force=force, traced=traced)
    return (_extract_file(source, job) for source in sources)


def find_pages(paths: Iterable[str | os.PathLike[str] | Source]) -> list[Source]:
    """Files as named, and for each folder the files in it and below, sorted; a folder without any stays itself.

    Files and folders whose names begin with a dot are left out.
    """
    found: list[Source] = []
    for path in paths:
        source = path if isinstance(path, Source) else Source(path=os.fspath(path))
        is_folder = source.path != STDIN and not source.is_found and os.path.isdir(source.path)
        found.extend((is_folder and _files_below(source.path)) or [source])
    return found


def choose_profile(
    profile: Profile | str | None, url: str | None, sites: Iterable[str | os.PathLike[str]] = ()
) -> Profile | None:
    """The profile meant by a name, by `auto` and `url`, or by itself. Raises `InputError` for an unknown name."""
    if profile == "auto":
        return find_profile(url, sites) if url else None
    return load_profile(profile, sites) if isinstance(profile, str) else profile


def read_page(path: str) -> bytes:
    """The bytes of a page, decompressed, at most `MAX_BYTES`. Raises `InputError`; `NoPageError` for other files."""
    try:
        content = _read_bytes(path)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if content.startswith(_GZIP):
        content = _decompress(_bounded(content))
    kind = kind_of_other(path, content[:_HEAD])
    if kind:
        raise NoPageError(kind)
    return _bounded(content)


def kind_of_other(path: str, head: bytes) -> str | None:
    """What kind of file it is that is no page, by its first bytes and its name; None for what may be one."""
    head = head.removeprefix(codecs.BOM_UTF8)
    for kind, signature in _SIGNATURES:
        if signature.match(head):
            return kind
    if not head.lstrip().startswith(b"<"):
        kind_of_name = _KINDS_OF_NAMES.get(os.path.splitext(path.lower().removesuffix(".gz"))[1])
        return kind_of_name or ("binary file" if _is_binary(head) else None)
    return None


def is_dump(path: str, page: bytes) -> bool:
    """True for a page already flattened to text: by its name, or because it holds no markup."""
    name = path.lower().removesuffix(".gz")
    return name.endswith(".txt") or not _MARKUP.search(page.replace(b"\0", b""))


def file_uri(path: str) -> str | None:
    """The `file:` URI of what was read, absolute and percent-encoded; None for a stream, which is read once."""
    return None if path == STDIN or _OPEN_ALREADY.fullmatch(path) else Path(os.path.abspath(path)).as_uri()


def _chooser(
    profile: Profile | str | None, sites: Iterable[str | os.PathLike[str]]
) -> Callable[[str | None], Profile | None]:
    """URL -> profile; the files of profiles are read once a host."""
    folders = tuple(sites)

    @cache
    def choose(host: str | None) -> Profile | None:
        return choose_profile(profile, host and f"https://{host}/", folders)

    return lambda url: choose(_host_of(url))


def _host_of(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None


def _files_below(folder: str) -> list[Source]:
    """Links to folders are not followed: they may lead back. A folder that cannot be read stands for its files."""
    found: list[str] = []

    def note(error: OSError) -> None:
        found.append(error.filename)

    for place, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        found.extend(os.path.join(place, name) for name in (*names, *links) if not name.startswith("."))
    return [Source(path=path, is_found=True) for path in sorted(found)]


def _read_bytes(path: str) -> bytes:
    """At most one byte more than a page may have. Opens nothing that could keep it waiting, such as a named pipe."""
    if path == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if not _OPEN_ALREADY.fullmatch(path):
        _refuse_special(path)
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)


def _refuse_special(path: str) -> None:
    """Raises `NoPageError` for what is no regular file, `OSError` for what is absent."""
    if os.path.islink(path) and not os.path.exists(path):
        raise NoPageError("dangling link", "cannot be read: the link leads to no file")
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        os.scandir(path).close()
        raise NoPageError("link to a folder", "the folder holds no page: no file but hidden ones")
    if not stat.S_ISREG(mode):
        raise NoPageError(
            "pipe or device", "cannot be read: a pipe or device; its content may come by standard input, -"
        )


def _is_binary(head: bytes) -> bool:
    try:
        refuse_binary(head)
    except UnreadablePage:
        return bool(head.strip(b" \t\r\n\0"))
    return False


def _decompress(content: bytes) -> bytes:
    """At most one byte more than a page may have. Raises `InputError`."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return file.read(MAX_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"damaged gzip data: {error}") from error


def _bounded(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise InputError(f"more than {MAX_BYTES // 1024 // 1024} MB in one page, decompressed")
    return content


def _extract_file(source: Source, job: _Job) -> Outcome:
    try:
        return _extract_page(source, read_page(source.path), job)
    except NoPageError as error:
        if source.is_found:
            return Outcome(source=source.path, passed_over=error.kind)
        return Outcome(source=source.path, error=error)
    except NewsscraperError as error:
        return Outcome(source=source.path, error=error)
    except Exception as error:  # a bug met on one page must not cost the others
        wrapped = NewsscraperError(f"unexpected {type(error).__name__}: {error}")
        wrapped.__cause__ = error
        return Outcome(source=source.path, error=wrapped)


def _extract_page(source: Source, page: bytes, job: _Job) -> Outcome:
    """The page's record; of a page that is refused, the error with its trace."""
    profile = job.profile_of(source.url)
    options: dict[str, Any] = {"profile": profile, "fetched_at": job.fetched_at}
    steps = None
    if is_dump(source.path, page):
        story = extract_text(decode(page).text, source.url, force=job.force, **options)
    elif job.traced:
        try:
            story, explained = trace(page, source.url, force=job.force, **options)
        except NotAStory as error:
            return Outcome(source=source.path, error=error, trace=_trace_refused(page, source.url, options))
        steps = explained.to_dict()
    else:
        story = extract(page, source.url, force=job.force, **options)
    record = make_record(story, url=source.url, fetched_at=job.fetched_at, profile=profile)
    # Nothing was fetched: what was read is a file, whatever address its page once had.
    return Outcome(
        source=source.path, record=dataclasses.replace(record, fetched_url=file_uri(source.path)), trace=steps
    )


def _trace_refused(page: bytes, url: str | None, options: dict[str, Any]) -> dict[str, Any] | None:
    """How a refused page was read; None where not even its title can be told."""
    try:
        _, explained = trace(page, url, force=True, **options)
    except NotAStory:
        return None
    return explained.to_dict()
