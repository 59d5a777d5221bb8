"""`newsscraper archive`: what is said of archives, and what is found wrong with them."""

from __future__ import annotations

import json
import zipfile

import pytest

from tests.corpus.archived import PARAGRAPHS, make_corpus, page
from tests.store.archives import AT
from tests.store.ledgers import HOME, SITE

FILE = f"archive/{SITE}/r1-00000.warc.gz"


@pytest.fixture
def corpus(tmp_path):
    """Two stories, archived."""
    make_corpus(tmp_path, {"ferry": page("The ferry runs again"), "bridge": page("A bridge at last")})
    return tmp_path


def lines_of(corpus):
    (file,) = (corpus / "stories" / SITE).glob("*.jsonl")
    return file, [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def leave_unfinished(corpus):
    """What stays where a run dies while it seals."""
    file, lines = lines_of(corpus)
    file.with_name(".r2-00000.jsonl.part").write_text(f"{json.dumps({**lines[0], 'warc': None})}\n{{", encoding="utf-8")


def rewrite(corpus, change):
    """Give the lines of stories another `warc`."""
    file, lines = lines_of(corpus)
    file.write_text("".join(f"{json.dumps({**line, 'warc': change(line['warc'])})}\n" for line in lines))


def test_list_says_what_there_is(invoke, corpus):
    size = (corpus / FILE).stat().st_size
    (corpus / f"archive/{SITE}/r2-00000.warc.gz.open").write_bytes(b"x" * 12)
    result = invoke("archive", "list", "--corpus", corpus)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{FILE}  {size / 1000:.1f} kB  2 captures  {AT} to {AT}\n"
        f"archive/{SITE}/r2-00000.warc.gz.open  12 B  not sealed yet\n"
    )
    told = json.loads(invoke("archive", "list", HOME, "--corpus", corpus, "--json").stdout)
    assert [(each["bytes"], each["captures"], each["is_growing"]) for each in told] == [
        (size, 2, False),
        (12, None, True),
    ]


def test_index_writes_what_is_missing_as_cdxj_indexer_has_it(invoke, corpus):
    index = corpus / FILE.replace(".warc.gz", ".cdxj")
    before = index.read_bytes()
    index.unlink()
    result = invoke("archive", "index", SITE, "--corpus", corpus)
    assert (result.exit_code, result.stdout) == (0, f"{corpus / FILE}: 2 captures indexed\n")
    assert index.read_bytes() == before
    assert invoke("archive", "index", "--corpus", corpus).stdout == ""
    index.write_bytes(b"nonsense\n")
    assert invoke("archive", "index", "--anew", "--corpus", corpus, "--quiet").stdout == ""
    assert index.read_bytes() == before


def test_check_finds_nothing_wrong_with_what_a_crawl_left(invoke, corpus):
    result = invoke("archive", "check", "--corpus", corpus)
    assert (result.exit_code, result.stdout) == (0, f"{SITE}: well\n")
    assert invoke("archive", "check", "--corpus", corpus, "--quiet").stdout == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda warc: {**warc, "offset": warc["offset"] + 1}, "no record begins there"),
        (lambda warc: {**warc, "offset": 10**9}, "no record begins there"),
        (lambda warc: {**warc, "offset": 0}, "another record stands there"),
        (lambda warc: {**warc, "length": 7}, "bytes, not 7"),
        (
            lambda warc: {**warc, "file": warc["file"].replace("r1", "r9")},
            "there is no such file; lines that lead there: 2",
        ),
        (lambda warc: {**warc, "file": "../../etc/passwd"}, "its warc is no pointer"),
        (lambda warc: {**warc, "file": "/dev/null"}, "there is no such file"),
        (lambda warc: {**warc, "offset": "0"}, "its warc is no pointer"),
        (lambda warc: "x", "its warc is no pointer"),
    ],
)
def test_check_finds_lines_that_lead_nowhere(invoke, corpus, change, said):
    rewrite(corpus, change)
    result = invoke("archive", "check", "--corpus", corpus)
    assert result.exit_code == 1
    assert said in result.stdout


