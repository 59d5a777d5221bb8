"""What of a site is no longer as it was: one function a signal, figures in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from newsscraper.crawl.monitors.bounds import MonitorBounds
from newsscraper.crawl.monitors.history import Figures
from newsscraper.crawl.monitors.quality import BINS, low_decile
from newsscraper.crawl.monitors.samples import Change, Sample, compare
from newsscraper.crawl.summary import CUT_SHORT, FAILURES, REFUSED, STOPPED_YIELDING

_LEAST_LINKS = 5
"""Pages that together named fewer links than this tell nothing when they name none."""
_LEAST_FOR_DECILE = 20


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that fell, or rose."""

    what: str
    """The field, or `story_pages`, `story_links`, `letters`, `confidence`, `errors`, `refusals`, `finish_reason`."""
    before: float | str
    """What it used to be: a share, a mean, a word."""
    now: float | str
    exit_code: int
    sentence: str
    """For people: from what to what, and out of how many."""


def find_lost_fields(now: Figures, past: Sequence[Figures], bounds: MonitorBounds) -> list[Finding]:
    """Fields that stories no longer have."""
    found = []
    for name in now.fields:
        change = _compare(now, past, bounds, lambda run, name=name: run.fields.get(name))  # type: ignore[misc]
        if change is not None and change.fall >= bounds.fall and not change.is_chance:
            sentence = f"{name}: the share of stories that have it {_fell(change)}"
            found.append(_finding(name, change, sentence, STOPPED_YIELDING))
    return found


def find_lost_stories(now: Figures, past: Sequence[Figures], bounds: MonitorBounds) -> list[Finding]:
    """Pages that were announced as stories, or look like one by their address, and turn out to be none."""
    change = _compare(now, past, bounds, lambda run: run.story_pages)
    if change is None or change.fall < bounds.fall or change.is_chance:
        return []
    sentence = f"stories: of the pages that should be stories, the share of those that are {_fell(change)}"
    return [_finding("story_pages", change, sentence, STOPPED_YIELDING)]


def find_lost_links(now: Figures, past: Sequence[Figures], bounds: MonitorBounds) -> list[Finding]:
    """The pages where the crawl begins, and feeds, no longer name stories, known ones included."""
    before = {url: seen for url in now.story_links if (seen := _links_before(url, past, bounds))}
    expected, named = sum(before.values()), sum(now.story_links[url] for url in before)
    if expected < _LEAST_LINKS or named > (1 - bounds.links_fall) * expected:
        return []
    worst = max(before, key=lambda url: before[url] - now.story_links[url])
    sentence = (
        f"links to stories: the pages where the crawl begins and the feeds name {named}, where they named "
        f"{expected:g}: {worst} fell from {before[worst]:g} to {now.story_links[worst]}"
    )
    return [
        Finding(what="story_links", before=expected, now=named, exit_code=STOPPED_YIELDING, sentence=sentence),
    ]


def find_other_lengths(now: Figures, past: Sequence[Figures], bounds: MonitorBounds) -> list[Finding]:
    """Bodies much shorter, or much longer, than they were."""
    change = _compare(now, past, bounds, lambda run: run.letters)
    if change is None or change.is_noise:
        return []
    low, high = change.before / bounds.letters_ratio, change.before * bounds.letters_ratio
    if low < change.now.mean < high:
        return []
    verb = "fell" if change.now.mean <= low else "rose"
    sentence = (
        f"body: its length {verb} from {change.before:.0f} to {change.now.mean:.0f} letters, the mean of "
        f"{change.now.size} stories (before: {_median_of(change)})"
    )
    return [_finding("letters", change, sentence, STOPPED_YIELDING)]


def find_less_confidence(now: Figures, past: Sequence[Figures], bounds: MonitorBounds) -> list[Finding]:
    """Bodies that the extraction is less sure of: the mean of them, or their low decile."""
    change = _compare(now, past, bounds, lambda run: run.confidence)
    if change is not None and change.fall >= bounds.confidence_fall and not change.is_noise:
        sentence = (
            f"confidence: fell from {change.before:.2f} to {change.now.mean:.2f}, the mean of {change.now.size} "
            f"stories (before: {_median_of(change)})"
        )
        return [_finding("confidence", change, sentence, STOPPED_YIELDING)]
    return _find_lower_decile(now, past, bounds)


