"""The explanation in a real browser, on a desktop and on a phone."""

from __future__ import annotations

import pytest

from .conftest import DESKTOP, PHONE
from .pages import ARABIC, DROPPED, HOSTILE, LISTING, PARAGRAPHS, TITLE, story

BOTH = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
UNBROKEN = "w" * 400
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
CONTRASTS = """() => {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  return [...document.querySelectorAll("*")]
    .filter((node) => node.getClientRects().length && !node.disabled)
    .filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()))
    .map((node) => {
      const [a, b] = [luminance(getComputedStyle(node).color), luminance(behind(node))];
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.outerHTML.slice(0, 90)];
    });
}"""


@BOTH
def test_a_hostile_page_does_nothing(show, viewport):
    shown = show(HOSTILE, viewport)
    page = shown.page
    for block in page.locator(".block:visible").all()[:40]:
        block.hover()
    page.locator(".block", has_text="A link that would run").first.click()
    page.click("#fields > summary")
    for lost in page.locator(".others summary").all():
        lost.click()
    page.wait_for_timeout(200)
    assert page.evaluate("window.pwned") is None
    assert page.title().startswith("Explained: Ferry </title><script>")
    assert [url for url in shown.requests if url != page.url] == []
    assert shown.complaints == []
    assert page.locator("body :is([src], [href], [style], [onerror], [onmouseover], a, img, iframe, form)").count() == 0
    assert page.locator("script").count() == 1
    assert page.locator("style").count() == 1
    assert shown.block("as papers print").locator(".x").inner_text().startswith("A line with </script>")
    assert "evil.example/ld.png" in page.inner_text("#fields")


def test_a_script_that_slipped_in_would_not_run(show, tmp_path):
    shown = show(story())
    file = tmp_path / "explained.html"
    planted = "<script>window.pwned = 1</script><img src='http://evil.example/a.png' onerror='window.pwned = 2'></main>"
    file.write_text(file.read_text(encoding="utf-8").replace("</main>", planted), encoding="utf-8")
    shown.page.reload()
    shown.page.wait_for_timeout(200)
    assert shown.page.locator("img").count() == 1
    assert shown.page.evaluate("window.pwned") is None
    assert any("Content Security Policy" in complaint for complaint in shown.complaints)


@BOTH
def test_nothing_is_wider_than_the_window(show, viewport):
    page = story(
        UNBROKEN, (UNBROKEN, *PARAGRAPHS), extra=f"<pre>{UNBROKEN}</pre><table><tr><td>{UNBROKEN}</td></tr></table>"
    )
    page = page.replace("<article>", f'<article class="{UNBROKEN}">')
    for html in (page, ARABIC, LISTING):
        shown = show(html, viewport)
        assert shown.page.evaluate(FITS)
        shown.page.click("#fields > summary")
        shown.page.click("#reasons > summary")
        shown.page.click("#to-story")
        shown.page.click("#told summary")
        assert shown.page.evaluate(FITS)


def test_the_bar_leaves_room_for_the_block_on_a_phone(show):
    shown = show(story(), PHONE, has_touch=True, is_mobile=True)
    for _ in range(12):
        shown.page.tap("#next-block")
        block, bar = shown.page.locator(".block.chosen").bounding_box(), shown.page.locator("#bar").bounding_box()
        finder = shown.page.locator(".finder").bounding_box()
        assert block["y"] + block["height"] <= bar["y"]
        assert block["y"] >= finder["y"] + finder["height"]


@BOTH
def test_hover_tells_the_reason(show, viewport):
    shown = show(story(), viewport)
    assert "Point at a line" in shown.told()
    dropped = shown.block(DROPPED)
    dropped.hover()
    reason = dropped.locator(".reason").text_content()
    assert "dropped: boilerplate" in shown.told()
    assert reason in shown.told()
    assert f"score {dropped.locator('.score').text_content()}" in shown.told()
    shown.block(PARAGRAPHS[0]).hover()
    assert "kept: body" in shown.told()


def test_reasons_stand_beside_blocks_on_a_desktop_only(show):
    assert show(story(), DESKTOP).block(DROPPED).locator(".reason").is_visible()
    assert not show(story(), PHONE).block(DROPPED).locator(".reason").is_visible()


