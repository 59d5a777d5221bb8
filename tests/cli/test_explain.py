"""`newsscraper explain`: what it takes, where it writes, how it ends."""

import gzip
import json
import os
import pty
import subprocess
import sys

import pytest

from newsscraper.cli.explain import explain_command

from .pages import LISTING, PARAGRAPHS, PERSIAN_PARAGRAPHS, PERSIAN_TITLE, TITLE, dump, page


def test_a_web_page_into_a_file(invoke, story, tmp_path):
    target = tmp_path / "out.html"
    result = invoke("explain", story, "-o", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{story}: a story; open {target} in a browser\n"
    written = target.read_text(encoding="utf-8")
    assert written.startswith("<!DOCTYPE html>")
    assert f"<title>Explained: {TITLE}</title>" in written


@pytest.mark.parametrize("options", [(), ("-o", "-")])
def test_standard_output(invoke, story, options):
    result = invoke("explain", story, *options)
    assert result.exit_code == 0
    assert result.stdout.startswith("<!DOCTYPE html>")
    assert result.stderr == f"{story}: a story\n"
    assert invoke("explain", story, "--quiet", *options).stderr == ""


def test_json_is_one_line(invoke, story):
    result = invoke("explain", story, "--json", "--url", "https://harbour.example/news/1")
    (line,) = result.stdout.splitlines()
    explained = json.loads(line)
    assert explained["source"] == str(story)
    assert explained["url"] == "https://harbour.example/news/1"
    assert explained["story"]["title"] == TITLE
    assert explained["error"] is None
    kinds = {block["text"]: block["kind"] for block in explained["trace"]["blocks"]}
    assert kinds[TITLE] == "boilerplate"
    assert list(kinds.values()).count("body") == 4


def test_json_into_a_file(invoke, story, tmp_path):
    invoke("explain", story, "--json", "--output", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["story"]["title"] == TITLE


def test_trace_is_that_of_extract(invoke, story):
    explained = json.loads(invoke("explain", story, "--json").stdout)
    extracted = json.loads(invoke("extract", story, "--trace").stdout)
    assert explained["trace"] == extracted["trace"]
    assert explained["story"] == extracted["story"]


def test_standard_input_gzip_and_dumps(invoke, tmp_path):
    for content in (page().encode(), gzip.compress(page().encode()), dump().encode()):
        result = invoke("explain", "-", "--json", input=content)
        assert json.loads(result.stdout)["story"]["title"] == TITLE
    assert json.loads(result.stdout)["trace"]["source"] == "text"
    (tmp_path / "page.txt").write_text(dump(), encoding="utf-8")
    assert "lines of text" in invoke("explain", tmp_path / "page.txt").stdout


def test_a_refused_page_is_explained(invoke, tmp_path):
    path = tmp_path / "listing.html"
    path.write_text(LISTING, encoding="utf-8")
    result = invoke("explain", path)
    assert result.exit_code == 0
    assert "Refused, no story: no_text" in result.stdout
    assert result.stderr.startswith(f"{path}: no story: no_text: ")
    explained = json.loads(invoke("explain", path, "--json").stdout)
    assert explained["error"]["reason"] == "no_text"
    assert explained["story"]["title"] == "Latest stories"
    assert len(explained["trace"]["blocks"]) == 3


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.4 \x00\x01", gzip.compress(b"<p>x</p>", mtime=0)[:-9]])
def test_what_cannot_be_read_is_told_and_nothing_is_written(invoke, tmp_path, content):
    path, target = tmp_path / "page.html", tmp_path / "out.html"
    target.write_text("before")
    if content is not None:
        path.write_bytes(content)
    result = invoke("explain", path, "-o", target)
    assert result.exit_code == 1
    assert f"{path}: " in result.stderr
    assert "Traceback" not in result.stderr
    assert target.read_text() == "before"


@pytest.mark.parametrize(
    "arguments",
    [
        ("https://harbour.example/news/1",),
        ("story.html", "--url", "not a URL"),
        ("story.html", "--fetched-at", "yesterday"),
        ("story.html", "--site", "nobody"),
        ("story.html", "-o", "story.html"),
        ("story.html", "-o", "./story.html", "--json"),
        ("story.html", "--charset", "nix"),
        ("story.html", "--charset", ""),
        ("story.html", "-o", "no/such/folder/out.html"),
        ("story.html", "other.html"),
        (),
    ],
)
def test_wrong_usage(invoke, story, monkeypatch, arguments):
    monkeypatch.chdir(story.parent)
    result = invoke("explain", *arguments)
    assert result.exit_code == 2
    assert story.read_text(encoding="utf-8") == page()


def test_a_url_says_what_to_do(invoke):
    assert "save the page first" in invoke("explain", "https://harbour.example/news/1").stderr


def test_a_file_that_an_option_names_is_not_written_over(invoke, story, tmp_path):
    (tmp_path / "own.npz").write_bytes(b"weights")
    result = invoke("explain", story, "--model", tmp_path / "own.npz", "-o", tmp_path / "own.npz")
    assert result.exit_code == 2
    assert "own.npz: is one of the files to be read; -o takes another one" in result.stderr
    assert (tmp_path / "own.npz").read_bytes() == b"weights"


def test_an_unknown_charset_is_told(invoke, story):
    result = invoke("explain", story, "--charset", "nix")
    assert "expected the label of an encoding, such as windows-1256, got 'nix'" in " ".join(result.stderr.split())


def test_profile_by_url_and_by_name(invoke, story, tmp_path):
    (tmp_path / "harbour.toml").write_text(
        'hosts = ["harbour.example"]\n[evidence]\nhosts = {seen_live = true, source = "us"}\n', encoding="utf-8"
    )
    url, folder = "https://harbour.example/1", ("--sites-dir", tmp_path)

    def profile(*options):
        return json.loads(invoke("explain", story, "--json", *options).stdout)["profile"]

    assert profile() is None
    assert profile("--url", url, *folder) == "harbour"
    assert profile("--url", url, *folder, "--site", "none") is None
    assert profile("--site", "harbour", *folder) == "harbour"


def test_charset_and_fetched_at(invoke, tmp_path):
    path = tmp_path / "story.html"
    text = page(PERSIAN_TITLE, PERSIAN_PARAGRAPHS, "ar").replace("ی", "ي").replace("ک", "ك").replace("ه‌", "ه")
    dated = text.replace("</h1>", "</h1><time datetime='2024-05-06T07:08:09Z'>6 May 2024</time>")
    path.write_bytes(dated.replace('<meta charset="utf-8">', "").encode("cp1256", errors="replace"))
    options = ("explain", path, "--json", "--charset", "windows-1256")
    explained = json.loads(invoke(*options).stdout)
    assert (explained["trace"]["encoding"], explained["trace"]["encoding_from"]) == ("cp1256", "http")
    assert explained["story"]["date"].startswith("2024-05-06")
    earlier = json.loads(invoke(*options, "--fetched-at", "2024-01-01T00:00:00Z").stdout)
    assert earlier["story"]["date"] is None


def test_a_terminal_gets_a_page_only_where_asked(story):
    def run(*options):
        leader, follower = pty.openpty()
        command = [sys.executable, "-m", "newsscraper", "explain", str(story), *options]
        process = subprocess.Popen(command, stdout=follower, stderr=subprocess.PIPE)
        os.close(follower)
        chunks = []
        try:
            while chunk := os.read(leader, 65536):
                chunks.append(chunk)
        except OSError:  # the other end was closed
            pass
        os.close(leader)
        _, told = process.communicate(timeout=60)
        return process.returncode, b"".join(chunks), told

    code, shown, told = run()
    assert (code, shown) == (2, b"")
    assert b"-o FILE" in told
    code, shown, _ = run("-o", "-")
    assert (code, shown[:15]) == (0, b"<!DOCTYPE html>")
    code, shown, _ = run("--json")
    assert (code, shown[:1]) == (0, b"{")


def test_a_reader_that_goes_away(story):
    story.write_text(page(paragraphs=PARAGRAPHS * 200), encoding="utf-8")
    command = f"{sys.executable} -m newsscraper explain {story} | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}"
    environment = os.environ | {"PYTHONUNBUFFERED": ""}
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False, env=environment)
    assert done.returncode == 141
    assert b"Traceback" not in done.stderr


def test_texts_that_steer_terminals_are_written_out(invoke, tmp_path):
    path = tmp_path / "\x1b[31m.html"
    path.write_text(page("A title \x1b[31m and more of it"), encoding="utf-8")
    result = invoke("explain", path, "-o", tmp_path / "out.html")
    assert "\x1b" not in result.stderr
    assert "\x1b" not in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "\x1b" not in invoke("explain", path, "--json").stdout


def test_help_names_what_it_takes(invoke):
    shown = invoke("explain", "--help").stdout
    assert "PAGE|-" in shown
    assert explain_command.short_help in invoke("--help").stdout


APPEAL = "Reporting from every quay costs money, and nobody pays for it but you: become a member of our circle today."


@pytest.fixture
def evidence(invoke, tmp_path):
    """What four pages of one site have in common, and the first of them."""
    folder = tmp_path / "site"
    folder.mkdir()
    titles = (TITLE, "Ferry returns after weeks of ice", "Bakers strike over flour", "A bridge is finished early")
    for number, title in enumerate(titles):
        own = [f"{paragraph} That was on day {number} of {number + 30}." for paragraph in PARAGRAPHS]
        html = page(title, [own[0], APPEAL, *own[1:]])
        claim = f'<link rel="canonical" href="https://courier.example/{number}"></head>'
        (folder / f"{number}.html").write_text(html.replace("</head>", claim), encoding="utf-8")
    file = tmp_path / "evidence.jsonl"
    assert invoke("extract", folder, "--save-evidence", file, "-q").exit_code == 0
    return file, folder / "0.html"


def test_evidence_of_a_site_is_a_reason(invoke, evidence):
    file, path = evidence

    def explained(*options):
        result = invoke("explain", path, "--json", "-q", *options)
        assert result.exit_code == 0
        read = json.loads(result.stdout)
        (block,) = (block for block in read["trace"]["blocks"] if block["text"] == APPEAL)
        return read["evidence"], block["kind"], block["reason"]

    assert explained()[:2] == (None, "body")
    digest, kind, reason = explained("--evidence", file)
    assert digest == json.loads(file.read_text(encoding="utf-8"))["digest"]
    assert kind == "boilerplate"
    assert reason != explained()[2]


def test_evidence_of_another_site_is_said_to_say_nothing(invoke, evidence):
    file, path = evidence
    result = invoke("explain", path, "--json", "-q", "--evidence", file, "--url", "https://other.example/1")
    assert json.loads(result.stdout)["evidence"] is None
    assert result.stderr == f"{file}: has nothing of other.example\n"


def test_a_broken_file_of_evidence(invoke, story, tmp_path):
    (tmp_path / "evidence.jsonl").write_text("{}\n", encoding="utf-8")
    result = invoke("explain", story, "--evidence", tmp_path / "evidence.jsonl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "evidence.jsonl: line 1" in result.stderr