def find_more_errors(now: Figures, past: Sequence[Figures], bounds: MonitorBounds) -> list[Finding]:
    """Requests that fail and did not."""
    change = _compare(now, past, bounds, lambda run: run.errors)
    if change is None or -change.fall < bounds.rise or change.is_chance:
        return []
    return [_finding("errors", change, f"errors: the share of requests that failed {_rose(change)}", FAILURES)]


def find_more_refusals(now: Figures, past: Sequence[Figures], bounds: MonitorBounds) -> list[Finding]:
    """Requests that the site refuses or challenges and did not."""
    change = _compare(now, past, bounds, lambda run: run.refusals)
    if change is None or -change.fall < bounds.rise or change.is_chance:
        return []
    sentence = f"refusals: the share of requests that were refused or challenged {_rose(change)}"
    return [_finding("refusals", change, sentence, REFUSED)]


def find_other_ending(now: Figures, past: Sequence[Figures], bounds: MonitorBounds) -> list[Finding]:
    """A run that ended as none before it with the same limits; one that was told to stop says so by itself."""
    before = [run.finish_reason for run in past if run.limits == now.limits][: bounds.runs]
    reason = now.finish_reason
    if len(before) < max(1, bounds.least_runs) or reason == "finished" or reason in {*before, *CUT_SHORT}:
        return []
    usual = max(before, key=before.count)
    sentence = f"the run ended by {reason}, as none of the {len(before)} before it did (most: {usual})"
    return [Finding(what="finish_reason", before=usual, now=reason, exit_code=FAILURES, sentence=sentence)]


def _find_lower_decile(now: Figures, past: Sequence[Figures], bounds: MonitorBounds) -> list[Finding]:
    usual = [low for run in past[: bounds.runs] if (low := _decile_of(run)) is not None]
    low = _decile_of(now)
    if low is None or len(usual) < max(1, bounds.least_runs):
        return []
    before = median(usual)
    # One decile is less steady than the mean: it has to fall twice as far.
    if before - low < 2 * bounds.confidence_fall or _is_by_chance(now, past[: bounds.runs], before):
        return []
    sentence = f"confidence: a tenth of the {sum(now.bins)} stories are below {low:.2f}, where it was {before:.2f}"
    return [Finding(what="confidence", before=before, now=low, exit_code=STOPPED_YIELDING, sentence=sentence)]


def _is_by_chance(now: Figures, past: Sequence[Figures], usual: float) -> bool:
    """Whether as many stories may well be below the usual decile: of twenty, a tenth are two."""
    sure = [Sample.of_share(sum(run.bins[round(usual * BINS) - 1 :]), sum(run.bins)) for run in (now, *past)]
    return Change(now=sure[0], past=sum(sure[2:], sure[1]), before=1.0, runs=len(past)).is_chance


def _decile_of(run: Figures) -> float | None:
    return low_decile([*run.bins]) if sum(run.bins) >= _LEAST_FOR_DECILE else None


def _links_before(url: str, past: Sequence[Figures], bounds: MonitorBounds) -> float:
    seen = [run.story_links[url] for run in past if url in run.story_links][: bounds.runs]
    return median(seen) if len(seen) >= max(1, bounds.least_runs) else 0.0


def _compare(
    now: Figures, past: Sequence[Figures], bounds: MonitorBounds, sample_of: Callable[[Figures], Sample | None]
) -> Change | None:
    samples = [sample for run in (now, *past) if (sample := sample_of(run)) is not None]
    return compare(samples, least=bounds.least_stories, runs=bounds.runs, least_runs=bounds.least_runs)


def _finding(what: str, change: Change, sentence: str, exit_code: int) -> Finding:
    before, now = round(change.before, 4), round(change.now.mean, 4)
    return Finding(what=what, before=before, now=now, exit_code=exit_code, sentence=sentence)


def _fell(change: Change) -> str:
    return f"fell {_from_to(change)}"


def _rose(change: Change) -> str:
    return f"rose {_from_to(change)}"


def _from_to(change: Change) -> str:
    now = f"{_percent(change.now.mean)} ({change.now.total:.0f} of {change.now.size})"
    return f"from {_percent(change.before)} ({_median_of(change)}) to {now}"


def _median_of(change: Change) -> str:
    return f"median of {change.runs} runs" if change.runs > 1 else "the run before"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