def test_check_follows_lines_to_archives_elsewhere(invoke, corpus, tmp_path):
    """As an offline crawl leaves them."""
    elsewhere = tmp_path / "elsewhere.warc.gz"
    (corpus / FILE).rename(elsewhere)
    (corpus / FILE.replace(".warc.gz", ".cdxj")).unlink()
    rewrite(corpus, lambda warc: {**warc, "file": str(elsewhere)})
    assert invoke("archive", "check", "--corpus", corpus).stdout == f"{SITE}: well\n"
    rewrite(corpus, lambda warc: {**warc, "offset": warc["offset"] + 1})
    assert invoke("archive", "check", "--corpus", corpus).exit_code == 1


def test_check_counts_lines_that_lead_to_no_page(invoke, corpus):
    rewrite(corpus, lambda warc: None)
    result = invoke("archive", "check", "--corpus", corpus)
    assert (result.exit_code, result.stdout) == (0, f"{SITE}: well; 2 lines lead to no archived page\n")


def test_check_leaves_out_what_a_run_that_died_was_writing(invoke, corpus):
    leave_unfinished(corpus)
    result = invoke("archive", "check", "--corpus", corpus)
    assert (result.exit_code, result.stdout) == (0, f"{SITE}: well\n")


def test_check_finds_what_decayed(invoke, corpus):
    archive = corpus / FILE
    content = bytearray(archive.read_bytes())
    archive.write_bytes(content[:-30])
    findings = json.loads(invoke("archive", "check", "--corpus", corpus, "--json").stdout)[0]["findings"]
    assert {"changed_file", "broken_record"} <= {finding["kind"] for finding in findings}
    archive.write_bytes(content + b"garbage")
    result = invoke("archive", "check", "--corpus", corpus)
    assert f"{FILE}@{len(content)}: cannot be read: corrupt" in result.stdout


def test_check_goes_on_behind_a_damaged_record(invoke, tmp_path, capfd):
    make_corpus(tmp_path, {name: page(f"The {name} runs again") for name in ("ferry", "tram", "lift", "bus")})
    warc = lines_of(tmp_path)[1][1]["warc"]
    with (tmp_path / FILE).open("r+b") as stream:
        stream.seek(warc["offset"] + warc["length"] // 2)
        stream.write(b"\xff\x00\xff\x00\xff\x00\xff\x00")
    result = invoke("archive", "check", "--corpus", tmp_path, "--json")
    changed, broken = json.loads(result.stdout)[0]["findings"]
    assert (result.exit_code, changed["kind"], broken["kind"]) == (1, "changed_file", "broken_record")
    assert broken["where"] == f"{FILE}@{warc['offset']}"
    assert "lines that lead there: 1, the first is stories/" in broken["what"]
    assert (result.stderr, *capfd.readouterr()) == ("", "", "")


def test_check_finds_a_payload_that_is_not_what_its_digest_says(invoke, corpus):
    import gzip  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    archive = corpus / FILE
    content, members = archive.read_bytes(), []
    while content:
        member = zlib.decompressobj(31)
        members.append(member.decompress(content))
        content = member.unused_data
    archive.write_bytes(b"".join(gzip.compress(member.replace(b"harbour", b"hArbour")) for member in members))
    result = invoke("archive", "check", "--corpus", corpus)
    assert result.exit_code == 1
    assert "payload digest failed" in result.stdout


def test_check_finds_an_index_that_is_missing_or_another_one(invoke, corpus):
    index = corpus / FILE.replace(".warc.gz", ".cdxj")
    index.write_text(index.read_text().replace('"200"', '"404"'))
    assert "another one than cdxj-indexer's" in invoke("archive", "check", "--corpus", corpus).stdout
    index.unlink()
    assert "there is no index" in invoke("archive", "check", "--corpus", corpus).stdout


def test_pack_makes_one_file_with_the_stories_as_pages(invoke, corpus, tmp_path):
    target = tmp_path / "out" / "ferry.wacz"
    target.parent.mkdir()
    result = invoke("archive", "pack", SITE, "-o", target, "--title", "-Ferries-", "--text", "--corpus", corpus)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "1 archive, 2 pages listed" in result.stdout
    with zipfile.ZipFile(target) as packed:
        assert packed.read("archive/r1-00000.warc.gz") == (corpus / FILE).read_bytes()
        header, *pages = map(json.loads, packed.read("pages/pages.jsonl").splitlines())
        assert json.loads(packed.read("datapackage.json"))["title"] == "-Ferries-"
    assert header["hasText"] is True
    assert [(each["url"], each["ts"], each["title"]) for each in pages] == [
        (HOME + "ferry", AT, "The ferry runs again"),
        (HOME + "bridge", AT, "A bridge at last"),
    ]
    assert pages[0]["text"] == "\n\n".join(PARAGRAPHS)
    assert list(target.parent.iterdir()) == [target]


def test_pack_refuses_an_archive_that_is_not_as_it_was_sealed(invoke, corpus, tmp_path):
    with (corpus / FILE).open("r+b") as stream:
        stream.seek(700)
        stream.write(bytes(8))
    result = invoke("archive", "pack", SITE, "-o", tmp_path / "a.wacz", "--corpus", corpus)
    assert result.exit_code == 1
    assert f"{corpus / FILE}: is not as it was sealed" in result.stderr
    assert not (tmp_path / "a.wacz").exists()


def test_pack_replaces_only_what_it_was_told_to(invoke, corpus, tmp_path):
    target = tmp_path / "a.wacz"
    target.write_bytes(b"of yesterday")
    result = invoke("archive", "pack", SITE, "-o", target, "--corpus", corpus)
    assert (result.exit_code, target.read_bytes()) == (2, b"of yesterday")
    assert "--replace" in result.stderr
    assert invoke("archive", "pack", SITE, "-o", target, "--replace", "--corpus", corpus).exit_code == 0
    assert zipfile.is_zipfile(target)


def test_pack_makes_no_folders(invoke, corpus, tmp_path):
    result = invoke("archive", "pack", SITE, "-o", tmp_path / "absent" / "a.wacz", "--corpus", corpus)
    assert result.exit_code == 2
    assert f"there is no folder {tmp_path / 'absent'}" in result.stderr
    assert not (tmp_path / "absent").exists()


def test_pack_tells_what_is_left_out(invoke, corpus, tmp_path):
    rewrite(corpus, lambda warc: None)
    leave_unfinished(corpus)
    (corpus / f"archive/{SITE}/r2-00000.warc.gz.open").write_bytes(b"")
    result = invoke("archive", "pack", SITE, "-o", tmp_path / "a.wacz", "--corpus", corpus)
    assert "0 pages listed, 2 lines without a page in them, 1 archive not sealed yet left out" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "absent.example"), "no archive of 'absent.example'"),
        (("pack", "marow.example", "-o", "x.wacz"), "did you mean 'marrow.example'"),
        (("pack", SITE), "--output"),
    ],
)
def test_wrong_usage_is_told(invoke, corpus, arguments, said):
    result = invoke("archive", *arguments, "--corpus", corpus)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_corpus_without_archives(invoke, tmp_path):
    result = invoke("archive", "check", "--corpus", tmp_path)
    assert result.exit_code == 2
    assert "there is no archive" in result.stderr


