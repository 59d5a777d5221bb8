"""Every fault that a profile can have, with the file, the key and what was expected there."""

import textwrap

import pytest

from newsscraper.errors import InputError, ProfileError
from newsscraper.sites import find_profile, load_profile, load_profiles, read_profile_file

GROUPS = (
    "platform", "hosts", "start_urls", "publisher", "zone", "editions", "urls", "labels", "selectors", "drop", "feeds",
    "sitemaps", "templates", "politeness", "browser",
)  # fmt: skip


def write_host(folder, text, name="bad.toml"):
    """A host's file with evidence of each group that `text` opens, in that order: top-level keys, then tables."""
    text = textwrap.dedent(text)
    told = [group for group in GROUPS if f"{group} =" in text or f"[{group}" in text]
    evidence = "".join(f'{group} = {{ seen_live = true, source = "made up" }}\n' for group in dict.fromkeys(told))
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n[evidence]\n{evidence}", encoding="utf-8")
    return path


HOST = 'hosts = ["example.com"]\n'

FAULTS = {
    "unknown key": (HOST + 'publisheer = "x"', "publisheer", "did you mean 'publisher'?"),
    "unknown key in a table": (HOST + "[urls]\nstories = ['/n/']", "urls.stories", "did you mean 'story'?"),
    "unknown field": (HOST + '[selectors]\nheadline = ["h1"]', "selectors.headline", "expected one of title, date"),
    "unknown label field": (HOST + '[labels]\nstorycode = ["No"]', "labels.storycode", "did you mean 'story_code'?"),
    "no hosts": ('zone = "UTC"', "hosts", "missing; a list of host names was expected"),
    "hosts no list": ('hosts = "example.com"', "hosts", "expected a list, got 'example.com'"),
    "host with scheme": ('hosts = ["https://example.com"]', "hosts[0]", "expected a host name such as 'example.com'"),
    "host with www": ('hosts = ["a.example", "www.example.com"]', "hosts[1]", "got 'www.example.com'"),
    "host in capitals": ('hosts = ["Example.com"]', "hosts[0]", "lower case"),
    "host with port": ('hosts = ["example.com:80"]', "hosts[0]", "no scheme, port"),
    "host twice": ('hosts = ["example.com", "example.com"]', "hosts[1]", "expected each member once"),
    "host no text": ("hosts = [3]", "hosts[0]", "got 3"),
    "start URL without scheme": (HOST + 'start_urls = ["example.com/"]', "start_urls[0]", "http or https URL"),
    "start URL of ftp": (HOST + 'start_urls = ["ftp://example.com/"]', "start_urls[0]", "got 'ftp://example.com/'"),
    "feed of a file": (HOST + 'feeds = ["file:///etc/passwd"]', "feeds[0]", "expected an http or https URL"),
    "sitemap without host": (HOST + 'sitemaps = ["https:///map.xml"]', "sitemaps[0]", "http or https URL"),
    "sitemap URL broken": (HOST + 'sitemaps = ["https://[::1/map.xml"]', "sitemaps[0]", "http or https URL"),
    "URL with a blank": (HOST + 'feeds = ["https://example.com/a b"]', "feeds[0]", "http or https URL"),
    "story template without a place": (
        HOST + '[templates]\nstory = ["/news/"]',
        "templates.story[0]",
        "with {code} in it once",
    ),
    "story template of a day": (HOST + '[templates]\nstory = ["/{dd}/{code}"]', "templates.story[0]", "got {dd}"),
    "template no path": (HOST + '[templates]\nstory = ["news/{code}"]', "templates.story[0]", "expected a path such"),
    "template of another scheme": (
        HOST + '[templates]\nstory = ["ftp://a.example/{code}"]',
        "templates.story[0]",
        "http or https URL",
    ),
    "template with a brace": (HOST + '[templates]\narchive = ["/{yyyy}/{"]', "templates.archive[0]", "got {"),
    "archive without a year": (HOST + '[templates]\narchive = ["/{mm}/{dd}"]', "templates.archive[0]", "{yyyy}"),
    "archive without a month": (HOST + '[templates]\narchive = ["/{yyyy}/{dd}"]', "templates.archive[0]", "{mm}"),
    "unknown template": (HOST + '[templates]\narchives = ["/{yyyy}"]', "templates.archives", "did you mean 'archive'?"),
    "publisher empty": (HOST + 'publisher = " "', "publisher", "expected text on one line"),
    "publisher a number": (HOST + "publisher = 7", "publisher", "expected text on one line, got 7"),
    "zone unknown": (HOST + 'zone = "Asia/Teheran"', "zone", "did you mean 'Asia/Tehran'?"),
    "zone an offset": (HOST + 'zone = "+03:30"', "zone", "expected an IANA time zone"),
    "zone no text": (HOST + "zone = 3.5", "zone", "got 3.5"),
    "language a word": (HOST + '[[editions]]\nlanguage = "persian"', "editions[0].language", "BCP 47"),
    "language underscored": (HOST + '[[editions]]\nlanguage = "pt_BR"', "editions[0].language", "got 'pt_BR'"),
    "language missing": (
        HOST + '[[editions]]\npath = "/fa/"',
        "editions[0].language",
        "missing; a BCP 47 language tag",
    ),
    "calendar unknown": (
        HOST + '[[editions]]\nlanguage = "fa"\ncalendar = "jalaali"',
        "editions[0].calendar",
        "expected one of gregorian, jalali, hijri, got 'jalaali'; did you mean 'jalali'?",
    ),
    "edition path open": (HOST + '[[editions]]\nlanguage = "fa"\npath = "fa"', "editions[0].path", "such as '/fa/'"),
    "edition host": (HOST + '[[editions]]\nlanguage = "fa"\nhost = "http://fa"', "editions[0].host", "host name"),
    "second edition untold": (
        HOST + '[[editions]]\nlanguage = "fa"\n[[editions]]\nlanguage = "en"',
        "editions[1]",
        "expected path or host",
    ),
    "editions a table": (HOST + '[editions]\nlanguage = "fa"', "editions", "expected a list"),
    "regex broken": (
        HOST + "[urls]\nstory = ['/news/(']",
        "urls.story[0]",
        "expected a regular expression, got '/news/('",
    ),
    "regex fits all": (HOST + "[urls]\nlisting = ['/a/', '.*']", "urls.listing[1]", "which fits every URL"),
    "regex no text": (HOST + "[urls]\nignored = [1]", "urls.ignored[0]", "expected text on one line, got 1"),
    "urls no table": (HOST + "urls = ['/news/']", "urls", "expected a table of story, listing, ignored"),
    "selector broken": (
        HOST + '[selectors]\nbody = ["div["]',
        "selectors.body[0]",
        "expected a CSS selector, got 'div['",
    ),
    "selector pseudo": (HOST + '[selectors]\ntitle = ["h1::text"]', "selectors.title[0]", "'::attr(name)' at the end"),
    "selector attribute only": (HOST + '[selectors]\ntitle = ["::attr(x)"]', "selectors.title[0]", "expected text"),
    "selector no list": (HOST + '[selectors]\ntitle = "h1"', "selectors.title", "expected a list, got 'h1'"),
    "drop broken": (HOST + 'drop = ["a >"]', "drop[0]", "expected a CSS selector, got 'a >'"),
    "drop of an attribute": (HOST + 'drop = ["a::attr(href)"]', "drop[0]", "CSS selector"),
    "label empty": (HOST + '[labels]\nstory_code = [""]', "labels.story_code[0]", "expected text on one line"),
    "delay negative": (HOST + "[politeness]\ndelay = -1", "politeness.delay", "expected seconds, 0 or more, got -1"),
    "delay endless": (HOST + "[politeness]\ndelay = inf", "politeness.delay", "got inf"),
    "delay no number": (HOST + "[politeness]\ndelay = nan", "politeness.delay", "got nan"),
    "delay text": (HOST + '[politeness]\ndelay = "2"', "politeness.delay", "got '2'"),
    "delay true": (HOST + "[politeness]\ndelay = true", "politeness.delay", "got True"),
    "concurrency zero": (HOST + "[politeness]\nconcurrency = 0", "politeness.concurrency", "1 or more, got 0"),
    "concurrency half": (HOST + "[politeness]\nconcurrency = 1.5", "politeness.concurrency", "whole number"),
    "browser without a word": (HOST + "[browser]\nhosts = []", "browser.draw", "missing; true or false was expected"),
    "browser no bool": (HOST + '[browser]\ndraw = "yes"', "browser.draw", "expected true or false, got 'yes'"),
    "browser no table": ("browser = true\n" + HOST, "browser", "expected a table of draw, wait_for, hosts"),
    "browser key": (HOST + "[browser]\ndraw = true\nwait = 3", "browser.wait", "did you mean 'wait_for'?"),
    "browser selector": (
        HOST + '[browser]\ndraw = true\nwait_for = "div["',
        "browser.wait_for",
        "expected a CSS selector, got 'div['",
    ),
    "browser host": (
        HOST + '[browser]\ndraw = true\nhosts = ["https://a.example"]',
        "browser.hosts[0]",
        "expected a host name",
    ),
    "platform unknown": (HOST + 'platform = "newstudio"', "platform", "did you mean 'newsstudio'?"),
    "platform no name": (HOST + 'platform = "../x"', "platform", "expected a name of a-z"),
}


