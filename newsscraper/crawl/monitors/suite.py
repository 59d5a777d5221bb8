"""The monitors, as Spidermon runs them: each asks one question of a run and fails with what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from spidermon import Monitor, MonitorSuite, settings
from spidermon.core.actions import Action
from spidermon.results.monitor import MonitorResult
from spidermon.runners import MonitorRunner

from newsscraper.crawl.monitors import findings
from newsscraper.crawl.monitors.bounds import MonitorBounds
from newsscraper.crawl.monitors.findings import Finding
from newsscraper.crawl.monitors.history import Figures
from newsscraper.crawl.summary import FAILURES

_BROKEN = settings.MONITOR.STATUS.ERROR


class HistoryMonitor(Monitor):  # type: ignore[misc] # Spidermon has no types
    """One that measures a run by those before it. Of the data: `now`, `past`, `bounds`; `found` takes what it finds."""

    def tell(self, found: Sequence[Finding]) -> None:
        """Fail where there is something to tell."""
        self.data.found.extend(found)
        if found:
            self.fail("; ".join(each.sentence for each in found))


class FieldMonitor(HistoryMonitor):
    """Do stories still have the fields that they had?"""

    def test_fields(self) -> None:
        """Each by itself."""
        self.tell(findings.find_lost_fields(self.data.now, self.data.past, self.data.bounds))


class StoryMonitor(HistoryMonitor):
    """Does the site still yield stories?"""

    def test_story_pages(self) -> None:
        """Are the pages that should be stories still stories?"""
        self.tell(findings.find_lost_stories(self.data.now, self.data.past, self.data.bounds))

    def test_story_links(self) -> None:
        """Are there still links to stories, old ones or new?"""
        self.tell(findings.find_lost_links(self.data.now, self.data.past, self.data.bounds))


class BodyMonitor(HistoryMonitor):
    """Is the text still read as it was?"""

    def test_length(self) -> None:
        """Is it about as long?"""
        self.tell(findings.find_other_lengths(self.data.now, self.data.past, self.data.bounds))

    def test_confidence(self) -> None:
        """Is the extraction about as sure of it?"""
        self.tell(findings.find_less_confidence(self.data.now, self.data.past, self.data.bounds))


class AnswerMonitor(HistoryMonitor):
    """Does the site still answer?"""

    def test_errors(self) -> None:
        """As it did?"""
        self.tell(findings.find_more_errors(self.data.now, self.data.past, self.data.bounds))

    def test_refusals(self) -> None:
        """Does it refuse or challenge us more than it did?"""
        self.tell(findings.find_more_refusals(self.data.now, self.data.past, self.data.bounds))


class EndingMonitor(HistoryMonitor):
    """Did the run end as it should?"""

    def test_finish_reason(self) -> None:
        """As those before it?"""
        self.tell(findings.find_other_ending(self.data.now, self.data.past, self.data.bounds))

    def test_refused(self) -> None:
        """By itself, whatever was before: refused or challenged is not well."""
        if self.data.now.exit_code > FAILURES:
            self.fail("; ".join(self.data.problems))


class NewsSuite(MonitorSuite):  # type: ignore[misc]
    """Every monitor."""

    monitors: ClassVar[list[type[Monitor]]] = [FieldMonitor, StoryMonitor, BodyMonitor, AnswerMonitor, EndingMonitor]


class Check(MonitorRunner):  # type: ignore[misc]
    """One pass of the suite over a run; who is told of a failure is told later, when the report is written."""

    def __init__(self, actions: Sequence[Action] = ()) -> None:
        super().__init__()
        self._news = NewsSuite(monitors_failed_actions=list(actions))
        self._notice: dict[str, Any] = {}

    def find(
        self, now: Figures, past: Sequence[Figures], bounds: MonitorBounds, problems: Sequence[str], **context: Any
    ) -> list[Finding]:
        """What the monitors find; `context` is for actions of Spidermon's own: `spider`, `stats`, `crawler`."""
        found: list[Finding] = []
        shared = {"now": now, "past": past, "bounds": bounds, "found": found, "problems": problems}
        self.run(self._news, **shared, notice=self._notice, job=None, **context)
        return found

    def run_suite(self) -> MonitorResult:
        """The monitors alone."""
        self.result.start()
        self.run_monitors()
        return self.result

    @property
    def has_failed(self) -> bool:
        """Whether a monitor did, in a run that was looked at."""
        return self.result is not None and not self.result.all_monitors_passed

    @property
    def faults(self) -> list[str]:
        """What broke in monitors, which is no finding."""
        broken = (each for each in self.result.monitors_failed_results if each.status == _BROKEN)
        return [f"{each.item.name}: {_last_line(each.error)}" for each in broken]

    def tell(self, notice: Mapping[str, Any]) -> list[str]:
        """Run the actions where a monitor failed, which find `notice` in their data; what went wrong with them."""
        self._notice.update(notice)
        self.run_actions()
        self.result.finish()
        results = self.result.monitors_failed_action_results
        return [f"{each.item.name}: {_last_line(each.error)}" for each in results if each.error]


def _last_line(trace: str) -> str:
    return (trace.strip().splitlines() or ["no word"])[-1]
