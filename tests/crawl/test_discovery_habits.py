"""What a site's URLs have turned out to hold, and what follows for the next ones."""

from __future__ import annotations

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.habits import Parameters, Shapes

SITE = "https://a.example"


def test_a_shape_that_yields_stories_is_asked_like_stories() -> None:
    shapes = Shapes()
    page = Found(url=f"{SITE}/x/4")
    for number in range(3):
        assert shapes.judge(page).kind == "page"
        shapes.note(f"{SITE}/x/{number}", is_story=True)
    assert shapes.judge(page).kind == "story"
    assert shapes.judge(Found(url=f"{SITE}/y/4")).kind == "page"
    shapes.note(f"{SITE}/x/9", is_story=False)
    assert shapes.judge(page).kind == "page"


def test_a_shape_that_only_looked_like_stories_loses_its_place() -> None:
    shapes = Shapes()
    story = Found(url=f"{SITE}/event/77712", kind="story")
    for number in range(10):
        assert shapes.judge(story).kind == "story"
        shapes.note(f"{SITE}/event/{number}", is_story=False)
    assert shapes.judge(story).kind == "page"
    assert shapes.judge(Found(url=story.url, kind="story", announced=True)).kind == "story"


def test_a_parameter_under_which_known_stories_come_back_is_taken_off() -> None:
    parameters = Parameters()
    for number in range(3):
        own = f"{SITE}/news/{number}"
        parameters.note(own, f"text {number}")
        assert parameters.own_address(f"{own}?from=home") == f"{own}?from=home"
        assert parameters.twin_of(f"{own}?from=home", f"text {number}") == own
        parameters.note(f"{own}?from=home", f"text {number}", own)
    assert parameters.own_address(f"{SITE}/news/9?from=x") == f"{SITE}/news/9"
    assert parameters.own_address("https://b.example/news/9?from=x") == "https://b.example/news/9?from=x"
    assert parameters.has_come(f"{SITE}/news/1?from=elsewhere")
    assert not parameters.has_come(f"{SITE}/news/8?from=elsewhere")


def test_the_story_that_a_token_led_to_is_not_asked_under_another() -> None:
    parameters = Parameters()
    for number in range(4):
        own = f"{SITE}/news/{number}?visit=a{number}"
        parameters.note(own, f"text {number}")
        parameters.note(f"{SITE}/news/{number}?visit=b{number}", f"text {number}", own)
    assert parameters.has_come(f"{SITE}/news/1")
    assert parameters.has_come(f"{SITE}/news/1?visit=c")
    assert not parameters.has_come(f"{SITE}/news/1?visit=a1")  # its own address: a revisit


def test_a_parameter_that_chooses_stays() -> None:
    parameters = Parameters()
    for number in range(4):
        parameters.note(f"{SITE}/view?id={number}", f"text {number}")
    for number in range(4):
        parameters.note(f"{SITE}/view?id=1{number}", f"text {number}", f"{SITE}/view?id={number}")
    assert parameters.own_address(f"{SITE}/view?id=7") == f"{SITE}/view?id=7"
    assert parameters.twin_of(f"{SITE}/view?id=7", "text 9") is None


def test_a_parameter_that_chooses_nothing_on_stories_may_choose_a_list() -> None:
    parameters = Parameters()
    for number in range(4):
        own = f"{SITE}/news/{number}"
        parameters.note(own, f"text {number}")
        parameters.note(f"{own}?cat=1", f"text {number}", own)
    assert parameters.own_address(f"{SITE}/news/9?cat=2") == f"{SITE}/news/9"
    assert parameters.own_address(f"{SITE}/list?cat=2") == f"{SITE}/list?cat=2"
    for number in range(4):
        own = f"{SITE}/?p={number}"
        parameters.note(own, f"text {number}")
        parameters.note(f"{own}&cat=1", f"text {number}", own)
    assert parameters.own_address(f"{SITE}/?cat=2") == f"{SITE}/?cat=2"
