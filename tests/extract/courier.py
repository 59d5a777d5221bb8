"""Pages of a made-up site, the Courier, whose stories have nothing in common but what a test gives them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from newsscraper import Evidence, extract

APPEAL = (
    "Reporting from every parish costs money, and nobody pays for it but you: become a member of the Courier's circle "
    "today, and we shall still be there tomorrow."
)
NOTE = "Marit Oldam crosses the sound with the first boat every other week; her letters from the islands stand here."
QUOTE = "“Nobody asked the people who have to live with it, and so nobody should wonder what they say of it now.”"

_PARTS = (
    ("The harbour master", "A teacher of the old school", "The council's clerk", "One of the millers", "A diver"),
    ("told the meeting that", "wrote in a letter that", "doubts whether", "had not expected that", "remembers how"),
    ("the bridge over the mill race", "the winter timetable", "the roof of the boat hall", "the new well"),
    ("would be paid for", "had to wait until spring", "could stay as it was", "was worth a noisy summer"),
    ("in the lower town", "behind the rope walk", "on the outer islands", "along the old tramway"),
)

_TITLE_WORDS = (
    "bridge ferry council harbour winter school mill tower library orchard tram market doctor bakery river lamp fair "
    "garden chapel museum boat teacher forest railway theatre bell concert quarry stable window letter island dike"
)

Page = tuple[str, str]


def prose(number: int, count: int = 6) -> list[str]:
    """Paragraphs that no other number has."""
    dice = random.Random(number)
    sentences = [" ".join(dice.choice(part) for part in _PARTS) for _ in range(count)]
    return [f"{text}, after {number * 100 + place} days of talks." for place, text in enumerate(sentences)]


def make_title(number: int) -> str:
    """A headline whose words no other number's has, or hardly one of them."""
    words = random.Random(f"title {number}").sample(_TITLE_WORDS.split(), 12)
    return " ".join(first + second for first, second in zip(words[:6], words[6:], strict=True)).capitalize()


def page(number: int, paragraphs: Sequence[str], *, below: str = "", title: str | None = None) -> Page:
    """A page and its URL; what begins with a tag stands as it is."""
    headline = title or make_title(number)
    text = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in paragraphs)
    html = (
        f'<!DOCTYPE html><html lang="en"><head><title>{headline}</title></head><body class="story-{number} tagged">'
        f"<article><h1>{headline}</h1><div class='text'>{text}</div>{below}</article></body></html>"
    )
    return html, f"https://courier.example/story/{number}"


def body_of(one: Page, evidence: Evidence | None = None) -> list[str]:
    return extract(*one, evidence=evidence).body.split("\n\n")


def with_appeal(count: int) -> list[Page]:
    """Stories that ask for money after the third paragraph."""
    return [page(n, [*prose(n)[:3], APPEAL, *prose(n)[3:]]) for n in range(count)]
