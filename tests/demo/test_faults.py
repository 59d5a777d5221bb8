"""What each fault answers, by itself, and where."""

from __future__ import annotations

import json
import re
import zlib
from datetime import timedelta
from email.utils import parsedate_to_datetime
from html import unescape

import pytest
from newsscraper_demo.fault import Fault, read_fault
from newsscraper_demo.faults import FAULTS, KINDS, Switches
from newsscraper_demo.oversize import HUGE_BYTES, make_bomb
from newsscraper_demo.redirects import TARGETS
from newsscraper_demo.robots import FORBIDDEN, FORBIDDEN_FAR_DOWN, HEEDED_BYTES, make_robots
from newsscraper_demo.site import DemoSite
from newsscraper_demo.story import DemoStory

from newsscraper import NotAStory, extract
from tests.demo.asking import BASE, NOW, Faulty, follow

PAGE = "/en/section/world"


@pytest.fixture(scope="module")
def story(site: DemoSite) -> DemoStory:
    return site.find(910001)


def untouched(site: DemoSite, *paths: str) -> list[object]:
    return [site.page(path, BASE) for path in paths]


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_changes_something_and_only_what_it_is_about(site: DemoSite, story: DemoStory, name: str) -> None:
    faulty, kind = Faulty(site, Fault(name, after=0)), KINDS[name]
    parts = {"robots": ["/robots.txt"], "stories": [story.path], "pages": [PAGE, story.path]}
    meant = parts[kind.where]
    if kind.answer or kind.dress:
        assert all(faulty(path) != site.page(path, BASE) for path in meant)
    else:
        assert faulty("/.well-known/tdmrep.json") != site.page("/.well-known/tdmrep.json", BASE)
    others = [path for path in ("/robots.txt", PAGE, story.path, "/en/rss.xml") if path not in meant]
    if kind.where != "pages":
        assert [faulty(path) for path in others] == untouched(site, *others)
    faulty.switches.turn_off(name)
    assert [faulty(path) for path in meant] == untouched(site, *meant)


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_answers_the_same_every_time(site: DemoSite, story: DemoStory, name: str) -> None:
    asked = [[Faulty(site, name)(path) for path in ("/robots.txt", PAGE, story.path)] for _ in range(2)]
    assert asked[0] == asked[1]


def test_faults_are_restricted_to_a_path_to_a_share_and_to_a_time(site: DemoSite) -> None:
    paths = [story.path for story in site.stories]
    under = Faulty(site, Fault("access_denied", under="/en/"))
    assert {path for path in paths if under(path).status == 403} == {p for p in paths if p.startswith("/en/")}
    half = [Faulty(site, "access_denied:0.5").statuses(paths) for _ in range(2)]
    assert half[0] == half[1]
    assert 25 <= half[0].count(403) <= 50
    late = Faulty(site, Fault("access_denied", after=3, times=1))
    assert late.statuses(["/en/", "/fa/", "/de/", "/en/", "/en/", "/fa/"]) == [200, 200, 200, 403, 200, 403]


def test_switches_are_changed_while_the_site_is_served(site: DemoSite) -> None:
    faulty = Faulty(site)
    assert faulty("/en/").status == 200
    faulty.switches.turn_on("flaky_503")
    assert faulty.statuses(["/en/", "/en/"]) == [503, 200]
    faulty.switches.turn_on("flaky_503")
    assert faulty.statuses(["/en/", "/en/"]) == [503, 200]
    faulty.switches.turn_on("access_denied:/fa/")
    assert [fault.name for fault in faulty.switches.on] == ["access_denied", "flaky_503"]
    faulty.switches.turn_off()
    assert faulty.switches.on == ()
    assert faulty.statuses(["/en/", "/fa/"]) == [200, 200]


def test_what_is_no_fault_is_refused() -> None:
    assert read_fault("flaky_503:/en/:0.25") == Fault("flaky_503", "/en/", 0.25)
    with pytest.raises(ValueError, match="unknown fault 'flood'"):
        Switches(["flood"])
    for text in ("flaky_503:2", "flaky_503:en", "flaky_503:/en/:1:1"):
        with pytest.raises(ValueError, match="is no fault: NAME"):
            read_fault(text)


