from __future__ import annotations

import pytest

from newsscraper.crawl.summary import count_asked, count_failures, count_refusals, find_problems, judge_exit
from newsscraper.crawl.walls import ADVICE


def judge(
    stories: int, counts: dict[str, int], *, reason: str = "finished", follow: bool = True
) -> tuple[int, list[str]]:
    examples = {name: [f"https://a.example/{name}"] for name in counts}
    problems = find_problems(stories=stories, counts=counts, examples=examples, finish_reason=reason, follow=follow)
    return judge_exit(stories=stories, counts=counts, problems=problems), problems


def test_all_well() -> None:
    assert judge(5, {"listings": 9, "gone": 2, "robots": 3, "bounded:barren": 4, "duplicates": 1}) == (0, [])


@pytest.mark.parametrize(
    ("counts", "code", "word"),
    [
        ({"failed:unknown_host": 1}, 1, "no usable answer"),
        ({"failed:http_503": 3}, 1, "no usable answer"),
        ({"gone": 1}, 1, "no usable answer"),
        ({"refused:http_403": 2}, 4, "refused or challenged"),
        ({"challenged:bot_wall": 1}, 4, "refused or challenged"),
        ({"robots": 2}, 4, "robots.txt forbids"),
        ({"listings": 7}, 1, "7 pages were read"),
        ({"listings": 7, "robots": 1}, 1, "7 pages were read"),
        ({"offsite_redirects": 1}, 1, "another one"),
        ({"failed:faulty_record": 1}, 1, "faulty"),
    ],
)
def test_no_story_is_never_silent(counts: dict[str, int], code: int, word: str) -> None:
    exit_code, problems = judge(0, counts)
    assert exit_code == code
    assert word in problems[0]


def test_failures_beside_stories_are_named() -> None:
    exit_code, problems = judge(5, {"failed:timeout": 4, "refused:http_403": 1})
    assert exit_code == 1
    assert problems == [
        "4 failed: timeout (https://a.example/failed:timeout; and 3 more)",
        "1 refused by the site: http_403 (https://a.example/refused:http_403)",
        ADVICE["refused"],
    ]


def test_each_kind_of_wall_has_a_line_of_advice_once() -> None:
    counts = {"challenged:bot_wall": 2, "challenged:http_403": 1, "consent:consent_wall": 1, "paywalled:login_wall": 1}
    exit_code, problems = judge(9, counts)
    assert exit_code == 1
    assert problems[-3:] == [ADVICE["challenged"], ADVICE["consent"], ADVICE["paywalled"]]
    assert (count_failures(counts), count_refusals(counts), count_asked(counts)) == (5, 5, 5)


def test_teasers_are_stories_and_no_fault() -> None:
    assert judge(5, {"story": 5, "paywalled": 5}) == (0, [])


def test_a_host_that_was_given_up_is_a_refusal_however_many_stories_came_before() -> None:
    exit_code, problems = judge(500, {"challenged:bot_wall": 10, "turned_away": 1, "bounded:turned_away": 70})
    assert exit_code == 4
    assert problems[1].startswith("1 host turned everything away, and was asked no more")
    assert problems[2].startswith("70 left for the next run")


def test_more_refusals_than_stories() -> None:
    assert judge(5, {"refused:http_429": 6})[0] == 4


def test_a_list_of_stories_accounts_for_each() -> None:
    assert judge(5, {"gone": 1}, follow=False)[0] == 1
    assert judge(5, {"not_story:listing": 1}, follow=False)[0] == 1


def test_a_list_says_what_it_means() -> None:
    counts = {"gone": 2, "robots": 1, "failed:bad_line": 1, "offsite_redirects": 1, "ignored:content_type": 1}
    assert [problem.partition(" (")[0] for problem in judge(5, counts, follow=False)[1]] == [
        "1 no URL",
        "2 gone",
        "1 ignored: content_type",
        "1 redirected to another site",
        "1 forbidden by robots.txt",
    ]
    assert (count_failures(counts, follow=False), count_failures(counts)) == (6, 1)


def test_cut_short() -> None:
    assert judge(5, {}, reason="shutdown") == (1, ["the run was cut short (shutdown)"])
    assert judge(5, {}, reason="closespider_itemcount") == (0, [])


@pytest.mark.parametrize("name", ["out_of_range", "bounded:before_since", "bounded:after_until"])
def test_nothing_within_since_and_until_is_no_fault(name: str) -> None:
    assert judge(0, {"listings": 7, name: 3}) == (0, [])
    assert judge(0, {"listings": 7, name: 3, "robots": 2, "gone": 1}) == (0, [])


def test_nothing_within_since_and_until_does_not_hide_what_failed() -> None:
    outside = {"listings": 7, "bounded:before_since": 2, "out_of_range": 1}
    assert judge(0, outside | {"failed:timeout": 1, "robots": 1}) == (
        1,
        [
            "no story was found: what was seen lies outside since= and until= (3 in all)",
            "1 failed: timeout (https://a.example/failed:timeout)",
        ],
    )
    exit_code, problems = judge(0, outside | {"refused:http_403": 1})
    assert (exit_code, problems[0]) == (4, "no story was found: the site refused or challenged us")
    assert judge(0, outside | {"gone": 1}, follow=False)[0] == 1


def test_a_site_all_of_whose_stories_are_withheld_has_answered_well_and_that_is_told() -> None:
    counts = {"listings": 7, "withheld:noai": 2, "withheld:tdm-reservation": 1, "robots": 1}
    told = (
        "no story was kept: 2 withheld for the purpose: noai (https://a.example/withheld:noai; and 1 more); "
        "1 withheld for the purpose: tdm-reservation (https://a.example/withheld:tdm-reservation)"
    )
    assert judge(0, counts) == (0, [told])
    assert judge(0, counts | {"failed:timeout": 1})[0] == 1
    assert judge(0, counts | {"refused:http_403": 1})[0] == 1
    assert judge(0, counts | {"refused:http_403": 4})[0] == 4


def test_what_is_withheld_beside_stories_is_no_fault() -> None:
    assert judge(5, {"story": 7, "withheld:noai": 2, "nofollow": 1}) == (0, [])


def test_pages_whose_links_may_not_be_followed_are_told_where_no_story_was_found() -> None:
    assert judge(0, {"listings": 1, "nofollow": 1}) == (
        1,
        [
            "no story was found: 1 page was read and none was a story; 1 asked that their links are not followed "
            "(https://a.example/nofollow)"
        ],
    )
