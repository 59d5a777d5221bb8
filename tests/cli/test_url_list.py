"""`newsscraper extract --urls`: addresses for the pages of a folder."""

import json

import pytest

from .pages import page


@pytest.fixture
def folder(tmp_path):
    for name in ("a.html", "below/b.html", "c.html"):
        path = tmp_path / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(f"Headline of {name}"), encoding="utf-8")
    return tmp_path / "pages"


def write_list(folder, *lines, end="\n"):
    file = folder.parent / "list.tsv"
    file.write_bytes(end.join([*lines, ""]).encode())
    return file


def urls_of(result):
    return [json.loads(line)["url"] for line in result.stdout.splitlines()]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_pages_get_their_addresses(invoke, folder, end):
    lines = [
        "\ufeffpages/a.html\thttps://islamtimes.com/en/news/1/a",
        f"{folder}/below/b.html\thttps://own.example/b?x=1",
        "",
        "pages/../pages/c.html\thttp://own.example/c",
    ]
    result = invoke("extract", folder, "--urls", write_list(folder, *lines, end=end))
    assert result.exit_code == 0
    assert urls_of(result) == [
        "https://islamtimes.com/en/news/1/a",
        "https://own.example/b?x=1",
        "http://own.example/c",
    ]
    assert [json.loads(line)["profile"] for line in result.stdout.splitlines()] == ["islamtimes", None, None]
    assert json.loads(result.stdout.splitlines()[0])["fetched_url"] == (folder / "a.html").as_uri()


def test_pages_that_the_list_does_not_name_have_none(invoke, folder):
    result = invoke("extract", folder, "--urls", write_list(folder, "pages/c.html\thttps://own.example/c"))
    assert (result.exit_code, urls_of(result)) == (0, [None, None, "https://own.example/c"])


def test_the_folder_may_be_reached_by_a_link(invoke, folder):
    (folder.parent / "link").symlink_to(folder)
    file = write_list(folder, "pages/a.html\thttps://own.example/a")
    result = invoke("extract", folder.parent / "link", "--urls", file)
    assert (result.exit_code, urls_of(result)) == (0, ["https://own.example/a", None, None])


def test_bad_lines_are_told_and_the_rest_goes_on(invoke, folder):
    file = write_list(
        folder,
        "pages/a.html\thttps://own.example/a",
        "pages/c.html https://own.example/c",
        "pages/c.html\town.example/c",
        "\thttps://own.example/c",
        "pages/a.html\thttps://own.example/other",
        "pages/none.html\thttps://own.example/none",
        "pages/c.html\thttps://own.example/c\tmore",
    )
    result = invoke("extract", folder, "--urls", file, "--quiet")
    assert result.exit_code == 1
    assert urls_of(result) == ["https://own.example/a", None, None]
    told = [line.removeprefix(f"{file}: ") for line in result.stderr.splitlines()]
    assert [line.split(":")[0] for line in told] == [f"line {number}" for number in (2, 3, 4, 5, 7, 6)]
    assert "line 2: expected a path, a tab, and an http or https URL, got 'pages/c.html https://own.example/c'" in told
    assert "line 5: pages/a.html has an address already, from line 1" in told
    assert "line 6: pages/none.html is none of the pages" in told


def test_bad_lines_are_counted(invoke, folder):
    file = write_list(folder, "pages/a.html\thttps://own.example/a", "pages/none.html\thttps://own.example/n", "what")
    result = invoke("extract", folder, "--urls", file)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "3 stories, 0 not stories, 2 errors"


@pytest.mark.parametrize("name", ["list.tsv", "list.txt", "list"])
def test_the_list_may_lie_in_the_folder(invoke, folder, name):
    (folder / name).write_text("a.html\thttps://own.example/a\n")
    result = invoke("extract", folder, "--urls", folder / name)
    assert (result.exit_code, result.stderr) == (0, "3 stories, 0 not stories, 0 errors\n")
    assert urls_of(result) == ["https://own.example/a", None, None]


def test_a_list_that_is_named_as_a_page_is_read_as_one(invoke, folder):
    (folder / "list.txt").write_text("a.html\thttps://own.example/a\n")
    result = invoke("extract", folder / "a.html", folder / "list.txt", "--urls", folder / "list.txt")
    assert (result.exit_code, urls_of(result)) == (1, ["https://own.example/a"])
    assert f"{folder}/list.txt: " in result.stderr


def test_what_the_list_names_is_named(invoke, folder):
    (folder / "d.html").write_bytes(b"\x89PNG")
    result = invoke("extract", folder, "--urls", write_list(folder, "pages/d.html\thttps://own.example/d"), "-q")
    assert result.exit_code == 1
    assert result.stderr == f"{folder}/d.html: not a page but another kind of file: image\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--urls", "absent.tsv"), "absent.tsv: cannot be read: No such file or directory"),
        (("--urls", "list.tsv", "--url", "https://own.example/"), "--url and --urls exclude each other"),
    ],
)
def test_bad_usage(invoke, folder, arguments, message):
    result = invoke("extract", folder, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
