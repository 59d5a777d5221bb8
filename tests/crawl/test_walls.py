"""What turns us away: how it is named, when a host is given up, and what that leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsscraper.crawl.course import Course
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.outcome import Outcome
from newsscraper.crawl.walls import Welcome, event_of, name_redirect, name_status, name_wall, read_wall, says_wall
from tests.crawl.courses import answer_of, commit, course_over, lease_of, story_of
from tests.store.ledgers import HOME, SITE, SetClock, read_events

SCRIPT = "<script>document.cookie='seen=1';location.reload()</script>"
CHALLENGE = f"<html><head><title>Just a moment...</title></head><body>{SCRIPT}</body></html>".encode()
DENIED = b"<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1><p>No leave.</p></body></html>"
SIGN_IN = (
    b"<html><head><title>Sign in</title></head><body><form><input name=who><input type=password></form></body></html>"
)


def found(path: str, **facts: Any) -> Found:
    return Found(url=HOME + path, **facts)


@pytest.mark.parametrize(
    ("reason", "source", "name"),
    [
        ("bot_wall", found("a"), "challenged:bot_wall"),
        ("consent_wall", found("a"), "consent:consent_wall"),
        ("login_wall", found("a", kind="story"), "paywalled:login_wall"),
        ("login_wall", found("a", announced=True), "paywalled:login_wall"),
        ("login_wall", found("", entrance=True), "paywalled:login_wall"),
        ("login_redirect", found("a", kind="story"), "paywalled:login_redirect"),
        ("paywall", found("a"), "paywalled:paywall"),
        ("no_text", found("a", kind="story"), None),
        (None, found("a", kind="story"), None),
    ],
)
def test_a_wall_is_named_by_its_event(reason: str | None, source: Found, name: str | None) -> None:
    assert name_wall(reason, source) == name


@pytest.mark.parametrize(
    ("reason", "path", "kind"),
    [
        ("login_wall", "account", "page"),
        ("login_wall", "login", "story"),
        ("login_redirect", "my-page", "page"),
        ("consent_wall", "consent/settings", "page"),
        ("consent_wall", "en/cookie-consent", "story"),
        ("paywall", "premium", "listing"),
    ],
)
def test_a_page_that_is_where_it_should_be_is_no_wall(reason: str, path: str, kind: Any) -> None:
    assert name_wall(reason, found(path, kind=kind)) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://consent.example.net/collect?back=x", "consent:consent_redirect"),
        ("https://example.net/privacy-gate/?from=x", "consent:consent_redirect"),
        ("https://cmp.example.net/", "consent:consent_redirect"),
        ("https://login.example.net/?next=x", "paywalled:login_redirect"),
        ("https://example.net/oauth2/authorize?x", "paywalled:login_redirect"),
        ("https://captcha.example.net/c?x", "challenged:challenge_redirect"),
        ("https://example.net/captcha.php?x", "challenged:challenge_redirect"),
        ("https://example.net/Auth?return_to=x", "paywalled:login_redirect"),
        ("https://example.net/auth/start?returnUrl=x", "paywalled:login_redirect"),
        ("https://example.net/auth/login", "paywalled:login_redirect"),
        ("https://example.net/auth/realms/all/openid-connect/auth", "paywalled:login_redirect"),
        ("https://example.net/news/consenting-adults", None),
        ("https://id.example.net/a/123", None),
        ("https://example.net/auth/jane-doe", None),
        ("https://example.net/auth/jane-doe?page=2", None),
        ("https://example.net/challenge-cup/final", None),
        ("https://example.net/validate-vote", None),
        ("https://example.net/health/consent-law", None),
        ("https://example.net/the_consent_law", None),
        ("https://challenge.example/economy", None),
        ("https://auth-news.example.net/", None),
        ("https://example.net/", None),
        ("https://[broken/", None),
    ],
)
def test_a_redirect_off_the_site_may_be_a_wall(url: str, name: str | None) -> None:
    assert name_redirect(url) == name


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("login?next=x", True),
        ("consent?back=x", True),
        ("auth/jane-doe", False),
        ("health/consent-law", False),
        ("a", False),
    ],
)
def test_an_address_on_the_site_says_that_one_signs_in_or_consents_there(path: str, says: bool) -> None:
    assert says_wall(HOME + path) is says


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (403, CHALLENGE, "challenged:http_403"),
        (503, CHALLENGE, "challenged:http_503"),
        (429, CHALLENGE, "challenged:http_429"),
        (403, DENIED, None),
        (401, SIGN_IN, "paywalled:http_401"),
        (402, b"", "paywalled:http_402"),
        (403, b"", None),
        (403, b"\x00\x01\x02" * 50, None),
        (500, b"<h1>Server error</h1>", None),
    ],
)
def test_a_page_with_an_errors_status_may_be_a_wall(status: int, body: bytes, name: str | None) -> None:
    assert name_status(status, body, HOME, None) == name


def test_access_denied_with_status_200_is_a_wall() -> None:
    assert read_wall(DENIED, HOME, None) == "bot_wall"


def test_counts_are_told_from_events() -> None:
    names = ("challenged:http_403", "refused:http_403", "paywalled", "failed:timeout", "not_story:listing")
    assert [event_of(name) for name in names] == ["challenged", "refused", None, None, None]


def test_a_host_is_given_up_after_so_many_refusals_in_a_row_and_for_good() -> None:
    welcome = Welcome(3)
    assert [welcome.note_refusal("https://a.example/1") for _ in range(2)] == [False, False]
    welcome.note_page("https://a.example/2")
    assert [welcome.note_refusal("https://a.example/3") for _ in range(4)] == [False, False, True, False]
    welcome.note_page("https://a.example/late")
    assert welcome.is_over("https://a.example/4")
    assert not welcome.is_over("https://b.example/4")


def test_without_a_bound_no_host_is_given_up() -> None:
    welcome = Welcome(0)
    assert not any(welcome.note_refusal("https://a.example/") for _ in range(50))
    assert not welcome.is_over("https://a.example/")


def counts(course: Course) -> dict[str, int]:
    return dict(course.tallies[SITE].counts)


def challenge(course: Course, path: str) -> None:
    commit(course, path, Outcome(kind="listing", reason="bot_wall", detail="a script"))


def test_a_host_that_turns_to_challenges_is_asked_no_more(tmp_path: Path) -> None:
    with course_over(tmp_path, refusals=3) as course:
        commit(course, "a", story_of())
        for path in "bcd":
            assert course.refusal(found("z", kind="story")) is None
            challenge(course, path)
        assert course.refusal(found("z", kind="story")) == "turned_away"
        assert course.refusal(found("feed", kind="feed")) == "turned_away"
        assert counts(course)["turned_away"] == 1


def test_pages_between_walls_keep_a_host_in_and_feeds_do_not(tmp_path: Path) -> None:
    with course_over(tmp_path, refusals=2) as course:
        challenge(course, "a")
        commit(course, "b", story_of())
        challenge(course, "c")
        assert course.refusal(found("z", kind="story")) is None
        commit(course, "feed", Outcome(kind="feed"), found("feed", kind="feed"))
        challenge(course, "d")
        assert course.refusal(found("z", kind="story")) == "turned_away"


def test_failures_with_a_refusing_status_count_and_others_do_not(tmp_path: Path) -> None:
    with course_over(tmp_path, refusals=2) as course:
        course.fail(found("a"), None, "failed:timeout")
        course.fail(found("b"), None, "gone", status=404)
        course.fail(found("c"), None, "refused:http_403", status=403)
        assert course.refusals_in_a_row(SITE) == 1
        course.fail(found("d"), None, "failed:host_resting")
        assert course.is_turned_away(HOME)


@pytest.mark.parametrize("name", ["challenged:http_403", "refused:http_403", "paywalled:login_redirect"])
def test_addresses_that_are_only_ever_refused_end_whatever_comes_from_others(tmp_path: Path, name: str) -> None:
    with course_over(tmp_path, barren_shape=3) as course:
        for number in range(16):
            course.fail(found(f"sold/{number}/{number}", kind="story"), None, name, status=403)
            commit(course, f"free/{number}", story_of(f"Story number {number}"))
        assert not course.is_turned_away(HOME)
        assert course.refusal(found("sold/77/77", kind="story")) == "barren"
        assert course.refusal(found("free/77", kind="story")) is None


def test_a_host_that_rests_says_nothing_of_its_addresses(tmp_path: Path) -> None:
    with course_over(tmp_path, refusals=0, barren_shape=1) as course:
        for number in range(16):
            course.fail(found(f"a/{number}/{number}", kind="story"), None, "failed:host_resting")
        assert course.refusal(found("a/77/77", kind="story")) is None


def test_a_wall_is_read_the_next_time_even_if_it_is_the_very_same(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        commit(course, "a", story_of(), etag='"1"')
        challenge(course, "a")
        lease = lease_of(course, found("a", kind="story"))
        assert (lease.etag, lease.last_modified, lease.digest) == (None, None, None)


def test_links_on_a_wall_are_not_followed(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        links = (found("policy"), found("partners"))
        commit(course, "a", Outcome(kind="listing", reason="consent_wall", found=links))
        assert course.ledgers[SITE].frontier.known(HOME + "policy") is None


def test_who_is_sent_to_sign_in_met_a_wall_even_where_that_page_is_known(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        commit(course, "login", Outcome(kind="listing", reason="login_wall"), found("login"))
        assert counts(course) == {"listings": 1, "not_story:login_wall": 1}
        asked = found("asked", kind="story")
        assert not course.knows_elsewhere(HOME + "login", asked, lease_of(course, asked))


def test_a_redirect_off_the_site_is_a_wall_only_for_what_should_be_a_story(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        story = course.fail(found("a", kind="story"), None, "paywalled:login_redirect", "to https://login.example/")
        account = course.fail(found("account"), None, "paywalled:login_redirect", "to https://login.example/")
        assert counts(course) == {"paywalled:login_redirect": 1, "offsite_redirects": 1}
        assert [event["event"] for event in story.settlement.events] == ["paywalled"]
        assert account.settlement.events == ()


def teaser(title: str = "The ferry is late", **facts: Any) -> Outcome:
    outcome = story_of(title, access="paywalled", complete=False, **facts)
    assert outcome.story is not None
    return outcome


def events_of(course: Course, corpus: Path) -> list[tuple[str, str, str]]:
    course.ledgers[SITE].seal()
    return [(event["event"], event.get("reason", ""), event["url"]) for event in read_events(corpus)]


def test_a_teaser_is_a_record_and_once_an_event(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        assert commit(course, "a", teaser()).verdict == "new"
        assert commit(course, "a", teaser()).verdict == "unchanged"
        assert counts(course)["paywalled"] == 1
        assert events_of(course, tmp_path) == [("paywalled", "teaser", HOME + "a")]


def test_a_new_version_of_a_teaser_is_told_again(tmp_path: Path) -> None:
    clock = SetClock()
    with course_over(tmp_path, clock) as course:
        commit(course, "a", teaser())
        clock.move(30 * 3600)
        assert commit(course, "a", teaser("The ferry is late again")).verdict == "changed"
        events = [each for each in events_of(course, tmp_path) if each[0] == "paywalled"]
        assert events == [("paywalled", "teaser", HOME + "a")] * 2
        assert counts(course)["paywalled"] == 2


def test_a_teaser_by_another_address_is_not_told_again(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        commit(course, "a", teaser())
        assert commit(course, "a?from=box", teaser(canonical_url=HOME + "a")).verdict == "duplicate"
        assert len(events_of(course, tmp_path)) == 1


def test_a_whole_story_that_is_sold_elsewhere_is_no_event(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        commit(course, "a", story_of(access="paywalled", complete=True))
        assert events_of(course, tmp_path) == []


def test_a_paywall_without_text_is_an_event_whose_links_are_followed(tmp_path: Path) -> None:
    with course_over(tmp_path, refusals=1) as course:
        commit(course, "a", Outcome(kind="listing", reason="paywall", found=(found("b", kind="story"),)))
        assert course.ledgers[SITE].frontier.known(HOME + "b") == "ready"
        assert course.refusal(found("b", kind="story")) is None
        assert counts(course) == {"paywalled:paywall": 1}
        assert events_of(course, tmp_path) == [("paywalled", "paywall", HOME + "a")]


def test_what_is_kept_of_a_page_can_be_printed(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        lease = lease_of(course, found("a", kind="story"))
        wall = Outcome(kind="listing", reason="bot_wall", detail="\x1b[2J\u202egnihtyna")
        course.settle(answer_of("a"), found("a", kind="story"), lease, wall)
        (example,) = course.tallies[SITE].examples["challenged:bot_wall"]
        assert example == f"{HOME}a (\\x1b[2J\\u202egnihtyna)"
