"""`newsscraper ledger`: check, repair, rebuild, retry; and which sites a command is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsscraper.store import Entry, Ledger, read_status
from newsscraper.store.ledger.database import Database
from tests.store.ledgers import HOME, SITE, SetClock, lease_one, read_stories, run, settle, whole_run

OTHER = "tidings.example"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A site of three stories, all sealed and reported."""
    with whole_run(tmp_path) as ledger:
        for path in "abc":
            settle(ledger, path)
    return tmp_path


def sealed(corpus: Path, run_id: str = "r1") -> Path:
    return corpus / "stories" / SITE / f"{run_id}-00000.jsonl"


def add_site(corpus: Path, site: str = OTHER) -> None:
    with Ledger.open(corpus, site, clock=SetClock(), run_id="o1") as ledger:
        ledger.frontier.add([Entry(url=f"https://{site}/")])


def set_aside(corpus: Path, *paths: str) -> None:
    with whole_run(corpus, run_id="r2") as ledger:
        for path in paths:
            key = lease_one(ledger, path).key
            while not ledger.frontier.note_death(key):
                pass


def test_a_whole_corpus_is_well(invoke, corpus):
    result = invoke("ledger", "check", "--corpus", corpus)
    assert (result.exit_code, result.stdout) == (0, f"{SITE}: well\n")
    assert invoke("ledger", "check", "--corpus", corpus, "--quiet").stdout == ""
    assert json.loads(invoke("ledger", "check", "--corpus", corpus, "--json").stdout) == [
        {"site": SITE, "findings": []}
    ]


def test_check_says_what_is_wrong_and_what_repair_mends(invoke, corpus):
    sealed(corpus).with_name(".r9-00000.jsonl.part").write_text("half", encoding="utf-8")
    sealed(corpus).write_bytes(sealed(corpus).read_bytes().replace(b"Ferry a", b"Ferry A"))
    result = invoke("ledger", "check", "--corpus", corpus, "--quiet")
    assert result.exit_code == 1
    leftover, changed, summary = result.stdout.splitlines()
    assert leftover.startswith(f"{SITE}: stories/{SITE}/.r9-00000.jsonl.part: ")
    assert leftover.endswith("(mended by repair)")
    assert changed.startswith(f"{SITE}: stories/{SITE}/r1-00000.jsonl: not as it was sealed")
    assert changed.endswith("(not mended)")
    assert summary == f"{SITE}: 2 faults, of which repair mends 1"
    (row,) = json.loads(invoke("ledger", "check", "--corpus", corpus, "--json").stdout)
    assert [finding["kind"] for finding in row["findings"]] == ["leftover", "changed_file"]
    assert [finding["mendable"] for finding in row["findings"]] == [True, False]


def test_repair_mends_and_says_what_it_did(invoke, corpus):
    sealed(corpus).unlink()
    result = invoke("ledger", "repair", "--corpus", corpus)
    assert result.exit_code == 0
    assert f"{SITE}: stories/{SITE}/r1-00000.jsonl: dropped from ledger and manifest" in result.stdout.splitlines()
    assert read_status(corpus, SITE).frontier["ready"] == 3
    assert invoke("ledger", "repair", "--corpus", corpus).stdout == f"{SITE}: nothing to mend\n"
    assert invoke("ledger", "check", "--corpus", corpus).exit_code == 0


def test_repair_ends_with_1_where_something_is_left(invoke, corpus):
    sealed(corpus).write_bytes(sealed(corpus).read_bytes().replace(b"Ferry a", b"Ferry A"))
    part = sealed(corpus).with_name(".r9-00000.jsonl.part")
    part.write_text("half", encoding="utf-8")
    result = invoke("ledger", "repair", SITE, "--corpus", corpus, "--quiet")
    assert (result.exit_code, len(result.stdout.splitlines())) == (1, 1)
    assert "not as it was sealed" in result.stdout
    assert not part.exists()
    part.write_text("half", encoding="utf-8")
    result = invoke("ledger", "repair", SITE, "--corpus", corpus, "--json")
    (row,) = json.loads(result.stdout)
    assert (result.exit_code, row["site"]) == (1, SITE)
    assert row["done"] == [f"stories/{SITE}/.r9-00000.jsonl.part: removed, it was never finished"]
    assert [finding["kind"] for finding in row["left"]] == ["changed_file"]