def test_robots_txt_fails_in_each_way(site: DemoSite) -> None:
    assert Faulty(site, "robots_503")("/robots.txt").status == 503
    assert Faulty(site, "robots_404")("/robots.txt").status == 404
    assert Faulty(site, "robots_timeout")("/robots.txt").silence == 600
    for name in ("robots_html", "robots_challenge"):
        page = Faulty(site, name)("/robots.txt")
        assert (page.status, page.is_html) == (200, True)


def test_robots_txt_asks_for_a_pace(site: DemoSite) -> None:
    own = site.page("/robots.txt", BASE).body.decode()
    for fault, line in (
        ("robots_crawl_delay", "Crawl-delay: 2"),
        (Fault("robots_crawl_delay", seconds=0.5), "Crawl-delay: 0.5"),
        ("robots_request_rate", "Request-rate: 1/2"),
        ("robots_ai_rules", "Content-Signal: search=yes, ai-input=no, ai-train=no"),
    ):
        lines = Faulty(site, fault).text("/robots.txt").splitlines()
        assert lines.index(line) < lines.index("")
        assert [each for each in lines if each != line] == own.splitlines()


def test_robots_txt_at_the_end_of_five_redirects_and_of_none(site: DemoSite) -> None:
    chain = Faulty(site, "robots_redirects")
    urls = follow(chain, "/robots.txt")
    assert len(urls) == 1 + 5
    assert chain.text(urls[-1].removeprefix(BASE.rstrip("/"))) == make_robots(BASE)
    loop = follow(Faulty(site, "robots_loop"), "/robots.txt")
    assert loop[1:3] * 10 == loop[1:]


def test_large_robots_txt_has_its_rules_where_they_must_be_read(site: DemoSite) -> None:
    body = Faulty(site, "robots_large")("/robots.txt").body
    assert len(body) == 5_000_000
    heeded = body[:HEEDED_BYTES].decode()
    assert heeded.endswith("".join(f"Disallow: {path}\n" for path in FORBIDDEN))
    assert f"Sitemap: {BASE}sitemap.xml\n" in heeded
    assert "Disallow" not in body[HEEDED_BYTES : -len(FORBIDDEN_FAR_DOWN) - 11].decode()
    assert body.endswith(f"\nDisallow: {FORBIDDEN_FAR_DOWN}\n".encode())
    assert heeded.count("User-agent") == body.count(b"User-agent") == 1


def test_waits_are_asked_for_in_seconds_and_as_a_date(site: DemoSite) -> None:
    for name, status in (("flaky_503", 503), ("too_many_requests", 429)):
        page = Faulty(site, Fault(name, seconds=7))("/en/")
        assert (page.status, page.headers["Retry-After"]) == (status, "7")
    page = Faulty(site, Fault("flaky_503_date", seconds=90))("/en/")
    assert parsedate_to_datetime(page.headers["Retry-After"]) == NOW + timedelta(seconds=90)


@pytest.mark.parametrize("key", TARGETS)
def test_redirects_lead_where_they_say(site: DemoSite, story: DemoStory, key: str) -> None:
    page = Faulty(site, f"redirect_{key}")(story.path)
    assert (page.status, page.headers["Location"]) == (302, TARGETS[key])


def test_redirects_without_end(site: DemoSite) -> None:
    for path in ("/en/news/910001", next(s.path for s in site.stories if "?id=" in s.path)):
        loop = follow(Faulty(site, "redirect_loop"), path)
        assert len(loop) == 21
        assert len({url.removeprefix(BASE.rstrip("/")) for url in loop}) == 2
        endless = follow(Faulty(site, "redirect_endless"), path)
        assert len(set(endless)) == 21


