"""`newsscraper extract` over several pages of a site: what they repeat is left out, and the record says so."""

import gzip
import json
import pickle
import types

import pytest

from newsscraper.batch import Source, extract_files, find_pages, find_sites, gather_sites
from newsscraper.batch import files as batch
from newsscraper.cli import progress
from newsscraper.cli.progress import BarReporter, LineReporter
from newsscraper.errors import InputError
from newsscraper.record import find_faults
from newsscraper.store.evidence import format_evidence, read_evidence_file

from .pages import PARAGRAPHS, dump, page

APPEAL = "Reporting from every quay costs money, and nobody pays for it but you: become a member of our circle today."

TITLES = (
    "Harbour town opens its first night library",
    "Ferry returns after four weeks of ice",
    "Bakers strike over flour prices",
    "A bridge nobody wanted is finished early",
    "School orchestra wins with broken instruments",
    "Old mill turns again, says miller",
    "Council sells tram depot to choir",
    "Divers find bell of sunken chapel",
    "Winter fair moves into railway hall",
    "Doctor for three islands retires at ninety",
)


def own_paragraphs(number):
    return [f"{paragraph} That was on day {number} of {number + 30}." for paragraph in PARAGRAPHS]


def site_page(number, host=None):
    first, *rest = own_paragraphs(number)
    html = page(TITLES[number], [first, APPEAL, *rest])
    claim = f'<link rel="canonical" href="https://{host}/{number}"></head>'
    return html.replace("</head>", claim) if host else html


def write_site(folder, count=4, host=None):
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number}.html").write_text(site_page(number, host), encoding="utf-8")
    return folder


def write_urls(folder, file, host="www.courier.example"):
    lines = [f"{path}\thttps://{host}/{number}\n" for number, path in enumerate(sorted(folder.glob("*.html")))]
    file.write_text("".join(lines), encoding="utf-8")
    return file


@pytest.fixture
def site(tmp_path):
    return write_site(tmp_path / "site")


@pytest.fixture
def urls(site, tmp_path):
    return write_urls(site, tmp_path / "urls.tsv")


def records(result):
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.stdout.split("\n") if line]
    assert all(find_faults(record) == [] for record in found)
    return found


def bodies(result):
    return [record["body"].split("\n\n") for record in records(result)]


OWN = [own_paragraphs(number) for number in range(4)]


def test_what_a_folder_of_one_site_repeats_is_left_out(invoke, site, urls):
    assert bodies(invoke("extract", site, "--urls", urls)) == OWN
    assert all(APPEAL in body for body in bodies(invoke("extract", site, "--urls", urls, "--no-evidence")))


def test_the_record_says_which_evidence(invoke, site, urls, tmp_path):
    file = tmp_path / "evidence.jsonl"
    found = records(invoke("extract", site, "--urls", urls, "--save-evidence", file))
    (line,) = file.read_text(encoding="utf-8").splitlines()
    digest = json.loads(line)["digest"].removeprefix("sha256:")
    assert {record["extractor"].split()[-1] for record in found} == {f"evidence@{digest[:12]}"}
    without = records(invoke("extract", site, "--urls", urls, "--no-evidence"))
    assert not any("evidence" in record["extractor"] for record in without)


def test_pages_may_claim_their_address(invoke, tmp_path):
    write_site(tmp_path / "site", host="courier.example")
    found = invoke("extract", tmp_path / "site")
    assert bodies(found) == OWN
    assert {record["url"] for record in records(found)} == {None}


def test_pages_of_no_known_site_are_read_each_by_itself(invoke, site):
    assert all(APPEAL in body for body in bodies(invoke("extract", site)))


def test_two_pages_are_too_few(invoke, tmp_path):
    folder = write_site(tmp_path / "site", 2, "courier.example")
    assert all(APPEAL in body for body in bodies(invoke("extract", folder)))


def test_sites_are_kept_apart(invoke, tmp_path):
    """Hosts of one registrable domain are one site; other domains are others."""
    for host in ("www.courier.example", "m.courier.example", "herald.example", "post.example"):
        write_site(tmp_path / "pages" / host, 2, host)
    found = records(invoke("extract", tmp_path / "pages", "--save-evidence", tmp_path / "e"))
    assert [("evidence@" in record["extractor"]) for record in found] == [
        False,
        False,
        True,
        True,
        False,
        False,
        True,
        True,
    ]
    (line,) = (tmp_path / "e").read_text().splitlines()
    assert json.loads(line)["site"] == "courier.example"