def test_a_tap_tells_the_reason(show):
    shown = show(story(), PHONE, has_touch=True, is_mobile=True)
    shown.block(PARAGRAPHS[1]).tap()
    assert shown.chosen() == PARAGRAPHS[1]
    assert "kept: body" in shown.told()


def test_walking_by_keyboard(show):
    shown = show(story())
    page = shown.page
    texts = page.locator(".block > .x").all_inner_texts()
    page.keyboard.press("s")
    assert shown.chosen() == TITLE
    assert "set apart: title" in shown.told()
    place = texts.index(TITLE)
    for key, step in (("j", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("k", 0), ("k", -1), ("Home", -place)):
        page.keyboard.press(key)
        assert shown.chosen() == texts[place + step]
        assert page.evaluate("document.activeElement.className").split()[0] == "block"
        described = page.evaluate(
            "document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText"
        )
        told = page.locator("#told .told-reasons").inner_text().splitlines()
        assert told
        assert all(reason in described for reason in told)
    page.keyboard.press("End")
    assert shown.chosen() == texts[-1]
    page.keyboard.press("j")
    assert shown.chosen() == texts[-1]


def test_tab_reaches_the_blocks_once(show):
    page = show(story()).page
    page.focus("#blocks .block[tabindex='0']")
    assert page.locator("#blocks .block[tabindex='0']").count() == 1
    assert "dropped" in page.inner_text("#told")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#blocks')") is None


@pytest.mark.parametrize(
    "typed",
    [
        DROPPED,
        "more FERRIES that did",
        "more\n   ferries, that-did…",
        f"x{DROPPED}"[1:],
    ],
)
def test_search_finds_a_line_and_says_why(show, typed):
    shown = show(story())
    shown.page.keyboard.press("/")
    shown.page.keyboard.insert_text(typed)
    shown.page.wait_for_selector(".block.chosen")
    assert shown.chosen() == DROPPED
    assert shown.page.inner_text("#found") == "1 of 1"
    assert "dropped: boilerplate" in shown.told()
    box = shown.page.locator(".block.chosen").bounding_box()
    assert 0 <= box["y"] < shown.page.locator("#bar").bounding_box()["y"]


def test_search_begins_with_the_line_that_is_exactly_this(show):
    shown = show(story(extra=f"<p>{DROPPED} were seen at the quay by all of the passengers who had waited there.</p>"))
    shown.page.fill("#find", DROPPED)
    shown.page.wait_for_selector(".block.chosen")
    assert shown.chosen() == DROPPED
    assert shown.page.inner_text("#found") == "2 of 2"
    shown.page.keyboard.press("Enter")
    assert shown.chosen().startswith(f"{DROPPED} were seen")
    shown.page.keyboard.press("Shift+Enter")
    assert shown.chosen() == DROPPED


def test_search_over_several_blocks_and_beyond_all(show):
    shown = show(story())
    shown.page.fill("#find", " ".join(PARAGRAPHS[:2]))
    shown.page.wait_for_selector(".block.chosen")
    assert (shown.chosen(), shown.page.inner_text("#found")) == (PARAGRAPHS[0], "1 of 2")
    shown.page.fill("#find", "a line that only a script would show")
    shown.page.wait_for_selector("#found.none")
    assert "No block holds this" in shown.page.inner_text("#found")
    shown.page.keyboard.press("Escape")
    assert shown.page.inner_text("#found") == ""


def test_search_in_arabic_takes_either_yeh(show):
    shown = show(ARABIC)
    shown.page.fill("#find", "الرصیف السفلی راسیة")
    shown.page.wait_for_selector(".block.chosen")
    assert "الرصيف السفلي راسية" in shown.chosen()


def test_filters_hide_kinds_and_search_reveals_them(show):
    shown = show(story())
    page = shown.page
    page.uncheck("#show-dropped")
    assert page.locator(".block.dropped:visible").count() == 0
    assert page.locator(".block.kept:visible").count() > 3
    assert page.locator(".part:visible", has_text="nav").count() == 0
    page.uncheck("#show-body")
    assert page.locator(".block.kind-body:visible").count() == 0
    page.fill("#find", DROPPED)
    page.wait_for_selector(".block.chosen")
    assert page.locator(".block.chosen").is_visible()
    assert page.is_checked("#show-dropped")


def test_walking_leaves_out_what_is_hidden(show):
    shown = show(story())
    shown.page.uncheck("#show-dropped")
    shown.page.keyboard.press("s")
    shown.page.uncheck("#show-dropped")
    shown.page.keyboard.press("j")
    for text in PARAGRAPHS:
        assert shown.chosen() == text
        shown.page.keyboard.press("j")


def test_a_reason_walks_through_its_blocks(show):
    shown = show(story())
    shown.page.click("#reasons > summary")
    button = shown.page.locator("#reasons button").first
    reason = button.locator("span").inner_text()
    button.click()
    assert reason in shown.told()
    first = shown.chosen()
    button.click()
    assert reason in shown.told()
    assert shown.chosen() != first


def test_a_link_to_a_block_chooses_it(show):
    assert show(story(), place="#block-12").page.locator(".block.chosen").get_attribute("id") == "block-12"
    assert show(story(), place="#block-99999").page.locator(".block.chosen").count() == 0


def test_right_to_left_text_in_a_left_to_right_page(show):
    shown = show(ARABIC, PHONE)
    direction = "node => getComputedStyle(node).direction"
    assert shown.block("العبارة المتجهة").locator(".x").evaluate(direction) == "rtl"
    assert shown.block("Section 3").locator(".x").evaluate(direction) == "ltr"
    assert shown.page.locator("h1").evaluate(direction) == "rtl"
    assert shown.page.locator("#told").evaluate(direction) == "ltr"
    assert shown.block("العبارة المتجهة").locator(".x").get_attribute("lang") == "ar"


@BOTH
@SCHEMES
def test_text_stands_out_from_what_is_behind_it(show, viewport, scheme):
    shown = show(
        story(extra="<figure><figcaption>The ferry on Monday</figcaption></figure>"), viewport, color_scheme=scheme
    )
    shown.page.click("#fields > summary")
    shown.block(DROPPED).click()
    shown.page.uncheck("#show-table")
    shown.page.fill("#find", "nowhere at all")
    shown.page.wait_for_selector("#found.none")
    contrasts = shown.page.evaluate(CONTRASTS)
    assert len(contrasts) > 60
    assert min(contrasts)[0] >= 4.5, min(contrasts)


def test_dark_and_light_schemes(show):
    background = "getComputedStyle(document.body).backgroundColor"
    light, dark = (show(story(), color_scheme=scheme).page.evaluate(background) for scheme in ("light", "dark"))
    assert light == "rgb(255, 255, 255)"
    assert max(map(int, dark[4:-1].split(","))) < 50


def test_print_shows_reasons_and_no_controls(show):
    page = show(story(), PHONE).page
    page.emulate_media(media="print")
    assert page.locator(".block .reason:visible").count() == page.locator(".block").count()
    assert page.locator("#bar:visible, .finder:visible").count() == 0


def test_without_scripts_reasons_and_filters_are_there(show):
    shown = show(story(), PHONE, java_script_enabled=False)
    assert shown.page.locator("#bar:visible, .finder:visible, #reasons:visible").count() == 0
    dropped = shown.block(DROPPED)
    dropped.hover()
    assert dropped.locator(".reason").is_visible()
    shown.page.locator(".switch", has_text="dropped").click()
    assert not dropped.is_visible()


def test_a_refused_page_says_so(show):
    shown = show(LISTING)
    assert "Refused, no story: no_text" in shown.page.inner_text(".banner")
    assert shown.page.locator(".block").count() == 3


def test_cells_of_a_row_stand_side_by_side(show):
    shown = show(story())
    day, passengers = (shown.page.locator(".row > .block", has_text=text).bounding_box() for text in ("Monday", "412"))
    assert day["y"] == passengers["y"]
    assert day["x"] < passengers["x"]


def test_a_page_without_blocks_takes_every_key(show):
    shown = show("<html><head><title>The Harbour Courier</title></head><body><div id=app></div></body></html>")
    for key in ("s", "j", "k", "n", "p", "/", "Enter", "Escape"):
        shown.page.keyboard.press(key)
    shown.page.click("#next-block")
    assert shown.complaints == []
