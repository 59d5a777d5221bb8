"""Story pages as bytes: declared encoding, every word of the story, furniture around it."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html as lxml_html
from newsscraper_demo.site import DemoSite, Page
from newsscraper_demo.story import DemoStory, read_editions, read_stories, read_words

BASE = "http://demo.example/"
WORDS = read_words()
STORIES = read_stories(read_editions(), WORDS)

each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.code))


def declared_charset(page: Page) -> str:
    """By the HTTP header, else the page's own label."""
    in_header = re.search(r"charset=([\w-]+)", page.headers["Content-Type"])
    in_page = re.search(rb"charset=\"?([\w-]+)", page.body[:600], re.IGNORECASE)
    if in_header:
        return in_header[1]
    assert in_page
    return in_page[1].decode()


def visible_text(page: Page) -> str:
    """The page's text, white space folded; script state where the story lives there."""
    tree = lxml_html.document_fromstring(page.body.decode(declared_charset(page)))
    state = tree.xpath("string(//script[@id='__NEXT_DATA__'])")
    for node in tree.xpath("//script | //style"):
        node.drop_tree()
    told = tell_strings(json.loads(state)) if state else []
    return " ".join(" ".join([tree.text_content(), *told]).split())


def tell_strings(data: object) -> list[str]:
    """Every string in a JSON value, without its tags."""
    if isinstance(data, dict):
        return [text for value in data.values() for text in tell_strings(value)]
    if isinstance(data, list):
        return [text for value in data for text in tell_strings(value)]
    return [lxml_html.fromstring(f"<div>{data}</div>").text_content()] if isinstance(data, str) else []


@each_story
def test_page_holds_title_and_every_paragraph(site: DemoSite, story: DemoStory) -> None:
    page = site.page(story.path, BASE)
    assert page.status == 200
    text = visible_text(page)
    for expected in [story.title, story.lead or "", story.caption or "", *story.tags, *story.authors]:
        assert expected in text
    for block in story.blocks:
        for cell in block.text.split("\t"):
            assert cell in text


@each_story
def test_page_is_the_same_every_time_and_has_no_unfilled_slot(site: DemoSite, story: DemoStory) -> None:
    page = site.page(story.path, BASE)
    assert site.page(story.path, BASE) == page
    html = page.body.decode(declared_charset(page))
    assert not re.search(r"\$\{?(?!id\()[a-z_]+|\{title\}|>None<|\"None\"", html)


@each_story
def test_furniture_surrounds_the_story(site: DemoSite, story: DemoStory) -> None:
    text = visible_text(site.page(story.path, BASE))
    words = WORDS[story.language]
    for label in ("home", "most_read", "newsletter_text", "cookies", "footer", "copyright"):
        assert words[label] in text
    if story.template != "next":
        for label in ("featured", "comments", "read_also"):
            assert words[label] in text
        longest = max(len(block.text) for block in story.blocks if block.kind == "p")
        comments = [c.format(title=story.title) for c in words["comments_text"]]
        assert max(len(c) for c in comments if c in text) > min(longest, 300)


def test_legacy_pages_are_in_their_old_encodings(site: DemoSite) -> None:
    charsets = {}
    for story in (s for s in site.stories if s.template == "table"):
        page = site.page(story.path, BASE)
        charsets[story.language] = (page.headers["Content-Type"], b"charset=" in page.body)
        with pytest.raises(UnicodeDecodeError):
            page.body.decode("utf-8")
    assert charsets == {"de": ("text/html", True), "ru": ("text/html; charset=windows-1251", False)}


