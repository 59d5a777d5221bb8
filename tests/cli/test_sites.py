"""`newsscraper sites`: list, show, check."""

import json

import pytest

from newsscraper.sites import load_profile

EVIDENCE = '[evidence]\nhosts = { seen_live = true, source = "made up" }\n'


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_list_shows_every_profile_on_a_line(invoke):
    result = invoke("sites", "list")
    assert result.exit_code == 0
    lines = {line.split()[0]: line for line in result.stdout.splitlines() if line.strip()}
    assert {"akhbarbank", "avapress", "islamtimes", "jahannews", "taghribnews"} < lines.keys()
    for word in ("newsstudio", "islamtimes.com islamtimes.org", "en fa ar ur tr", "Asia/Tehran", "no"):
        assert word in lines["islamtimes"]


def test_list_as_json(invoke):
    rows = json.loads(invoke("sites", "list", "--json").stdout)
    row = next(row for row in rows if row["name"] == "islamtimes")
    assert row == {
        "name": "islamtimes",
        "platform": "newsstudio",
        "hosts": ["islamtimes.com", "islamtimes.org"],
        "languages": ["en", "fa", "ar", "ur", "tr"],
        "zone": "Asia/Tehran",
        "seen_live": "no",
    }


@pytest.mark.parametrize(("seen", "said"), [((True, True), "yes"), ((True, False), "partly"), ((False, False), "no")])
def test_list_tells_how_much_was_seen_live(invoke, tmp_path, seen, said):
    told = [
        f'{key} = {{ seen_live = {str(s).lower()}, source = "x" }}\n'
        for key, s in zip(("hosts", "zone"), seen, strict=True)
    ]
    write(tmp_path / "own.toml", f'hosts = ["own.example"]\nzone = "UTC"\n[evidence]\n{"".join(told)}')
    rows = json.loads(invoke("sites", "list", "--json", "--sites-dir", tmp_path).stdout)
    assert next(row["seen_live"] for row in rows if row["name"] == "own") == said


def test_list_with_wrong_files_tells_each_and_goes_on(invoke, tmp_path):
    write(tmp_path / "one.toml", "hosts = 1\nzone = 2")
    write(tmp_path / "two.toml", "")
    write(tmp_path / "well.toml", 'hosts = ["own.example"]\n' + EVIDENCE)
    result = invoke("sites", "list", "--sites-dir", tmp_path)
    assert result.exit_code == 1
    assert "own.example" in result.stdout
    assert result.stderr.splitlines() == [
        f"{tmp_path}/one.toml: hosts: expected a list, got 1",
        f"{tmp_path}/one.toml: zone: expected an IANA time zone such as 'Asia/Tehran', got 2",
        f"{tmp_path}/two.toml: hosts: missing; a list of host names was expected",
    ]


def test_check_tells_every_fault(invoke, tmp_path):
    bad = write(tmp_path / "bad.toml", "hosts = 1\nzone = 2")
    result = invoke("sites", "check", bad)
    assert result.exit_code == 1
    assert [line.removeprefix(f"{bad}: ").split(":")[0] for line in result.stderr.splitlines()] == ["hosts", "zone"]


def test_user_folder_of_the_environment(invoke, tmp_path):
    write(tmp_path / "own.toml", 'hosts = ["own.example"]\n' + EVIDENCE)
    result = invoke("sites", "list", env={"NEWSSCRAPER_SITES": str(tmp_path)})
    assert "own.example" in result.stdout


def test_show(invoke):
    shown = json.loads(invoke("sites", "show", "islamtimes").stdout)
    assert shown["version"] == load_profile("islamtimes").version
    assert shown["selectors"]["title"] == ["#docDiv3TitrMain"]
    assert shown["evidence"]["zone"]["seen_live"] is False


def test_show_unknown(invoke):
    result = invoke("sites", "show", "islamtime")
    assert result.exit_code == 2
    assert "did you mean 'islamtimes'?" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_check_good_and_bad(invoke, tmp_path):
    good = write(tmp_path / "good.toml", 'hosts = ["own.example"]\n' + EVIDENCE)
    bad = write(tmp_path / "bad.toml", 'hosts = ["own.example"]\n[urls]\nstory = ["("]\n' + EVIDENCE)
    result = invoke("sites", "check", good, bad)
    assert result.exit_code == 1
    assert result.stdout == f"{good}: ok: a profile of 1 host\n"
    assert result.stderr.startswith(f"{bad}: urls.story[0]: expected a regular expression, got '('")
    assert invoke("sites", "check", good).exit_code == 0


def test_check_folder_with_platforms(invoke, tmp_path):
    write(
        tmp_path / "platforms" / "cms.toml",
        '[labels]\ntags = ["On"]\n[evidence]\nlabels = { seen_live = true, source = "x" }\n',
    )
    write(
        tmp_path / "own.toml",
        'platform = "cms"\nhosts = ["own.example"]\n' + EVIDENCE + 'platform = { seen_live = true, source = "x" }\n',
    )
    result = invoke("sites", "check", tmp_path)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{tmp_path}/own.toml: ok: a profile of 1 host on cms",
        f"{tmp_path}/platforms/cms.toml: ok: a platform",
    ]


def test_check_folder_without_files(invoke, tmp_path):
    result = invoke("sites", "check", tmp_path)
    assert result.exit_code == 2
    assert "holds no .toml file" in result.stderr


def test_check_absent_file(invoke, tmp_path):
    result = invoke("sites", "check", tmp_path / "absent.toml")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_values_of_a_file_cannot_steer_a_terminal(invoke, tmp_path):
    bad = write(tmp_path / "bad.toml", 'hosts = ["\\u001B[31m[red]"]\n' + EVIDENCE)
    result = invoke("sites", "check", bad)
    assert result.exit_code == 1
    assert "\x1b" not in result.stderr
    assert "[red]" in result.stderr