@pytest.fixture(autouse=True)
def _no_own_folder(monkeypatch):
    monkeypatch.delenv("NEWSSCRAPER_SITES", raising=False)


def fault_of(path):
    with pytest.raises(ProfileError) as caught:
        read_profile_file(path)
    return caught.value


@pytest.mark.parametrize("case", FAULTS)
def test_fault(tmp_path, case):
    text, key, expected = FAULTS[case]
    path = write_host(tmp_path, text)
    fault = fault_of(path)
    assert (fault.file, fault.key) == (str(path), key)
    assert expected in fault.expected
    assert str(fault).startswith((f"{path}: {key}: expected ", f"{path}: {key}: missing; "))


def test_a_file_without_fault_has_none(tmp_path):
    path = write_host(
        tmp_path,
        """
        platform = "newsstudio"
        hosts = ["example.com", "news.example.org"]
        start_urls = ["https://example.com/"]
        publisher = "Example"
        zone = "Europe/Berlin"
        drop = [".ad > a:not([rel])"]
        feeds = ["https://example.com/rss"]
        sitemaps = ["http://example.com/map.xml"]
        [[editions]]
        language = "zh-Hant-TW"
        host = "tw.example.com"
        [urls]
        story = ['/n/(?P<code>\\d+)']
        [labels]
        story_code = ["No."]
        [selectors]
        date = ["time::attr(datetime)", "meta[name='dc.date']::attr(content)"]
        [politeness]
        delay = 2
        concurrency = 1
        """,
        name="good.toml",
    )
    profile = read_profile_file(path)
    assert profile.politeness.delay == 2.0
    assert profile.editions[0].language == "zh-Hant-TW"
    assert profile.story_code_of("https://example.com/n/12") == "12"


