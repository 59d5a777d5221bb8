"""A page already flattened to text: one line a block, no markup.

Labels, repetition, the shape of lines and their place do here what the tree does for HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from newsscraper.errors import NotAStory, UnreadablePage
from newsscraper.extract.dates import ReadDate, find_dates, to_utc, with_zone
from newsscraper.extract.fields.language import detect_language
from newsscraper.extract.fields.names import clean_names
from newsscraper.extract.fields.tags import split_tag_line
from newsscraper.extract.labels import cut_label, find_code, read_code
from newsscraper.extract.prose import ends_sentence
from newsscraper.extract.refusal import MIN_TEXT
from newsscraper.extract.similar import contained, is_copy
from newsscraper.extract.text import count_letters, fix_line, fold, unique
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
    """The story in a text dump. Raises `UnreadablePage` for empty text, `NotAStory` where no headline has text under it."""
    lines = _split_lines(text)
    if not lines:
        raise UnreadablePage("the text is empty: nothing but white space was given")
    first, last = _find_body(lines, fetched_at)
    title = _find_title(lines, first, last)
    body = _assemble(lines, first, last, title)
    letters = count_letters(body)
    if not force and (title is None or letters < MIN_TEXT):
        raise _refusal(lines, title, letters)
    if title is None:
        raise NotAStory("no_headline", "a record needs a title, and no line of the text can serve as one")
    date = _find_date(lines, title, first, last, profile, fetched_at)
    iso = with_zone(date.iso, profile.zone) if date and profile.zone else date.iso if date else None
    return Story(
        title=title.text,
        date=iso,
        story_code=_find_code(lines, title, url, profile),
        body=body,
        tags=_find_tags(lines, last, title.text, body, profile),
        authors=_find_authors(lines, title, first),
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
    if not any(c.isdecimal() for c in line.text):
        return None
    return next(iter(find_dates(line.text, language=language, not_after=fetched_at)), None)


def _find_body(lines: list[_Line], fetched_at: str | None) -> tuple[int, int]:
    """The run of lines that weighs most, as a half-open range that begins and ends with prose."""
    best, best_range, total, start = 0.0, (0, 0), 0.0, 0
    for line in lines:
        if total <= 0:
            total, start = 0.0, line.index
        total += _weight(line, fetched_at)
        if total > best:
            best, best_range = total, (start, line.index + 1)
    return best_range


def _find_title(lines: list[_Line], first: int, last: int) -> _Line | None:
    """The line above the body that reads as a headline: no label, no date, words of it in the body, repeated perhaps."""
    above = [line for line in lines[max(0, first - _NEAR) : first] if _may_be_title(line)]
    body = fold(" ".join(line.text for line in lines[first:last])[:20_000])
    if not above:
        opening = lines[first:last][:1]
        return (
            opening[0]
            if opening and last - first > 1 and opening[0].letters < 200 and not ends_sentence(opening[0].text)
            else None
        )

    def score(line: _Line) -> float:
        repeated = any(other is not line and is_copy(other.folded, line.folded) for other in lines[line.index : last])
        return min(line.letters, 90) / 90 + contained(line.folded, body) + 0.7 * repeated - 0.04 * (first - line.index)

    return max(above, key=score)


def _may_be_title(line: _Line) -> bool:
    if line.is_label or not 8 <= line.letters <= 300 or not any(c.isalpha() for c in line.text):
        return False
    if any(cut_label(line.text, name) is not None for name in ("date", "date_modified")):
        return False
    date = _date_in(line, None)
    return date is None or len(date.raw) < 0.6 * len(line.text)


def _assemble(lines: list[_Line], first: int, last: int, title: _Line | None) -> str:
    """The body's lines without the headline, copies of it, labels and captions that repeat."""
    kept = []
    for line in lines[first:last]:
        if title and (line is title or is_copy(line.folded, title.folded)):
            continue
        if line.is_label or (line.copies > 1 and not line.prose):
            continue
        kept.append(line.text)
    return "\n\n".join(kept)


def _refusal(lines: list[_Line], title: _Line | None, letters: int) -> NotAStory:
    repeated = sum(line.copies > 1 for line in lines)
    if repeated >= 4 and letters < MIN_TEXT:
        return NotAStory("listing", "a list of repeated headlines, and no text of its own")
    if letters < MIN_TEXT:
        return NotAStory("no_text", f"{letters} letters of running text were found; a story has {MIN_TEXT} or more")
    return NotAStory("no_headline", "there is text, but no line above it reads as a headline")


def _find_date(
    lines: list[_Line], title: _Line, first: int, last: int, profile: Profile, fetched_at: str | None
) -> ReadDate | None:
    """The best date between the lines above the headline and the body, or shortly below it with a label."""
    best, best_score = None, 0.0
    near = [*lines[max(0, title.index - 6) : first], *lines[last : last + 3]]
    edition = profile.editions[0] if profile.editions else None
    for line in near:
        date = _date_in(line, fetched_at, edition.language if edition else None) if line.letters < 200 else None
        if date is None:
            continue
        score = (
            2.0 + 0.5 * ("T" in date.iso) + 0.4 * (date.weekday_agrees is True) - 0.1 * abs(line.index - title.index)
        )
        score += 1.0 * (cut_label(line.text, "date") is not None) - 1.5 * (
            cut_label(line.text, "date_modified") is not None
        )
        score -= 1.0 * (line.index >= last)
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


def _find_tags(lines: list[_Line], last: int, title: str, body: str, profile: Profile) -> list[str]:
    """What follows a label of tags, on its line or the next, below the body."""
    for line in lines[last:]:
        rest = cut_label(line.text, "tags", profile) if line.letters < 400 else None
        if rest is None or (rest and line.letters > 60 and not _LIST.search(rest)):
            continue
        if not rest and line.index + 1 < len(lines):
            following = lines[line.index + 1]
            rest = following.text if following.letters < 300 and not following.is_label else ""
        parts = [p.strip(" #") for p in _LIST.split(rest) if p.strip(" #")]
        return unique(parts if len(parts) > 1 else split_tag_line(rest, f"{title}\n{body}")) if rest else []
    return []


def _find_authors(lines: list[_Line], title: _Line, first: int) -> list[str]:
    for line in lines[max(0, title.index - 3) : first + 1]:
        rest = cut_label(line.text, "authors") if line.letters < 100 else None
        if rest and line is not title:
            return clean_names([rest])
    return []


def _edition_language(profile: Profile, url: str | None) -> str | None:
    edition = profile.edition_of(url)
    return edition.language if edition else None