@pytest.mark.parametrize("template", ["table", "hashed"])
def test_sidebar_stands_before_the_story_with_longer_teasers(site: DemoSite, template: str) -> None:
    for story in (s for s in site.stories if s.template == template):
        page = site.page(story.path, BASE)
        text = visible_text(page)
        words = WORDS[story.language]
        start = text.index(words["featured"])
        assert start < text.index(story.blocks[0].text)
        others = [s for s in site.stories if s is not story and s.title in text[start:]]
        teasers = [f"{s.lead} {s.blocks[0].text}" for s in others if s.lead]
        typical = sorted(len(b.text) for b in story.blocks if b.kind == "p")[len(story.blocks) // 2 - 1]
        assert max(len(teaser) for teaser in teasers if teaser in text) > typical


def test_sidebar_prints_each_headline_twice_some_cut_short(site: DemoSite) -> None:
    story = next(s for s in site.stories if s.code == 910001)
    tree = lxml_html.fromstring(site.page(story.path, BASE).body)
    items = tree.xpath("//div[@class='box_item']")
    captions = [item.xpath("string(div[@class='box_caption'])") for item in items]
    titles = [item.xpath("string(a[@class='box_title'])") for item in items]
    assert len(items) >= 5
    assert all(title.startswith(caption) for caption, title in zip(captions, titles, strict=True))
    assert 0 < sum(caption == title for caption, title in zip(captions, titles, strict=True)) < len(items)


def test_news_studio_shape(site: DemoSite) -> None:
    labels = {"en": "Story Code : ", "fa": "کد مطلب : ", "ar": "رمز الخبر : "}
    breaks = set()
    for story in (s for s in site.stories if s.template == "newsstudio"):
        html = site.page(story.path, BASE).body.decode()
        tree = lxml_html.fromstring(html)
        assert tree.xpath("string(//*[@id='docDiv3TitrMain'])") == story.title
        assert tree.xpath("string(//*[@id='docDocID'])") == labels[story.language] + str(story.code)
        assert tree.xpath("string(//*[@id='docDivLead1'])") == (story.lead or "")
        assert tree.xpath("string(//*[@id='docDiv3TitrRou'])") == (story.kicker or "")
        assert tree.xpath("//*[@class='tags']/a/text()") == list(story.tags)
        assert "ld+json" not in html
        body = tree.xpath("//*[@id='doctextarea']")[0]
        is_bare = (body.text or "").strip() == story.blocks[0].text
        breaks.add(len(body.xpath("br[count(preceding-sibling::*[not(self::br)])=0]")) if is_bare else None)
    assert breaks == {None, 1, 2}


def test_structured_data_of_the_modern_templates(site: DemoSite) -> None:
    for story in (s for s in site.stories if s.template in ("modern", "hashed")):
        tree = lxml_html.fromstring(site.page(story.path, BASE).body)
        data = json.loads(tree.xpath("string(//script[@type='application/ld+json'])"))
        news = next(n for n in data.get("@graph", [data]) if n["@type"] == "NewsArticle")
        assert (news["headline"], news["datePublished"]) == (story.title, story.date)
        assert news["keywords"] == list(story.tags)
        assert ("@graph" in data) is (story.template == "hashed")
    ferry = [s for s in site.stories if s.group == "ferry"]
    assert len({s.language for s in ferry}) == 4
    for story in ferry:
        tree = lxml_html.fromstring(site.page(story.path, BASE).body)
        siblings = tree.xpath("//link[@rel='alternate'][@hreflang]/@href")
        assert sorted(siblings) == sorted(s.url_on(BASE) for s in ferry if s is not story)


def test_microdata_names_every_field(site: DemoSite) -> None:
    for story in (s for s in site.stories if s.template == "microdata"):
        news = lxml_html.fromstring(site.page(story.path, BASE).body).xpath(
            "//*[@itemtype='https://schema.org/NewsArticle']"
        )[0]
        assert news.xpath("string(.//*[@itemprop='headline'])") == story.title
        assert news.xpath(".//*[@itemprop='datePublished']/@content") == [story.date]
        assert news.xpath(".//*[@itemprop='keywords']/text()") == list(story.tags)
        assert news.xpath("string(.//*[@itemprop='identifier'])") == str(story.code)


def test_story_of_a_script_page_stands_in_its_state_only(site: DemoSite) -> None:
    for story in (s for s in site.stories if s.template == "next"):
        tree = lxml_html.fromstring(site.page(story.path, BASE).body)
        state = json.loads(tree.xpath("string(//script[@id='__NEXT_DATA__'])"))
        assert state["props"]["pageProps"]["story"]["headline"] == story.title
        for node in tree.xpath("//script"):
            node.drop_tree()
        assert story.blocks[0].text not in tree.text_content()


def test_pictures_are_claimed_only_where_there_is_one(site: DemoSite) -> None:
    for story in site.stories:
        html = site.page(story.path, BASE).body.decode(story.charset)
        assert ("og:image" in html) is (story.template in ("modern", "hashed", "next") and story.image_path is not None)
        assert site.page(story.image_path or "/media/logo.png", BASE).headers["Content-Type"] == "image/png"