def test_evidence_is_missing(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(
        'hosts = ["example.com"]\nzone = "UTC"\n[evidence]\nhosts = { seen_live = true, source = "looked" }\n'
    )
    fault = fault_of(path)
    assert fault.key == "evidence.zone"
    assert fault.expected == "missing; { seen_live = true or false, source = '...' } was expected"


@pytest.mark.parametrize(
    ("entry", "key", "expected"),
    [
        ('hosts = { seen_live = "no", source = "x" }', "evidence.hosts.seen_live", "expected true or false, got 'no'"),
        ("hosts = { seen_live = true }", "evidence.hosts.source", "missing; where the facts are from"),
        ('hosts = { seen_live = true, source = "" }', "evidence.hosts.source", "expected text on one line"),
        ('hosts = "seen"', "evidence.hosts", "expected a table of seen_live, source"),
        ('host = { seen_live = true, source = "x" }', "evidence.host", "did you mean 'hosts'?"),
        (
            'hosts = { seen_live = true, source = "x" }\nzone = { seen_live = true, source = "x" }',
            "evidence.zone",
            "which is not there",
        ),
    ],
)
def test_evidence_is_wrong(tmp_path, entry, key, expected):
    path = tmp_path / "bad.toml"
    path.write_text(f'hosts = ["example.com"]\n[evidence]\n{entry}\n')
    fault = fault_of(path)
    assert fault.key == key
    assert expected in fault.expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"hosts = [", "expected TOML in UTF-8"),
        (b"hosts = ['caf\xe9.example']", "expected TOML in UTF-8"),
        (b"#" * 1_000_001, "expected at most 1,000,000 bytes"),
    ],
)
def test_no_toml(tmp_path, content, expected):
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    fault = fault_of(path)
    assert fault.key == "whole file"
    assert expected in fault.expected


