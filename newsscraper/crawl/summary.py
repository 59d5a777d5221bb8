"""What a run came to: its numbers, what a person should know of it, and its exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsscraper.crawl.bounds import AFTER_UNTIL, BEFORE_SINCE
from newsscraper.crawl.failures import NOT_ARCHIVED
from newsscraper.crawl.tally import BAD_LINE, START_GONE
from newsscraper.crawl.walls import ADVICE, TURNED_AWAY, event_of

WELL, FAILURES, MISUSED, STOPPED_YIELDING, REFUSED = 0, 1, 2, 3, 4

CUT_SHORT = frozenset({"shutdown", "memusage_exceeded", "cancelled"})
"""Finish reasons of runs that were told to stop."""

_TURNED_AWAY = tuple(f"{event}:" for event in ADVICE)
_FAULTS = ("failed:", *_TURNED_AWAY)
_FAULTS_OF_A_LIST = ("not_story:", "gone", "robots", "ignored:", "offsite_redirects", NOT_ARCHIVED)
_GROUPS = {
    "failed": "failed",
    "refused": "refused by the site",
    "challenged": "challenged by the site",
    "consent": "kept back until somebody consents to tracking",
    "paywalled": "kept back until somebody pays or signs in",
    "not_story": "no story",
    "ignored": "ignored",
    "withheld": "withheld for the purpose",
}
_LEFT = f"bounded:{TURNED_AWAY}"
_WORDS = {
    "gone": "gone",
    "robots": "forbidden by robots.txt",
    "nofollow": "asked that their links are not followed",
    "offsite_redirects": "redirected to another site",
    BAD_LINE: "no URL",
    START_GONE: "gone, where the crawl begins",
    NOT_ARCHIVED: "not in the archive",
    TURNED_AWAY: "host turned everything away, and was asked no more",
    _LEFT: "left for the next run, since their host turned everything away",
}
_OUTSIDE = ("out_of_range", f"bounded:{BEFORE_SINCE}", f"bounded:{AFTER_UNTIL}")
"""What lies before `since` or after `until`; nothing is counted so in a run without them."""
_NONE_KEPT = "no story was kept: "
"""How the sentence begins that is told of a run and is no fault."""


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One site's run."""

    site: str
    stories: int
    """Records written."""
    changed: int = 0
    """How many of them are new versions of known stories."""
    duplicates: int
    """Stories met again under another address."""
    requests: int
    """Sent, retries and robots.txt included."""
    failures: int
    """Requests that were refused or failed, records that were faulty, lines that were no URL or led to no story."""
    seconds: float
    files: list[str]
    """Sealed files of stories, as paths below the corpus folder."""
    archived: int = 0
    """Answers in the archive, redirects and robots.txt included."""
    archives: list[str] = field(default_factory=list)
    """The archive's files, as paths below the corpus folder."""
    not_stories: int = 0
    """Of a run that is answered from an archive: pages in it that were read and are no story."""
    not_archived: int = 0
    """Of such a run: addresses that pages lead to, and that are not in the archive."""
    exit_code: int
    """0 well, 1 ran with failures, 2 not started (its ledger is locked, or cannot be used), 3 the site stopped yielding
    what it used to, 4 refused or challenged."""
    finish_reason: str
    """Scrapy's word."""
    problems: list[str]
    """What a person should know, a sentence each; when `exit_code` is 0, only that every story was withheld."""


def without_report(site: str, reason: str, problem: str, *, exit_code: int = FAILURES) -> RunSummary:
    """Of a run that left no report, or came to no run: `problem` says why."""
    return RunSummary(
        site=site,
        stories=0,
        duplicates=0,
        requests=0,
        failures=1,
        seconds=0.0,
        files=[],
        exit_code=exit_code,
        finish_reason=reason,
        problems=[problem],
    )


def count_failures(counts: Mapping[str, int], *, follow: bool = True) -> int:
    """Everything that should have brought something and did not; of a list of stories that is more."""
    faults = _FAULTS if follow else (*_FAULTS, *_FAULTS_OF_A_LIST)
    return sum(number for name, number in counts.items() if name.startswith(faults))


def count_errors(counts: Mapping[str, int]) -> int:
    """Requests and answers that failed, whoever is to blame; refusals are none."""
    return sum(number for name, number in counts.items() if name.startswith("failed:") and name != BAD_LINE)


def count_refusals(counts: Mapping[str, int]) -> int:
    """Answers by which the site turned us away."""
    return sum(number for name, number in counts.items() if name.startswith(_TURNED_AWAY))


def count_not_stories(counts: Mapping[str, int]) -> int:
    """Pages that were read and are no story, lists of stories among them."""
    return sum(number for name, number in counts.items() if name.startswith("not_story:"))


def count_withheld(counts: Mapping[str, int]) -> int:
    """Stories that came and may not be kept for the purpose of the corpus."""
    return sum(number for name, number in counts.items() if name.startswith("withheld:"))


