"""Headlines that only sound like walls and errors are headlines; walls and errors are told apart from them."""

from __future__ import annotations

import pytest

from newsscraper import extract
from newsscraper.errors import NotAStory

BODY = """<p>The board met on Monday in the old harbour hall and talked for three hours about the crane.</p>
<p>Nobody voted against it, and nobody was surprised by that, since the paint had been bought in spring.</p>
<p>In May the painters come, and the harbour will smell of it for a week, the harbour master wrote.</p>"""


def page(title: str, body: str = BODY) -> str:
    return f"<html lang='en'><head><title>{title} - The Quay</title></head><body><h1>{title}</h1>{body}</body></html>"


@pytest.mark.parametrize(
    "title",
    [
        "S&amp;P 500 closes at record high after rate decision",
        "More than 500 march through the old town",
        "500 march through the old town",
        "Ford recalls 410 cars",
        "Missing boy not found after third night of search",
        "One moment in time: the singer at 60",
        "Please wait your turn, says minister",
        "Attention required for cyclists at the old bridge, police say",
    ],
)
def test_headlines_stay_headlines(title: str) -> None:
    assert extract(page(title), "https://consent-news.example/a").body.count("\n\n") == 2


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("404 Not Found", "error_page"),
        ("404", "error_page"),
        ("Error 500", "error_page"),
        ("Page not found", "error_page"),
        ("Seite nicht gefunden", "error_page"),
        ("صفحه یافت نشد", "error_page"),
        ("Just a moment...", "bot_wall"),
        ("Access denied", "bot_wall"),
        ("Are you a robot?", "bot_wall"),
    ],
)
def test_walls_and_errors_are_told(title: str, reason: str) -> None:
    with pytest.raises(NotAStory) as refusal:
        extract(page(title))
    assert refusal.value.reason == reason


CONSENT = "We and our 42 partners use cookies for tracking and advertising. Manage your consent and your privacy here."


def test_consent_laid_over_a_story_is_no_wall() -> None:
    overlay = f"<div class=consent>{f'<p>{CONSENT}</p>' * 3}</div>"
    story = extract(page("The crane gets new paint", overlay + BODY))
    assert story.body.startswith("The board met")


def test_consent_and_nothing_else_is_a_wall() -> None:
    with pytest.raises(NotAStory) as refusal:
        extract(page("Before you go on", f"<div class=consent>{f'<p>{CONSENT}</p>' * 5}</div>"))
    assert refusal.value.reason == "consent_wall"


SCRIPT = "<script>(function(){document.cookie='seen='+1;location.reload()})()</script>"


def bare(title: str, body: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def reason_of(html: str, url: str | None = "https://quay.example/news/ferry-1001") -> str:
    with pytest.raises(NotAStory) as refusal:
        extract(html, url)
    return refusal.value.reason


@pytest.mark.parametrize(
    "title",
    ["Nur einen Moment…", "Un instant...", "Un momento…", "Один момент…", "请稍候…", "しばらくお待ちください...",
     "잠시만 기다리십시오…", "Bir dakika lütfen…", "لحظة...", "لطفاً صبر کنید", "Chwileczkę…", "Even geduld..."],
)  # fmt: skip
def test_checks_are_headed_in_many_languages(title: str) -> None:
    assert reason_of(bare(title, f"<noscript>JavaScript</noscript>{SCRIPT}")) == "bot_wall"


def test_a_heading_alone_makes_no_check() -> None:
    assert reason_of(bare("Un instant...", "<h1>Un instant...</h1><p>Poème.</p>")) == "no_text"


@pytest.mark.parametrize(
    "html",
    [
        bare("", SCRIPT),
        bare("quay.example", '<script>var _0x=["cookie","reload"];document[_0x[0]]="a";location[_0x[1]]()</script>'),
        bare("quay.example", '<div id="x"></div><script src="https://abc.token.awswaf.com/abc/challenge.js"></script>'),
        bare("quay.example", '<script src="/_sec/cp_challenge/ak-challenge-4-0.htm"></script><p>Processing.</p>'),
        bare("Checking", '<script id="anubis_challenge" type="application/json">{}</script><p>One second.</p>'),
        bare("Check", '<form><div data-sitekey=abc></div><input type=hidden name=t><button>Go</button></form>'),
    ],
)  # fmt: skip
def test_a_check_without_words_is_told_by_its_scripts(html: str) -> None:
    assert reason_of(html) == "bot_wall"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (bare("The Quay", f"<div id=root></div>{SCRIPT}", "<link rel=stylesheet href=/app.css>"), "empty"),
        (bare("The Quay", "<div id=root></div><script>document.cookie='a=b'</script>"), "empty"),
        (
            bare("Write to us", "<h1>Write to us</h1><form><input name=name><textarea></textarea><p>Thank you.</p>"
                 "<div class=g-recaptcha data-sitekey=abc></div></form>"),
            "no_text",
        ),
    ],
)  # fmt: skip
def test_shells_and_forms_are_no_checks(html: str, reason: str) -> None:
    assert reason_of(html) == reason


