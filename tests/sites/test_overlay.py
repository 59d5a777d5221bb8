"""Hosts over platforms, the user's folders over the built-in one."""

import os
import textwrap

import pytest

from newsscraper.sites import Evidence, find_profile, load_profile, load_profiles, read_profile_file

PLATFORM = """
    zone = "Europe/Paris"
    drop = [".ad", ".share"]
    [urls]
    story = ['/story/(?P<code>[0-9]+)']
    ignored = ['/print/']
    [selectors]
    title = ["h1.title", "h1"]
    lead = [".lead"]
    [labels]
    story_code = ["No."]
    [politeness]
    delay = 3
    concurrency = 2
    [evidence]
    zone = { seen_live = true, source = "handbook" }
    drop = { seen_live = true, source = "handbook" }
    urls = { seen_live = true, source = "handbook" }
    selectors = { seen_live = true, source = "handbook" }
    labels = { seen_live = true, source = "handbook" }
    politeness = { seen_live = true, source = "handbook" }
"""
SITE = """
    platform = "cms"
    hosts = ["example.com"]
    drop = [".share", ".own"]
    [urls]
    story = ['/s/(?P<code>[0-9]+)']
    [selectors]
    title = [".headline", "h1"]
    [labels]
    story_code = ["Ref"]
    [politeness]
    delay = 0
    [evidence]
    platform = { seen_live = false, source = "guess" }
    hosts = { seen_live = false, source = "guess" }
    drop = { seen_live = false, source = "guess" }
    urls = { seen_live = true, source = "handbook" }
    selectors = { seen_live = false, source = "guess" }
    labels = { seen_live = true, source = "looked" }
    politeness = { seen_live = true, source = "robots.txt" }
"""


@pytest.fixture(autouse=True)
def _no_own_folder(monkeypatch):
    monkeypatch.delenv("NEWSSCRAPER_SITES", raising=False)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "platforms" / "cms.toml", PLATFORM)
    write(tmp_path / "site.toml", SITE)
    return tmp_path


def minimal(*hosts, extra="", evidence=""):
    told = 'hosts = { seen_live = true, source = "looked" }\n'
    return f"hosts = {list(hosts)}\n{extra}\n[evidence]\n{told}{evidence}"


def test_tried_in_order_is_joined_with_the_hosts_first(folder):
    profile = load_profile("site", [folder])
    assert profile.selectors["title"] == (".headline", "h1", "h1.title")
    assert profile.selectors["lead"] == (".lead",)
    assert profile.labels["story_code"] == ("Ref", "No.")
    assert profile.drop == (".share", ".own", ".ad")
    assert [p.pattern for p in profile.story_urls] == ["/s/(?P<code>[0-9]+)", "/story/(?P<code>[0-9]+)"]
    assert [p.pattern for p in profile.ignored_urls] == ["/print/"]


def test_single_values_replace(folder):
    profile = load_profile("site", [folder])
    assert profile.zone == "Europe/Paris"
    assert (profile.politeness.delay, profile.politeness.concurrency) == (0.0, 2)


def test_evidence_of_joined_groups_is_as_good_as_its_weaker_half(folder):
    evidence = load_profile("site", [folder]).evidence
    assert evidence["selectors"] == Evidence(seen_live=False, source="guess; handbook")
    assert evidence["urls"] == Evidence(seen_live=True, source="handbook")
    assert evidence["zone"] == Evidence(seen_live=True, source="handbook")


def test_version_follows_every_fact_and_no_comment(folder):
    before = load_profile("site", [folder]).version
    write(folder / "site.toml", "# a remark\n" + SITE.replace("looked", "looked again"))
    assert load_profile("site", [folder]).version == before
    write(folder / "platforms" / "cms.toml", PLATFORM.replace('".lead"', '".standfirst"'))
    assert load_profile("site", [folder]).version != before


def test_user_folder_from_the_environment(folder, tmp_path_factory, monkeypatch):
    other = tmp_path_factory.mktemp("other")
    write(other / "hosts" / "second.toml", minimal("second.example"))
    monkeypatch.setenv("NEWSSCRAPER_SITES", os.pathsep.join([str(folder), str(other)]))
    assert {"site", "second", "islamtimes"} <= load_profiles().keys()
    found = find_profile("https://www.second.example/x")
    assert found is not None
    assert found.name == "second"


def test_user_replaces_a_builtin_host_by_name(tmp_path):
    built_in = load_profile("islamtimes")
    write(tmp_path / "islamtimes.toml", minimal("islamtimes.com"))
    own = load_profile("islamtimes", [tmp_path])
    assert own.platform is None
    assert own.version != built_in.version
    assert load_profiles([tmp_path])["islamtimes"] == own
    assert load_profile("islamtimes") == built_in


def test_user_replaces_a_builtin_platform(tmp_path):
    write(
        tmp_path / "platforms" / "newsstudio.toml",
        '[selectors]\ntitle = ["h2"]\n[evidence]\nselectors = { seen_live = true, source = "looked" }\n',
    )
    assert load_profile("islamtimes", [tmp_path]).selectors == {"title": ("h2",)}


def test_user_host_on_a_builtin_platform(tmp_path):
    path = write(
        tmp_path / "own.toml",
        minimal(
            "own.example",
            extra='platform = "newsstudio"',
            evidence='platform = { seen_live = true, source = "looked" }\n',
        ),
    )
    assert load_profile("own", [tmp_path]).selectors["title"] == ("#docDiv3TitrMain",)
    assert read_profile_file(path) == load_profile("own", [tmp_path])


def test_later_folder_wins(tmp_path):
    write(tmp_path / "a" / "site.toml", minimal("a.example"))
    write(tmp_path / "b" / "site.toml", minimal("b.example"))
    assert load_profile("site", [tmp_path / "a", tmp_path / "b"]).hosts == ("b.example",)


def test_longest_host_wins_and_the_users_before_a_builtin_one(tmp_path):
    write(tmp_path / "aaa.toml", minimal("islamtimes.org"))
    write(tmp_path / "blog.toml", minimal("blog.islamtimes.org"))
    names = {
        url: profile.name
        for url in ("https://islamtimes.org/", "https://blog.islamtimes.org/", "https://islamtimes.com/")
        if (profile := find_profile(url, [tmp_path]))
    }
    assert list(names.values()) == ["aaa", "blog", "islamtimes"]


def test_platform_file_alone(folder):
    profile = read_profile_file(folder / "platforms" / "cms.toml")
    assert profile.hosts == ()
    assert profile.selectors["title"] == ("h1.title", "h1")
