"""A page already flattened to text: one line a block, no markup.

Labels, repetition, the shape of lines and their place do here what the tree does for HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from newsscraper.errors import NotAStory, UnreadablePage
from newsscraper.extract.dates import ReadDate, find_dates, to_utc, with_zone
from newsscraper.extract.fields.language import detect_language
from newsscraper.extract.fields.names import clean_names
from newsscraper.extract.fields.tags import split_tag_line
from newsscraper.extract.labels import cut_label, find_code, read_code
from newsscraper.extract.prose import ends_sentence
from newsscraper.extract.refusal import MIN_TEXT
from newsscraper.extract.similar import contained, is_copy
from newsscraper.extract.text import count_letters, fix_line, fold, has_digit, unique
from newsscraper.sites.profile import Profile
from newsscraper.story import Story

_LIST = re.compile(r"\s*[,;،؛|、，；•·#]\s*|\s+/\s+")
_NEAR = 14
"""Lines above the body in which headline, date and code are looked for."""
_MAX_LINE = 100_000


@dataclass(frozen=True)
class _Line:
    index: int
    text: str
    folded: str
    letters: int
    prose: bool
    copies: int
    """How many lines are this very text."""

    @cached_property
    def is_label(self) -> bool:  # a label of what never stands inside a story
        return (
            any(cut_label(self.text, name) is not None for name in ("story_code", "tags", "comments"))
            and self.letters < 80
        )


def read_dump(text: str, url: str | None, profile: Profile, fetched_at: str | None, *, force: bool) -> Story:
    """The story in a text dump. Raises `UnreadablePage` for empty text, `NotAStory` for one without a story."""
    lines = _split_lines(text)
    if not lines:
        raise UnreadablePage("the text is empty: nothing but white space was given")
    within = _find_body(lines, fetched_at)
    title = _find_title(lines, within)
    body = _assemble(lines[within.start : within.stop], title)
    letters = count_letters(body)
    if not force and (title is None or letters < MIN_TEXT):
        raise _refusal(lines, letters)
    if title is None:
        raise NotAStory("no_headline", "a record needs a title, and no line of the text can serve as one")
    date = _find_date(lines, title, within, profile, fetched_at)
    iso = with_zone(date.iso, profile.zone) if date and profile.zone else date.iso if date else None
    return Story(
        title=title.text,
        date=iso,
        story_code=_find_code(lines, title, url, profile),
        body=body,
        tags=_find_tags(lines[within.stop :], f"{title.text}\n{body}", profile),
        authors=_find_authors(lines[max(0, title.index - 3) : within.start + 1], title),
        date_utc=to_utc(iso) if iso else None,
        date_raw=date.raw if date else None,
        language=detect_language(body) or _edition_language(profile, url),
        publisher=profile.publisher,
    )


def _split_lines(text: str) -> list[_Line]:
    texts = [fix_line(line[:_MAX_LINE]) for line in text.splitlines()]
    texts = [line for line in texts if line]
    folded = [fold(line) if len(line) < 400 else line for line in texts]
    places: dict[str, int] = {}
    for one in folded:
        places[one] = places.get(one, 0) + 1
    return [
        _Line(i, line, f, count_letters(line), _is_prose(line), places[f] if f else 0)
        for i, (line, f) in enumerate(zip(texts, folded, strict=True))
    ]


def _is_prose(line: str) -> bool:
    letters = count_letters(line)
    return letters >= 180 or (letters >= 60 and ends_sentence(line))


def _weight(line: _Line, fetched_at: str | None) -> float:
    """For or against being story text, in letters."""
    if line.is_label:
        return -300.0
    if line.copies > 1:
        return -80.0
    if line.prose:
        return float(min(line.letters, 600))
    if line.letters < 60 and _date_in(line, fetched_at) is not None:
        return -70.0
    return -30.0


def _date_in(line: _Line, fetched_at: str | None, language: str | None = None) -> ReadDate | None:
    if not has_digit(line.text):
        return None
    return next(iter(find_dates(line.text, language=language, not_after=fetched_at)), None)


def _find_body(lines: list[_Line], fetched_at: str | None) -> range:
    """The run of lines that weighs most; it begins and ends with prose."""
    best, best_range, total, start = 0.0, range(0), 0.0, 0
    for line in lines:
        if total <= 0:
            total, start = 0.0, line.index
        total += _weight(line, fetched_at)
        if total > best:
            best, best_range = total, range(start, line.index + 1)
    return best_range


def _find_title(lines: list[_Line], body: range) -> _Line | None:
    """The line above the body that reads as a headline: no label, no date, its words in the body, repeated perhaps."""
    above = [line for line in lines[max(0, body.start - _NEAR) : body.start] if _may_be_title(line)]
    text = fold(" ".join(line.text for line in lines[body.start : body.stop])[:20_000])
    if not above:
        return _opening_title(lines[body.start : body.stop])

    def score(line: _Line) -> float:
        repeated = any(
            other is not line and is_copy(other.folded, line.folded) for other in lines[line.index : body.stop]
        )
        return (
            min(line.letters, 90) / 90
            + contained(line.folded, text)
            + 0.7 * repeated
            - 0.04 * (body.start - line.index)
        )

    return max(above, key=score)


def _opening_title(within: list[_Line]) -> _Line | None:
    """The body's first line, where nothing stands above it and it is no sentence."""
    if len(within) < 2 or within[0].letters >= 200 or ends_sentence(within[0].text):
        return None
    return within[0]