def test_a_story_that_is_headed_like_a_check_is_one() -> None:
    dated = '<meta property="article:published_time" content="2024-03-05T10:00:00Z">'
    html = page("Just a moment").replace("</head>", f"{dated}</head>")
    assert extract(html, "https://quay.example/a").title == "Just a moment"


@pytest.mark.parametrize(
    ("ask", "accept"),
    [
        ("We would like to store cookies on your device.", "Accept"),
        ("نود تخزين ملفات تعريف الارتباط على جهازك.", "أوافق"),
        ("ما می‌خواهیم کوکی‌ها را روی دستگاه شما ذخیره کنیم.", "می‌پذیرم"),
        ("Мы хотим сохранить файлы на вашем устройстве, если вы не против этого.", "Да"),
        ("デバイスにクッキーを保存します。", "同意する"),
    ],
)
def test_a_request_for_consent_is_told_by_the_part_that_it_stands_in(ask: str, accept: str) -> None:
    buttons = f"<button>{accept}</button><button>?</button>"
    body = f"<main class='consent' role=dialog><h1>{ask}</h1>{f'<p>{ask}</p>' * 4}<form>{buttons}</form></main>"
    assert reason_of(bare(ask, body)) == "consent_wall"


def test_a_page_wrapped_in_a_part_named_after_cookies_stays_a_story() -> None:
    menu = "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(12))
    wrapped = f"<div id='cookies'><ul>{menu}</ul><button>Menu</button><h1>The crane gets paint</h1>{BODY}</div>"
    assert extract(bare("The crane gets paint", wrapped), "https://quay.example/a").body.startswith("The board met")


FORM = "<form method=post><label>Name <input name=who></label><label>Key <input type=password name=key></label></form>"


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (bare("Readers", f"<main><h1>Readers</h1>{FORM}</main>"), "https://quay.example/news/ferry-1001"),
        (bare("تسجيل الدخول", f"<h1>تسجيل الدخول</h1><p>{'لقراءة هذا الخبر سجل دخولك أولا. ' * 8}</p>{FORM}"), None),
        (
            bare("Welcome", "<h1>Welcome</h1><form><input type=email name=mail><button>Next</button></form>"),
            "https://quay.example/auth/sign-in?next=%2Fnews%2F1",
        ),
    ],
)
def test_a_form_to_sign_in_is_no_story(html: str, url: str | None) -> None:
    assert reason_of(html, url) == "login_wall"


@pytest.mark.parametrize(
    "part", ["<header>{}</header>", "<div class='login-modal modal'>{}</div>", "<aside>{}</aside>"]
)
def test_a_form_to_sign_in_on_every_page_says_nothing(part: str) -> None:
    short = page("The crane gets new paint", part.format(FORM) + "<p>Soon.</p>")
    assert reason_of(short) == "no_text"


def test_a_form_under_a_story_is_for_those_who_comment() -> None:
    assert extract(page("The crane gets new paint", BODY + FORM), "https://quay.example/a").body.startswith("The board")


def test_a_story_of_which_nothing_is_free_is_behind_a_paywall() -> None:
    sold = '<meta property="article:content_tier" content="locked">'
    html = page("The crane gets new paint", "<p>Read on with a subscription.</p>").replace("</head>", f"{sold}</head>")
    assert reason_of(html) == "paywall"


def test_an_error_page_amid_notices_on_cookies_is_an_error_page() -> None:
    notices = "<p>Cookies, privacy, advertising, partners</p>" * 4
    with pytest.raises(NotAStory) as no:
        extract(page("Page not found", f"<p>The page that you asked for has been moved.</p>{notices}"))
    assert no.value.reason == "error_page"