def test_repair_ends_a_dead_run(invoke, corpus):
    with run(corpus, run_id="r2") as ledger:
        settle(ledger, "d")
    assert invoke("ledger", "check", "--corpus", corpus).exit_code == 1
    assert f"{SITE}: r2: brought to its end" in invoke("ledger", "repair", "--corpus", corpus).stdout
    assert len(read_stories(corpus)) == 4


def test_rebuild_of_a_damaged_ledger(invoke, corpus):
    ledger = corpus / "ledger" / f"{SITE}.sqlite"
    ledger.write_bytes(b"no database at all, " * 400)
    assert invoke("ledger", "check", "--corpus", corpus).exit_code == 1
    refused = invoke("ledger", "repair", "--corpus", corpus)
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (2, 1)
    assert "newsscraper ledger rebuild" in refused.stderr
    result = invoke("ledger", "rebuild", "--corpus", corpus)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{SITE}: 3 stories in 3 versions, out of 1 file; of the old ledger 0 URLs")
    assert result.stdout.endswith(f"it is kept as ledger/{SITE}.sqlite.broken-1\n")
    assert read_status(corpus, SITE).stories == 3
    assert invoke("ledger", "check", "--corpus", corpus).exit_code == 0


def test_a_disk_that_is_full_ends_with_1_and_leaves_the_ledger_as_it_was(invoke, corpus, monkeypatch):
    prepare = Database._prepare

    def fill(database, cache_mb):
        prepare(database, cache_mb)
        database.execute("PRAGMA max_page_count = 5")

    with monkeypatch.context() as patched:
        patched.setattr(Database, "_prepare", fill)
        result = invoke("ledger", "rebuild", "--corpus", corpus)
    assert result.exit_code == 1
    assert "full: nothing of the last step is kept; free some space" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert {path.suffix for path in (corpus / "ledger").iterdir()} <= {".sqlite", ".lock", ".hand"}
    assert invoke("ledger", "check", "--corpus", corpus).exit_code == 0


def test_rebuild_of_a_lost_ledger(invoke, corpus):
    (corpus / "ledger" / f"{SITE}.sqlite").unlink()
    assert "there are sealed files and no ledger" in invoke("ledger", "check", "--corpus", corpus).stdout
    (row,) = json.loads(invoke("ledger", "rebuild", "--corpus", corpus, "--json").stdout)
    assert row == {"site": SITE, "files": 1, "stories": 3, "versions": 3, "urls": 0, "lines": 0, "kept": None}
    assert invoke("ledger", "rebuild", "--corpus", corpus, "--quiet").stdout == ""


def test_retry(invoke, corpus):
    set_aside(corpus, "x", "y")
    result = invoke("ledger", "retry", "--corpus", corpus, "--url", f"{HOME}y?utm_source=z")
    assert (result.exit_code, result.stdout) == (0, f"{SITE}: 1 page to be asked again\n")
    assert read_status(corpus, SITE).quarantined == [f"{HOME}x"]
    assert json.loads(invoke("ledger", "retry", "--corpus", corpus, "--json").stdout) == [{"site": SITE, "pages": 1}]
    assert read_status(corpus, SITE).quarantined == []
    assert invoke("ledger", "retry", "--corpus", corpus, "--quiet").stdout == ""


def test_retry_of_what_is_no_url(invoke, corpus):
    result = invoke("ledger", "retry", "--corpus", corpus, "--url", "y")
    assert result.exit_code == 2
    assert "expected an http or https URL, got 'y'" in result.stderr


@pytest.mark.parametrize("command", ["repair", "rebuild", "retry"])
def test_a_site_at_work_is_left_alone(invoke, corpus, command):
    part = sealed(corpus).with_name(".r9-00000.jsonl.part")
    part.write_text("half", encoding="utf-8")
    sealed(corpus).unlink()  # so that there is something to mend
    with run(corpus, run_id="r2"):
        result = invoke("ledger", command, "--corpus", corpus)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert "run r2 of this site is at work" in line
    assert part.exists()