def test_no_file(tmp_path):
    fault = fault_of(tmp_path / "absent.toml")
    assert fault.expected == "expected a readable file, got: No such file or directory"


def test_file_name_is_no_name(tmp_path):
    fault = fault_of(write_host(tmp_path, HOST, name="My Site.toml"))
    assert fault.key == "file name"
    assert "expected a name of a-z, 0-9, '-' and '_', got 'My Site'" in fault.expected


def test_platform_knows_no_host(tmp_path):
    path = write_host(tmp_path, HOST, name="platforms/cms.toml")
    fault = fault_of(path)
    assert (fault.file, fault.key) == (str(path), "hosts")


def test_fault_of_a_platform_names_the_platforms_file(tmp_path):
    write_host(tmp_path, 'platform = "cms"\nhosts = ["example.com"]', name="site.toml")
    platform = write_host(tmp_path, 'drop = ["["]', name="platforms/cms.toml")
    with pytest.raises(ProfileError) as caught:
        load_profile("site", [tmp_path])
    assert caught.value.file == str(platform)


def test_an_empty_file_says_what_it_lacks(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("")
    assert str(fault_of(path)) == f"{path}: hosts: missing; a list of host names was expected"


def test_every_fault_of_a_file_is_told(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(
        'hosts = ["A", "b.example", "b.example"]\nzoone = "UTC"\n'
        '[[editions]]\ncalendar = "jalaali"\n[urls]\nstory = ["("]\n'
    )
    fault = fault_of(path)
    told = [fault.key, *(note.removeprefix(f"{path}: ").split(": ")[0] for note in fault.__notes__)]
    assert sorted(told) == [
        "editions[0].calendar", "editions[0].language", "hosts[0]", "hosts[2]", "urls.story[0]", "zoone",
    ]  # fmt: skip


def test_every_wrong_file_is_told_and_the_others_are_there(tmp_path, caplog):
    write_host(tmp_path, 'hosts = ["A"]', name="one.toml")
    write_host(tmp_path, 'hosts = ["B"]', name="two.toml")
    write_host(tmp_path, HOST, name="well.toml")
    faults = []
    profiles = load_profiles([tmp_path], on_fault=faults.append)
    assert "well" in profiles
    assert [(fault.file, fault.key) for fault in faults] == [
        (str(tmp_path / name), "hosts[0]") for name in ("one.toml", "two.toml")
    ]
    assert not caplog.records
    assert load_profiles([tmp_path]) == profiles
    assert [record.getMessage() for record in caplog.records] == [str(fault) for fault in faults]


@pytest.mark.parametrize(
    "text", ['hosts = ["other.example"', "hosts = ['other.example', 'B']"], ids=["no TOML", "wrong"]
)
def test_a_wrong_file_stops_only_addresses_of_its_own(tmp_path, text):
    write_host(tmp_path, HOST, name="well.toml")
    (tmp_path / "bad.toml").write_text(text)
    well = find_profile("https://www.example.com/a", [tmp_path])
    assert well is not None
    assert well.name == "well"
    assert find_profile("https://third.example/a", [tmp_path]) is None
    with pytest.raises(ProfileError, match=r"bad\.toml"):
        find_profile("https://news.other.example/a", [tmp_path])


def test_a_wrong_file_does_no_harm_to_another(tmp_path):
    write_host(tmp_path, 'hosts = ["A"]', name="one.toml")
    write_host(tmp_path, HOST, name="well.toml")
    assert load_profile("well", [tmp_path]).hosts == ("example.com",)


def test_folder_absent(tmp_path):
    with pytest.raises(InputError, match="expected a folder of profiles, got nothing"):
        load_profiles([tmp_path / "none"])