def test_what_is_too_large_is_made_piece_by_piece(site: DemoSite, story: DemoStory) -> None:
    for name in ("gzip_bomb", "huge_page", "huge_page_unsaid"):
        page = Faulty(site, name)(story.path)
        assert page.pieces
        assert page.body == b""
        assert len(next(page.pieces())) <= 1 << 20
    assert Faulty(site, "huge_page")(story.path).headers["Content-Length"] == str(HUGE_BYTES)
    assert "Content-Length" not in Faulty(site, "huge_page_unsaid")(story.path).headers


def test_the_bomb_is_small_on_the_wire() -> None:
    size = 8 << 20
    packed = b"".join(make_bomb(size))
    assert len(packed) < size / 200
    plain = zlib.decompress(packed, 31)
    assert len(plain) == size
    assert plain.startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("name", "status", "sign"),
    [
        ("challenge_script", 200, "Enable JavaScript and cookies to continue"),
        ("challenge_box", 200, "verify that you are human"),
        ("challenge_wait", 200, 'http-equiv="refresh"'),
        ("challenge_blank", 200, "<body></body>"),
        ("challenge_202", 202, "<body></body>"),
        ("challenge_403", 403, "Enable JavaScript and cookies to continue"),
        ("challenge_503", 503, "Checking your browser"),
        ("access_denied", 403, "Access Denied"),
    ],
)
def test_walls_show_nothing_of_the_page(site: DemoSite, story: DemoStory, name: str, status: int, sign: str) -> None:
    page = Faulty(site, name)(story.path)
    text = page.body.decode()
    assert page.status == status
    assert sign in text
    assert story.title not in text
    assert "/en/news" not in text.replace(story.path, "")
    assert page.headers["Cache-Control"] == "no-store"


def test_a_site_turns_to_challenges_of_all_shapes(site: DemoSite) -> None:
    faulty = Faulty(site, "turns_to_challenges")
    paths = [story.path for story in site.stories]
    assert [faulty(path) for path in paths[:30]] == untouched(site, *paths[:30])
    walls = [faulty(path) for path in paths[:30]]
    assert {page.headers["Server"] for page in walls} == {"palisade", "gatewarden", "thornhedge", "moat"}


def test_consent_is_asked_for_in_the_readers_language(site: DemoSite) -> None:
    redirect = Faulty(site, "consent_redirect")
    urls = follow(redirect, "/de/section/kultur?page=2")
    assert urls[1:] == [f"{BASE}consent?back=%2Fde%2Fsection%2Fkultur%3Fpage%3D2"]
    page = redirect("/consent?back=%2Fde%2F")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for text in (page.body.decode(), Faulty(site, "consent_in_place").text("/de/")):
        assert '<html lang="de"' in text
        assert "Erst Ihre Entscheidung" in text
    assert Faulty(site, "consent_in_place")("/de/").status == 200


def test_stories_are_for_who_signed_in(site: DemoSite, story: DemoStory) -> None:
    for traps in (None, ()):
        faulty = Faulty(DemoSite(traps=traps), "login_redirect")
        urls = follow(faulty, story.path)
        assert len(urls) == 2
        assert urls[1].startswith(f"{BASE}login?next=%2Fen%2F")
        assert 'type="password"' in faulty.text(urls[1].removeprefix(BASE.rstrip("/")))


def test_a_paywall_leaves_the_first_paragraph_and_says_so(site: DemoSite) -> None:
    faulty = Faulty(site, "paywall")
    for template in ("newsstudio", "modern", "hashed", "table", "next", "microdata"):
        each = next(s for s in site.stories if s.template == template and len(s.blocks) > 4)
        page = faulty(each.path)
        text = unescape(page.body.decode(each.charset))
        first = next(block.text for block in each.blocks if block.kind == "p")
        assert first.split()[-1] in text
        assert each.blocks[-1].text not in text
        assert '"isAccessibleForFree": false' in text
        assert '"isAccessibleForFree": true' not in text
        assert 'class="paywall subscribers-only"' in text