def test_saved_evidence_is_used_instead(invoke, site, urls, tmp_path):
    saved = tmp_path / "evidence.jsonl"
    together = invoke("extract", site, "--urls", urls, "--save-evidence", saved)
    again = tmp_path / "again.jsonl"
    invoke("extract", site, "--urls", urls, "--save-evidence", again)
    assert again.read_bytes() == saved.read_bytes()
    alone = invoke("extract", site / "1.html", "--url", "https://courier.example/1", "--evidence", saved)
    (record,) = records(alone)
    assert record["body"].split("\n\n") == OWN[1]
    assert record["extractor"] == records(together)[1]["extractor"]
    (other,) = records(invoke("extract", site / "1.html", "--url", "https://herald.example/1", "--evidence", saved))
    assert APPEAL in other["body"]


def test_the_trace_tells(invoke, site, urls):
    result = invoke("extract", site, "--urls", urls, "--trace")
    reasons = [
        block["reason"]
        for line in records_of_trace(result)
        for block in line["trace"]["blocks"]
        if block["text"] == APPEAL
    ]
    assert reasons == ["stands on 4 of 4 pages of this site, at the same place"] * 4


def records_of_trace(result):
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.split("\n") if line]


@pytest.mark.parametrize(
    "options",
    [
        ("--evidence", "a", "--save-evidence", "b"),
        ("--no-evidence", "--evidence", "a"),
        ("--save-evidence", "b", "--no-evidence"),
    ],
)
def test_the_options_exclude_each_other(invoke, site, options):
    result = invoke("extract", site, *options)
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr


def line_of(**changes):
    known = {"site": "courier.example", "evidence": {"version": 1, "pages": 3, "standing": {}}}
    digest = "sha256:67a4c3e7ecc8ed3a6ec1a91d9a4d0e4a5bcd9a1c0b4d0c7e5d2e1b5a0c3f9e11"
    return json.dumps(known | {"digest": digest} | changes)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1: expected JSON: "),
        ("\n[]\n", "line 2: expected an object with a site, its evidence and the digest of that"),
        (line_of(site=""), "line 1: expected an object with a site"),
        (line_of(evidence=[]), "line 1: evidence: expected an object, got []"),
        (line_of(evidence={"version": 9}), "line 1: evidence: version: expected 1, which this release reads, got 9"),
        (line_of(), "line 1: the digest in the file does not fit its content"),
        (b"\xff\xfe", "cannot be read: 'utf-8' codec can't decode"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_holds_no_evidence(invoke, site, tmp_path, content, message):
    file = tmp_path / "evidence.jsonl"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = invoke("extract", site, "--evidence", file, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {file}: {message}")
    assert not (tmp_path / "out").exists()


def test_a_site_is_named_once(invoke, site, urls, tmp_path):
    file = tmp_path / "evidence.jsonl"
    invoke("extract", site, "--urls", urls, "--save-evidence", file)
    file.write_text(file.read_text() * 2)
    with pytest.raises(InputError, match=r"line 2: courier.example has evidence already, from a line above"):
        read_evidence_file(file)


def test_evidence_that_cannot_be_saved(invoke, site, urls, tmp_path):
    target = tmp_path / "none" / "e"
    result = invoke("extract", site, "--urls", urls, "--save-evidence", target, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "cannot be written: No such file or directory" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("before", [None, "before"])
def test_where_there_is_no_evidence_none_is_written(invoke, tmp_path, before):
    folder, saved = write_site(tmp_path / "site", 2, "courier.example"), tmp_path / "e"
    if before:
        saved.write_text(before)
    result = invoke("extract", folder, "--save-evidence", saved)
    assert result.exit_code == 0
    assert f"{saved}: not written: evidence takes 3 pages or more of one site" in result.stderr
    assert (saved.read_text() if saved.exists() else None) == before


def test_interruption_while_pages_are_looked_at(invoke, tmp_path, monkeypatch):
    folder = write_site(tmp_path / "site", host="courier.example")
    read, reads = batch.read_page, []

    def read_page(path):
        reads.append(path)
        if len(reads) == 6:
            raise KeyboardInterrupt
        return read(path)

    monkeypatch.setattr(batch, "read_page", read_page)
    (tmp_path / "out").write_text("before")
    result = invoke("extract", folder, "-o", tmp_path / "out")
    assert result.exit_code == 130
    assert "interrupted: 0 of 4 files were read" in result.stderr
    assert (tmp_path / "out").read_text() == "before"


def test_log_lines_tell_of_the_first_look(invoke, tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_FILES", 1)
    folder = write_site(tmp_path / "site", host="courier.example")
    lines = invoke("extract", folder).stderr.splitlines()
    assert "3 of 4 pages looked at for what their sites repeat" in lines
    assert "7 of 8 pages looked at for what their sites repeat" in lines
    assert "3 of 4 files: 3 stories, 0 not stories, 0 errors" in lines


def test_the_bar_covers_both_passes():
    bar = types.SimpleNamespace(total=0, done=0)
    bar.add_task = lambda _name, total: setattr(bar, "total", total)
    bar.update = lambda _task, total: setattr(bar, "total", total)
    bar.advance = lambda _task: setattr(bar, "done", bar.done + 1)
    reporter = BarReporter(3, bar)
    for steps in (3, 2):
        reporter.expect(steps)
        for _ in range(steps):
            reporter.step()
    assert (bar.total, bar.done) == (8, 5)
    for _ in range(3):
        reporter.advance("story")
    assert bar.done == bar.total
    assert reporter.counts.total() == reporter.total == 3


def test_few_pages_are_no_news_for_a_log(capsys):
    reporter = LineReporter(3)
    reporter.expect(2)
    reporter.step()
    reporter.step()
    assert capsys.readouterr().err == ""


def test_standard_input_is_read_once(invoke, tmp_path):
    folder = write_site(tmp_path / "site", host="courier.example")
    result = invoke("extract", folder, "-", input=site_page(7, "courier.example").encode())
    assert bodies(result) == [*OWN, own_paragraphs(7)]


def test_files_of_every_kind_among_the_pages(invoke, tmp_path):
    folder = write_site(tmp_path / "site", 3, "courier.example")
    (folder / "3.html.gz").write_bytes(gzip.compress(site_page(3, "courier.example").encode()))
    (folder / "broken.html.gz").write_bytes(gzip.compress(site_page(5, "courier.example").encode())[:-9])
    (folder / "dump.txt").write_text(dump(), encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG" + bytes(99))
    result = invoke("extract", folder)
    assert result.exit_code == 1
    lines = [json.loads(line) for line in result.stdout.split("\n") if line]
    assert [line["body"].split("\n\n") for line in lines[:4]] == OWN
    assert "evidence" not in lines[4]["extractor"]
    assert result.stderr.splitlines()[-1] == "5 stories, 0 not stories, 1 error, 1 file passed over (1 image)"


def sources_of(folder):
    return [
        Source(path=source.path, url=f"https://courier.example/{n}") for n, source in enumerate(find_pages([folder]))
    ]


def test_of_many_pages_an_even_choice_is_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "MOST_PAGES", 4)
    sources = sources_of(write_site(tmp_path / "site", 10))
    (chosen,) = find_sites(sources).values()
    assert chosen == [sources[0], sources[2], sources[5], sources[7]]
    reads = []
    monkeypatch.setattr(batch, "read_page", lambda path: reads.append(path) or b"")
    assert gather_sites({"courier.example": chosen})["courier.example"].pages == 0
    assert reads == [source.path for source in chosen]


def test_an_address_that_is_none_makes_no_site(tmp_path):
    folder = write_site(tmp_path / "site", 3)
    assert find_sites([Source(path=source.path, url="http://[::1/a") for source in find_pages([folder])]) == {}


def test_trouble_with_one_page_costs_no_other(tmp_path, monkeypatch):
    sources = sources_of(write_site(tmp_path / "site", 5))
    read = batch.read_page

    def read_page(path):
        if path.endswith("2.html"):
            raise RecursionError("too deep")
        return read(path)

    monkeypatch.setattr(batch, "read_page", read_page)
    evidence = gather_sites(find_sites(sources))
    assert evidence["courier.example"].pages == 4
    outcomes = list(extract_files(sources, evidence=evidence))
    assert [outcome.error is None for outcome in outcomes] == [True, True, False, True, True]


def test_an_unknown_profile_is_told(tmp_path):
    sites = find_sites(sources_of(write_site(tmp_path / "site", 3)))
    with pytest.raises(InputError, match="no profile is called 'islamtime'"):
        gather_sites(sites, profile="islamtime")


def test_evidence_goes_to_other_processes(tmp_path):
    sources = sources_of(write_site(tmp_path / "site"))
    evidence = pickle.loads(pickle.dumps(gather_sites(find_sites(sources))))
    assert [outcome.record.body.split("\n\n") for outcome in extract_files(sources, evidence=evidence)] == OWN


def test_a_file_holds_what_was_gathered(tmp_path):
    evidence = gather_sites(find_sites(sources_of(write_site(tmp_path / "site"))))
    file = tmp_path / "evidence.jsonl"
    file.write_text(
        "".join(f"{line}\n" for line in format_evidence({"b.example": evidence["courier.example"], **evidence}))
    )
    assert read_evidence_file(file) == {"b.example": evidence["courier.example"], **evidence}
    assert [json.loads(line)["site"] for line in file.read_text().splitlines()] == ["b.example", "courier.example"]