def test_an_archive_that_cannot_be_read_does_not_keep_the_others_from_being_indexed(invoke, corpus):
    for site in ("aaa.example", "zzz.example"):
        (corpus / "archive" / site).mkdir()
        (corpus / "archive" / site / "r1-00000.warc.gz").write_bytes(bytes(99))
    (corpus / FILE.replace(".warc.gz", ".cdxj")).unlink()
    result = invoke("archive", "index", "--corpus", corpus)
    assert result.exit_code == 1
    assert "2 captures indexed" in result.stdout
    assert result.stderr.count("r1-00000.warc.gz: damaged at byte 0: put back a copy") == 2


def test_pack_without_its_library_says_what_to_install(invoke, corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    result = invoke("archive", "pack", SITE, "-o", tmp_path / "a.wacz", "--corpus", corpus)
    assert result.exit_code == 2
    assert "pip install '.[wacz]'" in result.stderr


@pytest.mark.parametrize("is_indexed", [False, True])
def test_an_archive_that_cannot_be_packed_leaves_what_was_there(invoke, corpus, tmp_path, is_indexed):
    target = tmp_path / "a.wacz"
    target.write_bytes(b"of yesterday")
    broken = corpus / f"archive/{SITE}/r2-00000.warc.gz"
    broken.write_bytes(bytes(99))
    if is_indexed:
        broken.with_name("r2-00000.cdxj").write_bytes(b"")
    result = invoke("archive", "pack", SITE, "-o", target, "--replace", "--corpus", corpus)
    assert result.exit_code == 1
    assert f"{broken}: damaged at byte 0" in result.stderr
    assert target.read_bytes() == b"of yesterday"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
