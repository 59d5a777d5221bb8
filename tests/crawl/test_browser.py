"""Pages that only a script can draw: one crawl with a real browser, and what holds for the browser's own requests."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from newsscraper_demo.server import DemoServer
from newsscraper_demo.story import DemoStory

from newsscraper.crawl.browser_launch import NAMES
from tests.crawl.archives import kept_in, lines_in
from tests.crawl.runs import Run, run_scrapy
from tests.crawl.servers import recording
from tests.crawl.small_site import PARAGRAPH, Reply, SmallSite, story_page

HOST, DEMO = "tidings.example", "demo.example"
NAMED = 'wait_for = "article p"\nhosts = ["10.0.0.7", "static.example"]'
PROFILE = """
hosts = ["{host}"]
[browser]
draw = true
{more}
[evidence]
hosts = {{ seen_live = true, source = "made up" }}
browser = {{ seen_live = true, source = "made up" }}
"""
DRAW = """
async function draw(code) {
  const story = await (await fetch("/api/" + code)).json();
  const article = document.createElement("article");
  const add = (tag, text) => { const e = document.createElement(tag); e.textContent = text; article.append(e); };
  add("h1", story.title);
  story.paragraphs.forEach(text => add("p", text));
  document.getElementById("app").replaceChildren(article);
}
"""
TRIED = """
const tell = [
  fetch("/private/notes.json"),
  fetch("/api/1002", {method: "POST", body: "x"}),
  fetch("http://TRAP/fetched"),
  fetch("http://10.0.0.7/admin"),
  fetch("http://other.example/elsewhere.json"),
  fetch("http://static.example/data.json").then(answer => answer.json()).then(() => tell.named = true),
  new Promise(resolve => { const s = new WebSocket("ws://TRAP/socket"); s.onerror = s.onopen = s.onclose = resolve; }),
  new Promise(resolve => { const p = new Image(); p.onerror = p.onload = resolve; p.src = "/picture.png"; }),
];
navigator.sendBeacon("http://TRAP/beacon");
window.open("http://TRAP/window");
document.cookie = "seen=1; path=/";
location.href = "/elsewhere";
Promise.allSettled(tell).then(() => draw(1002));
"""


def shell(script: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tidings</title>'
        '<link rel="stylesheet" href="/style.css"></head><body><img src="/logo.png"><iframe src="/frame"></iframe>'
        f'<div id="app"></div><script src="/app.js"></script><script>{script}</script></body></html>'
    )


def told(title: str) -> Reply:
    paragraphs = [f"{title}, part {number}. {PARAGRAPH}" for number in range(1, 5)]
    return Reply(json.dumps({"title": title, "paragraphs": paragraphs}), headers={"Content-Type": "application/json"})


@dataclass(frozen=True)
class Drawn:
    run: Run
    asked: list[tuple[str, str]]
    """Host and path of each request."""
    agents: set[str]
    heard: list[bytes]
    """By an address that no page has to do with."""
    drawn_story: DemoStory
    """On the demo site: its page holds not a word of it."""
    state_story: DemoStory
    """Its text stands in a variable of a script."""
    asked_of_demo: list[str]


def require_browser() -> None:
    if not any(map(shutil.which, NAMES)):
        if os.environ.get("CI") == "true":
            pytest.fail(
                "no browser: continuous integration must have chromium (apt-get install chromium)", pytrace=False
            )
        pytest.skip("no browser is installed: apt-get install chromium")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drawn]:
    require_browser()
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "sites").mkdir()
    (folder / "sites" / "tidings.toml").write_text(PROFILE.format(host=HOST, more=NAMED))
    (folder / "sites" / "demo.toml").write_text(PROFILE.format(host=DEMO, more=""))
    paths = ["/news/1001/ferry", "/news/1002/storm", "/news/1003/bridge"]
    with recording(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as (trap, heard):
        pages = {
            "/robots.txt": Reply("User-agent: *\nDisallow: /private/\n", headers={"Content-Type": "text/plain"}),
            "/news/1001/ferry": Reply(shell("draw(1001)"), headers={"Content-Type": "text/html", "ETag": '"1"'}),
            "/news/1002/storm": shell(TRIED.replace("TRAP", trap)),
            "/news/1003/bridge": story_page("The bridge is open", more='<script>fetch("/api/never")</script>'),
            "/app.js": Reply(DRAW, headers={"Content-Type": "text/javascript"}),
            "/api/1001": told("The ferry is late"),
            "/api/1002": told("The storm is over"),
            "/data.json": Reply(status=302, headers={"Location": "/data/1.json"}),
            "/data/1.json": Reply("{}", headers={"Access-Control-Allow-Origin": "*"}),
        }
        with SmallSite(pages) as site, DemoServer() as demo:
            drawn_story, state_story = demo.site.stories[:2]
            for story, fault in ((drawn_story, "script_only"), (state_story, "script_state")):
                demo.faults.turn_on(f"{fault}:{urlsplit(story.url_on(demo.url)).path}")
            stories = [story.url_on(f"http://{DEMO}/") for story in (drawn_story, state_story)]
            (folder / "urls.txt").write_text("\n".join([*stories, *(f"http://{HOST}{path}" for path in paths)]))
            stand_ins = dict.fromkeys((HOST, "static.example"), site.address) | {DEMO: f"127.0.0.1:{demo.port}"}
            run = run_scrapy(
                folder, "crawl", "news", "-a", "urls=urls.txt", "-O", "out.jsonl", "-s", "NEWSSCRAPER_SITES=sites",
                "-s", f"NEWSSCRAPER_RESOLVE={json.dumps(stand_ins)}", "-s", "NEWSSCRAPER_WORKERS=0",
            )  # fmt: skip
            asked = list(zip(site.hosts, site.asked, strict=True))
            told_demo = [request.path for request in demo.requests]
            yield Drawn(run, asked, set(site.agents), list(heard), drawn_story, state_story, told_demo)


def test_what_was_drawn_is_archived_and_read_without_a_browser(drawn: Drawn, tmp_path: Path) -> None:
    corpus = drawn.run.folder / "corpus"
    kept = kept_in(corpus)
    conversions = {each.warc["WARC-Record-ID"]: each for each in kept if each.kind == "conversion"}
    lines = lines_in(corpus)
    ferry = next(line for line in lines if line["title"] == "The ferry is late")
    assert b"The ferry is late, part 1." in conversions[ferry["warc"]["record_id"]].body
    urls = (drawn.run.folder / "urls.txt", drawn.run.folder / "sites", corpus / "archive")
    run = run_scrapy(
        tmp_path, "crawl", "news", "-a", f"urls={urls[0]}", "-s", f"NEWSSCRAPER_SITES={urls[1]}",
        "-s", f"NEWSSCRAPER_OFFLINE={urls[2]}", "-s", "NEWSSCRAPER_BROWSER=/nowhere", "-s", "NEWSSCRAPER_WORKERS=0",
    )  # fmt: skip
    assert run.code == 0
    own = ("run_id", "warc")
    again = lines_in(tmp_path / "corpus")
    assert [{**line, **dict.fromkeys(own)} for line in again] == [{**line, **dict.fromkeys(own)} for line in lines]
    assert [line["warc"]["record_id"] for line in again] == [line["warc"]["record_id"] for line in lines]


def stat(run: Run, name: str) -> int:
    match = re.search(rf"'{re.escape(name)}': (\d+)", run.log)
    return int(match[1]) if match else 0


def test_stories_that_only_scripts_draw_are_read(drawn: Drawn) -> None:
    titles = {line["title"]: line["body"] for line in drawn.run.lines if line["site"] == HOST}
    assert titles.keys() == {"The ferry is late", "The storm is over", "The bridge is open"}
    assert titles["The ferry is late"].startswith("The ferry is late, part 1. The harbour council")
    assert "'newsscraper/exit_code': 0" in drawn.run.log


def test_of_the_demo_site_only_the_page_without_a_word_is_drawn(drawn: Drawn) -> None:
    bodies = {line["title"]: line["body"] for line in drawn.run.lines if line["site"] == DEMO}
    assert bodies.keys() == {drawn.drawn_story.title, drawn.state_story.title}
    first, *_, last = (block.text for block in drawn.drawn_story.blocks if block.kind == "p")
    assert bodies[drawn.drawn_story.title].startswith(first)
    assert last in bodies[drawn.drawn_story.title]
    assert [path for path in drawn.asked_of_demo if path.startswith("/api/")] == [
        f"/api/stories/{drawn.drawn_story.code}.json"
    ]


def test_each_page_and_each_script_is_asked_once_and_nothing_without_need(drawn: Drawn) -> None:
    assert Counter(path for host, path in drawn.asked if host == HOST) == dict.fromkeys(
        [
            "/robots.txt",
            "/news/1001/ferry",
            "/news/1002/storm",
            "/news/1003/bridge",
            "/app.js",
            "/api/1001",
            "/api/1002",
        ],
        1,
    )


def test_a_page_whose_text_is_there_is_not_drawn(drawn: Drawn) -> None:
    assert stat(drawn.run, "newsscraper/browser/pages") == 3


def test_the_browser_reaches_nobody_past_the_crawl(drawn: Drawn) -> None:
    assert drawn.heard == []


def test_another_host_is_asked_only_where_the_profile_names_it_and_after_its_robots_txt(drawn: Drawn) -> None:
    others = [(host, path) for host, path in drawn.asked if host != HOST]
    assert others == [("static.example", path) for path in ("/robots.txt", "/data.json", "/data/1.json")]


def test_what_is_refused_is_counted_with_its_reason(drawn: Drawn) -> None:
    # robots.txt forbids one, the other has a private address.
    assert stat(drawn.run, "newsscraper/browser/refused/failed") == 2
    assert stat(drawn.run, "newsscraper/browser/refused/method") == 1
    assert stat(drawn.run, "newsscraper/browser/refused/host") == 2
    assert stat(drawn.run, "newsscraper/browser/refused/kind") >= 7


def test_the_browser_is_no_other_visitor(drawn: Drawn) -> None:
    (agent,) = drawn.agents
    assert agent.startswith("newsscraper/")


def test_a_drawn_page_is_not_taken_for_unchanged_while_its_shell_is(drawn: Drawn) -> None:
    ledger = drawn.run.folder / "corpus" / "ledger" / f"{HOST}.sqlite"
    with closing(sqlite3.connect(ledger)) as connection:
        ((etag, digest),) = connection.execute("SELECT etag, digest FROM frontier WHERE url LIKE '%/1001/%'")
    assert etag is None
    assert digest != blake2b(shell("draw(1001)").encode(), digest_size=16).hexdigest()