def test_one_site_that_fails_does_not_keep_the_others(invoke, corpus):
    add_site(corpus, "aaa.example")
    add_site(corpus)
    for site in ("aaa.example", OTHER):
        (corpus / "ledger" / f"{site}.sqlite").write_bytes(b"no database at all, " * 400)
    result = invoke("ledger", "retry", "--corpus", corpus, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == [{"site": SITE, "pages": 0}]
    first, second = sorted(result.stderr.splitlines())
    assert "aaa.example.sqlite: " in first
    assert f"{OTHER}.sqlite: " in second


@pytest.mark.parametrize("name", [SITE, f"https://www.{SITE}/news/", f"http://{SITE}"])
def test_sites_are_chosen_by_name_or_url(invoke, corpus, name):
    add_site(corpus)
    rows = json.loads(invoke("ledger", "retry", name, SITE, "--corpus", corpus, "--json").stdout)
    assert [row["site"] for row in rows] == [SITE]
    assert [row["site"] for row in json.loads(invoke("ledger", "retry", "--corpus", corpus, "--json").stdout)] == [
        SITE,
        OTHER,
    ]


def test_sites_are_chosen_by_profile_and_by_address(invoke, corpus, tmp_path):
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    (profiles / "tide.toml").write_text(
        f'hosts = ["{OTHER}"]\n[evidence]\nhosts = {{ seen_live = true, source = "x" }}\n', encoding="utf-8"
    )
    add_site(corpus)
    add_site(corpus, "127.0.0.1:8000")
    environment = {"NEWSSCRAPER_SITES": str(profiles)}
    names = ("tide", "127.0.0.1:8000")
    result = invoke("ledger", "retry", *names, "--corpus", corpus, "--json", env=environment)
    assert result.stderr == ""
    assert [row["site"] for row in json.loads(result.stdout)] == [OTHER, "127.0.0.1:8000"]


@pytest.mark.parametrize("command", [("ledger", "rebuild"), ("ledger", "retry"), ("ledger", "check"), ("status",)])
def test_a_site_that_there_is_not(invoke, corpus, command):
    result = invoke(*command, "marow.example", "--corpus", corpus)
    assert result.exit_code == 2
    assert f"did you mean '{SITE}'?" in result.stderr
    assert [path.name for path in (corpus / "stories").iterdir()] == [SITE]
    assert not (corpus / "ledger" / "marow.example.sqlite").exists()
    assert f"(there are: {SITE})" in invoke(*command, "quite.other", "--corpus", corpus).stderr


@pytest.mark.parametrize("command", [("ledger", "check"), ("status",), ("corpus", "forget", "x", "--why", "y")])
def test_a_folder_that_is_no_corpus(invoke, tmp_path, command):
    result = invoke(*command, "--corpus", tmp_path / "absent")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "no site was crawled into this folder yet" in result.stderr
    assert not (tmp_path / "absent").exists()


@pytest.mark.parametrize("command", ["repair", "rebuild", "retry", "forget"])
@pytest.mark.parametrize("how", ["option", "environment"])
def test_where_a_ledger_is_not_safe_it_is_refused_unless_told(invoke, corpus, monkeypatch, command, how):
    mounts = corpus / "mounts"
    mounts.write_text("server:/ / nfs rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr("newsscraper.store.ledger.filesystems._MOUNTS", mounts)
    arguments = ["ledger", command] if command != "forget" else ["corpus", "forget", f"{HOME}a", "--why", "asked to"]
    sealed(corpus).with_name(".r9-00000.jsonl.part").write_text("half", encoding="utf-8")  # for repair
    before = (corpus / "ledger" / f"{SITE}.sqlite").stat().st_ino

    refused = invoke(*arguments, "--corpus", corpus)
    assert (refused.exit_code, "NEWSSCRAPER_LEDGER_ANYWHERE" in refused.stderr) == (2, True)
    assert (corpus / "ledger" / f"{SITE}.sqlite").stat().st_ino == before
    assert list((corpus / "ledger").glob("*.broken-*")) == []

    told = ["--ledger-anywhere"] if how == "option" else []
    if how == "environment":
        monkeypatch.setenv("NEWSSCRAPER_LEDGER_ANYWHERE", "True")
    assert invoke(*arguments, "--corpus", corpus, *told).exit_code == 0