def test_what_a_site_says_about_the_use_of_its_pages(site: DemoSite, story: DemoStory) -> None:
    assert Faulty(site, "noindex_header")(story.path).headers["X-Robots-Tag"] == "noindex"
    assert Faulty(site, "noai_header")(story.path).headers["X-Robots-Tag"] == "noai, noimageai"
    assert '<meta name="robots" content="noindex">' in Faulty(site, "noindex_meta").text(story.path)
    assert '<meta name="robots" content="noai, noimageai">' in Faulty(site, "noai_meta").text(story.path)
    header = Faulty(site, "tdm_header")(story.path).headers
    assert (header["TDM-Reservation"], header["TDM-Policy"]) == ("1", f"{BASE}policies/tdm.json")
    assert '<meta name="tdm-reservation" content="1">' in Faulty(site, "tdm_meta").text(story.path)
    file = Faulty(site, "tdm_file")
    rules = json.loads(file.text("/.well-known/tdmrep.json"))
    assert [rule["tdm-reservation"] for rule in rules] == [0, 1]
    policy = json.loads(file.text(rules[1]["tdm-policy"].removeprefix(BASE.rstrip("/"))))
    assert policy["@type"] == "Offer"


def test_the_header_names_a_charset_that_the_page_is_not_in(site: DemoSite) -> None:
    faulty = Faulty(site, "wrong_charset")
    for each in site.stories:
        page = faulty(each.path)
        assert page.body == site.page(each.path, BASE).body
        named = page.headers["Content-Type"].partition("charset=")[2]
        assert {named, each.charset} in ({"iso-8859-5", "utf-8"}, {"utf-8", "windows-1252"}, {"utf-8", "windows-1251"})


@pytest.mark.parametrize(
    ("name", "lacks"), [("broken_title", "title"), ("broken_date", "date"), ("broken_body", "body")]
)
def test_after_a_redesign_a_field_has_gone_from_the_page(site: DemoSite, name: str, lacks: str) -> None:
    faulty = Faulty(site, name)
    for each in site.stories[::6]:
        text = unescape(faulty(each.path).body.decode(each.charset))
        texts = {"title": each.title, "date": each.date, "body": each.blocks[-1].text.split("\t")[-1]}
        assert {key for key, value in texts.items() if value in text} <= texts.keys() - {lacks}
        before = set(re.findall(r' class="([^"]+)"', site.page(each.path, BASE).body.decode(each.charset)))
        assert not before & set(re.findall(r' class="([^"]+)"', text))


def test_after_a_redesign_the_field_is_not_found(site: DemoSite) -> None:
    for each in [s for s in site.stories if s.template == "newsstudio"][:1]:
        assert extract(Faulty(site, "broken_date")(each.path).body, each.url_on(BASE)).date is None
        with pytest.raises(NotAStory, match="no_headline"):
            extract(Faulty(site, "broken_title")(each.path).body, each.url_on(BASE))
        with pytest.raises(NotAStory, match="no_text"):
            extract(Faulty(site, "broken_body")(each.path).body, each.url_on(BASE))


def test_several_fields_go_at_once(site: DemoSite, story: DemoStory) -> None:
    text = Faulty(site, "broken_title", "broken_date").text(story.path)
    assert story.title not in text
    assert "30 March 2022" not in text
    assert story.blocks[-1].text in unescape(text)


def test_a_story_in_script_state_alone(site: DemoSite, story: DemoStory) -> None:
    text = Faulty(site, "script_state").text(story.path)
    state = re.search(r"window\.__INITIAL_STATE__=(\{.*\});</script>", text)
    assert state
    assert json.loads(state[1])["props"]["pageProps"]["story"]["headline"] == story.title
    assert story.blocks[0].text not in text.replace(state[1], "")


def test_a_story_that_a_script_has_to_fetch(site: DemoSite) -> None:
    faulty = Faulty(site, "script_only")
    for each in site.stories[::10]:
        text = unescape(faulty.text(each.path))
        assert each.title not in text
        assert not any(block.text in text for block in each.blocks)
        source = re.search(r'fetch\("([^"]+)"\)', text)
        assert source
        told = json.loads(faulty.text(source[1]))
        assert (told["title"], told["date"]) == (each.title, each.date)
        assert told["paragraphs"] == [block.text for block in each.blocks]
    assert faulty("/api/stories/1.json").status == 404