def _may_be_title(line: _Line) -> bool:
    if line.is_label or not 8 <= line.letters <= 300 or not any(c.isalpha() for c in line.text):
        return False
    if any(cut_label(line.text, name) is not None for name in ("date", "date_modified")):
        return False
    date = _date_in(line, None)
    return date is None or len(date.raw) < 0.6 * len(line.text)


def _assemble(lines: list[_Line], title: _Line | None) -> str:
    """The body's lines without the headline, copies of it, labels and captions that repeat."""
    kept = []
    for line in lines:
        if title and (line is title or is_copy(line.folded, title.folded)):
            continue
        if line.is_label or (line.copies > 1 and not line.prose):
            continue
        kept.append(line.text)
    return "\n\n".join(kept)


def _refusal(lines: list[_Line], letters: int) -> NotAStory:
    repeated = sum(line.copies > 1 for line in lines)
    if repeated >= 4 and letters < MIN_TEXT:
        return NotAStory("listing", "a list of repeated headlines, and no text of its own")
    if letters < MIN_TEXT:
        return NotAStory("no_text", f"{letters} letters of running text were found; a story has {MIN_TEXT} or more")
    return NotAStory("no_headline", "there is text, but no line above it reads as a headline")


def _find_date(
    lines: list[_Line], title: _Line, body: range, profile: Profile, fetched_at: str | None
) -> ReadDate | None:
    """The best date between the lines above the headline and the body, or shortly below it with a label."""
    best, best_score = None, 0.0
    edition = profile.editions[0] if profile.editions else None
    for line in (*lines[max(0, title.index - 6) : body.start], *lines[body.stop : body.stop + 3]):
        date = _date_in(line, fetched_at, edition.language if edition else None) if line.letters < 200 else None
        if date is None:
            continue
        score = 2.0 - 0.1 * abs(line.index - title.index) - 1.0 * (line.index >= body.stop)
        score += 0.5 * ("T" in date.iso) + 0.4 * (date.weekday_agrees is True)
        score += 1.0 * (cut_label(line.text, "date") is not None)
        score -= 1.5 * (cut_label(line.text, "date_modified") is not None)
        if score > best_score:
            best, best_score = date, score
    return best


def _find_code(lines: list[_Line], title: _Line, url: str | None, profile: Profile) -> str | None:
    """A labelled code, the one nearest to the headline; one that the URL holds before all others."""
    codes = []
    for line in lines:
        if line.letters > 200:
            continue
        code = find_code(line.text, profile)
        if code is None and line.index + 1 < len(lines) and cut_label(line.text, "story_code", profile) == "":
            code = read_code(lines[line.index + 1].text)
        if code:
            codes.append((code not in (url or ""), abs(line.index - title.index), code))
    return min(codes)[2] if codes else profile.story_code_of(url)


def _find_tags(below: list[_Line], story: str, profile: Profile) -> list[str]:
    """What follows a label of tags, on its line or the next, below the body."""
    for line, following in zip_longest(below, below[1:]):
        rest = cut_label(line.text, "tags", profile) if line.letters < 400 else None
        if rest is None or (rest and line.letters > 60 and not _LIST.search(rest)):
            continue
        if not rest and following is not None:
            rest = following.text if following.letters < 300 and not following.is_label else ""
        parts = [p.strip(" #") for p in _LIST.split(rest) if p.strip(" #")]
        return unique(parts if len(parts) > 1 else split_tag_line(rest, story)) if rest else []
    return []


def _find_authors(lines: list[_Line], title: _Line) -> list[str]:
    for line in lines:
        rest = cut_label(line.text, "authors") if line.letters < 100 else None
        if rest and line is not title:
            return clean_names([rest])
    return []


def _edition_language(profile: Profile, url: str | None) -> str | None:
    edition = profile.edition_of(url)
    return edition.language if edition else None
