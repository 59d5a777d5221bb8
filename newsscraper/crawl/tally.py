"""What was counted, by name, with an example or two of each: `listings`, `not_story:listing`, `failed:http_503`, ..."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from newsscraper.crawl.monitors.quality import Quality

BAD_LINE = "failed:bad_line"
START_GONE = "failed:start_page_gone"

_EXAMPLES = 3
_LINES = 20


@dataclass
class Tally:
    """One site's part of a run."""

    site: str
    counts: Counter[str] = field(default_factory=Counter)
    examples: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """For each name in `counts`, the first few URLs; of a file's unusable lines more, for they are to be mended."""
    requests: int = 0
    """Sent, retries and robots.txt included."""
    stories: int = 0
    """Records that passed every pipeline, written or not."""
    quality: Quality = field(default_factory=Quality)
    """What the stories look like that were read."""

    def note(self, name: str, example: str = "") -> None:
        """Count `name`."""
        self.counts[name] += 1
        if example and len(self.examples[name]) < (_LINES if name == BAD_LINE else _EXAMPLES):
            self.examples[name].append(example)