def count_answers(counts: Mapping[str, int]) -> int:
    """Pages and files that came and were read, or were known to be what they are."""
    return sum(counts.get(name, 0) for name in ("listings", "feeds", "sitemaps", "story", "ignored", "not_modified"))


def count_asked(counts: Mapping[str, int]) -> int:
    """Requests that came to an end of some kind, but for those that robots.txt or a bound kept from being sent."""
    return count_answers(counts) + counts.get("gone", 0) + count_refusals(counts) + count_errors(counts)


def shares_of(counts: Mapping[str, int]) -> dict[str, float]:
    """`errors` and `refusals`, each as a share of what was asked."""
    asked = count_asked(counts) or 1
    return {
        "errors": round(count_errors(counts) / asked, 4),
        "refusals": round(count_refusals(counts) / asked, 4),
    }


def find_problems(  # noqa: PLR0913 (what is known of a run)
    *,
    stories: int,
    counts: Mapping[str, int],
    examples: Mapping[str, Sequence[str]],
    finish_reason: str,
    follow: bool,
    is_known: bool = False,
) -> list[str]:
    """What a person should know, the gravest first. `is_known`: there need not be any story in this run."""
    problems = []
    if stories == 0 and count_withheld(counts):
        problems.append(_NONE_KEPT + "; ".join(_sentences("withheld:", counts, examples)))
    elif stories == 0 and not _may_lack_stories(counts, is_known=is_known, follow=follow):
        problems.append(f"no story was found: {_why_none(counts, examples)}")
    if finish_reason in CUT_SHORT:
        problems.append(f"the run was cut short ({finish_reason})")
    for name in sorted(counts):
        if name.startswith(_FAULTS) or (not follow and name.startswith(_FAULTS_OF_A_LIST)):
            problems.append(_sentence(name, counts[name], examples))
    problems += [_sentence(name, counts[name], examples) for name in (TURNED_AWAY, _LEFT) if counts.get(name)]
    met = {event_of(name) for name in counts}
    return problems + [advice for event, advice in ADVICE.items() if event in met]


def judge_exit(*, stories: int, counts: Mapping[str, int], problems: Sequence[str]) -> int:
    """The exit code: refused where refusals outweigh what was found, or a host was given up; failures for problems."""
    answered = stories + count_withheld(counts)
    is_forbidden = not answered and not _count_outside(counts) and _is_forbidden(counts)
    if count_refusals(counts) > answered or counts.get(TURNED_AWAY) or (is_forbidden and not count_failures(counts)):
        return REFUSED
    return WELL if all(each.startswith(_NONE_KEPT) for each in problems) else FAILURES


def _may_lack_stories(counts: Mapping[str, int], *, is_known: bool, follow: bool) -> bool:
    """Whether a run without any story has nothing to explain: there was none to be had."""
    if is_known and not count_refusals(counts):
        return True
    return _count_outside(counts) > 0 and not count_failures(counts, follow=follow)


def _count_outside(counts: Mapping[str, int]) -> int:
    return sum(counts.get(name, 0) for name in _OUTSIDE)


def _why_none(counts: Mapping[str, int], examples: Mapping[str, Sequence[str]]) -> str:
    if _count_outside(counts) and not count_refusals(counts):
        return f"what was seen lies outside since= and until= ({_count_outside(counts)} in all)"
    if counts.get("offsite_redirects"):
        return f"the site redirects to another one ({examples['offsite_redirects'][0]})"
    if count_refusals(counts):
        return "the site refused or challenged us"
    if _is_forbidden(counts):
        return f"robots.txt forbids it ({_number(counts['robots'], 'request')})"
    if counts.get("failed:faulty_record"):
        return "every record was faulty"
    read = count_answers(counts)
    if not read and counts.get(NOT_ARCHIVED):
        return "nothing of the site is in the archive"
    if not read and (count_failures(counts) or counts.get("gone")):
        return "the site gave no usable answer"
    said = f"; {_sentence('nofollow', counts['nofollow'], examples)}" if counts.get("nofollow") else ""
    return f"{_number(read, 'page')} {'was' if read == 1 else 'were'} read and none was a story{said}"


def _sentences(group: str, counts: Mapping[str, int], examples: Mapping[str, Sequence[str]]) -> list[str]:
    return [_sentence(name, counts[name], examples) for name in sorted(counts) if name.startswith(group)]


def _is_forbidden(counts: Mapping[str, int]) -> bool:
    """robots.txt kept us from more than it let us have: most sites forbid a page or two."""
    return counts.get("robots", 0) > count_answers(counts)


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _sentence(name: str, number: int, examples: Mapping[str, Sequence[str]]) -> str:
    group, _, what = name.partition(":")
    words = _WORDS.get(name) or f"{_GROUPS.get(group, group)}: {what}"
    shown = "; ".join(examples.get(name, ()))
    more = f"; and {number - len(examples.get(name, ()))} more" if number > len(examples.get(name, ())) else ""
    return f"{number} {words}" + (f" ({shown}{more})" if shown else "")
